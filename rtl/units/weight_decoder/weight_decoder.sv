// Weight decoder: packed ternary codes in, folded bit planes for the `weight` stream of the LUT tensor core out, a plane
// per cycle. Behaviour to the cycle and to the bit: sim/units/weight_decoder/README.md.

`include "assertions.svh"

module weight_decoder #(
  // Public, so that a bench builds its model from what the hardware is.
  parameter int unsigned Lanes  /*verilator public_flat_rd*/ = 64,
  parameter int unsigned Code   /*verilator public_flat_rd*/ = 2,
  parameter int unsigned Blocks /*verilator public_flat_rd*/ = 4,
  localparam int unsigned CodeBits = weight_decoder_pkg::code_bits(Code),
  localparam int unsigned CodeWidth = Lanes * CodeBits,
  localparam int unsigned PlaneWidth = Lanes * weight_decoder_pkg::GroupLength,
  localparam int unsigned WeightWidth = PlaneWidth + 1
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,

  input  logic                                   cmd_valid_i,
  output logic                                   cmd_ready_o,
  input  logic [weight_decoder_pkg::CmdBits-1:0] cmd_data_i,

  input  logic                                   code_valid_i,
  output logic                                   code_ready_o,
  input  logic [CodeWidth-1:0]                   code_data_i,

  output logic                                   weight_valid_o,
  input  logic                                   weight_ready_i,
  output logic [WeightWidth-1:0]                 weight_data_o,  // the plane; above it, the flag for illegal codes

  // Observation: exactly one of the five is 1 in a cycle.
  output logic                                   emit_o,
  output logic                                   idle_o,
  output logic                                   stall_codes_o,
  output logic                                   fill_o,
  output logic                                   stall_output_o,
  output logic                                   busy_o  // anything at all is still in flight
);

  localparam int unsigned GroupLength = weight_decoder_pkg::GroupLength;
  localparam int unsigned BlockBits = weight_decoder_pkg::index_bits(Blocks);

  // Streams behind their FIFOs.
  logic                                   cmd_valid, cmd_ready;
  logic [weight_decoder_pkg::CmdBits-1:0] cmd_data;
  logic                                   code_valid, code_ready;
  logic [CodeWidth-1:0]                   code_data;
  logic                                   plane_ready;
  logic [WeightWidth-1:0]                 plane_data;

  // The group register: two planes of every lane (in the lanes), which of them is next, and their flag.
  logic                  group_full_q, group_plane_q, group_illegal_q;
  logic [PlaneWidth-1:0] plane0, plane1;

  fifo #(.Width(weight_decoder_pkg::CmdBits), .Depth(2)) u_cmd_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (cmd_valid_i),
    .in_ready_o (cmd_ready_o),
    .in_data_i  (cmd_data_i),
    .out_valid_o(cmd_valid),
    .out_ready_i(cmd_ready),
    .out_data_o (cmd_data)
  );

  fifo #(.Width(CodeWidth), .Depth(2)) u_code_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (code_valid_i),
    .in_ready_o (code_ready_o),
    .in_data_i  (code_data_i),
    .out_valid_o(code_valid),
    .out_ready_i(code_ready),
    .out_data_o (code_data)
  );

  fifo #(.Width(WeightWidth), .Depth(2)) u_weight_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (group_full_q),
    .in_ready_o (plane_ready),
    .in_data_i  (plane_data),
    .out_valid_o(weight_valid_o),
    .out_ready_i(weight_ready_i),
    .out_data_o (weight_data_o)
  );

  // Gather.
  logic                                     group_free, can_step, keep, load, load_illegal;
  logic [weight_decoder_pkg::CountBits-1:0] have;
  logic [BlockBits-1:0]                     block;
  logic [Lanes-1:0]                         lane_illegal;

  weight_decoder_control #(.Code(Code), .Blocks(Blocks)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i   (cmd_valid),
    .cmd_ready_o   (cmd_ready),
    .cmd_i         (cmd_data),
    .code_valid_i  (code_valid),
    .code_ready_o  (code_ready),
    .code_illegal_i(|lane_illegal),
    .group_free_i  (group_free),
    .can_step_o    (can_step),
    .have_o        (have),
    .block_o       (block),
    .keep_o        (keep),
    .load_o        (load),
    .illegal_o     (load_illegal)
  );

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    weight_decoder_lane #(.Code(Code), .Blocks(Blocks)) u_lane (
      .clk_i,
      .code_i   (code_data[n*CodeBits +: CodeBits]),
      .illegal_o(lane_illegal[n]),
      .have_i   (have),
      .block_i  (block),
      .keep_i   (keep),
      .load_i   (load),
      .plane0_o (plane0[n*GroupLength +: GroupLength]),
      .plane1_o (plane1[n*GroupLength +: GroupLength])
    );
  end

  // Emit.
  assign emit_o     = group_full_q & plane_ready;
  assign plane_data = {group_illegal_q, group_plane_q ? plane1 : plane0};
  assign group_free = ~group_full_q | (emit_o & group_plane_q);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      group_full_q    <= 1'b0;
      group_plane_q   <= 1'b0;
      group_illegal_q <= 1'b0;
    end else begin
      if (emit_o) group_plane_q <= ~group_plane_q;
      if (group_free) group_full_q <= load;
      if (load) group_illegal_q <= load_illegal;
    end
  end

  assign stall_output_o = group_full_q & ~plane_ready;
  assign idle_o         = ~group_full_q & ~cmd_valid;
  assign stall_codes_o  = ~group_full_q & cmd_valid & ~can_step;
  assign fill_o         = ~group_full_q & can_step;
  assign busy_o         = cmd_valid | code_valid | group_full_q | weight_valid_o;

  `ASSERT(OneCause, $onehot({emit_o, idle_o, stall_codes_o, fill_o, stall_output_o}))
  `ASSERT_PARAMETER(LegalLanes, Lanes >= 1)
  `ASSERT_PARAMETER(LegalCode, Code <= weight_decoder_pkg::CodeTq1)
  `ASSERT_PARAMETER(LegalBlocks, Blocks >= 1 && Blocks <= 255)

endmodule
