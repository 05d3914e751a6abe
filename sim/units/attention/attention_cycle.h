// Cycle body of the streaming attention unit: registers, FIFOs and handshakes as in README.md of this folder, with real
// values. It is the reference that rtl/units/attention is compared with, bit by bit and cycle by cycle. A file per
// node; this one joins them. Leaves out nothing the Verilog has; area and energy are priced elsewhere.
#pragma once
#include <memory>
#include <vector>

#include "units/attention/attention_normalise_node.h"
#include "units/attention/attention_score_node.h"
#include "units/attention/attention_softmax_node.h"

namespace lutetia {

class AttentionCycle final : public StreamUnit {
 public:
  explicit AttentionCycle(const AttentionConfig& config);
  AttentionCycle(const AttentionCycle&) = delete;  // the nodes refer to the FIFOs between them
  AttentionCycle& operator=(const AttentionCycle&) = delete;

  const std::vector<StreamPort>& inputs() const override { return inputs_; }
  const std::vector<StreamPort>& outputs() const override { return outputs_; }
  bool ready(std::uint32_t input) const override;
  void push(std::uint32_t input, const Payload& payload) override { in_[input].push(payload); }
  bool valid(std::uint32_t) const override { return out_.valid(); }
  const Payload& front(std::uint32_t) const override { return out_.front(); }
  void pop(std::uint32_t) override { out_.pop(); }
  const std::vector<std::string>& activities() const override { return names(); }
  Activity activity() const override { return scores_.activity(); }
  bool idle() const override;
  void clock() override;

  static const std::vector<std::string>& names();

  /// How far every FIFO was filled so far: the streams, those between the nodes, the nodes' commands.
  std::vector<FifoOccupancy> fifo_occupancies() const override;

 private:
  void fork();

  AttentionConfig config_;
  std::vector<StreamPort> inputs_, outputs_;
  std::vector<AttentionStreamFifo> in_;
  AttentionScoreFifo score_fifo_;
  AttentionWeightFifo weight_fifo_;
  AttentionStreamFifo out_;

  AttentionQueryNode queries_;
  AttentionScoreNode scores_;
  AttentionSoftmaxNode softmax_;
  AttentionAccumulateNode accumulate_;
  AttentionNormaliseNode normalise_;
};

}  // namespace lutetia
