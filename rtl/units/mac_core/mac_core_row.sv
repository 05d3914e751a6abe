// The dot products of one activation row: every lane multiplies the activations of the K group by its weights, and keeps
// the sum of the products as its term for the accumulation in the next cycle.

module mac_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned ActBits = 8,
  parameter int unsigned WeightBits = 4,
  parameter int unsigned GroupLength = 4,
  // The extreme is the product of the two most negative numbers, GroupLength times.
  localparam int unsigned TermBits = ActBits + WeightBits - 1 + matrix_core_pkg::bit_length(GroupLength),
  localparam int unsigned SumBits = ActBits + matrix_core_pkg::bit_length(GroupLength)
) (
  input  logic                                    clk_i,

  input  logic                                    fire_i,
  input  logic [Lanes*GroupLength*WeightBits-1:0] weight_i,
  input  logic [GroupLength*ActBits-1:0]          act_i,

  output logic signed [SumBits-1:0]               row_operand_sum_o,
  output logic [Lanes*TermBits-1:0]               terms_o  // lane n: [n*TermBits +: TermBits]
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  localparam int unsigned ProductBits = ActBits + WeightBits;

  logic signed [ActBits-1:0] act_of_sum;

  always_comb begin
    row_operand_sum_o = '0;
    for (int unsigned k = 0; k < GroupLength; k++) begin
      act_of_sum = act_i[k*ActBits +: ActBits];
      row_operand_sum_o = row_operand_sum_o + SumBits'(act_of_sum);
    end
  end

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    logic signed [ActBits-1:0]     act;
    logic signed [WeightBits-1:0]  weight;
    logic signed [ProductBits-1:0] product;
    logic signed [TermBits-1:0]    sum, term_q;

    always_comb begin
      sum = '0;
      for (int unsigned k = 0; k < GroupLength; k++) begin
        act     = act_i[k*ActBits +: ActBits];
        weight  = weight_i[(n*GroupLength + k)*WeightBits +: WeightBits];
        product = act * weight;
        sum     = sum + TermBits'(product);
      end
    end

    always_ff @(posedge clk_i) begin
      if (fire_i) term_q <= sum;
    end

    assign terms_o[n*TermBits +: TermBits] = term_q;
  end

endmodule
