// Weights of the keys of a block, five stages: bias and mask, maximum of the block, running maximum, table, shifted. A
// state of an earlier pass goes the same way, with its maximum for that of a block. The running maximum is an integer,
// so that what was summed before is rescaled by a shift.

module attention_softmax_pipeline #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Contexts = 4,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ScoreItemBits = attention_pkg::ScoreItemBits,
  localparam int unsigned MaskBits = attention_pkg::MaskBits,
  localparam int unsigned ItemBits = attention_pkg::item_bits(Keys)
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  // Of a fire.
  input  logic                          fire_i,
  input  logic [ContextBits-1:0]        context_i,
  input  logic                          first_i,       // of a pass
  input  logic                          from_state_i,
  input  attention_pkg::state_t         state_i,
  input  logic [Keys*ScoreItemBits-1:0] scores_i,
  input  logic                          masked_i,
  input  logic [Keys*MaskBits-1:0]      mask_i,

  output logic                          push_o,
  output logic [ItemBits-1:0]           item_o
);

  localparam int unsigned ScoreBits = attention_pkg::ScoreBits;
  localparam int unsigned FractionBits = 10;  // of a score
  localparam int unsigned MaximumBits = attention_pkg::MaximumBits;
  localparam int unsigned WeightBits = attention_pkg::WeightBits;
  localparam int unsigned RowSumBits = attention_pkg::RowSumBits;
  localparam int unsigned DistanceBits = attention_pkg::DistanceBits;
  localparam int unsigned PayloadBits = attention_pkg::payload_bits(Keys);
  localparam int unsigned KeyDistanceBits = MaximumBits + FractionBits;

  // What travels beside an item: word s-2 is that of stage s, stage 1 is the cycle of the fire.
  logic [3:0]               valid_d, valid_q, from_state_d, from_state_q;
  logic [1:0]               first_d, first_q;
  logic [2*ContextBits-1:0] contexts_d, contexts_q;
  logic [4*RowSumBits-1:0]  state_sums_d, state_sums_q;

  assign valid_d      = {valid_q[2:0], fire_i};
  assign from_state_d = {from_state_q[2:0], from_state_i};
  assign first_d      = {first_q[0], first_i};
  assign contexts_d   = {contexts_q[ContextBits-1:0], context_i};
  assign state_sums_d = {state_sums_q[3*RowSumBits-1:0], state_i.sum};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid_d;
  end

  always_ff @(posedge clk_i) begin
    from_state_q <= from_state_d;
    first_q      <= first_d;
    contexts_q   <= contexts_d;
    state_sums_q <= state_sums_d;
  end

  // Stage 1.
  logic signed [ScoreBits-1:0] score, bias;
  logic signed [ScoreBits:0]   biased;
  logic [Keys*ScoreBits-1:0]   scores1_d, scores1_q;
  logic [Keys-1:0]             counts1_d, counts1_q;
  logic [MaximumBits-1:0]      state_maximum_q;

  always_comb begin
    for (int unsigned i = 0; i < Keys; i++) begin
      score        = scores_i[i*ScoreItemBits +: ScoreBits];
      bias         = masked_i ? mask_i[i*MaskBits +: ScoreBits] : '0;
      biased       = (ScoreBits+1)'(score) + (ScoreBits+1)'(bias);
      counts1_d[i] = ~from_state_i & scores_i[i*ScoreItemBits + ScoreBits]
                   & (~masked_i | mask_i[i*MaskBits + ScoreBits]);
      scores1_d[i*ScoreBits +: ScoreBits]
          = biased[ScoreBits] == biased[ScoreBits-1] ? biased[ScoreBits-1:0]
                                                     : {biased[ScoreBits], {(ScoreBits-1){~biased[ScoreBits]}}};
    end
  end

  // Stage 2. The ceiling grows with its argument: that of the largest is the largest.
  logic signed [ScoreBits-1:0]   candidate, largest;
  logic signed [ScoreBits:0]     raised;
  logic                          any_d, any_q, some_key;
  logic signed [MaximumBits-1:0] own_d, own_q;  // maximum of the item
  logic [Keys*ScoreBits-1:0]     scores2_q;
  logic [Keys-1:0]               counts2_q;

  always_comb begin
    some_key = 1'b0;
    largest  = '0;
    for (int unsigned i = 0; i < Keys; i++) begin
      candidate = scores1_q[i*ScoreBits +: ScoreBits];
      if (counts1_q[i] && (!some_key || candidate > largest)) largest = candidate;
      some_key = some_key | counts1_q[i];
    end
    raised = (ScoreBits+1)'(largest) + (ScoreBits+1)'((1 << FractionBits) - 1);
    own_d  = from_state_q[0] ? state_maximum_q : MaximumBits'(raised >>> FractionBits);
    any_d  = from_state_q[0] ? state_sums_q[RowSumBits-1:0] != '0 : some_key;
  end

  // Stage 3.
  logic [ContextBits-1:0]        cxt;
  logic [Contexts-1:0]           counted_d, counted_q;  // something has, since the pass began
  logic [MaximumBits-1:0]        maxima_q [Contexts];
  logic                          counted;
  logic signed [MaximumBits-1:0] previous, maximum_d, maximum3_q, maximum4_q;
  logic [DistanceBits-1:0]       distance_d, distance3_q, distance4_q;
  logic [DistanceBits-1:0]       state_distance_d, state_distance3_q, state_distance4_q;
  logic [Keys*ScoreBits-1:0]     scores3_q;
  logic [Keys-1:0]               counts3_q, counts4_q;

  assign cxt = contexts_q[ContextBits +: ContextBits];

  always_comb begin
    counted    = counted_q[cxt] & ~first_q[1];
    previous   = first_q[1] ? '0 : maxima_q[cxt];
    maximum_d  = any_q && (!counted || own_q > previous) ? own_q : previous;
    distance_d = any_q && counted ? attention_pkg::distance(maximum_d, previous) : '0;
    // A state without a sum changes nothing: what it brings is rescaled to nothing.
    state_distance_d = any_q ? attention_pkg::distance(maximum_d, own_q) : attention_pkg::FarthestDistance;
    counted_d        = counted_q;
    if (valid_q[1]) counted_d[cxt] = counted | any_q;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) counted_q <= '0;
    else counted_q <= counted_d;
  end

  always_ff @(posedge clk_i) begin
    if (fire_i) begin
      scores1_q       <= scores1_d;
      counts1_q       <= counts1_d;
      state_maximum_q <= state_i.maximum;
    end
    if (valid_q[0]) begin
      scores2_q <= scores1_q;
      counts2_q <= counts1_q;
      own_q     <= own_d;
      any_q     <= any_d;
    end
    if (valid_q[1]) begin
      maxima_q[cxt]     <= maximum_d;
      scores3_q         <= scores2_q;
      counts3_q         <= counts2_q;
      maximum3_q        <= maximum_d;
      distance3_q       <= distance_d;
      state_distance3_q <= state_distance_d;
    end
    if (valid_q[2]) begin
      counts4_q         <= counts3_q;
      maximum4_q        <= maximum3_q;
      distance4_q       <= distance3_q;
      state_distance4_q <= state_distance3_q;
    end
  end

  // Stages 4 and 5.
  logic [Keys*WeightBits-1:0] weights;
  logic [RowSumBits-1:0]      state_sum;
  logic [PayloadBits-1:0]     payload;

  for (genvar i = 0; i < Keys; i++) begin : gen_key
    logic [KeyDistanceBits-1:0] key_distance;
    logic [ScoreBits-1:0]       key_score;
    logic [WeightBits-1:0]      weight;

    assign key_score    = scores3_q[i*ScoreBits +: ScoreBits];
    assign key_distance = {maximum3_q, FractionBits'(0)} - {key_score[ScoreBits-1], key_score};

    attention_exp2 #(.WeightBits(WeightBits)) u_exp2 (
      .clk_i,
      .table_i   (valid_q[2]),
      .distance_i(key_distance),
      .weight_o  (weight)
    );

    assign weights[i*WeightBits +: WeightBits] = counts4_q[i] ? weight : '0;
  end

  assign state_sum = state_sums_q[3*RowSumBits +: RowSumBits] >> state_distance4_q;
  assign payload   = from_state_q[3] ? PayloadBits'({state_distance4_q, state_sum}) : PayloadBits'(weights);
  assign item_o    = {maximum4_q, distance4_q, payload};
  assign push_o    = valid_q[3];

endmodule
