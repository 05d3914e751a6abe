// All rows of the array, the register that follows a fire to its accumulation, and the state of the two psum banks.

module lut_core_array #(
  parameter int unsigned Rows = 2,
  parameter int unsigned Lanes = 64,
  parameter int unsigned ActBits = 8,
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned PsumBits = 32,
  parameter int unsigned EpilogueLanes = 8,
  localparam int unsigned TableBits = lut_core_pkg::HalfTableEntries * (ActBits + 3),
  localparam int unsigned RowSumBits = ActBits + lut_core_pkg::KGroupBits + 2,
  localparam int unsigned BlockBits = lut_core_pkg::index_bits(PsumBlocks),
  localparam int unsigned RowIndexBits = lut_core_pkg::index_bits(Rows),
  localparam int unsigned ChunkBits = lut_core_pkg::index_bits(Lanes / EpilogueLanes)
) (
  input  logic                                       clk_i,
  input  logic                                       rst_ni,

  // Fire.
  input  logic                                       fire_i,
  input  logic [Lanes*lut_core_pkg::GroupLength-1:0] weight_i,
  input  logic [Rows*TableBits-1:0]                  table_i,
  input  logic                                       bank_i,
  input  logic [BlockBits-1:0]                       block_i,
  input  logic [3:0]                                 shift_i,
  input  logic                                       replace_i,
  input  logic                                       first_plane_i,
  input  logic                                       first_block_i,
  input  logic                                       group_last_i,
  input  lut_core_pkg::drain_t                       drain_i,

  // Drain.
  output logic [1:0]                                 bank_full_o,
  output logic [2*lut_core_pkg::DrainBits-1:0]       bank_drain_o,
  input  logic [1:0]                                 bank_clear_i,
  input  logic                                       drain_bank_i,
  input  logic [BlockBits-1:0]                       drain_block_i,
  input  logic [ChunkBits-1:0]                       drain_chunk_i,
  input  logic [RowIndexBits-1:0]                    drain_row_i,
  output logic [EpilogueLanes*PsumBits-1:0]          drain_psum_o,
  output logic [RowSumBits-1:0]                      drain_row_sum_o,

  output logic                                       busy_o
);

  localparam int unsigned WordBits = lut_core_pkg::index_bits(2 * PsumBlocks);

  // A fire, one cycle later.
  logic                 accumulate_q, bank_q, replace_q, group_last_q;
  logic [WordBits-1:0]  word_q;
  logic [3:0]           shift_q;
  lut_core_pkg::drain_t drain_q;

  logic [1:0]           full_d, full_q;
  lut_core_pkg::drain_t bank0_drain_q, bank1_drain_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      accumulate_q <= 1'b0;
      group_last_q <= 1'b0;
    end else begin
      accumulate_q <= fire_i;
      group_last_q <= fire_i & group_last_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (fire_i) begin
      bank_q    <= bank_i;
      word_q    <= WordBits'(block_i) + (bank_i ? WordBits'(PsumBlocks) : '0);
      shift_q   <= shift_i;
      replace_q <= replace_i & first_plane_i;
      drain_q   <= drain_i;
    end
  end

  // The flag rises with the last accumulation. Nothing fires into a full bank, so a flag never rises and falls at once.
  always_comb begin
    full_d = full_q & ~bank_clear_i;
    if (group_last_q) full_d[bank_q] = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q        <= '0;
      bank0_drain_q <= '0;
      bank1_drain_q <= '0;
    end else begin
      full_q <= full_d;
      if (group_last_q && !bank_q) bank0_drain_q <= drain_q;
      if (group_last_q && bank_q) bank1_drain_q <= drain_q;
    end
  end

  assign bank_full_o  = full_q;
  assign bank_drain_o = {bank1_drain_q, bank0_drain_q};
  assign busy_o       = accumulate_q | (|full_q);

  logic [WordBits-1:0]               drain_word;
  logic [EpilogueLanes*PsumBits-1:0] row_psum [Rows];
  logic [RowSumBits-1:0]             row_row_sum [Rows];

  assign drain_word = WordBits'(drain_block_i) + (drain_bank_i ? WordBits'(PsumBlocks) : '0);

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    lut_core_row #(
      .Lanes(Lanes), .ActBits(ActBits), .PsumBlocks(PsumBlocks), .PsumBits(PsumBits), .EpilogueLanes(EpilogueLanes)
    ) u_row (
      .clk_i,
      .fire_i,
      .weight_i,
      .table_i             (table_i[m*TableBits +: TableBits]),
      .fire_bank_i         (bank_i),
      .row_sum_add_i       (first_plane_i & first_block_i),
      .row_sum_replace_i   (replace_i),
      .accumulate_i        (accumulate_q),
      .accumulate_word_i   (word_q),
      .accumulate_shift_i  (shift_q),
      .accumulate_replace_i(replace_q),
      .drain_select_i      (drain_row_i == RowIndexBits'(m)),
      .drain_bank_i,
      .drain_word_i        (drain_word),
      .drain_chunk_i,
      .drain_psum_o        (row_psum[m]),
      .drain_row_sum_o     (row_row_sum[m])
    );
  end

  always_comb begin
    drain_psum_o    = '0;
    drain_row_sum_o = '0;
    for (int unsigned m = 0; m < Rows; m++) begin
      drain_psum_o    = drain_psum_o | row_psum[m];
      drain_row_sum_o = drain_row_sum_o | row_row_sum[m];
    end
  end

endmodule
