#include "gates/recorded_operands.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "gates/hexadecimal.h"

namespace lutetia {
namespace {

using Json = nlohmann::json;

class Reader {
 public:
  Reader(std::string file, RecordedOperands& out, Problems& problems)
      : file_(std::move(file)), out_(out), problems_(problems) {}

  void read(const Json& json) {
    if (!json.is_object()) return fault("", "expected an object");
    if (number(json, "schema") != 1) return fault("schema", "expected 1");
    out_.unit = text(json, "unit", true);
    out_.design = text(json, "design", false);
    out_.workload = text(json, "workload", false);
    if (json.contains("seed")) out_.seed = number(json, "seed").value_or(0);
    const Json& parameters = object(json, "parameters");
    for (const auto& [name, value] : parameters.items())
      if (const auto n = unsigned_of("parameters." + name, value)) out_.parameters[name] = *n;
    const Json& outputs = object(json, "outputs");
    for (const auto& [name, value] : outputs.items())
      if (const auto n = unsigned_of("outputs." + name, value)) out_.outputs[name] = *n;
    const Json& inputs = object(json, "inputs");
    for (const auto& [name, value] : inputs.items()) {
      std::vector<std::string>& payloads = out_.inputs[name];
      if (!value.is_array()) fault("inputs." + name, "expected an array");
      for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        if (!value[i].is_string()) return fault(fmt::format("inputs.{}.{}", name, i), "expected a text");
        payloads.push_back(value[i].get<std::string>());
      }
    }
  }

 private:
  void fault(const std::string& path, const std::string& message) { problems_.add({file_, 0, 0}, path, message); }
  std::optional<std::uint64_t> unsigned_of(const std::string& path, const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    fault(path, "expected a whole number");
    return std::nullopt;
  }
  std::optional<std::uint64_t> number(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found != json.end()) return unsigned_of(key, *found);
    fault(key, "missing");
    return std::nullopt;
  }
  std::string text(const Json& json, const char* key, bool required) {
    const auto found = json.find(key);
    if (found == json.end() && !required) return {};
    if (found != json.end() && found->is_string()) return found->get<std::string>();
    fault(key, "expected a text");
    return {};
  }
  const Json& object(const Json& json, const char* key) {
    static const Json nothing = Json::object();
    const auto found = json.find(key);
    if (found != json.end() && found->is_object()) return *found;
    fault(key, "expected an object");
    return nothing;
  }

  std::string file_;
  RecordedOperands& out_;
  Problems& problems_;
};

}  // namespace

bool parse_recorded_operands(const std::string& text, const std::string& file, RecordedOperands& out,
                             Problems& problems) {
  const std::size_t before = problems.size();
  try {
    Reader(file, out, problems).read(Json::parse(text));
  } catch (const Json::exception& e) {
    problems.add({file, 0, 0}, "", std::string("not a JSON file: ") + e.what());
  }
  return problems.size() == before;
}

bool read_recorded_operands(const std::string& path, RecordedOperands& out, Problems& problems) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    problems.add({path, 0, 0}, "", "cannot be read");
    return false;
  }
  return parse_recorded_operands(text.str(), path, out, problems);
}

bool to_program(const RecordedOperands& operands, const StreamUnit& model, const std::string& file, BenchProgram& out,
                Problems& problems) {
  const std::size_t before = problems.size();
  std::size_t inputs = 0, outputs = 0;
  out = BenchProgram();
  for (const StreamPort& port : model.inputs()) {
    out.inputs.emplace_back();
    const auto found = operands.inputs.find(port.name);
    if (found == operands.inputs.end()) {
      problems.add({file, 0, 0}, "inputs." + port.name, "missing, though the unit has this port");
      continue;
    }
    ++inputs;
    for (std::size_t i = 0; i < found->second.size(); ++i) {
      std::optional<Payload> payload = payload_from_hexadecimal(found->second[i], port.bits);
      if (!payload) {
        problems.add({file, 0, 0}, fmt::format("inputs.{}.{}", port.name, i),
                     fmt::format("expected {} bits in hexadecimal digits", port.bits));
        break;
      }
      out.inputs.back().push_back(std::move(*payload));
    }
  }
  for (const StreamPort& port : model.outputs()) {
    const auto found = operands.outputs.find(port.name);
    outputs += found != operands.outputs.end() ? 1 : 0;
    out.outputs.push_back(found != operands.outputs.end() ? found->second : 0);
    if (found == operands.outputs.end())
      problems.add({file, 0, 0}, "outputs." + port.name, "missing, though the unit has this port");
  }
  if (problems.size() == before && (inputs != operands.inputs.size() || outputs != operands.outputs.size()))
    problems.add({file, 0, 0}, "inputs", "names a port that the unit does not have");
  return problems.size() == before;
}

}  // namespace lutetia
