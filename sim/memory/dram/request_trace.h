// Raw request traces as text, so that a memory can be driven by addresses from anywhere. One request a line:
//
//   # CYCLE or -, R or W, ADDRESS, BYTES
//   - R 0x1000 64
//   120 W 4096 32
//
// Fields stand apart by blanks. A cycle is of the memory's command clock and does not go back; "-" is as soon as
// possible. The address is decimal or 0x hexadecimal. Blank lines, and all from a # that begins a field, say nothing.
#pragma once
#include <iosfwd>
#include <string>

#include "base/problem.h"
#include "memory/dram/bounded_lines.h"
#include "memory/dram/request_player.h"

namespace lutetia {

/// Longer lines are a problem and are never held in memory.
inline constexpr std::size_t kLongestRequestLine = 1024;
inline constexpr std::uint64_t kLargestRequest = std::uint64_t{1} << 30;
/// A quarter of an hour of DRAM; a slip of a digit must not simulate refreshes for ever.
inline constexpr Cycle kLastRequestCycle = 1'000'000'000'000;

struct RequestTraceTotals {
  std::uint64_t requests = 0, bytes_read = 0, bytes_written = 0;
};

/// Reads a trace to its end and finds every mistake: malformed fields, numbers out of range, requests beyond `capacity`
/// bytes, cycles that go back, lines that are too long or no text, a file without requests. Each is a problem at
/// file:line:column, at most 100 of them, then one that counts the others. False if there was any.
bool check_request_trace(std::istream& in, const std::string& file, std::uint64_t capacity, RequestTraceTotals& totals,
                         Problems& problems);

/// The requests of a trace that was checked, read as they are asked for, a buffer at a time.
class RequestTraceSource final : public RequestSource {
 public:
  RequestTraceSource(std::istream& in, std::uint64_t capacity) : lines_(in, kLongestRequestLine), capacity_(capacity) {}

  bool next(PlayedRequest& request) override;
  /// The requests ended at a line that is none: the file is not what was checked.
  bool failed() const { return failed_ || lines_.failed(); }
  std::uint64_t requests() const { return requests_; }

 private:
  BoundedLines lines_;
  std::uint64_t capacity_;
  std::uint64_t requests_ = 0;
  bool failed_ = false;
};

}  // namespace lutetia
