#include "workload/gemm.h"

namespace lutetia {

Trace gemm_trace(const GemmOptions& options) {
  Trace trace;
  TraceHeader& h = trace.header;
  h.model = "gemm-" + std::to_string(options.m) + "x" + std::to_string(options.n) + "x" + std::to_string(options.k);
  h.prefill = options.m;
  h.layers = options.repeat;
  h.formats = {{"weight", std::string(options.weight->name)},
               {"activation", std::string(options.activation->name)},
               {"hidden", std::string(options.output->name)}};
  h.source = "one matrix product";
  for (std::uint64_t i = 0; i < options.repeat; ++i) {
    Operator op;
    op.id = i;
    op.kind = OperatorKind::kLinear;
    op.layer = static_cast<int>(i);
    op.name = "layers." + std::to_string(i) + ".gemm";
    op.loops = {{"m", options.m}, {"n", options.n}, {"k", options.k}};
    op.tensors = {{"a", Role::kInput, false, options.activation, 0, {0, 2}},
                  {op.name + ".weight", Role::kWeight, false, options.weight, options.weight_group, {1, 2}},
                  {op.name, Role::kOutput, false, options.output, 0, {0, 1}}};
    trace.operators.push_back(std::move(op));
  }
  return trace;
}

}  // namespace lutetia
