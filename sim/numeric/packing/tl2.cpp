// TL2 of bitnet.cpp: three ternary weights in a 4-bit index and a sign, no scale (an FP32 tensor <name>_scale beside
// it). v = 9 w0 + 3 w1 + w2; sign = v < 0, index = |v| in 0..13. Four parts, one behind the other:
//
//   indices  columns 0 .. K3-1, K3 = the multiple of bk in K: tiles of bm rows, of bk columns, blocks of 32 rows, of 6
//            columns = 32 bytes, a byte a row: triple 0 in the high nibble, triple 1 in the low one. Of the four groups
//            of 8 rows the middle two are swapped: 0-7, 16-23, 8-15, 24-31.
//   signs    the same tiles and blocks, of 24 columns = 16 little-endian words; word l has row l and row l + 16: bit
//            15 - 2t is the sign of triple t of row l, bit 14 - 2t of row l + 16.
//   pairs    columns K3 .. K-1, a multiple of 32: codes 3 w0 + w1 + 4 of two weights, in tiles of bm rows, of 32
//   columns,
//            blocks of 32 rows, of 4 columns = 32 bytes, pair 0 high, pair 1 low, rows swapped as above.
//   zeros    up to (K - 256) M / 3 * 5 / 8 + 256 M / 2 * 4 / 8 bytes, each division rounded down.
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/tl_tiles.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kBlockRows = 32;
constexpr std::int8_t kIllegal = 2;  ///< marks a triple between the reading of its index and of its sign

