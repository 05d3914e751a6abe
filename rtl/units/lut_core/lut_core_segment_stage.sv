// Floating-point activations become integers and one row scale per segment and row, between the act FIFO and the table
// generator. Collect: codes wait in one of two halves until the largest exponent of their segment is known. Emit: a K
// group a cycle is aligned to it, into a register that the table generator takes as it would take an act beat. If
// tables are rounded, aligned integers wait once more, for the ratio (lut_core_segment_integers.sv).
// Twin: sim/units/matrix_core/matrix_core_segment_stage.h.

module lut_core_segment_stage #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActFormat = 1,
  parameter int unsigned ActBits = 16,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned QuantizedTables = 0,
  parameter int unsigned SegmentGroups = 16,
  localparam int unsigned CodeBits = lut_core_pkg::code_bits(ActFormat, ActBits),
  localparam int unsigned CodesBits = GroupLength * CodeBits,
  localparam int unsigned RowBits = GroupLength * ActBits
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,  // the frame takes a command in this cycle
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                                act_valid_i,
  output logic                                act_ready_o,
  input  logic [Rows*CodesBits-1:0]           act_data_i,

  output logic                                emit_valid_o,
  input  logic                                emit_ready_i,  // valid, and taken with its last row
  output logic [Rows*RowBits-1:0]             emit_data_o,
  output logic [Rows*16-1:0]                  ratio_o,       // rounded tables; of the segment in the emit register

  output logic                                row_scale_valid_o,
  input  logic                                row_scale_ready_i,  // used for the last time in this cycle
  output logic [Rows*32-1:0]                  row_scale_o,

  output logic                                busy_o
);

  localparam int unsigned ExponentBits = lut_core_pkg::exponent_bits(ActFormat);
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * SegmentGroups);

  // Collect.
  logic                      held, last, collect, codes_ready, codes_valid, codes_read, codes_first, codes_last;
  logic                      write_half, write_first, read_half, control_busy, codes_busy, integers_busy;
  logic [WordBits-1:0]       write_word, read_word;
  logic [Rows*CodesBits-1:0] codes_q [2*SegmentGroups];
  logic [Rows*CodesBits-1:0] read_codes;

  lut_core_segment_control #(.Rows(Rows), .SegmentGroups(SegmentGroups)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_data_i,
    .held_o(held),
    .last_o(last),
    .step_i(collect),
    .busy_o(control_busy)
  );

  lut_core_segment_halves #(.Groups(SegmentGroups)) u_halves (
    .clk_i,
    .rst_ni,
    .write_ready_o(codes_ready),
    .write_i      (collect),
    .write_last_i (last),
    .write_half_o (write_half),
    .write_first_o(write_first),
    .write_word_o (write_word),
    .read_valid_o (codes_valid),
    .read_i       (codes_read),
    .read_half_o  (read_half),
    .read_first_o (codes_first),
    .read_last_o  (codes_last),
    .read_word_o  (read_word),
    .busy_o       (codes_busy)
  );

  assign collect     = held & act_valid_i & codes_ready;
  assign act_ready_o = collect;

  always_ff @(posedge clk_i) begin
    if (collect) codes_q[write_word] <= act_data_i;
  end

  assign read_codes = codes_q[read_word];

  logic [Rows*ExponentBits-1:0] max_exponent;
  logic [Rows-1:0]              poisoned;
  logic [Rows*RowBits-1:0]      aligned;

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    lut_core_segment_row #(.ActFormat(ActFormat), .ActBits(ActBits), .GroupLength(GroupLength)) u_row (
      .clk_i,
      .write_i       (collect),
      .write_first_i (write_first),
      .write_half_i  (write_half),
      .write_codes_i (act_data_i[m*CodesBits +: CodesBits]),
      .read_half_i   (read_half),
      .read_codes_i  (read_codes[m*CodesBits +: CodesBits]),
      .max_exponent_o(max_exponent[m*ExponentBits +: ExponentBits]),
      .poisoned_o    (poisoned[m]),
      .aligned_o     (aligned[m*RowBits +: RowBits])
    );
  end

  // What the emit register takes: aligned codes, or integers that waited for their ratio.
  logic                    source_valid, source_first, emit, emit_valid_q, scale_ready;
  logic [Rows*RowBits-1:0] source, emit_q;
  logic [Rows*32-1:0]      source_scale;

  if (QuantizedTables != 0) begin : gen_quantized
    logic               integers_ready, unused_first;
    logic [Rows*16-1:0] source_ratio, ratio_q;

    assign codes_read   = codes_valid & integers_ready;
    assign unused_first = codes_first;

    lut_core_segment_integers #(
      .Rows(Rows), .ActBits(ActBits), .ExponentBits(ExponentBits), .GroupLength(GroupLength),
      .SegmentGroups(SegmentGroups)
    ) u_integers (
      .clk_i,
      .rst_ni,
      .write_ready_o       (integers_ready),
      .write_i             (codes_read),
      .write_last_i        (codes_last),
      .write_integers_i    (aligned),
      .write_max_exponent_i(max_exponent),
      .write_poisoned_i    (poisoned),
      .read_valid_o        (source_valid),
      .read_i              (emit),
      .read_first_o        (source_first),
      .read_integers_o     (source),
      .read_ratio_o        (source_ratio),
      .read_scale_o        (source_scale),
      .busy_o              (integers_busy)
    );

    always_ff @(posedge clk_i) begin
      if (emit && source_first) ratio_q <= source_ratio;
    end
    assign ratio_o = ratio_q;
  end else begin : gen_aligned
    logic unused_last;

    assign codes_read    = emit;
    assign source_valid  = codes_valid;
    assign source_first  = codes_first;
    assign source        = aligned;
    assign integers_busy = 1'b0;
    assign unused_last   = codes_last;
    assign ratio_o       = '0;

    for (genvar m = 0; m < Rows; m++) begin : gen_scale
      lut_core_segment_scale #(.ExponentBits(ExponentBits), .Width(ActBits)) u_scale (
        .max_exponent_i(max_exponent[m*ExponentBits +: ExponentBits]),
        .poisoned_i    (poisoned[m]),
        .scale_o       (source_scale[m*32 +: 32])
      );
    end
  end

  // Emit. The first K group of a segment brings the row scales along.
  assign emit = source_valid & (~emit_valid_q | emit_ready_i) & (~source_first | scale_ready);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      emit_valid_q <= 1'b0;
    end else begin
      emit_valid_q <= emit | (emit_valid_q & ~emit_ready_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (emit) emit_q <= source;
  end

  fifo #(.Width(Rows * 32), .Depth(4)) u_row_scale_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (emit & source_first),
    .in_ready_o (scale_ready),
    .in_data_i  (source_scale),
    .out_valid_o(row_scale_valid_o),
    .out_ready_i(row_scale_ready_i),
    .out_data_o (row_scale_o)
  );

  assign emit_valid_o = emit_valid_q;
  assign emit_data_o  = emit_q;
  assign busy_o       = control_busy | codes_busy | integers_busy | emit_valid_q | row_scale_valid_o;

endmodule
