// Serial divider: R = floor(2^Point / (l << z)) for a row sum l that is not 0, z its leading zeros. Started in cycle t, it
// makes a bit in each of t+1 to t+18, and holds R from t+19 on, until R is taken; it can start in the cycle after that.
// Twin: reciprocal() of sim/numeric/attention_arithmetic.h. Of l = 0, R means nothing.

`include "assertions.svh"

module attention_reciprocal #(
  parameter int unsigned SumBits = 40,
  localparam int unsigned QuotientBits = 18,
  localparam int unsigned ZeroCountBits = 6
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  output logic                     idle_o,
  input  logic                     start_i,
  input  logic [SumBits-1:0]       sum_i,

  output logic                     done_o,
  input  logic                     take_i,
  output logic [QuotientBits-1:0]  reciprocal_o,
  output logic [ZeroCountBits-1:0] zeros_o
);

  localparam int unsigned Point = SumBits + QuotientBits - 2;  // R is 2^Point over a number of SumBits bits
  localparam int unsigned RemainderBits = SumBits + 1;
  localparam logic [4:0]  Steps = 5'(QuotientBits);

  logic                     busy_d, busy_q;
  logic [4:0]               steps_d, steps_q;  // that are left
  logic [SumBits-1:0]       divisor_d, divisor_q;
  logic [ZeroCountBits-1:0] zeros_d, zeros_q;
  logic [RemainderBits-1:0] remainder_d, remainder_q, doubled, divisor;
  logic [QuotientBits-1:0]  quotient_d, quotient_q;

  assign idle_o       = ~busy_q;
  assign done_o       = busy_q & (steps_q == '0);
  assign reciprocal_o = quotient_q;
  assign zeros_o      = zeros_q;
  assign doubled      = remainder_q << 1;
  assign divisor      = {1'b0, divisor_q};

  always_comb begin
    busy_d      = busy_q;
    steps_d     = steps_q;
    divisor_d   = divisor_q;
    zeros_d     = zeros_q;
    remainder_d = remainder_q;
    quotient_d  = quotient_q;
    if (busy_q && steps_q != '0) begin
      steps_d     = steps_q - 5'd1;
      remainder_d = doubled >= divisor ? doubled - divisor : doubled;
      quotient_d  = {quotient_q[QuotientBits-2:0], doubled >= divisor};
    end
    if (take_i) busy_d = 1'b0;
    if (start_i) begin
      busy_d      = 1'b1;
      steps_d     = Steps;
      divisor_d   = sum_i;
      zeros_d     = '0;
      // Binary search for the leading one: shifter and leading-zero counter in one.
      for (int unsigned step = 32; step != 0; step = step / 2) begin
        if ((divisor_d >> (SumBits - step)) == '0) begin
          divisor_d = divisor_d << step;
          zeros_d   = zeros_d + ZeroCountBits'(step);
        end
      end
      // The bits of 2^Point above those of the quotient are less than any divisor.
      remainder_d = RemainderBits'(1) << (Point - QuotientBits);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) busy_q <= 1'b0;
    else busy_q <= busy_d;
  end

  always_ff @(posedge clk_i) begin
    steps_q     <= steps_d;
    divisor_q   <= divisor_d;
    zeros_q     <= zeros_d;
    remainder_q <= remainder_d;
    quotient_q  <= quotient_d;
  end

  `ASSERT(StartsWhenIdle, !start_i || idle_o)
  `ASSERT(TakesWhatIsDone, !take_i || done_o)

endmodule
