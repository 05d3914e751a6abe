#include "app/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/nearest.h"
#include "base/sha256.h"
#include "config/digest.h"
#include "config/named_file.h"
#include "config/read.h"
#include "config/value.h"
#include "workload/trace_reader.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// The file that `text` means: itself if it looks like a path or exists, else <folder>/<text>.yaml of the first folder
/// that has it. Empty, with a problem, if there is none.
std::string find_file(const std::string& text, const char* what, const std::vector<fs::path>& folders,
                      Problems& problems) {
  std::error_code code;
  if (text.empty()) {
    problems.add({}, "", fmt::format("the name of the {} is empty", what));
    return "";
  }
  if (text.find('/') != std::string::npos || ends_with(text, ".yaml") || ends_with(text, ".jsonl") ||
      fs::exists(text, code))
    return text;
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    const fs::path file = folder / (text + ".yaml");
    if (text.size() < 200 && fs::exists(file, code)) return file.lexically_normal().string();
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
      if (it->path().extension() == ".yaml") names.push_back(it->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string hint = did_you_mean(text, names);
  std::vector<std::string> looked;
  for (const fs::path& folder : folders) looked.push_back(folder.lexically_normal().string());
  problems.add({text, 0, 0}, "",
               fmt::format("no such {}{} Known: {} (looked in {})", what, hint.empty() ? "." : hint, joined(names),
                           joined(looked)));
  return "";
}

/// Appends problems, with the option's own name where the reader says --set.
void append_renamed(const Problems& from, const std::string& option, Problems& to) {
  for (const Problem& p : from.items()) {
    SourceLocation where = p.where;
    if (where.file == "--set") where.file = option;
    to.add(where, p.path, p.message);
  }
}

/// What only the meeting of parts shows, located like what the reader found.
bool check_parts(const MemoryConfig& memory, const std::string& path, const Origins& origins, const std::string& file,
                 Problems& problems) {
  Problems found;
  check_memory(memory, path, found);
  problems.append(located(found, origins, file));
  return found.empty();
}

/// What the design's key `technology` names.
bool load_technology(const std::string& base_dir, LoadedDesign& out, Problems& problems) {
  const std::string& text = out.design.technology;
  if (text == "none") return true;
  std::string path, error;
  const SourceLocation where = origin_location(out.origins, out.file, "technology");
  if (!find_named_file(text, "technology", base_dir, out.file, path, error)) {
    problems.add(where, "technology", error);
    return false;
  }
  return read_technology_file(path, out.technology.emplace(), problems);
}

/// Where named files lie that a design or memory refers to.
std::string base_dir_of(const std::string& file) {
  std::error_code code;
  const std::string beside = default_base_dir(file);
  return fs::is_directory(fs::path(beside) / "memory", code) || !fs::is_directory("configs", code) ? beside : "configs";
}

}  // namespace

std::string file_sha256(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return "";
  Sha256 hash;
  std::string piece(std::size_t{1} << 20, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
    hash.update(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())));
  return hash.hex();
}

bool is_trace_file(const std::string& path) {
  if (ends_with(path, ".yaml")) return false;
  if (ends_with(path, ".jsonl")) return true;
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return false;
  std::ifstream in(path, std::ios::binary);
  return in.peek() == '{';
}

bool is_requests_file(const std::string& path) {
  if (ends_with(path, ".requests")) return true;
  if (ends_with(path, ".yaml") || ends_with(path, ".yml") || ends_with(path, ".jsonl")) return false;
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return false;
  std::ifstream in(path, std::ios::binary);
  BoundedLines lines(in, kLongestRequestLine);
  for (BoundedLines::Line line; lines.next(line);) {
    const std::size_t at = line.text.find_first_not_of(" \t\r");
    if (at != std::string_view::npos && line.text[at] != '#') return line.text[at] != '{';
  }
  return true;
}

bool check_requests_file(const std::string& path, std::uint64_t capacity, RequestTraceTotals& totals,
                         Problems& problems) {
  std::error_code code;
  if (fs::exists(path, code) && !fs::is_regular_file(path, code))  // a pipe could not be read a second time
    return problems.add({path, 0, 0}, "", "is not a file, expected a trace of requests"), false;
  std::ifstream in(path, std::ios::binary);
  if (!in) return problems.add({path, 0, 0}, "", fs::exists(path, code) ? "cannot be read" : "no such file"), false;
  return check_request_trace(in, path, capacity, totals, problems);
}

bool need_dram(const LoadedDesign& design, const std::string& what, Problems& problems) {
  const MemoryConfig& memory = design.design.memory;
  if (memory.dram) return true;
  const std::string kind = memory.sram ? "sram" : "fixed";
  SourceLocation where = {design.file, 0, 0};
  const std::string group = "memory." + kind + ".";
  for (auto it = design.origins.lower_bound(group); it != design.origins.end() && it->first.rfind(group, 0) == 0; ++it)
    if (it->second != "default") {
      where = origin_location(design.origins, design.file, it->first);
      break;
    }
  problems.add(where, "memory",
               fmt::format("is {}; only a dram memory {} (lutetia help standards; configs/memory has some: "
                           "--set memory=ddr4-2400)",
                           kind, what));
  return false;
}

