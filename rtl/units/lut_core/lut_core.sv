// LUT tensor core (arXiv 2408.06003): O[M,N] = A[M,K] W[N,K]^T by looking up sums of GroupLength
// activations.
// Behaviour to the cycle and to the bit: sim/units/lut_core/README.md.

`include "assertions.svh"

module lut_core #(
  // Public, so that a bench builds its model from what the hardware is.
  parameter int unsigned Rows            /*verilator public_flat_rd*/ = 2,
  parameter int unsigned Lanes           /*verilator public_flat_rd*/ = 64,
  parameter int unsigned ActBits         /*verilator public_flat_rd*/ = 8,
  parameter int unsigned MaxPlanes       /*verilator public_flat_rd*/ = 4,
  parameter int unsigned PsumBlocks      /*verilator public_flat_rd*/ = 4,
  parameter int unsigned PsumBits        /*verilator public_flat_rd*/ = 32,
  parameter int unsigned TableGenerators /*verilator public_flat_rd*/ = 1,
  parameter int unsigned EpilogueLanes   /*verilator public_flat_rd*/ = 8,
  parameter int unsigned EpilogueRows    /*verilator public_flat_rd*/ = 1,
  // Activations behind one table, 2 to 6.
  parameter int unsigned GroupLength     /*verilator public_flat_rd*/ = 4,
  // Activations as they arrive: 0 integers of ActBits, 1 FP16, 2 BF16, 3 FP8 E4M3, 4 FP8 E5M2, aligned to ActBits.
  parameter int unsigned ActFormat       /*verilator public_flat_rd*/ = 0,
  // Floating point: entries are rounded to 8 bits.
  parameter int unsigned QuantizedTables /*verilator public_flat_rd*/ = 0,
  // Floating point: K groups that a segment may hold.
  parameter int unsigned SegmentGroups   /*verilator public_flat_rd*/ = 16,
  // 1: half tables, whose other half is the negated one; 0: full tables, and nothing is negated.
  parameter int unsigned Symmetric       /*verilator public_flat_rd*/ = 1,
  // 1: tables for three ternary weights at once, which arrive as sign and index (TL2); GroupLength is 3.
  parameter int unsigned TernaryTables   /*verilator public_flat_rd*/ = 0,
  // 1: weights arrive folded, that is as sign and index into a half table; 0: as plane bits.
  parameter int unsigned Fold            /*verilator public_flat_rd*/ = 1,
  // 1: act is finished tables, built by who made the activations; 0: activations.
  parameter int unsigned FusedTables     /*verilator public_flat_rd*/ = 0,
  localparam int unsigned EntryBits = lut_core_pkg::entry_bits(QuantizedTables, ActBits, GroupLength),
  localparam int unsigned TableBits = lut_core_pkg::table_entries(TernaryTables, Symmetric, GroupLength) * EntryBits,
  localparam int unsigned CodesBits = GroupLength * lut_core_pkg::code_bits(ActFormat, ActBits),
  localparam int unsigned ActWidth = Rows * (FusedTables != 0 ? TableBits : CodesBits),
  localparam int unsigned WeightWidth = Lanes * lut_core_pkg::lane_bits(TernaryTables, GroupLength),
  localparam int unsigned ScaleWidth = EpilogueLanes * (matrix_core_pkg::ScaleBits + matrix_core_pkg::ZeroBits),
  localparam int unsigned Fp32Width = EpilogueRows * EpilogueLanes * matrix_core_pkg::Fp32Bits
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,
  output logic                                cmd_ready_o,
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                                act_valid_i,
  output logic                                act_ready_o,
  input  logic [ActWidth-1:0]                 act_data_i,

  input  logic                                weight_valid_i,
  output logic                                weight_ready_o,
  input  logic [WeightWidth-1:0]              weight_data_i,

  input  logic                                scale_valid_i,
  output logic                                scale_ready_o,
  input  logic [ScaleWidth-1:0]               scale_data_i,

  input  logic                                fill_valid_i,
  output logic                                fill_ready_o,
  input  logic [Fp32Width-1:0]                fill_data_i,

  output logic                                out_valid_o,
  input  logic                                out_ready_i,
  output logic [Fp32Width-1:0]                out_data_o,

  // Observation: exactly one of the five is 1 in a cycle. Stall causes in the order in which they are asked.
  output logic                                fire_o,
  output logic                                idle_o,
  output logic                                stall_table_o,
  output logic                                stall_weights_o,
  output logic                                stall_epilogue_o,
  output logic                                busy_o  // anything at all is still in flight
);

  localparam int unsigned PsumWidth = EpilogueLanes * PsumBits;
  // A row sum is one of a whole command, or of a segment.
  localparam int unsigned RowSumBits = ActFormat != 0 ? EntryBits + $clog2(SegmentGroups)
                                     : matrix_core_pkg::row_sum_bits(ActBits, GroupLength);
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes);
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Lanes / EpilogueLanes);
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * PsumBlocks);
  localparam int unsigned WeightDepth = MaxPlanes > 2 ? MaxPlanes : 2;

  // Streams behind their FIFOs.
  logic                   act_valid, act_ready, weight_valid;
  logic [ActWidth-1:0]    act_data;
  logic [WeightWidth-1:0] weight_data;

  fifo #(.Width(ActWidth), .Depth(2)) u_act_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (act_valid_i),
    .in_ready_o (act_ready_o),
    .in_data_i  (act_data_i),
    .out_valid_o(act_valid),
    .out_ready_i(act_ready),
    .out_data_o (act_data)
  );

  fifo #(.Width(WeightWidth), .Depth(WeightDepth)) u_weight_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (weight_valid_i),
    .in_ready_o (weight_ready_o),
    .in_data_i  (weight_data_i),
    .out_valid_o(weight_valid),
    .out_ready_i(fire_o),
    .out_data_o (weight_data)
  );

  // Tables, and what floating-point activations bring for the epilogue.
  logic                      table_valid, table_release, table_busy, drain_done, row_scale_valid;
  logic [Rows*TableBits-1:0] table_data;
  logic [Rows*32-1:0]        row_scale;

  lut_core_tables #(
    .Rows(Rows), .ActFormat(ActFormat), .ActBits(ActBits), .GroupLength(GroupLength),
    .QuantizedTables(QuantizedTables), .SegmentGroups(SegmentGroups), .Symmetric(Symmetric), .TernaryTables(TernaryTables),
    .FusedTables(FusedTables), .TableGenerators(TableGenerators)
  ) u_tables (
    .clk_i,
    .rst_ni,
    .cmd_valid_i      (cmd_valid_i & cmd_ready_o),
    .cmd_data_i,
    .act_valid_i      (act_valid),
    .act_ready_o      (act_ready),
    .act_data_i       (act_data),
    .release_i        (table_release),
    .active_valid_o   (table_valid),
    .active_o         (table_data),
    .row_scale_valid_o(row_scale_valid),
    .row_scale_ready_i(drain_done),
    .row_scale_o      (row_scale),
    .busy_o           (table_busy)
  );

  // Lookup and accumulation.
  logic                       row_sum_add, row_sum_replace, row_sum_bank, accumulate, accumulate_replace, drain_bank;
  logic [WordBits-1:0]        accumulate_word, drain_word;
  logic [ShiftBits-1:0]       accumulate_shift;
  logic [Rows-1:0]            drain_select;
  logic [ChunkBits-1:0]       drain_chunk;
  logic [Rows*PsumWidth-1:0]  drain_psum;
  logic [Rows*RowSumBits-1:0] drain_row_sum;

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    logic signed [EntryBits-1:0] row_operand_sum;
    logic [Lanes*EntryBits-1:0]  terms;

    lut_core_row #(
      .Lanes(Lanes), .EntryBits(EntryBits), .GroupLength(GroupLength), .Symmetric(Symmetric),
      .TernaryTables(TernaryTables), .Fold(Fold)
    ) u_row (
      .clk_i,
      .fire_i           (fire_o),
      .weight_i         (weight_data),
      .table_i          (table_data[m*TableBits +: TableBits]),
      .row_operand_sum_o(row_operand_sum),
      .terms_o          (terms)
    );

    matrix_core_psum #(
      .Lanes(Lanes), .TermBits(EntryBits), .SumBits(EntryBits), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks),
      .PsumBits(PsumBits), .RowSumBits(RowSumBits), .EpilogueLanes(EpilogueLanes)
    ) u_psum (
      .clk_i,
      .row_sum_add_i       (row_sum_add),
      .row_sum_replace_i   (row_sum_replace),
      .row_sum_bank_i      (row_sum_bank),
      .row_operand_sum_i   (row_operand_sum),
      .accumulate_i        (accumulate),
      .accumulate_word_i   (accumulate_word),
      .accumulate_shift_i  (accumulate_shift),
      .accumulate_replace_i(accumulate_replace),
      .terms_i             (terms),
      .drain_select_i      (drain_select[m]),
      .drain_bank_i        (drain_bank),
      .drain_word_i        (drain_word),
      .drain_chunk_i       (drain_chunk),
      .drain_psum_o        (drain_psum[m*PsumWidth +: PsumWidth]),
      .drain_row_sum_o     (drain_row_sum[m*RowSumBits +: RowSumBits])
    );
  end

  // Everything else.
  logic frame_busy;

  matrix_core_frame #(
    .Rows(Rows), .Lanes(Lanes), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks), .PsumBits(PsumBits),
    .RowSumBits(RowSumBits), .EpilogueLanes(EpilogueLanes), .EpilogueRows(EpilogueRows), .RowScales(32'(ActFormat != 0))
  ) u_frame (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_data_i,
    .scale_valid_i,
    .scale_ready_o,
    .scale_data_i,
    .fill_valid_i,
    .fill_ready_o,
    .fill_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .operand_valid_i     (table_valid),
    .operand_release_o   (table_release),
    .weight_valid_i      (weight_valid),
    .row_sum_add_o       (row_sum_add),
    .row_sum_replace_o   (row_sum_replace),
    .row_sum_bank_o      (row_sum_bank),
    .accumulate_o        (accumulate),
    .accumulate_word_o   (accumulate_word),
    .accumulate_shift_o  (accumulate_shift),
    .accumulate_replace_o(accumulate_replace),
    .drain_select_o      (drain_select),
    .drain_bank_o        (drain_bank),
    .drain_word_o        (drain_word),
    .drain_chunk_o       (drain_chunk),
    .drain_psum_i        (drain_psum),
    .drain_row_sum_i     (drain_row_sum),
    .row_scale_i         (row_scale),
    .drain_done_o        (drain_done),
    .fire_o,
    .idle_o,
    .stall_operands_o    (stall_table_o),
    .stall_weights_o,
    .stall_epilogue_o,
    .busy_o              (frame_busy)
  );

  assign busy_o = act_valid | weight_valid | table_busy | frame_busy;

  // The segment stage is far ahead of the drain.
  `ASSERT(RowScaleThere, !drain_done || row_scale_valid || ActFormat == 0)
  `ASSERT_PARAMETER(LegalGenerators, TableGenerators >= 1 && Rows % TableGenerators == 0)
  `ASSERT_PARAMETER(LegalBits, (ActBits == 8 || ActBits == 16) && PsumBits >= EntryBits && PsumBits <= 47)
  `ASSERT_PARAMETER(LegalGroup, GroupLength >= 2 && GroupLength <= 6)
  `ASSERT_PARAMETER(LegalTernary, TernaryTables <= 1 && (TernaryTables == 0 || (GroupLength == 3 && Fold == 1 && ActFormat == 0)))
  `ASSERT_PARAMETER(LegalTables, Symmetric <= 1 && Fold <= Symmetric)
  `ASSERT_PARAMETER(LegalFormat, ActFormat <= 4 && (ActFormat == 0 ? QuantizedTables == 0
      : GroupLength == 4 && ActBits >= 2 + lut_core_pkg::mantissa_bits(ActFormat)))
  `ASSERT_PARAMETER(LegalRounding, QuantizedTables <= 1 && SegmentGroups >= 1 && SegmentGroups <= 16)
  `ASSERT_PARAMETER(LegalFusion, FusedTables == 0 || (FusedTables == 1 && TableGenerators == Rows))

endmodule
