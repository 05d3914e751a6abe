#include "cosim/attention_draw.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cosim/attention_oracle.h"

namespace lutetia {

void AttentionDraw::begin(AttentionData data) {
  data_ = data;
  constant_.clear();
  const double sizes[] = {1, 1, 8, 1e-3, 2e4};
  size_ = config_.floating() ? sizes[random_.below(std::size(sizes))] : one_in(3) ? 0.2 : 1;
  if (data == AttentionData::kTiny) size_ = config_.floating() ? 1.0 / 32768 : 0.02;
}

double AttentionDraw::normal() {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random_.uniform();
  return sum;
}

/// Of about `value`, which is a fraction of the range for integers.
std::uint32_t AttentionDraw::code(double value, std::uint32_t bits, const AttentionTaskScale* scale) const {
  if (config_.floating()) return fp16_code(value);
  const auto half = static_cast<std::int64_t>(1) << (bits - 1);
  const std::int64_t whole = std::llround(value * static_cast<double>(half));
  if (scale != nullptr)
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(whole + scale->zero, 0, 2 * half - 1));
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(whole, -half, half - 1) & (2 * half - 1));
}

std::uint32_t AttentionDraw::fp16_code(double value) const {
  const double magnitude = std::min(std::fabs(value), 131008.0);
  const int exponent = magnitude == 0 ? -14 : std::max(std::ilogb(magnitude), -14);
  const auto steps = static_cast<std::uint32_t>(std::ldexp(magnitude, 10 - exponent));  // hidden bit = one exponent
  return (std::signbit(value) ? 0x8000u : 0) + (static_cast<std::uint32_t>(exponent + 14) << 10) + steps;
}

std::uint32_t AttentionDraw::extreme_code(std::uint32_t bits, const AttentionTaskScale* scale) {
  if (config_.floating()) {
    const std::uint32_t codes[] = {0x7fff, 0xffff, 0x7c00, 0xfc01, 0x0001, 0x8001, 0x8000, 0x0000, 0x3c00};
    return codes[random_.below(std::size(codes))];
  }
  if (scale != nullptr && one_in(4)) return scale->zero;
  const std::uint32_t most = (1u << bits) - 1, codes[] = {0, most, most / 2, most / 2 + 1, 1};
  return codes[random_.below(std::size(codes))];
}

std::uint32_t AttentionDraw::random_code(std::uint32_t bits, const AttentionTaskScale* scale) {
  switch (data_) {
    case AttentionData::kWild: return static_cast<std::uint32_t>(random_.below(std::uint64_t{1} << bits));
    case AttentionData::kExtreme: return extreme_code(bits, scale);
    default: return code(size_ * normal() / (config_.floating() ? 1 : 3), bits, scale);
  }
}

std::vector<std::uint32_t> AttentionDraw::query(std::uint32_t elements) {
  std::vector<std::uint32_t> codes;
  const bool rising = data_ == AttentionData::kRising;
  for (std::uint32_t e = 0; e < elements; ++e)
    codes.push_back(rising ? code(size_ * (0.5 + random_.uniform() / 2), config_.query_bits(), nullptr)
                           : random_code(config_.query_bits(), nullptr));
  return codes;
}

