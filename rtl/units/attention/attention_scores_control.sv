// Fire controller of the scores node: walks blocks, chunks of keys and contexts of a command, one of them a cycle, and
// says why it does not fire in the other cycles. The command at work is the front of its FIFO; its last fire pops it.

`include "assertions.svh"

module attention_scores_control #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks),
  localparam int unsigned BlockCountBits = attention_pkg::BlockCountBits
) (
  input  logic                                     clk_i,
  input  logic                                     rst_ni,

  input  logic                                     cmd_valid_i,
  output logic                                     cmd_ready_o,
  input  attention_pkg::scores_cmd_t               cmd_i,

  input  logic                                     queries_full_i,
  output logic                                     queries_release_o,
  input  logic                                     key_valid_i,
  output logic                                     key_ready_o,
  input  logic                                     key_scale_valid_i,
  output logic                                     key_scale_ready_o,
  input  logic                                     room_i,            // in the score FIFO

  // Exactly one of these five is 1.
  output logic                                     fire_o,
  output logic                                     idle_o,
  output logic                                     stall_queries_o,
  output logic                                     stall_keys_o,
  output logic                                     stall_downstream_o,

  // What a fire does; no meaning in other cycles.
  output logic [ContextBits-1:0]                   context_o,
  output logic [ChunkBits-1:0]                     chunk_o,
  output logic                                     first_chunk_o,     // of its group
  output logic                                     group_last_o,      // last chunk of its group
  output logic                                     first_group_o,
  output logic                                     last_o,            // last chunk of the block: a score comes out
  output logic                                     scaled_o,          // keys are codes with a scale
  output logic [BlockCountBits-1:0]                block_o,           // number of the block
  output logic [attention_pkg::ShiftBits-1:0]      shift_o,
  output logic [attention_pkg::MultiplierBits-1:0] multiplier_o
);

  logic [BlockCountBits-1:0] block_d, block_q;              // position in the command
  logic [ChunkBits-1:0]      chunk_d, chunk_q;
  logic [ChunkBits-1:0]      group_chunk_d, group_chunk_q;  // within the group
  logic                      first_group_d, first_group_q;
  logic [ContextBits-1:0]    context_d, context_q;

  logic [BlockCountBits-1:0] blocks, sink_blocks;
  logic                      context_last, block_last, some_block, can_start, operands_there;
  logic                      chunk_done, block_done;

  assign sink_blocks  = BlockCountBits'(cmd_i.sink_blocks);
  assign blocks       = sink_blocks + BlockCountBits'(cmd_i.blocks);
  assign some_block   = blocks != '0;
  assign context_last = 8'(context_q) == cmd_i.contexts - 8'd1;
  assign block_last   = block_q == blocks - BlockCountBits'(1);
  assign scaled_o     = cmd_i.group != '0;
  assign last_o       = 8'(chunk_q) == cmd_i.chunks - 8'd1;
  assign group_last_o = last_o | (scaled_o & (8'(group_chunk_q) == cmd_i.group - 8'd1));

  // The cycle in which a command without blocks is popped counts as waiting for queries, too.
  assign can_start          = cmd_valid_i & queries_full_i & some_block;
  assign operands_there     = key_valid_i & (key_scale_valid_i | ~scaled_o);
  assign idle_o             = ~cmd_valid_i;
  assign stall_queries_o    = cmd_valid_i & ~can_start;
  assign stall_keys_o       = can_start & ~operands_there;
  assign stall_downstream_o = can_start & operands_there & last_o & ~room_i;
  assign fire_o             = can_start & operands_there & (~last_o | room_i);

  assign chunk_done        = fire_o & context_last;
  assign block_done        = chunk_done & last_o;
  assign key_ready_o       = chunk_done;
  assign key_scale_ready_o = chunk_done & group_last_o & scaled_o;
  assign cmd_ready_o       = (block_done & block_last) | (cmd_valid_i & queries_full_i & ~some_block);
  assign queries_release_o = cmd_ready_o & cmd_i.close;

  always_comb begin
    block_d       = block_q;
    chunk_d       = chunk_q;
    group_chunk_d = group_chunk_q;
    first_group_d = first_group_q;
    context_d     = context_q;
    // All counters are back at their first value after the last fire of a command.
    if (fire_o) context_d = context_last ? '0 : context_q + 1'b1;
    if (chunk_done) begin
      chunk_d       = last_o ? '0 : chunk_q + 1'b1;
      group_chunk_d = group_last_o ? '0 : group_chunk_q + 1'b1;
      if (group_last_o) first_group_d = last_o;
    end
    if (block_done) block_d = block_last ? '0 : block_q + 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q       <= '0;
      chunk_q       <= '0;
      group_chunk_q <= '0;
      first_group_q <= 1'b1;
      context_q     <= '0;
    end else begin
      block_q       <= block_d;
      chunk_q       <= chunk_d;
      group_chunk_q <= group_chunk_d;
      first_group_q <= first_group_d;
      context_q     <= context_d;
    end
  end

  assign context_o     = context_q;
  assign chunk_o       = chunk_q;
  assign first_chunk_o = group_chunk_q == '0;
  assign first_group_o = first_group_q;
  assign block_o       = block_q < sink_blocks ? block_q
                                               : BlockCountBits'(cmd_i.from_block) + (block_q - sink_blocks);
  assign shift_o       = cmd_i.shift;
  assign multiplier_o  = cmd_i.multiplier;

  `ASSERT(OneCause, $onehot({fire_o, idle_o, stall_queries_o, stall_keys_o, stall_downstream_o}))

endmodule
