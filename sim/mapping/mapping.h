// Tilings as data. Mapping is the general form, for people and for mappers to come: for each level of the machine,
// outermost first, its loops in order, each with the extent one iteration covers. ProductTiling is what today's program
// generator runs; mapping_of() (operator_plan.h) writes it as a Mapping.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lutetia {

struct LoopTiling {
  char loop = 'm';           ///< m, n, k; b for independent repetitions (sequences and heads)
  std::uint64_t extent = 1;  ///< elements of the loop covered by one iteration at this level
  bool spatial = false;      ///< done side by side, not one after the other
};

struct LevelTiling {
  std::string level;  ///< "memory", "buffer", "array"
  std::vector<LoopTiling> loops;
};

struct Mapping {
  std::vector<LevelTiling> levels;

  /// Extent of `loop` at `level`; 0 if absent.
  std::uint64_t extent(const std::string& level, char loop) const;
};

/// "memory: b=1 n=512 m=64 k=3200; buffer: m=4 k=4 n=128; array: m=1* n=1* k=1*", * = side by side.
std::string to_text(const Mapping& mapping);

/// A matrix product as the mapper sees it. Sizes in elements.
struct Product {
  std::uint64_t batch = 1;  ///< independent products of the same shape
  std::uint64_t m = 1, n = 1, k = 1;
  double activation_bytes = 1, weight_bytes = 1, output_bytes = 4;  ///< per element, on chip
  double scale_bytes = 0;          ///< per column and weight scale, kept in the scale buffer; 0 = no scales there
  std::uint64_t weight_group = 0;  ///< K elements per weight scale; tiles split K only at its multiples; 0 = whole K
  std::uint64_t scale_group = 0;   ///< K elements after which sums are scaled: weight_group, or shorter; 0 = whole tile
};

/// Order in which tiles are visited; the inner operand streams past the one that stays.
enum class TileOrder : std::uint8_t { kWeightsStay, kActivationsStay };

struct ProductTiling {
  std::uint64_t m = 1, n = 1, k = 1;
  TileOrder order = TileOrder::kWeightsStay;
  std::uint64_t batch = 1;  ///< independent products in a tile; more than one only if each is there as a whole
};

}  // namespace lutetia
