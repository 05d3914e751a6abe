// Runs the program as a user would: a process of its own in a folder, with what it prints and returns.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace lutetia::app_test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

/// A fresh folder that disappears with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lutetia-app-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int status = -1;  ///< exit status; 1000 + signal if a signal ended it
  std::string out, err;
  double seconds = 0;
};

/// Starts the program in `folder`. `signal_after`: milliseconds until SIGINT is sent, 0 = never. Gives up after a
/// minute.
inline Outcome lutetia(const std::vector<std::string>& arguments,
                       const std::filesystem::path& folder = LUTETIA_SOURCE_DIR, int signal_after = 0) {
  Folder scratch;
  const std::string out = (scratch / "out").string(), err = (scratch / "err").string();
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> argv = {const_cast<char*>(LUTETIA_BINARY)};
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    if (chdir(folder.c_str()) != 0) _exit(126);
    dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  Outcome outcome;
  int status = 0;
  bool signalled = false;
  while (waitpid(child, &status, WNOHANG) == 0) {
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (signal_after > 0 && !signalled && outcome.seconds * 1000 > signal_after) {
      kill(child, SIGINT);
      signalled = true;
    }
    if (outcome.seconds > 60) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  outcome.out = read_file(out);
  outcome.err = read_file(err);
  return outcome;
}

/// The command to type after a failure.
inline std::string replay(const std::vector<std::string>& arguments) {
  std::string text = "lutetia";
  for (const std::string& a : arguments) text += " '" + a + "'";
  return text;
}

}  // namespace lutetia::app_test
