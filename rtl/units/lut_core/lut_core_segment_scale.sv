// The FP32 scale of aligned activations, 2^(E - Bias - (Width - 2)), combinational. With 8 exponent bits (bf16) it may
// be subnormal, and is then exact too. NaN poisons the row. Twin: segment_scale() of sim/numeric/activation_segment.h.

module lut_core_segment_scale #(
  parameter int unsigned ExponentBits = 5,  // Bias = 2^(ExponentBits - 1) - 1
  parameter int unsigned Width = 16         // of the aligned integers, at most 16
) (
  input  logic [ExponentBits-1:0] max_exponent_i,  // E, at least 1
  input  logic                    poisoned_i,      // the segment has a NaN or an infinity
  output logic [31:0]             scale_o
);

  localparam int unsigned Bias = 2 ** (ExponentBits - 1) - 1;
  // FP32 exponent field = E + Offset; -13 for E = 1 of bf16 in 16 bits, where the scale is 2^-140.
  localparam int Offset = 129 - Bias - Width;

  logic signed [9:0] field;
  logic        [4:0] place;  // of the one in a subnormal fraction

  always_comb begin
    field = 10'(max_exponent_i) + 10'(Offset);
    place = 5'd22 + field[4:0];
    if (poisoned_i) begin
      scale_o = 32'h7fc0_0000;
    end else if (field >= 10'sd1) begin
      scale_o = {1'b0, field[7:0], 23'd0};
    end else begin
      scale_o = {9'd0, 23'd1 << place};
    end
  end

endmodule
