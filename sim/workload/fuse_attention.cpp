#include "workload/fuse_attention.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace lutetia {
namespace {

/// Positions of the operators of one group in the trace.
struct Group {
  std::size_t scores = 0, softmax = 0, values = 0;
  std::optional<std::size_t> quantize;  ///< between softmax and values
};

bool has_loops(const Operator& op, const TensorUse& tensor, std::initializer_list<const char*> names) {
  return std::equal(tensor.loops.begin(), tensor.loops.end(), names.begin(), names.end(),
                    [&op](std::uint8_t loop, const char* name) { return op.loops[loop].name == name; });
}

/// The operator that wrote what `op` reads as its (first) input, if it is of that kind.
std::optional<std::size_t> writer(const Trace& trace, const std::unordered_map<std::string, std::size_t>& writers,
                                  const Operator& op, OperatorKind kind) {
  const TensorUse* input = find_tensor(op, Role::kInput);
  if (input == nullptr) return {};
  const auto found = writers.find(input->name);
  if (found == writers.end() || trace.operators[found->second].kind != kind) return {};
  return found->second;
}

/// The group that ends in the values at `position`, if there is one of the usual shape.
std::optional<Group> group_at(const Trace& trace, const std::unordered_map<std::string, std::size_t>& writers,
                              std::size_t position) {
  const Operator& values = trace.operators[position];
  const TensorUse* cache = find_tensor(values, Role::kCacheRead);
  if (values.kind != OperatorKind::kMatmul || cache == nullptr || !has_loops(values, *cache, {"b", "h", "k", "n"}))
    return {};
  Group group;
  group.values = position;
  group.quantize = writer(trace, writers, values, OperatorKind::kQuantize);
  const Operator& probabilities = group.quantize ? trace.operators[*group.quantize] : values;
  const auto softmax = writer(trace, writers, probabilities, OperatorKind::kSoftmax);
  if (!softmax) return {};
  group.softmax = *softmax;
  const auto scores = writer(trace, writers, trace.operators[*softmax], OperatorKind::kMatmul);
  if (!scores) return {};
  group.scores = *scores;
  const Operator& s = trace.operators[*scores];
  const TensorUse* keys = find_tensor(s, Role::kCacheRead);
  const TensorUse* queries = find_tensor(s, Role::kInput);
  const TensorUse* output = find_tensor(values, Role::kOutput);
  if (keys == nullptr || !has_loops(s, *keys, {"b", "h", "n", "k"}) || queries == nullptr ||
      !has_loops(s, *queries, {"b", "m", "h", "g", "k"}) || output == nullptr ||
      !has_loops(values, *output, {"b", "m", "h", "g", "n"}))
    return {};
  return group;
}

Operator fused(const Trace& trace, const Group& group) {
  const Operator &scores = trace.operators[group.scores], &values = trace.operators[group.values];
  Operator op;
  op.id = values.id;
  op.kind = OperatorKind::kAttention;
  const std::string suffix = ".scores";
  const bool named = scores.name.size() > suffix.size() &&
                     scores.name.compare(scores.name.size() - suffix.size(), suffix.size(), suffix) == 0;
  op.name = named ? scores.name.substr(0, scores.name.size() - suffix.size()) + ".sdpa" : values.name;
  op.layer = values.layer;
  op.step = values.step;
  op.loops = {{"b", extent(scores, "b")}, {"h", extent(scores, "h")}, {"g", extent(scores, "g")},
              {"m", extent(scores, "m")}, {"n", extent(scores, "n")}, {"k", extent(scores, "k")},
              {"v", extent(values, "n")}};
  op.mask = scores.mask;
  if (op.mask.kind == Mask::Kind::kCausal) op.mask.query = 3, op.mask.key = 4;
  const auto use = [&op](const TensorUse& tensor, std::vector<std::uint8_t> loops) {
    op.tensors.push_back(tensor);
    op.tensors.back().loops = std::move(loops);
  };
  use(*find_tensor(scores, Role::kInput), {0, 3, 1, 2, 5});
  use(*find_tensor(scores, Role::kCacheRead), {0, 1, 4, 5});
  use(*find_tensor(values, Role::kCacheRead), {0, 1, 4, 6});
  use(*find_tensor(values, Role::kOutput), {0, 3, 1, 2, 6});
  return op;
}

}  // namespace

Trace fuse_attention(const Trace& trace, const std::function<bool(const Operator& attention)>& may_run) {
  std::unordered_map<std::string, std::size_t> writers;    // of a tensor: the newest operator, as names recur by step
  std::unordered_map<std::uint64_t, std::uint64_t> gone;   // id of an operator that was fused -> the fused one
  std::unordered_map<std::uint64_t, std::size_t> waiters;  // operators that wait for an id
  for (const Operator& op : trace.operators)
    for (const std::uint64_t id : op.after) ++waiters[id];
  // What lies between scores and values must be nobody else's business.
  const auto inner = [&](std::size_t position) { return waiters[trace.operators[position].id] == 1; };
  std::vector<std::optional<Operator>> replaced(trace.operators.size());
  std::vector<bool> dropped(trace.operators.size());
  for (std::size_t i = 0; i < trace.operators.size(); ++i) {
    if (const auto group = group_at(trace, writers, i)) {
      Operator op = fused(trace, *group);
      if (inner(group->scores) && inner(group->softmax) && (!group->quantize || inner(*group->quantize)) &&
          may_run(op)) {
        std::vector<std::size_t> parts = {group->scores, group->softmax, group->values};
        if (group->quantize) parts.push_back(*group->quantize);
        for (const std::size_t part : parts) {
          const Operator& from = trace.operators[part];
          if (part != group->values) dropped[part] = true, gone[from.id] = op.id;
          op.after.insert(op.after.end(), from.after.begin(), from.after.end());
        }
        replaced[i] = std::move(op);
      }
    }
    for (const TensorUse& tensor : trace.operators[i].tensors)
      if (tensor.role == Role::kOutput) writers[tensor.name] = i;
  }
  Trace out;
  out.header = trace.header;
  for (std::size_t i = 0; i < trace.operators.size(); ++i) {
    if (dropped[i]) continue;
    Operator op = replaced[i] ? std::move(*replaced[i]) : trace.operators[i];
    for (std::uint64_t& id : op.after)
      if (const auto found = gone.find(id); found != gone.end()) id = found->second;
    std::sort(op.after.begin(), op.after.end());
    op.after.erase(std::unique(op.after.begin(), op.after.end()), op.after.end());
    op.after.erase(std::remove(op.after.begin(), op.after.end(), op.id), op.after.end());
    out.operators.push_back(std::move(op));
  }
  return out;
}

}  // namespace lutetia
