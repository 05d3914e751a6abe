// A run's folder: written beside its place under another name, and moved there when it is complete. So what carries the
// name is whole, and nothing is ever overwritten.
#pragma once
#include <fstream>
#include <string>

#include "base/problem.h"

namespace lutetia {

class ResultFolder {
 public:
  ResultFolder() = default;
  /// Removes what was not committed.
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  /// Makes the working folder. Problems (located at `option`): the place is taken, or cannot be written.
  bool open(const std::string& path, const std::string& option, Problems& problems);
  bool is_open() const { return !working_.empty(); }

  /// Path of a file inside the working folder.
  std::string file(const std::string& name) const;
  /// Writes a file as a whole; a failure is a problem.
  bool write(const std::string& name, const std::string& content, Problems& problems) const;
  /// Moves the folder to its place.
  bool commit(Problems& problems);

 private:
  std::string path_, working_;
};

}  // namespace lutetia
