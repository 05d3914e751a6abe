// How large a design may be: one key of it is varied, everything else stays, and the largest value that meets all
// limits is found. What limits mean (area, bandwidth) is the caller's business.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accelerator/design.h"

namespace lutetia {

/// A key of a design that holds one whole number.
class DesignKey {
 public:
  /// More values than this are not tried.
  static constexpr std::uint64_t kMostValues = 1 << 16;

  /// `text` is a path ("lut_core.lanes"), or a key of the matrix core alone ("lanes"). Nothing, and why, if the design
  /// has no such key.
  static std::optional<DesignKey> find(const Design& design, const std::string& text, std::string& error);

  const std::string& path() const { return path_; }
  /// In rising order: those that the key's range and the rules of its groups allow beside the rest of the design.
  std::vector<std::uint64_t> legal_values(const Design& design) const;
  Design with(const Design& design, std::uint64_t value) const;

 private:
  explicit DesignKey(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::uint64_t least_ = 0, most_ = 0;
};

/// In the unit of the limit; infinite where a design cannot be measured.
using DesignMeasure = std::function<double(const Design&)>;

struct SizeLimit {
  std::string name;  ///< for reports: "area"
  double most = 0;
  DesignMeasure measure;
};

struct SizedDesign {
  struct Step {
    std::uint64_t value = 0;
    std::vector<double> measures;  ///< by limit
  };
  bool found = false;
  Step chosen;               ///< not found: the least value, which is too large already
  std::optional<Step> next;  ///< the least legal value above; nothing if there is none
  Design design;             ///< with the chosen value
  std::uint64_t least = 0, most = 0;
  std::size_t values = 0;  ///< legal ones
};

/// Tries values from the largest down, so that nothing is assumed of the measures. Nothing if no value is legal.
std::optional<SizedDesign> largest_within(const Design& design, const DesignKey& key,
                                          const std::vector<SizeLimit>& limits);

}  // namespace lutetia
