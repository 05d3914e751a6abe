// Test only: the leaves of the attention unit that work on numbers. Rounding once for every kind of accumulator and result
// that is possible, on a shared magnitude: 0 FP16 of FP16 values, 1 FP16 of integers, 2 INT8 of integers; integers take
// the lowest 68 bits.

module attention_leaves (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         table_i,
  input  logic [21:0]  distance_i,
  output logic [20:0]  weight_o,

  output logic         idle_o,
  input  logic         start_i,
  input  logic [39:0]  sum_i,
  output logic         done_o,
  input  logic         take_i,
  output logic [17:0]  reciprocal_o,
  output logic [5:0]   zeros_o,

  input  logic         negative_i,
  input  logic [101:0] magnitude_i,
  input  logic [5:0]   zeros_i,
  output logic [47:0]  result_o      // 16 bits a variant
);

  attention_exp2 u_exp2 (
    .clk_i,
    .table_i,
    .distance_i,
    .weight_o
  );

  attention_reciprocal u_reciprocal (
    .clk_i,
    .rst_ni,
    .idle_o,
    .start_i,
    .sum_i,
    .done_o,
    .take_i,
    .reciprocal_o,
    .zeros_o
  );

  for (genvar v = 0; v < 3; v++) begin : gen_variant
    localparam int unsigned MagnitudeBits = v == 0 ? 102 : 68;

    attention_round #(
      .MagnitudeBits(MagnitudeBits), .Point(v == 0 ? 80 : 56), .OutputFormat(v == 2 ? 1 : 0)
    ) u_round (
      .negative_i,
      .magnitude_i(magnitude_i[MagnitudeBits-1:0]),
      .zeros_i,
      .result_o   (result_o[v*16 +: 16])
    );
  end

endmodule
