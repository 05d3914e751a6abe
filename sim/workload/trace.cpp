#include "workload/trace.h"

#include <tuple>

namespace lutetia {

bool operator==(const TraceHeader& a, const TraceHeader& b) {
  return std::tie(a.model, a.prefill, a.decode, a.batch, a.past, a.layers, a.formats, a.source) ==
         std::tie(b.model, b.prefill, b.decode, b.batch, b.past, b.layers, b.formats, b.source);
}

bool operator==(const Trace& a, const Trace& b) {
  return a.header == b.header && a.operators == b.operators;
}

std::uint64_t total_macs(const Trace& trace) {
  std::uint64_t sum = 0;
  for (const Operator& op : trace.operators) sum += macs(op);
  return sum;
}

Traffic total_traffic(const Trace& trace) {
  Traffic sum;
  for (const Operator& op : trace.operators) {
    const Traffic t = traffic(op);
    sum.activation_read += t.activation_read;
    sum.weight_read += t.weight_read;
    sum.cache_read += t.cache_read;
    sum.activation_write += t.activation_write;
    sum.cache_write += t.cache_write;
  }
  return sum;
}

}  // namespace lutetia
