#include "units/lut_core/lut_core_cycle.h"

#include <utility>

#include "numeric/fp32.h"
#include "units/lut_core/lut_core_beats.h"

namespace lutetia {
namespace {

/// Two's complement of `bits` bits: what the psum register would hold. Sums of legal commands never wrap (the mapper
/// keeps scale groups short enough); others wrap here as they do in the RTL.
std::int64_t wrapped(std::int64_t value, std::uint32_t bits) {
  const std::uint32_t unused = 64 - bits;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused;
}

}  // namespace

LutCoreCycle::LutCoreCycle(const LutCoreConfig& config)
    : config_(config), inputs_(input_ports(config)), outputs_(output_ports(config)) {
  for (Fifo& fifo : in_) fifo.depth = LutCoreConfig::kStreamDepth;
  in_[LutCorePort::kWeight].depth = config.plane_buffer_depth();
  out_.depth = LutCoreConfig::kStreamDepth;
  stage1_.resize(config.table_generators);
  shadow_.resize(config.rows);
  active_.resize(config.rows);
  const std::size_t outputs = std::size_t{config.psum_blocks} * config.rows * config.lanes;
  for (Bank& bank : banks_) {
    bank.psum.resize(outputs);
    bank.row_sum.resize(config.rows);
  }
  lookup_.value.resize(std::size_t{config.rows} * config.lanes);
  accumulators_.resize(outputs);
  for (Beat& beat : pipeline_) beat.result.resize(config.epilogue_lanes);
}

const std::vector<std::string>& LutCoreCycle::names() {
  static const std::vector<std::string> names = {"busy", "no_command", "table", "weights", "epilogue"};
  return names;
}

std::vector<StreamPort> LutCoreCycle::input_ports(const LutCoreConfig& config) {
  std::vector<StreamPort> ports;
  const char* names[] = {"cmd", "act", "weight", "scale", "fill"};
  for (std::uint32_t i = 0; i < LutCorePort::kInputs; ++i) ports.push_back({names[i], LutCoreBeats::bits(config, i)});
  return ports;
}

std::vector<StreamPort> LutCoreCycle::output_ports(const LutCoreConfig& config) {
  return {{"out", LutCoreBeats::output_bits(config)}};
}

Activity LutCoreCycle::activity() const {
  if (!has_command_) return kNoCommand;
  if (!active_valid_) return kTable;
  if (in_[LutCorePort::kWeight].queue.empty()) return kWeights;
  if (banks_[bank_].full) return kEpilogue;
  return kBusy;
}

bool LutCoreCycle::idle() const {
  for (const Fifo& fifo : in_)
    if (!fifo.queue.empty()) return false;
  for (const Beat& beat : pipeline_)
    if (beat.valid) return false;
  return out_.queue.empty() && !stage1_valid_ && !shadow_full_ && next_group_ == 0 && !active_valid_ && !has_command_ &&
         !lookup_.valid && !banks_[0].full && !banks_[1].full;
}

// Every part decides from the registers as they stand: parts run in the reverse order of the data flow, and everything
// that another part reads in this cycle (bank flags, FIFO contents) is changed only after its readers ran.
void LutCoreCycle::clock() {
  const bool fire = activity() == kBusy;
  const bool release = fire && last_fire_of_table();
  clock_epilogue();
  clock_array(fire);
  clock_tables(release);
  for (Fifo& fifo : in_) {
    for (Payload& payload : fifo.incoming) fifo.queue.push_back(std::move(payload));
    fifo.incoming.clear();
  }
}

void LutCoreCycle::clock_epilogue() {
  Beat& result = pipeline_.back();
  const bool out_ready = out_.queue.size() < out_.depth;
  if (std::exchange(out_popped_, false)) out_.queue.pop_front();
  if (result.valid && result.output && !out_ready) return;  // the whole pipeline stands still
  if (result.valid) {
    if (result.output) {
      Payload p(LutCoreBeats::output_bits(config_));
      for (std::uint32_t e = 0; e < config_.epilogue_lanes; ++e) p.set(e * 32, 32, result.result[e]);
      out_.queue.push_back(std::move(p));
    } else {
      for (std::uint32_t e = 0; e < config_.epilogue_lanes; ++e)
        accumulators_[result.accumulator + e] = result.result[e];
    }
  }
  for (std::size_t stage = pipeline_.size() - 1; stage > 0; --stage) std::swap(pipeline_[stage], pipeline_[stage - 1]);
  issue_drain_beat(pipeline_.front());
}

/// Issues the next beat of the draining bank into e1, if everything it needs is there. The value is computed at once;
/// the stages behind only carry it, as nobody can see it before it leaves the last one.
void LutCoreCycle::issue_drain_beat(Beat& e1) {
  Bank& bank = banks_[drain_bank_];
  Fifo& scales = in_[LutCorePort::kScale];
  Fifo& fills = in_[LutCorePort::kFill];
  const bool needs_fill = bank.fill && bank.first_group;
  e1.valid = bank.full && !scales.queue.empty() && (!needs_fill || !fills.queue.empty());
  if (!e1.valid) return;

  const Payload& scale = scales.queue.front();
  e1.output = bank.last_group;
  e1.accumulator = psum_index(drain_block_, drain_row_, drain_chunk_ * config_.epilogue_lanes);
  for (std::uint32_t e = 0; e < config_.epilogue_lanes; ++e) {
    const std::int64_t zero = scale.get_signed(e * 40 + 32, 8);
    const std::int64_t corrected =
        wrapped(bank.psum[e1.accumulator + e], config_.psum_bits) - zero * bank.row_sum[drain_row_];
    std::uint32_t start = accumulators_[e1.accumulator + e];
    if (bank.first_group) start = needs_fill ? static_cast<std::uint32_t>(fills.queue.front().get(e * 32, 32)) : 0;
    e1.result[e] = fp32_fma(fp32_from_int(corrected), static_cast<std::uint32_t>(scale.get(e * 40, 32)), start);
  }
  if (needs_fill) fills.queue.pop_front();

  if (++drain_row_ < bank.rows) return;
  drain_row_ = 0;
  scales.queue.pop_front();
  if (++drain_chunk_ < config_.chunks()) return;
  drain_chunk_ = 0;
  if (++drain_block_ < bank.n_blocks) return;
  drain_block_ = 0;
  bank.full = false;
  drain_bank_ ^= 1u;
}

void LutCoreCycle::clock_array(bool fire) {
  // Accumulate what the lookup register holds.
  if (lookup_.valid) {
    Bank& bank = banks_[lookup_.bank];
    for (std::uint32_t m = 0; m < config_.rows; ++m) {
      std::int64_t* psum = &bank.psum[psum_index(lookup_.block, m, 0)];
      const std::int64_t* value = &lookup_.value[std::size_t{m} * config_.lanes];
      for (std::uint32_t n = 0; n < config_.lanes; ++n)
        psum[n] = (lookup_.replace ? 0 : psum[n]) + value[n] * (std::int64_t{1} << lookup_.shift);
    }
    if (lookup_.closes_group) {
      bank.full = true;
      bank.first_group = lookup_.closing.first_group;
      bank.last_group = lookup_.closing.last_group;
      bank.fill = lookup_.closing.fill;
      bank.rows = lookup_.closing.rows;
      bank.n_blocks = lookup_.closing.n_blocks;
    }
  }
  lookup_.valid = fire;
  if (!fire) {
    load_command(false);
    return;
  }

  // Look up one plane of one block.
  Fifo& weights = in_[LutCorePort::kWeight];
  const Payload& plane = weights.queue.front();
  for (std::uint32_t n = 0; n < config_.lanes; ++n) {
    const std::uint64_t code = plane.get(n * LutCoreConfig::kGroupLength, LutCoreConfig::kGroupLength);
    for (std::uint32_t m = 0; m < config_.rows; ++m) {
      const std::int64_t entry = active_[m][code & 7u];
      lookup_.value[std::size_t{m} * config_.lanes + n] = (code & 8u) != 0 ? -entry : entry;
    }
  }
  weights.queue.pop_front();
  const bool closes_group =
      last_fire_of_table() && (group_position_ + 1 == command_.scale_group_length || k_group_ + 1 == command_.k_groups);
  lookup_.bank = bank_;
  lookup_.block = block_;
  lookup_.shift = command_.equal_planes ? 0 : plane_;
  lookup_.replace = group_position_ == 0 && plane_ == 0;
  lookup_.closes_group = closes_group;
  if (closes_group) {
    lookup_.closing.first_group = first_scale_group_;
    lookup_.closing.last_group = k_group_ + 1 == command_.k_groups;
    lookup_.closing.fill = command_.fill;
    lookup_.closing.rows = command_.rows_in_block(config_, row_block_);
    lookup_.closing.n_blocks = command_.n_blocks;
  }
  if (block_ == 0 && plane_ == 0) {
    for (std::uint32_t m = 0; m < config_.rows; ++m) {
      std::int64_t& sum = banks_[bank_].row_sum[m];
      sum = (group_position_ == 0 ? 0 : sum) - active_[m][0];
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
  if (++row_block_ < command_.row_blocks(config_)) return;
  row_block_ = 0;
  load_command(true);
}

void LutCoreCycle::load_command(bool last_fire) {
  if (has_command_ && !last_fire) return;
  Fifo& commands = in_[LutCorePort::kCommand];
  has_command_ = !commands.queue.empty();
  if (!has_command_) return;
  command_ = LutCoreCommand::decode(commands.queue.front());
  commands.queue.pop_front();
}

void LutCoreCycle::clock_tables(bool release) {
  const bool swap = shadow_full_ && (!active_valid_ || release);
  const bool stage2_moves = stage1_valid_ && (!shadow_full_ || swap);
  Fifo& activations = in_[LutCorePort::kActivation];
  const bool stage1_loads = !activations.queue.empty() && (!stage1_valid_ || stage2_moves);

  if (swap) active_ = shadow_;
  active_valid_ = swap || (active_valid_ && !release);
  if (swap) shadow_full_ = false;
  if (stage2_moves) {
    for (std::uint32_t r = 0; r < config_.table_generators; ++r)
      shadow_[stage1_group_ * config_.table_generators + r] = stage1_[r];
    if (stage1_group_ + 1 == config_.build_interval()) shadow_full_ = true;
    stage1_valid_ = false;
  }
  if (!stage1_loads) return;
  const std::uint32_t width = config_.activation_bits;
  for (std::uint32_t r = 0; r < config_.table_generators; ++r) {
    const std::uint32_t row = next_group_ * config_.table_generators + r;
    std::array<std::int64_t, LutCoreConfig::kGroupLength> a{};
    for (std::uint32_t k = 0; k < a.size(); ++k)
      a[k] = activations.queue.front().get_signed((row * LutCoreConfig::kGroupLength + k) * width, width);
    for (std::uint32_t i = 0; i < LutCoreConfig::kTableEntries; ++i)
      stage1_[r][i] =
          -a[3] + ((i & 4u) != 0 ? a[2] : -a[2]) + ((i & 2u) != 0 ? a[1] : -a[1]) + ((i & 1u) != 0 ? a[0] : -a[0]);
  }
  stage1_valid_ = true;
  stage1_group_ = next_group_;
  if (++next_group_ == config_.build_interval()) {
    next_group_ = 0;
    activations.queue.pop_front();
  }
}

}  // namespace lutetia
