#include "workload/trace_decoder.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "workload/object_reader.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint8_t> loop_index(const Operator& op, std::string_view name) {
  for (std::size_t i = 0; i < op.loops.size(); ++i)
    if (op.loops[i].name == name) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

std::string unknown_loop(const Operator& op, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Loop& l : op.loops) names.push_back(l.name);
  return "unknown loop " + with_suggestion(name, names);
}

void decode_loops(ObjectReader& line, Operator& op, TraceProblems& problems) {
  const JsonNode* loops = line.value("loops", JsonNode::Type::kObject);
  if (loops == nullptr) return;
  if (loops->members.empty() || loops->members.size() > kMostLoops) {
    problems.add(
        loops->offset, "loops",
        "expected 1 to " + std::to_string(kMostLoops) + " loops, got " + std::to_string(loops->members.size()));
    return;
  }
  std::uint64_t points = 1;
  bool fits = true;
  for (const JsonMember& m : loops->members) {
    const std::string path = "loops." + m.key;
    if (m.repeated || m.key.empty()) {
      problems.add(m.offset, path, m.repeated ? "duplicate key" : "a loop needs a name");
      continue;
    }
    const std::optional<std::uint64_t> extent = line.number(m.value, path, 1, kLargestExtent);
    op.loops.push_back({m.key, extent.value_or(1)});
    fits = fits && op.loops.back().extent <= kMostPoints / points;
    if (fits) points *= op.loops.back().extent;
  }
  if (!fits) problems.add(loops->offset, "loops", "the extents multiply to more than 2^56");
}

void decode_tensor(ObjectReader& reader, const std::string& path, const Operator& op, TensorUse& t,
                   TraceProblems& problems) {
  if (!reader.check({"name", "role", "format", "group?", "part?", "loops"})) return;
  t.name = reader.word("name").value_or("");
  t.role = static_cast<Role>(reader.choice("role", role_names(), "role").value_or(0));
  t.format = reader.format("format");
  if (const JsonMember* group = reader.node().find("group")) {
    if (group->value.type == JsonNode::Type::kString && group->value.text == "tensor")
      t.group = kScalePerTensor;
    else if (group->value.type == JsonNode::Type::kString)
      problems.add(group->value.offset, path + ".group", "expected a number of elements, 0 for a row, or \"tensor\"");
    else
      t.group = static_cast<std::uint32_t>(
          reader.number(group->value, path + ".group", 0, std::uint64_t{kScalePerTensor} - 1).value_or(0));
  }
  if (const JsonNode* part = reader.value("part", JsonNode::Type::kBool)) t.part = part->boolean;
  const JsonNode* loops = reader.value("loops", JsonNode::Type::kArray);
  if (loops == nullptr) return;
  for (std::size_t i = 0; i < loops->items.size(); ++i) {
    const JsonNode& item = loops->items[i];
    const std::string place = path + ".loops[" + std::to_string(i) + "]";
    if (item.type != JsonNode::Type::kString) {
      problems.add(item.offset, place, std::string("expected the name of a loop, got ") + type_name(item.type));
    } else if (op.loops.empty()) {
      return;  // they could not be read, which is reported
    } else if (const std::optional<std::uint8_t> index = loop_index(op, item.text); !index) {
      problems.add(item.offset, place, unknown_loop(op, item.text));
    } else if (std::find(t.loops.begin(), t.loops.end(), *index) != t.loops.end()) {
      problems.add(item.offset, place, "loop \"" + item.text + "\" stands here twice");
    } else {
      t.loops.push_back(*index);
    }
  }
}

void decode_mask(const JsonNode& node, Operator& op, TraceProblems& problems) {
  ObjectReader mask(node, "mask", problems);
  if (!mask.check({"kind", "past?", "query?", "key?", "window?", "sinks?"})) return;
  const std::optional<std::size_t> kind = mask.choice("kind", {"none", "causal"}, "mask");
  if (kind.value_or(0) == 0) return;
  op.mask.kind = Mask::Kind::kCausal;
  op.mask.past = mask.number("past", 0, kLargestExtent).value_or(0);
  op.mask.window = mask.number("window", 0, kLargestExtent).value_or(0);
  op.mask.sinks = mask.number("sinks", 0, kLargestExtent).value_or(0);
  if (op.mask.sinks > 0 && op.mask.window == 0)
    problems.add(mask.offset("sinks"), "mask.sinks", "sinks are what a window keeps: they need the key \"window\"");
  const auto loop = [&](std::string_view key, std::uint8_t& index) {
    const std::optional<std::string> name = mask.word(key);
    if (!name) {
      if (node.find(key) == nullptr)
        problems.add(node.offset, "mask",
                     "a causal mask needs the key \"" + std::string(key) + "\": the name of a loop");
      return false;
    }
    const std::optional<std::uint8_t> found = loop_index(op, *name);
    if (!found) problems.add(mask.offset(key), mask.at(key), unknown_loop(op, *name));
    index = found.value_or(0);
    return found.has_value();
  };
  const bool query = loop("query", op.mask.query), key = loop("key", op.mask.key);
  if (query && key && op.mask.query == op.mask.key)
    problems.add(mask.offset("key"), "mask.key", "must be another loop than the query");
  else if (key && op.mask.past >= op.loops[op.mask.key].extent)
    problems.add(mask.offset("past"), "mask.past",
                 std::to_string(op.mask.past) + " cached keys, but loop \"" + op.loops[op.mask.key].name +
                     "\" has only " + std::to_string(op.loops[op.mask.key].extent));
}

}  // namespace

