#include "units/attention/attention_unit.h"

namespace lutetia {

UnitEvents attention_events(const AttentionCommand& c) {
  UnitEvents events{};
  events[AttentionEvent::kFire] = c.block_count() * c.contexts * c.key_chunks;
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    events[AttentionEvent::kFirstPort + input] = attention_beats(c, input);
  events[AttentionEvent::kOut] = attention_output_beats(c);
  events[AttentionEvent::kBlock] = c.block_count() * c.contexts;
  return events;
}

UnitEvents AttentionCounters::count(const AttentionConfig& config, const AttentionCommand& c) {
  const UnitEvents events = attention_events(c);
  const std::uint64_t* ports = &events[AttentionEvent::kFirstPort];
  const std::uint64_t items = events[AttentionEvent::kBlock];
  score_steps += events[AttentionEvent::kFire];
  value_steps += items * c.value_chunks;
  exponentials += items * config.keys;
  commands += ports[AttentionPort::kCommand];
  row_beats += ports[AttentionPort::kRow];
  query_beats += ports[AttentionPort::kQuery];
  key_beats += ports[AttentionPort::kKey];
  key_scale_beats += ports[AttentionPort::kKeyScale];
  state_beats += ports[AttentionPort::kState];
  partial_beats += ports[AttentionPort::kPartial];
  value_beats += ports[AttentionPort::kValue];
  value_scale_beats += ports[AttentionPort::kValueScale];
  output_beats += events[AttentionEvent::kOut];
  if (!c.close) return events;
  passes += 1;
  divisions += c.contexts;
  return events;
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
