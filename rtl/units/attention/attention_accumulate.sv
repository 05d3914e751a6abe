// Third node: weights times values. Takes a chunk of a block of values, or of a partial result, for one context after
// the other, and adds to the accumulators of the bank; a finished bank is read by the normalise node.

module attention_accumulate #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Dims = 16,
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned Format = 1,
  parameter int unsigned KvBits = 8,
  parameter int unsigned KvScales = 0,
  parameter int unsigned ValueFifo = 2,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ChunkBits = attention_pkg::index_bits(MaxChunks),
  localparam int unsigned ItemBits = attention_pkg::item_bits(Keys),
  localparam int unsigned PartialWidth = Dims * attention_pkg::accumulator_bits(Format),
  localparam int unsigned ValueWidth = Keys * Dims * attention_pkg::code_bits(Format, KvBits),
  localparam int unsigned ValueScaleWidth = Keys * attention_pkg::ValueScaleBits
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,

  input  logic                           cmd_valid_i,
  output logic                           cmd_ready_o,
  input  attention_pkg::accumulate_cmd_t cmd_i,

  input  logic                           item_valid_i,
  output logic                           item_ready_o,
  input  logic [ItemBits-1:0]            item_i,

  input  logic                           partial_valid_i,
  output logic                           partial_ready_o,
  input  logic [PartialWidth-1:0]        partial_data_i,

  input  logic                           value_valid_i,
  output logic                           value_ready_o,
  input  logic [ValueWidth-1:0]          value_data_i,

  input  logic                           value_scale_valid_i,
  output logic                           value_scale_ready_o,
  input  logic [ValueScaleWidth-1:0]     value_scale_data_i,

  // The banks.
  output logic [1:0]                     ready_o,
  input  logic [1:0]                     free_i,
  input  logic                           read_bank_i,
  input  logic [ContextBits-1:0]         read_context_i,
  input  logic [ChunkBits-1:0]           read_chunk_i,
  output logic [PartialWidth-1:0]        accumulators_o,
  input  logic [ContextBits-1:0]         state_context_i,
  output attention_pkg::state_t          state_o,

  output logic                           busy_o
);

  localparam int unsigned AccumulatorBits = attention_pkg::accumulator_bits(Format);
  localparam int unsigned OperandBits = attention_pkg::operand_bits(Format, KvBits, KvScales);
  localparam int unsigned WeightBits = attention_pkg::WeightBits;
  localparam int unsigned DistanceBits = attention_pkg::DistanceBits;
  localparam int unsigned FractionBits = attention_pkg::FractionBits;
  localparam int unsigned ZeroPointBits = attention_pkg::ZeroPointBits;
  localparam int unsigned Words = 2 * Contexts * MaxChunks;
  localparam int unsigned WordBits = attention_pkg::index_bits(Words);

  function automatic logic [WordBits-1:0] word_index(logic bank, logic [ContextBits-1:0] cxt,
                                                     logic [ChunkBits-1:0] chunk);
    word_index = WordBits'((32'(bank) * Contexts + 32'(cxt)) * MaxChunks + 32'(chunk));
  endfunction

  logic                             partial_valid, partial_ready, value_valid, value_ready;
  logic                             value_scale_valid, value_scale_ready;
  logic [PartialWidth-1:0]          partial_data;
  logic [ValueWidth-1:0]            value_data;
  logic [Keys*FractionBits-1:0]     fractions;
  logic [Keys*ZeroPointBits-1:0]    zeros;
  logic [Keys*Dims*OperandBits-1:0] values;

  fifo #(.Width(PartialWidth), .Depth(2)) u_partial_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (partial_valid_i),
    .in_ready_o (partial_ready_o),
    .in_data_i  (partial_data_i),
    .out_valid_o(partial_valid),
    .out_ready_i(partial_ready),
    .out_data_o (partial_data)
  );

  fifo #(.Width(ValueWidth), .Depth(ValueFifo)) u_value_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (value_valid_i),
    .in_ready_o (value_ready_o),
    .in_data_i  (value_data_i),
    .out_valid_o(value_valid),
    .out_ready_i(value_ready),
    .out_data_o (value_data)
  );

  if (KvScales != 0) begin : gen_value_scales
    logic [ValueScaleWidth-1:0] value_scale;

    fifo #(.Width(ValueScaleWidth), .Depth(2)) u_value_scale_fifo (
      .clk_i,
      .rst_ni,
      .in_valid_i (value_scale_valid_i),
      .in_ready_o (value_scale_ready_o),
      .in_data_i  (value_scale_data_i),
      .out_valid_o(value_scale_valid),
      .out_ready_i(value_scale_ready),
      .out_data_o (value_scale)
    );

    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        fractions[i*FractionBits +: FractionBits] = value_scale[i*attention_pkg::ValueScaleBits +: FractionBits];
        zeros[i*ZeroPointBits +: ZeroPointBits]
            = value_scale[i*attention_pkg::ValueScaleBits + FractionBits +: ZeroPointBits];
      end
    end
  end else begin : gen_no_value_scales
    logic unused_value_scales;

    assign unused_value_scales = value_scale_valid_i ^ (^value_scale_data_i) ^ value_scale_ready;
    assign value_scale_ready_o = 1'b0;
    assign value_scale_valid   = 1'b0;
    assign fractions           = '0;
    assign zeros               = '0;
  end

  logic                   fire, bank, first, from_state, scaled, control_busy;
  logic [ContextBits-1:0] cxt;
  logic [ChunkBits-1:0]   chunk;

  attention_accumulate_control #(.Contexts(Contexts), .MaxChunks(MaxChunks)) u_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_i,
    .item_valid_i,
    .item_ready_o,
    .partial_valid_i    (partial_valid),
    .partial_ready_o    (partial_ready),
    .value_valid_i      (value_valid),
    .value_ready_o      (value_ready),
    .value_scale_valid_i(value_scale_valid),
    .value_scale_ready_o(value_scale_ready),
    .ready_o,
    .free_i,
    .fire_o             (fire),
    .bank_o             (bank),
    .context_o          (cxt),
    .chunk_o            (chunk),
    .first_o            (first),
    .from_state_o       (from_state),
    .scaled_o           (scaled),
    .busy_o             (control_busy)
  );

  attention_operands #(
    .Keys(Keys), .Dims(Dims), .Format(Format), .KvBits(KvBits), .KvScales(KvScales)
  ) u_operands (
    .scaled_i  (scaled),
    .codes_i   (value_data),
    .zeros_i   (zeros),
    .operands_o(values)
  );

  logic [Keys*WeightBits-1:0] weights;
  logic [DistanceBits-1:0]    distance, state_distance;

  attention_weights #(.Keys(Keys), .Contexts(Contexts), .KvScales(KvScales)) u_weights (
    .clk_i,
    .fire_i          (fire),
    .bank_i          (bank),
    .context_i       (cxt),
    .first_chunk_i   (chunk == '0),
    .first_i         (first),
    .from_state_i    (from_state),
    .item_i,
    .scaled_i        (scaled),
    .fractions_i     (fractions),
    .weights_o       (weights),
    .distance_o      (distance),
    .state_distance_o(state_distance),
    .read_bank_i,
    .read_context_i  (state_context_i),
    .state_o
  );

  // What travels beside a fire: word s is that of s+1 cycles before.
  logic [3:0]            valid_d, valid_q;
  logic [2:0]            from_state_d, from_state_q, first_d, first_q;
  logic [4*WordBits-1:0] words_d, words_q;

  assign valid_d      = {valid_q[2:0], fire};
  assign from_state_d = {from_state_q[1:0], from_state};
  assign first_d      = {first_q[1:0], first};
  assign words_d      = {words_q[3*WordBits-1:0], word_index(bank, cxt, chunk)};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid_d;
  end

  always_ff @(posedge clk_i) begin
    from_state_q <= from_state_d;
    first_q      <= first_d;
    words_q      <= words_d;
  end

  for (genvar e = 0; e < Dims; e++) begin : gen_element
    logic [Keys*OperandBits-1:0] element_values;

    for (genvar i = 0; i < Keys; i++) begin : gen_key
      assign element_values[i*OperandBits +: OperandBits] = values[(i*Dims + e)*OperandBits +: OperandBits];
    end

    attention_accumulator #(
      .Keys(Keys), .Words(Words), .Format(Format), .OperandBits(OperandBits)
    ) u_accumulator (
      .clk_i,
      .fire_i               (fire),
      .valid_i              (valid_q),
      .from_state_i         (from_state),
      .values_i             (element_values),
      .partial_i            (partial_data[e*AccumulatorBits +: AccumulatorBits]),
      .multiply_from_state_i(from_state_q[1]),
      .weights_i            (weights),
      .rescale_from_state_i (from_state_q[2]),
      .rescale_first_i      (first_q[2]),
      .rescale_word_i       (words_q[2*WordBits +: WordBits]),
      .distance_i           (distance),
      .state_distance_i     (state_distance),
      .write_word_i         (words_q[3*WordBits +: WordBits]),
      .read_word_i          (word_index(read_bank_i, read_context_i, read_chunk_i)),
      .accumulator_o        (accumulators_o[e*AccumulatorBits +: AccumulatorBits])
    );
  end

  assign busy_o = partial_valid | value_valid | value_scale_valid | control_busy;

endmodule
