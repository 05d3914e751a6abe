// TL1 of bitnet.cpp: two ternary weights in four bits, 3 w0 + w1 + 4, no scale (an FP32 tensor <name>_scale beside it).
//
// A byte holds columns c, c+1 in the high nibble and c+2, c+3 in the low one. Bytes lie in nested tiles, from the
// outside: tiles of bm rows; of bk columns; blocks of bmm rows; of by = 256 / bmm columns; 16 rows; 4 columns; then the
// 16 rows of that as 16 bytes, which is one vector register of the ARM kernel.
#include "numeric/packing/packing_formats.h"
#include "numeric/packing/tl_tiles.h"

namespace lutetia {
namespace {

class Tl1 final : public WeightPacking {
 public:
  using WeightPacking::WeightPacking;

  std::vector<PackingParameter> parameters() override { return tile_parameters(tile_); }
  void use_upstream_parameters(std::uint64_t rows, std::uint64_t columns) override {
    if (const Tl1Tile* tile = upstream_tl1_tile(rows, columns)) tile_ = *tile;
  }
  std::uint64_t size_bytes(std::uint64_t rows, std::uint64_t columns) const override { return rows * columns / 4; }
  std::vector<CodeElements> row_order(std::uint64_t columns) const override {
    std::vector<CodeElements> codes;
    for (std::uint64_t column = 0; column < columns; column += 2) codes.push_back({column, 1, 2});
    return codes;
  }

 protected:
  std::string shape_obstacle(std::uint64_t rows, std::uint64_t columns) const override {
    if (tile_.bmm != 32 && tile_.bmm != 64) return "bmm is " + std::to_string(tile_.bmm) + ", expected 32 or 64";
    for (const std::string& fault :
         {not_divided(rows, "rows", tile_.bm, "bm"), not_divided(columns, "columns", tile_.bk, "bk"),
          not_divided(tile_.bm, "rows of a tile (bm)", tile_.bmm, "bmm"),
          not_divided(tile_.bk, "columns of a tile (bk)", tile_.by(), "256 / bmm =")})
      if (!fault.empty()) return fault;
    return "";
  }
  void describe_scales(WeightMatrix&) const override {}

  void write(const WeightMatrix& m, std::uint8_t* bytes) const override {
    each_byte(m.rows, m.columns, [&](std::uint64_t offset, std::uint64_t row, std::uint64_t column) {
      const std::int8_t* w = &m.weights[m.index(row, column)];
      bytes[offset] = static_cast<std::uint8_t>(pair_code(w[0], w[1]) << 4 | pair_code(w[2], w[3]));
    });
  }
  void read(const std::uint8_t* bytes, WeightMatrix& m, PackingFaults& faults) const override {
    each_byte(m.rows, m.columns, [&](std::uint64_t offset, std::uint64_t row, std::uint64_t column) {
      read_pair(bytes[offset] >> 4, offset, row, column, m, faults);
      read_pair(bytes[offset] & 15u, offset, row, column + 2, m, faults);
    });
  }

 private:
  /// In the order of addresses.
  template <class Visit>
  void each_byte(std::uint64_t rows, std::uint64_t columns, Visit visit) const {
    const std::uint64_t bm = tile_.bm, bk = tile_.bk, bmm = tile_.bmm, by = tile_.by();
    std::uint64_t offset = 0;
    for (std::uint64_t tile_row = 0; tile_row < rows; tile_row += bm)
      for (std::uint64_t tile_column = 0; tile_column < columns; tile_column += bk)
        for (std::uint64_t block_row = tile_row; block_row < tile_row + bm; block_row += bmm)
          for (std::uint64_t block_column = tile_column; block_column < tile_column + bk; block_column += by)
            for (std::uint64_t row = block_row; row < block_row + bmm; row += 16)
              for (std::uint64_t column = block_column; column < block_column + by; column += 4)
                for (std::uint64_t lane = 0; lane < 16; ++lane) visit(offset++, row + lane, column);
  }

  Tl1Tile tile_;
};

}  // namespace

std::unique_ptr<WeightPacking> make_tl1(const PackingInfo& info) {
  return std::make_unique<Tl1>(info);
}

}  // namespace lutetia
