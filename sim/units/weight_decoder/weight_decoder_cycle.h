// Cycle body of the weight decoder: registers, FIFOs and handshakes as in README.md of this folder, with real values.
// It is the reference that rtl/units/weight_decoder is compared with, bit by bit and cycle by cycle.
#pragma once
#include <deque>
#include <vector>

#include "kernel/stream_unit.h"
#include "units/weight_decoder/weight_decoder_command.h"

namespace lutetia {

class WeightDecoderCycle final : public StreamUnit {
 public:
  explicit WeightDecoderCycle(const WeightDecoderConfig& config);

  const std::vector<StreamPort>& inputs() const override { return inputs_; }
  const std::vector<StreamPort>& outputs() const override { return outputs_; }
  bool ready(std::uint32_t input) const override {
    return (input == WeightDecoderPort::kCommand ? commands_.size() : codes_.size()) <
           WeightDecoderConfig::kStreamDepth;
  }
  void push(std::uint32_t input, const Payload& payload) override;
  bool valid(std::uint32_t) const override { return !planes_.empty(); }
  const Payload& front(std::uint32_t) const override { return planes_.front(); }
  void pop(std::uint32_t) override { popped_ = true; }
  const std::vector<std::string>& activities() const override { return names(); }
  Activity activity() const override;
  bool idle() const override { return commands_.empty() && codes_.empty() && !group_.full && planes_.empty(); }
  void clock() override;

  /// Illegal codes taken so far, of all lanes.
  std::uint64_t illegal_codes() const { return illegal_codes_; }

  static const std::vector<std::string>& names();
  static std::vector<StreamPort> input_ports(const WeightDecoderConfig& config);
  static std::vector<StreamPort> output_ports(const WeightDecoderConfig& config);

 private:
  enum : Activity { kBusy, kNoCommand, kCodes, kFill, kOutput };
  /// Four weights of every lane, as planes.
  struct Group {
    bool full = false;
    std::uint32_t plane = 0;  ///< the next to be emitted
    std::vector<Payload> planes;
  };
  using Lane = std::deque<std::int32_t>;  ///< weights in K order

  std::vector<Lane>& buffer() { return buffers_[block_]; }
  /// Weights that every lane of the present block has in its buffer.
  std::uint32_t buffered() const { return static_cast<std::uint32_t>(buffers_[block_].front().size()); }
  bool needs_code() const { return buffered() < WeightDecoderConfig::kGroupLength; }
  bool can_gather(bool group_free) const;
  void gather();
  void take_code();
  void load_group();
  void next_block();
  void emit();

  WeightDecoderConfig config_;
  std::vector<StreamPort> inputs_, outputs_;
  std::deque<WeightDecoderCommand> commands_, new_commands_;  ///< the front one is at work
  std::deque<Payload> codes_, new_codes_, planes_;
  bool popped_ = false;

  std::uint32_t row_block_ = 0, k_group_ = 0, block_ = 0;
  std::vector<std::vector<Lane>> buffers_;  ///< [block][lane]
  bool illegal_seen_ = false;               ///< in this command
  std::uint64_t illegal_codes_ = 0;
  Group group_;
};

}  // namespace lutetia
