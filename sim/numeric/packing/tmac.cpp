// T-MAC: weights of b = 1..4 bits as bit planes, four neighbours of a plane in a nibble; then FP32 scales.
//
// q = w + 2^(b-1). Nibble (n, p, j): bit i is bit p of q(n, 4j + i). Plane rows: 8 rows of plane 0, the same 8 of plane
// 1,
// ...; 32 plane rows share 16 bytes: byte s has plane row s in the low nibble and s + 16 in the high one. From the
// outside: tiles of bm plane rows; of kfactor nibbles; 32 plane rows; the kfactor nibbles; 16 bytes.
// Behind that the scales, FP32. group 0: one for the matrix, then its zero. Else, for every bm / b rows and every group
// of columns: 8 scales of 8 rows, then their zeros, and so on. Zeros only if `zeros`; value = scale * w - zero.
#include <cmath>

#include "numeric/packing/half.h"
#include "numeric/packing/packing_formats.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kSimdIn = 16, kSimdOut = 8;  // bytes of a lookup register, rows of an output register
constexpr std::uint64_t kPlaneRows = 2 * kSimdIn, kNibble = 4;

/// Defaults of upstream's packer; its tuner writes others into kcfg.ini, by shape.
struct TmacTile {
  std::uint32_t bm = 512;      ///< plane rows (rows times bits) of a tile
  std::uint32_t kfactor = 16;  ///< nibbles along a row of a tile
  std::uint32_t group = 0;     ///< columns that share a scale; 0 = one for the matrix, as BitNet has
  std::uint32_t zeros = 0;     ///< 1: zeros behind the scales
};

class Tmac final : public WeightPacking {
 public:
  explicit Tmac(const PackingInfo& info) : WeightPacking(info) {
    while ((1 << bits_) < info.most - info.least + 1) ++bits_;
  }

  std::vector<PackingParameter> parameters() override {
    return {{"bm", &tile_.bm, "plane rows of a tile: rows times bits"},
            {"kfactor", &tile_.kfactor, "groups of four columns in a tile"},
            {"group", &tile_.group, "columns that share a scale; 0 = one scale for the matrix"},
            {"zeros", &tile_.zeros, "1 = a zero behind every scale"}};
  }
  std::uint64_t size_bytes(std::uint64_t rows, std::uint64_t columns) const override {
    const std::uint64_t scales = tile_.group == 0 ? 1 : rows * (columns / tile_.group);
    return plane_bytes(rows, columns) + 4 * scales * (1 + tile_.zeros);
  }
  std::vector<CodeElements> row_order(std::uint64_t columns) const override {
    std::vector<CodeElements> codes;
    for (std::uint64_t column = 0; column < columns; column += kNibble) codes.push_back({column, 1, kNibble});
    return codes;
  }

 protected:
  std::string shape_obstacle(std::uint64_t rows, std::uint64_t columns) const override {
    if (tile_.zeros > 1) return "zeros is " + std::to_string(tile_.zeros) + ", expected 0 or 1";
    for (const std::string& fault : {not_divided(rows, "rows", kSimdOut, "the register's"),
                                     not_divided(rows * bits_, "plane rows", tile_.bm, "bm"),
                                     not_divided(tile_.bm, "plane rows of a tile (bm)", kPlaneRows, "the register's"),
                                     not_divided(columns, "columns", kNibble * tile_.kfactor, "4 kfactor =")})
      if (!fault.empty()) return fault;
    if (tile_.group == 0) return "";
    for (const std::string& fault : {not_divided(columns, "columns", tile_.group, "group"),
                                     not_divided(tile_.bm, "plane rows of a tile (bm)", kSimdOut * bits_, "8 bits =")})
      if (!fault.empty()) return fault;
    return "";
  }
  void describe_scales(WeightMatrix& m) const override {
    m.scale_group = tile_.group;
    m.scales.resize(m.scale_count());
    if (tile_.zeros != 0) m.minima.resize(m.scale_count());
  }

