#include "report/new_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace lutetia {
namespace {

namespace fs = std::filesystem;

bool taken(const std::string& path, Problems& problems) {
  std::error_code code;
  if (!fs::exists(fs::symlink_status(path, code))) return false;
  problems.add({path, 0, 0}, "", "exists and is not overwritten");
  return true;
}

}  // namespace

NewFile::~NewFile() {
  std::error_code code;
  stream_.close();
  if (!working_.empty()) fs::remove(working_, code);
}

bool NewFile::open(const std::string& path, Problems& problems) {
  if (path.empty()) return problems.add({}, "", "the name of a new file is empty"), false;
  if (taken(path, problems)) return false;
  const std::string working = path + ".partial-" + std::to_string(getpid());
  errno = 0;
  stream_.open(working, std::ios::binary | std::ios::trunc);
  if (!stream_) return problems.add({path, 0, 0}, "", std::string("cannot write: ") + std::strerror(errno)), false;
  path_ = path;
  working_ = working;
  return true;
}

bool NewFile::commit(Problems& problems) {
  errno = 0;
  stream_.close();
  if (!stream_) return problems.add({path_, 0, 0}, "", std::string("cannot write: ") + std::strerror(errno)), false;
  if (taken(path_, problems)) return false;
  std::error_code code;
  fs::rename(working_, path_, code);
  if (code) return problems.add({path_, 0, 0}, "", "cannot write: " + code.message()), false;
  working_.clear();
  return true;
}

}  // namespace lutetia
