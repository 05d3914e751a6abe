// The functional model of the attention unit against the contract's steps computed otherwise: integers without limits,
// definitions instead of the running form where they must be equal, and the accumulated form step by step where they
// need not be.
#include "numeric/streaming_attention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "numeric/exp2_segments.h"
#include "numeric/wide_integer.h"

namespace lutetia {
namespace {

using Format = StreamingAttention::Format;

/// A random pass: some keys masked, some biased, scores within reach of each other or, `wild`, anything.
struct Pass {
  Format format = Format::kInteger;
  std::size_t head = 1, size = 1, keys = 1, block = 1;
  AttentionScaling scaling;
  std::vector<std::int32_t> query, key, value, biases;
  std::vector<KeyScale> key_scales;
  std::vector<ValueScale> value_scales;
  std::vector<std::uint8_t> counts;

  static std::size_t groups(std::size_t size, std::size_t group) { return group == 0 ? 0 : (size + group - 1) / group; }
  AttentionBlock at(std::size_t first, std::size_t count) const {
    AttentionBlock b;
    b.count = count;
    b.keys = &key[first * head];
    b.values = &value[first * size];
    b.key_scales = key_scales.data() + first * groups(head, scaling.key_group);
    b.value_scales = value_scales.data() + first * groups(size, scaling.value_group);
    b.counts = &counts[first];
    b.biases = &biases[first];
    return b;
  }
  StreamingAttention run(std::size_t first, std::size_t end) const {
    StreamingAttention attention(format, query, size);
    for (; first < end; first += block) attention.add(scaling, at(first, std::min(block, end - first)));
    return attention;
  }
};

Pass random_pass(Random& random, bool wild) {
  Pass p;
  p.format = random.bernoulli(0.5) ? Format::kFp16 : Format::kInteger;
  const bool fp16 = p.format == Format::kFp16, scales = !fp16 && random.bernoulli(0.5);
  p.head = 1 + random.below(20);
  p.size = 1 + random.below(20);
  p.keys = 1 + random.below(60);
  p.block = 1 + random.below(9);
  const auto code = [&] {
    if (!fp16) return static_cast<std::int32_t>(scales ? random.between(0, 255) : random.between(-128, 127));
    // Exponents around 1, or any bits at all.
    return static_cast<std::int32_t>(wild ? random.below(65536)
                                          : random.below(2) << 15 | random.between(0x3000, 0x4000));
  };
  for (std::size_t e = 0; e < p.head; ++e)
    p.query.push_back(fp16 ? code() : static_cast<std::int32_t>(random.between(-128, 127)));
  for (std::size_t e = 0; e < p.keys * p.head; ++e) p.key.push_back(code());
  for (std::size_t e = 0; e < p.keys * p.size; ++e) p.value.push_back(code());
  // Scores of some thousand in units of 2^-10, so that the maximum rises and weights differ; wild ones saturate too.
  p.scaling.shift = wild ? 60 - 30 * (fp16 ? 0 : 1) : fp16 ? 68 : 34;
  const std::int64_t most = 0xffffffff;
  p.scaling.multiplier = static_cast<std::uint32_t>(random.between(0, most));
  if (scales) {
    p.scaling.key_group = 1 + static_cast<std::uint32_t>(random.below(8));
    p.scaling.value_group = 1 + static_cast<std::uint32_t>(random.below(8));
  }
  for (std::size_t i = 0; i < p.keys * Pass::groups(p.head, p.scaling.key_group); ++i)
    p.key_scales.push_back(
        {static_cast<std::uint32_t>(random.between(0, most)), static_cast<std::uint32_t>(random.below(256))});
  for (std::size_t i = 0; i < p.keys * Pass::groups(p.size, p.scaling.value_group); ++i)
    p.value_scales.push_back(
        {static_cast<std::uint32_t>(random.below(65536)), static_cast<std::uint32_t>(random.below(256))});
  const double masked = random.bernoulli(0.2) ? 0.95 : 0.2;
  for (std::size_t i = 0; i < p.keys; ++i) {
    p.counts.push_back(random.bernoulli(masked) ? 0 : 1);
    p.biases.push_back(
        static_cast<std::int32_t>(wild ? random.between(-1048576, 1048575) : random.between(-2000, 2000)));
  }
  return p;
}

/// A number of FP16 in units of 2^-24, from its fields.
Integer fixed(std::int32_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const Integer magnitude = exponent == 0 ? Integer(fraction) : Integer(fraction + 1024) << (exponent - 1);
  return (bits & 0x8000) != 0 ? Integer(-magnitude) : magnitude;
}

/// Steps 1 and 2 of a key.
Integer score_of(const Pass& p, std::size_t i) {
  Integer total = 0;
  for (std::size_t e = 0; e < p.head; ++e) {
    const std::int32_t q = p.query[e], k = p.key[i * p.head + e];
    if (p.format == Format::kFp16) {
      total += fixed(q) * fixed(k) * p.scaling.multiplier;
    } else if (p.scaling.key_group == 0) {
      total += Integer(q) * k * p.scaling.multiplier;
    } else {
      const KeyScale& s = p.key_scales[i * Pass::groups(p.head, p.scaling.key_group) + e / p.scaling.key_group];
      total += Integer(q) * (Integer(k) - s.zero) * s.multiplier;
    }
  }
  const Integer x = saturate(floor_divide(total + power_of_two(p.scaling.shift - 1), power_of_two(p.scaling.shift)),
                             -1048576, 1048575);
  return saturate(x + p.biases[i], -1048576, 1048575);
}

/// Steps 3 to 6, written as the contract writes them, without a class and in integers without limits.
struct Reference {
  bool begun = false;
  Integer sum = 0, maximum = 0;
  std::vector<Integer> accumulators;
};

Integer shifted(const Integer& value, const Integer& distance) {
  return floor_divide(value, power_of_two(static_cast<unsigned>(distance)));
}

void reference_block(const Pass& p, std::size_t first, std::size_t count, Reference& r) {
  r.accumulators.resize(p.size);
  const Integer width = p.format == Format::kFp16 ? 84 : 50;
  std::vector<Integer> ceilings;
  for (std::size_t i = first; i < first + count; ++i)
    if (p.counts[i] != 0) ceilings.push_back(-floor_divide(-score_of(p, i), 1024));
  if (ceilings.empty()) return;
  Integer risen = *std::max_element(ceilings.begin(), ceilings.end());
  if (r.begun) risen = std::max(risen, r.maximum);
  const Integer distance = r.begun ? Integer(risen - r.maximum) : Integer(0);
  r.sum = shifted(r.sum, distance);
  for (Integer& o : r.accumulators) o = distance > width ? Integer(0) : shifted(o, distance);
  for (std::size_t i = first; i < first + count; ++i) {
    if (p.counts[i] == 0) continue;
    const std::uint32_t weight = exp2_minus(static_cast<std::uint32_t>(Integer(risen * 1024 - score_of(p, i))));
    r.sum += weight;
    for (std::size_t e = 0; e < p.size; ++e) {
      const std::int32_t v = p.value[i * p.size + e];
      if (p.format == Format::kFp16) {
        r.accumulators[e] += weight * fixed(v);
      } else if (p.scaling.value_group == 0) {
        r.accumulators[e] += Integer(weight) * v;
      } else {
        const ValueScale& s =
            p.value_scales[i * Pass::groups(p.size, p.scaling.value_group) + e / p.scaling.value_group];
        r.accumulators[e] += floor_divide(Integer(weight) * s.fraction + 32768, 65536) * (Integer(v) - s.zero);
      }
    }
  }
  r.begun = true;
  r.maximum = risen;
}

void expect_equal(const PartialAttention& state, const Reference& r) {
  ASSERT_EQ(Integer(state.sum), r.sum);
  if (r.begun) {
    ASSERT_EQ(Integer(state.maximum), r.maximum);
  }
  for (std::size_t e = 0; e < r.accumulators.size(); ++e)
    ASSERT_EQ(integer(state.accumulators[e]), r.accumulators[e]) << e;
}

TEST(StreamingAttention, EveryBlockFollowsTheContractToTheBit) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Pass p = random_pass(random, seed % 3 == 0);
    StreamingAttention attention(p.format, p.query, p.size);
    Reference reference;
    for (std::size_t first = 0; first < p.keys; first += p.block) {
      const std::size_t count = std::min(p.block, p.keys - first);
      attention.add(p.scaling, p.at(first, count));
      reference_block(p, first, count, reference);
      ASSERT_NO_FATAL_FAILURE(expect_equal(attention.partial(), reference));
    }
    const std::vector<std::uint16_t> result = attention.fp16_result();
    for (std::size_t e = 0; e < p.size; ++e)
      ASSERT_EQ(result[e], reference.sum == 0 ? 0
                                              : normalise_fp16(attention.partial().accumulators[e],
                                                               reciprocal(attention.partial().sum),
                                                               p.format == Format::kFp16 ? 24 : 0));
  }
}

