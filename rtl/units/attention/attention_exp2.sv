// 2^-(distance/1024) in units of 2^-(WeightBits-1) in two stages: a chord from the table, shifted. Twin: exp2_minus() of
// sim/numeric/exp2_segments.h, which says where the table comes from.

module attention_exp2 #(
  parameter int unsigned WeightBits = 21  // 20 of a fraction, 1 = 2^20
) (
  input  logic                  clk_i,
  input  logic                  table_i,     // take a distance
  input  logic [21:0]           distance_i,
  output logic [WeightBits-1:0] weight_o     // of the distance taken last
);

  localparam int unsigned BaseBits = 16;  // in units of 2^-16, less than 1
  localparam int unsigned SlopeBits = 12;
  localparam logic [11:0] Underflow = 12'(WeightBits);  // from here on the result rounds to 0

  // Segments 31 to 0.
  localparam logic [32*BaseBits-1:0] Bases = {
    16'd33485, 16'd34218, 16'd34967, 16'd35733, 16'd36515, 16'd37315, 16'd38132, 16'd38967,
    16'd39820, 16'd40692, 16'd41583, 16'd42494, 16'd43424, 16'd44375, 16'd45347, 16'd46340,
    16'd47354, 16'd48391, 16'd49451, 16'd50534, 16'd51640, 16'd52771, 16'd53927, 16'd55107,
    16'd56314, 16'd57547, 16'd58807, 16'd60095, 16'd61411, 16'd62756, 16'd64130, 16'd65534
  };
  localparam logic [32*SlopeBits-1:0] Slopes = {
    12'd1435, 12'd1466, 12'd1499, 12'd1531, 12'd1565, 12'd1599, 12'd1634, 12'd1670,
    12'd1707, 12'd1744, 12'd1782, 12'd1821, 12'd1861, 12'd1902, 12'd1943, 12'd1986,
    12'd2029, 12'd2074, 12'd2119, 12'd2166, 12'd2213, 12'd2262, 12'd2311, 12'd2362,
    12'd2413, 12'd2466, 12'd2520, 12'd2576, 12'd2632, 12'd2690, 12'd2748, 12'd2809
  };

  logic [11:0]          whole;
  logic [4:0]           segment, remainder;
  logic [BaseBits-1:0]  base;
  logic [SlopeBits-1:0] slope;
  logic [16:0]          drop;  // 2809 * 31 + 32 at most
  logic [BaseBits-1:0]  chord_d, chord_q;
  logic [4:0]           shift_d, shift_q;
  logic                 zero_d, zero_q;

  assign {whole, segment, remainder} = distance_i;
  assign base    = Bases[segment*BaseBits +: BaseBits];
  assign slope   = Slopes[segment*SlopeBits +: SlopeBits];
  assign drop    = 17'(slope) * 17'(remainder) + 17'd32;
  assign chord_d = base - BaseBits'(drop >> 6);
  assign shift_d = whole[4:0];
  assign zero_d  = whole >= Underflow;

  always_ff @(posedge clk_i) begin
    if (table_i) begin
      chord_q <= chord_d;
      shift_q <= shift_d;
      zero_q  <= zero_d;
    end
  end

  // Half up.
  logic [WeightBits-1:0] weight, half;

  assign weight   = {1'b0, chord_q, (WeightBits-1-BaseBits)'(0)};
  assign half     = (WeightBits'(1) << shift_q) >> 1;
  assign weight_o = zero_q ? '0 : (weight + half) >> shift_q;

endmodule
