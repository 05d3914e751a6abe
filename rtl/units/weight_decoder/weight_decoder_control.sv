// Gathers the codes of one K group of one block after the other, in the order row block, K group, block, and says what the
// lanes do in a cycle. The command at work is the front of the cmd FIFO; its last step pops it.

`include "assertions.svh"

module weight_decoder_control #(
  parameter int unsigned Code = weight_decoder_pkg::CodeTq1,
  parameter int unsigned Blocks = 4,
  localparam int unsigned BlockBits = weight_decoder_pkg::index_bits(Blocks),
  localparam int unsigned CountBits = weight_decoder_pkg::CountBits
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     cmd_valid_i,
  output logic                     cmd_ready_o,
  input  weight_decoder_pkg::cmd_t cmd_i,

  input  logic                     code_valid_i,
  output logic                     code_ready_o,
  input  logic                     code_illegal_i,  // some lane's code is

  input  logic                     group_free_i,    // the group register is empty, or is emptied in this cycle
  output logic                     can_step_o,      // but for the group register, a step could be made

  // What the lanes do.
  output logic [CountBits-1:0]     have_o,
  output logic [BlockBits-1:0]     block_o,
  output logic                     keep_o,
  output logic                     load_o,
  output logic                     illegal_o        // of the group that is loaded: some code of the command was illegal
);

  localparam int unsigned KGroupBits = weight_decoder_pkg::KGroupBits;
  localparam int unsigned GroupLength = weight_decoder_pkg::GroupLength;
  localparam int unsigned CodeWeights = weight_decoder_pkg::code_weights(Code);
  localparam int unsigned SumBits = CountBits + 1;

  logic [15:0]           row_block_d, row_block_q;
  logic [KGroupBits-1:0] k_group_d, k_group_q;
  logic [7:0]            block_d, block_q;
  logic [CountBits-1:0]  left_d, left_q;  // weights left over for every block when this K group began
  logic                  kept_d, kept_q;  // the first of two codes of this group was taken
  logic                  seen_d, seen_q;  // an illegal code in this command

  logic               row_block_last, k_last, block_last, k_group_done, row_block_done, cmd_done;
  logic               needs_code, enough, step;
  logic [SumBits-1:0] have, sum;

  assign row_block_last = row_block_q == cmd_i.row_blocks - 16'd1;
  assign k_last         = k_group_q == cmd_i.k_groups - KGroupBits'(1);
  assign block_last     = block_q == cmd_i.n_blocks - 8'd1;

  // Two codes are needed only if nothing was left over and a code has less than a group, so `kept` is one code.
  assign have       = kept_q ? SumBits'(CodeWeights) : SumBits'(left_q);
  assign needs_code = have < SumBits'(GroupLength);
  assign sum        = needs_code ? have + SumBits'(CodeWeights) : have;
  assign enough     = sum >= SumBits'(GroupLength);

  assign can_step_o = cmd_valid_i & (~needs_code | code_valid_i);
  assign step       = can_step_o & (~enough | group_free_i);
  assign keep_o     = step & ~enough;
  assign load_o     = step & enough;

  assign k_group_done   = load_o & block_last;
  assign row_block_done = k_group_done & k_last;
  assign cmd_done       = row_block_done & row_block_last;

  assign code_ready_o = step & needs_code;
  assign cmd_ready_o  = cmd_done;
  assign illegal_o    = seen_q | (needs_code & code_illegal_i);

  always_comb begin
    row_block_d = row_block_q;
    k_group_d   = k_group_q;
    block_d     = block_q;
    left_d      = left_q;
    kept_d      = kept_q;
    seen_d      = seen_q;

    // All counters are back at zero after the last step of a command.
    if (step) begin
      kept_d = ~enough;
      seen_d = illegal_o;
    end
    if (load_o) block_d = block_last ? '0 : block_q + 1'b1;
    if (k_group_done) begin
      k_group_d = k_last ? '0 : k_group_q + 1'b1;
      left_d    = k_last ? '0 : CountBits'(sum - SumBits'(GroupLength));
    end
    if (row_block_done) row_block_d = row_block_last ? '0 : row_block_q + 1'b1;
    if (cmd_done) seen_d = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_block_q <= '0;
      k_group_q   <= '0;
      block_q     <= '0;
      left_q      <= '0;
      kept_q      <= 1'b0;
      seen_q      <= 1'b0;
    end else begin
      row_block_q <= row_block_d;
      k_group_q   <= k_group_d;
      block_q     <= block_d;
      left_q      <= left_d;
      kept_q      <= kept_d;
      seen_q      <= seen_d;
    end
  end

  assign have_o  = have[CountBits-1:0];
  assign block_o = block_q[BlockBits-1:0];

  `ASSERT(LegalCommand, !cmd_valid_i || (cmd_i.row_blocks != '0 && cmd_i.k_groups != '0
      && 32'(cmd_i.n_blocks) - 32'd1 < Blocks))

endmodule
