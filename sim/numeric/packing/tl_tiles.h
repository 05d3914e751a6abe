// Tiles of bitnet.cpp's TL1 and TL2 kernels. The bytes of a packed matrix follow the tile, but do not name it:
// bitnet.cpp keeps it in kernel_config.ini, by shape, under the names used here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "numeric/packing/weight_packing.h"

namespace lutetia {

struct Tl1Tile {
  std::uint32_t bm = 160;  ///< rows of a tile ("BM")
  std::uint32_t bk = 64;   ///< columns of a tile ("BK")
  std::uint32_t bmm = 32;  ///< rows of a block in the tile ("bm"), 32 or 64; it is 256 / bmm columns wide ("by")

  std::uint32_t by() const { return 256 / bmm; }
};

struct Tl2Tile {
  std::uint32_t bm = 160;
  std::uint32_t bk = 96;
  std::uint32_t bmm = 32;  ///< 32 is the only one; the block is 192 / bmm = 6 columns wide
};

/// What setup_env.py gives the code generators for the shapes of bitnet_b1_58-large, -3B and Llama3-8B-1.58; nullptr
/// for any other shape.
const Tl1Tile* upstream_tl1_tile(std::uint64_t rows, std::uint64_t columns);
const Tl2Tile* upstream_tl2_tile(std::uint64_t rows, std::uint64_t columns);

template <class Tile>
std::vector<PackingParameter> tile_parameters(Tile& tile) {
  return {{"bm", &tile.bm, "rows of a tile"},
          {"bk", &tile.bk, "columns of a tile"},
          {"bmm", &tile.bmm, "rows of a block in a tile"}};
}

/// The code 3 w0 + w1 + 4 of two ternary weights, 0..8.
constexpr std::uint32_t pair_code(int w0, int w1) {
  return static_cast<std::uint32_t>(3 * w0 + w1 + 4);
}

/// Reads such a code into two neighbours; 9..15 are faults.
void read_pair(std::uint32_t code, std::uint64_t offset, std::uint64_t row, std::uint64_t column, WeightMatrix& m,
               PackingFaults& faults);

}  // namespace lutetia
