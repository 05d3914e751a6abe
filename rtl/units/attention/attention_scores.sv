// First node: queries times keys. Takes a chunk of a block of keys for one context after the other, and hands on scores
// of whole heads through a credit FIFO.

module attention_scores #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Dims = 16,
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned Format = 1,
  parameter int unsigned KvBits = 8,
  parameter int unsigned KvScales = 0,
  parameter int unsigned ScoreFifo = 8,
  parameter int unsigned KeyFifo = 2,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks),
  localparam int unsigned QueryWidth = Dims * attention_pkg::query_bits(Format),
  localparam int unsigned KeyWidth = Keys * Dims * attention_pkg::code_bits(Format, KvBits),
  localparam int unsigned KeyScaleWidth = Keys * attention_pkg::KeyScaleBits,
  localparam int unsigned ScoreWidth = Keys * attention_pkg::ScoreItemBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       cmd_valid_i,
  output logic                       cmd_ready_o,
  input  attention_pkg::scores_cmd_t cmd_i,

  // The bank of queries.
  input  logic                       queries_full_i,
  output logic                       queries_release_o,
  output logic [ContextBits-1:0]     context_o,
  output logic [ChunkBits-1:0]       chunk_o,
  input  attention_pkg::row_t        row_i,
  input  logic [QueryWidth-1:0]      query_i,

  input  logic                       key_valid_i,
  output logic                       key_ready_o,
  input  logic [KeyWidth-1:0]        key_data_i,

  input  logic                       key_scale_valid_i,
  output logic                       key_scale_ready_o,
  input  logic [KeyScaleWidth-1:0]   key_scale_data_i,

  output logic                       score_valid_o,
  input  logic                       score_ready_i,
  output logic [ScoreWidth-1:0]      score_o,

  // Observation: exactly one of the five is 1 in a cycle.
  output logic                       fire_o,
  output logic                       idle_o,
  output logic                       stall_queries_o,
  output logic                       stall_keys_o,
  output logic                       stall_downstream_o,
  output logic                       busy_o
);

  localparam int unsigned OperandBits = attention_pkg::operand_bits(Format, KvBits, KvScales);
  localparam int unsigned MultiplierBits = attention_pkg::MultiplierBits;
  localparam int unsigned ZeroPointBits = attention_pkg::ZeroPointBits;

  logic                             key_valid, key_ready, key_scale_valid, key_scale_ready;
  logic [KeyWidth-1:0]              key_data;
  logic [Keys*Dims*OperandBits-1:0] keys;
  logic [Keys*MultiplierBits-1:0]   multipliers;
  logic [Keys*ZeroPointBits-1:0]    zeros;

  fifo #(.Width(KeyWidth), .Depth(KeyFifo)) u_key_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (key_valid_i),
    .in_ready_o (key_ready_o),
    .in_data_i  (key_data_i),
    .out_valid_o(key_valid),
    .out_ready_i(key_ready),
    .out_data_o (key_data)
  );

  logic                                             room, push, pipeline_busy, fifo_busy;
  logic                                             first_chunk, group_last, first_group, last, scaled;
  logic [attention_pkg::BlockCountBits-1:0]         block;
  logic [attention_pkg::ShiftBits-1:0]              shift;
  logic [MultiplierBits-1:0]                        multiplier;
  logic [ScoreWidth-1:0]                            score;

  if (KvScales != 0) begin : gen_key_scales
    logic [KeyScaleWidth-1:0] key_scale;

    fifo #(.Width(KeyScaleWidth), .Depth(2)) u_key_scale_fifo (
      .clk_i,
      .rst_ni,
      .in_valid_i (key_scale_valid_i),
      .in_ready_o (key_scale_ready_o),
      .in_data_i  (key_scale_data_i),
      .out_valid_o(key_scale_valid),
      .out_ready_i(key_scale_ready),
      .out_data_o (key_scale)
    );

    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        multipliers[i*MultiplierBits +: MultiplierBits]
            = scaled ? key_scale[i*attention_pkg::KeyScaleBits +: MultiplierBits] : multiplier;
        zeros[i*ZeroPointBits +: ZeroPointBits]
            = key_scale[i*attention_pkg::KeyScaleBits + MultiplierBits +: ZeroPointBits];
      end
    end
  end else begin : gen_no_key_scales
    logic unused_key_scales;

    assign unused_key_scales = key_scale_valid_i ^ (^key_scale_data_i) ^ key_scale_ready;
    assign key_scale_ready_o = 1'b0;
    assign key_scale_valid   = 1'b0;
    assign multipliers       = {Keys{multiplier}};
    assign zeros             = '0;
  end

  attention_operands #(
    .Keys(Keys), .Dims(Dims), .Format(Format), .KvBits(KvBits), .KvScales(KvScales)
  ) u_operands (
    .scaled_i  (scaled),
    .codes_i   (key_data),
    .zeros_i   (zeros),
    .operands_o(keys)
  );

  attention_scores_control #(.Contexts(Contexts), .MaxChunks(MaxChunks)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_i,
    .queries_full_i,
    .queries_release_o,
    .key_valid_i      (key_valid),
    .key_ready_o      (key_ready),
    .key_scale_valid_i(key_scale_valid),
    .key_scale_ready_o(key_scale_ready),
    .room_i           (room),
    .fire_o,
    .idle_o,
    .stall_queries_o,
    .stall_keys_o,
    .stall_downstream_o,
    .context_o,
    .chunk_o,
    .first_chunk_o    (first_chunk),
    .group_last_o     (group_last),
    .first_group_o    (first_group),
    .last_o           (last),
    .scaled_o         (scaled),
    .block_o          (block),
    .shift_o          (shift),
    .multiplier_o     (multiplier)
  );

  attention_scores_pipeline #(
    .Keys(Keys), .Dims(Dims), .Contexts(Contexts), .MaxChunks(MaxChunks), .Format(Format), .KvBits(KvBits),
    .KvScales(KvScales)
  ) u_pipeline (
    .clk_i,
    .rst_ni,
    .fire_i       (fire_o),
    .context_i    (context_o),
    .first_chunk_i(first_chunk),
    .group_last_i (group_last),
    .first_group_i(first_group),
    .last_i       (last),
    .block_i      (block),
    .row_i,
    .query_i,
    .keys_i       (keys),
    .multipliers_i(multipliers),
    .shift_i      (shift),
    .push_o       (push),
    .scores_o     (score),
    .busy_o       (pipeline_busy)
  );

  credit_fifo #(.Width(ScoreWidth), .Depth(ScoreFifo)) u_score_fifo (
    .clk_i,
    .rst_ni,
    .room_o     (room),
    .reserve_i  (fire_o & last),
    .push_i     (push),
    .push_data_i(score),
    .out_valid_o(score_valid_o),
    .out_ready_i(score_ready_i),
    .out_data_o (score_o),
    .busy_o     (fifo_busy)
  );

  assign busy_o = key_valid | key_scale_valid | pipeline_busy | fifo_busy;

endmodule
