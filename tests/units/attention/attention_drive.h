// Drives the cycle body of the attention unit from lists of beats and notes when everything happened.
#pragma once
#include <vector>

#include "base/random.h"
#include "units/attention/attention_cycle.h"

namespace lutetia {

/// Beats per input port, in order.
struct AttentionBeats {
  std::vector<std::vector<Payload>> inputs{std::vector<std::vector<Payload>>(AttentionPort::kInputs)};
  void add(std::uint32_t input, Payload beat) { inputs[input].push_back(std::move(beat)); }
};

struct AttentionDriven {
  std::vector<Payload> out;
  std::vector<std::uint64_t> out_valid;              ///< by beat: first cycle in which it is valid
  std::vector<std::vector<std::uint64_t>> accepted;  ///< by port and beat
  std::vector<Activity> activity;                    ///< by cycle
  bool idle = false;                                 ///< at the end

  std::uint64_t count(Activity a) const {
    std::uint64_t n = 0;
    for (const Activity each : activity) n += each == a ? 1 : 0;
    return n;
  }
  /// Cycles of the first and of the last fire of the scores node.
  std::uint64_t first_busy() const { return find(0, 1); }
  std::uint64_t last_busy() const { return find(activity.size() - 1, -1); }

 private:
  std::uint64_t find(std::uint64_t at, int step) const {
    while (activity.at(at) != AttentionScoreNode::kBusy) at += static_cast<std::uint64_t>(step);
    return at;
  }
};

/// Every stall is drawn per cycle, in percent; 0: everything as fast as it is taken.
inline AttentionDriven drive(AttentionCycle& body, const AttentionBeats& beats, std::uint64_t outputs,
                             std::uint32_t input_stalls = 0, std::uint32_t output_stalls = 0, std::uint64_t seed = 1) {
  AttentionDriven d;
  Random random(seed);
  d.accepted.resize(AttentionPort::kInputs);
  bool seen = false;
  for (std::uint64_t now = 0, quiet = 0; quiet < 3000 && (d.out.size() < outputs || !body.idle()); ++now, ++quiet) {
    d.activity.push_back(body.activity());
    for (std::uint32_t i = 0; i < AttentionPort::kInputs; ++i) {
      const std::size_t next = d.accepted[i].size();
      if (next == beats.inputs[i].size() || !body.ready(i) || random.below(100) < input_stalls) continue;
      body.push(i, beats.inputs[i][next]);
      d.accepted[i].push_back(now);
      quiet = 0;
    }
    if (body.valid(0)) {
      if (!seen) d.out_valid.push_back(now);
      seen = true;
      if (random.below(100) >= output_stalls) {
        d.out.push_back(body.front(0));
        body.pop(0);
        seen = false;
        quiet = 0;
      }
    }
    body.clock();
  }
  d.idle = body.idle();
  return d;
}

}  // namespace lutetia
