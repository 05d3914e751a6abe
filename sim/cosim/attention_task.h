// One command of the attention unit by meaning: what its beats hold, by row, key and element. The benches draw tasks,
// pack them into beats and give them to the oracles.
#pragma once
#include <cstdint>
#include <vector>

#include "units/attention/attention_command.h"
#include "units/attention/attention_config.h"

namespace lutetia {

/// What the keys that counted amount to, in real numbers: sums of 2^x and of 2^x * v over them, and how far a unit that
/// obeys the contract may be away from these sums.
struct AttentionMeaning {
  bool any = false;
  long double largest = 0;  ///< no less than the unit's running maximum
  long double sum = 0, sum_error = 0;
  std::vector<long double> weighted, weighted_error;  ///< [element]
};

__extension__ using AttentionExactInt = __int128;

/// A partial result of one context as it lies on the streams `state` and `partial`, with what it stands for.
struct AttentionPartial {
  bool any = false;  ///< something counted
  std::uint64_t sum = 0;
  std::int32_t maximum = 0;
  std::vector<AttentionExactInt> accumulator;  ///< [element]
  AttentionMeaning meaning;
};

struct AttentionTaskScale {
  std::uint32_t factor = 0;  ///< multiplier of a key, fraction of a value
  std::uint32_t zero = 0;
};

struct AttentionTaskKey {
  std::uint64_t number = 0;
  std::vector<std::uint32_t> key, value;                   ///< codes, [element]
  std::vector<AttentionTaskScale> key_scale, value_scale;  ///< [group]; empty without scales
};

struct AttentionTaskMask {
  std::int32_t bias = 0;
  bool seen = true;
};

struct AttentionTask {
  AttentionCommand command;
  std::uint32_t keys_per_block = 0, dims = 0;
  std::vector<AttentionRow> rows;                 ///< [context]; of the whole chain
  std::vector<std::vector<std::uint32_t>> query;  ///< codes, [context][element]; of the whole chain
  std::vector<AttentionTaskKey> keys;             ///< [block * keys_per_block + i]
  std::vector<AttentionTaskMask> mask;            ///< [key][context]; empty if not masked
  std::vector<AttentionPartial> states;           ///< [state][context]
  std::vector<AttentionPartial> results;          ///< [context]; of a command that closes: what must come out

  std::uint32_t blocks() const { return static_cast<std::uint32_t>(keys.size() / keys_per_block); }
  const AttentionTaskMask* mask_of(std::size_t key, std::uint32_t context) const {
    return mask.empty() ? nullptr : &mask[key * command.contexts + context];
  }
};

}  // namespace lutetia
