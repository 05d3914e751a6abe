// IEEE-754 binary32 fused multiply-add, a * b + c rounded once, to nearest even, with subnormals.
// Every NaN result is the canonical 0x7fc00000. Three registers: f1 = product, f2 = aligned sum, f3 = rounded result;
// all of them hold while en_i is low.
//
// The product is normalised (subnormal factors shift it), so that 52 bits suffice for the sum: the operand with the
// larger exponent stands at the top, the other one is shifted right and its lost bits are collected ("jammed") in
// bit 0. Bits are lost only where the leading one of the sum is at most one place below the top, or where they lie
// below half of the smallest subnormal, hence the jammed bit is always below the rounding position.

module fp32_fma (
  input  logic        clk_i,
  input  logic        en_i,
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  input  logic [31:0] c_i,
  output logic [31:0] result_o
);

  localparam int unsigned SumBits = 52;
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

  // f1: product, sign and exponent; exponents are biased ones, that of the product belongs to its bit 46.

  logic               a_zero, b_zero, a_inf, b_inf, c_inf, a_nan, b_nan, c_nan;
  logic        [23:0] a_significand, b_significand;
  logic        [4:0]  a_shift, b_shift;
  logic        [47:0] product_d, product_q;
  logic signed [10:0] product_exp_d, product_exp_q;
  logic               product_sign_d, product_sign_q;
  logic        [23:0] c_significand_d, c_significand_q;
  logic        [7:0]  c_exp_d, c_exp_q;
  logic               c_sign_q;
  logic               nan_d, inf_d, inf_sign_d;
  logic               f1_nan_q, f1_inf_q, f1_inf_sign_q;

  always_comb begin
    a_zero = a_i[30:0] == '0;
    b_zero = b_i[30:0] == '0;
    a_inf  = a_i[30:0] == {8'hff, 23'd0};
    b_inf  = b_i[30:0] == {8'hff, 23'd0};
    c_inf  = c_i[30:0] == {8'hff, 23'd0};
    a_nan  = a_i[30:0] > {8'hff, 23'd0};
    b_nan  = b_i[30:0] > {8'hff, 23'd0};
    c_nan  = c_i[30:0] > {8'hff, 23'd0};

    a_significand   = {a_i[30:23] != '0, a_i[22:0]};
    b_significand   = {b_i[30:23] != '0, b_i[22:0]};
    c_significand_d = {c_i[30:23] != '0, c_i[22:0]};
    a_shift = leading_zeros(a_significand);
    b_shift = leading_zeros(b_significand);

    // A subnormal has the exponent of the smallest normal, that is 1.
    c_exp_d = c_i[30:23] == '0 ? 8'd1 : c_i[30:23];
    product_exp_d = 11'(a_i[30:23]) + 11'(a_i[30:23] == '0) - 11'(a_shift)
                  + 11'(b_i[30:23]) + 11'(b_i[30:23] == '0) - 11'(b_shift) - 11'd127;
    product_d = (48'(a_significand) * 48'(b_significand)) << (6'(a_shift) + 6'(b_shift));
    product_sign_d = a_i[31] ^ b_i[31];

    inf_d      = a_inf | b_inf | c_inf;
    inf_sign_d = c_inf ? c_i[31] : product_sign_d;
    nan_d      = a_nan | b_nan | c_nan | (a_inf & b_zero) | (a_zero & b_inf)
               | (c_inf & (a_inf | b_inf) & (product_sign_d ^ c_i[31]));
  end

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      product_q       <= product_d;
      product_exp_q   <= product_exp_d;
      product_sign_q  <= product_sign_d;
      c_significand_q <= c_significand_d;
      c_exp_q         <= c_exp_d;
      c_sign_q        <= c_i[31];
      f1_nan_q        <= nan_d;
      f1_inf_q        <= inf_d;
      f1_inf_sign_q   <= inf_sign_d;
    end
  end

  // f2: magnitude and sign of the aligned sum; its exponent belongs to bit 51 and is at least 1, as that of c is.

  logic signed [10:0]        c_above;  // how far the top of c is above the top (bit 47) of the product
  logic                      c_on_top;
  logic        [10:0]        distance;
  logic        [5:0]         align;
  logic        [SumBits-1:0] upper, lower, jammed;
  logic                      subtract, borrow;
  logic signed [SumBits+1:0] difference;
  logic        [SumBits:0]   sum_d, sum_q;
  logic        [8:0]         sum_exp_d, sum_exp_q;
  logic                      sum_sign_d, sum_sign_q;
  logic                      f2_nan_q, f2_inf_q;

  always_comb begin
    c_above  = 11'(c_exp_q) - product_exp_q - 11'sd1;
    c_on_top = c_above > 0 || product_q == '0;
    distance = c_on_top ? c_above : -c_above;
    align    = distance > 11'd63 ? 6'd63 : distance[5:0];

    upper  = c_on_top ? {c_significand_q, 28'd0} : {product_q, 4'd0};
    lower  = c_on_top ? {product_q, 4'd0} : {c_significand_q, 28'd0};
    jammed = lower >> align;
    jammed[0] = jammed[0] | (|(lower & ~({SumBits{1'b1}} << align)));

    subtract   = product_sign_q ^ c_sign_q;
    difference = {2'b00, upper} - {2'b00, jammed};
    borrow     = subtract & difference[SumBits+1];
    if (!subtract) begin
      sum_d = {1'b0, upper} + {1'b0, jammed};
    end else begin
      sum_d = (SumBits+1)'(borrow ? -difference : difference);
    end
    sum_exp_d = c_on_top ? 9'(c_exp_q) : 9'(product_exp_q + 11'sd1);

    if (f1_inf_q) begin
      sum_sign_d = f1_inf_sign_q;
    end else if (sum_d == '0) begin
      sum_sign_d = product_sign_q & c_sign_q;  // x - x = +0
    end else begin
      sum_sign_d = (c_on_top ? c_sign_q : product_sign_q) ^ borrow;
    end
  end

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      sum_q      <= sum_d;
      sum_exp_q  <= sum_exp_d;
      sum_sign_q <= sum_sign_d;
      f2_nan_q   <= f1_nan_q;
      f2_inf_q   <= f1_inf_q;
    end
  end

  // f3: normalise (not below the exponent of the subnormals), round, pack.

  logic [63:0] search;
  logic [5:0]  zeros, shift;
  logic [52:0] norm;
  logic [8:0]  norm_exp;
  logic        round_up;
  logic [31:0] result_d, result_q;

  always_comb begin
    search = {sum_q, 11'd0};
    zeros = '0;
    for (int unsigned i = 0; i < 6; i++) begin
      if ((search >> (64 - (32 >> i))) == '0) begin
        search = search << (32 >> i);
        zeros[5-i] = 1'b1;
      end
    end
    shift = 9'(zeros) > sum_exp_q ? sum_exp_q[5:0] : zeros;
    norm = sum_q << shift;
    norm_exp = norm[52] ? sum_exp_q + 9'd1 - 9'(shift) : 9'd0;
    round_up = norm[28] & ((|norm[27:0]) | norm[29]);

    if (f2_nan_q) begin
      result_d = CanonicalNan;
    end else if (f2_inf_q || norm_exp >= 9'd255) begin
      result_d = {sum_sign_q, 8'hff, 23'd0};
    end else begin
      // A carry out of the fraction increments the exponent: into the normals, or to infinity.
      result_d = {sum_sign_q, {norm_exp[7:0], norm[51:29]} + 31'(round_up)};
    end
  end

  always_ff @(posedge clk_i) begin
    if (en_i) result_q <= result_d;
  end

  assign result_o = result_q;

endmodule
