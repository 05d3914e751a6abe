// Normalise node of the attention unit's cycle body: one division per row, one product per element; or partial results
// as they are. README.md, "Normalise" and arithmetic step 7. RTL twin: rtl/units/attention.
#pragma once
#include "units/attention/attention_accumulate_node.h"

namespace lutetia {

class AttentionNormaliseNode {
 public:
  AttentionNormaliseNode(const AttentionConfig& config, AttentionAccumulateNode& accumulate, AttentionStreamFifo& out);

  AttentionCommandFifo& commands() { return commands_; }
  const AttentionCommandFifo& commands() const { return commands_; }
  bool idle() const { return commands_.empty(); }  // the last beat of a command pops it
  void evaluate();
  void settle();

 private:
  /// The divider holds a context from when it takes its sum until the result register takes the reciprocal.
  struct Divider {
    bool busy = false;
    std::uint64_t done_from = 0;  ///< first cycle in which it holds the reciprocal
  };

  void issue_partial();
  void issue_result();
  Payload result_beat() const;
  /// Steps to the next beat; true if there is none in this context.
  bool step(std::uint32_t beats);

  AttentionConfig config_;
  AttentionCommandFifo commands_;
  AttentionAccumulateNode& accumulate_;
  AttentionStreamFifo& out_;

  std::uint64_t now_ = 0;
  std::uint32_t divided_ = 0;  ///< contexts that the divider has taken
  Divider divider_;
  bool result_full_ = false;  ///< the result register, of context_
  std::uint32_t context_ = 0, beat_ = 0;
};

}  // namespace lutetia
