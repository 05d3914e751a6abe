// Streaming dataflow attention: exact attention in one pass over the keys, for a few query rows at a time. Four nodes
// joined by FIFOs: scores, softmax, accumulate, normalise. Behaviour to the bit and to the cycle:
// sim/units/attention/README.md.

`include "assertions.svh"

module attention #(
  // Public, so that a bench builds its model from what the hardware is.
  parameter int unsigned Keys            /*verilator public_flat_rd*/ = 8,
  parameter int unsigned Dims            /*verilator public_flat_rd*/ = 16,
  parameter int unsigned Contexts        /*verilator public_flat_rd*/ = 4,
  parameter int unsigned MaxChunks       /*verilator public_flat_rd*/ = 8,
  parameter int unsigned Format          /*verilator public_flat_rd*/ = 1,  // 0 integers, 1 FP16
  parameter int unsigned KvBits          /*verilator public_flat_rd*/ = 8,
  parameter int unsigned KvScales        /*verilator public_flat_rd*/ = 0,
  parameter int unsigned OutputFormat    /*verilator public_flat_rd*/ = 0,  // 0 FP16, 1 INT8
  parameter int unsigned ScoreFifo       /*verilator public_flat_rd*/ = 8,
  parameter int unsigned ProbabilityFifo /*verilator public_flat_rd*/ = 6,
  parameter int unsigned OutputFifo      /*verilator public_flat_rd*/ = 4,
  parameter int unsigned KeyFifo         /*verilator public_flat_rd*/ = 2,
  parameter int unsigned ValueFifo       /*verilator public_flat_rd*/ = 2,
  localparam int unsigned QueryWidth = Dims * attention_pkg::query_bits(Format),
  localparam int unsigned KeyWidth = Keys * Dims * attention_pkg::code_bits(Format, KvBits),
  localparam int unsigned KeyScaleWidth = Keys * attention_pkg::KeyScaleBits,
  localparam int unsigned MaskWidth = Keys * attention_pkg::MaskBits,
  localparam int unsigned PartialWidth = Dims * attention_pkg::accumulator_bits(Format),
  localparam int unsigned ValueScaleWidth = Keys * attention_pkg::ValueScaleBits
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  logic                                cmd_valid_i,
  output logic                                cmd_ready_o,
  input  logic [attention_pkg::CmdBits-1:0]   cmd_data_i,

  input  logic                                row_valid_i,
  output logic                                row_ready_o,
  input  logic [attention_pkg::RowBits-1:0]   row_data_i,

  input  logic                                query_valid_i,
  output logic                                query_ready_o,
  input  logic [QueryWidth-1:0]               query_data_i,

  input  logic                                key_valid_i,
  output logic                                key_ready_o,
  input  logic [KeyWidth-1:0]                 key_data_i,

  input  logic                                key_scale_valid_i,
  output logic                                key_scale_ready_o,
  input  logic [KeyScaleWidth-1:0]            key_scale_data_i,

  input  logic                                mask_valid_i,
  output logic                                mask_ready_o,
  input  logic [MaskWidth-1:0]                mask_data_i,

  input  logic                                state_valid_i,
  output logic                                state_ready_o,
  input  logic [attention_pkg::StateBits-1:0] state_data_i,

  input  logic                                partial_valid_i,
  output logic                                partial_ready_o,
  input  logic [PartialWidth-1:0]             partial_data_i,

  input  logic                                value_valid_i,
  output logic                                value_ready_o,
  input  logic [KeyWidth-1:0]                 value_data_i,

  input  logic                                value_scale_valid_i,
  output logic                                value_scale_ready_o,
  input  logic [ValueScaleWidth-1:0]          value_scale_data_i,

  output logic                                out_valid_o,
  input  logic                                out_ready_i,
  output logic [PartialWidth-1:0]             out_data_o,

  // Observation of the scores node: exactly one of the five is 1 in a cycle. Stall causes in the order in which they are
  // asked.
  output logic                                fire_o,
  output logic                                idle_o,
  output logic                                stall_queries_o,
  output logic                                stall_keys_o,
  output logic                                stall_downstream_o,
  output logic                                busy_o  // anything at all is still in flight
);

  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts);
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks);
  localparam int unsigned ScoreWidth = Keys * attention_pkg::ScoreItemBits;
  localparam int unsigned ItemBits = attention_pkg::item_bits(Keys);

  // Commands of the nodes.
  logic                           queries_valid, queries_ready, scores_valid, scores_ready;
  logic                           softmax_valid, softmax_ready, accumulate_valid, accumulate_ready;
  logic                           normalise_valid, normalise_ready;
  attention_pkg::queries_cmd_t    queries_cmd;
  attention_pkg::scores_cmd_t     scores_cmd;
  attention_pkg::softmax_cmd_t    softmax_cmd;
  attention_pkg::accumulate_cmd_t accumulate_cmd;
  attention_pkg::normalise_cmd_t  normalise_cmd;

  logic fork_busy, queries_busy, scores_busy, softmax_busy, accumulate_busy, normalise_busy;

  attention_fork #(.Contexts(Contexts), .MaxChunks(MaxChunks), .KvScales(KvScales)) u_fork (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_data_i,
    .queries_valid_o   (queries_valid),
    .queries_ready_i   (queries_ready),
    .queries_cmd_o     (queries_cmd),
    .scores_valid_o    (scores_valid),
    .scores_ready_i    (scores_ready),
    .scores_cmd_o      (scores_cmd),
    .softmax_valid_o   (softmax_valid),
    .softmax_ready_i   (softmax_ready),
    .softmax_cmd_o     (softmax_cmd),
    .accumulate_valid_o(accumulate_valid),
    .accumulate_ready_i(accumulate_ready),
    .accumulate_cmd_o  (accumulate_cmd),
    .normalise_valid_o (normalise_valid),
    .normalise_ready_i (normalise_ready),
    .normalise_cmd_o   (normalise_cmd),
    .busy_o            (fork_busy)
  );

  logic                   queries_full, queries_release;
  logic [ContextBits-1:0] query_context;
  logic [ChunkBits-1:0]   query_chunk;
  logic [QueryWidth-1:0]  query;
  attention_pkg::row_t    row;

  attention_queries #(.Contexts(Contexts), .MaxChunks(MaxChunks), .Width(QueryWidth)) u_queries (
    .clk_i,
    .rst_ni,
    .cmd_valid_i(queries_valid),
    .cmd_ready_o(queries_ready),
    .cmd_i      (queries_cmd),
    .row_valid_i,
    .row_ready_o,
    .row_data_i,
    .query_valid_i,
    .query_ready_o,
    .query_data_i,
    .full_o     (queries_full),
    .release_i  (queries_release),
    .context_i  (query_context),
    .chunk_i    (query_chunk),
    .row_o      (row),
    .query_o    (query),
    .busy_o     (queries_busy)
  );

  logic                  score_valid, score_ready, item_valid, item_ready;
  logic [ScoreWidth-1:0] score;
  logic [ItemBits-1:0]   item;

  attention_scores #(
    .Keys(Keys), .Dims(Dims), .Contexts(Contexts), .MaxChunks(MaxChunks), .Format(Format), .KvBits(KvBits),
    .KvScales(KvScales), .ScoreFifo(ScoreFifo), .KeyFifo(KeyFifo)
  ) u_scores (
    .clk_i,
    .rst_ni,
    .cmd_valid_i      (scores_valid),
    .cmd_ready_o      (scores_ready),
    .cmd_i            (scores_cmd),
    .queries_full_i   (queries_full),
    .queries_release_o(queries_release),
    .context_o        (query_context),
    .chunk_o          (query_chunk),
    .row_i            (row),
    .query_i          (query),
    .key_valid_i,
    .key_ready_o,
    .key_data_i,
    .key_scale_valid_i,
    .key_scale_ready_o,
    .key_scale_data_i,
    .score_valid_o    (score_valid),
    .score_ready_i    (score_ready),
    .score_o          (score),
    .fire_o,
    .idle_o,
    .stall_queries_o,
    .stall_keys_o,
    .stall_downstream_o,
    .busy_o           (scores_busy)
  );

  attention_softmax #(.Keys(Keys), .Contexts(Contexts), .ProbabilityFifo(ProbabilityFifo)) u_softmax (
    .clk_i,
    .rst_ni,
    .cmd_valid_i  (softmax_valid),
    .cmd_ready_o  (softmax_ready),
    .cmd_i        (softmax_cmd),
    .score_valid_i(score_valid),
    .score_ready_o(score_ready),
    .score_i      (score),
    .mask_valid_i,
    .mask_ready_o,
    .mask_data_i,
    .state_valid_i,
    .state_ready_o,
    .state_data_i,
    .item_valid_o (item_valid),
    .item_ready_i (item_ready),
    .item_o       (item),
    .busy_o       (softmax_busy)
  );

  logic [1:0]              bank_ready, bank_free;
  logic                    read_bank;
  logic [ContextBits-1:0]  read_context, state_context;
  logic [ChunkBits-1:0]    read_chunk;
  logic [PartialWidth-1:0] accumulators;
  attention_pkg::state_t   state;

  attention_accumulate #(
    .Keys(Keys), .Dims(Dims), .Contexts(Contexts), .MaxChunks(MaxChunks), .Format(Format), .KvBits(KvBits),
    .KvScales(KvScales), .ValueFifo(ValueFifo)
  ) u_accumulate (
    .clk_i,
    .rst_ni,
    .cmd_valid_i    (accumulate_valid),
    .cmd_ready_o    (accumulate_ready),
    .cmd_i          (accumulate_cmd),
    .item_valid_i   (item_valid),
    .item_ready_o   (item_ready),
    .item_i         (item),
    .partial_valid_i,
    .partial_ready_o,
    .partial_data_i,
    .value_valid_i,
    .value_ready_o,
    .value_data_i,
    .value_scale_valid_i,
    .value_scale_ready_o,
    .value_scale_data_i,
    .ready_o        (bank_ready),
    .free_i         (bank_free),
    .read_bank_i    (read_bank),
    .read_context_i (read_context),
    .read_chunk_i   (read_chunk),
    .accumulators_o (accumulators),
    .state_context_i(state_context),
    .state_o        (state),
    .busy_o         (accumulate_busy)
  );

  attention_normalise #(
    .Dims(Dims), .Contexts(Contexts), .MaxChunks(MaxChunks), .Format(Format), .OutputFormat(OutputFormat),
    .OutputFifo(OutputFifo)
  ) u_normalise (
    .clk_i,
    .rst_ni,
    .cmd_valid_i    (normalise_valid),
    .cmd_ready_o    (normalise_ready),
    .cmd_i          (normalise_cmd),
    .ready_i        (bank_ready),
    .free_o         (bank_free),
    .read_bank_o    (read_bank),
    .read_context_o (read_context),
    .read_chunk_o   (read_chunk),
    .accumulators_i (accumulators),
    .state_context_o(state_context),
    .state_i        (state),
    .out_valid_o,
    .out_ready_i,
    .out_data_o,
    .busy_o         (normalise_busy)
  );

  assign busy_o = fork_busy | queries_busy | scores_busy | softmax_busy | accumulate_busy | normalise_busy;

  `ASSERT_PARAMETER(LegalSizes, Keys >= 1 && Keys <= 256 && Dims >= 2 && Dims <= 256 && Contexts >= 1 && Contexts <= 64
      && MaxChunks >= 1 && MaxChunks <= 64)
  `ASSERT_PARAMETER(LegalFormat, Format == 0 ? KvBits == 4 || KvBits == 8
      : Format == 1 && KvBits == 8 && KvScales == 0 && OutputFormat == 0)
  // A total of FP16 scores has at most 126 bits.
  `ASSERT_PARAMETER(LegalHead, Format == 0 || Dims * MaxChunks <= 2048)

endmodule
