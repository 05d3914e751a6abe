// What `lutetia size` found, for people: each design at its size, and all of them side by side.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "accelerator/size_search.h"
#include "accelerator/weight_stream.h"

namespace lutetia {

/// Area of a design, um2.
struct SizedArea {
  struct Part {
    std::string unit, component;
    double um2 = 0;
  };
  bool known = false;
  std::string reason;  ///< why not
  double cells = 0, low = 0, high = 0;
  double layout = 0;  ///< 0: the technology does not tell
  std::vector<Part> parts;
  std::string without;  ///< parts that are in no figure; empty if none
  std::vector<std::string> notes;
};

struct SizeQuestion {
  std::string area;       ///< as the user wrote it; empty = no such limit
  std::string bandwidth;  ///< the same
  bool layout = false;    ///< the area is that of a layout
  std::uint64_t m = 1;    ///< rows of activations that fetched weights serve
};

struct SizeAnswer {
  std::string name;  ///< as the user named the design
  std::string key;   ///< path
  SizedDesign sized;
  SizedArea area;
  std::string format;  ///< of weights
  WeightStream stream;
  std::vector<std::string> sets;  ///< what the user set, before the key
};

/// Limits of a search are those of the question, in the order area, bandwidth.
std::string size_report(const SizeQuestion& question, const SizeAnswer& answer);
/// A line per design; empty for one.
std::string size_table(const std::vector<SizeAnswer>& answers);

}  // namespace lutetia