bool load_design(const std::string& text, const std::vector<std::string>& sets, LoadedDesign& out, Problems& problems) {
  out.file = find_file(text, "design", {fs::path("configs/designs")}, problems);
  if (out.file.empty()) return false;
  ReadOptions options;
  options.sets = sets;
  options.base_dir = base_dir_of(out.file);
  if (!read_yaml_file(out.file, out.design, problems, options, &out.origins)) return false;
  if (!check_parts(out.design.memory, "memory", out.origins, out.file, problems)) return false;
  if (!load_technology(options.base_dir, out, problems)) return false;
  out.sha256 = file_sha256(out.file);
  return true;
}

std::size_t known_keys(const std::string& text, const std::vector<std::string>& keys) {
  std::size_t known = 0, at = 0;
  while (at < text.size()) {
    const std::size_t colon = text.find_first_of(":\n", at);
    if (colon == std::string::npos) break;
    if (text[colon] == ':' && std::find(keys.begin(), keys.end(), text.substr(at, colon - at)) != keys.end()) ++known;
    at = text.find('\n', at);
    if (at == std::string::npos) break;
    ++at;
  }
  return known;
}

bool load_graph(const std::string& text, const std::vector<std::string>& sets, dataflow::LoadedGraph& out,
                Problems& problems) {
  const std::string file = find_file(text, "graph", {fs::path("configs/dataflow")}, problems);
  return !file.empty() && dataflow::read_graph_file(file, sets, out, problems);
}

bool load_memory(const std::string& file, MemoryConfig& out, Problems& problems) {
  ReadOptions options;
  options.base_dir = base_dir_of(file);
  Origins origins;
  if (!read_yaml_file(file, out, problems, options, &origins)) return false;
  // The reader's paths begin below `memory`.
  Origins below_memory;
  for (auto& [path, origin] : origins) below_memory["memory." + path] = origin;
  return check_parts(out, "memory", below_memory, file, problems);
}

bool load_model(const std::string& text, const std::string& design_file, const std::vector<std::string>& sets,
                LoadedModel& out, Problems& problems) {
  std::vector<fs::path> folders = {"workloads/models"};
  if (!design_file.empty())
    folders.push_back(fs::path(design_file).parent_path() / ".." / ".." / "workloads" / "models");
  out.file = find_file(text, "model or trace", folders, problems);
  if (out.file.empty()) return false;
  ReadOptions options;
  options.sets = sets;
  Problems found;
  const bool good = read_yaml_file(out.file, out.model, found, options);
  append_renamed(found, design_file.empty() ? "--set" : "--set-model", problems);
  return good;
}

bool expand_options(const ModelConfig& model, const TokenOptions& tokens, ExpandOptions& out, Problems& problems) {
  out.prefill = tokens.prefill.value_or(out.prefill);
  out.decode = tokens.decode.value_or(out.decode);
  out.batch = tokens.batch.value_or(out.batch);
  out.layers = tokens.layers.value_or(out.layers);
  out.past = tokens.past.value_or(out.past);
  Problems found;
  if (out.prefill == 0 && out.decode == 0) found.add({}, "prefill", "no tokens: --prefill and --decode are both 0");
  if (found.empty()) check_expansion(model, out, found);
  for (const Problem& p : found.items()) problems.add({"--" + p.path, 0, 0}, "", p.message);
  return found.empty();
}

bool load_workload(const std::string& text, const std::string& design_file, const TokenOptions& tokens,
                   const std::vector<std::string>& sets, LoadedWorkload& out, Problems& problems) {
  if (is_trace_file(text)) {
    const std::size_t before = problems.size();
    const std::pair<const char*, bool> given[] = {
        {"--prefill", tokens.prefill.has_value()}, {"--decode", tokens.decode.has_value()},
        {"--batch", tokens.batch.has_value()},     {"--past", tokens.past.has_value()},
        {"--layers", tokens.layers.has_value()},   {"--set-model", !sets.empty()}};
    for (const auto& [option, used] : given)
      if (used) problems.add({option, 0, 0}, "", "is for models; a trace has its own tokens and layers");
    out.kind = "trace";
    out.file = text;
    if (!read_trace_file(text, out.trace, problems) || problems.size() != before) return false;
    if (out.trace.operators.empty()) return problems.add({text, 0, 0}, "", "has no operators"), false;
    out.sha256 = file_sha256(text);
    out.digest = sha256_hex("trace " + out.sha256);
    return true;
  }
  LoadedModel loaded;
  ExpandOptions options;
  if (!load_model(text, design_file, sets, loaded, problems)) return false;
  if (!expand_options(loaded.model, tokens, options, problems)) return false;
  out.kind = "model";
  out.file = loaded.file;
  out.sha256 = file_sha256(loaded.file);
  out.digest = sha256_hex(fmt::format("model {} prefill {} decode {} batch {} layers {} past {}", digest(loaded.model),
                                      options.prefill, options.decode, options.batch, options.layers, options.past));
  out.trace = expand(loaded.model, options);
  return true;
}

Problems located(const Problems& problems, const LoadedDesign& design) {
  return located(problems, design.origins, design.file);
}

}  // namespace lutetia
