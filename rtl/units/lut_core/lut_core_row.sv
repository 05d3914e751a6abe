// The lookups of one activation row: every lane selects an entry of the row's table, negates it if the table is a half
// and its weights say so, and keeps it as its term for the accumulation in the next cycle.

module lut_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned EntryBits = 11,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned Symmetric = 1,
  parameter int unsigned TernaryTables = 0,
  parameter int unsigned Fold = 1,
  localparam int unsigned LaneBits = lut_core_pkg::lane_bits(TernaryTables, GroupLength),
  localparam int unsigned IndexBits = Symmetric != 0 ? LaneBits - 1 : LaneBits,
  localparam int unsigned Entries = lut_core_pkg::table_entries(TernaryTables, Symmetric, GroupLength)
) (
  input  logic                         clk_i,

  input  logic                         fire_i,
  input  logic [Lanes*LaneBits-1:0]    weight_i,
  input  logic [Entries*EntryBits-1:0] table_i,

  output logic signed [EntryBits-1:0]  row_operand_sum_o,
  output logic [Lanes*EntryBits-1:0]   terms_o  // lane n: [n*EntryBits +: EntryBits]
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  // By what a lane asks for. Three zero weights ask for 0, which no table holds.
  logic [EntryBits-1:0] entries [2**IndexBits];

  if (TernaryTables != 0) begin : gen_ternary
    always_comb begin
      for (int unsigned i = 0; i < 2**IndexBits; i++) entries[i] = '0;
      for (int unsigned i = 0; i < Entries; i++) entries[i+1] = table_i[i*EntryBits +: EntryBits];
    end
    // The last entry is the sum with all weights 1.
    assign row_operand_sum_o = entries[Entries];
  end else begin : gen_signs
    always_comb begin
      for (int unsigned i = 0; i < Entries; i++) entries[i] = table_i[i*EntryBits +: EntryBits];
    end
    // Entry 0 is the sum with all signs negative.
    assign row_operand_sum_o = -entries[0];
  end

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    // Negation as an exclusive or and a carry: no data-dependent branch when this is simulated.
    logic [LaneBits-1:0]    weight;
    logic                   negate;
    logic [IndexBits-1:0]   index;
    logic [EntryBits-1:0]   lookup_q;

    assign weight = weight_i[n*LaneBits +: LaneBits];

    if (Symmetric == 0) begin : gen_full
      assign negate = 1'b0;
      assign index  = weight;
    end else if (Fold != 0) begin : gen_folded
      assign {negate, index} = weight;
    end else begin : gen_unfolded
      // The fold, here instead of offline: an inverter per index bit and lane.
      assign negate = weight[LaneBits-1];
      assign index  = weight[LaneBits-2:0] ^ {IndexBits{negate}};
    end

    always_ff @(posedge clk_i) begin
      if (fire_i) lookup_q <= (entries[index] ^ {EntryBits{negate}}) + EntryBits'(negate);
    end

    assign terms_o[n*EntryBits +: EntryBits] = lookup_q;
  end

endmodule
