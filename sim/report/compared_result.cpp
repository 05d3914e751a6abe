#include "report/compared_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "config/text_file.h"
#include "config/value.h"
#include "report/located_json.h"
#include "report/provenance.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
using Place = LocatedJson::Place;

constexpr double kMostFitError = 10;

/// "bitnet-3b: prefill 512, decode 0, batch 1, 26 layers".
std::string workload_text(LocatedJson& json, const Place& workload) {
  const std::string model = json.text(workload, "model");
  const std::uint64_t prefill = json.whole(workload, "prefill"), decode = json.whole(workload, "decode");
  const std::uint64_t batch = json.whole(workload, "batch"), past = json.whole(workload, "past");
  const std::uint64_t layers = json.whole(workload, "layers");
  return fmt::format("{}: prefill {}, decode {}, batch {}{}, {} layers", model.empty() ? "unnamed" : model, prefill,
                     decode, batch, past > 0 ? fmt::format(", past {}", past) : "", layers);
}

std::vector<ComparedPhase> read_phases(LocatedJson& json, const Place& phases) {
  std::vector<ComparedPhase> out;
  for (const char* name : {"prefill", "decode"}) {
    if (!json.has(phases, name)) continue;
    const Place phase = json.object(phases, name);
    out.push_back({name, json.whole(phase, "tokens"), json.whole(phase, "cycles"), json.number(phase, "time_s")});
  }
  return out;
}

/// `energy_pj` with unit "pj", `area_um2` with unit "um2".
Estimate read_estimate(LocatedJson& json, const Place& estimate, const std::string& unit) {
  Estimate out;
  const std::string status = json.text(estimate, "status");
  if (status != "calibrated" && status != "partial") {
    out.reason = status;
    return out;
  }
  out.status = status == "partial" ? Estimate::Status::kPartial : Estimate::Status::kCalibrated;
  if (json.has(estimate, "excluded")) out.excluded = json.texts(estimate, "excluded", "unit");
  std::sort(out.excluded.begin(), out.excluded.end());
  if (!out.excluded.empty()) out.status = Estimate::Status::kPartial;
  const Place total = json.object(estimate, "total");
  out.value = json.number(total, unit);
  out.low = json.number(total, "low");
  out.high = json.number(total, "high");
  if (json.has(total, "fit_error")) out.fit_error = json.number(total, "fit_error");
  if (total && !(0 < out.low && out.low <= out.value && out.value <= out.high))
    json.fault(total, "low", fmt::format("{:g}..{:g} is no interval around {:g}", out.low, out.high, out.value));
  if (out.fit_error > kMostFitError)
    json.fault(total, "fit_error", fmt::format("expected at most {:g}: it is relative", kMostFitError));
  return out;
}

/// "dma" has the blocks dma.load and dma.store.
void read_unpriced(LocatedJson& json, const Place& busy, ComparedResult& out) {
  for (const std::string& part : out.energy.excluded)
    for (const JsonMember& member : busy.node->members)
      if (member.key == part || member.key.rfind(part + ".", 0) == 0)
        out.unpriced_cycles[part] += json.whole(busy, member.key);
}

