// The sums of one activation row: every lane adds or subtracts each activation of the K group, as the bits of its weights
// say, and keeps the sum as its term for the accumulation in the next cycle.

module adder_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned ActBits = 8,
  parameter int unsigned GroupLength = 4,
  localparam int unsigned TermBits = ActBits + matrix_core_pkg::bit_length(GroupLength)
) (
  input  logic                           clk_i,

  input  logic                           fire_i,
  input  logic [Lanes*GroupLength-1:0]   weight_i,
  input  logic [GroupLength*ActBits-1:0] act_i,

  output logic signed [TermBits-1:0]     row_operand_sum_o,
  output logic [Lanes*TermBits-1:0]      terms_o  // lane n: [n*TermBits +: TermBits]
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  logic signed [ActBits-1:0]              act;
  logic        [GroupLength*TermBits-1:0] acts;  // of the width of the sums

  always_comb begin
    row_operand_sum_o = '0;
    for (int unsigned k = 0; k < GroupLength; k++) begin
      act = act_i[k*ActBits +: ActBits];
      acts[k*TermBits +: TermBits] = TermBits'(act);
      row_operand_sum_o = row_operand_sum_o + TermBits'(act);
    end
  end

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    logic [GroupLength-1:0] subtract;
    logic [TermBits-1:0]    sum, term_q;

    assign subtract = ~weight_i[n*GroupLength +: GroupLength];

    // Subtraction as an exclusive or and a carry: no data-dependent branch when this is simulated.
    always_comb begin
      sum = '0;
      for (int unsigned k = 0; k < GroupLength; k++) begin
        sum = sum + (acts[k*TermBits +: TermBits] ^ {TermBits{subtract[k]}}) + TermBits'(subtract[k]);
      end
    end

    always_ff @(posedge clk_i) begin
      if (fire_i) term_q <= sum;
    end

    assign terms_o[n*TermBits +: TermBits] = term_q;
  end

endmodule
