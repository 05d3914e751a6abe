#include "numeric/packing/row_blocks.h"

#include <cmath>

#include "numeric/packing/half.h"

namespace lutetia {

std::string RowBlockPacking::shape_obstacle(std::uint64_t, std::uint64_t columns) const {
  if (columns % weights_ == 0) return "";
  return std::to_string(columns) + " columns are no multiple of the block of " + std::to_string(weights_) + " weights";
}

std::uint64_t RowBlockPacking::size_bytes(std::uint64_t rows, std::uint64_t columns) const {
  return rows * (columns / weights_) * bytes_ + tail_;
}

void RowBlockPacking::describe_scales(WeightMatrix& m) const {
  m.scale_group = weights_;
  m.scales.resize(m.scale_count());
}

std::vector<CodeElements> RowBlockPacking::row_order(std::uint64_t columns) const {
  const std::vector<CodeElements> block = block_order();
  std::vector<CodeElements> row;
  for (std::uint64_t first = 0; first + weights_ <= columns; first += weights_)
    for (CodeElements code : block) {
      code.first += first;
      row.push_back(code);
    }
  return row;
}

void RowBlockPacking::write(const WeightMatrix& m, std::uint8_t* bytes) const {
  const std::uint64_t in_row = m.columns / weights_, blocks = m.rows * in_row;
  for (std::uint64_t i = 0; i < blocks; ++i)
    write_block(m, {i, i * bytes_, i / in_row, i % in_row * weights_}, bytes + i * bytes_);
  write_tail(m, bytes + blocks * bytes_);
}

void RowBlockPacking::read(const std::uint8_t* bytes, WeightMatrix& m, PackingFaults& faults) const {
  const std::uint64_t in_row = m.columns / weights_, blocks = m.rows * in_row;
  for (std::uint64_t i = 0; i < blocks; ++i)
    read_block(bytes + i * bytes_, {i, i * bytes_, i / in_row, i % in_row * weights_}, m, faults);
  read_tail(bytes + blocks * bytes_, blocks * bytes_, m, faults);
}

float read_half_scale(const std::uint8_t* bytes, std::uint64_t offset, const BlockPlace& at, const char* what,
                      PackingFaults& faults) {
  const std::uint16_t bits = read_u16(bytes);
  const float scale = half_value(bits);
  if (std::isfinite(scale)) return scale;
  faults.add(offset, at.row, at.column, bits, [&] {
    return std::string("the FP16 ") + what + " is " + (std::isnan(scale) ? "not a number" : "infinite") + " (bits " +
           std::to_string(bits) + ")";
  });
  return 0;
}

std::vector<CodeElements> TwoBitLanes::order(std::uint32_t bytes) const {
  std::vector<CodeElements> codes;
  for (std::uint32_t byte = 0; byte < bytes; ++byte) codes.push_back({column(byte, 0), lanes, 4});
  return codes;
}

void TwoBitLanes::write(const std::int8_t* weights, int zero, std::uint32_t count, std::uint8_t* bytes) const {
  for (std::uint32_t byte = 0; byte < count; ++byte) {
    int code = 0;
    for (std::uint32_t e = 0; e < 4; ++e) code |= (weights[column(byte, e)] + zero) << shift(e);
    bytes[byte] = static_cast<std::uint8_t>(code);
  }
}

void TwoBitLanes::read(const std::uint8_t* bytes, std::uint32_t count, int zero, std::uint32_t most,
                       const BlockPlace& at, std::int8_t* weights, PackingFaults& faults) const {
  for (std::uint32_t byte = 0; byte < count; ++byte) {
    for (std::uint32_t e = 0; e < 4; ++e) {
      const std::uint32_t code = bytes[byte] >> shift(e) & 3u;
      if (code <= most) {
        weights[column(byte, e)] = static_cast<std::int8_t>(static_cast<int>(code) - zero);
        continue;
      }
      faults.add(at.offset + byte, at.row, at.column + column(byte, e), code, [&] {
        return "code " + std::to_string(code) + " in bits " + std::to_string(shift(e)) + ".." +
               std::to_string(shift(e) + 1) + " of byte " + std::to_string(bytes[byte]) +
               " stands for no weight; 0, 1, 2 are -1, 0, 1";
      });
    }
  }
}

}  // namespace lutetia
