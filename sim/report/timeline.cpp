#include "report/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "kernel/clock_domain.h"

namespace lutetia {
namespace {

constexpr const char* kTracks[kEngines] = {"dma.load", "dma.store", "matrix core", "vector", "attention"};

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Timeline::Timeline(std::ostream& out, const Trace& trace, Hertz clock, bool merge)
    : out_(out), trace_(trace), clock_(clock), merge_(merge) {
  out_ << "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
       << R"({"ph":"M","pid":1,"name":"process_name","args":{"name":)" << quoted(trace.header.model) << "}}";
  for (std::size_t engine = 0; engine < kEngines; ++engine)
    out_ << fmt::format(
        ",\n{{\"ph\":\"M\",\"pid\":1,\"tid\":{0},\"name\":\"thread_name\",\"args\":{{\"name\":\"{1}\"}}}}", engine + 1,
        kTracks[engine]);
}

void Timeline::completed(Engine engine, std::uint32_t operator_index, Cycle issued, Cycle completed) {
  const auto index = static_cast<std::size_t>(engine);
  Track& track = tracks_[index];
  const bool same = merge_ && track.instructions > 0 && track.operator_index == operator_index;
  if (!same) {
    write(index);
    track.operator_index = operator_index;
    track.begin = std::max(issued, track.end);
    track.instructions = 0;
  }
  ++track.instructions;
  track.end = completed;
}

void Timeline::write(std::size_t engine) {
  const Track& track = tracks_[engine];
  if (track.instructions == 0) return;
  const Operator& op = trace_.operators[track.operator_index];
  out_ << ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":" << engine + 1 << ",\"name\":" << quoted(op.name)
       << ",\"ts\":" << microseconds(track.begin) << ",\"dur\":" << microseconds(track.end - track.begin)
       << ",\"args\":{\"operator\":" << op.id << ",\"step\":" << op.step << ",\"cycle\":" << track.begin
       << ",\"cycles\":" << track.end - track.begin << ",\"instructions\":" << track.instructions << "}}";
}

/// Exact to the picosecond, without passing through floating point.
std::string Timeline::microseconds(Cycle cycle) const {
  const Wide picoseconds = Wide(cycle) * 1'000'000'000'000u / clock_.value;
  const auto whole = static_cast<std::uint64_t>(picoseconds / 1'000'000u);
  return fmt::format("{}.{:06}", whole, static_cast<std::uint64_t>(picoseconds % 1'000'000u));
}

void Timeline::finish() {
  for (std::size_t engine = 0; engine < kEngines; ++engine) write(engine);
  out_ << "\n]}\n";
}

}  // namespace lutetia
