// One activation row of the array: a lookup per lane, then shift and accumulate into the psum file, and the row sum.
// Every lane owns its part of the psum file: 2 banks of PsumBlocks words. The lanes are grouped in chunks of
// EpilogueLanes, because the drain reads a chunk at once.

module lut_core_row #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned ActBits = 8,
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned PsumBits = 32,
  parameter int unsigned EpilogueLanes = 8,
  localparam int unsigned EntryBits = ActBits + 3,
  localparam int unsigned TableBits = lut_core_pkg::HalfTableEntries * EntryBits,
  localparam int unsigned RowSumBits = ActBits + lut_core_pkg::KGroupBits + 2,
  localparam int unsigned ChunkBits = lut_core_pkg::index_bits(Lanes / EpilogueLanes),
  localparam int unsigned WordBits = lut_core_pkg::index_bits(2 * PsumBlocks)
) (
  input  logic                                       clk_i,

  // Fire.
  input  logic                                       fire_i,
  input  logic [Lanes*lut_core_pkg::GroupLength-1:0] weight_i,
  input  logic [TableBits-1:0]                       table_i,
  input  logic                                       fire_bank_i,
  input  logic                                       row_sum_add_i,
  input  logic                                       row_sum_replace_i,

  // One cycle after the fire.
  input  logic                                       accumulate_i,
  input  logic [WordBits-1:0]                        accumulate_word_i,
  input  logic [3:0]                                 accumulate_shift_i,
  input  logic                                       accumulate_replace_i,

  // Drain, combinational; 0 if not selected, so that the rows can be ORed.
  input  logic                                       drain_select_i,
  input  logic                                       drain_bank_i,
  input  logic [WordBits-1:0]                        drain_word_i,
  input  logic [ChunkBits-1:0]                       drain_chunk_i,
  output logic [EpilogueLanes*PsumBits-1:0]          drain_psum_o,
  output logic [RowSumBits-1:0]                      drain_row_sum_o
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  localparam int unsigned Chunks = Lanes / EpilogueLanes;

  logic [EntryBits-1:0]              half_table [lut_core_pkg::HalfTableEntries];
  logic [EpilogueLanes*PsumBits-1:0] chunk_psum [Chunks];

  always_comb begin
    for (int unsigned i = 0; i < lut_core_pkg::HalfTableEntries; i++) begin
      half_table[i] = table_i[i*EntryBits +: EntryBits];
    end
  end

  for (genvar c = 0; c < Chunks; c++) begin : gen_chunk
    logic drain_this;
    assign drain_this = drain_select_i && drain_chunk_i == ChunkBits'(c);

    for (genvar e = 0; e < EpilogueLanes; e++) begin : gen_lane
      localparam int unsigned Lane = c*EpilogueLanes + e;
      // Negation as an exclusive or and a carry: no data-dependent branch when this is simulated.
      logic                        negate;
      logic        [2:0]           index;
      logic signed [EntryBits-1:0] lookup_q;
      logic        [PsumBits-1:0]  psum_q [2*PsumBlocks];

      assign {negate, index} = weight_i[Lane*lut_core_pkg::GroupLength +: lut_core_pkg::GroupLength];

      always_ff @(posedge clk_i) begin
        if (fire_i) lookup_q <= (half_table[index] ^ {EntryBits{negate}}) + EntryBits'(negate);
        if (accumulate_i) begin
          psum_q[accumulate_word_i] <= (PsumBits'(lookup_q) << accumulate_shift_i)
              + (accumulate_replace_i ? '0 : psum_q[accumulate_word_i]);
        end
      end

      assign chunk_psum[c][e*PsumBits +: PsumBits] = drain_this ? psum_q[drain_word_i] : '0;
    end
  end

  always_comb begin
    drain_psum_o = '0;
    for (int unsigned c = 0; c < Chunks; c++) drain_psum_o = drain_psum_o | chunk_psum[c];
  end

  // The row sum is -T[0] of every K group, one per psum bank.
  logic [RowSumBits-1:0] row_sum_q [2];
  logic [RowSumBits-1:0] row_sum_old, row_sum_new;

  assign row_sum_old = row_sum_replace_i ? '0 : row_sum_q[fire_bank_i];
  assign row_sum_new = row_sum_old - {{(RowSumBits-EntryBits){half_table[0][EntryBits-1]}}, half_table[0]};

  always_ff @(posedge clk_i) begin
    if (fire_i && row_sum_add_i) row_sum_q[fire_bank_i] <= row_sum_new;
  end

  assign drain_row_sum_o = drain_select_i ? row_sum_q[drain_bank_i] : '0;

endmodule
