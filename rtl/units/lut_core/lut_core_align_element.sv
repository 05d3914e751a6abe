// One floating-point activation as an integer beside the largest exponent E of its segment, combinational:
// sign * RNE(significand * 2^G / 2^(E - e)), G = Width - 2 - MantissaBits. Twin: align_element() of
// sim/numeric/activation_segment.h, which says why nothing overflows. A NaN or infinity gives 0.

`include "assertions.svh"

module lut_core_align_element #(
  parameter int unsigned ExponentBits = 5,
  parameter int unsigned MantissaBits = 10,
  parameter bit          HasInfinity = 1'b1,  // 0 (fp8_e4m3): only all ones is no number
  parameter int unsigned Width = 16,
  localparam int unsigned CodeBits = 1 + ExponentBits + MantissaBits
) (
  input  logic        [CodeBits-1:0]     code_i,
  input  logic        [ExponentBits-1:0] max_exponent_i,  // E, at least the effective exponent of the code
  output logic signed [Width-1:0]        value_o
);

  localparam int unsigned GuardBits = Width - 2 - MantissaBits;

  logic [ExponentBits-1:0] exponent, distance;
  logic                    special, hidden, lost, round_up;
  logic [Width-1:0]        wide, shifted;  // the significand on its guard bits, and one bit below: half a unit
  logic [Width-1:0]        magnitude;

  lut_core_classify_element #(
    .ExponentBits(ExponentBits),
    .MantissaBits(MantissaBits),
    .HasInfinity (HasInfinity)
  ) u_classify (
    .magnitude_i(code_i[CodeBits-2:0]),
    .exponent_o (exponent),
    .special_o  (special)
  );

  assign hidden   = |code_i[MantissaBits +: ExponentBits];
  assign wide     = special ? '0 : Width'({hidden, code_i[MantissaBits-1:0]}) << (GuardBits + 1);
  assign distance = max_exponent_i - exponent;

  // From distance Width on the shift leaves nothing, and what is lost is below half a unit.
  assign shifted   = wide >> distance;
  assign lost      = |(wide & ~({Width{1'b1}} << distance));
  assign round_up  = shifted[0] & (lost | shifted[1]);
  assign magnitude = {1'b0, shifted[Width-1:1]} + Width'(round_up);

  assign value_o = code_i[CodeBits-1] ? -magnitude : magnitude;

  `ASSERT_PARAMETER(SignificandFits, Width >= MantissaBits + 2)

endmodule
