#include "workload/trace_reader.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <istream>
#include <string_view>
#include <utility>
#include <vector>

#include "workload/trace_checker.h"
#include "workload/trace_decoder.h"

namespace lutetia {
namespace {

std::string byte_text(char c) {
  constexpr const char* kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("0x") + kHex[byte >> 4] + kHex[byte & 15];
}

// Cuts a stream into lines without ever holding more than a line and a chunk.
class LineReader {
 public:
  explicit LineReader(std::istream& in) : in_(in), chunk_(1 << 16) {}

  enum class Result { kLine, kEnd, kTooLong };

  // `terminated` tells whether a newline was there. A NUL byte ends the line early, so that gigabytes of them fail at
  // once.
  Result next(std::string& line, bool& terminated) {
    line.clear();
    terminated = false;
    while (true) {
      if (at_ == filled_ && !fill()) return line.empty() ? Result::kEnd : Result::kLine;
      const std::string_view rest(chunk_.data() + at_, filled_ - at_);
      const std::size_t stop = rest.find_first_of(std::string_view("\n\0", 2));
      const std::size_t taken = stop == std::string_view::npos ? rest.size() : stop;
      line.append(rest.substr(0, taken));
      at_ += taken;
      if (line.size() > kLongestTraceLine) return Result::kTooLong;
      if (stop == std::string_view::npos) continue;
      ++at_;
      if (rest[stop] == '\0') line.push_back('\0');
      terminated = rest[stop] == '\n';
      return Result::kLine;
    }
  }

 private:
  bool fill() {
    in_.read(chunk_.data(), static_cast<std::streamsize>(chunk_.size()));
    at_ = 0;
    filled_ = static_cast<std::size_t>(in_.gcount());
    return filled_ > 0;
  }

  std::istream& in_;
  std::vector<char> chunk_;
  std::size_t at_ = 0, filled_ = 0;
};

class TraceReader {
 public:
  TraceReader(Trace& out, TraceProblems& problems) : out_(out), problems_(problems), checker_(out.header, problems) {}

  void read(std::istream& in) {
    LineReader lines(in);
    std::string line;
    bool terminated = true;
    int number = 0;
    while (!problems_.too_many()) {
      const LineReader::Result result = lines.next(line, terminated);
      if (result == LineReader::Result::kEnd) break;
      problems_.set_line(++number);
      if (result == LineReader::Result::kTooLong) {
        problems_.add(kLongestTraceLine, "", "the line is longer than 1 MiB");
        return finish(false);
      }
      if (!is_text(line)) return finish(false);
      if (!terminated) {
        take_last(line);
      } else if (!take(line)) {
        return finish(false);
      }
    }
    if (number == 0) problems_.add_file("the file is empty, expected a trace (JSON lines)");
    finish(number > 0 && !problems_.too_many());
  }

 private:
  bool is_text(const std::string& line) {
    if (!line.empty() && line.back() == '\0') {
      problems_.add(line.size() - 1, "", "NUL byte: this is not a text file");
      return false;
    }
    if (line.compare(0, 3, "\xef\xbb\xbf") == 0) {
      problems_.add(0, "", "the line starts with a byte order mark; write UTF-8 without it");
      return false;
    }
    const std::size_t bad = find_invalid_utf8(line);
    if (bad == std::string::npos) return true;
    problems_.add(bad, "", "byte " + byte_text(line[bad]) + " is not UTF-8");
    return false;
  }

  // A line without newline at the end of the file: reported once, as what it most likely is.
  void take_last(const std::string& line) {
    JsonNode node;
    const JsonError error = parse_json_line(line, node);
    if (error.failed && error.at_end) {
      problems_.add(line.size(), "", "the file ends inside this line; was it cut short?");
    } else {
      problems_.add(line.size(), "", "the last line has no newline; was the file cut short?");
      take(line);
    }
    cut_ = true;
  }

  // False if reading on makes no sense: without a header nothing can be judged.
  bool take(const std::string& line) {
    JsonNode node;
    const JsonError error = parse_json_line(line, node);
    if (error.failed) {
      problems_.add(error.offset, "",
                    line.find_first_not_of(" \t\r") == std::string::npos ? "empty line, expected an operator"
                                                                         : "not JSON: " + error.message);
      if (is_first()) return false;
      ++operators_;
      checker_.add_unreadable();
      return true;
    }
    if (is_first()) {
      header_read_ = decode_header(node, header_, problems_);
      out_.header = header_.header;
      return header_read_;
    }
    ++operators_;
    DecodedOperator decoded;
    decode_operator(node, decoded, problems_);
    checker_.add(decoded);
    if (decoded.good && problems_.count() == 0) out_.operators.push_back(std::move(decoded.op));
    return true;
  }

  bool is_first() const { return problems_.line() == 1; }

  void finish(bool to_the_end) {
    const int last = problems_.line();
    if (to_the_end) checker_.finish();
    // After a cut or an unreadable line the count says nothing new.
    if (to_the_end && !cut_ && header_.counted && header_.operators != operators_)
      problems_.add_at(1, header_.operators_offset, "operators",
                       "the header says " + std::to_string(header_.operators) + " operators, the file has " +
                           std::to_string(operators_));
    problems_.set_line(last);
    problems_.finish();
  }

  Trace& out_;
  TraceProblems& problems_;
  TraceChecker checker_;
  DecodedHeader header_;
  bool header_read_ = false;
  bool cut_ = false;
  std::uint64_t operators_ = 0;
};

}  // namespace

bool read_trace(std::istream& in, const std::string& name, Trace& out, Problems& problems) {
  out = Trace();
  TraceProblems collected(name, problems);
  try {
    TraceReader(out, collected).read(in);
  } catch (const std::exception& e) {  // memory, or a stream set to throw
    collected.add_file(std::string("cannot read: ") + e.what());
  }
  return collected.count() == 0;
}

bool read_trace_file(const std::string& path, Trace& out, Problems& problems) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    problems.add({path, 0, 0}, "", "is a directory, expected a trace (JSON lines)");
    return false;
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const int code = errno;
    problems.add({path, 0, 0}, "", std::string("cannot open: ") + (code != 0 ? std::strerror(code) : "input error"));
    return false;
  }
  return read_trace(in, path, out, problems);
}

}  // namespace lutetia
