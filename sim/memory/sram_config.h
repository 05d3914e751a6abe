// An on-chip SRAM as a design describes it: how large, how many banks, what a bank can do in a cycle.
#pragma once
#include "config/schema.h"

namespace lutetia {

/// What one bank can serve in one cycle.
enum class SramPorts { kOneReadWrite, kOneReadOneWrite, kTwoReadWrite };
enum class SramInterleave { kWord, kNone };

struct SramConfig {
  Bytes capacity{256 * 1024};
  std::uint32_t banks = 16;  ///< all of them; with double_buffer each half has half of them
  Bytes bank_width{32};      ///< a word: what a bank delivers or takes in a cycle
  SramPorts ports = SramPorts::kOneReadWrite;
  std::uint32_t latency = 1;  ///< cycles from the access of a word to its arrival
  SramInterleave interleave = SramInterleave::kWord;
  bool double_buffer = false;
  Hertz clock{1'000'000'000};

  std::uint64_t words() const { return capacity.value / bank_width.value; }
};

void describe(Schema& schema, SramConfig& config);

}  // namespace lutetia
