// What commands, beats and times of a matrix core depend on: the frame that lut_core, adder_core and mac_core share.
// Each core's config struct turns itself into one (its shape()), so that the frame knows none of them. README.md of
// this folder is the frame's specification; its Verilog is rtl/common/matrix_core_*.sv.
#pragma once
#include <cstdint>
#include <memory>

#include "numeric/number_format.h"
#include "numeric/ternary_code.h"
#include "units/matrix_core/matrix_core_array.h"

namespace lutetia {

/// Names of a core's counters: what a K group of a row becomes, and what a lane does with it.
struct MatrixCoreWords {
  const char* operands;       ///< counter of K groups of a row made ready
  const char* operands_text;  ///< one of them, for help
  const char* steps;          ///< counter of what lanes did
  const char* step_text;
  const char* wait;  ///< activity of the fire controller without operands
};

struct MatrixCoreShape {
  static constexpr std::uint32_t kStreamDepth = 2;  ///< cmd, act, scale, fill, out FIFOs

  const char* unit = "";  ///< the core's one name
  MatrixCoreWords words{"operands_loaded", "operands", "steps", "steps", "operands"};
  std::uint32_t rows = 2;             ///< M
  std::uint32_t lanes = 64;           ///< N
  std::uint32_t group_length = 4;     ///< K: activations per fire
  std::uint32_t activation_bits = 8;  ///< integers that the array computes with
  std::uint32_t max_planes = 4;
  std::uint32_t psum_blocks = 4;
  std::uint32_t psum_bits = 32;
  std::uint32_t epilogue_lanes = 8;
  std::uint32_t epilogue_rows = 1;  ///< drained at once, each with epilogue_lanes
  std::uint32_t weight_bits = 1;    ///< of one weight in a weight beat: one plane's bit, or a whole integer
  bool ternary_groups = false;      ///< a weight beat has sign and index of three ternary weights per lane (TL2)
  bool folded = false;              ///< planes arrive folded (numeric/weight_planes.h)
  std::uint32_t row_elements = 4;   ///< elements of one row in an act beat: a K group, or the entries of its table
  std::uint32_t element_bits = 8;   ///< of one of them
  bool ready_operands = false;      ///< the elements are what the array keeps (tables built elsewhere)
  const NumberFormat* float_format = nullptr;  ///< of activations; null: integers
  bool quantized_tables = false;               ///< floating point: entries are rounded to 8 bits
  std::uint32_t segment_groups = 0;            ///< K groups that a segment may hold; 0: no segments, no row scales
  bool float_psums = false;                    ///< partial sums are FP32 and there are no zero points
  std::uint32_t build_interval = 0;  ///< cycles in which the table generator takes a beat; 0 = stored as it comes
  std::uint32_t weight_latency = 0;  ///< of a decoder in front of the weight port, once per tile; 0 = none
  std::uint32_t code_weights = 0;    ///< weights of a code that the decoder reads; 0 = none
  std::shared_ptr<const MatrixCoreArray> array;  ///< what rows and lanes compute; bodies with values need it

  /// Floating-point activations become integers and a scale per row and segment; FP16 multipliers need neither.
  bool row_scales() const { return segment_groups > 0; }
  /// Registers between issue of a drain beat and its result.
  std::uint32_t epilogue_stages() const { return row_scales() ? 6 : 5; }
  /// Segments begin with a beat of row scales.
  bool headers() const { return row_scales() && ready_operands; }
  std::uint32_t chunks() const { return lanes / epilogue_lanes; }
  std::uint32_t weight_buffer_depth() const { return max_planes < 2 ? 2 : max_planes; }
  std::uint32_t weight_lane_bits() const {
    return ternary_groups ? ternary_code_bits(TernaryCode::kTl2) : group_length * weight_bits;
  }
  /// K elements that one scale group may hold so that no partial sum overflows, for `planes` shifted bit planes.
  std::uint64_t safe_group_elements(std::uint32_t planes) const {
    if (float_psums) return UINT64_MAX;
    const std::uint64_t largest_weight =
        weight_bits > 1 ? std::uint64_t{1} << (weight_bits - 1) : (std::uint64_t{1} << planes) - 1;
    return ((std::uint64_t{1} << (psum_bits - 1)) - 1) / ((std::uint64_t{1} << (activation_bits - 1)) * largest_weight);
  }
  /// Multiply-accumulates per cycle with weights of one beat (a plane, or an integer).
  std::uint64_t macs_per_fire() const { return std::uint64_t{rows} * lanes * group_length; }
};

}  // namespace lutetia