TEST(StreamingAttention, StatesAreMergedAsTheContractSays) {
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed + 10000);
    const Pass p = random_pass(random, seed % 3 == 0);
    const std::size_t a = random.below(p.keys + 1), b = a + random.below(p.keys + 1 - a);
    const PartialAttention states[] = {p.run(0, a).partial(), p.run(a, b).partial()};
    StreamingAttention merged(p.format, p.query, p.size);
    Reference reference;
    reference.accumulators.resize(p.size);
    for (const PartialAttention& s : states) {
      merged.merge(s);
      if (s.sum != 0) {
        const Integer risen = reference.begun ? std::max(reference.maximum, Integer(s.maximum)) : Integer(s.maximum);
        const Integer distance = reference.begun ? Integer(risen - reference.maximum) : Integer(0);
        const Integer own = risen - s.maximum;
        const Integer width = p.format == Format::kFp16 ? 84 : 50;
        reference.sum = shifted(reference.sum, distance) + shifted(s.sum, own);
        for (std::size_t e = 0; e < p.size; ++e) {
          const Integer old = distance > width ? Integer(0) : shifted(reference.accumulators[e], distance);
          reference.accumulators[e] = old + (own > width ? Integer(0) : shifted(integer(s.accumulators[e]), own));
        }
        reference.begun = true;
        reference.maximum = risen;
      }
      ASSERT_NO_FATAL_FAILURE(expect_equal(merged.partial(), reference));
    }
    for (std::size_t first = b; first < p.keys; first += p.block) {  // a pass may begin with states
      const std::size_t count = std::min(p.block, p.keys - first);
      merged.add(p.scaling, p.at(first, count));
      reference_block(p, first, count, reference);
    }
    ASSERT_NO_FATAL_FAILURE(expect_equal(merged.partial(), reference));
  }
}

