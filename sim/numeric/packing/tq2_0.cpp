// TQ2_0 and Q2_K of GGUF: 256 weights of two bits in 64 bytes, the same places in both. Byte b = 32 h + m holds columns
// 128 h + m + {0, 32, 64, 96}, the first in the lowest bits.
//   TQ2_0: 64 bytes of codes 0, 1, 2 for -1, 0, 1; FP16 scale.
//   Q2_K:  16 bytes, one for every 16 columns: sub-scale (low nibble) and sub-minimum (high); 64 bytes of codes 0..3;
//          FP16 scale d; FP16 minimum m: value = d * sub-scale * q - m * sub-minimum.
#include "numeric/packing/half.h"
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/row_blocks.h"

namespace lutetia {
namespace {

constexpr std::uint32_t kWeights = 256, kCodes = 64, kSubs = 16;
constexpr TwoBitLanes kLanes{32, false};

class Tq2 final : public RowBlockPacking {
 public:
  explicit Tq2(const PackingInfo& info) : RowBlockPacking(info, kWeights, kCodes + 2) {}

 protected:
  std::vector<CodeElements> block_order() const override { return kLanes.order(kCodes); }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    kLanes.write(&m.weights[at.index * kWeights], 1, kCodes, bytes);
    write_u16(bytes + kCodes, half_bits(m.scales[at.index]));
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    kLanes.read(bytes, kCodes, 1, 2, at, &m.weights[at.index * kWeights], faults);
    m.scales[at.index] = read_half_scale(bytes + kCodes, at.offset + kCodes, at, "scale", faults);
  }
};

class Q2K final : public RowBlockPacking {
 public:
  explicit Q2K(const PackingInfo& info) : RowBlockPacking(info, kWeights, kBytes) {}

 protected:
  void describe_scales(WeightMatrix& m) const override {
    RowBlockPacking::describe_scales(m);
    m.minima.resize(m.scales.size());
    m.sub_group = kWeights / kSubs;
    m.sub_scales.resize(m.scales.size() * kSubs);
    m.sub_minima.resize(m.scales.size() * kSubs);
  }
  std::vector<CodeElements> block_order() const override { return kLanes.order(kCodes); }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    for (std::uint32_t s = 0; s < kSubs; ++s) {
      const std::uint64_t i = at.index * kSubs + s;
      bytes[s] = static_cast<std::uint8_t>(m.sub_scales[i] | m.sub_minima[i] << 4);
    }
    kLanes.write(&m.weights[at.index * kWeights], 0, kCodes, bytes + kSubs);
    write_u16(bytes + kScale, half_bits(m.scales[at.index]));
    write_u16(bytes + kScale + 2, half_bits(m.minima[at.index]));
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    for (std::uint32_t s = 0; s < kSubs; ++s) {
      m.sub_scales[at.index * kSubs + s] = bytes[s] & 15;
      m.sub_minima[at.index * kSubs + s] = static_cast<std::uint8_t>(bytes[s] >> 4);
    }
    kLanes.read(bytes + kSubs, kCodes, 0, 3, at, &m.weights[at.index * kWeights], faults);
    m.scales[at.index] = read_half_scale(bytes + kScale, at.offset + kScale, at, "scale", faults);
    m.minima[at.index] = read_half_scale(bytes + kScale + 2, at.offset + kScale + 2, at, "minimum", faults);
  }

 private:
  static constexpr std::uint32_t kScale = kSubs + kCodes, kBytes = kScale + 4;
};

}  // namespace

std::unique_ptr<WeightPacking> make_tq2_0(const PackingInfo& info) {
  return std::make_unique<Tq2>(info);
}

std::unique_ptr<WeightPacking> make_q2_k(const PackingInfo& info) {
  return std::make_unique<Q2K>(info);
}

}  // namespace lutetia
