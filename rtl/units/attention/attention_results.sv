// From accumulators to an output beat, three stages: read, multiplied by the reciprocal, rounded. A beat of a partial
// result goes through as it is.

module attention_results #(
  parameter int unsigned Dims = 16,
  parameter int unsigned Format = 1,
  parameter int unsigned OutputFormat = 0,
  localparam int unsigned AccumulatorBits = attention_pkg::accumulator_bits(Format),
  localparam int unsigned OutBits = Dims * AccumulatorBits,  // a state fits, too
  localparam int unsigned ReciprocalBits = attention_pkg::ReciprocalBits,
  localparam int unsigned ZeroCountBits = attention_pkg::ZeroCountBits
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      issue_i,
  input  logic                      partial_i,
  input  logic                      head_i,
  input  logic [OutBits-1:0]        accumulators_i,
  input  attention_pkg::state_t     state_i,
  input  logic [ReciprocalBits-1:0] reciprocal_i,
  input  logic [ZeroCountBits-1:0]  zeros_i,

  output logic                      push_o,
  output logic [OutBits-1:0]        beat_o
);

  localparam int unsigned MagnitudeBits = AccumulatorBits + ReciprocalBits;
  localparam int unsigned Unit = Format != 0 ? 24 : 0;  // accumulators count 2^-Unit
  localparam int unsigned Point = attention_pkg::ReciprocalPoint + Unit;
  localparam int unsigned ResultBits = 16;

  logic [1:0]                valid_d, valid_q, partial_d, partial_q;
  logic [OutBits-1:0]        read_d, read_q;
  logic [ReciprocalBits-1:0] reciprocal_q;
  logic [ZeroCountBits-1:0]  zeros1_q, zeros2_q;

  assign valid_d   = {valid_q[0], issue_i};
  assign partial_d = {partial_q[0], partial_i};
  assign read_d    = head_i ? OutBits'(state_i) : accumulators_i;

  logic [Dims*MagnitudeBits-1:0] multiplied_d, multiplied_q;  // or the beat of a partial result
  logic [Dims*MagnitudeBits-1:0] magnitudes;
  logic [Dims-1:0]               negative, negative_q;
  logic [Dims*ResultBits-1:0]    results;

  for (genvar e = 0; e < Dims; e++) begin : gen_element
    logic [AccumulatorBits-1:0] accumulator, magnitude;

    assign accumulator = read_q[e*AccumulatorBits +: AccumulatorBits];
    assign negative[e] = accumulator[AccumulatorBits-1];
    assign magnitude   = negative[e] ? -accumulator : accumulator;
    assign magnitudes[e*MagnitudeBits +: MagnitudeBits] = MagnitudeBits'(magnitude) * MagnitudeBits'(reciprocal_q);

    attention_round #(.MagnitudeBits(MagnitudeBits), .Point(Point), .OutputFormat(OutputFormat)) u_round (
      .negative_i (negative_q[e]),
      .magnitude_i(multiplied_q[e*MagnitudeBits +: MagnitudeBits]),
      .zeros_i    (zeros2_q),
      .result_o   (results[e*ResultBits +: ResultBits])
    );
  end

  assign multiplied_d = partial_q[0] ? (Dims*MagnitudeBits)'(read_q) : magnitudes;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid_d;
  end

  always_ff @(posedge clk_i) begin
    partial_q <= partial_d;
    if (issue_i) begin
      read_q       <= read_d;
      reciprocal_q <= reciprocal_i;
      zeros1_q     <= zeros_i;
    end
    if (valid_q[0]) begin
      multiplied_q <= multiplied_d;
      negative_q   <= negative;
      zeros2_q     <= zeros1_q;
    end
  end

  assign push_o = valid_q[1];
  assign beat_o = partial_q[1] ? multiplied_q[OutBits-1:0] : OutBits'(results);

endmodule
