#include "report/text_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/cost_text.h"
#include "report/dram_report.h"
#include "report/human.h"
#include "report/summary.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

constexpr std::size_t kGroupsShown = 6;
constexpr std::size_t kOperatorsShown = 8;

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

std::string header(const Design& design, const Trace& trace, const RunResult& result, const Provenance& p) {
  const TraceHeader& h = trace.header;
  std::string out = fmt::format("lutetia {}: {} on {}\n", kSimulatorVersion, h.model, design.name);
  TextTable table("ll");
  table.add({"design", fmt::format("{} ({}), digest {}", design.name, p.design_file, p.config_digest.substr(0, 12))});
  table.add(
      {"workload", fmt::format("{} ({}): prefill {}, decode {}, batch {}, {} layers, {} operators", h.model,
                               p.workload_file, h.prefill, h.decode, h.batch, h.layers, result.operators.size())});
  for (const UnitAbilities& unit : result.units)
    table.add({unit.unit, fmt::format("{} body; {}", unit.body, unit.rtl)});
  return out + table.text();
}

std::string bound_text(const RunResult& result) {
  const LowerBounds& b = result.bounds;
  const std::string attention = b.attention > 0 ? fmt::format(" attention {},", human_count(b.attention)) : "";
  return fmt::format("{}, {} of it used; at full rate {} needs {} cycles, vector {},{} memory {}", b.name(),
                     human_share(result.utilization), b.core, human_count(b.matrix), human_count(b.vector), attention,
                     human_count(b.memory));
}

/// What the core's lanes do: "lookups", "additions", "dot products".
std::string array_words(const Design& design) {
  std::string words = matrix_core_shape(design).value().words.steps;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string headline(const Design& design, const Trace& trace, const RunResult& result) {
  TextTable table("ll");
  table.add({"cycles", fmt::format("{} ({} at {})", grouped(result.cycles), human_seconds(result.seconds()),
                                   human_count(static_cast<double>(result.clock.value)) + "Hz")});
  for (const Phase& phase : phases(trace, result)) {
    const double seconds = ratio(static_cast<double>(phase.cycles), static_cast<double>(result.clock.value));
    const std::string rate = fmt::format("{} tokens/s", human_count(ratio(static_cast<double>(phase.tokens), seconds)));
    const double busy = ratio(phase.bounds.largest(), static_cast<double>(phase.cycles));
    table.add(
        {phase.name, fmt::format("{} ({} for {} tokens, {} cycles); bound by {}, {} of it used", rate,
                                 human_seconds(seconds), phase.tokens, human_count(static_cast<double>(phase.cycles)),
                                 phase.bounds.name(), human_share(busy))});
  }
  table.add(
      {"MACs", fmt::format("{} ({} per cycle, {} MAC/s)", human_count(static_cast<double>(result.macs)),
                           human_count(ratio(static_cast<double>(result.macs), static_cast<double>(result.cycles))),
                           human_count(ratio(static_cast<double>(result.macs), result.seconds())))});
  if (const ArrayUse use = array_use(result); use.lookups > 0) {
    const auto share = [&use](std::uint64_t part) {
      return human_share(ratio(static_cast<double>(part), static_cast<double>(use.lookups)));
    };
    table.add({"array", fmt::format("{} of {} for results that exist, {} for rows (M) that do not, {} for columns or K "
                                    "that do not",
                                    share(use.useful), array_words(design), share(use.missing_rows),
                                    share(use.missing_columns()))});
  }
  table.add({"bound", bound_text(result)});
  const Roofline roof = roofline(design, result);
  const char* side =
      roof.intensity < roof.ridge ? "left of the ridge: limited by memory" : "right of the ridge: limited by compute";
  table.add({"roofline",
             fmt::format("{:.3g} MAC/B, ridge of this mix at {:.3g} MAC/B; {}", roof.intensity, roof.ridge, side)});
  return "result\n" + table.text();
}

/// Causes as rows, in order of first appearance, blocks as columns.
std::string time_table(const RunResult& result) {
  std::vector<std::string> causes;
  for (const BlockActivity& block : result.activity)
    for (const ActivityShare& share : block.shares)
      if (share.cycles > 0 && std::find(causes.begin(), causes.end(), share.name) == causes.end())
        causes.push_back(share.name);
  const auto later = [](const std::string& cause) { return cause == "idle" ? 2 : cause == "finished" ? 1 : 0; };
  std::stable_sort(causes.begin(), causes.end(),
                   [&](const std::string& a, const std::string& b) { return later(a) < later(b); });

  TextTable table("l" + std::string(2 * result.activity.size(), 'r'));
  std::vector<std::string> head = {""};
  for (const BlockActivity& block : result.activity) head.insert(head.end(), {block.block, ""});
  table.add(head);
  const auto cell = [&](Cycle cycles, std::vector<std::string>& row) {
    if (cycles == 0) return row.insert(row.end(), {"-", ""}), void();
    row.push_back(human_share(ratio(static_cast<double>(cycles), static_cast<double>(result.cycles))));
    row.push_back(human_count(static_cast<double>(cycles)));
  };
  for (const std::string& cause : causes) {
    std::vector<std::string> row = {cause};
    for (const BlockActivity& block : result.activity) {
      Cycle cycles = 0;
      for (const ActivityShare& share : block.shares)
        if (share.name == cause) cycles += share.cycles;
      cell(cycles, row);
    }
    table.add(row);
  }
  std::vector<std::string> sums = {"sum"};
  for (const BlockActivity& block : result.activity) {
    Cycle cycles = 0;
    for (const ActivityShare& share : block.shares) cycles += share.cycles;
    cell(cycles, sums);
  }
  table.add(sums);
  return "where every cycle went (share and cycles of each block)\n" + table.text();
}

std::string traffic_table(const Design& design, const RunResult& result) {
  TextTable table("lrrr");
  const double total = static_cast<double>(result.traffic.total());
  const double peak = peak_bandwidth(design.memory);
  const auto add = [&](const std::string& name, double bytes) {
    table.add({name, human_bytes(bytes), human_share(ratio(bytes, total)), human_rate(ratio(bytes, result.seconds()))});
  };
  for (const auto& [name, bytes] : traffic_rows(result.traffic)) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    if (bytes > 0) add(words, static_cast<double>(bytes));
  }
  add("total", total);
  return fmt::format("memory traffic (on average {} of {})\n", human_share(ratio(ratio(total, result.seconds()), peak)),
                     human_rate(peak)) +
         table.text();
}

