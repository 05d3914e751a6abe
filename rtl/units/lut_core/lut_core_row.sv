// The lookups of one activation row: every lane selects an entry of the row's table, negates it if the table is a half
// and its weights say so, and keeps it as its term for the accumulation in the next cycle.

module lut_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned EntryBits = 11,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned Symmetric = 1,
  parameter int unsigned Fold = 1,
  localparam int unsigned IndexBits = Symmetric != 0 ? GroupLength - 1 : GroupLength,
  localparam int unsigned Entries = 2**IndexBits
) (
  input  logic                         clk_i,

  input  logic                         fire_i,
  input  logic [Lanes*GroupLength-1:0] weight_i,
  input  logic [Entries*EntryBits-1:0] table_i,

  output logic signed [EntryBits-1:0]  row_operand_sum_o,
  output logic [Lanes*EntryBits-1:0]   terms_o  // lane n: [n*EntryBits +: EntryBits]
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  logic [EntryBits-1:0] entries [Entries];

  always_comb begin
    for (int unsigned i = 0; i < Entries; i++) begin
      entries[i] = table_i[i*EntryBits +: EntryBits];
    end
  end

  // Entry 0 is the sum with all signs negative.
  assign row_operand_sum_o = -entries[0];

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    // Negation as an exclusive or and a carry: no data-dependent branch when this is simulated.
    logic [GroupLength-1:0] weight;
    logic                   negate;
    logic [IndexBits-1:0]   index;
    logic [EntryBits-1:0]   lookup_q;

    assign weight = weight_i[n*GroupLength +: GroupLength];

    if (Symmetric == 0) begin : gen_full
      assign negate = 1'b0;
      assign index  = weight;
    end else if (Fold != 0) begin : gen_folded
      assign {negate, index} = weight;
    end else begin : gen_unfolded
      // The fold, here instead of offline: an inverter per index bit and lane.
      assign negate = weight[GroupLength-1];
      assign index  = weight[GroupLength-2:0] ^ {IndexBits{negate}};
    end

    always_ff @(posedge clk_i) begin
      if (fire_i) lookup_q <= (entries[index] ^ {EntryBits{negate}}) + EntryBits'(negate);
    end

    assign terms_o[n*EntryBits +: EntryBits] = lookup_q;
  end

endmodule
