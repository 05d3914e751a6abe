// Scores of the keys of a block, seven stages: operands, products, sum of the chunk, sum of the group, multiplied, sum
// of groups, rounded. A chunk enters with every fire; the last one of a block pushes the scores, and beside each of
// them whether the row sees the key.

module attention_scores_pipeline #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Dims = 16,
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned Format = 1,
  parameter int unsigned KvBits = 8,
  parameter int unsigned KvScales = 0,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned QueryWidth = Dims * attention_pkg::query_bits(Format),
  localparam int unsigned OperandBits = attention_pkg::operand_bits(Format, KvBits, KvScales),
  localparam int unsigned MultiplierBits = attention_pkg::MultiplierBits,
  localparam int unsigned ShiftBits = attention_pkg::ShiftBits,
  localparam int unsigned ItemBits = attention_pkg::ScoreItemBits,
  localparam int unsigned BlockCountBits = attention_pkg::BlockCountBits
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  // Of a fire.
  input  logic                             fire_i,
  input  logic [ContextBits-1:0]           context_i,
  input  logic                             first_chunk_i,
  input  logic                             group_last_i,
  input  logic                             first_group_i,
  input  logic                             last_i,
  input  logic [BlockCountBits-1:0]        block_i,
  input  attention_pkg::row_t              row_i,
  input  logic [QueryWidth-1:0]            query_i,
  input  logic [Keys*Dims*OperandBits-1:0] keys_i,
  input  logic [Keys*MultiplierBits-1:0]   multipliers_i,  // one for all if keys have no scales
  input  logic [ShiftBits-1:0]             shift_i,

  output logic                             push_o,
  output logic [Keys*ItemBits-1:0]         scores_o,
  output logic                             busy_o
);

  localparam int unsigned QueryBits = attention_pkg::query_bits(Format);
  localparam int unsigned ScoreBits = attention_pkg::ScoreBits;
  localparam int unsigned ChunkSumBits = Format != 0 ? 83 + $clog2(Dims) : QueryBits + OperandBits + $clog2(Dims);
  localparam int unsigned KeyNumberBits = BlockCountBits + $clog2(Keys) + 1;

  // What travels beside a chunk. Stage s, one cycle after stage s-1, sees word s-2; stage 1 is the cycle of the fire.
  localparam int unsigned TagBits = ContextBits + 4;
  localparam int unsigned MultiplierWidth = KvScales != 0 ? Keys * MultiplierBits : MultiplierBits;
  logic [5:0]                   valid_d, valid_q;
  logic [6*TagBits-1:0]         tags_d, tags_q;
  logic [4*MultiplierWidth-1:0] multipliers_d, multipliers_q;
  logic [6*ShiftBits-1:0]       shifts_d, shifts_q;
  logic [6*Keys-1:0]            sees_d, sees_q;

  // Key i of block n has the number n*Keys+i.
  logic [KeyNumberBits-1:0] number;
  logic [Keys-1:0]          sees;

  always_comb begin
    for (int unsigned i = 0; i < Keys; i++) begin
      number  = KeyNumberBits'(32'(block_i) * Keys + i);
      sees[i] = number < KeyNumberBits'(row_i.to)
              && (number >= KeyNumberBits'(row_i.from) || number < KeyNumberBits'(row_i.sink));
    end
  end

  assign valid_d       = {valid_q[4:0], fire_i};
  assign tags_d        = {tags_q[5*TagBits-1:0], first_chunk_i, group_last_i, first_group_i, last_i, context_i};
  assign multipliers_d = {multipliers_q[3*MultiplierWidth-1:0], multipliers_i[MultiplierWidth-1:0]};
  assign shifts_d      = {shifts_q[5*ShiftBits-1:0], shift_i};
  assign sees_d        = {sees_q[5*Keys-1:0], sees};

  logic [QueryWidth-1:0]            query_q;
  logic [Keys*Dims*OperandBits-1:0] keys_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid_d;
  end

  always_ff @(posedge clk_i) begin
    tags_q        <= tags_d;
    multipliers_q <= multipliers_d;
    shifts_q      <= shifts_d;
    sees_q        <= sees_d;
    if (fire_i) begin
      query_q <= query_i;
      keys_q  <= keys_i;
    end
  end

  // Stages 4 to 7.
  logic [ContextBits-1:0]     sum_context, multiply_context, total_context, round_context;
  logic                       sum_replace, multiply, total, total_replace, last;
  logic [MultiplierWidth-1:0] multipliers;
  logic [ShiftBits-1:0]       shift;

  assign sum_context      = tags_q[2*TagBits +: ContextBits];
  assign sum_replace      = tags_q[2*TagBits + ContextBits + 3];
  assign multiply_context = tags_q[3*TagBits +: ContextBits];
  assign multiply         = tags_q[3*TagBits + ContextBits + 2] & valid_q[3];
  assign multipliers      = multipliers_q[3*MultiplierWidth +: MultiplierWidth];
  assign total_context    = tags_q[4*TagBits +: ContextBits];
  assign total            = tags_q[4*TagBits + ContextBits + 2] & valid_q[4];
  assign total_replace    = tags_q[4*TagBits + ContextBits + 1];
  assign round_context    = tags_q[5*TagBits +: ContextBits];
  assign last             = tags_q[5*TagBits + ContextBits];
  assign shift            = shifts_q[5*ShiftBits +: ShiftBits];

  for (genvar i = 0; i < Keys; i++) begin : gen_key
    logic [ChunkSumBits-1:0]   chunk_sum;
    logic [MultiplierBits-1:0] multiplier;

    if (Format != 0) begin : gen_fp16
      attention_fp16_dot #(.Dims(Dims)) u_dot (
        .clk_i,
        .multiply_i(valid_q[0]),
        .query_i   (query_q),
        .key_i     (keys_q[i*Dims*OperandBits +: Dims*OperandBits]),
        .add_i     (valid_q[1]),
        .sum_o     (chunk_sum)
      );
    end else begin : gen_integer
      attention_dot #(.Dims(Dims), .QueryBits(QueryBits), .KeyBits(OperandBits)) u_dot (
        .clk_i,
        .multiply_i(valid_q[0]),
        .query_i   (query_q),
        .key_i     (keys_q[i*Dims*OperandBits +: Dims*OperandBits]),
        .add_i     (valid_q[1]),
        .sum_o     (chunk_sum)
      );
    end

    if (KvScales != 0) begin : gen_scale
      assign multiplier = multipliers[i*MultiplierBits +: MultiplierBits];
    end else begin : gen_common
      assign multiplier = multipliers;
    end

    attention_scale #(
      .Contexts(Contexts), .MaxChunks(MaxChunks), .KvScales(KvScales), .ChunkSumBits(ChunkSumBits)
    ) u_scale (
      .clk_i,
      .sum_i             (valid_q[2]),
      .sum_replace_i     (sum_replace),
      .sum_context_i     (sum_context),
      .chunk_sum_i       (chunk_sum),
      .multiply_i        (multiply),
      .multiply_context_i(multiply_context),
      .multiplier_i      (multiplier),
      .total_i           (total),
      .total_replace_i   (total_replace),
      .total_context_i   (total_context),
      .round_context_i   (round_context),
      .shift_i           (shift),
      .score_o           (scores_o[i*ItemBits +: ScoreBits])
    );

    assign scores_o[i*ItemBits + ScoreBits] = sees_q[5*Keys + i];
  end

  assign push_o = valid_q[5] & last;
  assign busy_o = |valid_q;

  if (KvScales == 0) begin : gen_one_multiplier
    logic unused_multipliers;
    assign unused_multipliers = ^multipliers_i;
  end

endmodule
