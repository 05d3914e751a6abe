// Collects the faults of one trace file: adds the file name and the line, and keeps a long list readable.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "config/value.h"

namespace lutetia {

class TraceProblems {
 public:
  static constexpr std::size_t kPrinted = 100;    ///< problems passed on; the others are only counted
  static constexpr std::size_t kCounted = 10000;  ///< after that many the file is not worth reading on

  TraceProblems(std::string file, Problems& out) : file_(std::move(file)), out_(out) {}

  /// Line of the following add() calls, from 1.
  void set_line(int line) { line_ = line; }
  int line() const { return line_; }

  /// A fault at a byte of the current line, from 0.
  void add(std::size_t offset, std::string path, std::string message) {
    add_at(line_, offset, std::move(path), std::move(message));
  }
  /// The same on another line.
  void add_at(int line, std::size_t offset, std::string path, std::string message) {
    ++count_;
    if (count_ <= kPrinted) out_.add({file_, line, static_cast<int>(offset + 1)}, std::move(path), std::move(message));
  }
  /// A fault of the file as a whole.
  void add_file(std::string message) {
    ++count_;
    if (count_ <= kPrinted) out_.add({file_, 0, 0}, "", std::move(message));
  }

  std::size_t count() const { return count_; }
  bool too_many() const { return count_ >= kCounted; }

  /// To be called once at the end: says how many were left out.
  void finish() {
    if (count_ <= kPrinted) return;
    out_.add({file_, line_, 0}, "",
             "and " + std::to_string(count_ - kPrinted) + " more problems" +
                 (too_many() ? "; stopped reading after these" : ""));
  }

 private:
  std::string file_;
  Problems& out_;
  int line_ = 0;
  std::size_t count_ = 0;
};

/// `text`, quoted and shortened for a message, with what it may have been meant to be: `"liner", did you mean
/// "linear"?`
std::string with_suggestion(std::string_view text, const std::vector<std::string_view>& known);

}  // namespace lutetia
