// Last node: accumulators by row sums. Reads the finished banks, and hands out results, or partial results, through a
// credit FIFO.

module attention_normalise #(
  parameter int unsigned Dims = 16,
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned Format = 1,
  parameter int unsigned OutputFormat = 0,
  parameter int unsigned OutputFifo = 4,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks),
  localparam int unsigned PartialWidth = Dims * attention_pkg::accumulator_bits(Format)
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          cmd_valid_i,
  output logic                          cmd_ready_o,
  input  attention_pkg::normalise_cmd_t cmd_i,

  // The banks.
  input  logic [1:0]                    ready_i,
  output logic [1:0]                    free_o,
  output logic                          read_bank_o,
  output logic [ContextBits-1:0]        read_context_o,
  output logic [ChunkBits-1:0]          read_chunk_o,
  input  logic [PartialWidth-1:0]       accumulators_i,
  output logic [ContextBits-1:0]        state_context_o,
  input  attention_pkg::state_t         state_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [PartialWidth-1:0]       out_data_o,

  output logic                          busy_o
);

  logic                                     room, issue, partial, head, push;
  logic [attention_pkg::ReciprocalBits-1:0] reciprocal;
  logic [attention_pkg::ZeroCountBits-1:0]  zeros;
  logic [PartialWidth-1:0]                       beat;

  attention_normalise_control #(.Contexts(Contexts), .MaxChunks(MaxChunks)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_i,
    .ready_i,
    .free_o,
    .state_context_o,
    .sum_i          (state_i.sum),
    .room_i         (room),
    .issue_o        (issue),
    .bank_o         (read_bank_o),
    .context_o      (read_context_o),
    .chunk_o        (read_chunk_o),
    .partial_o      (partial),
    .head_o         (head),
    .reciprocal_o   (reciprocal),
    .zeros_o        (zeros)
  );

  attention_results #(.Dims(Dims), .Format(Format), .OutputFormat(OutputFormat)) u_results (
    .clk_i,
    .rst_ni,
    .issue_i       (issue),
    .partial_i     (partial),
    .head_i        (head),
    .accumulators_i,
    .state_i,
    .reciprocal_i  (reciprocal),
    .zeros_i       (zeros),
    .push_o        (push),
    .beat_o        (beat)
  );

  credit_fifo #(.Width(PartialWidth), .Depth(OutputFifo)) u_out_fifo (
    .clk_i,
    .rst_ni,
    .room_o     (room),
    .reserve_i  (issue),
    .push_i     (push),
    .push_data_i(beat),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .busy_o
  );

endmodule
