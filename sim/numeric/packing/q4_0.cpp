// Q4_0 and Q8_0 of GGUF: blocks of 32 weights behind an FP16 scale.
//   Q4_0: 2 + 16 bytes; byte j holds columns j (low nibble) and j + 16 (high), code q for the weight q - 8.
//   Q8_0: 2 + 32 bytes; byte j is column j in two's complement.
// Every code is legal; only a scale can be wrong.
#include "numeric/packing/half.h"
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/row_blocks.h"

namespace lutetia {
namespace {

constexpr std::uint32_t kWeights = 32, kScale = 2;

class Q4 final : public RowBlockPacking {
 public:
  explicit Q4(const PackingInfo& info) : RowBlockPacking(info, kWeights, kScale + 16) {}

 protected:
  std::vector<CodeElements> block_order() const override {
    std::vector<CodeElements> codes;
    for (std::uint32_t j = 0; j < 16; ++j) codes.push_back({j, 16, 2});
    return codes;
  }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    const std::int8_t* weights = &m.weights[at.index * kWeights];
    write_u16(bytes, half_bits(m.scales[at.index]));
    for (std::uint32_t j = 0; j < 16; ++j)
      bytes[kScale + j] = static_cast<std::uint8_t>((weights[j] + 8) | (weights[j + 16] + 8) << 4);
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    std::int8_t* weights = &m.weights[at.index * kWeights];
    m.scales[at.index] = read_half_scale(bytes, at.offset, at, "scale", faults);
    for (std::uint32_t j = 0; j < 16; ++j) {
      weights[j] = static_cast<std::int8_t>((bytes[kScale + j] & 15) - 8);
      weights[j + 16] = static_cast<std::int8_t>((bytes[kScale + j] >> 4) - 8);
    }
  }
};

class Q8 final : public RowBlockPacking {
 public:
  explicit Q8(const PackingInfo& info) : RowBlockPacking(info, kWeights, kScale + 32) {}

 protected:
  std::vector<CodeElements> block_order() const override {
    std::vector<CodeElements> codes;
    for (std::uint32_t j = 0; j < kWeights; ++j) codes.push_back({j, 1, 1});
    return codes;
  }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    write_u16(bytes, half_bits(m.scales[at.index]));
    for (std::uint32_t j = 0; j < kWeights; ++j)
      bytes[kScale + j] = static_cast<std::uint8_t>(m.weights[at.index * kWeights + j]);
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    m.scales[at.index] = read_half_scale(bytes, at.offset, at, "scale", faults);
    for (std::uint32_t j = 0; j < kWeights; ++j) {
      const int code = bytes[kScale + j];
      m.weights[at.index * kWeights + j] = static_cast<std::int8_t>(code < 128 ? code : code - 256);
    }
  }
};

}  // namespace

std::unique_ptr<WeightPacking> make_q4_0(const PackingInfo& info) {
  return std::make_unique<Q4>(info);
}

std::unique_ptr<WeightPacking> make_q8_0(const PackingInfo& info) {
  return std::make_unique<Q8>(info);
}

}  // namespace lutetia
