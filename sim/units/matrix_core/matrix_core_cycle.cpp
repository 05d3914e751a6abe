#include "units/matrix_core/matrix_core_cycle.h"

#include <algorithm>
#include <utility>

#include "numeric/fp32.h"
#include "units/matrix_core/matrix_core_beats.h"

namespace lutetia {
namespace {

/// Two's complement of `bits` bits: what the psum register would hold. Sums of legal commands never wrap (the mapper
/// keeps scale groups short enough); others wrap here as they do in the RTL.
std::int64_t wrapped(std::int64_t value, std::uint32_t bits) {
  const std::uint32_t unused = 64 - bits;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused;
}

}  // namespace

MatrixCoreCycle::MatrixCoreCycle(const MatrixCoreShape& shape)
    : shape_(shape),
      inputs_(input_ports(shape)),
      outputs_(output_ports(shape)),
      names_(names(shape)),
      operands_(shape),
      pipeline_(shape.epilogue_stages()) {
  if (shape.row_scales()) segments_.emplace(shape);
  for (Fifo& fifo : in_) fifo.depth = MatrixCoreShape::kStreamDepth;
  in_[MatrixCorePort::kWeight].depth = shape.weight_buffer_depth();
  out_.depth = MatrixCoreShape::kStreamDepth;
  const std::size_t outputs = std::size_t{shape.psum_blocks} * shape.rows * shape.lanes;
  for (Bank& bank : banks_) {
    bank.psum.resize(outputs);
    bank.row_sum.resize(shape.rows);
  }
  term_.value.resize(std::size_t{shape.rows} * term_words());
  accumulators_.resize(outputs);
  for (Beat& beat : pipeline_) beat.result.resize(std::size_t{shape.epilogue_rows} * shape.epilogue_lanes);
}

std::vector<std::string> MatrixCoreCycle::names(const MatrixCoreShape& shape) {
  return {"busy", "no_command", shape.words.wait, "weights", "epilogue"};
}

std::vector<StreamPort> MatrixCoreCycle::input_ports(const MatrixCoreShape& shape) {
  std::vector<StreamPort> ports;
  const char* names[] = {"cmd", "act", "weight", "scale", "fill"};
  for (std::uint32_t i = 0; i < MatrixCorePort::kInputs; ++i)
    ports.push_back({names[i], MatrixCoreBeats::bits(shape, i)});
  return ports;
}

std::vector<StreamPort> MatrixCoreCycle::output_ports(const MatrixCoreShape& shape) {
  return {{"out", MatrixCoreBeats::output_bits(shape)}};
}

Activity MatrixCoreCycle::activity() const {
  if (!has_command_) return kNoCommand;
  if (!operands_.valid()) return kOperands;
  if (in_[MatrixCorePort::kWeight].queue.empty()) return kWeights;
  if (banks_[bank_].full) return kEpilogue;
  return kBusy;
}

bool MatrixCoreCycle::idle() const {
  for (const Fifo& fifo : in_)
    if (!fifo.queue.empty()) return false;
  for (const Beat& beat : pipeline_)
    if (beat.valid) return false;
  return out_.queue.empty() && operands_.idle() && (!segments_ || segments_->idle()) && !has_command_ && !term_.valid &&
         !banks_[0].full && !banks_[1].full;
}

// Every part decides from the registers as they stand: parts run in the reverse order of the data flow, and everything
// that another part reads in this cycle (bank flags, FIFO contents) is changed only after its readers ran.
void MatrixCoreCycle::clock() {
  const bool fire = activity() == kBusy;
  const bool release = fire && last_fire_of_group();
  const bool drained = clock_epilogue();
  clock_array(fire);
  std::deque<Payload>& activations = in_[MatrixCorePort::kActivation].queue;
  const bool taken = operands_.clock(activations, segments_ ? &*segments_ : nullptr, release);
  if (segments_) {
    segments_->clock(activations, taken, drained);
    for (const Payload& command : in_[MatrixCorePort::kCommand].incoming)
      segments_->accept(MatrixCoreCommand::decode(command));
  }
  for (Fifo& fifo : in_) {
    for (Payload& payload : fifo.incoming) fifo.queue.push_back(std::move(payload));
    fifo.incoming.clear();
  }
}

/// True if the last beat of a bank was issued.
bool MatrixCoreCycle::clock_epilogue() {
  Beat& result = pipeline_.back();
  const bool out_ready = out_.queue.size() < out_.depth;
  if (std::exchange(out_popped_, false)) out_.queue.pop_front();
  if (result.valid && result.output && !out_ready) return false;  // the whole pipeline stands still
  if (result.valid) {
    if (result.output) {
      Payload p(MatrixCoreBeats::output_bits(shape_));
      for (std::uint32_t i = 0; i < result.result.size(); ++i) p.set(i * 32, 32, result.result[i]);
      out_.queue.push_back(std::move(p));
    } else {
      for (std::uint32_t r = 0; r < shape_.epilogue_rows; ++r)
        std::copy_n(&result.result[r * shape_.epilogue_lanes], shape_.epilogue_lanes,
                    &accumulators_[result.accumulator + std::size_t{r} * shape_.lanes]);
    }
  }
  for (std::size_t stage = pipeline_.size() - 1; stage > 0; --stage) std::swap(pipeline_[stage], pipeline_[stage - 1]);
  return issue_drain_beat(pipeline_.front());
}

/// Issues the next beat of the draining bank into e1, if everything it needs is there. The value is computed at once;
/// the stages behind only carry it, as nobody can see it before it leaves the last one. True if it was the bank's last.
bool MatrixCoreCycle::issue_drain_beat(Beat& e1) {
  Bank& bank = banks_[drain_bank_];
  Fifo& scales = in_[MatrixCorePort::kScale];
  Fifo& fills = in_[MatrixCorePort::kFill];
  const bool needs_fill = bank.fill && bank.first_group;
  e1.valid = bank.full && !scales.queue.empty() && (!needs_fill || !fills.queue.empty());
  if (!e1.valid) return false;

  const Payload& scale = scales.queue.front();
  e1.output = bank.last_group;
  e1.accumulator = psum_index(drain_block_, drain_row_, drain_chunk_ * shape_.epilogue_lanes);
  for (std::uint32_t r = 0; r < shape_.epilogue_rows; ++r)
    for (std::uint32_t e = 0; e < shape_.epilogue_lanes; ++e) {
      const std::uint32_t row = drain_row_ + r, place = r * shape_.epilogue_lanes + e;
      const std::size_t at = e1.accumulator + std::size_t{r} * shape_.lanes + e;
      const std::int64_t zero = scale.get_signed(e * 40 + 32, 8);
      const std::uint32_t d = shape_.float_psums
                                  ? static_cast<std::uint32_t>(bank.psum[at])
                                  : fp32_from_int(wrapped(bank.psum[at], shape_.psum_bits) - zero * bank.row_sum[row]);
      std::uint32_t start = accumulators_[at];
      if (bank.first_group)
        start = needs_fill ? static_cast<std::uint32_t>(fills.queue.front().get(place * 32, 32)) : 0;
      auto factor = static_cast<std::uint32_t>(scale.get(e * 40, 32));
      if (segments_) factor = fp32_multiply(factor, segments_->row_scale(row));
      e1.result[place] = fp32_fma(d, factor, start);
    }
  if (needs_fill) fills.queue.pop_front();

  if ((drain_row_ += shape_.epilogue_rows) < bank.rows) return false;
  drain_row_ = 0;
  scales.queue.pop_front();
  if (++drain_chunk_ < shape_.chunks()) return false;
  drain_chunk_ = 0;
  if (++drain_block_ < bank.n_blocks) return false;
  drain_block_ = 0;
  bank.full = false;
  drain_bank_ ^= 1u;
  return true;
}

void MatrixCoreCycle::clock_array(bool fire) {
  // Accumulate what the term register holds.
  if (term_.valid) {
    Bank& bank = banks_[term_.bank];
    for (std::uint32_t m = 0; m < shape_.rows; ++m) {
      shape_.array->accumulate(&term_.value[std::size_t{m} * term_words()], shape_.lanes, term_.shift, term_.replace,
                               &bank.psum[psum_index(term_.block, m, 0)]);
    }
    if (term_.closes_group) {
      bank.full = true;
      bank.first_group = term_.closing.first_group;
      bank.last_group = term_.closing.last_group;
      bank.fill = term_.closing.fill;
      bank.rows = term_.closing.rows;
      bank.n_blocks = term_.closing.n_blocks;
    }
  }
  term_.valid = fire;
  if (!fire) {
    load_command(false);
    return;
  }

  // One plane (or one beat of integers) of one block.
  Fifo& weights = in_[MatrixCorePort::kWeight];
  for (std::uint32_t m = 0; m < shape_.rows; ++m)
    shape_.array->terms(operands_.operand(m), weights.queue.front(), &term_.value[std::size_t{m} * term_words()]);
  weights.queue.pop_front();
  const bool closes_group =
      last_fire_of_group() && (group_position_ + 1 == command_.scale_group_length || k_group_ + 1 == command_.k_groups);
  term_.bank = bank_;
  term_.block = block_;
  term_.shift = command_.equal_planes ? 0 : plane_;
  term_.replace = group_position_ == 0 && plane_ == 0;
  term_.closes_group = closes_group;
  if (closes_group) {
    term_.closing.first_group = first_scale_group_;
    term_.closing.last_group = k_group_ + 1 == command_.k_groups;
    term_.closing.fill = command_.fill;
    term_.closing.rows = command_.rows_in_block(shape_, row_block_);
    term_.closing.n_blocks = command_.n_blocks;
  }
  if (block_ == 0 && plane_ == 0) {
    for (std::uint32_t m = 0; m < shape_.rows; ++m) {
      std::int64_t& sum = banks_[bank_].row_sum[m];
      sum = (group_position_ == 0 ? 0 : sum) + shape_.array->row_sum(operands_.operand(m));
    }
  }

  // Step plane, block, K group, row block.
  if (++plane_ < command_.planes) return;
  plane_ = 0;
  if (++block_ < command_.n_blocks) return;
  block_ = 0;
  ++group_position_;
  if (closes_group) {
    group_position_ = 0;
    first_scale_group_ = false;
    bank_ ^= 1u;
  }
  if (++k_group_ < command_.k_groups) return;
  k_group_ = 0;
  first_scale_group_ = true;
  if (++row_block_ < command_.row_blocks(shape_)) return;
  row_block_ = 0;
  load_command(true);
}

void MatrixCoreCycle::load_command(bool last_fire) {
  if (has_command_ && !last_fire) return;
  Fifo& commands = in_[MatrixCorePort::kCommand];
  has_command_ = !commands.queue.empty();
  if (!has_command_) return;
  command_ = MatrixCoreCommand::decode(commands.queue.front());
  commands.queue.pop_front();
}

}  // namespace lutetia
