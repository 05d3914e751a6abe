// From the sums of chunks to the score of one key, four stages: the sum of a group of chunks, times its multiplier, the
// sum of groups, rounded and saturated to SQ10.10. Contexts take turns, each has its own sums.

module attention_scale #(
  parameter int unsigned Contexts = 4,
  parameter int unsigned MaxChunks = 8,
  parameter int unsigned KvScales = 0,  // 0: all chunks are one group
  parameter int unsigned ChunkSumBits = 87,
  localparam int unsigned ContextBits = attention_pkg::index_bits(Contexts),
  localparam int unsigned MultiplierBits = attention_pkg::MultiplierBits,
  localparam int unsigned ShiftBits = attention_pkg::ShiftBits,
  localparam int unsigned ScoreBits = attention_pkg::ScoreBits
) (
  input  logic                      clk_i,

  input  logic                      sum_i,
  input  logic                      sum_replace_i,  // first chunk of a group
  input  logic [ContextBits-1:0]    sum_context_i,
  input  logic [ChunkSumBits-1:0]   chunk_sum_i,

  // The next cycle.
  input  logic                      multiply_i,
  input  logic [ContextBits-1:0]    multiply_context_i,
  input  logic [MultiplierBits-1:0] multiplier_i,

  // The next cycle.
  input  logic                      total_i,
  input  logic                      total_replace_i,  // first group
  input  logic [ContextBits-1:0]    total_context_i,

  // The next cycle.
  input  logic [ContextBits-1:0]    round_context_i,
  input  logic [ShiftBits-1:0]      shift_i,  // at least 1
  output logic [ScoreBits-1:0]      score_o
);

  localparam int unsigned SumBits = ChunkSumBits + $clog2(MaxChunks);
  localparam int unsigned TotalBits = SumBits + MultiplierBits;  // enough for all groups: they share the chunks
  localparam int unsigned HighBits = TotalBits - ScoreBits + 1;

  logic [SumBits-1:0]        sums_q [Contexts];
  logic signed [SumBits-1:0] chunk_sum, sum_d, group_sum;

  assign chunk_sum = SumBits'($signed(chunk_sum_i));
  assign sum_d     = (sum_replace_i ? '0 : sums_q[sum_context_i]) + chunk_sum;
  assign group_sum = sums_q[multiply_context_i];

  logic signed [MultiplierBits:0] multiplier;
  logic signed [TotalBits-1:0]    product_d, product_q;

  assign multiplier = {1'b0, multiplier_i};
  assign product_d  = group_sum * multiplier;

  always_ff @(posedge clk_i) begin
    if (sum_i) sums_q[sum_context_i] <= sum_d;
    if (multiply_i) product_q <= product_d;
  end

  logic signed [TotalBits-1:0] total;

  if (KvScales != 0) begin : gen_groups
    logic [TotalBits-1:0] totals_q [Contexts];

    always_ff @(posedge clk_i) begin
      if (total_i) begin
        totals_q[total_context_i] <= (total_replace_i ? '0 : totals_q[total_context_i]) + product_q;
      end
    end
    assign total = totals_q[round_context_i];
  end else begin : gen_group
    logic [TotalBits-1:0] total_q;
    logic                 unused_groups;

    always_ff @(posedge clk_i) begin
      if (total_i) total_q <= product_q;
    end
    assign total = total_q;
    assign unused_groups = total_replace_i ^ (^total_context_i) ^ (^round_context_i);
  end

  // Half up: the bit below the last one that stays is added.
  logic signed [TotalBits-1:0] shifted, rounded;
  logic                        fits;

  assign shifted = total >>> (shift_i - ShiftBits'(1));
  assign rounded = (shifted >>> 1) + TotalBits'(shifted[0]);
  assign fits    = rounded[TotalBits-1 -: HighBits] == '0 || rounded[TotalBits-1 -: HighBits] == '1;
  assign score_o = fits ? rounded[ScoreBits-1:0] : {rounded[TotalBits-1], {(ScoreBits-1){~rounded[TotalBits-1]}}};

endmodule
