#include "report/summary.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace lutetia {

std::vector<Phase> phases(const Trace& trace, const RunResult& result) {
  Cycle prompt_end = 0, end = 0;
  bool prompt = false, decode = false;
  LowerBounds prompt_bounds, decode_bounds;
  for (const OperatorResult& row : result.operators) {
    const bool first = row.op->step == 0;
    (first ? prompt : decode) = true;
    (first ? prompt_bounds : decode_bounds).add(row.bounds);
    if (first) prompt_end = std::max(prompt_end, row.end);
    end = std::max(end, row.end);
  }
  std::vector<Phase> out;
  const TraceHeader& h = trace.header;
  if (prompt) out.push_back({"prefill", h.prefill * h.batch, decode ? prompt_end : end, prompt_bounds});
  if (decode) out.push_back({"decode", h.decode * h.batch, end - std::min(prompt_end, end), decode_bounds});
  return out;
}

std::vector<Cycle> elapsed_cycles(const RunResult& result) {
  std::vector<std::size_t> order(result.operators.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return result.operators[a].end < result.operators[b].end; });
  std::vector<Cycle> elapsed(order.size());
  Cycle before = 0;
  for (const std::size_t i : order) {
    elapsed[i] = result.operators[i].end - before;
    before = result.operators[i].end;
  }
  return elapsed;
}

std::string family_name(const std::string& name) {
  constexpr const char* kPrefix = "layers.";
  if (name.rfind(kPrefix, 0) != 0) return name;
  const std::size_t dot = name.find_first_not_of("0123456789", std::string(kPrefix).size());
  return dot == std::string::npos || name[dot] != '.' || dot + 1 == name.size() ? name : name.substr(dot + 1);
}

std::vector<OperatorGroup> operator_groups(const RunResult& result, const std::vector<Cycle>& elapsed) {
  std::map<std::pair<std::string, std::string>, OperatorGroup> groups;
  for (std::size_t i = 0; i < result.operators.size(); ++i) {
    const OperatorResult& row = result.operators[i];
    const std::string family = family_name(row.op->name);
    OperatorGroup& group = groups[{family, row.unit}];
    group.name = family;
    group.kind = name(row.op->kind);
    group.unit = row.unit;
    ++group.count;
    group.elapsed += elapsed[i];
    group.macs += row.macs;
    group.bytes += row.bytes.total();
    group.bounds.add(row.bounds);
  }
  std::vector<OperatorGroup> out;
  for (auto& entry : groups) out.push_back(std::move(entry.second));
  std::stable_sort(out.begin(), out.end(),
                   [](const OperatorGroup& a, const OperatorGroup& b) { return a.elapsed > b.elapsed; });
  return out;
}

std::vector<SlowOperator> slowest_operators(const RunResult& result, const std::vector<Cycle>& elapsed,
                                            std::size_t count) {
  std::vector<std::size_t> order(elapsed.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return elapsed[a] > elapsed[b]; });
  std::vector<SlowOperator> out;
  for (const std::size_t i : order) {
    const Operator& op = *result.operators[i].op;
    const auto alike = std::find_if(out.begin(), out.end(), [&](const SlowOperator& slow) {
      const Operator& other = *result.operators[slow.index].op;
      return other.step == op.step && elapsed[i] >= elapsed[slow.index] - elapsed[slow.index] / 100 &&
             family_name(other.name) == family_name(op.name);
    });
    if (alike != out.end())
      ++alike->alike;
    else if (out.size() < count)
      out.push_back({i, 1});
  }
  return out;
}

Roofline roofline(const Design& design, const RunResult& result) {
  Roofline roof;
  const double macs = static_cast<double>(result.macs);
  const double compute = std::max({result.bounds.matrix, result.bounds.vector, result.bounds.attention});
  const double bytes_per_cycle = peak_bandwidth(design.memory) / static_cast<double>(design.clock.value);
  if (result.traffic.total() > 0) roof.intensity = macs / static_cast<double>(result.traffic.total());
  if (compute > 0) roof.ridge = macs / compute / bytes_per_cycle;
  return roof;
}

ArrayUse array_use(const RunResult& result) {
  ArrayUse use;
  std::uint64_t plane_macs = 0;
  for (const OperatorResult& row : result.operators)
    if (row.plan.engine == Engine::kMatrix) plane_macs += row.macs * row.plan.weights.planes;
  use.missing_rows = result.idle_matrix_steps;
  use.lookups = result.matrix_steps + use.missing_rows;
  use.useful = std::min(plane_macs / result.shape.matrix.group_length, use.lookups - use.missing_rows);
  return use;
}

std::vector<std::pair<std::string, std::uint64_t>> traffic_rows(const TrafficBytes& t) {
  return {{"weights_read", t.weights_read},
          {"cache_read", t.cache_read},
          {"activations_read", t.activations_read},
          {"activations_written", t.activations_written},
          {"cache_written", t.cache_written}};
}

}  // namespace lutetia
