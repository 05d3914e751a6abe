// Walks the items of a command, states and then blocks, chunks of values and contexts, one of them a cycle, and keeps
// the books of the two banks of accumulators: `taken` from the last fire of a pass on, `ready` when that fire is through
// the pipeline, until the normalise node has read the bank.

`include "assertions.svh"

module attention_accumulate_control #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks)
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,

  input  logic                           cmd_valid_i,
  output logic                           cmd_ready_o,
  input  attention_pkg::accumulate_cmd_t cmd_i,

  input  logic                           item_valid_i,
  output logic                           item_ready_o,
  input  logic                           partial_valid_i,
  output logic                           partial_ready_o,
  input  logic                           value_valid_i,
  output logic                           value_ready_o,
  input  logic                           value_scale_valid_i,
  output logic                           value_scale_ready_o,

  output logic [1:0]                     ready_o,  // banks that may be read
  input  logic [1:0]                     free_i,   // and are empty again

  output logic                           fire_o,
  // What a fire does; no meaning in other cycles.
  output logic                           bank_o,
  output logic [ContextBits-1:0]         context_o,
  output logic [ChunkBits-1:0]           chunk_o,
  output logic                           first_o,       // item of a pass
  output logic                           from_state_o,
  output logic                           scaled_o,      // values are codes with a scale

  output logic                           busy_o
);

  localparam int unsigned ItemCountBits = attention_pkg::ItemCountBits;
  localparam int unsigned Stages = 5;  // from a fire to the cycle in which the last accumulator is written

  logic [ItemCountBits-1:0] item_d, item_q;
  logic [ChunkBits-1:0]     chunk_d, chunk_q;
  logic [ChunkBits-1:0]     group_chunk_d, group_chunk_q;  // within the group
  logic [ContextBits-1:0]   context_d, context_q;
  logic                     bank_d, bank_q;
  logic [1:0]               taken_d, taken_q, ready_d, ready_q;
  logic [Stages-2:0]        fires_d, fires_q;      // fires of the cycles before, the newest in bit 0
  logic [Stages-2:0]        closes_d, closes_q;    // last fires of passes
  logic                     closed_bank_d, closed_bank_q;
  // The accumulator of the fire before.
  logic                     last_bank_q;
  logic [ContextBits-1:0]   last_context_q;
  logic [ChunkBits-1:0]     last_chunk_q;

  logic context_last, chunk_last, item_last, group_last, operands_there, again;
  logic chunk_done, item_done, close;

  assign context_last = 8'(context_q) == cmd_i.contexts - 8'd1;
  assign chunk_last   = 8'(chunk_q) == cmd_i.chunks - 8'd1;
  assign item_last    = item_q == cmd_i.items - ItemCountBits'(1);
  assign from_state_o = item_q < ItemCountBits'(cmd_i.states);
  assign scaled_o     = cmd_i.group != '0;
  assign group_last   = chunk_last | (8'(group_chunk_q) == cmd_i.group - 8'd1);

  // An accumulator is read three cycles after the fire and written four after it: not in consecutive cycles.
  assign again = fires_q[0] & (last_bank_q == bank_q) & (last_context_q == context_q) & (last_chunk_q == chunk_q);

  assign operands_there = (item_valid_i | (chunk_q != '0))
                        & (from_state_o ? partial_valid_i : value_valid_i & (value_scale_valid_i | ~scaled_o));
  assign fire_o         = cmd_valid_i & ~taken_q[bank_q] & operands_there & ~again;

  assign chunk_done          = fire_o & context_last;
  assign item_done           = chunk_done & chunk_last;
  assign item_ready_o        = fire_o & (chunk_q == '0);
  assign partial_ready_o     = fire_o & from_state_o;
  assign value_ready_o       = chunk_done & ~from_state_o;
  assign value_scale_ready_o = chunk_done & ~from_state_o & scaled_o & group_last;
  assign cmd_ready_o         = item_done & item_last;
  assign close               = cmd_ready_o & cmd_i.close;

  always_comb begin
    item_d        = item_q;
    chunk_d       = chunk_q;
    group_chunk_d = group_chunk_q;
    context_d     = context_q;
    bank_d        = bank_q;
    closed_bank_d = closed_bank_q;
    taken_d       = taken_q & ~free_i;
    ready_d       = ready_q & ~free_i;
    fires_d       = {fires_q[Stages-3:0], fire_o};
    closes_d      = {closes_q[Stages-3:0], close};
    // All counters are back at zero after the last fire of a command.
    if (fire_o) context_d = context_last ? '0 : context_q + 1'b1;
    if (chunk_done) begin
      chunk_d       = chunk_last ? '0 : chunk_q + 1'b1;
      group_chunk_d = group_last ? '0 : group_chunk_q + 1'b1;
    end
    if (item_done) item_d = item_last ? '0 : item_q + 1'b1;
    if (close) begin
      taken_d[bank_q] = 1'b1;
      bank_d          = ~bank_q;
    end
    // Passes end in the order of the banks.
    if (closes_q[Stages-2]) begin
      ready_d[closed_bank_q] = 1'b1;
      closed_bank_d          = ~closed_bank_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      item_q        <= '0;
      chunk_q       <= '0;
      group_chunk_q <= '0;
      context_q     <= '0;
      bank_q        <= 1'b0;
      closed_bank_q <= 1'b0;
      taken_q       <= '0;
      ready_q       <= '0;
      fires_q       <= '0;
      closes_q      <= '0;
    end else begin
      item_q        <= item_d;
      chunk_q       <= chunk_d;
      group_chunk_q <= group_chunk_d;
      context_q     <= context_d;
      bank_q        <= bank_d;
      closed_bank_q <= closed_bank_d;
      taken_q       <= taken_d;
      ready_q       <= ready_d;
      fires_q       <= fires_d;
      closes_q      <= closes_d;
    end
  end

  always_ff @(posedge clk_i) begin
    last_bank_q    <= bank_q;
    last_context_q <= context_q;
    last_chunk_q   <= chunk_q;
  end

  assign bank_o    = bank_q;
  assign context_o = context_q;
  assign chunk_o   = chunk_q;
  assign first_o   = cmd_i.open & (item_q == '0);
  assign ready_o   = ready_q;
  assign busy_o    = (|fires_q) | (|taken_q);

  `ASSERT(FreesWhatIsReady, (free_i & ~ready_q) == '0)
  `ASSERT(ReadyIsTaken, (ready_q & ~taken_q) == '0)

endmodule