/// Row, within a block of 32, of byte `lane` of its 32 bytes.
constexpr std::uint64_t row_of_lane(std::uint64_t lane) {
  const std::uint64_t group = lane / 8;
  return (group == 1 ? 2 : group == 2 ? 1 : group) * 8 + lane % 8;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

class Tl2 final : public WeightPacking {
 public:
  using WeightPacking::WeightPacking;

  std::vector<PackingParameter> parameters() override { return tile_parameters(tile_); }
  void use_upstream_parameters(std::uint64_t rows, std::uint64_t columns) override {
    if (const Tl2Tile* tile = upstream_tl2_tile(rows, columns)) tile_ = *tile;
  }
  std::uint64_t size_bytes(std::uint64_t rows, std::uint64_t columns) const override {
    const auto m = static_cast<std::int64_t>(rows), k = static_cast<std::int64_t>(columns);
    return static_cast<std::uint64_t>(floor_div(floor_div((k - 256) * m, 3) * 5, 8) + 256 * m / 2 * 4 / 8);
  }
  std::vector<CodeElements> row_order(std::uint64_t columns) const override {
    std::vector<CodeElements> codes;
    const std::uint64_t triples = tripled(columns);
    for (std::uint64_t column = 0; column < triples; column += 3) codes.push_back({column, 1, 3});
    for (std::uint64_t column = triples; column < columns; column += 2) codes.push_back({column, 1, 2});
    return codes;
  }

 protected:
  std::string shape_obstacle(std::uint64_t rows, std::uint64_t columns) const override {
    if (tile_.bk == 0) return "0 columns of a tile (bk) are no tile";
    if (tile_.bmm != kBlockRows) return "bmm is " + std::to_string(tile_.bmm) + ", expected 32";
    for (const std::string& fault :
         {not_divided(rows, "rows", tile_.bm, "bm"), not_divided(tile_.bm, "rows of a tile (bm)", kBlockRows, "bmm"),
          not_divided(tile_.bk, "columns of a tile (bk)", 24, "a sign word's")})
      if (!fault.empty()) return fault;
    const std::string rest = not_divided(columns - tripled(columns), "columns behind the last tile", 32, "a block's");
    if (!rest.empty()) return rest;
    if (pairs_at(rows, columns) + rows * (columns - tripled(columns)) / 4 <= size_bytes(rows, columns)) return "";
    return std::to_string(columns - tripled(columns)) + " columns behind the last tile have no room in the format";
  }
  void describe_scales(WeightMatrix&) const override {}

  void write(const WeightMatrix& m, std::uint8_t* bytes) const override {
    const std::uint64_t triples = tripled(m.columns);
    each_byte(m.rows, 0, triples, tile_.bk, 6, 0, [&](std::uint64_t at, std::uint64_t row, std::uint64_t column) {
      bytes[at] = static_cast<std::uint8_t>(index(m, row, column) << 4 | index(m, row, column + 3));
    });
    each_sign(m.rows, triples, [&](std::uint64_t at, int bit, std::uint64_t row, std::uint64_t column) {
      if (value(m, row, column) < 0) bytes[at] = static_cast<std::uint8_t>(bytes[at] | 1 << bit);
    });
    each_byte(m.rows, triples, m.columns, 32, 4, pairs_at(m.rows, m.columns),
              [&](std::uint64_t at, std::uint64_t row, std::uint64_t column) {
                const std::int8_t* w = &m.weights[m.index(row, column)];
                bytes[at] = static_cast<std::uint8_t>(pair_code(w[0], w[1]) << 4 | pair_code(w[2], w[3]));
              });
  }

  void read(const std::uint8_t* bytes, WeightMatrix& m, PackingFaults& faults) const override {
    const std::uint64_t triples = tripled(m.columns), pairs = pairs_at(m.rows, m.columns);
    each_byte(m.rows, 0, triples, tile_.bk, 6, 0, [&](std::uint64_t at, std::uint64_t row, std::uint64_t column) {
      read_index(bytes[at] >> 4, at, row, column, m, faults);
      read_index(bytes[at] & 15u, at, row, column + 3, m, faults);
    });
    each_sign(m.rows, triples, [&](std::uint64_t at, int bit, std::uint64_t row, std::uint64_t column) {
      std::int8_t* w = &m.weights[m.index(row, column)];
      const bool negative = (bytes[at] >> bit & 1) != 0;
      if (w[0] == kIllegal) return void(w[0] = 0);  // was reported; its sign means nothing
      if (!negative) return;
      if (w[0] != 0 || w[1] != 0 || w[2] != 0) return negate(w);
      faults.add(at, row, column, bytes[at],
                 [&] { return "bit " + std::to_string(bit) + " is the sign of index 0: there is no -0"; });
    });
    each_byte(m.rows, triples, m.columns, 32, 4, pairs, [&](std::uint64_t at, std::uint64_t row, std::uint64_t column) {
      read_pair(bytes[at] >> 4, at, row, column, m, faults);
      read_pair(bytes[at] & 15u, at, row, column + 2, m, faults);
    });
    const std::uint64_t end = size_bytes(m.rows, m.columns);
    for (std::uint64_t at = pairs + m.rows * (m.columns - triples) / 4; at < end; ++at) {
      if (bytes[at] == 0) continue;
      faults.add(at, PackingFault::kNowhere, PackingFault::kNowhere, bytes[at],
                 [&] { return "byte " + std::to_string(bytes[at]) + " in the padding, expected 0"; });
    }
  }

 private:
  std::uint64_t tripled(std::uint64_t columns) const { return columns - columns % tile_.bk; }
  /// Behind indices (1/6 byte a weight) and signs (1/24).
  std::uint64_t pairs_at(std::uint64_t rows, std::uint64_t columns) const { return rows * tripled(columns) / 24 * 5; }

  static int value(const WeightMatrix& m, std::uint64_t row, std::uint64_t column) {
    const std::int8_t* w = &m.weights[m.index(row, column)];
    return 9 * w[0] + 3 * w[1] + w[2];
  }
  static void negate(std::int8_t* w) {
    for (int i = 0; i < 3; ++i) w[i] = static_cast<std::int8_t>(-w[i]);
  }
  static std::uint32_t index(const WeightMatrix& m, std::uint64_t row, std::uint64_t column) {
    const int v = value(m, row, column);
    return static_cast<std::uint32_t>(v < 0 ? -v : v);
  }
  static void read_index(std::uint32_t index, std::uint64_t offset, std::uint64_t row, std::uint64_t column,
                         WeightMatrix& m, PackingFaults& faults) {
    std::int8_t* w = &m.weights[m.index(row, column)];
    if (index > 13) {
      faults.add(offset, row, column, index, [&] {
        return "index " + std::to_string(index) +
               " stands for no three ternary weights; it is |9 w0 + 3 w1 + w2|, 0..13";
      });
      w[0] = kIllegal;
      return;
    }
    const int digits = static_cast<int>(index) + 13;  // 9 (w0 + 1) + 3 (w1 + 1) + (w2 + 1)
    w[0] = static_cast<std::int8_t>(digits / 9 - 1);
    w[1] = static_cast<std::int8_t>(digits / 3 % 3 - 1);
    w[2] = static_cast<std::int8_t>(digits % 3 - 1);
  }

  /// In the order of addresses: blocks of 32 rows and `width` columns, 32 bytes each.
  template <class Visit>
  void each_byte(std::uint64_t rows, std::uint64_t first, std::uint64_t last, std::uint64_t tile, std::uint64_t width,
                 std::uint64_t offset, Visit visit) const {
    for (std::uint64_t tile_row = 0; tile_row < rows; tile_row += tile_.bm)
      for (std::uint64_t tile_column = first; tile_column < last; tile_column += tile)
        for (std::uint64_t row = tile_row; row < tile_row + tile_.bm; row += kBlockRows)
          for (std::uint64_t column = tile_column; column < tile_column + tile; column += width)
            for (std::uint64_t lane = 0; lane < kBlockRows; ++lane) visit(offset++, row + row_of_lane(lane), column);
  }
  /// Every sign bit: its byte, its place in the byte, the triple's row and column. The high byte of a word comes
  /// second.
  template <class Visit>
  void each_sign(std::uint64_t rows, std::uint64_t triples, Visit visit) const {
    std::uint64_t offset = rows * triples / 6;
    for (std::uint64_t tile_row = 0; tile_row < rows; tile_row += tile_.bm)
      for (std::uint64_t tile_column = 0; tile_column < triples; tile_column += tile_.bk)
        for (std::uint64_t row = tile_row; row < tile_row + tile_.bm; row += kBlockRows)
          for (std::uint64_t column = tile_column; column < tile_column + tile_.bk; column += 24)
            for (std::uint64_t word = 0; word < 16; ++word, offset += 2)
              for (int bit = 0; bit < 16; ++bit) {
                const auto i = static_cast<std::uint64_t>(15 - bit);
                visit(offset + static_cast<std::uint64_t>(bit / 8), bit % 8, row + i % 2 * 16 + word,
                      column + i / 2 * 3);
              }
  }

  Tl2Tile tile_;
};

}  // namespace

std::unique_ptr<WeightPacking> make_tl2(const PackingInfo& info) {
  return std::make_unique<Tl2>(info);
}

}  // namespace lutetia
