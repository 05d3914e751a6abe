// A buffer made of SRAM macros: cut into as many, as equal and as large ones as the technology's figures cover. A word
// is as wide as the beats of the stream that reads or writes the buffer; an access touches the macros of one bank, side
// by side. Leaves out: decoding between banks, sleep modes, ECC.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "cost/cost_report.h"
#include "cost/technology.h"

namespace lutetia {

struct PricedSram {
  std::uint32_t macro_words = 0, macro_width = 0;
  std::uint64_t banks = 0, columns = 0;  ///< macros behind and beside each other
  std::uint32_t word_bits = 0;
  double area_um2 = 0, leakage_nw = 0;  ///< of the whole buffer
  double read_fj = 0, write_fj = 0;     ///< of a word
  double error = 0, area_error = 0, area_spread = 1, energy_spread = 1;
  std::string source;

  std::uint64_t macros() const { return banks * columns; }
  /// "4 x 2 macros of 1024 x 64 bits"
  std::string text() const;
  void add_area(const std::string& unit, const std::string& buffer, AreaReport& report) const;
  /// `reads` and `writes` are words.
  void add_energy(const std::string& unit, const std::string& buffer, double reads, double writes, double seconds,
                  CostReport& report) const;
};

/// Nothing, and why, if the technology's terms do not evaluate.
std::optional<PricedSram> price_sram(const SramTechnology& technology, std::uint64_t bytes, std::uint32_t word_bits,
                                     std::string& reason);

}  // namespace lutetia
