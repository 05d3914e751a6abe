// An accumulator times the reciprocal of its row sum, as a number of 16 bits, combinational: magnitude counts
// 2^(zeros - Point), and is 0 or at least 2^16, as it has a reciprocal for a factor. To nearest even; to FP16
// (subnormals, saturating to 65504, -0), or to INT8 (saturating), sign-extended. Twins: normalise_fp16() and
// normalise_int8() of sim/numeric/attention_arithmetic.h.

module attention_round #(
  parameter int unsigned MagnitudeBits = 102,  // at most 127
  parameter int unsigned Point = 80,
  parameter int unsigned OutputFormat = 0      // 0 FP16, 1 INT8
) (
  input  logic                     negative_i,
  input  logic [MagnitudeBits-1:0] magnitude_i,
  input  logic [5:0]               zeros_i,
  output logic [15:0]              result_o
);

  // What is kept has, below the last place of the result, the guard's.
  localparam int unsigned PlaceBits = 8;
  logic [PlaceBits-2:0]     guard;
  logic [MagnitudeBits-1:0] kept;
  logic                     lost, round_up;

  assign kept     = magnitude_i >> guard;
  assign lost     = (kept << guard) != magnitude_i;
  assign round_up = kept[0] & (lost | kept[1]);

  if (OutputFormat == 0) begin : gen_fp16
    localparam logic [14:0] Largest = 15'h7bff;  // 65504

    logic signed [PlaceBits-1:0] top, grid, cut;  // cut: last place of the result
    logic [11:0]                 significand;
    logic [17:0]                 code;
    logic                        nonzero;

    assign nonzero = magnitude_i != '0;

    // 11 bits from the leading one on, but nothing below the grid of subnormals, 2^-24.
    always_comb begin
      top = '0;
      for (int unsigned b = 0; b < MagnitudeBits; b++) begin
        if (magnitude_i[b]) top = PlaceBits'(b);
      end
      grid = PlaceBits'(Point - 24) - PlaceBits'(zeros_i);
      cut  = nonzero && top - PlaceBits'(10) > grid ? top - PlaceBits'(10) : grid;
    end

    // Codes count up across binades, so a hidden bit or a carry out of the significand steps into the next one.
    assign guard       = (PlaceBits-1)'(cut - PlaceBits'(1));
    assign significand = kept[12:1] + 12'(round_up);
    assign code        = {PlaceBits'(cut - grid), 10'd0} + 18'(significand);
    assign result_o    = {negative_i & nonzero, code > 18'(Largest) ? Largest : code[14:0]};
  end else begin : gen_int8
    logic [MagnitudeBits-1:0] rounded;

    assign guard    = (PlaceBits-1)'(Point - 1) - (PlaceBits-1)'(zeros_i);
    assign rounded  = (kept >> 1) + MagnitudeBits'(round_up);
    assign result_o = negative_i ? (rounded > MagnitudeBits'(128) ? 16'hff80 : 16'(-rounded))
                                 : (rounded > MagnitudeBits'(127) ? 16'h007f : 16'(rounded));
  end

endmodule
