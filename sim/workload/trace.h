// A workload: a header that says where it comes from, and operators in an order in which every one stands behind those
// it waits for. Plain data; trace_reader.h and trace_writer.h turn it into JSON lines and back without loss.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "workload/operator.h"

namespace lutetia {

/// Largest loop extent, and largest number of loop points of one operator, that a trace may have: sums stay in 64 bits.
inline constexpr std::uint64_t kLargestExtent = std::uint64_t{1} << 40;
inline constexpr std::uint64_t kMostPoints = std::uint64_t{1} << 56;

struct TraceHeader {
  std::string model;
  std::uint64_t prefill = 0;  ///< tokens of the prompt, per sequence
  std::uint64_t decode = 0;   ///< tokens generated one by one after it
  std::uint64_t batch = 1;    ///< sequences
  std::uint64_t past = 0;     ///< tokens already in the cache before the first operator, per sequence
  std::uint64_t layers = 0;   ///< layers in the trace
  std::vector<std::pair<std::string, std::string>> formats;  ///< use -> format name, for people; operators decide
  std::string source;
};

struct Trace {
  TraceHeader header;
  std::vector<Operator> operators;
};

bool operator==(const TraceHeader& a, const TraceHeader& b);
bool operator==(const Trace& a, const Trace& b);

/// Sums over all operators.
std::uint64_t total_macs(const Trace& trace);
Traffic total_traffic(const Trace& trace);

}  // namespace lutetia
