// Tiles of attention on an attention unit. Keys and values of as many heads as fit stay while queries stream past them.
// If not even one head fits, keys come in tiles: as many queries as there is room for partial results meet each of
// them; or, where that is no more than the unit holds anyway, queries and accumulators stay in the unit.
#pragma once
#include "mapping/operator_plan.h"

namespace lutetia {

/// False if the operator does not fit the machine; `fault` says what is too small.
bool plan_attention(const Operator& op, const MachineShape& machine, OperatorPlan& plan, MappingFault& fault);

/// Keys of a tile that any query token of `tile` sees: whether the tile from key `key` on, of `keys` keys, has some.
bool sees_keys(const AttentionTile& tile, std::uint64_t first_query, std::uint64_t last_query, std::uint64_t key,
               std::uint64_t keys);

/// Of such a tile the keys that are loaded: whole blocks from the first that some of the queries see to the last; from
/// the tile's beginning if it holds sinks, and no more than these if the windows begin behind it. All of them if all
/// keys fit a tile, as they stay for the other queries.
struct KeyRange {
  std::uint64_t begin = 0, end = 0;
};
KeyRange loaded_keys(const AttentionPlan& plan, std::uint64_t first_query, std::uint64_t last_query, std::uint64_t key);

}  // namespace lutetia
