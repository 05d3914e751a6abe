#include "report/recording_json.h"

#include <nlohmann/json.hpp>

#include "cosim/bench.h"

namespace lutetia {

std::string recording_json(const UnitRecording& recording, const std::string& design, const std::string& workload,
                           std::uint64_t seed) {
  using Json = nlohmann::ordered_json;
  Json parameters = Json::object(), inputs = Json::object(), outputs = Json::object();
  for (const auto& [name, value] : recording.parameters) parameters[name] = value;
  for (std::size_t i = 0; i < recording.inputs.size(); ++i) {
    Json& payloads = inputs[recording.inputs[i].name] = Json::array();
    for (const Payload& payload : recording.pushed[i]) payloads.push_back(to_text(payload));
  }
  for (std::size_t o = 0; o < recording.outputs.size(); ++o)
    outputs[recording.outputs[o].name] = recording.popped[o].size();
  const Json json = {{"schema", kRecordingSchema}, {"unit", recording.unit}, {"parameters", parameters},
                     {"design", design},           {"workload", workload},   {"seed", seed},
                     {"inputs", inputs},           {"outputs", outputs}};
  return json.dump(1) + "\n";
}

}  // namespace lutetia
