// A narrow floating-point format as MPFR sees it: precision mantissa + 1 and an exponent range, from which MPFR rounds
// by itself, subnormals included. Codes are found by searching a table of all values; nothing is shared with
// sim/numeric.
#pragma once
#include <mpfr.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

namespace lutetia {

class MpfrFormat {
 public:
  struct Description {
    const char* name;
    int exponent_bits, mantissa_bits;
    bool infinities;         ///< else the code of all ones is NaN, and all others are numbers
    std::uint32_t infinity;  ///< or what stands for it
    std::uint32_t nan;
  };
  static const std::vector<Description>& all() {  // OFP8 1.0, tables 1 and 2; IEEE 754-2019, table 3.5
    static const std::vector<Description> formats = {{"fp8_e4m3", 4, 3, false, 0x7f, 0x7f},
                                                     {"fp8_e5m2", 5, 2, true, 0x7c, 0x7e},
                                                     {"fp16", 5, 10, true, 0x7c00, 0x7e00},
                                                     {"bf16", 8, 7, true, 0x7f80, 0x7fc0}};
    return formats;
  }

  explicit MpfrFormat(const Description& format) : format_(format) {
    mpfr_init2(x_, format.mantissa_bits + 1);
    const std::uint32_t end = format.infinities ? format.infinity : format.nan;
    for (std::uint32_t code = 0; code < end; ++code) {
      values_.push_back(value_of(code));
      codes_[values_.back()] = code;
    }
  }
  ~MpfrFormat() { mpfr_clear(x_); }
  MpfrFormat(const MpfrFormat&) = delete;
  MpfrFormat& operator=(const MpfrFormat&) = delete;

  int bits() const { return 1 + format_.exponent_bits + format_.mantissa_bits; }
  std::uint32_t sign() const { return std::uint32_t{1} << (bits() - 1); }
  const Description& format() const { return format_; }
  /// The values of the codes 0, 1, 2, ... up to the largest finite number.
  const std::vector<double>& values() const { return values_; }

  std::uint32_t encode(double value, bool saturate) {
    if (std::isnan(value)) return format_.nan;
    mpfr_t exact;
    widen_exponents();
    mpfr_init2(exact, 53);
    mpfr_set_d(exact, value, MPFR_RNDN);
    const std::uint32_t code = encode(exact, saturate);
    mpfr_clear(exact);
    return code;
  }
  /// Of a number (not a NaN) of any precision, rounded once.
  std::uint32_t encode(mpfr_srcptr value, bool saturate) {
    const std::uint32_t negative = mpfr_signbit(value) != 0 ? sign() : 0;
    widen_exponents();
    int inexact = mpfr_abs(x_, value, MPFR_RNDN);
    restrict_exponents();
    inexact = mpfr_check_range(x_, inexact, MPFR_RNDN);
    mpfr_subnormalize(x_, inexact, MPFR_RNDN);
    const double rounded = mpfr_get_d(x_, MPFR_RNDN);
    if (rounded > values_.back())
      return negative | (saturate ? static_cast<std::uint32_t>(values_.size() - 1) : format_.infinity);
    return negative | codes_.at(rounded);
  }

 private:
  static void widen_exponents() {
    mpfr_set_emin(-2000);
    mpfr_set_emax(2000);
  }
  int bias() const { return (1 << (format_.exponent_bits - 1)) - 1; }
  void restrict_exponents() const {
    // The least subnormal 2^(1 - bias - mantissa) is 0.1b * 2^(2 - bias - mantissa). All ones in the exponent field
    // are numbers only in a format without infinities.
    mpfr_set_emin(2 - bias() - format_.mantissa_bits);
    mpfr_set_emax(format_.infinities ? bias() + 1 : bias() + 2);
  }
  double value_of(std::uint32_t code) {
    widen_exponents();
    const std::uint32_t field = code >> format_.mantissa_bits, hidden = std::uint32_t{1} << format_.mantissa_bits;
    const std::uint32_t fraction = code & (hidden - 1);
    if (field == 0)
      mpfr_set_ui_2exp(x_, fraction, 1 - bias() - format_.mantissa_bits, MPFR_RNDN);
    else
      mpfr_set_ui_2exp(x_, fraction + hidden, static_cast<int>(field) - bias() - format_.mantissa_bits, MPFR_RNDN);
    return mpfr_get_d(x_, MPFR_RNDN);
  }

  Description format_;
  mpfr_t x_;
  std::vector<double> values_;
  std::map<double, std::uint32_t> codes_;
};

}  // namespace lutetia
