// Signed integer of up to 11 bits to IEEE-754 binary16, always exact, combinational.

`include "assertions.svh"

module int_to_fp16 #(
  parameter int unsigned Width /*verilator public_flat_rd*/ = 8  // bits of the integer, 2 to 11
) (
  input  logic signed [Width-1:0] int_i,
  output logic        [15:0]      fp16_o
);

  localparam int unsigned NormBits = 11;  // the significand, with its leading one at the top
  localparam int unsigned Bias = 15;

  logic                sign;
  logic [Width-1:0]    magnitude;  // unsigned, so that the most negative integer fits
  logic [NormBits-1:0] norm;
  logic [4:0]          exponent;

  assign sign      = int_i[Width-1];
  assign magnitude = sign ? -int_i : int_i;

  always_comb begin
    norm     = NormBits'(magnitude) << (NormBits - Width);
    exponent = 5'(Bias + Width - 1);
    // Binary search for the leading one: shifter and leading-zero counter in one.
    for (int unsigned step = 8; step != 0; step = step / 2) begin
      if ((norm >> (NormBits - step)) == '0) begin
        norm     = norm << step;
        exponent = exponent - 5'(step);
      end
    end
    fp16_o = norm[NormBits-1] ? {sign, exponent, norm[NormBits-2:0]} : '0;
  end

  `ASSERT_PARAMETER(LegalWidth, Width >= 2 && Width <= NormBits)

endmodule
