#include "memory/dram/request_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <climits>
#include <istream>
#include <string_view>

#include "config/value.h"

namespace lutetia {
namespace {

constexpr std::size_t kMostProblems = 100;

enum Field { kCycle, kKind, kAddress, kBytes, kFields };
constexpr std::array<const char*, kFields> kFieldNames = {"cycle", "kind", "address", "bytes"};
constexpr const char* kExpected = "expected CYCLE|- R|W ADDRESS BYTES";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

struct Fields {
  std::array<std::string_view, kFields> text;
  std::size_t count = 0;  ///< of all fields of the line
  const char* surplus = nullptr;
};

/// Fields of a line, up to a comment. False if it says nothing.
bool split(std::string_view line, Fields& out) {
  out.count = 0;
  const char* at = line.data();
  const char* const end = at + line.size();
  while (true) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end || *at == '#') return out.count != 0;
    const char* const begin = at;
    while (at != end && !is_blank(*at)) ++at;
    if (out.count < kFields)
      out.text[out.count] = std::string_view(begin, static_cast<std::size_t>(at - begin));
    else if (out.count == kFields)
      out.surplus = begin;
    ++out.count;
  }
}

enum class Number { kGood, kMalformed, kTooLarge };

Number decimal(std::string_view text, std::uint64_t& out) {
  std::uint64_t value = 0;
  bool fits = text.size() < 20;  // 19 digits always fit
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit > 9) return Number::kMalformed;
    if (!fits && (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit)) return Number::kTooLarge;
    value = value * 10 + digit;
  }
  out = value;
  return text.empty() ? Number::kMalformed : Number::kGood;
}

unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 16;
}

