#include "cost/sram_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantity.h"
#include "cost/terms.h"

namespace lutetia {
namespace {

CostInterval widened(double value, double error, double spread) {
  return {value, value * (1 - error) / spread, value * (1 + error) * spread, value * error};
}

}  // namespace

std::string PricedSram::text() const {
  return fmt::format("{} x {} macro{} of {} x {} bit", banks, columns, macros() == 1 ? "" : "s", macro_words,
                     macro_width);
}

void PricedSram::add_area(const std::string& unit, const std::string& buffer, AreaReport& report) const {
  report.parts.push_back(
      {unit, buffer, widened(area_um2, area_error, area_spread), true, false, text() + "; " + source});
}

void PricedSram::add_energy(const std::string& unit, const std::string& buffer, double reads, double writes,
                            double seconds, CostReport& report) const {
  const auto add = [&](const char* event, CostKind kind, CostLevel level, double count, double pj) {
    report.energy.push_back(
        {unit, buffer, event, kind, level, count, widened(pj, error, energy_spread), false, text() + "; " + source});
  };
  add("read", CostKind::kMemory, CostLevel::kSram, reads, reads * read_fj / 1000);
  add("write", CostKind::kMemory, CostLevel::kSram, writes, writes * write_fj / 1000);
  if (leakage_nw > 0) add("time", CostKind::kStatic, CostLevel::kStatic, seconds, leakage_nw * seconds * 1000);
}

std::optional<PricedSram> price_sram(const SramTechnology& t, std::uint64_t bytes, std::uint32_t word_bits,
                                     std::string& reason) {
  PricedSram out;
  out.word_bits = word_bits;
  const std::uint64_t words = std::max<std::uint64_t>(ceil_div(bytes * 8, word_bits), 1);
  out.columns = ceil_div(word_bits, t.most_width);
  out.macro_width = std::max(static_cast<std::uint32_t>(ceil_div(word_bits, out.columns)), t.least_width);
  out.banks = ceil_div(words, t.most_words);
  out.macro_words = std::max(static_cast<std::uint32_t>(ceil_div(words, out.banks)), t.least_words);
  const CostValues values = {{"words", out.macro_words},
                             {"width", out.macro_width},
                             {"bits", std::int64_t{out.macro_words} * out.macro_width}};
  const auto of = [&](const CostTerms& terms) { return std::max(evaluate(terms, values, reason), 0.0); };
  const double macros = static_cast<double>(out.macros()), side_by_side = static_cast<double>(out.columns);
  out.area_um2 = of(t.area_um2) * macros;
  out.leakage_nw = of(t.leakage_nw) * macros;
  out.read_fj = of(t.read_fj) * side_by_side;
  out.write_fj = of(t.write_fj) * side_by_side;
  if (!reason.empty()) return std::nullopt;
  out.error = t.error;
  out.area_error = t.area_error;
  out.area_spread = t.area_spread;
  out.energy_spread = t.energy_spread;
  out.source = t.source;
  return out;
}

}  // namespace lutetia
