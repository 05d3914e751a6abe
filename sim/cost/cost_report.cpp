#include "cost/cost_report.h"

#include <algorithm>

namespace lutetia {
namespace {

template <class T>
T& entry_of(std::vector<std::pair<std::string, T>>& sums, const std::string& name) {
  for (auto& entry : sums)
    if (entry.first == name) return entry.second;
  return sums.emplace_back(name, T()).second;
}

template <class Name>
CostReport::Sums sums_by(const std::vector<EnergyPart>& parts, Name name_of) {
  CostReport::Sums sums;
  for (const EnergyPart& part : parts)
    if (!part.estimate) entry_of(sums, name_of(part)) += part.pj.value;
  return sums;
}

}  // namespace

const char* name(CostKind kind) {
  switch (kind) {
    case CostKind::kCombinational: return "combinational";
    case CostKind::kRegister: return "register";
    case CostKind::kClock: return "clock";
    case CostKind::kMemory: return "memory";
    case CostKind::kStatic: return "static";
  }
  return "";
}

const char* name(CostLevel level) {
  switch (level) {
    case CostLevel::kCompute: return "compute";
    case CostLevel::kRegister: return "register";
    case CostLevel::kClock: return "clock";
    case CostLevel::kSram: return "sram";
    case CostLevel::kDram: return "dram";
    case CostLevel::kStatic: return "static";
  }
  return "";
}

const char* name(CostStatus status) {
  switch (status) {
    case CostStatus::kCalibrated: return "calibrated";
    case CostStatus::kPartial: return "partial";
    case CostStatus::kNone: return "not calibrated";
  }
  return "";
}

CostInterval AreaReport::total() const {
  CostInterval sum;
  for (const AreaPart& part : parts)
    if (!part.estimate) sum += part.um2;
  return sum;
}

CostInterval AreaReport::total_with_estimates() const {
  CostInterval sum;
  for (const AreaPart& part : parts) sum += part.um2;
  return sum;
}

double AreaReport::layout_um2() const {
  double cells = 0, macros = 0;
  for (const AreaPart& part : parts)
    if (!part.estimate) (part.macro ? macros : cells) += part.um2.value;
  return cells * cell_growth / utilization + macros;
}

std::vector<std::pair<std::string, CostInterval>> AreaReport::by_unit() const {
  std::vector<std::pair<std::string, CostInterval>> sums;
  for (const AreaPart& part : parts)
    if (!part.estimate) entry_of(sums, part.unit) += part.um2;
  return sums;
}

CostStatus CostReport::status() const {
  if (!area_calibrated) return CostStatus::kNone;
  return excluded.empty() ? CostStatus::kCalibrated : CostStatus::kPartial;
}

CostInterval CostReport::total() const {
  CostInterval sum;
  for (const EnergyPart& part : energy)
    if (!part.estimate) sum += part.pj;
  return sum;
}

CostInterval CostReport::total_with_estimates() const {
  CostInterval sum;
  for (const EnergyPart& part : energy) sum += part.pj;
  return sum;
}

double CostReport::dynamic_pj() const {
  double sum = 0;
  for (const EnergyPart& part : energy)
    if (!part.estimate && part.kind != CostKind::kStatic) sum += part.pj.value;
  return sum;
}

double CostReport::static_pj() const {
  double sum = 0;
  for (const EnergyPart& part : energy)
    if (!part.estimate && part.kind == CostKind::kStatic) sum += part.pj.value;
  return sum;
}

CostReport::Sums CostReport::by_unit() const {
  return sums_by(energy, [](const EnergyPart& part) { return part.unit; });
}

CostReport::Sums CostReport::by_level() const {
  Sums sums;
  for (const CostLevel level : {CostLevel::kCompute, CostLevel::kRegister, CostLevel::kClock, CostLevel::kSram,
                                CostLevel::kDram, CostLevel::kStatic})
    sums.emplace_back(name(level), 0.0);
  for (const EnergyPart& part : energy)
    if (!part.estimate) sums[static_cast<std::size_t>(part.level)].second += part.pj.value;
  return sums;
}

CostReport::Sums CostReport::by_event() const {
  return sums_by(energy, [](const EnergyPart& part) { return part.unit + "." + part.event; });
}

std::vector<ExcludedPart> CostReport::excluded_area() const {
  std::vector<ExcludedPart> out;
  for (const ExcludedPart& part : excluded)
    if (!part.off_chip) out.push_back(part);
  return out;
}

std::string CostReport::excluded_text() const {
  std::string out;
  for (const ExcludedPart& part : excluded) out += (out.empty() ? "" : ", ") + part.unit;
  return out;
}

}  // namespace lutetia
