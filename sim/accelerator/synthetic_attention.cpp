#include "accelerator/synthetic_attention.h"

#include <fmt/format.h>

#include "accelerator/drawn_values.h"
#include "numeric/streaming_attention.h"

namespace lutetia {
namespace {

enum Tensor : std::uint64_t { kQueries, kKeys, kValues, kKeyScales, kValueScales };

/// Operands of one operator, drawn by place.
class Drawn final : public AttentionOperands {
 public:
  Drawn(std::uint64_t seed, const TileCommand& tile, const AttentionConfig& config)
      : seed_(hash(seed, tile.operator_index)),
        config_(config),
        scale_(score_scale(config, tile.k)),
        values_(tile.attention.values_in_keys ? kKeys : kValues) {}

  std::uint32_t query(std::uint32_t pass, std::uint32_t token, std::uint32_t head, std::uint32_t e) const override {
    return code(hash(hash(seed_, kQueries, pass, token), head, e), config_.query_bits(), false);
  }
  std::uint32_t key(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const override {
    return code(hash(hash(seed_, kKeys, pass, key), e), config_.kv_element_bits(), config_.kv_scales);
  }
  std::uint32_t value(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const override {
    return code(hash(hash(seed_, values_, pass, key), e), config_.kv_element_bits(), config_.kv_scales);
  }
  /// Half to all of what a command without scales has.
  AttentionScale key_scale(std::uint32_t pass, std::uint32_t key) const override {
    const std::uint64_t random = hash(seed_, kKeyScales, pass, key);
    return {scale_.multiplier / 2 + static_cast<std::uint32_t>(random % (scale_.multiplier / 2 + 1)), zero(random)};
  }
  AttentionScale value_scale(std::uint32_t pass, std::uint32_t key) const override {
    const std::uint64_t random = hash(seed_, values_ == kKeys ? kKeyScales : kValueScales, pass, key);
    return {32768 + static_cast<std::uint32_t>(random % 32768), zero(random)};
  }

 private:
  std::uint32_t code(std::uint64_t random, std::uint32_t bits, bool is_unsigned) const {
    if (config_.floating()) return drawn_float(random, fp16_);
    if (is_unsigned) return drawn_unsigned(random, bits);
    return static_cast<std::uint32_t>(drawn_integer(random, bits)) & ((1u << bits) - 1);
  }
  std::uint32_t zero(std::uint64_t random) const {  // near the middle of the codes
    const std::uint32_t middle = 1u << (config_.kv_bits - 1);
    return middle - 1 + static_cast<std::uint32_t>((random >> 32) % 3);
  }

  std::uint64_t seed_;
  const AttentionConfig& config_;
  ScoreScale scale_;
  const NumberFormat& fp16_ = *find_number_format("fp16");
  Tensor values_;  ///< where values come from
};

/// A code as StreamingAttention takes it.
std::int32_t meaning(const AttentionConfig& config, std::uint32_t code, std::uint32_t bits, bool is_unsigned) {
  if (config.floating() || is_unsigned) return static_cast<std::int32_t>(code);
  const std::uint32_t sign = 1u << (bits - 1);
  return static_cast<std::int32_t>(code ^ sign) - static_cast<std::int32_t>(sign);
}

}  // namespace

std::unique_ptr<AttentionOperands> SyntheticAttention::operands(const TileCommand& tile) {
  return std::make_unique<Drawn>(seed_, tile, config_);
}

/// Block by block over all keys: blocks in which the row sees nothing change nothing, so it does not matter which of
/// them were visited.
std::vector<std::uint16_t> SyntheticAttention::expected(const TileCommand& tile, std::uint32_t pass,
                                                        std::uint32_t token, std::uint32_t head) const {
  const ScoreScale scale = score_scale(config_, tile.k);
  const Drawn drawn(seed_, tile, config_);
  const AttentionTile& a = tile.attention;
  const AttentionRow row{a.from(token), a.to(token), a.sinks};
  const std::uint32_t kv = config_.kv_element_bits(), values = a.value_dims;
  std::vector<std::int32_t> query(tile.k);
  for (std::uint32_t e = 0; e < tile.k; ++e)
    query[e] = meaning(config_, drawn.query(pass, token, head, e), config_.query_bits(), false);
  StreamingAttention stream(
      config_.floating() ? StreamingAttention::Format::kFp16 : StreamingAttention::Format::kInteger, query, values);
  const AttentionScaling scaling{scale.multiplier, scale.shift, config_.kv_scales ? tile.k : 0,
                                 config_.kv_scales ? values : 0};
  for (std::uint32_t key0 = 0; key0 < a.keys; key0 += config_.keys) {
    AttentionBlock block;
    block.count = std::min(config_.keys, a.keys - key0);
    std::vector<std::int32_t> k, v;
    std::vector<std::uint8_t> counts;
    std::vector<KeyScale> key_scales;
    std::vector<ValueScale> value_scales;
    for (std::uint32_t key = key0; key < key0 + block.count; ++key) {
      for (std::uint32_t e = 0; e < tile.k; ++e)
        k.push_back(meaning(config_, drawn.key(pass, key, e), kv, config_.kv_scales));
      for (std::uint32_t e = 0; e < values; ++e)
        v.push_back(meaning(config_, drawn.value(pass, key, e), kv, config_.kv_scales));
      counts.push_back(row.sees(key));
      const AttentionScale ks = drawn.key_scale(pass, key), vs = drawn.value_scale(pass, key);
      key_scales.push_back({ks.factor, ks.zero});
      value_scales.push_back({vs.factor, vs.zero});
    }
    block.keys = k.data();
    block.values = v.data();
    block.counts = counts.data();
    if (config_.kv_scales) block.key_scales = key_scales.data(), block.value_scales = value_scales.data();
    stream.add(scaling, block);
  }
  if (config_.output_format == AttentionOutput::kFp16) return stream.fp16_result();
  std::vector<std::uint16_t> out;
  for (const std::int8_t value : stream.int8_result()) out.push_back(static_cast<std::uint16_t>(std::int16_t{value}));
  return out;
}

void SyntheticAttention::output(const TileCommand& tile, std::uint32_t pass, std::uint32_t token, std::uint32_t head,
                                std::uint32_t e, std::uint32_t bits) {
  const std::vector<std::uint64_t> context = {tile.operator_index, pass, token, head};
  if (context != context_) {
    context_ = context;
    results_ = expected(tile, pass, token, head);
  }
  ++checked_;
  if (bits == results_.at(e)) return;
  if (mismatches_++ == 0)
    first_mismatch_ = fmt::format(
        "operator {} pass {} token {} head {} element {} is {:04x}, the arithmetic of its keys gives {:04x}",
        tile.operator_index, pass, token, head, e, bits, results_.at(e));
}

}  // namespace lutetia
