// From the act FIFO's front to the tables that the array works with, and with floating-point activations to the row
// scales of the epilogue. Four ways: activations are integers or floating point, and tables are built here or arrive
// ready-made.

module lut_core_tables #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActFormat = 0,
  parameter int unsigned ActBits = 8,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned QuantizedTables = 0,
  parameter int unsigned SegmentGroups = 16,
  parameter int unsigned Symmetric = 1,
  parameter int unsigned TernaryTables = 0,
  parameter int unsigned FusedTables = 0,
  parameter int unsigned TableGenerators = 1,
  localparam int unsigned EntryBits = lut_core_pkg::entry_bits(QuantizedTables, ActBits, GroupLength),
  localparam int unsigned TableBits = lut_core_pkg::table_entries(TernaryTables, Symmetric, GroupLength) * EntryBits,
  localparam int unsigned CodesBits = GroupLength * lut_core_pkg::code_bits(ActFormat, ActBits),
  localparam int unsigned ActWidth = Rows * (FusedTables != 0 ? TableBits : CodesBits)
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,  // the frame takes a command in this cycle
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                                act_valid_i,
  output logic                                act_ready_o,
  input  logic [ActWidth-1:0]                 act_data_i,

  input  logic                                release_i,  // the active tables are used for the last time in this cycle
  output logic                                active_valid_o,
  output logic [Rows*TableBits-1:0]           active_o,   // row m: [m*TableBits +: TableBits]

  output logic                                row_scale_valid_o,
  input  logic                                row_scale_ready_i,  // used for the last time in this cycle
  output logic [Rows*32-1:0]                  row_scale_o,        // 0 with integers

  output logic                                busy_o
);

  // What tables are built from: integers, and the ratio to round them by.
  logic                                source_valid, source_ready, front_busy, operands_busy;
  logic [Rows*GroupLength*ActBits-1:0] source;
  logic [Rows*16-1:0]                  source_ratio;

  // In front of the tables.
  if (ActFormat != 0 && FusedTables != 0) begin : gen_headers
    logic header_ready;

    lut_core_segment_headers #(.Rows(Rows), .SegmentGroups(SegmentGroups)) u_headers (
      .clk_i,
      .rst_ni,
      .cmd_valid_i,
      .cmd_data_i,
      .act_valid_i,
      .act_ready_o   (header_ready),
      .act_data_i    (act_data_i[Rows*32-1:0]),
      .tables_valid_o(source_valid),
      .tables_ready_i(source_ready),
      .row_scale_valid_o,
      .row_scale_ready_i,
      .row_scale_o,
      .busy_o        (front_busy)
    );

    assign act_ready_o  = header_ready | source_ready;
    assign source       = '0;
    assign source_ratio = '0;
  end else if (ActFormat != 0) begin : gen_segments
    lut_core_segment_stage #(
      .Rows(Rows), .ActFormat(ActFormat), .ActBits(ActBits), .GroupLength(GroupLength),
      .QuantizedTables(QuantizedTables), .SegmentGroups(SegmentGroups)
    ) u_segment_stage (
      .clk_i,
      .rst_ni,
      .cmd_valid_i,
      .cmd_data_i,
      .act_valid_i,
      .act_ready_o,
      .act_data_i,
      .emit_valid_o(source_valid),
      .emit_ready_i(source_ready),
      .emit_data_o (source),
      .ratio_o     (source_ratio),
      .row_scale_valid_o,
      .row_scale_ready_i,
      .row_scale_o,
      .busy_o      (front_busy)
    );
  end else begin : gen_integers
    logic unused_front;

    assign source_valid      = act_valid_i;
    assign source            = act_data_i[Rows*GroupLength*ActBits-1:0];  // all of it, or unused
    assign source_ratio      = '0;
    assign act_ready_o       = source_ready;
    assign row_scale_valid_o = 1'b0;
    assign row_scale_o       = '0;
    assign front_busy        = 1'b0;
    assign unused_front      = cmd_valid_i ^ (^cmd_data_i) ^ row_scale_ready_i;
  end

  // The tables themselves.
  if (FusedTables != 0) begin : gen_fused
    logic unused_source;
    assign unused_source = (^source) ^ (^source_ratio);

    matrix_core_operands #(.Width(ActWidth)) u_tables (
      .clk_i,
      .rst_ni,
      .act_valid_i(source_valid),
      .act_ready_o(source_ready),
      .act_data_i,
      .release_i,
      .active_valid_o,
      .active_o,
      .busy_o     (operands_busy)
    );
  end else begin : gen_built
    lut_core_table_generator #(
      .Rows(Rows), .ActBits(ActBits), .GroupLength(GroupLength), .Symmetric(Symmetric), .TernaryTables(TernaryTables),
      .TableGenerators(TableGenerators), .QuantizedTables(QuantizedTables)
    ) u_table_generator (
      .clk_i,
      .rst_ni,
      .act_valid_i(source_valid),
      .act_ready_o(source_ready),
      .act_data_i (source),
      .ratio_i    (source_ratio),
      .release_i,
      .active_valid_o,
      .active_o,
      .busy_o     (operands_busy)
    );
  end

  assign busy_o = front_busy | operands_busy;

endmodule
