// TQ1_0 of GGUF: 256 ternary weights in 48 bytes of five, 4 bytes of four, and an FP16 scale.
//
// The digits d = w + 1 of a byte make v = d0 81 + d1 27 + d2 9 + d3 3 + d4; stored is ceil(256 v / 243), the binary
// fraction v / 243 rounded up, so that multiplying by 3 carries one digit after the other out of the top. 243 of the
// 256 bytes are such a v. Byte m < 32 holds columns m, m+32, ..., m+128; byte 32+m holds 160+m, 176+m, ..., 224+m (m <
// 16); byte 48+j holds 240+j, 244+j, 248+j, 252+j as d0..d3 with d4 = 0, of which only 81 bytes are legal.
#include "numeric/packing/half.h"
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/row_blocks.h"

namespace lutetia {
namespace {

constexpr std::uint32_t kWeights = 256, kFives = 48, kCodes = 52, kBytes = 54;

/// The weights of byte `byte` of a block.
CodeElements elements(std::uint32_t byte) {
  if (byte < 32) return {byte, 32, 5};
  if (byte < kFives) return {160 + byte - 32, 16, 5};
  return {240 + byte - kFives, 4, 4};
}

std::uint32_t to_byte(std::uint32_t v) {
  return (v * 256 + 242) / 243;
}

class Tq1 final : public RowBlockPacking {
 public:
  explicit Tq1(const PackingInfo& info) : RowBlockPacking(info, kWeights, kBytes) {}

 protected:
  std::vector<CodeElements> block_order() const override {
    std::vector<CodeElements> codes;
    for (std::uint32_t byte = 0; byte < kCodes; ++byte) codes.push_back(elements(byte));
    return codes;
  }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    const std::int8_t* weights = &m.weights[at.index * kWeights];
    for (std::uint32_t byte = 0; byte < kCodes; ++byte) {
      const CodeElements e = elements(byte);
      std::uint32_t v = 0;
      for (std::uint32_t n = 0; n < 5; ++n)
        v = v * 3 + (n < e.count ? static_cast<std::uint32_t>(weights[e.first + n * e.stride] + 1) : 0);
      bytes[byte] = static_cast<std::uint8_t>(to_byte(v));
    }
    write_u16(bytes + kCodes, half_bits(m.scales[at.index]));
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    std::int8_t* weights = &m.weights[at.index * kWeights];
    for (std::uint32_t byte = 0; byte < kCodes; ++byte) {
      const CodeElements e = elements(byte);
      std::uint32_t v = bytes[byte] * 243u / 256u;
      const bool digits_end = e.count == 5 || v % 3 == 0;
      if (to_byte(v) != bytes[byte] || !digits_end) {
        faults.add(at.offset + byte, at.row, at.column + e.first, bytes[byte], [&] {
          return "byte " + std::to_string(bytes[byte]) + " stands for no " + std::to_string(e.count) +
                 " ternary digits" + (digits_end ? "" : ": there is a fifth");
        });
        continue;
      }
      for (std::uint32_t n = 5; n-- > 0; v /= 3)
        if (n < e.count) weights[e.first + n * e.stride] = static_cast<std::int8_t>(static_cast<int>(v % 3) - 1);
    }
    m.scales[at.index] = read_half_scale(bytes + kCodes, at.offset + kCodes, at, "scale", faults);
  }
};

}  // namespace

std::unique_ptr<WeightPacking> make_tq1_0(const PackingInfo& info) {
  return std::make_unique<Tq1>(info);
}

}  // namespace lutetia
