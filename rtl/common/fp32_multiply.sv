// IEEE-754 binary32 product, rounded once, to nearest even, with subnormals. Every NaN result is the canonical
// 0x7fc00000. Two registers: f1 = exact product, f2 = rounded result; both hold while en_i is low.
//
// The product is normalised before f1 (subnormal factors shift it), so that f2 only chooses between two positions of
// the leading one, and shifts right where the result is subnormal.

module fp32_multiply (
  input  logic        clk_i,
  input  logic        en_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic [31:0] result_o
);

  localparam logic [31:0] CanonicalNan = 32'h7fc0_0000;

  // Leading zeros of a significand; only its value for a nonzero one matters.
  function automatic logic [4:0] leading_zeros(logic [23:0] significand);
    logic [31:0] rest;
    rest = {significand, 8'd0};
    leading_zeros = '0;
    for (int unsigned i = 0; i < 5; i++) begin
      if ((rest >> (32 - (16 >> i))) == '0) begin
        rest = rest << (16 >> i);
        leading_zeros[4-i] = 1'b1;
      end
    end
  endfunction

  // f1: product, sign and biased exponent, which belongs to bit 46 of the product.

  logic               a_zero, b_zero, a_inf, b_inf, a_nan, b_nan;
  logic        [23:0] a_significand, b_significand;
  logic        [4:0]  a_shift, b_shift;
  logic        [47:0] product_d, product_q;
  logic signed [10:0] product_exp_d, product_exp_q;
  logic               sign_d, sign_q, nan_d, nan_q, inf_d, inf_q, zero_d, zero_q;

  always_comb begin
    a_zero = a_i[30:0] == '0;
    b_zero = b_i[30:0] == '0;
    a_inf  = a_i[30:0] == {8'hff, 23'd0};
    b_inf  = b_i[30:0] == {8'hff, 23'd0};
    a_nan  = a_i[30:0] > {8'hff, 23'd0};
    b_nan  = b_i[30:0] > {8'hff, 23'd0};

    a_significand = {a_i[30:23] != '0, a_i[22:0]};
    b_significand = {b_i[30:23] != '0, b_i[22:0]};
    a_shift = leading_zeros(a_significand);
    b_shift = leading_zeros(b_significand);

    // A subnormal has the exponent of the smallest normal, that is 1.
    product_exp_d = 11'(a_i[30:23]) + 11'(a_i[30:23] == '0) - 11'(a_shift)
                  + 11'(b_i[30:23]) + 11'(b_i[30:23] == '0) - 11'(b_shift) - 11'd127;
    product_d = (48'(a_significand) * 48'(b_significand)) << (6'(a_shift) + 6'(b_shift));

    sign_d = a_i[31] ^ b_i[31];
    nan_d  = a_nan | b_nan | (a_inf & b_zero) | (a_zero & b_inf);
    inf_d  = a_inf | b_inf;
    zero_d = a_zero | b_zero;
  end

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      product_q     <= product_d;
      product_exp_q <= product_exp_d;
      sign_q        <= sign_d;
      nan_q         <= nan_d;
      inf_q         <= inf_d;
      zero_q        <= zero_d;
    end
  end

  // f2: leading one to bit 47 or, in subnormals, as far below it as the exponent is below 1; round, pack.

  logic signed [10:0] norm_exp;  // belongs to bit 47
  logic               subnormal;
  logic        [10:0] distance;
  logic        [5:0]  align;
  logic        [47:0] norm, aligned;
  logic               sticky, round_up;
  logic        [31:0] result_d, result_q;

  always_comb begin
    norm      = product_q[47] ? product_q : product_q << 1;
    norm_exp  = product_exp_q + 11'(product_q[47]);
    subnormal = norm_exp < 11'sd1;
    distance  = subnormal ? 11'd1 - norm_exp : 11'd0;
    align     = distance > 11'd63 ? 6'd63 : distance[5:0];  // from 26 on, all is below half of the last place
    aligned   = norm >> align;
    sticky    = (|aligned[22:0]) | (|(norm & ~({48{1'b1}} << align)));
    round_up  = aligned[23] & (sticky | aligned[24]);

    if (nan_q) begin
      result_d = CanonicalNan;
    end else if (inf_q || (!zero_q && norm_exp >= 11'sd255)) begin
      result_d = {sign_q, 8'hff, 23'd0};
    end else if (zero_q) begin
      result_d = {sign_q, 31'd0};
    end else begin
      // A carry out of the fraction increments the exponent: into the normals, or to infinity.
      result_d = {sign_q, {aligned[47] ? norm_exp[7:0] : 8'd0, aligned[46:24]} + 31'(round_up)};
    end
  end

  always_ff @(posedge clk_i) begin
    if (en_i) result_q <= result_d;
  end

  assign result_o = result_q;

endmodule
