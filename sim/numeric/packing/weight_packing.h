// How low-bit weights lie in the files of other tools: readers and writers with the exact layouts, one class a format.
// A row of weight_packings() says what a format is and where its definition comes from; create_packing() gives the
// object. Layouts are stated as facts about bytes; docs of each are at the head of its .cpp.
//
// Reading is strict: a code that no writer of the format produces is a fault, although the tools themselves decode it
// to something. Legal bytes written again are the same bytes (see PackingInfo::unspecified for the exceptions).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "numeric/packing/packing_faults.h"
#include "numeric/packing/weight_matrix.h"

namespace lutetia {

enum class ScaleStorage : std::uint8_t { kOutside, kHalf, kFp32 };

struct PackingInfo {
  std::string_view name;
  std::string_view block;    ///< "256 weights in 66 bytes"
  std::string_view scales;   ///< "FP16 a block"
  std::string_view illegal;  ///< codes that are faults, for people
  std::string_view source;   ///< the public definition
  double bits = 0;           ///< per weight, scales inside the format included
  int least = -1, most = 1;  ///< weights it can hold
  int zero = 1;              ///< stored code q = w + zero, where a code stands for a single weight
  ScaleStorage scale = ScaleStorage::kHalf;
  std::string_view unspecified;  ///< bytes that writers leave to chance; read: ignored, written: 0
};

/// One code of a row: the columns first, first + stride, ... of its `count` weights. Hardware that decodes a format
/// keeps this order and permutes the activations instead.
struct CodeElements {
  std::uint64_t first = 0, stride = 1;
  std::uint32_t count = 1;
};

/// A tile size of a format that is tuned for a kernel; the packing's bytes depend on it, but do not say it.
struct PackingParameter {
  std::string_view name;
  std::uint32_t* value;
  std::string_view meaning;
};

class WeightPacking {
 public:
  explicit WeightPacking(const PackingInfo& info) : info_(info) {}
  virtual ~WeightPacking() = default;

  const PackingInfo& info() const { return info_; }
  virtual std::vector<PackingParameter> parameters() { return {}; }
  /// Sets the parameters that the format's own tools use for this shape, if they know it.
  virtual void use_upstream_parameters(std::uint64_t, std::uint64_t) {}

  /// Why a matrix of this shape cannot be packed (with the present parameters); empty if it can.
  std::string obstacle(std::uint64_t rows, std::uint64_t columns) const;
  /// Bytes of a packed matrix; the shape must have no obstacle.
  virtual std::uint64_t size_bytes(std::uint64_t rows, std::uint64_t columns) const = 0;
  /// A matrix of zeros with as many scales (of 1) as the format holds.
  WeightMatrix blank(std::uint64_t rows, std::uint64_t columns) const;
  /// The codes of any row in the order of their addresses; of bit planes those of the lowest plane.
  virtual std::vector<CodeElements> row_order(std::uint64_t columns) const = 0;

  /// The packed bytes; none if there are faults: shape, weights out of range, scales that the format cannot hold.
  std::vector<std::uint8_t> pack(const WeightMatrix& matrix, PackingFaults& faults) const;
  /// The matrix; where a fault is, weights are 0. An empty matrix if shape or size are wrong. No bytes crash it.
  WeightMatrix unpack(const std::uint8_t* bytes, std::uint64_t size, std::uint64_t rows, std::uint64_t columns,
                      PackingFaults& faults) const;

 protected:
  virtual std::string shape_obstacle(std::uint64_t rows, std::uint64_t columns) const = 0;
  /// Sets the groups of a matrix whose rows and columns are set.
  virtual void describe_scales(WeightMatrix& matrix) const = 0;
  /// Everything was checked; `bytes` holds size_bytes() zeros.
  virtual void write(const WeightMatrix& matrix, std::uint8_t* bytes) const = 0;
  /// `matrix` is blank; `bytes` holds size_bytes().
  virtual void read(const std::uint8_t* bytes, WeightMatrix& matrix, PackingFaults& faults) const = 0;

 private:
  void check(const WeightMatrix& matrix, PackingFaults& faults) const;

  const PackingInfo& info_;
};

/// Every packing, in a fixed order.
const std::vector<PackingInfo>& weight_packings();
std::vector<std::string> packing_names();
/// nullptr if there is no packing of that name.
std::unique_ptr<WeightPacking> create_packing(std::string_view name);

}  // namespace lutetia
