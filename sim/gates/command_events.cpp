#include "gates/command_events.h"

#include <deque>

#include "units/attention/attention_command.h"
#include "units/matrix_core/matrix_core_command.h"

namespace lutetia {
namespace {

/// Fires step plane, block, K group, row block; the bank changes with the scale group.
class MatrixCoreFires final : public CommandEvents {
 public:
  explicit MatrixCoreFires(std::uint32_t rows) { shape_.rows = rows; }
  std::vector<std::string> names() const override { return {"word_switch", "row_fire"}; }
  void command(const Payload& payload) override { commands_.push_back(MatrixCoreCommand::decode(payload)); }
  void fire(std::uint64_t* counts) override {
    if (commands_.empty()) return;  // of hardware that fires without a command
    counts[0] += last_is_here_ ? 0 : 1;
    counts[1] += commands_.front().rows_in_block(shape_, row_block_);
    last_is_here_ = true;
    step(commands_.front());
  }

 private:
  void step(const MatrixCoreCommand& c) {
    if (++plane_ < c.planes) return;
    plane_ = 0;
    if (c.n_blocks > 1) last_is_here_ = false;
    if (++block_ < c.n_blocks) return;
    block_ = 0;
    const bool last = ++k_group_ == c.k_groups;
    if (last || ++in_scale_group_ == c.scale_group_length) in_scale_group_ = 0, last_is_here_ = false;
    if (!last) return;
    k_group_ = 0;
    if (++row_block_ < c.row_blocks(shape_)) return;
    row_block_ = 0;
    commands_.pop_front();
  }

  MatrixCoreShape shape_;
  std::deque<MatrixCoreCommand> commands_;
  std::uint32_t plane_ = 0, block_ = 0, k_group_ = 0, in_scale_group_ = 0, row_block_ = 0;
  bool last_is_here_ = false;  ///< the last fire was into the word that the next is for
};

/// Fires step context, chunk, block: a chunk of keys meets every context before the next comes.
class KeyBlocks final : public CommandEvents {
 public:
  std::vector<std::string> names() const override { return {"block"}; }
  void command(const Payload& payload) override { commands_.push_back(AttentionCommand::decode(payload)); }
  void fire(std::uint64_t* counts) override {
    while (!commands_.empty() && block_ == commands_.front().block_count()) commands_.pop_front(), block_ = 0;
    if (commands_.empty()) return;
    const AttentionCommand& c = commands_.front();
    if (position_ >= c.contexts * (c.key_chunks - 1)) ++counts[0];
    if (++position_ == c.contexts * c.key_chunks) position_ = 0, ++block_;
  }

 private:
  std::deque<AttentionCommand> commands_;
  std::uint32_t position_ = 0;  ///< fire of the block
  std::uint64_t block_ = 0;     ///< of the front command, which may have none
};

}  // namespace

std::unique_ptr<CommandEvents> CommandEvents::make(const std::string& unit, const RtlParameters& parameters) {
  if (unit == "attention") return std::make_unique<KeyBlocks>();
  if (unit == "lut_core" || unit == "adder_core" || unit == "mac_core")
    return std::make_unique<MatrixCoreFires>(parameters.at("Rows"));
  return nullptr;
}

}  // namespace lutetia
