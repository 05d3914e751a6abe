// Attention as one operator: scores, softmax (and the quantization of its result) and values of a trace become one
// `attention` operator, for machines that stream it. Tensors between them disappear; what the values were called is
// what the attention's output is called.
#pragma once
#include <functional>

#include "workload/trace.h"

namespace lutetia {

/// Every scores/softmax/values group whose fused operator `may_run` on the machine is replaced; the fused operator
/// takes the place, id and step of the values. Other operators keep their order, ids and what they wait for.
Trace fuse_attention(const Trace& trace, const std::function<bool(const Operator& attention)>& may_run);

}  // namespace lutetia