Number address(std::string_view text, std::uint64_t& out) {
  if (text.size() < 2 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return decimal(text, out);
  std::uint64_t value = 0;
  bool fits = true;
  for (const char c : text.substr(2)) {
    const unsigned digit = hex_digit(c);
    if (digit > 15) return Number::kMalformed;
    fits = fits && value >> 60 == 0;
    value = value << 4 | digit;
  }
  out = value;
  return text.size() == 2 ? Number::kMalformed : fits ? Number::kGood : Number::kTooLarge;
}

/// True if the fields are a request that a memory of `capacity` bytes can take.
bool request_of(const Fields& fields, std::uint64_t capacity, PlayedRequest& out) {
  if (fields.count != kFields) return false;
  if (fields.text[kCycle] == "-")
    out.at = PlayedRequest::kAsSoonAsPossible;
  else if (decimal(fields.text[kCycle], out.at) != Number::kGood || out.at > kLastRequestCycle)
    return false;
  if (fields.text[kKind].size() != 1 || (fields.text[kKind][0] != 'R' && fields.text[kKind][0] != 'W')) return false;
  out.write = fields.text[kKind][0] == 'W';
  return address(fields.text[kAddress], out.address) == Number::kGood &&
         decimal(fields.text[kBytes], out.bytes) == Number::kGood && out.bytes > 0 && out.bytes <= kLargestRequest &&
         out.bytes <= capacity && out.address <= capacity - out.bytes;
}

/// Finds what is wrong with lines that are no requests.
class Checker {
 public:
  Checker(const std::string& file, std::uint64_t capacity, Problems& problems)
      : file_(file), capacity_(capacity), problems_(problems) {}

  bool check(std::istream& in, RequestTraceTotals& totals) {
    BoundedLines lines(in, kLongestRequestLine);
    BoundedLines::Line line;
    bool text = true;
    while (text && lines.next(line)) {
      ++line_;
      text = is_text(line);
      if (text && !line.too_long) this->line(line, totals);
    }
    if (lines.failed())
      add_to_file("cannot be read to its end");
    else if (totals.requests == 0 && count_ == 0)
      add_to_file(std::string("has no requests; ") + kExpected + " a line");
    if (count_ > kMostProblems)
      problems_.add({file_, line_number(), 0}, "",
                    fmt::format("and {} more problems up to here", count_ - kMostProblems));
    return count_ == 0;
  }

 private:
  /// False if what follows is not text either.
  bool is_text(BoundedLines::Line& line) {
    const std::size_t nul = line.text.find('\0');
    if (nul != std::string_view::npos) return add(nul, "", "NUL byte: this is not a text file"), false;
    if (line.too_long) {
      add(kLongestRequestLine, "", fmt::format("the line is longer than {} bytes", kLongestRequestLine));
    } else if (!line.text.empty() && line.text.back() == '\r') {
      line.text.remove_suffix(1);
      if (!carriage_returns_)
        add(line.text.size(), "", "carriage return: lines end with a newline only (this is told once)");
      carriage_returns_ = true;
    }
    return true;
  }

  void line(const BoundedLines::Line& line, RequestTraceTotals& totals) {
    text_ = line.text;
    if (!split(text_, fields_)) return;
    if (!line.terminated) add(text_.size(), "", "the last line has no newline; was the file cut short?");
    PlayedRequest request;
    if (!request_of(fields_, capacity_, request)) return explain();
    if (request.at != PlayedRequest::kAsSoonAsPossible) {
      if (request.at < last_)
        return add_to(kCycle, fmt::format("{} goes back: an earlier line says {}", request.at, last_));
      last_ = request.at;
    }
    ++totals.requests;
    (request.write ? totals.bytes_written : totals.bytes_read) += request.bytes;
  }

  /// All faults of a line that is no request.
  void explain() {
    if (fields_.count < kFields)
      return add(text_.size(), "", fmt::format("{} of {} fields; {}", fields_.count, int{kFields}, kExpected));
    if (fields_.count > kFields)
      return add(static_cast<std::size_t>(fields_.surplus - text_.data()), "",
                 fmt::format("more than {} fields; {}", int{kFields}, kExpected));
    std::uint64_t cycle = 0, from = 0, bytes = 0;
    if (fields_.text[kCycle] != "-") {
      const Number number = decimal(fields_.text[kCycle], cycle);
      if (number == Number::kMalformed)
        add_to(kCycle, "expected a whole number or -, got " + quoted(kCycle));
      else if (number == Number::kTooLarge || cycle > kLastRequestCycle)
        add_to(kCycle, fmt::format("{} is out of range, expected 0 to {}", quoted(kCycle), kLastRequestCycle));
    }
    if (fields_.text[kKind] != "R" && fields_.text[kKind] != "W")
      add_to(kKind, "expected R or W, got " + quoted(kKind));
    const Number start = address(fields_.text[kAddress], from);
    if (start == Number::kMalformed)
      add_to(kAddress, "expected a whole number, decimal or 0x hexadecimal, got " + quoted(kAddress));
    else if (start == Number::kTooLarge || from >= capacity_)
      add_to(kAddress, fmt::format("{} lies outside of the memory of {} bytes", quoted(kAddress), capacity_));
    const Number size = decimal(fields_.text[kBytes], bytes);
    if (size == Number::kMalformed)
      add_to(kBytes, "expected a whole number, got " + quoted(kBytes));
    else if (size == Number::kTooLarge || bytes == 0 || bytes > kLargestRequest)
      add_to(kBytes, fmt::format("{} is out of range, expected 1 to {}", quoted(kBytes), kLargestRequest));
    else if (start == Number::kGood && from < capacity_ && bytes > capacity_ - from)
      add_to(kBytes, fmt::format("{} is too many: the memory has {} bytes from that address on", quoted(kBytes),
                                 capacity_ - from));
  }

  std::string quoted(Field field) const { return quoted_for_message(std::string(fields_.text[field])); }

  void add_to(Field field, const std::string& message) {
    add(static_cast<std::size_t>(fields_.text[field].data() - text_.data()), kFieldNames[field], message);
  }
  /// `offset` counts bytes of the line from 0.
  void add(std::size_t offset, const char* path, const std::string& message) {
    if (++count_ <= kMostProblems) problems_.add({file_, line_number(), static_cast<int>(offset) + 1}, path, message);
  }
  void add_to_file(const std::string& message) {
    if (++count_ <= kMostProblems) problems_.add({file_, 0, 0}, "", message);
  }
  int line_number() const { return static_cast<int>(std::min<std::uint64_t>(line_, INT_MAX)); }

  const std::string& file_;
  std::uint64_t capacity_;
  Problems& problems_;
  std::string_view text_;
  Fields fields_;
  Cycle last_ = 0;
  std::uint64_t line_ = 0;
  std::size_t count_ = 0;
  bool carriage_returns_ = false;
};

}  // namespace

bool check_request_trace(std::istream& in, const std::string& file, std::uint64_t capacity, RequestTraceTotals& totals,
                         Problems& problems) {
  totals = {};
  return Checker(file, capacity, problems).check(in, totals);
}

bool RequestTraceSource::next(PlayedRequest& request) {
  BoundedLines::Line line;
  Fields fields;
  while (!failed_ && lines_.next(line)) {
    if (!line.too_long && !split(line.text, fields)) continue;
    failed_ = line.too_long || !request_of(fields, capacity_, request);
    if (failed_) return false;
    ++requests_;
    return true;
  }
  return false;
}

}  // namespace lutetia
