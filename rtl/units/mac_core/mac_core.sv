// Matrix core of multipliers: O[M,N] = A[M,K] W[N,K]^T, a K group of whole weights a cycle. What lut_core is compared
// with; outside of the terms it is the same hardware, with one plane only: a command must say so. With FP16 activations
// weights become FP16 in front of the array, and partial sums are FP32.

`include "assertions.svh"

module mac_core #(
  // Public, so that a bench builds its model from what the hardware is.
  parameter int unsigned Rows          /*verilator public_flat_rd*/ = 2,
  parameter int unsigned Lanes         /*verilator public_flat_rd*/ = 64,
  parameter int unsigned GroupLength   /*verilator public_flat_rd*/ = 4,
  parameter int unsigned ActFormat     /*verilator public_flat_rd*/ = 0,  // 0 integer, 1 fp16
  parameter int unsigned ActBits       /*verilator public_flat_rd*/ = 8,
  parameter int unsigned WeightBits    /*verilator public_flat_rd*/ = 4,
  parameter int unsigned PsumBlocks    /*verilator public_flat_rd*/ = 4,
  parameter int unsigned PsumBits      /*verilator public_flat_rd*/ = 32,
  parameter int unsigned EpilogueLanes /*verilator public_flat_rd*/ = 8,
  parameter int unsigned EpilogueRows  /*verilator public_flat_rd*/ = 1,
  localparam int unsigned ActWidth = Rows * GroupLength * ActBits,
  localparam int unsigned WeightWidth = Lanes * GroupLength * WeightBits,
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

  // Observation: exactly one of the five is 1 in a cycle. Stall causes in the order in which they are asked; "table" is
  // that of the family of cores: here it means that the activations are not there.
  output logic                                fire_o,
  output logic                                idle_o,
  output logic                                stall_table_o,
  output logic                                stall_weights_o,
  output logic                                stall_epilogue_o,
  output logic                                busy_o  // anything at all is still in flight
);

  localparam bit Fp16 = ActFormat != 0;
  localparam int unsigned RowBits = GroupLength * ActBits;
  // There is no z' in FP16 and hence no row sum.
  localparam int unsigned SumBits = Fp16 ? 1 : ActBits + matrix_core_pkg::bit_length(GroupLength);
  localparam int unsigned TermBits = Fp16 ? GroupLength * fp16_dot_pkg::ProductBits : SumBits + WeightBits - 1;
  localparam int unsigned MaxPlanes = 1;  // the fire controller asserts that commands keep to it
  localparam int unsigned PsumWidth = EpilogueLanes * PsumBits;
  localparam int unsigned RowSumBits = Fp16 ? 1 : matrix_core_pkg::row_sum_bits(ActBits, GroupLength);
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes);
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Lanes / EpilogueLanes);
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * PsumBlocks);

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

  fifo #(.Width(WeightWidth), .Depth(2)) u_weight_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (weight_valid_i),
    .in_ready_o (weight_ready_o),
    .in_data_i  (weight_data_i),
    .out_valid_o(weight_valid),
    .out_ready_i(fire_o),
    .out_data_o (weight_data)
  );

  // Activations.
  logic                operand_valid, operand_release, operand_busy;
  logic [ActWidth-1:0] operand_data;

  matrix_core_operands #(.Width(ActWidth)) u_operands (
    .clk_i,
    .rst_ni,
    .act_valid_i   (act_valid),
    .act_ready_o   (act_ready),
    .act_data_i    (act_data),
    .release_i     (operand_release),
    .active_valid_o(operand_valid),
    .active_o      (operand_data),
    .busy_o        (operand_busy)
  );

  // Weights in front of the array, of all rows.
  localparam int unsigned FactorBits = Fp16 ? 16 : WeightBits;
  logic [Lanes*GroupLength*FactorBits-1:0] factors;

  if (Fp16) begin : gen_dequantize
    for (genvar i = 0; i < Lanes * GroupLength; i++) begin : gen_weight
      int_to_fp16 #(.Width(WeightBits)) u_int_to_fp16 (
        .int_i (weight_data[i*WeightBits +: WeightBits]),
        .fp16_o(factors[i*FactorBits +: FactorBits])
      );
    end
  end else begin : gen_integers
    assign factors = weight_data;
  end

  // Dot products and accumulation.
  logic                       row_sum_add, row_sum_replace, row_sum_bank, accumulate, accumulate_replace, drain_bank;
  logic [WordBits-1:0]        accumulate_word, drain_word;
  logic [ShiftBits-1:0]       accumulate_shift;
  logic [Rows-1:0]            drain_select;
  logic [ChunkBits-1:0]       drain_chunk;
  logic [Rows*PsumWidth-1:0]  drain_psum;
  logic [Rows*RowSumBits-1:0] drain_row_sum;

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    logic [RowBits-1:0]        act;
    logic signed [SumBits-1:0] row_operand_sum;
    logic [Lanes*TermBits-1:0] terms;

    assign act = operand_data[m*RowBits +: RowBits];

    if (Fp16) begin : gen_fp16
      mac_core_fp16_row #(.Lanes(Lanes), .GroupLength(GroupLength)) u_row (
        .clk_i,
        .fire_i  (fire_o),
        .weight_i(factors),
        .act_i   (act),
        .terms_o (terms)
      );
      assign row_operand_sum = '0;
    end else begin : gen_integer
      mac_core_row #(
        .Lanes(Lanes), .ActBits(ActBits), .WeightBits(WeightBits), .GroupLength(GroupLength)
      ) u_row (
        .clk_i,
        .fire_i           (fire_o),
        .weight_i         (factors),
        .act_i            (act),
        .row_operand_sum_o(row_operand_sum),
        .terms_o          (terms)
      );
    end

    matrix_core_psum #(
      .Lanes(Lanes), .TermBits(TermBits), .SumBits(SumBits), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks),
      .PsumBits(PsumBits), .RowSumBits(RowSumBits), .EpilogueLanes(EpilogueLanes),
      .Fp16Products(Fp16 ? GroupLength : 0)
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
  logic frame_busy, unused_drain_done;

  matrix_core_frame #(
    .Rows(Rows), .Lanes(Lanes), .MaxPlanes(MaxPlanes), .PsumBlocks(PsumBlocks), .PsumBits(PsumBits),
    .RowSumBits(RowSumBits), .EpilogueLanes(EpilogueLanes), .EpilogueRows(EpilogueRows),
    .FloatPsums(ActFormat)
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
    .operand_valid_i     (operand_valid),
    .operand_release_o   (operand_release),
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
    .row_scale_i         ('0),
    .drain_done_o        (unused_drain_done),
    .fire_o,
    .idle_o,
    .stall_operands_o    (stall_table_o),
    .stall_weights_o,
    .stall_epilogue_o,
    .busy_o              (frame_busy)
  );

  assign busy_o = act_valid | weight_valid | operand_busy | frame_busy;

  `ASSERT_PARAMETER(LegalBits, (ActBits == 8 || ActBits == 16) && WeightBits >= 2 && WeightBits <= 8)
  `ASSERT_PARAMETER(LegalFormat, ActFormat == 0 || (ActFormat == 1 && ActBits == 16))
  `ASSERT_PARAMETER(LegalPsum, Fp16 ? PsumBits == 32 : PsumBits >= TermBits && PsumBits <= 47)
  `ASSERT_PARAMETER(LegalGroup, GroupLength >= 1 && GroupLength <= 16)

endmodule
