// From the largest entry A of a segment's tables to the ratio multiplier / 2^shift that makes it about 127, and to the
// FP32 number that undoes it, combinational: 17 reciprocals instead of a divider. Why and how exactly:
// sim/numeric/quantized_table.h (twins: table_ratio(), table_scale()).

module lut_core_table_scale #(
  parameter int unsigned ExponentBits = 5,  // Bias = 2^(ExponentBits - 1) - 1
  parameter int unsigned Width = 16,        // of the aligned integers, 8 or 16
  localparam int unsigned MagnitudeBits = Width + 2
) (
  input  logic [MagnitudeBits-1:0] magnitude_i,     // A; 0 counts as 1
  input  logic [ExponentBits-1:0]  max_exponent_i,  // E of the segment, at least 1
  input  logic                     poisoned_i,      // the segment has a NaN or an infinity
  output logic [10:0]              multiplier_o,    // c[m]
  output logic [4:0]               shift_o,         // 8 + t
  output logic [31:0]              scale_o
);

  localparam int unsigned Bias = 2 ** (ExponentBits - 1) - 1;
  // FP32 exponent field of the scale = that of the constant + shift + E + Offset, with shift = 8 + t.
  localparam int Offset = -6 - Bias - Width;

  // A with its leading one at the top; the five uppermost bits and whether anything is below them make m.
  logic [MagnitudeBits-1:0] positive;
  logic [31:0]              norm;
  logic [4:0]               zeros;
  logic [5:0]               m;

  assign positive = magnitude_i == '0 ? MagnitudeBits'(1) : magnitude_i;

  always_comb begin
    norm  = {positive, {(32-MagnitudeBits){1'b0}}};
    zeros = '0;
    for (int unsigned i = 0; i < 5; i++) begin
      if ((norm >> (32 - (16 >> i))) == '0) begin
        norm = norm << (16 >> i);
        zeros[4-i] = 1'b1;
      end
    end
    m = 6'(norm[31:27]) + 6'(|norm[26:0]);
    shift_o = 5'(MagnitudeBits + 3) - zeros;  // bit length of A, + 3
  end

  // c[m] = floor(127 * 256 / m), and 256 / c[m] rounded to FP32.
  logic [30:0] constant;

  always_comb begin
    case (m)
      6'd16:   {multiplier_o, constant} = {11'd2032, 31'h3e01_0204};
      6'd17:   {multiplier_o, constant} = {11'd1912, 31'h3e09_1ac7};
      6'd18:   {multiplier_o, constant} = {11'd1806, 31'h3e11_26d7};
      6'd19:   {multiplier_o, constant} = {11'd1711, 31'h3e19_3603};
      6'd20:   {multiplier_o, constant} = {11'd1625, 31'h3e21_51c3};
      6'd21:   {multiplier_o, constant} = {11'd1548, 31'h3e29_57fb};
      6'd22:   {multiplier_o, constant} = {11'd1477, 31'h3e31_7bed};
      6'd23:   {multiplier_o, constant} = {11'd1413, 31'h3e39_85e3};
      6'd24:   {multiplier_o, constant} = {11'd1354, 31'h3e41_9b6a};
      6'd25:   {multiplier_o, constant} = {11'd1300, 31'h3e49_a634};
      6'd26:   {multiplier_o, constant} = {11'd1250, 31'h3e51_b717};
      6'd27:   {multiplier_o, constant} = {11'd1204, 31'h3e59_ba42};
      6'd28:   {multiplier_o, constant} = {11'd1161, 31'h3e61_caa4};
      6'd29:   {multiplier_o, constant} = {11'd1121, 31'h3e69_d92d};
      6'd30:   {multiplier_o, constant} = {11'd1083, 31'h3e72_0db6};
      6'd31:   {multiplier_o, constant} = {11'd1048, 31'h3e7a_232d};
      default: {multiplier_o, constant} = {11'd1016, 31'h3e81_0204};  // 32
    endcase
  end

  logic signed [9:0] field;

  always_comb begin
    field = 10'(constant[30:23]) + 10'(shift_o) + 10'(max_exponent_i) + 10'(Offset);
    if (poisoned_i) begin
      scale_o = 32'h7fc0_0000;
    end else if (field < 10'sd1) begin
      scale_o = 32'd0;
    end else begin
      scale_o = {1'b0, field[7:0], constant[22:0]};
    end
  end

endmodule
