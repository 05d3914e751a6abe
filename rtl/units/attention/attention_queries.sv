// Queries, and what their rows may see, in two banks: while the scores node reads one, the next command's are loaded
// into the other.

`include "assertions.svh"

module attention_queries #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned Width = 256,  // of a chunk
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,

  input  logic                              cmd_valid_i,
  output logic                              cmd_ready_o,
  input  attention_pkg::queries_cmd_t       cmd_i,

  input  logic                              row_valid_i,
  output logic                              row_ready_o,
  input  logic [attention_pkg::RowBits-1:0] row_data_i,

  input  logic                              query_valid_i,
  output logic                              query_ready_o,
  input  logic [Width-1:0]                  query_data_i,

  // The bank that is read.
  output logic                              full_o,
  input  logic                              release_i,  // empties it and turns to the other
  input  logic [ContextBits-1:0]            context_i,
  input  logic [ChunkBits-1:0]              chunk_i,
  output attention_pkg::row_t               row_o,
  output logic [Width-1:0]                  query_o,

  output logic                              busy_o
);

  localparam int unsigned Rows = 2 * Contexts;
  localparam int unsigned Words = Rows * MaxChunks;
  localparam int unsigned RowIndexBits = attention_pkg::index_bits(Rows);
  localparam int unsigned WordBits = attention_pkg::index_bits(Words);

  function automatic logic [RowIndexBits-1:0] row_index(logic bank, logic [ContextBits-1:0] cxt);
    row_index = RowIndexBits'(32'(bank) * Contexts + 32'(cxt));
  endfunction
  function automatic logic [WordBits-1:0] word_index(logic bank, logic [ContextBits-1:0] cxt,
                                                     logic [ChunkBits-1:0] chunk);
    word_index = WordBits'((32'(bank) * Contexts + 32'(cxt)) * MaxChunks + 32'(chunk));
  endfunction

  logic                              row_valid, row_ready, query_valid, query_ready;
  logic [attention_pkg::RowBits-1:0] row_data;
  logic [Width-1:0]                  query_data;

  fifo #(.Width(attention_pkg::RowBits), .Depth(2)) u_row_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (row_valid_i),
    .in_ready_o (row_ready_o),
    .in_data_i  (row_data_i),
    .out_valid_o(row_valid),
    .out_ready_i(row_ready),
    .out_data_o (row_data)
  );

  fifo #(.Width(Width), .Depth(2)) u_query_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (query_valid_i),
    .in_ready_o (query_ready_o),
    .in_data_i  (query_data_i),
    .out_valid_o(query_valid),
    .out_ready_i(query_ready),
    .out_data_o (query_data)
  );

  logic [ContextBits-1:0] context_d, context_q;
  logic [ChunkBits-1:0]   chunk_d, chunk_q;
  logic                   write_bank_d, write_bank_q, read_bank_d, read_bank_q;
  logic [1:0]             full_d, full_q;

  logic first_chunk, chunk_last, context_last, load;

  assign first_chunk  = chunk_q == '0;
  assign chunk_last   = 8'(chunk_q) == cmd_i.chunks - 8'd1;
  assign context_last = 8'(context_q) == cmd_i.contexts - 8'd1;

  assign load        = cmd_valid_i & ~full_q[write_bank_q] & query_valid & (~first_chunk | row_valid);
  assign query_ready = load;
  assign row_ready   = load & first_chunk;
  assign cmd_ready_o = load & chunk_last & context_last;

  always_comb begin
    context_d    = context_q;
    chunk_d      = chunk_q;
    write_bank_d = write_bank_q;
    read_bank_d  = read_bank_q;
    full_d       = full_q;
    // Both counters are back at zero after the last beat of a command.
    if (load) chunk_d = chunk_last ? '0 : chunk_q + 1'b1;
    if (load && chunk_last) context_d = context_last ? '0 : context_q + 1'b1;
    if (cmd_ready_o) begin
      full_d[write_bank_q] = 1'b1;
      write_bank_d         = ~write_bank_q;
    end
    if (release_i) begin
      full_d[read_bank_q] = 1'b0;
      read_bank_d         = ~read_bank_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      context_q    <= '0;
      chunk_q      <= '0;
      write_bank_q <= 1'b0;
      read_bank_q  <= 1'b0;
      full_q       <= '0;
    end else begin
      context_q    <= context_d;
      chunk_q      <= chunk_d;
      write_bank_q <= write_bank_d;
      read_bank_q  <= read_bank_d;
      full_q       <= full_d;
    end
  end

  logic [attention_pkg::RowBits-1:0] rows_q [Rows];
  logic [Width-1:0]                  words_q [Words];

  always_ff @(posedge clk_i) begin
    if (load) words_q[word_index(write_bank_q, context_q, chunk_q)] <= query_data;
    if (row_ready) rows_q[row_index(write_bank_q, context_q)] <= row_data;
  end

  assign full_o  = full_q[read_bank_q];
  assign row_o   = rows_q[row_index(read_bank_q, context_i)];
  assign query_o = words_q[word_index(read_bank_q, context_i, chunk_i)];
  assign busy_o  = row_valid | query_valid | (|full_q);

  `ASSERT(ReleasesWhatIsFull, !release_i || full_o)

endmodule