AttentionTaskKey AttentionDraw::key(const AttentionTask& task, std::uint64_t index, std::uint64_t count) {
  const AttentionCommand& c = task.command;
  AttentionTaskKey out;
  out.key_scale = scales(c.key_chunks, c.key_group, true);
  out.value_scale = scales(c.value_chunks, c.value_group, false);
  const std::uint32_t bits = config_.kv_element_bits(), elements = c.key_chunks * task.dims;
  const bool outlier = data_ == AttentionData::kOutlier && index == count / 2;
  const double ramp = static_cast<double>(2 * index) / static_cast<double>(count) - 1;
  for (std::uint32_t e = 0; e < elements; ++e) {
    const AttentionTaskScale* scale = c.key_group == 0 ? nullptr : &out.key_scale[e / task.dims / c.key_group];
    if (data_ == AttentionData::kConstant && constant_.size() == elements)
      out.key.push_back(constant_[e]);
    else if (data_ == AttentionData::kRising)
      out.key.push_back(code(size_ * ramp, bits, scale));
    else if (outlier)
      out.key.push_back(
          code(task.query[0][e] >> (config_.query_bits() - 1) != 0 ? -8 * size_ : 8 * size_, bits, scale));
    else
      out.key.push_back(random_code(bits, scale));
  }
  if (data_ == AttentionData::kConstant) constant_ = out.key;
  for (std::uint32_t e = 0; e < c.value_chunks * task.dims; ++e) {
    const AttentionTaskScale* scale = c.value_group == 0 ? nullptr : &out.value_scale[e / task.dims / c.value_group];
    out.value.push_back(random_code(bits, scale));
  }
  return out;
}

/// Of one key or value. Multipliers are factors around 2^24 here, spread_scores() makes them fit.
std::vector<AttentionTaskScale> AttentionDraw::scales(std::uint32_t chunks, std::uint32_t group, bool of_keys) {
  std::vector<AttentionTaskScale> all(AttentionCommand::groups(chunks, group));
  for (AttentionTaskScale& s : all) {
    const std::uint32_t most = (1u << config_.kv_bits) - 1;
    s.zero = one_in(4) ? most * pick(0, 1) : pick(0, most);
    const std::uint32_t fractions[] = {0, 1, 0x8000, 0xffff};
    s.factor = of_keys     ? pick(1 << 23, 3 << 23)
               : one_in(6) ? fractions[random_.below(std::size(fractions))]
                           : pick(0x100, 0xffff);
  }
  return all;
}

double AttentionDraw::largest_dot(const AttentionTask& task) const {
  double largest = 0;
  for (std::size_t key = 0; key < task.keys.size(); key += 1 + task.keys.size() / 50)
    for (std::uint32_t c = 0; c < task.command.contexts; ++c)
      largest = std::max(largest, std::fabs(static_cast<double>(attention_exact::scaled_dot(config_, task, c, key))));
  return largest;
}

void AttentionDraw::spread_scores(AttentionTask& task) {
  AttentionCommand& c = task.command;
  c.shift = pick(1, 127);
  c.multiplier = one_in(3) ? 0 : static_cast<std::uint32_t>(random_.next());
  if (one_in(12) || task.keys.empty()) return;
  // The largest score in base-2 logarithms: hardly any softmax at all up to saturation.
  const double spreads[] = {0.5, 4, 4, 12, 40, 40, 400, 1500};
  const std::size_t least = data_ == AttentionData::kRising ? 3 : 0;
  const double spread = spreads[least + random_.below(std::size(spreads) - least)];
  c.multiplier = 1u << 24;
  const double largest = largest_dot(task);
  if (largest == 0) return;
  const double wanted = spread * 1024 / largest;  // times 2^shift: what the multipliers are to be scaled by
  c.shift = static_cast<std::uint32_t>(std::clamp(static_cast<int>(pick(3, 6)) - std::ilogb(wanted), 1, 127));
  const double factor = std::ldexp(wanted, static_cast<int>(c.shift));  // 8 .. 128
  const auto fit = [factor](std::uint32_t multiplier) {
    return static_cast<std::uint32_t>(std::min(static_cast<double>(multiplier) * factor, 4294967295.0));
  };
  c.multiplier = fit(c.multiplier);
  for (AttentionTaskKey& k : task.keys)
    for (AttentionTaskScale& s : k.key_scale) s.factor = fit(s.factor);
}

