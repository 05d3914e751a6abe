// Random operators of every kind with ragged sizes, and random machines from far too small to ample.
#pragma once
#include <string>
#include <vector>

#include "base/random.h"
#include "mapping/machine_shape.h"
#include "workload/trace.h"

namespace lutetia {

class RandomTrace {
 public:
  explicit RandomTrace(std::uint64_t seed) : random_(seed) {}

  Trace trace(std::size_t operators) {
    Trace trace;
    for (std::size_t i = 0; i < operators; ++i) {
      Operator op = random_operator();
      op.id = 10 * i + 1;
      op.name = "op" + std::to_string(i);
      for (TensorUse& tensor : op.tensors) tensor.name = op.name + "." + tensor.name;
      for (const Operator& before : trace.operators)
        if (random_.bernoulli(0.3)) op.after.push_back(before.id);
      trace.operators.push_back(std::move(op));
    }
    return trace;
  }
  MachineShape machine() {
    MachineShape shape;
    MatrixUnitShape& m = shape.matrix;
    m.present = random_.bernoulli(0.8);
    m.rows = pick(1, 4);
    m.lanes = pick(6, 16);
    m.blocks = pick(1, 4);
    m.unit = "a_core";
    m.group_length = pick(2, 6);
    m.weight_bits = random_.bernoulli(0.3) ? pick(2, 8) : 1;
    m.max_planes = m.weight_bits > 1 ? 1 : pick(1, 4);
    m.activation_bits = random_.bernoulli(0.7) ? 8 : 16;
    for (std::size_t planes = 1; planes < m.safe_group_elements.size(); ++planes)
      m.safe_group_elements[planes] = 16 + random_.below(100);
    m.slots = slots();
    shape.vector.lanes = pick(1, 64);
    shape.vector.slot_bytes = 64 + random_.below(std::uint64_t{1} << pick(6, 14));
    shape.vector.slots = slots();
    return shape;
  }

 private:
  std::uint32_t pick(int low, int high) { return static_cast<std::uint32_t>(random_.between(low, high)); }
  const NumberFormat* format(std::vector<const char*> names) {
    return find_number_format(names[random_.below(names.size())]);
  }
  /// One size in the range, or one that fills an array or slot evenly.
  std::uint64_t size(int most) { return random_.bernoulli(0.3) ? 8 : pick(1, most); }
  SlotSizes slots() {
    return {16 + random_.below(std::uint64_t{1} << pick(5, 12)), 16 + random_.below(std::uint64_t{1} << pick(5, 12)),
            16 + random_.below(std::uint64_t{1} << pick(5, 12))};
  }

  Operator random_operator() {
    Operator op;
    op.kind = static_cast<OperatorKind>(random_.below(operator_kind_names().size()));
    const NumberFormat* hidden = format({"fp16", "fp32", "bf16"});
    if (op.kind == OperatorKind::kLinear) {
      op.loops = {{"m", size(20)}, {"n", size(40)}, {"k", size(60)}};
      const std::uint32_t groups[] = {0, kScalePerTensor, 4, 8, 12, 3};
      op.tensors = {{"x", Role::kInput, false, format({"int8", "int8", "int16", "fp16"}), 0, {0, 2}},
                    {"w",
                     Role::kWeight,
                     false,
                     format({"ternary", "int1", "int2", "int3", "int4", "tl2", "int8", "fp16"}),
                     groups[random_.below(6)],
                     {1, 2}}};
      if (random_.bernoulli(0.4)) op.tensors.push_back({"bias", Role::kWeight, false, hidden, 0, {1}});
      op.tensors.push_back({"y", Role::kOutput, false, hidden, 0, {0, 1}});
    } else if (op.kind == OperatorKind::kMatmul) {
      op.loops = {{"b", pick(1, 8)}, {"h", pick(1, 6)}, {"g", pick(1, 2)},
                  {"m", size(9)},    {"n", size(20)},   {"k", size(20)}};
      const Role second = random_.bernoulli(0.7) ? Role::kCacheRead : Role::kInput;
      op.tensors = {{"q", Role::kInput, false, hidden, 0, {0, 1, 2, 3, 5}},
                    {"cache", second, false, format({"fp16", "int8"}), 0, {0, 1, 4, 5}},
                    {"s", Role::kOutput, false, hidden, 0, {0, 1, 2, 3, 4}}};
      if (random_.bernoulli(0.4)) op.mask = {Mask::Kind::kCausal, pick(0, 10), 3, 4};
    } else {
      op.loops = {{"b", pick(1, 3)}, {"m", size(30)}, {"n", size(50)}};
      const bool embedding = op.kind == OperatorKind::kEmbedding;
      op.tensors = {{"x", embedding ? Role::kWeight : Role::kInput, embedding, hidden, 0, {0, 1, 2}}};
      if (op.kind == OperatorKind::kMultiply || op.kind == OperatorKind::kAdd)
        op.tensors.push_back({"x2", Role::kInput, false, hidden, 0, {0, 1, 2}});
      if (op.kind == OperatorKind::kRmsNorm || op.kind == OperatorKind::kLayerNorm)
        op.tensors.push_back({"w", Role::kWeight, false, hidden, 0, {2}});
      const bool append = op.kind == OperatorKind::kCacheAppend;
      const NumberFormat* out = op.kind == OperatorKind::kQuantize ? find_number_format("int8") : hidden;
      op.tensors.push_back({"y", append ? Role::kCacheWrite : Role::kOutput, false, out, 0, {0, 1, 2}});
      if (op.kind == OperatorKind::kSoftmax && random_.bernoulli(0.5))
        op.mask = {Mask::Kind::kCausal, pick(0, 20), 1, 2};
    }
    return op;
  }

  Random random_;
};

}  // namespace lutetia