bool decode_header(const JsonNode& line, DecodedHeader& out, TraceProblems& problems) {
  ObjectReader reader(line, "", problems);
  if (line.type == JsonNode::Type::kObject && line.find("lutetia_trace") == nullptr) {
    problems.add(line.offset, "", "the first line must be a header: {\"lutetia_trace\":1,\"model\":\"...\",...}");
    return false;
  }
  if (!reader.check({"lutetia_trace", "model", "prefill?", "decode?", "batch?", "past?", "layers?", "formats?",
                     "source?", "operators?"}))
    return false;
  if (!reader.number("lutetia_trace", 1, 1)) return false;  // another version may mean anything
  TraceHeader& h = out.header;
  h.model = reader.text("model").value_or("");
  h.prefill = reader.number("prefill", 0, kLargestExtent).value_or(0);
  h.decode = reader.number("decode", 0, std::numeric_limits<std::uint32_t>::max()).value_or(0);
  h.batch = reader.number("batch", 1, kLargestExtent).value_or(1);
  h.past = reader.number("past", 0, kLargestExtent).value_or(0);
  h.layers = reader.number("layers", 0, std::numeric_limits<std::int32_t>::max()).value_or(0);
  h.source = reader.text("source").value_or("");
  if (const JsonNode* formats = reader.value("formats", JsonNode::Type::kObject)) {
    ObjectReader uses(*formats, "formats", problems);
    for (const JsonMember& m : formats->members) {
      if (m.repeated)
        problems.add(m.offset, "formats." + m.key, "duplicate key");
      else if (const NumberFormat* format = uses.format(m.key))
        h.formats.emplace_back(m.key, format->name);
    }
  }
  out.counted = line.find("operators") != nullptr;
  out.operators = reader.number("operators", 0, kAnyNumber).value_or(0);
  out.operators_offset = reader.offset("operators");
  return true;
}

void decode_operator(const JsonNode& line, DecodedOperator& out, TraceProblems& problems) {
  const std::size_t before = problems.count();
  ObjectReader reader(line, "", problems);
  if (!reader.check({"id", "kind", "name", "layer?", "step?", "loops", "tensors", "mask?", "after?"})) return;
  Operator& op = out.op;
  const std::optional<std::uint64_t> id = reader.number("id", 0, kAnyNumber);
  out.has_id = id.has_value();
  op.id = id.value_or(0);
  op.kind = static_cast<OperatorKind>(reader.choice("kind", operator_kind_names(), "kind").value_or(0));
  op.name = reader.word("name").value_or("");
  const JsonMember* layer = line.find("layer");
  const bool no_layer =
      layer != nullptr && layer->value.type == JsonNode::Type::kNegative && layer->value.negative == -1;
  if (!no_layer) {
    const std::optional<std::uint64_t> n = reader.number("layer", 0, std::numeric_limits<std::int32_t>::max());
    op.layer = n ? static_cast<int>(*n) : -1;
  }
  op.step = static_cast<std::uint32_t>(reader.number("step", 0, std::numeric_limits<std::uint32_t>::max()).value_or(0));
  out.id_offset = reader.offset("id");
  out.layer_offset = reader.offset("layer");
  out.step_offset = reader.offset("step");
  out.loops_offset = reader.offset("loops");
  decode_loops(reader, op, problems);
  if (const JsonNode* tensors = reader.value("tensors", JsonNode::Type::kArray)) {
    if (tensors->items.empty() || tensors->items.size() > kMostTensors)
      problems.add(
          tensors->offset, "tensors",
          "expected 1 to " + std::to_string(kMostTensors) + " tensors, got " + std::to_string(tensors->items.size()));
    else
      for (std::size_t i = 0; i < tensors->items.size(); ++i) {
        const std::string path = "tensors[" + std::to_string(i) + "]";
        ObjectReader tensor(tensors->items[i], path, problems);
        op.tensors.emplace_back();
        out.tensor_offsets.push_back(tensors->items[i].offset);
        decode_tensor(tensor, path, op, op.tensors.back(), problems);
      }
  }
  if (const JsonMember* mask = line.find("mask")) decode_mask(mask->value, op, problems);
  if (const JsonNode* after = reader.value("after", JsonNode::Type::kArray)) {
    for (std::size_t i = 0; i < after->items.size(); ++i) {
      const JsonNode& item = after->items[i];
      const std::string path = "after[" + std::to_string(i) + "]";
      const std::optional<std::uint64_t> target = reader.number(item, path, 0, kAnyNumber);
      if (!target) continue;
      if (!op.after.empty() && *target <= op.after.back()) {
        problems.add(
            item.offset, path,
            "ids must ascend: " + std::to_string(*target) + " stands behind " + std::to_string(op.after.back()));
        continue;
      }
      op.after.push_back(*target);
      out.after_offsets.push_back(item.offset);
    }
  }
  out.good = problems.count() == before;
}

}  // namespace lutetia
