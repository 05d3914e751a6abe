// Cycle body of the matrix core: registers, FIFOs and handshakes as in README.md of this folder, with real values.
// It is the reference that the Verilog of every core is compared with, bit by bit and cycle by cycle. Leaves out
// nothing the Verilog has; area and energy are priced elsewhere.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "kernel/stream_unit.h"
#include "units/matrix_core/matrix_core_command.h"
#include "units/matrix_core/matrix_core_operand_stage.h"

namespace lutetia {

class MatrixCoreCycle final : public StreamUnit {
 public:
  explicit MatrixCoreCycle(const MatrixCoreShape& shape);

  const std::vector<StreamPort>& inputs() const override { return inputs_; }
  const std::vector<StreamPort>& outputs() const override { return outputs_; }
  bool ready(std::uint32_t input) const override { return in_[input].queue.size() < in_[input].depth; }
  void push(std::uint32_t input, const Payload& payload) override { in_[input].incoming.push_back(payload); }
  bool valid(std::uint32_t) const override { return !out_.queue.empty(); }
  const Payload& front(std::uint32_t) const override { return out_.queue.front(); }
  void pop(std::uint32_t) override { out_popped_ = true; }
  const std::vector<std::string>& activities() const override { return names_; }
  Activity activity() const override;
  bool idle() const override;
  void clock() override;

  static std::vector<std::string> names(const MatrixCoreShape& shape);
  static std::vector<StreamPort> input_ports(const MatrixCoreShape& shape);
  static std::vector<StreamPort> output_ports(const MatrixCoreShape& shape);

 private:
  enum : Activity { kBusy, kNoCommand, kOperands, kWeights, kEpilogue };
  struct Fifo {
    std::uint32_t depth = 2;
    std::deque<Payload> queue;
    std::vector<Payload> incoming;  ///< pushed in this cycle, at most one
  };
  /// What a full psum bank tells the drain.
  struct Bank {
    bool full = false;
    bool first_group = false;
    bool last_group = false;
    bool fill = false;
    std::uint32_t rows = 0;
    std::uint32_t n_blocks = 0;
    std::vector<std::int64_t> psum;     ///< [block][row][lane], integers or FP32 bits
    std::vector<std::int64_t> row_sum;  ///< [row]
  };
  /// The term register between fire and accumulate.
  struct Term {
    bool valid = false;
    std::uint32_t bank = 0, block = 0, shift = 0;
    bool replace = false;             ///< first plane of the first K group of a scale group
    bool closes_group = false;        ///< last fire of a scale group
    Bank closing;                     ///< flags for the bank, without data
    std::vector<std::int64_t> value;  ///< [row][lane][term word]
  };
  /// One beat in the epilogue pipeline.
  struct Beat {
    bool valid = false;
    bool output = false;
    std::size_t accumulator = 0;        ///< index of the first lane of the first row in accumulators_
    std::vector<std::uint32_t> result;  ///< [row][lane]
  };

  bool clock_epilogue();
  bool issue_drain_beat(Beat& e1);
  void clock_array(bool fire);
  void load_command(bool last_fire);
  std::size_t psum_index(std::uint32_t block, std::uint32_t row, std::uint32_t lane) const {
    return (std::size_t{block} * shape_.rows + row) * shape_.lanes + lane;
  }
  std::size_t term_words() const { return std::size_t{shape_.lanes} * shape_.array->term_words(); }  ///< of a row
  bool last_fire_of_group() const { return block_ + 1 == command_.n_blocks && plane_ + 1 == command_.planes; }

  MatrixCoreShape shape_;
  std::vector<StreamPort> inputs_, outputs_;
  std::array<Fifo, MatrixCorePort::kInputs> in_;
  Fifo out_;
  bool out_popped_ = false;

  std::vector<std::string> names_;
  MatrixCoreOperandStage operands_;
  std::optional<MatrixCoreSegmentStage> segments_;  ///< with row scales

  // Fire controller.
  bool has_command_ = false;
  MatrixCoreCommand command_;
  std::uint32_t row_block_ = 0, k_group_ = 0, group_position_ = 0, block_ = 0, plane_ = 0, bank_ = 0;
  bool first_scale_group_ = true;

  Term term_;
  std::array<Bank, 2> banks_;

  // Epilogue.
  std::uint32_t drain_bank_ = 0, drain_block_ = 0, drain_chunk_ = 0, drain_row_ = 0;
  std::vector<Beat> pipeline_;               ///< e1 e2 f1 f2 f3
  std::vector<std::uint32_t> accumulators_;  ///< [block][row][lane], FP32 bits
};

}  // namespace lutetia