/// Of a pass over `count` keys from `first` on.
AttentionRow AttentionDraw::row(std::uint64_t first, std::uint64_t count, std::uint32_t context) {
  const auto from = static_cast<std::uint32_t>(first), to = static_cast<std::uint32_t>(first + count);
  const auto inside = [&] { return from + pick(0, static_cast<std::int64_t>(count)); };
  switch (random_.below(8)) {
    case 0: return {0, std::min(to, from + 1 + context), 0};              // causal, top left
    case 1: return {0, to - std::min(to, context), 0};                    // causal, bottom right
    case 2: return {inside(), to, 0};                                     // window
    case 3: return {inside(), inside(), pick(0, 2 * config_.keys)};       // sink and window, ragged
    case 4: return {0, inside(), 0};                                      // ragged
    case 5: return one_in(2) ? AttentionRow{to, to, 0} : AttentionRow{};  // nothing
    case 6: return {pick(0, 0xffffff), pick(0, 0xffffff), pick(0, 0xffffff)};
    default: return {0, 0xffffff, 0};
  }
}

std::vector<AttentionTaskMask> AttentionDraw::mask(const AttentionTask& task) {
  std::vector<AttentionTaskMask> all(task.keys.size() * task.command.contexts);
  const std::uint64_t kind = data_ == AttentionData::kRising ? 4 : random_.below(5);
  const std::uint32_t seen_percents[] = {100, 100, 90, 50, 3, 0};
  const std::uint32_t seen = seen_percents[random_.below(std::size(seen_percents))];
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto key = static_cast<std::int32_t>(i / task.command.contexts);
    const auto context = static_cast<std::int32_t>(i % task.command.contexts);
    switch (kind) {
      case 0: all[i].bias = 0; break;
      case 1: all[i].bias = -key * 200 * (context + 1); break;  // linear in the distance (ALiBi)
      case 2: all[i].bias = static_cast<std::int32_t>(random_.between(-4000, 4000)); break;
      case 3: all[i].bias = one_in(2) ? (1 << 20) - 1 : -(1 << 20); break;
      default: all[i].bias = key * 1500; break;  // rises
    }
    all[i].bias = std::clamp(all[i].bias, -(1 << 20), (1 << 20) - 1);
    all[i].seen = random_.below(100) < seen;
  }
  return all;
}

AttentionPartial AttentionDraw::state(std::uint32_t elements, std::uint64_t largest_sum) {
  AttentionPartial p;
  const bool empty = one_in(4) || largest_sum == 0;
  p.sum = empty ? 0 : 1 + random_.below(one_in(3) ? largest_sum : std::min<std::uint64_t>(largest_sum, 1u << 24));
  p.any = !empty;
  p.maximum = static_cast<std::int32_t>(one_in(5) ? random_.between(-2048, 2047) : random_.between(-30, 30));
  if (one_in(3))
    while ((p.sum & (p.sum - 1)) != 0) p.sum &= p.sum - 1;  // divides exactly: then multiples of its half are ties
  // |accumulator| <= sum * largest value; those of an empty state mean nothing, and must do nothing.
  const std::uint32_t bits = config_.accumulator_bits();
  for (std::uint32_t e = 0; e < elements; ++e) {
    const AttentionExactInt any =
        AttentionExactInt{random_.between(-(1 << 30), 1 << 30)} * (std::int64_t{1} << 31) + pick(0, 1 << 30);
    const AttentionExactInt most = AttentionExactInt{p.sum} << (config_.floating() ? 41 : config_.kv_bits - 1);
    const std::int64_t halves = std::int64_t{1} << config_.kv_bits;
    const AttentionExactInt bounded = one_in(4)   ? most * (one_in(2) ? 1 : -1)
                                      : one_in(4) ? AttentionExactInt{p.sum} * random_.between(-halves, halves) / 2
                                                  : most * random_.between(-(1 << 30), 1 << 30) / (1 << 30);
    p.accumulator.push_back(empty ? any >> (61 - std::min(61u, bits - 1)) : bounded);
  }
  return p;
}

}  // namespace lutetia
