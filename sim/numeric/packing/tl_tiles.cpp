#include "numeric/packing/tl_tiles.h"

#include "numeric/packing/packing_formats.h"

namespace lutetia {
namespace {

struct ShapeTiles {
  std::uint64_t rows, columns;
  Tl1Tile tl1;
  Tl2Tile tl2;
};

// bitnet.cpp: shapes from codegen_tl1.py and codegen_tl2.py (ModelShapeDict), tiles from setup_env.py (gen_code).
constexpr ShapeTiles kUpstream[] = {
    {1536, 4096, {256, 128, 32}, {256, 96, 32}},   // bitnet_b1_58-large
    {1536, 1536, {128, 64, 64}, {128, 192, 32}},   //
    {4096, 1536, {256, 128, 32}, {256, 96, 32}},   //
    {3200, 8640, {160, 64, 32}, {160, 96, 32}},    // bitnet_b1_58-3B
    {3200, 3200, {320, 128, 64}, {320, 96, 32}},   //
    {8640, 3200, {320, 64, 32}, {320, 96, 32}},    //
    {14336, 4096, {256, 128, 32}, {256, 96, 32}},  // Llama3-8B-1.58-100B-tokens
    {4096, 14336, {128, 64, 64}, {128, 96, 32}},   //
    {1024, 4096, {256, 128, 32}, {256, 96, 32}},   //
    {4096, 4096, {128, 64, 64}, {128, 96, 32}},    //
};

const ShapeTiles* upstream(std::uint64_t rows, std::uint64_t columns) {
  for (const ShapeTiles& shape : kUpstream)
    if (shape.rows == rows && shape.columns == columns) return &shape;
  return nullptr;
}

}  // namespace

const Tl1Tile* upstream_tl1_tile(std::uint64_t rows, std::uint64_t columns) {
  const ShapeTiles* shape = upstream(rows, columns);
  return shape == nullptr ? nullptr : &shape->tl1;
}

const Tl2Tile* upstream_tl2_tile(std::uint64_t rows, std::uint64_t columns) {
  const ShapeTiles* shape = upstream(rows, columns);
  return shape == nullptr ? nullptr : &shape->tl2;
}

void read_pair(std::uint32_t code, std::uint64_t offset, std::uint64_t row, std::uint64_t column, WeightMatrix& m,
               PackingFaults& faults) {
  if (code > 8) {
    faults.add(offset, row, column, code, [&] {
      return "code " + std::to_string(code) + " stands for no two ternary weights; it is 3 w0 + w1 + 4, 0..8";
    });
    return;
  }
  std::int8_t* weights = &m.weights[m.index(row, column)];
  weights[0] = static_cast<std::int8_t>(static_cast<int>(code) / 3 - 1);
  weights[1] = static_cast<std::int8_t>(static_cast<int>(code) % 3 - 1);
}

std::string not_divided(std::uint64_t extent, const char* what, std::uint64_t tile, const char* name) {
  if (tile == 0) return std::string(name) + " is 0";
  if (extent % tile == 0) return "";
  return std::to_string(extent) + " " + what + " are no multiple of " + name + " " + std::to_string(tile);
}

}  // namespace lutetia
