#include "report/result_folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace lutetia {
namespace {

namespace fs = std::filesystem;

}  // namespace

ResultFolder::~ResultFolder() {
  std::error_code code;
  if (!working_.empty()) fs::remove_all(working_, code);
}

bool ResultFolder::open(const std::string& path, const std::string& option, Problems& problems) {
  const auto fault = [&](const std::string& message) { return problems.add({option, 0, 0}, path, message), false; };
  path_ = path;
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  if (path_.empty() || path_ == "/" || fs::path(path_).filename() == "..")
    return fault("expected the name of a new folder");
  std::error_code code;
  if (fs::exists(fs::symlink_status(path_, code))) {
    if (!fs::is_directory(path_, code)) return fault("exists and is not a folder");
    if (fs::exists(fs::path(path_) / "result.json", code))
      return fault("already holds a result, which is not overwritten; name a new folder");
    if (!fs::is_empty(path_, code) || code) return fault("is a folder with other files in it; name a new one");
  }
  const fs::path parent = fs::path(path_).parent_path();
  code.clear();
  if (!parent.empty()) fs::create_directories(parent, code);
  if (code) return fault("cannot make the folder above it (" + code.message() + ")");
  const std::string working = path_ + ".partial-" + std::to_string(getpid());
  fs::create_directory(working, code);
  if (code) return fault("cannot make a folder beside it (" + code.message() + ")");
  working_ = working;
  return true;
}

std::string ResultFolder::file(const std::string& name) const {
  return working_ + "/" + name;
}

bool ResultFolder::write(const std::string& name, const std::string& content, Problems& problems) const {
  errno = 0;
  std::ofstream out(file(name), std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  if (out) return true;
  problems.add({path_ + "/" + name, 0, 0}, "", std::string("cannot write: ") + std::strerror(errno));
  return false;
}

bool ResultFolder::commit(Problems& problems) {
  std::error_code code;
  fs::rename(working_, path_, code);
  if (code) {
    problems.add({path_, 0, 0}, "", "cannot move the result to its place (" + code.message() + ")");
    return false;
  }
  working_.clear();
  return true;
}

}  // namespace lutetia
