// Hands a command to all nodes at once: the front of the cmd FIFO is popped when every node's command FIFO has room.
// Nodes then take their own time; what a node does not need of a command is not kept for it.

`include "assertions.svh"

module attention_fork #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned KvScales = 0
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,

  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  logic [attention_pkg::CmdBits-1:0] cmd_data_i,

  output logic                              queries_valid_o,
  input  logic                              queries_ready_i,
  output attention_pkg::queries_cmd_t       queries_cmd_o,

  output logic                              scores_valid_o,
  input  logic                              scores_ready_i,
  output attention_pkg::scores_cmd_t        scores_cmd_o,

  output logic                              softmax_valid_o,
  input  logic                              softmax_ready_i,
  output attention_pkg::softmax_cmd_t       softmax_cmd_o,

  output logic                              accumulate_valid_o,
  input  logic                              accumulate_ready_i,
  output attention_pkg::accumulate_cmd_t    accumulate_cmd_o,

  output logic                              normalise_valid_o,
  input  logic                              normalise_ready_i,
  output attention_pkg::normalise_cmd_t     normalise_cmd_o,

  output logic                              busy_o
);

  localparam int unsigned ItemCountBits = attention_pkg::ItemCountBits;

  logic                           cmd_valid, cmd_ready, push;
  attention_pkg::cmd_t            cmd;
  logic                           queries_room, scores_room, softmax_room, accumulate_room, normalise_room;
  logic [ItemCountBits-1:0]       blocks, items;
  attention_pkg::queries_cmd_t    queries_cmd;
  attention_pkg::scores_cmd_t     scores_cmd;
  attention_pkg::softmax_cmd_t    softmax_cmd;
  attention_pkg::accumulate_cmd_t accumulate_cmd;
  attention_pkg::normalise_cmd_t  normalise_cmd;

  fifo #(.Width(attention_pkg::CmdBits), .Depth(2)) u_cmd_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (cmd_valid_i),
    .in_ready_o (cmd_ready_o),
    .in_data_i  (cmd_data_i),
    .out_valid_o(cmd_valid),
    .out_ready_i(cmd_ready),
    .out_data_o (cmd)
  );

  assign cmd_ready = queries_room & scores_room & softmax_room & accumulate_room & normalise_room;
  assign push      = cmd_valid & cmd_ready;
  assign blocks    = ItemCountBits'(cmd.sink_blocks) + ItemCountBits'(cmd.blocks);
  assign items     = ItemCountBits'(cmd.states) + blocks;

  assign queries_cmd    = {cmd.key_chunks, cmd.contexts};
  assign scores_cmd     = {cmd.multiplier, cmd.shift, cmd.close, cmd.key_group, cmd.blocks, cmd.from_block,
                           cmd.sink_blocks, cmd.key_chunks, cmd.contexts};
  assign softmax_cmd    = {cmd.open, cmd.masked, cmd.states, items, cmd.contexts};
  assign accumulate_cmd = {cmd.close, cmd.open, cmd.value_group, cmd.states, items, cmd.value_chunks, cmd.contexts};
  assign normalise_cmd  = {cmd.partial, cmd.value_chunks, cmd.contexts};

  fifo #(.Width(attention_pkg::QueriesCmdBits), .Depth(2)) u_queries_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (push & cmd.open),
    .in_ready_o (queries_room),
    .in_data_i  (queries_cmd),
    .out_valid_o(queries_valid_o),
    .out_ready_i(queries_ready_i),
    .out_data_o (queries_cmd_o)
  );

  fifo #(.Width(attention_pkg::ScoresCmdBits), .Depth(2)) u_scores_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (push),
    .in_ready_o (scores_room),
    .in_data_i  (scores_cmd),
    .out_valid_o(scores_valid_o),
    .out_ready_i(scores_ready_i),
    .out_data_o (scores_cmd_o)
  );

  fifo #(.Width(attention_pkg::SoftmaxCmdBits), .Depth(2)) u_softmax_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (push),
    .in_ready_o (softmax_room),
    .in_data_i  (softmax_cmd),
    .out_valid_o(softmax_valid_o),
    .out_ready_i(softmax_ready_i),
    .out_data_o (softmax_cmd_o)
  );

  fifo #(.Width(attention_pkg::AccumulateCmdBits), .Depth(2)) u_accumulate_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (push),
    .in_ready_o (accumulate_room),
    .in_data_i  (accumulate_cmd),
    .out_valid_o(accumulate_valid_o),
    .out_ready_i(accumulate_ready_i),
    .out_data_o (accumulate_cmd_o)
  );

  fifo #(.Width(attention_pkg::NormaliseCmdBits), .Depth(2)) u_normalise_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (push & cmd.close),
    .in_ready_o (normalise_room),
    .in_data_i  (normalise_cmd),
    .out_valid_o(normalise_valid_o),
    .out_ready_i(normalise_ready_i),
    .out_data_o (normalise_cmd_o)
  );

  assign busy_o = cmd_valid | queries_valid_o | scores_valid_o | softmax_valid_o | accumulate_valid_o
                | normalise_valid_o;

  `ASSERT(LegalSizes, !cmd_valid || (32'(cmd.contexts) - 32'd1 < Contexts
      && 32'(cmd.key_chunks) - 32'd1 < MaxChunks && 32'(cmd.value_chunks) - 32'd1 < MaxChunks))
  `ASSERT(LegalItems, !cmd_valid || (items != '0 && (blocks == '0 || cmd.shift != '0)))
  `ASSERT(LegalGroups, !cmd_valid || KvScales != 0 || (cmd.key_group == '0 && cmd.value_group == '0))

endmodule
