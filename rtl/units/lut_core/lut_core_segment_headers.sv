// Ready-made tables of floating-point activations: whoever built them aligned them too, and sends the row scales of a
// segment in a beat of its own before the segment's tables. This takes these beats out of the act stream.
// Twin: sim/units/matrix_core/matrix_core_segment_stage.h.

module lut_core_segment_headers #(
  parameter int unsigned Rows = 2,
  parameter int unsigned SegmentGroups = 16
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,  // the frame takes a command in this cycle
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  // The front of the act FIFO: a header goes here, tables go to the operands.
  input  logic                                act_valid_i,
  output logic                                act_ready_o,  // it is a header, and taken
  input  logic [Rows*32-1:0]                  act_data_i,   // its lowest bits
  output logic                                tables_valid_o,
  input  logic                                tables_ready_i,

  output logic                                row_scale_valid_o,
  input  logic                                row_scale_ready_i,  // used for the last time in this cycle
  output logic [Rows*32-1:0]                  row_scale_o,

  output logic                                busy_o
);

  logic held, last, take, scale_ready, control_busy;
  logic taken_d, taken_q;  // the header of the present segment

  lut_core_segment_control #(.Rows(Rows), .SegmentGroups(SegmentGroups)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_data_i,
    .held_o(held),
    .last_o(last),
    .step_i(tables_ready_i),
    .busy_o(control_busy)
  );

  assign take           = act_valid_i & ~taken_q & held & scale_ready;
  assign act_ready_o    = take;
  assign tables_valid_o = act_valid_i & taken_q;

  always_comb begin
    taken_d = taken_q;
    if (tables_ready_i && last) taken_d = 1'b0;
    if (take) taken_d = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      taken_q <= 1'b0;
    end else begin
      taken_q <= taken_d;
    end
  end

  fifo #(.Width(Rows * 32), .Depth(4)) u_row_scale_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (take),
    .in_ready_o (scale_ready),
    .in_data_i  (act_data_i),
    .out_valid_o(row_scale_valid_o),
    .out_ready_i(row_scale_ready_i),
    .out_data_o (row_scale_o)
  );

  assign busy_o = control_busy | row_scale_valid_o;

endmodule
