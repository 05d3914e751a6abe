// Second node: from scores to weights. Takes an item a cycle, a state or the scores of a block, for one context after
// the other, and hands on the weights, and by how much the maximum has risen, through a credit FIFO.

module attention_softmax #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Contexts = 4,
  parameter int unsigned ProbabilityFifo = 6,
  localparam int unsigned ScoreWidth = Keys * attention_pkg::ScoreItemBits,
  localparam int unsigned MaskWidth = Keys * attention_pkg::MaskBits,
  localparam int unsigned ItemBits = attention_pkg::item_bits(Keys)
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,
  output logic                                cmd_ready_o,
  input  attention_pkg::softmax_cmd_t         cmd_i,

  input  logic                                score_valid_i,
  output logic                                score_ready_o,
  input  logic [ScoreWidth-1:0]               score_i,

  input  logic                                mask_valid_i,
  output logic                                mask_ready_o,
  input  logic [MaskWidth-1:0]                mask_data_i,

  input  logic                                state_valid_i,
  output logic                                state_ready_o,
  input  logic [attention_pkg::StateBits-1:0] state_data_i,

  output logic                                item_valid_o,
  input  logic                                item_ready_i,
  output logic [ItemBits-1:0]                 item_o,

  output logic                                busy_o
);

  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts);
  localparam int unsigned ItemCountBits = attention_pkg::ItemCountBits;

  logic                  mask_valid, mask_ready, state_valid, state_ready;
  logic [MaskWidth-1:0]  mask_data;
  attention_pkg::state_t state;

  fifo #(.Width(MaskWidth), .Depth(2)) u_mask_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (mask_valid_i),
    .in_ready_o (mask_ready_o),
    .in_data_i  (mask_data_i),
    .out_valid_o(mask_valid),
    .out_ready_i(mask_ready),
    .out_data_o (mask_data)
  );

  fifo #(.Width(attention_pkg::StateBits), .Depth(2)) u_state_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (state_valid_i),
    .in_ready_o (state_ready_o),
    .in_data_i  (state_data_i),
    .out_valid_o(state_valid),
    .out_ready_i(state_ready),
    .out_data_o (state)
  );

  logic [ItemCountBits-1:0] item_d, item_q;  // states, then blocks
  logic [ContextBits-1:0]   context_d, context_q;

  logic from_state, context_last, item_last, first, there, room, fire, push, fifo_busy;
  logic [ItemBits-1:0] item;

  assign from_state   = item_q < ItemCountBits'(cmd_i.states);
  assign context_last = 8'(context_q) == cmd_i.contexts - 8'd1;
  assign item_last    = item_q == cmd_i.items - ItemCountBits'(1);
  assign first        = cmd_i.open & (item_q == '0);

  assign there         = from_state ? state_valid : score_valid_i & (mask_valid | ~cmd_i.masked);
  assign fire          = cmd_valid_i & there & room;
  assign state_ready   = fire & from_state;
  assign score_ready_o = fire & ~from_state;
  assign mask_ready    = fire & ~from_state & cmd_i.masked;
  assign cmd_ready_o   = fire & context_last & item_last;

  always_comb begin
    item_d    = item_q;
    context_d = context_q;
    // Both counters are back at zero after the last item of a command.
    if (fire) context_d = context_last ? '0 : context_q + 1'b1;
    if (fire && context_last) item_d = item_last ? '0 : item_q + 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      item_q    <= '0;
      context_q <= '0;
    end else begin
      item_q    <= item_d;
      context_q <= context_d;
    end
  end

  attention_softmax_pipeline #(.Keys(Keys), .Contexts(Contexts)) u_pipeline (
    .clk_i,
    .rst_ni,
    .fire_i      (fire),
    .context_i   (context_q),
    .first_i     (first),
    .from_state_i(from_state),
    .state_i     (state),
    .scores_i    (score_i),
    .masked_i    (cmd_i.masked),
    .mask_i      (mask_data),
    .push_o      (push),
    .item_o      (item)
  );

  credit_fifo #(.Width(ItemBits), .Depth(ProbabilityFifo)) u_probability_fifo (
    .clk_i,
    .rst_ni,
    .room_o     (room),
    .reserve_i  (fire),
    .push_i     (push),
    .push_data_i(item),
    .out_valid_o(item_valid_o),
    .out_ready_i(item_ready_i),
    .out_data_o (item_o),
    .busy_o     (fifo_busy)
  );

  assign busy_o = mask_valid | state_valid | fifo_busy;

endmodule
