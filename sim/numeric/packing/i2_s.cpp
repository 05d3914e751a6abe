// I2_S of bitnet.cpp: ternary in two bits, codes 0, 1, 2 for -1, 0, 1; one FP32 scale for the matrix (its largest
// magnitude) at byte n/4, in a tail of 32 bytes of which writers leave 28 to chance.
//
// One name, one GGUF type id, but two layouts, and nothing in a file says which: x86 code packs 128 weights in 32 bytes
// (byte p: columns p, p+32, p+64, p+96, the first in the highest bits), ARM code 64 weights in 16 bytes (p, p+16, ...).
// Sizes and codes are equal, so that a file read with the other block size gives other weights without any error.
// (A third, x86 without ACT_PARALLEL, has four rows in a byte; it is not read here.)
#include <cmath>

#include "numeric/packing/half.h"
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/row_blocks.h"

namespace lutetia {
namespace {

constexpr std::uint32_t kTail = 32;

class I2S final : public RowBlockPacking {
 public:
  I2S(const PackingInfo& info, std::uint32_t lanes)
      : RowBlockPacking(info, 4 * lanes, lanes, kTail), lanes_{lanes, true} {}

 protected:
  void describe_scales(WeightMatrix& m) const override {
    m.scale_group = 0;
    m.scales.resize(1);
  }
  std::vector<CodeElements> block_order() const override { return lanes_.order(lanes_.lanes); }
  void write_block(const WeightMatrix& m, const BlockPlace& at, std::uint8_t* bytes) const override {
    lanes_.write(&m.weights[at.index * block_weights()], 1, lanes_.lanes, bytes);
  }
  void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& m,
                  PackingFaults& faults) const override {
    lanes_.read(bytes, lanes_.lanes, 1, 2, at, &m.weights[at.index * block_weights()], faults);
  }
  void write_tail(const WeightMatrix& m, std::uint8_t* bytes) const override { write_fp32(bytes, m.scales[0]); }
  void read_tail(const std::uint8_t* bytes, std::uint64_t offset, WeightMatrix& m,
                 PackingFaults& faults) const override {
    m.scales[0] = read_fp32(bytes);
    if (std::isfinite(m.scales[0])) return;
    faults.add(offset, PackingFault::kNowhere, PackingFault::kNowhere, fp32_bits(m.scales[0]), [&] {
      return std::string("the FP32 scale is ") + (std::isnan(m.scales[0]) ? "not a number" : "infinite");
    });
    m.scales[0] = 0;
  }

 private:
  TwoBitLanes lanes_;
};

}  // namespace

std::unique_ptr<WeightPacking> make_i2_s_128(const PackingInfo& info) {
  return std::make_unique<I2S>(info, 32);
}

std::unique_ptr<WeightPacking> make_i2_s_64(const PackingInfo& info) {
  return std::make_unique<I2S>(info, 16);
}

}  // namespace lutetia
