// Dot product of a chunk of FP16 queries with one key in two stages: products of significands, and the exact sum of all
// in units of 2^-48. Every operand is read as Arm's alternative half precision: exponent 31 is an ordinary exponent.

module attention_fp16_dot #(
  parameter int unsigned Dims = 16,
  localparam int unsigned SumBits = 83 + $clog2(Dims)
) (
  input  logic               clk_i,
  input  logic               multiply_i,
  input  logic [Dims*16-1:0] query_i,
  input  logic [Dims*16-1:0] key_i,
  input  logic               add_i,
  output logic [SumBits-1:0] sum_o       // signed
);
  // Compiled once for all instances, the lane stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  // A product, from bit 28 down to bit 0: sign, places (0 to 60) by which it is above 2^-48, product of significands.
  localparam int unsigned PlaceBits = 6;
  localparam int unsigned SignificandBits = 22;
  localparam int unsigned ProductBits = 1 + PlaceBits + SignificandBits;
  localparam int unsigned MagnitudeBits = SignificandBits + 60;

  // A subnormal has the exponent of the smallest normal.
  function automatic logic [PlaceBits-1:0] places(logic [4:0] exponent);
    places = exponent == '0 ? '0 : PlaceBits'(exponent - 5'd1);
  endfunction

  logic [15:0]                query, key;
  logic [Dims*ProductBits-1:0] products_d, products_q;

  always_comb begin
    for (int unsigned e = 0; e < Dims; e++) begin
      query = query_i[e*16 +: 16];
      key   = key_i[e*16 +: 16];
      products_d[e*ProductBits +: ProductBits] = {
        query[15] ^ key[15],
        places(query[14:10]) + places(key[14:10]),
        SignificandBits'({query[14:10] != '0, query[9:0]}) * SignificandBits'({key[14:10] != '0, key[9:0]})
      };
    end
  end

  logic                       negative;
  logic [PlaceBits-1:0]       place;
  logic [SignificandBits-1:0] significand;
  logic [MagnitudeBits-1:0]   magnitude;
  logic [SumBits-1:0]         sum_d, sum_q;

  always_comb begin
    sum_d = '0;
    for (int unsigned e = 0; e < Dims; e++) begin
      {negative, place, significand} = products_q[e*ProductBits +: ProductBits];
      magnitude = MagnitudeBits'(significand) << place;
      sum_d     = negative ? sum_d - SumBits'(magnitude) : sum_d + SumBits'(magnitude);
    end
  end

  always_ff @(posedge clk_i) begin
    if (multiply_i) products_q <= products_d;
    if (add_i) sum_q <= sum_d;
  end

  assign sum_o = sum_q;

endmodule
