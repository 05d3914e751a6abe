// All sums of activations with signs in which the first one is positive: sum j is a_0 plus, for k >= 1, +a_k if bit k - 1
// of j is set, else -a_k. The other half of all sums are the negated ones. 2^Terms - 2 adders, because sums that begin
// alike share their beginning.

module lut_core_sign_sums #(
  parameter int unsigned Terms = 2,
  parameter int unsigned ActBits = 8,
  localparam int unsigned Sums = 2**(Terms - 1),
  localparam int unsigned SumBits = ActBits + $clog2(Terms)  // -2^(ActBits-1) * Terms is the extreme
) (
  input  logic [Terms*ActBits-1:0] act_i,
  output logic [Sums*SumBits-1:0]  sums_o  // sum j: [j*SumBits +: SumBits]
);

  logic signed [ActBits-1:0] act;
  logic signed [SumBits-1:0] sum;

  always_comb begin
    act    = act_i[0 +: ActBits];
    sum    = SumBits'(act);
    sums_o = '0;
    sums_o[0 +: SumBits] = sum;
    for (int unsigned k = 1; k < Terms; k++) begin
      act = act_i[k*ActBits +: ActBits];
      for (int unsigned j = 0; j < 2**(k - 1); j++) begin
        sum = sums_o[j*SumBits +: SumBits];
        sums_o[(j + 2**(k - 1))*SumBits +: SumBits] = sum + SumBits'(act);
        sums_o[j*SumBits +: SumBits]                = sum - SumBits'(act);
      end
    end
  end

endmodule
