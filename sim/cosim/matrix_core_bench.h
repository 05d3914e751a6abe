// Random tile commands for a matrix core, and their oracle. The seed also chooses the weights: seed % 8 = 1..7 uses one
// format throughout (INT1..INT4, INT8, ternary, ternary as equal planes) if the hardware has the planes, else all
// of them. Covered: ragged M, N and K, every length of scale group, zero points, fill, back-to-back commands of one
// fire up to long ones, largest and smallest activations, and zero, subnormal, huge, infinite and NaN scales and fills.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "cosim/matrix_core_tile.h"
#include "cosim/unit_bench.h"

namespace lutetia {

class MatrixCoreBench final : public UnitBench {
 public:
  static constexpr std::uint64_t kFlavours = 8;

  MatrixCoreBench(const MatrixCoreShape& shape, std::uint64_t seed, std::uint64_t transfers);
  std::unique_ptr<StreamUnit> make_model() const override;
  const BenchProgram& program() const override { return program_; }
  std::string check(const std::vector<std::vector<Payload>>& outputs) const override;

  const MatrixCoreShape& shape() const { return shape_; }
  const std::vector<std::unique_ptr<MatrixCoreTile>>& tiles() const { return tiles_; }

 private:
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::unique_ptr<MatrixCoreTile> random_tile();
  std::uint32_t random_scale_group(std::uint32_t depth, std::uint32_t safe);
  void fill_values(MatrixCoreTile& tile);
  std::int32_t random_float(std::uint64_t kind);
  void provoke(MatrixCoreTile& tile);
  void place_giants(MatrixCoreTile& tile);
  void append(const MatrixCoreTile& tile);

  MatrixCoreShape shape_;
  Random random_;
  std::vector<WeightFormat> formats_;
  std::vector<std::unique_ptr<MatrixCoreTile>> tiles_;
  BenchProgram program_;
  std::uint64_t transfers_ = 0;
};

/// Adds a tile's beats to a program whose ports are those of MatrixCorePort.
void append_matrix_core_tile(const MatrixCoreShape& shape, const MatrixCoreTile& tile, BenchProgram& program);

}  // namespace lutetia
