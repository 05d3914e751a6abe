// Turns the operands of one tile into the beats of the core's input streams, in the order of README.md. Used wherever
// values flow: the operand readers of the machine, the co-simulation stimulus, the tests.
#pragma once
#include <cstdint>
#include <vector>

#include "units/matrix_core/matrix_core_command.h"

namespace lutetia {

/// Values of one tile; m, n, k and g count from the tile's corner. Asked only for coordinates inside the tile's command
/// rounded up to whole rows, blocks and K groups; what lies outside the real matrices must be activation 0, any code.
class MatrixCoreOperands {
 public:
  virtual ~MatrixCoreOperands() = default;
  /// An integer, or the code of a floating-point number.
  virtual std::int32_t activation(std::uint32_t m, std::uint32_t k) const = 0;
  /// Code whose bit p is the bit of plane p (numeric/weight_planes.h), or the integer itself where weights are
  /// multiplied whole (two's complement, any upper bits).
  virtual std::uint32_t weight_code(std::uint32_t n, std::uint32_t k) const = 0;
  virtual std::uint32_t scale(std::uint32_t n, std::uint32_t g) const = 0;  ///< bits of the FP32 s' = s/2
  virtual std::int32_t zero(std::uint32_t n, std::uint32_t g) const = 0;    ///< z', -128..127
  virtual std::uint32_t fill(std::uint32_t m, std::uint32_t n) const = 0;   ///< FP32 bits
};

class MatrixCoreBeats {
 public:
  MatrixCoreBeats(const MatrixCoreShape& shape, const MatrixCoreCommand& command, const MatrixCoreOperands& operands)
      : shape_(shape), command_(command), operands_(operands) {}

  /// Beat number `index` of an input stream of this command.
  Payload beat(std::uint32_t input, std::uint64_t index) const;
  std::uint64_t beats(std::uint32_t input) const;

  static std::uint32_t bits(const MatrixCoreShape& shape, std::uint32_t input);
  static std::uint32_t output_bits(const MatrixCoreShape& shape) {
    return shape.epilogue_rows * shape.epilogue_lanes * 32;
  }

  /// Where output (or fill) beat `index` belongs.
  struct OutputPlace {
    std::uint32_t row = 0;   ///< m of its first row; there are epilogue_rows, those that exist count
    std::uint32_t lane = 0;  ///< n of its first lane
  };
  static OutputPlace output_place(const MatrixCoreShape& shape, const MatrixCoreCommand& command, std::uint64_t index);

 private:
  /// Operands of a segment of a row, by K group, and its row scale.
  struct ReadySegment {
    std::uint32_t scale = 0;
    std::vector<std::vector<std::int64_t>> operands;
  };
  Payload activation_beat(std::uint64_t index) const;
  std::vector<std::int64_t> row_elements(std::uint32_t m, std::uint32_t j) const;
  ReadySegment ready_segment(std::uint32_t m, std::uint32_t segment) const;
  Payload weight_beat(std::uint64_t index) const;
  Payload scale_beat(std::uint64_t index) const;
  Payload fill_beat(std::uint64_t index) const;

  const MatrixCoreShape& shape_;
  MatrixCoreCommand command_;
  const MatrixCoreOperands& operands_;
};

}  // namespace lutetia
