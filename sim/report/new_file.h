// A file written beside its place under another name, and moved there when it is complete. So what carries the name is
// whole, and nothing is ever overwritten. (A whole folder: report/result_folder.h.)
#pragma once
#include <fstream>
#include <string>

#include "base/problem.h"

namespace lutetia {

class NewFile {
 public:
  NewFile() = default;
  /// Removes what was not committed.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Problems are located at the file: it exists, or cannot be made.
  bool open(const std::string& path, Problems& problems);
  bool is_open() const { return !working_.empty(); }
  std::ofstream& stream() { return stream_; }
  /// Closes the file and moves it to its place.
  bool commit(Problems& problems);

 private:
  std::string path_, working_;
  std::ofstream stream_;
};

}  // namespace lutetia