void read_document(LocatedJson& json, const Place& root, ComparedResult& out) {
  const std::string schema = json.text(root, "schema");
  if (!schema.empty() && schema != kResultSchema) {
    const bool ours = schema.rfind("lutetia.", 0) == 0;
    json.fault(root, "schema",
               fmt::format("expected \"{}\", got {}{}", kResultSchema, quoted_for_message(schema),
                           ours ? "; compare takes results of lutetia run DESIGN WORKLOAD" : ""));
  }
  if (schema != kResultSchema) return;  // what follows would be many complaints about one thing
  out.design = json.text(root, "design");
  out.workload = workload_text(json, json.object(root, "workload"));
  out.digest = json.text(root, "digest");
  out.cycles = json.whole(root, "cycles");
  out.seconds = json.number(root, "time_s");
  out.macs = json.whole(root, "macs");
  out.phases = read_phases(json, json.object(root, "phases"));
  out.technology = "none";
  if (json.has(root, "technology")) {
    const Place technology = json.object(root, "technology");
    out.technology = json.text(technology, "name");
    if (json.has(technology, "kind")) out.technology_kind = json.text(technology, "kind");
    if (json.has(technology, "sha256")) out.technology_sha256 = json.text(technology, "sha256");
  }
  out.energy = read_estimate(json, json.object(root, "energy_pj"), "pj");
  const Place area = json.object(root, "area_um2");
  out.area = read_estimate(json, area, "um2");
  // Main memory is not part of the area, priced or not.
  out.area.excluded.erase(std::remove(out.area.excluded.begin(), out.area.excluded.end(), "memory"),
                          out.area.excluded.end());
  if (json.has(root, "busy_cycles"))
    if (const Place busy = json.object(root, "busy_cycles")) read_unpriced(json, busy, out);
  if (out.area.known() && json.has(area, "layout_um2")) out.layout = json.number(area, "layout_um2");
  const Place checks = json.object(root, "checks");
  out.broken = json.items(json.object(checks, "laws"), "broken") > 0;
  const Place values = json.object(checks, "values");
  if (json.has(values, "mismatches") && json.whole(values, "mismatches") > 0) out.broken = true;
  const Place provenance = json.object(root, "provenance");
  out.version = json.text(json.object(provenance, "simulator"), "version");
  out.workload_digest = json.text(json.object(provenance, "workload"), "digest");
}

/// "out/first/" -> "first".
std::string last_part(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  const std::string name = fs::path(folder).filename().string();
  return name.empty() ? folder : name;
}

}  // namespace

std::uint64_t ComparedResult::tokens() const {
  std::uint64_t sum = 0;
  for (const ComparedPhase& phase : phases) {
    if (phase.tokens == 0) return 0;
    sum += phase.tokens;
  }
  return sum;
}

bool parse_compared_result(const std::string& text, const std::string& file, ComparedResult& out, Problems& problems) {
  const std::size_t before = problems.size();
  JsonNode document;
  LocatedJson json(text, file, problems);
  if (const Place root = json.parse(document)) read_document(json, root, out);
  return problems.size() == before;
}

bool read_compared_result(const std::string& folder, ComparedResult& out, Problems& problems) {
  std::error_code code;
  const fs::file_status status = fs::status(folder, code);
  if (!fs::exists(status)) return problems.add({folder, 0, 0}, "", "no such folder"), false;
  const bool is_folder = fs::is_directory(status);
  const std::string file = is_folder ? (fs::path(folder) / "result.json").string() : folder;
  if (is_folder && !fs::exists(fs::status(file, code)))
    return problems.add({folder, 0, 0}, "", "holds no result.json; lutetia run DESIGN WORKLOAD --out writes one"),
           false;
  std::string text, error;
  if (!load_text_file(file, kLargestResult, text, error)) return problems.add({file, 0, 0}, "", error), false;
  out.folder = folder;
  return parse_compared_result(text, file, out, problems);
}

void assign_labels(std::vector<ComparedResult>& results) {
  std::map<std::string, int> designs, parts, labels;
  for (const ComparedResult& r : results) ++designs[r.design], ++parts[last_part(r.folder)];
  for (ComparedResult& r : results) {
    const std::string part = last_part(r.folder);
    r.label = designs[r.design] == 1 ? r.design : parts[part] == 1 ? part : r.folder;
    ++labels[r.label];
  }
  // A folder may be called as another's design, or be named twice.
  std::map<std::string, int> numbers;
  for (ComparedResult& r : results)
    if (labels[r.label] > 1) r.label = fmt::format("{}#{}", r.folder, ++numbers[r.label]);
}

}  // namespace lutetia
