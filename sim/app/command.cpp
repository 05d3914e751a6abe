#include "app/command.h"

#include <iostream>

namespace lutetia {

int user_error(const Problems& problems, const std::string& command) {
  std::cout.flush();
  problems.print(std::cerr);
  if (!command.empty()) std::cerr << "see: lutetia " << command << " --help\n";
  return kExitUserError;
}

}  // namespace lutetia
