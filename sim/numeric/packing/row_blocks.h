// Packings whose rows are strings of equal blocks, one behind the other, row after row: the formats of GGUF. A block
// format says what one block of bytes means; walking the matrix, addresses and the order of codes are here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "numeric/packing/weight_packing.h"

namespace lutetia {

/// One block while it is read or written.
struct BlockPlace {
  std::uint64_t index = 0;   ///< of the block: its weights begin at index * weights per block
  std::uint64_t offset = 0;  ///< of its first byte
  std::uint64_t row = 0, column = 0;
};

class RowBlockPacking : public WeightPacking {
 public:
  RowBlockPacking(const PackingInfo& info, std::uint32_t weights, std::uint32_t bytes, std::uint32_t tail = 0)
      : WeightPacking(info), weights_(weights), bytes_(bytes), tail_(tail) {}

  std::uint64_t size_bytes(std::uint64_t rows, std::uint64_t columns) const override;
  std::vector<CodeElements> row_order(std::uint64_t columns) const override;

 protected:
  std::string shape_obstacle(std::uint64_t rows, std::uint64_t columns) const override;
  /// One scale a block.
  void describe_scales(WeightMatrix& matrix) const override;
  void write(const WeightMatrix& matrix, std::uint8_t* bytes) const override;
  void read(const std::uint8_t* bytes, WeightMatrix& matrix, PackingFaults& faults) const override;

  /// The codes of a block in the order of their addresses.
  virtual std::vector<CodeElements> block_order() const = 0;
  virtual void write_block(const WeightMatrix& matrix, const BlockPlace& at, std::uint8_t* bytes) const = 0;
  virtual void read_block(const std::uint8_t* bytes, const BlockPlace& at, WeightMatrix& matrix,
                          PackingFaults& faults) const = 0;
  /// The `tail` bytes behind the last block.
  virtual void write_tail(const WeightMatrix&, std::uint8_t*) const {}
  virtual void read_tail(const std::uint8_t*, std::uint64_t, WeightMatrix&, PackingFaults&) const {}

  std::uint32_t block_weights() const { return weights_; }

 private:
  std::uint32_t weights_, bytes_, tail_;
};

/// An FP16 scale at `bytes`; a fault, and 0, if it is not finite.
float read_half_scale(const std::uint8_t* bytes, std::uint64_t offset, const BlockPlace& at, const char* what,
                      PackingFaults& faults);

/// The 2-bit codes of four weights in a byte: bits 2j, 2j+1 hold the weight of column first + j * lanes, or, with
/// `high_first`, of column first + (3 - j) * lanes. Bytes of a chunk of `lanes` bytes hold neighbours.
struct TwoBitLanes {
  std::uint32_t lanes = 32;
  bool high_first = false;

  std::uint32_t column(std::uint32_t byte, std::uint32_t element) const {
    return byte / lanes * 4 * lanes + element * lanes + byte % lanes;
  }
  int shift(std::uint32_t element) const { return static_cast<int>(high_first ? 6 - 2 * element : 2 * element); }
  std::vector<CodeElements> order(std::uint32_t bytes) const;
  /// `zero` is added to every weight.
  void write(const std::int8_t* weights, int zero, std::uint32_t count, std::uint8_t* bytes) const;
  /// Codes above `most` are faults.
  void read(const std::uint8_t* bytes, std::uint32_t count, int zero, std::uint32_t most, const BlockPlace& at,
            std::int8_t* weights, PackingFaults& faults) const;
};

}  // namespace lutetia
