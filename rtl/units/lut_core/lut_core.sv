// LUT tensor core (arXiv 2408.06003): O[M,N] = A[M,K] W[N,K]^T by looking up sums of four activations.
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
  localparam int unsigned ActWidth = Rows * lut_core_pkg::GroupLength * ActBits,
  localparam int unsigned WeightWidth = Lanes * lut_core_pkg::GroupLength,
  localparam int unsigned ScaleWidth = EpilogueLanes * (lut_core_pkg::ScaleBits + lut_core_pkg::ZeroBits),
  localparam int unsigned Fp32Width = EpilogueLanes * lut_core_pkg::Fp32Bits
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  input  logic                             cmd_valid_i,
  output logic                             cmd_ready_o,
  input  logic [lut_core_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                             act_valid_i,
  output logic                             act_ready_o,
  input  logic [ActWidth-1:0]              act_data_i,

  input  logic                             weight_valid_i,
  output logic                             weight_ready_o,
  input  logic [WeightWidth-1:0]           weight_data_i,

  input  logic                             scale_valid_i,
  output logic                             scale_ready_o,
  input  logic [ScaleWidth-1:0]            scale_data_i,

  input  logic                             fill_valid_i,
  output logic                             fill_ready_o,
  input  logic [Fp32Width-1:0]             fill_data_i,

  output logic                             out_valid_o,
  input  logic                             out_ready_i,
  output logic [Fp32Width-1:0]             out_data_o,

  // Observation: exactly one of the five is 1 in a cycle. Stall causes in the order in which they are asked.
  output logic                             fire_o,
  output logic                             idle_o,
  output logic                             stall_table_o,
  output logic                             stall_weights_o,
  output logic                             stall_epilogue_o,
  output logic                             busy_o  // anything at all is still in flight
);

  localparam int unsigned Chunks = Lanes / EpilogueLanes;
  localparam int unsigned TableBits = lut_core_pkg::HalfTableEntries * (ActBits + 3);
  localparam int unsigned RowSumBits = ActBits + lut_core_pkg::KGroupBits + 2;
  localparam int unsigned BlockBits = lut_core_pkg::index_bits(PsumBlocks);
  localparam int unsigned RowIndexBits = lut_core_pkg::index_bits(Rows);
  localparam int unsigned ChunkBits = lut_core_pkg::index_bits(Chunks);
  localparam int unsigned WeightDepth = MaxPlanes > 2 ? MaxPlanes : 2;

  // Streams behind their FIFOs.
  logic                               cmd_valid, cmd_ready;
  logic [lut_core_pkg::CmdBits-1:0]   cmd_data;
  logic                               act_valid, act_ready;
  logic [ActWidth-1:0]                act_data;
  logic                               weight_valid, weight_ready;
  logic [WeightWidth-1:0]             weight_data;
  logic                               scale_valid, scale_ready;
  logic [ScaleWidth-1:0]              scale_data;
  logic                               fill_valid, fill_ready;
  logic [Fp32Width-1:0]               fill_data;
  logic                               result_valid, result_ready;
  logic [Fp32Width-1:0]               result_data;

  fifo #(.Width(lut_core_pkg::CmdBits), .Depth(2)) u_cmd_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (cmd_valid_i),
    .in_ready_o (cmd_ready_o),
    .in_data_i  (cmd_data_i),
    .out_valid_o(cmd_valid),
    .out_ready_i(cmd_ready),
    .out_data_o (cmd_data)
  );

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
    .out_ready_i(weight_ready),
    .out_data_o (weight_data)
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

  // Tables.
  logic                      table_valid, table_release, table_busy;
  logic [Rows*TableBits-1:0] table_data;

  lut_core_table_generator #(
    .Rows(Rows), .ActBits(ActBits), .TableGenerators(TableGenerators)
  ) u_table_generator (
    .clk_i,
    .rst_ni,
    .act_valid_i   (act_valid),
    .act_ready_o   (act_ready),
    .act_data_i    (act_data),
    .release_i     (table_release),
    .active_valid_o(table_valid),
    .active_o      (table_data),
    .busy_o        (table_busy)
  );

  // Fire.
  logic                 fire_bank, replace, first_plane, first_block, group_last, control_busy;
  logic [BlockBits-1:0] fire_block;
  logic [3:0]           shift;
  lut_core_pkg::drain_t fire_drain;
  logic [1:0]           bank_full, bank_clear;

  assign weight_ready = fire_o;

  lut_core_control #(
    .Rows(Rows), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks)
  ) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i    (cmd_valid),
    .cmd_ready_o    (cmd_ready),
    .cmd_i          (cmd_data),
    .table_valid_i  (table_valid),
    .weight_valid_i (weight_valid),
    .bank_full_i    (bank_full),
    .fire_o,
    .stall_table_o,
    .stall_weights_o,
    .stall_epilogue_o,
    .idle_o,
    .bank_o         (fire_bank),
    .block_o        (fire_block),
    .shift_o        (shift),
    .replace_o      (replace),
    .first_plane_o  (first_plane),
    .first_block_o  (first_block),
    .table_release_o(table_release),
    .group_last_o   (group_last),
    .drain_o        (fire_drain),
    .busy_o         (control_busy)
  );

  // Lookup and accumulation.
  logic [2*lut_core_pkg::DrainBits-1:0] bank_drain;
  logic                                 drain_bank, array_busy;
  logic [BlockBits-1:0]                 drain_block;
  logic [ChunkBits-1:0]                 drain_chunk;
  logic [RowIndexBits-1:0]              drain_row;
  logic [EpilogueLanes*PsumBits-1:0]    drain_psum;
  logic [RowSumBits-1:0]                drain_row_sum;

  lut_core_array #(
    .Rows(Rows), .Lanes(Lanes), .ActBits(ActBits), .PsumBlocks(PsumBlocks), .PsumBits(PsumBits),
    .EpilogueLanes(EpilogueLanes)
  ) u_array (
    .clk_i,
    .rst_ni,
    .fire_i         (fire_o),
    .weight_i       (weight_data),
    .table_i        (table_data),
    .bank_i         (fire_bank),
    .block_i        (fire_block),
    .shift_i        (shift),
    .replace_i      (replace),
    .first_plane_i  (first_plane),
    .first_block_i  (first_block),
    .group_last_i   (group_last),
    .drain_i        (fire_drain),
    .bank_full_o    (bank_full),
    .bank_drain_o   (bank_drain),
    .bank_clear_i   (bank_clear),
    .drain_bank_i   (drain_bank),
    .drain_block_i  (drain_block),
    .drain_chunk_i  (drain_chunk),
    .drain_row_i    (drain_row),
    .drain_psum_o   (drain_psum),
    .drain_row_sum_o(drain_row_sum),
    .busy_o         (array_busy)
  );

  // Epilogue.
  logic move, issue, take_fill, take_zero, to_output, epilogue_busy;

  lut_core_drain #(
    .Rows(Rows), .PsumBlocks(PsumBlocks), .Chunks(Chunks)
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
    .bank_o       (drain_bank),
    .block_o      (drain_block),
    .chunk_o      (drain_chunk),
    .row_o        (drain_row),
    .take_fill_o  (take_fill),
    .take_zero_o  (take_zero),
    .to_output_o  (to_output)
  );

  lut_core_epilogue #(
    .Rows(Rows), .PsumBlocks(PsumBlocks), .Chunks(Chunks), .PsumBits(PsumBits), .RowSumBits(RowSumBits),
    .EpilogueLanes(EpilogueLanes)
  ) u_epilogue (
    .clk_i,
    .rst_ni,
    .move_o     (move),
    .issue_i    (issue),
    .block_i    (drain_block),
    .chunk_i    (drain_chunk),
    .row_i      (drain_row),
    .take_fill_i(take_fill),
    .take_zero_i(take_zero),
    .to_output_i(to_output),
    .psum_i     (drain_psum),
    .row_sum_i  (drain_row_sum),
    .scale_i    (scale_data),
    .fill_i     (fill_data),
    .out_valid_o(result_valid),
    .out_ready_i(result_ready),
    .out_data_o (result_data),
    .busy_o     (epilogue_busy)
  );

  assign busy_o = cmd_valid | act_valid | weight_valid | scale_valid | fill_valid | out_valid_o
                | table_busy | control_busy | array_busy | epilogue_busy;

  `ASSERT(OneCause, $onehot({fire_o, idle_o, stall_table_o, stall_weights_o, stall_epilogue_o}))
  `ASSERT_PARAMETER(LegalRows, Rows >= 1 && Rows <= 256 && TableGenerators >= 1 && Rows % TableGenerators == 0)
  `ASSERT_PARAMETER(LegalLanes, EpilogueLanes >= 1 && Lanes % EpilogueLanes == 0 && Lanes / EpilogueLanes >= 6)
  `ASSERT_PARAMETER(LegalBits, (ActBits == 8 || ActBits == 16) && PsumBits >= ActBits + 3 && PsumBits <= 47)
  `ASSERT_PARAMETER(LegalPlanes, MaxPlanes >= 1 && MaxPlanes <= 15 && PsumBlocks >= 1 && PsumBlocks <= 255)

endmodule