  void write(const WeightMatrix& m, std::uint8_t* bytes) const override {
    each_nibble(m.rows, m.columns,
                [&](std::uint64_t at, int shift, int plane, std::uint64_t row, std::uint64_t column) {
                  int nibble = 0;
                  for (std::uint64_t i = 0; i < kNibble; ++i)
                    nibble |= ((m.weights[m.index(row, column + i)] + info().zero) >> plane & 1) << i;
                  bytes[at] = static_cast<std::uint8_t>(bytes[at] | nibble << shift);
                });
    each_scale(m, [&](std::uint64_t at, bool zero, std::uint64_t i) {
      write_fp32(bytes + at, zero ? m.minima[i] : m.scales[i]);
    });
  }

  void read(const std::uint8_t* bytes, WeightMatrix& m, PackingFaults& faults) const override {
    for (std::int8_t& w : m.weights) w = static_cast<std::int8_t>(-info().zero);
    each_nibble(m.rows, m.columns,
                [&](std::uint64_t at, int shift, int plane, std::uint64_t row, std::uint64_t column) {
                  for (std::uint64_t i = 0; i < kNibble; ++i) {
                    std::int8_t& w = m.weights[m.index(row, column + i)];
                    w = static_cast<std::int8_t>(w + ((bytes[at] >> shift >> i & 1) << plane));
                  }
                });
    each_scale(m, [&](std::uint64_t at, bool zero, std::uint64_t i) {
      float& scale = zero ? m.minima[i] : m.scales[i];
      scale = read_fp32(bytes + at);
      if (std::isfinite(scale)) return;
      const std::uint64_t first = i * m.scale_group;
      faults.add(at, first / m.columns, first % m.columns, fp32_bits(scale), [&] {
        return std::string("the FP32 ") + (zero ? "zero" : "scale") + " is " +
               (std::isnan(scale) ? "not a number" : "infinite");
      });
      scale = 0;
    });
  }

 private:
  std::uint64_t plane_bytes(std::uint64_t rows, std::uint64_t columns) const { return rows * bits_ * columns / 8; }

  /// In the order of addresses: byte, shift of the nibble, plane, row, first of the four columns.
  template <class Visit>
  void each_nibble(std::uint64_t rows, std::uint64_t columns, Visit visit) const {
    const std::uint64_t bm = tile_.bm, width = kNibble * tile_.kfactor, band = kSimdOut * bits_;
    std::uint64_t at = 0;
    for (std::uint64_t tile_row = 0; tile_row < rows * bits_; tile_row += bm)
      for (std::uint64_t tile_column = 0; tile_column < columns; tile_column += width)
        for (std::uint64_t first = tile_row; first < tile_row + bm; first += kPlaneRows)
          for (std::uint64_t column = tile_column; column < tile_column + width; column += kNibble)
            for (std::uint64_t s = 0; s < kSimdIn; ++s, ++at)
              for (std::uint64_t half = 0; half < 2; ++half) {
                const std::uint64_t r = first + half * kSimdIn + s;
                visit(at, static_cast<int>(4 * half), static_cast<int>(r / kSimdOut % bits_),
                      r / band * kSimdOut + r % kSimdOut, column);
              }
  }
  /// In the order of addresses: byte, whether it is a zero, index into WeightMatrix::scales or minima.
  template <class Visit>
  void each_scale(const WeightMatrix& m, Visit visit) const {
    std::uint64_t at = plane_bytes(m.rows, m.columns);
    const bool zeros = tile_.zeros != 0;
    if (tile_.group == 0) {
      visit(at, false, 0);
      if (zeros) visit(at + 4, true, 0);
      return;
    }
    const std::uint64_t tile_rows = tile_.bm / bits_, groups = m.columns / tile_.group;
    for (std::uint64_t tile = 0; tile < m.rows; tile += tile_rows)
      for (std::uint64_t group = 0; group < groups; ++group)
        for (std::uint64_t row = tile; row < tile + tile_rows; row += kSimdOut)
          for (int zero = 0; zero < (zeros ? 2 : 1); ++zero)
            for (std::uint64_t i = 0; i < kSimdOut; ++i, at += 4) visit(at, zero != 0, (row + i) * groups + group);
  }

  TmacTile tile_;
  std::uint32_t bits_ = 1;
};

}  // namespace

std::unique_ptr<WeightPacking> make_tmac(const PackingInfo& info) {
  return std::make_unique<Tmac>(info);
}

}  // namespace lutetia
