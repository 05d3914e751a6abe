// Cuts a stream into lines in a buffer of fixed size, so that no input whatever fills the memory: of a line that is too
// long only the beginning is handed out, the rest is passed over.
#pragma once
#include <algorithm>
#include <cstring>
#include <exception>
#include <istream>
#include <string_view>
#include <vector>

namespace lutetia {

class BoundedLines {
 public:
  BoundedLines(std::istream& in, std::size_t longest) : in_(in), longest_(longest), chunk_(longest + kChunk) {}

  struct Line {
    std::string_view text;  ///< without its newline; of a line that is too long, its beginning
    bool terminated = false;
    bool too_long = false;
  };

  /// False at the end. The line's text is good until the next call.
  bool next(Line& line) {
    if (skipping_) skip_line();
    const char* newline = find_newline();
    while (newline == nullptr && filled_ - at_ <= longest_ && fill()) newline = find_newline();
    const std::size_t size =
        newline == nullptr ? filled_ - at_ : static_cast<std::size_t>(newline - chunk_.data()) - at_;
    if (size == 0 && newline == nullptr) return false;
    line.terminated = newline != nullptr;
    line.too_long = size > longest_;
    line.text = std::string_view(chunk_.data() + at_, line.too_long ? longest_ : size);
    skipping_ = line.too_long;
    at_ += line.too_long ? longest_ : size + (line.terminated ? 1 : 0);
    return true;
  }
  /// The stream broke, as opposed to having come to its end.
  bool failed() const { return failed_ || in_.bad(); }

 private:
  static constexpr std::size_t kChunk = std::size_t{1} << 16;

  const char* find_newline() const {
    return static_cast<const char*>(std::memchr(chunk_.data() + at_, '\n', filled_ - at_));
  }

  /// Forgets the rest of a line that is too long, piece by piece.
  void skip_line() {
    skipping_ = false;
    const char* newline = find_newline();
    while (newline == nullptr) {
      at_ = filled_;
      if (!fill()) return;
      newline = find_newline();
    }
    at_ = static_cast<std::size_t>(newline - chunk_.data()) + 1;
  }

  /// Reads behind what is left, which moves to the front.
  bool fill() {
    std::memmove(chunk_.data(), chunk_.data() + at_, filled_ - at_);
    filled_ -= at_;
    at_ = 0;
    try {
      in_.read(chunk_.data() + filled_, static_cast<std::streamsize>(chunk_.size() - filled_));
    } catch (const std::exception&) {  // a stream may be set to throw, at its mere end as well
      failed_ = in_.bad();
    }
    const auto more = static_cast<std::size_t>(std::max<std::streamsize>(in_.gcount(), 0));
    filled_ += more;
    return more > 0;
  }

  std::istream& in_;
  std::size_t longest_;
  std::vector<char> chunk_;
  std::size_t at_ = 0, filled_ = 0;
  bool skipping_ = false, failed_ = false;
};

}  // namespace lutetia
