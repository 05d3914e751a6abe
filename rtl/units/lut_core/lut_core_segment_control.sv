// Which act beat comes next: walks the K groups of a command in the order of the act stream, row block by row block,
// and says where segments (scale groups of a row block) end. It runs ahead of the fire controller, hence it has commands
// of its own: a FIFO that takes what the frame's command FIFO takes.

`include "assertions.svh"

module lut_core_segment_control #(
  parameter int unsigned Rows = 2,
  parameter int unsigned SegmentGroups = 16
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,  // the frame takes a command in this cycle
  input  logic [matrix_core_pkg::CmdBits-1:0] cmd_data_i,

  output logic                                held_o,   // there is a command, whose next beat is meant
  output logic                                last_o,   // of the segment
  input  logic                                step_i,   // the beat is taken; only while held
  output logic                                busy_o
);

  localparam int unsigned KGroupBits = matrix_core_pkg::KGroupBits;
  localparam int unsigned PositionBits = matrix_core_pkg::index_bits(SegmentGroups);

  // Of a command, what this module needs.
  localparam int unsigned FrontBits = 16 + 2 * KGroupBits;
  logic                    front_valid, front_ready, fifo_ready;
  logic [FrontBits-1:0]    front;
  logic                    held_d, held_q;
  logic [15:0]             rows_d, rows_q;  // of the present and later row blocks
  logic [KGroupBits-1:0]   k_groups_q, length_q;
  logic [KGroupBits-1:0]   k_group_d, k_group_q;
  logic [PositionBits-1:0] position_d, position_q;  // within the segment
  logic                    k_last, done;

  // The fire controller holds its commands longer than this module, so this FIFO is never fuller than the frame's.
  fifo #(.Width(FrontBits), .Depth(2)) u_cmd_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (cmd_valid_i),
    .in_ready_o (fifo_ready),
    .in_data_i  (cmd_data_i[FrontBits-1:0]),
    .out_valid_o(front_valid),
    .out_ready_i(front_ready),
    .out_data_o (front)
  );

  logic unused_cmd;
  assign unused_cmd = ^cmd_data_i[matrix_core_pkg::CmdBits-1:FrontBits] ^ fifo_ready;

  assign k_last = k_group_q == k_groups_q - KGroupBits'(1);
  assign last_o = k_last | (KGroupBits'(position_q) == length_q - KGroupBits'(1));
  assign done   = step_i & k_last & (rows_q <= 16'(Rows));

  assign front_ready = ~held_q | done;

  always_comb begin
    held_d     = held_q;
    rows_d     = rows_q;
    k_group_d  = k_group_q;
    position_d = position_q;
    if (step_i) begin
      k_group_d  = k_last ? '0 : k_group_q + 1'b1;
      position_d = last_o ? '0 : position_q + 1'b1;
      if (k_last) rows_d = rows_q - 16'(Rows);
    end
    if (done) held_d = 1'b0;
    if (front_valid && front_ready) begin
      held_d = 1'b1;
      rows_d = front[15:0];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      held_q     <= 1'b0;
      rows_q     <= '0;
      k_groups_q <= '0;
      length_q   <= '0;
      k_group_q  <= '0;
      position_q <= '0;
    end else begin
      held_q     <= held_d;
      rows_q     <= rows_d;
      k_group_q  <= k_group_d;
      position_q <= position_d;
      if (front_valid && front_ready) {length_q, k_groups_q} <= front[FrontBits-1:16];
    end
  end

  assign held_o = held_q;
  assign busy_o = held_q | front_valid;

  `ASSERT(CommandsFit, !cmd_valid_i || fifo_ready)
  `ASSERT(StepsWithCommand, !step_i || held_q)
  `ASSERT(LegalSegment, !held_q || 32'(length_q) - 32'd1 < SegmentGroups)
  `ASSERT_PARAMETER(LegalGroups, SegmentGroups >= 1 && SegmentGroups <= 16)

endmodule
