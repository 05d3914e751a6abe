#include "units/attention/attention_cycle.h"

namespace lutetia {
namespace {

std::vector<AttentionStreamFifo> stream_fifos(const AttentionConfig& config) {
  const std::vector<StreamPort> ports = AttentionPort::inputs(config);
  std::vector<AttentionStreamFifo> fifos;
  for (std::uint32_t i = 0; i < AttentionPort::kInputs; ++i)
    fifos.emplace_back(ports[i].name, AttentionPort::depth(config, i));
  return fifos;
}

}  // namespace

AttentionCycle::AttentionCycle(const AttentionConfig& config)
    : config_(config),
      inputs_(AttentionPort::inputs(config)),
      outputs_(AttentionPort::outputs(config)),
      in_(stream_fifos(config)),
      score_fifo_("score", config.score_fifo, AttentionConfig::kScoreLatency),
      weight_fifo_("probability", config.probability_fifo, AttentionConfig::kSoftmaxLatency),
      out_("out", config.output_fifo, AttentionConfig::kOutputLatency),
      queries_(config, in_[AttentionPort::kRow], in_[AttentionPort::kQuery]),
      scores_(config, queries_, in_[AttentionPort::kKey], in_[AttentionPort::kKeyScale], score_fifo_),
      softmax_(config, score_fifo_, in_[AttentionPort::kMask], in_[AttentionPort::kState], weight_fifo_),
      accumulate_(config, weight_fifo_, in_[AttentionPort::kPartial], in_[AttentionPort::kValue],
                  in_[AttentionPort::kValueScale]),
      normalise_(config, accumulate_, out_) {}

const std::vector<std::string>& AttentionCycle::names() {
  static const std::vector<std::string> names = {"busy", "idle", "queries", "keys", "downstream"};
  return names;
}

bool AttentionCycle::ready(std::uint32_t input) const {
  const bool scale = input == AttentionPort::kKeyScale || input == AttentionPort::kValueScale;
  return (!scale || config_.kv_scales) && in_[input].has_slot();
}

bool AttentionCycle::idle() const {
  for (const AttentionStreamFifo& fifo : in_)
    if (!fifo.empty()) return false;
  return score_fifo_.empty() && weight_fifo_.empty() && out_.empty() && queries_.idle() && scores_.commands().empty() &&
         softmax_.commands().empty() && accumulate_.idle() && normalise_.idle();
}

// Every node decides from the registers as they stand; what it changes is kept until the edge, settle() and clock(). So
// the order of the nodes does not matter.
void AttentionCycle::clock() {
  fork();
  queries_.evaluate();
  scores_.evaluate();
  softmax_.evaluate();
  accumulate_.evaluate();
  normalise_.evaluate();

  queries_.settle();
  scores_.settle();
  softmax_.settle();
  accumulate_.settle();
  normalise_.settle();
  for (AttentionStreamFifo& fifo : in_) fifo.clock();
  score_fifo_.clock();
  weight_fifo_.clock();
  out_.clock();
}

/// A command goes to all nodes in one cycle or to none.
void AttentionCycle::fork() {
  AttentionStreamFifo& commands = in_[AttentionPort::kCommand];
  const bool room = queries_.commands().has_slot() && scores_.commands().has_slot() && softmax_.commands().has_slot() &&
                    accumulate_.commands().has_slot() && normalise_.commands().has_slot();
  if (!commands.valid() || !room) return;
  const AttentionCommand command = AttentionCommand::decode(commands.front());
  commands.pop();
  scores_.commands().push(command);
  softmax_.commands().push(command);
  accumulate_.commands().push(command);
  if (command.open) queries_.commands().push(command);
  if (command.close) normalise_.commands().push(command);
}

std::vector<FifoOccupancy> AttentionCycle::fifo_occupancies() const {
  std::vector<FifoOccupancy> all;
  for (const AttentionStreamFifo& fifo : in_) all.push_back(fifo.occupancy());
  all.push_back(score_fifo_.occupancy());
  all.push_back(weight_fifo_.occupancy());
  all.push_back(out_.occupancy());
  for (const AttentionCommandFifo* fifo : {&queries_.commands(), &scores_.commands(), &softmax_.commands(),
                                           &accumulate_.commands(), &normalise_.commands()})
    all.push_back(fifo->occupancy());
  return all;
}

}  // namespace lutetia
