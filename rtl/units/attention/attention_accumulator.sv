// Accumulators of one element of the chunk, for both banks and all chunks and contexts: rescaled, and the values of a
// block added, each times the weight of its key, in five stages: operands, a wait for the weights, products, sum and
// rescaling, added. A partial result comes instead of the values of a block, and is rescaled instead of their sum.
//
// FP16 values are exact, in units of 2^-24: Arm's alternative half precision, exponent 31 is an ordinary exponent.

module attention_accumulator #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Words = 64,
  parameter int unsigned Format = 1,
  parameter int unsigned OperandBits = 16,  // of a value
  localparam int unsigned WordBits = attention_pkg::index_bits(Words),
  localparam int unsigned WeightBits = attention_pkg::WeightBits,
  localparam int unsigned DistanceBits = attention_pkg::DistanceBits,
  localparam int unsigned AccumulatorBits = attention_pkg::accumulator_bits(Format)
) (
  input  logic                        clk_i,

  // Of a fire, and what of the fires one to four cycles before is there: the newest in bit 0.
  input  logic                        fire_i,
  input  logic [3:0]                  valid_i,
  input  logic                        from_state_i,
  input  logic [Keys*OperandBits-1:0] values_i,
  input  logic [AccumulatorBits-1:0]  partial_i,

  // Two cycles after the fire.
  input  logic                        multiply_from_state_i,
  input  logic [Keys*WeightBits-1:0]  weights_i,

  // Three cycles after the fire.
  input  logic                        rescale_from_state_i,
  input  logic                        rescale_first_i,   // item of a pass: what was before is dropped
  input  logic [WordBits-1:0]         rescale_word_i,
  input  logic [DistanceBits-1:0]     distance_i,
  input  logic [DistanceBits-1:0]     state_distance_i,

  // Four cycles after the fire.
  input  logic [WordBits-1:0]         write_word_i,

  // Combinational.
  input  logic [WordBits-1:0]         read_word_i,
  output logic [AccumulatorBits-1:0]  accumulator_o
);
  // Compiled once for all instances, the lane stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  // An FP16 term: sign, places (0 to 30) by which it is above 2^-24, weight times significand.
  localparam int unsigned TermBits = Format != 0 ? 1 + 5 + WeightBits + 11 : WeightBits + OperandBits;
  localparam int unsigned SumBits = (Format != 0 ? 1 + 30 + WeightBits + 11 : TermBits) + $clog2(Keys);
  localparam int unsigned OperandWidth = Keys * OperandBits > AccumulatorBits ? Keys * OperandBits : AccumulatorBits;
  localparam int unsigned TermWidth = Keys * TermBits > AccumulatorBits ? Keys * TermBits : AccumulatorBits;

  function automatic logic [AccumulatorBits-1:0] rescale(logic signed [AccumulatorBits-1:0] sum,
                                                         logic [DistanceBits-1:0] distance);
    rescale = distance > DistanceBits'(AccumulatorBits) ? '0 : sum >>> distance;
  endfunction

  logic [OperandWidth-1:0] operands1_d, operands1_q, operands2_q;
  logic [Keys*TermBits-1:0] terms;
  logic [TermWidth-1:0]    terms_d, terms_q;
  logic [WeightBits-1:0]   weight;
  logic [SumBits-1:0]      sum;

  assign operands1_d = from_state_i ? OperandWidth'(partial_i) : OperandWidth'(values_i);
  assign terms_d     = multiply_from_state_i ? TermWidth'(operands2_q[AccumulatorBits-1:0]) : TermWidth'(terms);

  if (Format != 0) begin : gen_fp16
    logic [15:0]         value;
    logic [4:0]          place;
    logic [TermBits-7:0] magnitude;
    logic                negative;
    logic [SumBits-1:0]  placed;

    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        weight    = weights_i[i*WeightBits +: WeightBits];
        value     = operands2_q[i*OperandBits +: OperandBits];
        place     = value[14:10] == '0 ? '0 : value[14:10] - 5'd1;
        magnitude = (TermBits-6)'(weight) * (TermBits-6)'({value[14:10] != '0, value[9:0]});
        terms[i*TermBits +: TermBits] = {value[15], place, magnitude};
      end
    end

    logic [4:0]          term_place;
    logic [TermBits-7:0] term_magnitude;

    always_comb begin
      sum = '0;
      for (int unsigned i = 0; i < Keys; i++) begin
        {negative, term_place, term_magnitude} = terms_q[i*TermBits +: TermBits];
        placed = SumBits'(term_magnitude) << term_place;
        sum    = negative ? sum - placed : sum + placed;
      end
    end
  end else begin : gen_integer
    logic signed [OperandBits-1:0] value;
    logic signed [WeightBits:0]    factor;
    logic signed [TermBits-1:0]    product, term;

    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        weight  = weights_i[i*WeightBits +: WeightBits];
        factor  = {1'b0, weight};
        value   = operands2_q[i*OperandBits +: OperandBits];
        product = factor * value;
        terms[i*TermBits +: TermBits] = product;
      end
    end

    always_comb begin
      sum = '0;
      for (int unsigned i = 0; i < Keys; i++) begin
        term = terms_q[i*TermBits +: TermBits];
        sum  = sum + SumBits'(term);
      end
    end
  end

  logic [AccumulatorBits-1:0] accumulators_q [Words];
  logic [AccumulatorBits-1:0] before_d, before_q, added_d, added_q;

  assign before_d = rescale_first_i ? '0 : rescale(accumulators_q[rescale_word_i], distance_i);
  assign added_d  = rescale_from_state_i ? rescale(terms_q[AccumulatorBits-1:0], state_distance_i)
                                         : AccumulatorBits'($signed(sum));

  always_ff @(posedge clk_i) begin
    if (fire_i) operands1_q <= operands1_d;
    if (valid_i[0]) operands2_q <= operands1_q;
    if (valid_i[1]) terms_q <= terms_d;
    if (valid_i[2]) begin
      before_q <= before_d;
      added_q  <= added_d;
    end
    if (valid_i[3]) accumulators_q[write_word_i] <= before_q + added_q;
  end

  assign accumulator_o = accumulators_q[read_word_i];

endmodule
