#include "cosim/attention_meaning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lutetia {
namespace {

using Real = long double;

/// Of 2^-f by chords against the curve, f a multiple of 2^-10: what the README promises is 3.8e-5, the least value 0.5.
constexpr Real kChordError = 3.8e-5L / 0.5L;
constexpr Real kScoreRounding = 1 / 2048.0L;  ///< SQ10.10, half a last place
constexpr Real kEpsilon = 1e-18L;             ///< generous for one operation of a long double, 2^-64

Real fp16_real(std::uint32_t code) {
  const int exponent = static_cast<int>(code >> 10 & 31), fraction = static_cast<int>(code & 1023);
  const Real magnitude =
      exponent == 0 ? std::ldexp(Real(fraction), -24) : std::ldexp(Real(1024 + fraction), exponent - 25);
  return code >= 0x8000 ? -magnitude : magnitude;
}

Real signed_real(std::uint32_t code, std::uint32_t bits) {
  return code >= 1u << (bits - 1) ? Real(code) - std::ldexp(Real(1), static_cast<int>(bits)) : Real(code);
}

/// The real number that one unit of an accumulator counts, weights counting 1.
Real value_unit(const AttentionConfig& c) {
  return c.format == AttentionFormat::kFp16 ? std::ldexp(Real(1), -24) : 1;
}

Real clamped_score(Real x) {
  return std::clamp<Real>(x, -1024, 1024 - std::ldexp(Real(1), -10));
}

/// A context sees a window, and of what is before it the sinks; nothing from `to` on; nothing that is masked.
bool visible(const AttentionTask& task, std::uint32_t context, std::size_t key) {
  const AttentionRow& row = task.rows[context];
  const std::uint64_t number = task.keys[key].number;
  const bool in_window = row.from <= number && number < row.to, is_sink = number < std::min(row.sink, row.to);
  const AttentionTaskMask* mask = task.mask_of(key, context);
  return (in_window || is_sink) && (mask == nullptr || mask->seen);
}

}  // namespace

void AttentionMeaningPass::add(const AttentionTask& task) {
  elements_ = std::size_t{task.command.value_chunks} * task.dims;
  for (std::uint32_t s = 0; s < task.command.states; ++s) {
    const AttentionPartial& state = task.states[std::size_t{s} * task.command.contexts + context_];
    if (state.sum != 0) states_.push_back(state.meaning);
  }
  for (std::size_t key = 0; key < task.keys.size(); ++key)
    if (visible(task, context_, key)) add_key(task, key);
}

void AttentionMeaningPass::add_key(const AttentionTask& task, std::size_t key) {
  const AttentionTaskKey& k = task.keys[key];
  const bool floating = config_.format == AttentionFormat::kFp16;
  const auto real = [&](std::uint32_t code, const AttentionTaskScale* scale) {
    if (floating) return fp16_real(code);
    return scale == nullptr ? signed_real(code, config_.kv_bits) : Real(code) - Real(scale->zero);
  };
  // The multiplier applies to dot products in units of 2^-48 (FP16) or 1.
  const int exponent = (floating ? 48 : 0) - 10 - static_cast<int>(task.command.shift);
  Key out;
  Real dot = 0, magnitudes = 0;
  for (std::size_t e = 0; e < k.key.size(); ++e) {
    const AttentionTaskScale* scale = nullptr;
    if (task.command.key_group != 0) scale = &k.key_scale[e / task.dims / task.command.key_group];
    const Real q = floating ? fp16_real(task.query[context_][e]) : signed_real(task.query[context_][e], 8);
    const Real product = q * real(k.key[e], scale) * Real(scale == nullptr ? task.command.multiplier : scale->factor);
    dot += product;
    magnitudes += std::fabs(product);
  }
  const Real elements = static_cast<Real>(k.key.size());
  out.score = clamped_score(std::ldexp(dot, exponent));
  const Real cancelled = std::ldexp(magnitudes, exponent) * (elements + 2) * kEpsilon;
  out.doubt = kScoreRounding + std::min<Real>(cancelled, 2048);  // no two scores are further apart
  if (const AttentionTaskMask* mask = task.mask_of(key, context_))
    out.score = clamped_score(out.score + Real(mask->bias) / 1024);
  for (std::size_t e = 0; e < elements_; ++e) {
    const AttentionTaskScale* scale = nullptr;
    if (task.command.value_group != 0) scale = &k.value_scale[e / task.dims / task.command.value_group];
    const Real code = real(k.value[e], scale);
    out.value.push_back(scale == nullptr ? code : code * Real(scale->factor) / 65536);
    out.code.push_back(scale == nullptr ? 0 : std::fabs(code));
  }
  keys_.push_back(std::move(out));
}

