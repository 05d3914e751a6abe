// Functions of linear recurrences, s = a s + b, and of their associative operator, the composition of the maps
// x -> a x + b: (a', b') after (a, b) is (a' a, a' b + b'). Online softmax rescales its sums by it, state-space models
// (Mamba, arXiv 2312.00752) update their state by it, and since it is associative, stretches of a sequence can be
// composed side by side and put together later. Several recurrences side by side are pairs in a row: a0, b0, a1, b1,
// ...
#pragma once
#include <vector>

#include "dataflow/functions.h"

namespace lutetia::dataflow {

void add_scan_functions(std::vector<ValueFunction>& functions);

}  // namespace lutetia::dataflow
