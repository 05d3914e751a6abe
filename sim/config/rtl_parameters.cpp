#include "config/rtl_parameters.h"

#include "config/leaves.h"

namespace lutetia {

std::vector<std::pair<std::string, std::uint64_t>> rtl_parameters(const Schema& schema) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for_each_leaf(schema, [&out](const std::string&, const Field& leaf) {
    if (!leaf.rtl_name().empty()) out.emplace_back(leaf.rtl_name(), leaf.number());
  });
  return out;
}

}  // namespace lutetia
