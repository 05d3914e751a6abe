// Dot product of a chunk of integer queries with one key in two stages: products, and their sum.

module attention_dot #(
  parameter int unsigned Dims = 16,
  parameter int unsigned QueryBits = 8,
  parameter int unsigned KeyBits = 8,
  localparam int unsigned ProductBits = QueryBits + KeyBits,
  localparam int unsigned SumBits = ProductBits + $clog2(Dims)
) (
  input  logic                      clk_i,
  input  logic                      multiply_i,
  input  logic [Dims*QueryBits-1:0] query_i,
  input  logic [Dims*KeyBits-1:0]   key_i,
  input  logic                      add_i,
  output logic [SumBits-1:0]        sum_o       // signed
);
  // Compiled once for all instances, the lane stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  logic signed [QueryBits-1:0]   query;
  logic signed [KeyBits-1:0]     key;
  logic signed [ProductBits-1:0] product;
  logic [Dims*ProductBits-1:0]   products_d, products_q;

  always_comb begin
    for (int unsigned e = 0; e < Dims; e++) begin
      query   = query_i[e*QueryBits +: QueryBits];
      key     = key_i[e*KeyBits +: KeyBits];
      product = query * key;
      products_d[e*ProductBits +: ProductBits] = product;
    end
  end

  logic signed [ProductBits-1:0] term;
  logic signed [SumBits-1:0]     sum_d, sum_q;

  always_comb begin
    sum_d = '0;
    for (int unsigned e = 0; e < Dims; e++) begin
      term  = products_q[e*ProductBits +: ProductBits];
      sum_d = sum_d + SumBits'(term);
    end
  end

  always_ff @(posedge clk_i) begin
    if (multiply_i) products_q <= products_d;
    if (add_i) sum_q <= sum_d;
  end

  assign sum_o = sum_q;

endmodule
