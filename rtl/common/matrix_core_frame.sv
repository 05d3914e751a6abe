// What is the same in every matrix core: commands, the fire controller, the state of the psum banks, drain and epilogue.
// Around it a core has its operands, its weights and, for each row, what makes the terms and a matrix_core_psum. The
// core's part begins with a fire (operands and weights are used) and ends with the drain's read of its psum files.

`include "assertions.svh"

module matrix_core_frame #(
  parameter int unsigned Rows = 2,
  parameter int unsigned Lanes = 64,
  parameter int unsigned MaxPlanes = 4,
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned PsumBits = 32,
  parameter int unsigned RowSumBits = 26,
  parameter int unsigned EpilogueLanes = 8,
  parameter int unsigned EpilogueRows = 1,  // drained at once, each with EpilogueLanes
  parameter int unsigned RowScales = 0,  // 1: scales are multiplied with one of the row and scale group
  parameter int unsigned FloatPsums = 0,  // 1: partial sums are FP32 and scales come with z' = 0
  localparam int unsigned ScaleWidth = EpilogueLanes * (matrix_core_pkg::ScaleBits + matrix_core_pkg::ZeroBits),
  localparam int unsigned Fp32Width = EpilogueRows * EpilogueLanes * matrix_core_pkg::Fp32Bits,
  localparam int unsigned PsumWidth = EpilogueLanes * PsumBits,
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes),
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Lanes / EpilogueLanes),
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * PsumBlocks)
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,
  output logic                                cmd_ready_o,
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                                scale_valid_i,
  output logic                                scale_ready_o,
  input  logic [ScaleWidth-1:0]               scale_data_i,

  input  logic                                fill_valid_i,
  output logic                                fill_ready_o,
  input  logic [Fp32Width-1:0]                fill_data_i,

  output logic                                out_valid_o,
  input  logic                                out_ready_i,
  output logic [Fp32Width-1:0]                out_data_o,

  // Operands and weights.
  input  logic                                operand_valid_i,
  output logic                                operand_release_o,  // used for the last time in this cycle
  input  logic                                weight_valid_i,     // used in every fire

  // What a fire does to the row sums, in its cycle.
  output logic                                row_sum_add_o,
  output logic                                row_sum_replace_o,
  output logic                                row_sum_bank_o,

  // What it does to the psum files, one cycle later.
  output logic                                accumulate_o,
  output logic [WordBits-1:0]                 accumulate_word_o,
  output logic [ShiftBits-1:0]                accumulate_shift_o,
  output logic                                accumulate_replace_o,

  // Drain: the rows that are not selected answer 0.
  output logic [Rows-1:0]                     drain_select_o,
  output logic                                drain_bank_o,
  output logic [WordBits-1:0]                 drain_word_o,
  output logic [ChunkBits-1:0]                drain_chunk_o,
  input  logic [Rows*PsumWidth-1:0]           drain_psum_i,
  input  logic [Rows*RowSumBits-1:0]          drain_row_sum_i,
  input  logic [Rows*32-1:0]                  row_scale_i,  // of the bank being drained; 0 without row scales
  output logic                                drain_done_o,  // the last time that they are used is this cycle

  // Observation: exactly one of the five is 1 in a cycle. Stall causes in the order in which they are asked.
  output logic                                fire_o,
  output logic                                idle_o,
  output logic                                stall_operands_o,
  output logic                                stall_weights_o,
  output logic                                stall_epilogue_o,
  output logic                                busy_o  // anything at all is still in flight here
);

  localparam int unsigned Chunks = Lanes / EpilogueLanes;
  localparam int unsigned BlockBits = matrix_core_pkg::index_bits(PsumBlocks);
  localparam int unsigned StepBits = matrix_core_pkg::index_bits(Rows / EpilogueRows);

  // Streams behind their FIFOs.
  logic                                cmd_valid, cmd_ready;
  logic [matrix_core_pkg::CmdBits-1:0] cmd_data;
  logic                                scale_valid, scale_ready;
  logic [ScaleWidth-1:0]               scale_data;
  logic                                fill_valid, fill_ready;
  logic [Fp32Width-1:0]                fill_data;
  logic                                result_valid, result_ready;
  logic [Fp32Width-1:0]                result_data;

  fifo #(.Width(matrix_core_pkg::CmdBits), .Depth(2)) u_cmd_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (cmd_valid_i),
    .in_ready_o (cmd_ready_o),
    .in_data_i  (cmd_data_i),
    .out_valid_o(cmd_valid),
    .out_ready_i(cmd_ready),
    .out_data_o (cmd_data)
  );

  fifo #(.Width(ScaleWidth), .Depth(2)) u_scale_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (scale_valid_i),
    .in_ready_o (scale_ready_o),
    .in_data_i  (scale_data_i),
    .out_valid_o(scale_valid),
    .out_ready_i(scale_ready),
    .out_data_o (scale_data)
  );

  fifo #(.Width(Fp32Width), .Depth(2)) u_fill_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (fill_valid_i),
    .in_ready_o (fill_ready_o),
    .in_data_i  (fill_data_i),
    .out_valid_o(fill_valid),
    .out_ready_i(fill_ready),
    .out_data_o (fill_data)
  );

  fifo #(.Width(Fp32Width), .Depth(2)) u_out_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (result_valid),
    .in_ready_o (result_ready),
    .in_data_i  (result_data),
    .out_valid_o(out_valid_o),
    .out_ready_i(out_ready_i),
    .out_data_o (out_data_o)
  );

  // Fire.
  logic                    bank, replace, first_plane, first_block, group_last, control_busy, banks_busy;
  logic [BlockBits-1:0]    block;
  logic [ShiftBits-1:0]    shift;
  matrix_core_pkg::drain_t drain;
  logic [1:0]              bank_full, bank_clear;

  matrix_core_control #(
    .Rows(Rows), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks)
  ) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i  (cmd_valid),
    .cmd_ready_o  (cmd_ready),
    .cmd_i        (cmd_data),
    .operand_valid_i,
    .weight_valid_i,
    .bank_full_i  (bank_full),
    .fire_o,
    .stall_operands_o,
    .stall_weights_o,
    .stall_epilogue_o,
    .idle_o,
    .bank_o       (bank),
    .block_o      (block),
    .shift_o      (shift),
    .replace_o    (replace),
    .first_plane_o(first_plane),
    .first_block_o(first_block),
    .operand_release_o,
    .group_last_o (group_last),
    .drain_o      (drain),
    .busy_o       (control_busy)
  );

  assign row_sum_add_o     = fire_o & (first_plane & first_block);
  assign row_sum_replace_o = replace;
  assign row_sum_bank_o    = bank;

  logic [2*matrix_core_pkg::DrainBits-1:0] bank_drain;

  matrix_core_banks #(.MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks)) u_banks (
    .clk_i,
    .rst_ni,
    .fire_i       (fire_o),
    .bank_i       (bank),
    .block_i      (block),
    .shift_i      (shift),
    .replace_i    (replace),
    .first_plane_i(first_plane),
    .group_last_i (group_last),
    .drain_i      (drain),
    .accumulate_o,
    .accumulate_word_o,
    .accumulate_shift_o,
    .accumulate_replace_o,
    .bank_full_o  (bank_full),
    .bank_drain_o (bank_drain),
    .bank_clear_i (bank_clear),
    .busy_o       (banks_busy)
  );

  // Drain and epilogue.
  logic                    move, issue, take_fill, take_zero, to_output, epilogue_busy;
  logic [BlockBits-1:0]    drain_block;
  logic [StepBits-1:0]                drain_step;
  logic [EpilogueRows*PsumWidth-1:0]  drain_psum;
  logic [EpilogueRows*RowSumBits-1:0] drain_row_sum;
  logic [EpilogueRows*32-1:0]         drain_row_scale;

  matrix_core_drain #(
    .Rows(Rows), .EpilogueRows(EpilogueRows), .PsumBlocks(PsumBlocks), .Chunks(Chunks)
  ) u_drain (
    .clk_i,
    .rst_ni,
    .bank_full_i  (bank_full),
    .bank_drain_i (bank_drain),
    .bank_clear_o (bank_clear),
    .scale_valid_i(scale_valid),
    .scale_ready_o(scale_ready),
    .fill_valid_i (fill_valid),
    .fill_ready_o (fill_ready),
    .move_i       (move),
    .issue_o      (issue),
    .bank_o       (drain_bank_o),
    .block_o      (drain_block),
    .chunk_o      (drain_chunk_o),
    .step_o       (drain_step),
    .take_fill_o  (take_fill),
    .take_zero_o  (take_zero),
    .to_output_o  (to_output)
  );

  assign drain_done_o = |bank_clear;
  assign drain_word_o = WordBits'(drain_block) + (drain_bank_o ? WordBits'(PsumBlocks) : '0);

  always_comb begin
    drain_psum      = '0;
    drain_row_sum   = '0;
    drain_row_scale = '0;
    for (int unsigned m = 0; m < Rows; m++) begin
      drain_select_o[m] = drain_step == StepBits'(m / EpilogueRows);
      drain_psum[m%EpilogueRows*PsumWidth +: PsumWidth] =
          drain_psum[m%EpilogueRows*PsumWidth +: PsumWidth] | drain_psum_i[m*PsumWidth +: PsumWidth];
      drain_row_sum[m%EpilogueRows*RowSumBits +: RowSumBits] =
          drain_row_sum[m%EpilogueRows*RowSumBits +: RowSumBits] | drain_row_sum_i[m*RowSumBits +: RowSumBits];
      drain_row_scale[m%EpilogueRows*32 +: 32] =
          drain_row_scale[m%EpilogueRows*32 +: 32] | (row_scale_i[m*32 +: 32] & {32{drain_select_o[m]}});
    end
  end

  matrix_core_epilogue #(
    .Rows(Rows), .PsumBlocks(PsumBlocks), .Chunks(Chunks), .PsumBits(PsumBits), .RowSumBits(RowSumBits),
    .EpilogueLanes(EpilogueLanes), .EpilogueRows(EpilogueRows), .RowScales(RowScales),
    .FloatPsums(FloatPsums)
  ) u_epilogue (
    .clk_i,
    .rst_ni,
    .move_o     (move),
    .issue_i    (issue),
    .block_i    (drain_block),
    .chunk_i    (drain_chunk_o),
    .step_i     (drain_step),
    .take_fill_i(take_fill),
    .take_zero_i(take_zero),
    .to_output_i(to_output),
    .psum_i     (drain_psum),
    .row_sum_i  (drain_row_sum),
    .scale_i    (scale_data),
    .row_scale_i(drain_row_scale),
    .fill_i     (fill_data),
    .out_valid_o(result_valid),
    .out_ready_i(result_ready),
    .out_data_o (result_data),
    .busy_o     (epilogue_busy)
  );

  assign busy_o = cmd_valid | scale_valid | fill_valid | out_valid_o | control_busy | banks_busy | epilogue_busy;

  `ASSERT(OneCause, $onehot({fire_o, idle_o, stall_operands_o, stall_weights_o, stall_epilogue_o}))
  `ASSERT_PARAMETER(LegalRows, Rows >= 1 && Rows <= 512)
  `ASSERT_PARAMETER(LegalEpilogueRows, EpilogueRows >= 1 && Rows % EpilogueRows == 0)
  `ASSERT_PARAMETER(LegalLanes, EpilogueLanes >= 1 && Lanes % EpilogueLanes == 0
      && Lanes / EpilogueLanes >= 6 + RowScales)
  `ASSERT_PARAMETER(LegalRowScales, RowScales <= 1)
  `ASSERT_PARAMETER(LegalPlanes, MaxPlanes >= 1 && MaxPlanes <= 15 && PsumBlocks >= 1 && PsumBlocks <= 255)

endmodule
