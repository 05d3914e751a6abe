// The arithmetic pipeline behind the drain: EpilogueLanes multiply-adds for each of EpilogueRows rows in step, and the
// accumulator file that carries the FP32 sums from scale group to scale group. A beat returns to the file five cycles (with row scales six) after it
// read it; the next scale group reads the same word at least Lanes / EpilogueLanes issues later, and these are more, so
// there is no hazard.

`include "assertions.svh"

module matrix_core_epilogue #(
  parameter int unsigned Rows = 2,
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned Chunks = 8,
  parameter int unsigned PsumBits = 32,
  parameter int unsigned RowSumBits = 26,
  parameter int unsigned EpilogueLanes = 8,
  parameter int unsigned EpilogueRows = 1,
  parameter int unsigned RowScales = 0,  // 1: scales are multiplied with that of the row
  parameter int unsigned FloatPsums = 0,  // 1: partial sums are FP32 and scales come with z' = 0
  localparam int unsigned BlockBits = matrix_core_pkg::index_bits(PsumBlocks),
  localparam int unsigned Steps = Rows / EpilogueRows,
  localparam int unsigned StepBits = matrix_core_pkg::index_bits(Steps),
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Chunks),
  localparam int unsigned ScaleBits = matrix_core_pkg::ScaleBits + matrix_core_pkg::ZeroBits,
  localparam int unsigned Fp32Bits = matrix_core_pkg::Fp32Bits,
  localparam int unsigned Places = EpilogueRows * EpilogueLanes
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  output logic                               move_o,
  input  logic                               issue_i,
  input  logic [BlockBits-1:0]               block_i,
  input  logic [ChunkBits-1:0]               chunk_i,
  input  logic [StepBits-1:0]                step_i,
  input  logic                               take_fill_i,
  input  logic                               take_zero_i,
  input  logic                               to_output_i,
  input  logic [Places*PsumBits-1:0]         psum_i,   // row r, lane e: place r*EpilogueLanes + e
  input  logic [EpilogueRows*RowSumBits-1:0] row_sum_i,
  input  logic [EpilogueLanes*ScaleBits-1:0] scale_i,
  input  logic [EpilogueRows*Fp32Bits-1:0]   row_scale_i,
  input  logic [Places*Fp32Bits-1:0]         fill_i,

  output logic                               out_valid_o,
  input  logic                               out_ready_i,
  output logic [Places*Fp32Bits-1:0]         out_data_o,

  output logic                               busy_o
);

  localparam int unsigned Stages = RowScales != 0 ? 6 : 5;  // e1, (x,) e2, f1, f2, f3
  localparam int unsigned AccWords = PsumBlocks * Chunks * Steps;
  localparam int unsigned AccIndexBits = matrix_core_pkg::index_bits(AccWords);

  logic [Stages-1:0]                 valid_q, to_output_q;  // bit 0 is e1, the last one is f3
  logic [Stages*AccIndexBits-1:0]    acc_index_q;           // lowest part is e1
  logic [AccIndexBits-1:0]           read_index, write_index;
  logic [Places*Fp32Bits-1:0]        acc_q [AccWords];
  logic [Places*Fp32Bits-1:0]        acc, result;
  logic                              write_acc;

  assign move_o = ~(out_valid_o & ~out_ready_i);

  assign read_index  = AccIndexBits'((32'(block_i)*Chunks + 32'(chunk_i))*Steps + 32'(step_i));
  assign write_index = acc_index_q[(Stages-1)*AccIndexBits +: AccIndexBits];
  assign write_acc   = valid_q[Stages-1] & ~to_output_q[Stages-1];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= '0;
    end else if (move_o) begin
      valid_q <= {valid_q[Stages-2:0], issue_i};
    end
  end

  always_ff @(posedge clk_i) begin
    if (move_o) begin
      to_output_q <= {to_output_q[Stages-2:0], to_output_i};
      acc_index_q <= {acc_index_q[(Stages-1)*AccIndexBits-1:0], read_index};
    end
    if (write_acc) acc_q[write_index] <= result;
  end

  always_comb begin
    acc = acc_q[read_index];
    if (take_fill_i) acc = fill_i;
    if (take_zero_i) acc = '0;
  end

  // Shared by the lanes, so that the register e1 of it is not in them.
  logic [EpilogueRows*Fp32Bits-1:0] e1_row_scale;
  if (RowScales != 0) begin : gen_row_scale
    logic [EpilogueRows*Fp32Bits-1:0] e1_row_scale_q;
    always_ff @(posedge clk_i) begin
      if (move_o) e1_row_scale_q <= row_scale_i;
    end
    assign e1_row_scale = e1_row_scale_q;
  end else begin : gen_no_row_scale
    assign e1_row_scale = row_scale_i;  // 0
  end

  for (genvar i = 0; i < Places; i++) begin : gen_lane
    localparam int unsigned Row = i / EpilogueLanes;
    localparam int unsigned Lane = i % EpilogueLanes;
    matrix_core_epilogue_lane #(
      .PsumBits(PsumBits), .RowSumBits(RowSumBits), .RowScales(RowScales), .FloatPsums(FloatPsums)
    ) u_lane (
      .clk_i,
      .en_i          (move_o),
      .psum_i        (psum_i[i*PsumBits +: PsumBits]),
      .row_sum_i     (row_sum_i[Row*RowSumBits +: RowSumBits]),
      .zero_i        (scale_i[Lane*ScaleBits + matrix_core_pkg::ScaleBits +: matrix_core_pkg::ZeroBits]),
      .scale_i       (scale_i[Lane*ScaleBits +: matrix_core_pkg::ScaleBits]),
      .e1_row_scale_i(e1_row_scale[Row*Fp32Bits +: Fp32Bits]),
      .acc_i         (acc[i*Fp32Bits +: Fp32Bits]),
      .result_o      (result[i*Fp32Bits +: Fp32Bits])
    );

    `ASSERT(NoZeroPoint, FloatPsums == 0 || !issue_i
        || scale_i[Lane*ScaleBits + matrix_core_pkg::ScaleBits +: matrix_core_pkg::ZeroBits] == '0)
  end

  assign out_valid_o = valid_q[Stages-1] & to_output_q[Stages-1];
  assign out_data_o  = result;
  assign busy_o      = |valid_q;

  `ASSERT_PARAMETER(LegalPsums, FloatPsums == 0 || PsumBits == Fp32Bits)

endmodule
