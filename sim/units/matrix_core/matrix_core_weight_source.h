// What may stand between the weight buffer and a matrix core's weight port and makes weight beats from something
// denser: a decoder of packed codes. It works on one tile at a time: the weight reader starts it when it loads a job,
// and from then on its beats come, one a cycle, the first `weight_latency` (matrix_core_shape.h) cycles after the first
// code.
#pragma once
#include "units/matrix_core/matrix_core_beats.h"

namespace lutetia {

class MatrixCoreWeightSource {
 public:
  virtual ~MatrixCoreWeightSource() = default;
  /// The weights of this tile from the next cycle on; both outlive its last beat.
  virtual void start(const MatrixCoreCommand& command, const MatrixCoreOperands& operands) = 0;
  virtual bool valid() const = 0;
  /// The next weight beat, as the core takes it.
  virtual Payload front() const = 0;
  virtual void pop() = 0;
  /// One edge.
  virtual void clock() = 0;
};

}  // namespace lutetia