AttentionMeaning AttentionMeaningPass::meaning() const {
  AttentionMeaning m;
  m.weighted.resize(elements_);
  m.weighted_error.resize(elements_);
  m.any = !keys_.empty() || !states_.empty();
  if (!m.any) return m;
  m.largest = -std::numeric_limits<Real>::infinity();
  for (const Key& k : keys_) m.largest = std::max(m.largest, k.score + k.doubt + 1);  // rounded up to an integer
  for (const AttentionMeaning& s : states_) m.largest = std::max(m.largest, s.largest);

  const Real unit = std::exp2(m.largest - 20);  // no smaller than one of any sum on the way
  std::vector<Real> magnitudes(elements_);
  for (const Key& k : keys_) {
    const Real weight = std::exp2(k.score);
    // Off by the score's doubt and by the chord; then rounded to a unit, or to nothing.
    const Real relative = std::exp2(k.doubt) * (1 + kChordError) - 1;
    const Real error = relative * weight + std::min(unit / 2, weight * (1 + relative));
    m.sum += weight;
    m.sum_error += error;
    for (std::size_t e = 0; e < elements_; ++e) {
      m.weighted[e] += weight * k.value[e];
      magnitudes[e] += weight * std::fabs(k.value[e]);
      const Real scaled_rounding = std::min(unit / 2 * k.code[e], (weight + error) * std::fabs(k.value[e]));
      m.weighted_error[e] += error * std::fabs(k.value[e]) + scaled_rounding;
    }
  }
  for (const AttentionMeaning& s : states_) {
    m.sum += s.sum;
    m.sum_error += s.sum_error;
    for (std::size_t e = 0; e < elements_; ++e) {
      m.weighted[e] += s.weighted[e];
      magnitudes[e] += std::fabs(s.weighted[e]);
      m.weighted_error[e] += s.weighted_error[e];
    }
  }
  // A rise of the maximum drops less than one unit, and every later one halves what was dropped before: less than two
  // in all. A state that is shifted itself drops one more. Sums of long doubles add next to nothing.
  const Real dropped = unit * (2 + static_cast<Real>(states_.size()));
  const Real additions = static_cast<Real>(keys_.size() + states_.size() + 2) * kEpsilon;
  m.sum_error += dropped + additions * m.sum;
  for (std::size_t e = 0; e < elements_; ++e)
    m.weighted_error[e] += dropped * value_unit(config_) + additions * magnitudes[e];
  return m;
}

AttentionMeaning attention_meaning_of(const AttentionConfig& config, const AttentionPartial& state) {
  AttentionMeaning m;
  m.any = state.sum != 0;
  m.weighted.resize(state.accumulator.size());
  m.weighted_error.resize(state.accumulator.size());
  if (!m.any) return m;
  m.largest = state.maximum;
  const Real unit = std::exp2(Real(state.maximum) - 20);
  m.sum = Real(state.sum) * unit;
  for (std::size_t e = 0; e < m.weighted.size(); ++e)
    m.weighted[e] = static_cast<Real>(state.accumulator[e]) * unit * value_unit(config);
  return m;
}

std::string attention_check_partial(const AttentionConfig& config, const AttentionMeaning& meaning,
                                    const AttentionPartial& partial) {
  if (!meaning.any) return partial.sum == 0 ? "" : "nothing counts, so the sum must be 0";
  const AttentionMeaning got = attention_meaning_of(config, partial);
  const auto off = [](Real is, Real must, Real by) { return !(std::fabs(is - must) <= by); };
  if (off(got.sum, meaning.sum, meaning.sum_error))
    return fmt::format("sum is {}, must be {} +- {}", got.sum, meaning.sum, meaning.sum_error);
  for (std::size_t e = 0; e < meaning.weighted.size(); ++e)
    if (off(got.weighted[e], meaning.weighted[e], meaning.weighted_error[e]))
      return fmt::format("weighted value {} is {}, must be {} +- {}", e, got.weighted[e], meaning.weighted[e],
                         meaning.weighted_error[e]);
  return {};
}

long double attention_result_bound(const AttentionConfig& config, const AttentionMeaning& meaning,
                                   std::size_t element) {
  if (meaning.sum <= meaning.sum_error) return std::numeric_limits<Real>::infinity();
  const Real y = std::fabs(meaning.weighted[element] / meaning.sum);
  const Real quotient = (meaning.weighted_error[element] + y * meaning.sum_error) / (meaning.sum - meaning.sum_error);
  const Real before = quotient + (y + quotient) * std::ldexp(Real(1), -16);  // the reciprocal has 17 bits
  if (config.output_format == AttentionOutput::kInt8) return before + 0.5L;
  return before + std::max(std::ldexp(y + before, -11), std::ldexp(Real(1), -25));
}

std::string attention_check_result(const AttentionConfig& config, const AttentionMeaning& meaning, std::size_t element,
                                   std::uint32_t bits) {
  if (!meaning.any) return bits == 0 ? "" : "nothing counts, so the result must be 0";
  const bool int8 = config.output_format == AttentionOutput::kInt8;
  const Real bound = attention_result_bound(config, meaning, element);
  const Real y = meaning.weighted[element] / meaning.sum;
  const Real must = int8 ? std::clamp<Real>(y, -128, 127) : std::clamp<Real>(y, -65504, 65504);
  const Real is = int8 ? signed_real(bits, 16) : fp16_real(bits);
  if (std::fabs(is - must) <= bound) return {};
  return fmt::format("is {}, must be {} +- {}", is, must, bound);
}

}  // namespace lutetia
