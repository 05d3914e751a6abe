// Reads finished banks in turn: hands the row sum of one context after the other to the divider, holds the reciprocal
// in the result register while the chunks of that context go out, and meanwhile has the next one divided. Partial
// results are not divided: a head and the chunks go out as they are.

`include "assertions.svh"

module attention_normalise_control #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks),
  localparam int unsigned ReciprocalBits = attention_pkg::ReciprocalBits,
  localparam int unsigned ZeroCountBits = attention_pkg::ZeroCountBits
) (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,

  input  logic                                 cmd_valid_i,
  output logic                                 cmd_ready_o,
  input  attention_pkg::normalise_cmd_t        cmd_i,

  // The banks.
  input  logic [1:0]                           ready_i,
  output logic [1:0]                           free_o,
  output logic [ContextBits-1:0]               state_context_o,  // whose row sum is needed
  input  logic [attention_pkg::RowSumBits-1:0] sum_i,

  input  logic                                 room_i,           // in the out FIFO

  // What an output beat is; bank, context and chunk have no meaning in other cycles.
  output logic                                 issue_o,
  output logic                                 bank_o,
  output logic [ContextBits-1:0]               context_o,
  output logic [ChunkBits-1:0]                 chunk_o,
  output logic                                 partial_o,
  output logic                                 head_o,
  output logic [ReciprocalBits-1:0]            reciprocal_o,
  output logic [ZeroCountBits-1:0]             zeros_o
);

  logic                   bank_d, bank_q;
  logic [7:0]             divided_d, divided_q;  // contexts that went to the divider
  logic [ContextBits-1:0] context_d, context_q;
  logic [ChunkBits-1:0]   chunk_d, chunk_q;
  logic                   head_d, head_q;        // a partial result's head is next
  logic                   full_d, full_q;        // the result register

  logic active, context_last, chunk_last, chunks_done, start, take;
  logic divider_idle, divider_done;
  logic [ReciprocalBits-1:0] reciprocal, reciprocal_q;
  logic [ZeroCountBits-1:0]  zeros, zeros_q;

  attention_reciprocal #(.SumBits(attention_pkg::RowSumBits)) u_reciprocal (
    .clk_i,
    .rst_ni,
    .idle_o      (divider_idle),
    .start_i     (start),
    .sum_i,
    .done_o      (divider_done),
    .take_i      (take),
    .reciprocal_o(reciprocal),
    .zeros_o     (zeros)
  );

  assign active       = cmd_valid_i & ready_i[bank_q];
  assign context_last = 8'(context_q) == cmd_i.contexts - 8'd1;
  assign chunk_last   = 8'(chunk_q) == cmd_i.chunks - 8'd1;

  assign start       = active & ~cmd_i.partial & divider_idle & (divided_q != cmd_i.contexts);
  assign head_o      = cmd_i.partial & head_q;
  assign issue_o     = active & room_i & (cmd_i.partial | full_q);
  assign chunks_done = issue_o & ~head_o & chunk_last;
  assign take        = divider_done & (~full_q | chunks_done);
  assign cmd_ready_o = chunks_done & context_last;

  always_comb begin
    bank_d    = bank_q;
    divided_d = divided_q;
    context_d = context_q;
    chunk_d   = chunk_q;
    head_d    = head_q;
    full_d    = full_q;
    free_o    = '0;
    if (start) divided_d = divided_q + 8'd1;
    if (issue_o) head_d = 1'b0;
    if (issue_o && !head_o) chunk_d = chunk_last ? '0 : chunk_q + 1'b1;
    if (chunks_done) begin
      context_d = context_last ? '0 : context_q + 1'b1;
      head_d    = 1'b1;
      full_d    = 1'b0;
    end
    if (take) full_d = 1'b1;
    // All counters are back at their first value after the last beat of a command.
    if (cmd_ready_o) begin
      divided_d      = '0;
      bank_d         = ~bank_q;
      free_o[bank_q] = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bank_q    <= 1'b0;
      divided_q <= '0;
      context_q <= '0;
      chunk_q   <= '0;
      head_q    <= 1'b1;
      full_q    <= 1'b0;
    end else begin
      bank_q    <= bank_d;
      divided_q <= divided_d;
      context_q <= context_d;
      chunk_q   <= chunk_d;
      head_q    <= head_d;
      full_q    <= full_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      reciprocal_q <= reciprocal;
      zeros_q      <= zeros;
    end
  end

  assign state_context_o = cmd_i.partial ? context_q : divided_q[ContextBits-1:0];
  assign bank_o          = bank_q;
  assign context_o       = context_q;
  assign chunk_o         = chunk_q;
  assign partial_o       = cmd_i.partial;
  assign reciprocal_o    = reciprocal_q;
  assign zeros_o         = zeros_q;

  `ASSERT(NothingOfTheNextBank, !cmd_ready_o || (!start && !take && (cmd_i.partial || divided_q == cmd_i.contexts)))

endmodule
