// Values for bodies that carry them: reproducible pseudo-random operands of the right formats (a trace has shapes, not
// values), and a check of every output against exact integer arithmetic straight from the weights' meaning.
// A K range split over several tiles gets its partial sums back through the fill stream.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {

class SyntheticData final : public MatrixCoreData {
 public:
  SyntheticData(std::uint64_t seed, const MatrixCoreShape& shape) : seed_(seed), shape_(shape) {}

  std::unique_ptr<MatrixCoreOperands> operands(const TileCommand& tile) override;
  void output(const TileCommand& tile, std::uint32_t row, std::uint32_t lane, std::uint32_t bits) override;

  std::uint64_t outputs_checked() const { return checked_; }
  std::uint64_t mismatches() const { return mismatches_; }
  const std::string& first_mismatch() const { return first_mismatch_; }

 private:
  class Tile;
  struct Results {  ///< of one tile, for a K tile that goes on from them and for the check
    TileCommand tile;
    std::shared_ptr<const Tile> operands;
    std::vector<std::uint32_t> bits;
  };
  /// Results kept: more than tiles can be in flight.
  static constexpr std::size_t kResultsKept = 16;

  std::uint64_t seed_;
  MatrixCoreShape shape_;  ///< of the core that the values are for
  std::deque<Results> results_;
  std::uint64_t checked_ = 0, mismatches_ = 0;
  std::string first_mismatch_;
};

}  // namespace lutetia