TEST(StreamingAttention, RowsWithoutAKeyGiveZeroAndLeaveNoTrace) {
  Random random(7);
  for (int i = 0; i < 50; ++i) {
    Pass p = random_pass(random, true);
    const StreamingAttention all = p.run(0, p.keys);
    Pass none = p;
    std::fill(none.counts.begin(), none.counts.end(), 0);
    StreamingAttention empty = none.run(0, p.keys);
    EXPECT_EQ(empty.fp16_result(), std::vector<std::uint16_t>(p.size, 0));
    if (p.format == Format::kInteger) {
      EXPECT_EQ(empty.int8_result(), std::vector<std::int8_t>(p.size, 0));
    }
    PartialAttention garbage;  // a state that saw nothing, whatever is in its accumulators
    garbage.maximum = 2047;
    garbage.accumulators.assign(p.size, WideInt{1} << 40);
    empty.merge(garbage);
    for (std::size_t first = 0; first < p.keys; first += p.block)
      empty.add(p.scaling, p.at(first, std::min(p.block, p.keys - first)));
    EXPECT_EQ(empty.partial().sum, all.partial().sum);
    EXPECT_EQ(empty.fp16_result(), all.fp16_result());
  }
}

TEST(StreamingAttention, AMaskedKeyCountsNotAtAllWhateverItsBits) {
  Random random(8);
  for (int i = 0; i < 200; ++i) {
    Pass p = random_pass(random, false);
    const StreamingAttention clean = p.run(0, p.keys);
    for (std::size_t k = 0; k < p.keys; ++k) {
      if (p.counts[k] != 0) continue;
      const bool fp16 = p.format == Format::kFp16;
      for (std::size_t e = 0; e < p.head; ++e) p.key[k * p.head + e] = fp16 ? 0x7e00 : 127;     // NaN
      for (std::size_t e = 0; e < p.size; ++e) p.value[k * p.size + e] = fp16 ? 0xfc00 : -128;  // -infinity
      p.biases[k] = 1048575;
    }
    const StreamingAttention poisoned = p.run(0, p.keys);
    EXPECT_EQ(poisoned.partial().sum, clean.partial().sum);
    EXPECT_EQ(poisoned.fp16_result(), clean.fp16_result());
  }
}

TEST(StreamingAttention, OneKeyGivesItsValue) {
  for (std::uint32_t code = 0; code < 0x7c00; ++code) {
    StreamingAttention attention(Format::kFp16, {0x3c00}, 2);
    const std::vector<std::int32_t> key = {0x4123},
                                    value = {static_cast<std::int32_t>(code), static_cast<std::int32_t>(code | 0x8000)};
    AttentionBlock block;
    block.count = 1;
    block.keys = key.data();
    block.values = value.data();
    attention.add({0x12345678, 70, 0, 0}, block);
    const std::vector<std::uint16_t> result = attention.fp16_result();
    // p / l is 1 but for the reciprocal, cut to 17 bits: too little to reach the midpoint to the next FP16 number.
    ASSERT_EQ(result[0], code);
    ASSERT_EQ(result[1], code == 0 ? 0 : code | 0x8000);
  }
}

}  // namespace
}  // namespace lutetia
