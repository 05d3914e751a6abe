#include "workload/trace_checker.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace lutetia {
namespace {

constexpr std::uint64_t kMostTotalPoints = std::uint64_t{1} << 62;

// "[m, k]"
std::string shape_text(const Operator& op, const TensorUse& t) {
  std::string out = "[";
  for (std::size_t i = 0; i < t.loops.size(); ++i) out += (i > 0 ? ", " : "") + op.loops[t.loops[i]].name;
  return out + "]";
}

bool has_loop(const Operator& op, const TensorUse& t, std::string_view loop) {
  return std::any_of(t.loops.begin(), t.loops.end(), [&](std::uint8_t i) { return op.loops[i].name == loop; });
}

bool has_shape(const Operator& op, const TensorUse& t, std::initializer_list<std::string_view> loops) {
  if (t.loops.size() != loops.size()) return false;
  std::size_t i = 0;
  for (std::string_view loop : loops)
    if (op.loops[t.loops[i++]].name != loop) return false;
  return true;
}

std::size_t count(const Operator& op, Role role) {
  return static_cast<std::size_t>(
      std::count_if(op.tensors.begin(), op.tensors.end(), [&](const TensorUse& t) { return t.role == role; }));
}

std::string count_text(std::size_t n, std::string_view what) {
  return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}

}  // namespace

void TraceChecker::add(const DecodedOperator& decoded) {
  check_ids(decoded);
  if (!decoded.good) return;
  check_against_header(decoded);
  check_shape(decoded);
  check_names(decoded);
  const std::uint64_t points = visited_points(decoded.op);
  if (!points_overflow_ && points > kMostTotalPoints - points_) {
    points_overflow_ = true;
    problems_.add(decoded.loops_offset, "loops", "all operators up to here together have more than 2^62 loop points");
  }
  if (!points_overflow_) points_ += points;
}

void TraceChecker::check_ids(const DecodedOperator& decoded) {
  if (!decoded.has_id) {
    ids_missing_ = true;
    return;
  }
  const Operator& op = decoded.op;
  const auto inserted = nodes_.try_emplace(op.id, Node{problems_.line(), op.after});
  if (!inserted.second) {
    problems_.add(
        decoded.id_offset, "id",
        std::to_string(op.id) + " is already the operator on line " + std::to_string(inserted.first->second.line));
    return;
  }
  for (std::size_t i = 0; i < op.after.size(); ++i) {
    const std::uint64_t target = op.after[i];
    if (target == op.id)
      problems_.add(decoded.after_offsets[i], "after[" + std::to_string(i) + "]",
                    "operator " + std::to_string(op.id) + " waits for itself");
    else if (nodes_.find(target) == nodes_.end())
      pending_.push_back({op.id, target, problems_.line(), decoded.after_offsets[i], i});
  }
}

void TraceChecker::check_against_header(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  if (op.layer >= 0 && header_.layers > 0 && static_cast<std::uint64_t>(op.layer) >= header_.layers)
    problems_.add(decoded.layer_offset, "layer",
                  std::to_string(op.layer) + " is outside 0.." + std::to_string(header_.layers - 1) +
                      ": the header says " + std::to_string(header_.layers) + " layers");
  if (op.step > header_.decode)
    problems_.add(
        decoded.step_offset, "step",
        std::to_string(op.step) + " is above the " + std::to_string(header_.decode) + " decode steps of the header");
}

void TraceChecker::fault(const DecodedOperator& decoded, std::size_t tensor, const std::string& message) {
  problems_.add(decoded.tensor_offsets[tensor], "tensors[" + std::to_string(tensor) + "]", message);
}

void TraceChecker::check_shape(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  switch (op.kind) {
    case OperatorKind::kLinear: return check_linear(decoded);
    case OperatorKind::kMatmul: return check_matmul(decoded);
    case OperatorKind::kAttention: return check_attention(decoded);
    case OperatorKind::kMultiply:
    case OperatorKind::kAdd: return check_same_elements(decoded, 2, Role::kInput, Role::kOutput);
    case OperatorKind::kCacheAppend: return check_same_elements(decoded, 1, Role::kInput, Role::kCacheWrite);
    case OperatorKind::kEmbedding:
      if (count(op, Role::kWeight) != 1 || count(op, Role::kOutput) != 1)
        problems_.add(decoded.tensor_offsets[0], "tensors", "embedding needs 1 weight and 1 output");
      return;
    default: return check_same_elements(decoded, 1, Role::kInput, Role::kOutput);
  }
}