std::string group_table(const RunResult& result, const std::vector<Cycle>& elapsed) {
  const std::vector<OperatorGroup> groups = operator_groups(result, elapsed);
  TextTable table("lrrrrll");
  table.add({"operators", "count", "cycles", "share", "MACs", "unit", "bound"});
  const auto share = [&](Cycle cycles) {
    return human_share(ratio(static_cast<double>(cycles), static_cast<double>(result.cycles)));
  };
  OperatorGroup rest;
  std::size_t rest_groups = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const OperatorGroup& g = groups[i];
    if (i < kGroupsShown || groups.size() == kGroupsShown + 1) {
      table.add({g.name, std::to_string(g.count), human_count(static_cast<double>(g.elapsed)), share(g.elapsed),
                 human_count(static_cast<double>(g.macs)), g.unit, g.bounds.name()});
      continue;
    }
    ++rest_groups;
    rest.count += g.count;
    rest.elapsed += g.elapsed;
    rest.macs += g.macs;
  }
  if (rest_groups > 0)
    table.add({fmt::format("{} more families", rest_groups), std::to_string(rest.count),
               human_count(static_cast<double>(rest.elapsed)), share(rest.elapsed),
               human_count(static_cast<double>(rest.macs))});
  return "operators by family (cycles: from the completion of the operator before to its own; they overlap)\n" +
         table.text();
}

std::string slowest_table(const RunResult& result, const std::vector<Cycle>& elapsed) {
  TextTable table("lrrrrll");
  table.add({"slowest", "step", "cycles", "start", "end", "unit", "bound"});
  for (const SlowOperator& slow : slowest_operators(result, elapsed, kOperatorsShown)) {
    const OperatorResult& row = result.operators[slow.index];
    const std::string others = slow.alike > 1 ? fmt::format(" (+{} alike)", slow.alike - 1) : "";
    table.add({row.op->name + others, std::to_string(row.op->step), grouped(elapsed[slow.index]), grouped(row.start),
               grouped(row.end), row.unit, row.bounds.name()});
  }
  return table.text();
}

std::string fifo_table(const RunResult& result) {
  const UnitFifoDepths& depths = *result.fifo_depths;
  TextTable table("lrrr");
  table.add({"FIFO of the attention unit", "depth", "most used", "least depth"});
  for (const UnitFifo& fifo : depths.fifos)
    table.add({fifo.key, std::to_string(fifo.depth), std::to_string(fifo.most), std::to_string(fifo.least)});
  const std::string now = depths.ample_cycles == result.cycles
                              ? "as now"
                              : fmt::format("{} fewer than now", grouped(result.cycles - depths.ample_cycles));
  return table.text() + fmt::format("  with ample depths {} cycles, {}; the same with all the least depths at once\n",
                                    grouped(depths.ample_cycles), now);
}

std::string checks(const RunResult& result) {
  TextTable table("ll");
  if (!result.cost)
    table.add({"energy, area",
               result.dram && result.dram->energy ? "DRAM above; not calibrated otherwise" : "not calibrated"});
  table.add(
      {"laws", result.broken_laws.empty()
                   ? fmt::format("conservation of bytes, time and work, lower bounds of {} operators and the run: hold",
                                 result.operators.size())
                   : fmt::format("{} BROKEN, see the errors", result.broken_laws.size())});
  if (result.outputs_checked)
    table.add({"values", fmt::format("{} outputs compared with exact arithmetic, {} differ",
                                     grouped(*result.outputs_checked), grouped(result.output_mismatches.value_or(0)))});
  for (const std::string& note : result.notes) table.add({"note", note});
  return table.text();
}

}  // namespace

std::string text_report(const Design& design, const Trace& trace, const RunResult& result,
                        const Provenance& provenance) {
  const std::vector<Cycle> elapsed = elapsed_cycles(result);
  return header(design, trace, result, provenance) + headline(design, trace, result) + time_table(result) +
         traffic_table(design, result) +
         (result.dram ? dram_device_text(*result.dram) + dram_section(*result.dram) : "") +
         group_table(result, elapsed) + slowest_table(result, elapsed) +
         (result.fifo_depths ? fifo_table(result) : "") + (result.cost ? cost_text(*result.cost, result) : "") +
         checks(result);
}

}  // namespace lutetia
