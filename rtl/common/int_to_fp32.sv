// Signed integer to IEEE-754 binary32, rounded to nearest even, combinational. Exact below 2^24.

`include "assertions.svh"

module int_to_fp32 #(
  parameter int unsigned Width /*verilator public_flat_rd*/ = 48  // bits of the integer, 2 to 48
) (
  input  logic signed [Width-1:0] int_i,
  output logic        [31:0]      fp32_o
);

  // The magnitude is moved to the top of 48 bits; the 24 below the 24-bit significand decide the rounding.
  localparam int unsigned NormBits = 48;
  localparam int unsigned Bias = 127;

  logic                sign;
  logic [Width-1:0]    magnitude;  // unsigned, so that the most negative integer fits
  logic [NormBits-1:0] norm;
  logic [7:0]          exponent;
  logic                round_up;

  assign sign = int_i[Width-1];
  assign magnitude = sign ? -int_i : int_i;

  always_comb begin
    norm = NormBits'(magnitude) << (NormBits - Width);
    exponent = 8'(Bias + Width - 1);
    // Binary search for the leading one: shifter and leading-zero counter in one.
    for (int unsigned step = 32; step != 0; step = step / 2) begin
      if ((norm >> (NormBits - step)) == '0) begin
        norm = norm << step;
        exponent = exponent - 8'(step);
      end
    end
    round_up = norm[23] & ((|norm[22:0]) | norm[24]);
    // A carry out of the fraction increments the exponent, as it should.
    fp32_o = norm[NormBits-1] ? {sign, {exponent, norm[46:24]} + 31'(round_up)} : 32'd0;
  end

  `ASSERT_PARAMETER(LegalWidth, Width >= 2 && Width <= NormBits)

endmodule