void TraceChecker::check_linear(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  for (std::string_view loop : {"m", "n", "k"})
    if (std::none_of(op.loops.begin(), op.loops.end(), [&](const Loop& l) { return l.name == loop; }) ||
        op.loops.size() != 3) {
      problems_.add(decoded.loops_offset, "loops", "linear needs exactly the loops m, n and k");
      return;
    }
  if (count(op, Role::kInput) != 1 || count(op, Role::kWeight) < 1 || count(op, Role::kOutput) != 1 ||
      count(op, Role::kCacheRead) + count(op, Role::kCacheWrite) != 0) {
    problems_.add(decoded.tensor_offsets[0], "tensors", "linear needs 1 input, 1 weight (then biases) and 1 output");
    return;
  }
  bool bias = false;
  for (std::size_t i = 0; i < op.tensors.size(); ++i) {
    const TensorUse& t = op.tensors[i];
    const std::string got = ", got " + shape_text(op, t);
    if (t.role == Role::kInput && !has_shape(op, t, {"m", "k"}))
      fault(decoded, i, "the input of linear is [m, k]" + got);
    if (t.role == Role::kOutput && !has_shape(op, t, {"m", "n"}))
      fault(decoded, i, "the output of linear is [m, n]" + got);
    if (t.role != Role::kWeight) continue;
    if (!bias && !has_shape(op, t, {"n", "k"})) fault(decoded, i, "the weight of linear is [n, k]" + got);
    if (bias && !has_shape(op, t, {"n"})) fault(decoded, i, "the bias of linear is [n]" + got);
    bias = true;
  }
}

void TraceChecker::check_matmul(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  const std::size_t operands = count(op, Role::kInput) + count(op, Role::kCacheRead);
  if (operands != 2 || count(op, Role::kOutput) != 1 || op.tensors.size() != 3) {
    problems_.add(decoded.tensor_offsets[0], "tensors", "matmul needs 2 inputs or cache reads and 1 output");
    return;
  }
  bool second = false;
  for (std::size_t i = 0; i < op.tensors.size(); ++i) {
    const TensorUse& t = op.tensors[i];
    const bool m = has_loop(op, t, "m"), n = has_loop(op, t, "n"), k = has_loop(op, t, "k");
    if (t.role == Role::kOutput) {
      if (!m || !n || k) fault(decoded, i, "the output of matmul has m and n, not k; got " + shape_text(op, t));
      continue;
    }
    if (!second && (!m || n || !k))
      fault(decoded, i, "the first operand of matmul has m and k, not n; got " + shape_text(op, t));
    if (second && (m || !n || !k))
      fault(decoded, i, "the second operand of matmul has n and k, not m; got " + shape_text(op, t));
    second = true;
  }
}

void TraceChecker::check_attention(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  const std::initializer_list<std::string_view> loops = {"b", "h", "g", "m", "n", "k", "v"};
  const auto named = [&](std::string_view name) {
    return std::any_of(op.loops.begin(), op.loops.end(), [&](const Loop& l) { return l.name == name; });
  };
  if (op.loops.size() != loops.size() || !std::all_of(loops.begin(), loops.end(), named)) {
    problems_.add(decoded.loops_offset, "loops", "attention needs exactly the loops b, h, g, m, n, k and v");
    return;
  }
  if (count(op, Role::kInput) != 1 || count(op, Role::kCacheRead) != 2 || count(op, Role::kOutput) != 1 ||
      op.tensors.size() != 4) {
    problems_.add(decoded.tensor_offsets[0], "tensors",
                  "attention needs 1 input (queries), 2 cache reads (keys, values) and 1 output");
    return;
  }
  const Role roles[] = {Role::kInput, Role::kCacheRead, Role::kCacheRead, Role::kOutput};
  for (std::size_t i = 0; i < op.tensors.size(); ++i)
    if (op.tensors[i].role != roles[i]) {
      fault(decoded, i, "the tensors of attention are queries, keys, values, output, in this order");
      return;
    }
  if (op.mask.kind == Mask::Kind::kCausal && (op.loops[op.mask.query].name != "m" || op.loops[op.mask.key].name != "n"))
    problems_.add(decoded.loops_offset, "mask", "the mask of attention has the query m and the key n");
  if (const TensorUse* values = values_in_keys(op)) {
    const TensorUse& keys = op.tensors[1];
    if (extent(op, "v") > extent(op, "k"))
      fault(decoded, 2, "are the first elements of their keys, " + values->name + ", but v is more than k");
    // One cached tensor has one set of scales.
    if (is_integer(*keys.format) && values->group != keys.group)
      fault(decoded, 2, "are part of their keys, " + values->name + ", but have another group");
  }
  bool keys = true;
  for (std::size_t i = 0; i < op.tensors.size(); ++i) {
    const TensorUse& t = op.tensors[i];
    const std::string got = ", got " + shape_text(op, t);
    if (t.role == Role::kInput && !has_shape(op, t, {"b", "m", "h", "g", "k"}))
      fault(decoded, i, "the queries of attention are [b, m, h, g, k]" + got);
    if (t.role == Role::kOutput && !has_shape(op, t, {"b", "m", "h", "g", "v"}))
      fault(decoded, i, "the output of attention is [b, m, h, g, v]" + got);
    if (t.role != Role::kCacheRead) continue;
    if (keys && !has_shape(op, t, {"b", "h", "n", "k"}))
      fault(decoded, i, "the keys of attention are [b, h, n, k]" + got);
    if (!keys && !has_shape(op, t, {"b", "h", "n", "v"}))
      fault(decoded, i, "the values of attention are [b, h, n, v]" + got);
    keys = false;
  }
}

