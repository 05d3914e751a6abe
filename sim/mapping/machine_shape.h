// What a mapper needs to know of a machine: array sizes, buffer slots, rates. Plain data, filled by the accelerator
// from its design, so that the mapper depends on no unit.
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "numeric/number_format.h"

namespace lutetia {

/// Buffers are cut into two slots each: one is computed on while the other is loaded (or stored).
inline constexpr std::uint64_t kBufferSlots = 2;

/// On-chip storage of a unit that multiplies matrices, bytes per slot.
struct SlotSizes {
  std::uint64_t weights = 0;      ///< the second operand: coded weights, or the cache side of attention
  std::uint64_t activations = 0;  ///< the first operand
  std::uint64_t outputs = 0;
  std::uint64_t scales = 0;  ///< weight scales, three slots: the epilogue still reads them when new weights arrive
};

inline constexpr std::uint64_t kScaleSlots = kBufferSlots + 1;

/// Tables that the matrix unit does not build itself: the vector unit makes them where activations come from, and they
/// are fetched in their place.
struct FusedTables {
  bool present = false;
  std::uint32_t entries = 0;  ///< per table, one table per row and K group
  std::uint32_t entry_bits = 0;
  std::uint32_t header_bits = 0;       ///< per row and segment: its scale (floating-point activations)
  std::uint32_t group_operations = 0;  ///< lane operations of the vector unit per table
};

struct MatrixUnitShape {
  bool present = false;
  std::string unit;  ///< name of the core: its keys and its line in reports
  std::uint32_t rows = 0;
  std::uint32_t lanes = 0;
  std::uint32_t blocks = 0;  ///< blocks of `lanes` a tile may span
  std::uint32_t group_length = 4;
  std::uint32_t max_planes = 0;
  bool ternary_groups = false;    ///< weights run three at once, ternary ones only
  std::uint32_t weight_bits = 1;  ///< 1: weights run as bit planes; more: as integers of so many bits
  std::uint32_t activation_bits = 0;
  std::uint32_t psum_bits = 0;
  bool float_psums = false;                      ///< partial sums are FP32
  const NumberFormat* packed_weights = nullptr;  ///< the packing that its decoder reads; null: no decoder
  const NumberFormat* float_format = nullptr;    ///< of activations; null: integers
  std::uint64_t segment_elements = 0;            ///< floating point: K elements that may share an exponent
  FusedTables fused;
  std::array<std::uint64_t, 9> safe_group_elements{};  ///< by planes: K elements one scale group may hold
  std::uint32_t max_extent = 65535;                    ///< rows or K groups of one command
  SlotSizes slots;

  /// Bytes of `rows` rows of K elements as they are fetched, packed, if tables are fused.
  std::uint64_t table_bytes(std::uint64_t rows, std::uint64_t k) const {
    const std::uint64_t groups = (k + group_length - 1) / group_length;
    const std::uint64_t segments = segment_elements == 0 ? 0 : (k + segment_elements - 1) / segment_elements;
    return (rows * (groups * fused.entries * fused.entry_bits + segments * fused.header_bits) + 7) / 8;
  }
};

struct VectorUnitShape {
  std::uint32_t lanes = 0;          ///< of one engine: elements of a row per cycle
  std::uint32_t product_lanes = 0;  ///< multiply-adds of products per cycle
  std::uint64_t slot_bytes = 0;     ///< row operations: inputs and outputs of one tile
  SlotSizes slots;                  ///< matrix products on the vector unit
};

struct AttentionUnitShape {
  bool present = false;
  std::uint32_t keys = 0;      ///< of a block
  std::uint32_t dims = 0;      ///< elements of a head per cycle
  std::uint32_t contexts = 0;  ///< query rows of a pass
  std::uint32_t max_chunks = 0;
  const NumberFormat* queries = nullptr;  ///< formats that it takes
  const NumberFormat* cache = nullptr;
  bool scales = false;                                 ///< keys and values may have a scale per token
  std::uint32_t accumulator_bits = 0, state_bits = 0;  ///< of a partial result: an accumulator, the head
  SlotSizes slots;                                     ///< weights = keys and values, activations = queries
};

/// How keys and values lie in memory.
struct KvCacheShape {
  std::uint64_t page_tokens = 0;  ///< 0: every head of a sequence in one piece
};

struct MachineShape {
  MatrixUnitShape matrix;
  VectorUnitShape vector;
  AttentionUnitShape attention;
  KvCacheShape kv_cache;
  double memory_bytes_per_cycle = 1;  ///< of the core clock
};

}  // namespace lutetia
