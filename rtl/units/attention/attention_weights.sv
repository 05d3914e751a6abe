// What all accumulators share of an item: its weights, times the fractions of the value scales, and the distances by which
// accumulators are rescaled; and the row sums and maxima of the contexts, in two banks like the accumulators. The item of
// a context is kept for the chunks after the first.

module attention_weights #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Contexts = 4,
  parameter int unsigned KvScales = 0,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned ItemBits = attention_pkg::item_bits(Keys),
  localparam int unsigned WeightBits = attention_pkg::WeightBits,
  localparam int unsigned FractionBits = attention_pkg::FractionBits,
  localparam int unsigned DistanceBits = attention_pkg::DistanceBits
) (
  input  logic                          clk_i,

  // Of a fire.
  input  logic                          fire_i,
  input  logic                          bank_i,
  input  logic [ContextBits-1:0]        context_i,
  input  logic                          first_chunk_i,
  input  logic                          first_i,           // item of a pass
  input  logic                          from_state_i,
  input  logic [ItemBits-1:0]           item_i,            // of the first chunk
  input  logic                          scaled_i,
  input  logic [Keys*FractionBits-1:0]  fractions_i,

  // Two cycles after the fire.
  output logic [Keys*WeightBits-1:0]    weights_o,
  // Three cycles after the fire.
  output logic [DistanceBits-1:0]       distance_o,        // of what was summed before
  output logic [DistanceBits-1:0]       state_distance_o,  // of what a state brings

  // Combinational.
  input  logic                          read_bank_i,
  input  logic [ContextBits-1:0]        read_context_i,
  output attention_pkg::state_t         state_o
);

  localparam int unsigned RowSumBits = attention_pkg::RowSumBits;
  localparam int unsigned MaximumBits = attention_pkg::MaximumBits;
  localparam int unsigned PayloadBits = attention_pkg::payload_bits(Keys);
  localparam int unsigned KeptBits = PayloadBits + DistanceBits;
  localparam int unsigned Rows = 2 * Contexts;
  localparam int unsigned RowIndexBits = attention_pkg::index_bits(Rows);

  function automatic logic [RowIndexBits-1:0] row_index(logic bank, logic [ContextBits-1:0] cxt);
    row_index = RowIndexBits'(32'(bank) * Contexts + 32'(cxt));
  endfunction

  // Stage 1.
  logic [KeptBits-1:0]     kept_q [Contexts];
  logic [KeptBits-1:0]     present;
  logic [PayloadBits-1:0]  payload1_q;
  logic [DistanceBits-1:0] distance1_q;
  logic [MaximumBits-1:0]  maximum1_q;
  logic [RowIndexBits-1:0] row1_q;
  logic                    valid1_q, sum1_q, first1_q, from_state1_q;

  assign present = first_chunk_i ? item_i[KeptBits-1:0] : kept_q[context_i];

  always_ff @(posedge clk_i) begin
    valid1_q <= fire_i;
    sum1_q   <= fire_i & first_chunk_i;
    if (fire_i && first_chunk_i) kept_q[context_i] <= present;
    if (fire_i) begin
      {distance1_q, payload1_q} <= present;
      maximum1_q                <= item_i[KeptBits +: MaximumBits];
      row1_q                    <= row_index(bank_i, context_i);
      first1_q                  <= first_i;
      from_state1_q             <= from_state_i;
    end
  end

  // Stage 2: weights times fractions, half up; sum of the block.
  logic [Keys*WeightBits-1:0] weights_d, weights2_q;
  logic [RowSumBits-1:0]      sum_d, sum2_q;
  logic [DistanceBits-1:0]    distance2_q, state_distance2_q;
  logic [MaximumBits-1:0]     maximum2_q;
  logic [RowIndexBits-1:0]    row2_q;
  logic                       valid2_q, do_sum2_q, first2_q;

  if (KvScales != 0) begin : gen_fractions
    localparam int unsigned ScaledBits = WeightBits + FractionBits;
    logic [Keys*FractionBits-1:0] fractions_q;
    logic                         scaled_q;
    logic [ScaledBits-1:0]        scaled;

    always_ff @(posedge clk_i) begin
      if (fire_i) begin
        fractions_q <= fractions_i;
        scaled_q    <= scaled_i;
      end
    end

    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        scaled = ScaledBits'(payload1_q[i*WeightBits +: WeightBits])
               * ScaledBits'(fractions_q[i*FractionBits +: FractionBits]) + ScaledBits'(1 << (FractionBits - 1));
        weights_d[i*WeightBits +: WeightBits] = scaled_q ? WeightBits'(scaled >> FractionBits)
                                                         : payload1_q[i*WeightBits +: WeightBits];
      end
    end
  end else begin : gen_no_fractions
    logic unused_fractions;
    assign unused_fractions = scaled_i ^ (^fractions_i);
    assign weights_d = payload1_q[Keys*WeightBits-1:0];
  end

  always_comb begin
    sum_d = '0;
    for (int unsigned i = 0; i < Keys; i++) sum_d = sum_d + RowSumBits'(payload1_q[i*WeightBits +: WeightBits]);
    if (from_state1_q) sum_d = payload1_q[RowSumBits-1:0];
  end

  // Stage 3: the row sum, rescaled and added. Its maximum belongs to it.
  logic [RowSumBits-1:0]   sums_q [Rows];
  logic [MaximumBits-1:0]  maxima_q [Rows];
  logic [RowSumBits-1:0]   row_sum_d;
  logic [DistanceBits-1:0] distance3_q, state_distance3_q;

  assign row_sum_d = (first2_q ? '0 : sums_q[row2_q] >> distance2_q) + sum2_q;

  always_ff @(posedge clk_i) begin
    valid2_q  <= valid1_q;
    do_sum2_q <= sum1_q;
    if (valid1_q) begin
      weights2_q        <= weights_d;
      sum2_q            <= sum_d;
      distance2_q       <= distance1_q;
      state_distance2_q <= payload1_q[RowSumBits +: DistanceBits];
      maximum2_q        <= maximum1_q;
      row2_q            <= row1_q;
      first2_q          <= first1_q;
    end
    if (do_sum2_q) begin
      sums_q[row2_q]   <= row_sum_d;
      maxima_q[row2_q] <= maximum2_q;
    end
    if (valid2_q) begin
      distance3_q       <= distance2_q;
      state_distance3_q <= state_distance2_q;
    end
  end

  assign weights_o        = weights2_q;
  assign distance_o       = distance3_q;
  assign state_distance_o = state_distance3_q;
  assign state_o          = {maxima_q[row_index(read_bank_i, read_context_i)],
                             sums_q[row_index(read_bank_i, read_context_i)]};

endmodule
