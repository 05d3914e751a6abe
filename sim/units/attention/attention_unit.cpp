#include "units/attention/attention_unit.h"

namespace lutetia {

void AttentionCounters::count(const AttentionConfig& config, const AttentionCommand& c) {
  const std::uint64_t items = c.block_count() * c.contexts;
  score_steps += items * c.key_chunks;
  value_steps += items * c.value_chunks;
  exponentials += items * config.keys;
  query_beats += attention_beats(c, AttentionPort::kQuery);
  key_beats += attention_beats(c, AttentionPort::kKey);
  value_beats += attention_beats(c, AttentionPort::kValue);
  if (!c.close) return;
  passes += 1;
  divisions += c.contexts;
  output_beats += attention_output_beats(c);
}

UnitAbilities attention_abilities(const std::string& body, const AttentionConfig& config) {
  UnitAbilities a;
  a.unit = "attention";
  a.body = body;
  a.rtl = "rtl/units/attention, equal cycle by cycle";
  a.macs_per_cycle = 2 * config.macs_per_fire();
  return a;
}

}  // namespace lutetia
