// The lookups of one activation row: every lane selects an entry of the row's table, negates it if its weights say so,
// and keeps it as its term for the accumulation in the next cycle.

module lut_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned ActBits = 8,
  parameter int unsigned GroupLength = 4,
  localparam int unsigned EntryBits = ActBits + matrix_core_pkg::bit_length(GroupLength),
  localparam int unsigned Entries = 2**(GroupLength - 1)
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

  logic [EntryBits-1:0] half_table [Entries];

  always_comb begin
    for (int unsigned i = 0; i < Entries; i++) begin
      half_table[i] = table_i[i*EntryBits +: EntryBits];
    end
  end

  // Entry 0 is the sum with all signs negative.
  assign row_operand_sum_o = -half_table[0];

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    // Negation as an exclusive or and a carry: no data-dependent branch when this is simulated.
    logic                   negate;
    logic [GroupLength-2:0] index;
    logic [EntryBits-1:0]   lookup_q;

    assign {negate, index} = weight_i[n*GroupLength +: GroupLength];

    always_ff @(posedge clk_i) begin
      if (fire_i) lookup_q <= (half_table[index] ^ {EntryBits{negate}}) + EntryBits'(negate);
    end

    assign terms_o[n*EntryBits +: EntryBits] = lookup_q;
  end

endmodule
