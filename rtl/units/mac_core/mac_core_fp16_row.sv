// The products of one row of FP16 activations: every lane multiplies the activations of the K group by its weights,
// which are FP16 by now, and keeps the exact products as its term for the accumulation in the next cycle.

module mac_core_fp16_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned GroupLength = 4,
  localparam int unsigned TermBits = GroupLength * fp16_dot_pkg::ProductBits
) (
  input  logic                            clk_i,

  input  logic                            fire_i,
  input  logic [Lanes*GroupLength*16-1:0] weight_i,
  input  logic [GroupLength*16-1:0]       act_i,

  output logic [Lanes*TermBits-1:0]       terms_o  // lane n: [n*TermBits +: TermBits]
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    logic [TermBits-1:0] term_d, term_q;

    for (genvar k = 0; k < GroupLength; k++) begin : gen_product
      fp16_product u_product (
        .a_i      (act_i[k*16 +: 16]),
        .b_i      (weight_i[(n*GroupLength + k)*16 +: 16]),
        .product_o(term_d[k*fp16_dot_pkg::ProductBits +: fp16_dot_pkg::ProductBits])
      );
    end

    always_ff @(posedge clk_i) begin
      if (fire_i) term_q <= term_d;
    end

    assign terms_o[n*TermBits +: TermBits] = term_q;
  end

endmodule
