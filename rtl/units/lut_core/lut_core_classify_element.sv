// What the largest exponent of a segment needs to know of one floating-point activation: its effective exponent, and
// whether it is no number. Twin: effective_exponent(), is_special() of sim/numeric/float_format.h.

module lut_core_classify_element #(
  parameter int unsigned ExponentBits = 5,
  parameter int unsigned MantissaBits = 10,
  parameter bit          HasInfinity = 1'b1  // 0 (fp8_e4m3): only all ones is no number
) (
  input  logic [ExponentBits+MantissaBits-1:0] magnitude_i,  // a code without its sign
  output logic [ExponentBits-1:0]              exponent_o,   // at least 1, also in subnormals and zero
  output logic                                 special_o     // NaN or infinity
);

  logic [ExponentBits-1:0] field;
  assign field = magnitude_i[MantissaBits +: ExponentBits];

  assign exponent_o = field == '0 ? ExponentBits'(1) : field;
  assign special_o  = (&field) & (HasInfinity | (&magnitude_i[MantissaBits-1:0]));

endmodule
