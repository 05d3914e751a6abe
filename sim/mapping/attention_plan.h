// Tiles of attention on an attention unit: keys and values of as many heads as fit stay while queries stream past them;
// if not even one head fits, one row of contexts stays and the keys stream.
#pragma once
#include "mapping/operator_plan.h"

namespace lutetia {

/// False if the operator does not fit the machine; `fault` says what is too small.
bool plan_attention(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault);

/// Keys of a tile that any query token of `tile` sees: whether the tile from key `key` on, of `keys` keys, has some.
bool sees_keys(const AttentionTile& tile, std::uint64_t first_query, std::uint64_t last_query, std::uint64_t key,
               std::uint64_t keys);

}  // namespace lutetia