void TraceChecker::check_same_elements(const DecodedOperator& decoded, std::size_t inputs, Role from, Role to) {
  const Operator& op = decoded.op;
  if (count(op, from) != inputs || count(op, to) != 1) {
    problems_.add(
        decoded.tensor_offsets[0], "tensors",
        std::string(name(op.kind)) + " needs " + count_text(inputs, name(from)) + " and " + count_text(1, name(to)));
    return;
  }
  const std::uint64_t expected = elements(op, *find_tensor(op, to));
  for (std::size_t i = 0; i < op.tensors.size(); ++i)
    if (op.tensors[i].role == from && elements(op, op.tensors[i]) != expected)
      fault(decoded, i,
            "has " + std::to_string(elements(op, op.tensors[i])) + " elements, but what " + std::string(name(op.kind)) +
                " writes has " + std::to_string(expected));
}

void TraceChecker::check_names(const DecodedOperator& decoded) {
  const Operator& op = decoded.op;
  for (std::size_t i = 0; i < op.tensors.size(); ++i) {
    const TensorUse& t = op.tensors[i];
    const bool cache = t.role == Role::kCacheRead || t.role == Role::kCacheWrite;
    if (t.role == Role::kOutput) continue;
    auto& names = cache ? caches_ : t.role == Role::kWeight ? weights_ : activations_;
    const Known here{t.part || cache ? 0 : elements(op, t), t.format, problems_.line()};
    // Weights and caches are what their first use says; an activation is what its latest writer says.
    const auto found = t.role == Role::kInput ? names.find(t.name) : names.try_emplace(t.name, here).first;
    if (found == names.end()) continue;  // comes from outside of the trace
    Known& known = found->second;
    const std::string there = t.name + " on line " + std::to_string(known.line);
    if (known.format != t.format)
      fault(decoded, i,
            "is " + std::string(t.format->name) + ", but " + there + " is " + std::string(known.format->name));
    const std::uint64_t touched = elements(op, t);
    if (known.elements == 0) {
      known.elements = here.elements;
    } else if (t.part ? touched > known.elements && t.role == Role::kInput : !cache && touched != known.elements) {
      fault(decoded, i,
            "has " + std::to_string(touched) + " elements, but " + there + " has " + std::to_string(known.elements));
    }
  }
  for (const TensorUse& t : op.tensors)
    if (t.role == Role::kOutput) activations_[t.name] = {t.part ? 0 : elements(op, t), t.format, problems_.line()};
}

void TraceChecker::finish() {
  std::size_t budget = 1'000'000;  // steps of search over all reports: a cycle is named if it can be found cheaply
  for (const Pending& p : pending_) {
    const std::string path = "after[" + std::to_string(p.index) + "]";
    const auto target = nodes_.find(p.to);
    if (target == nodes_.end()) {
      if (!ids_missing_) problems_.add_at(p.line, p.offset, path, "no operator has the id " + std::to_string(p.to));
      continue;
    }
    std::vector<std::uint64_t> cycle;
    if (problems_.count() < TraceProblems::kPrinted) cycle = path_between(p.to, p.from, budget);
    std::string message;
    if (!cycle.empty()) {
      message = "cycle: " + std::to_string(p.from);
      constexpr std::size_t kShown = 8;
      for (std::size_t i = 0; i < cycle.size() && i < kShown; ++i) message += " waits for " + std::to_string(cycle[i]);
      if (cycle.size() > kShown) message += " waits for ... " + std::to_string(p.from);
    } else {
      message = "operator " + std::to_string(p.to) + " comes later, on line " + std::to_string(target->second.line) +
                "; operators stand behind those they wait for";
    }
    problems_.add_at(p.line, p.offset, path, message);
  }
}

// Ids along `after` edges from one operator to another, both included; empty if there is no way or the budget is spent.
std::vector<std::uint64_t> TraceChecker::path_between(std::uint64_t from, std::uint64_t to, std::size_t& budget) const {
  std::unordered_map<std::uint64_t, std::uint64_t> came_from{{from, from}};
  std::vector<std::uint64_t> queue{from};
  for (std::size_t next = 0; next < queue.size() && budget > 0; ++next, --budget) {
    const std::uint64_t id = queue[next];
    if (id == to) {
      std::vector<std::uint64_t> path{id};
      while (path.back() != from) path.push_back(came_from.at(path.back()));
      std::reverse(path.begin(), path.end());
      return path;
    }
    const auto node = nodes_.find(id);
    if (node == nodes_.end()) continue;
    for (std::uint64_t before : node->second.after)
      if (came_from.emplace(before, id).second) queue.push_back(before);
  }
  return {};
}

}  // namespace lutetia
