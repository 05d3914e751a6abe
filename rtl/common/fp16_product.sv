// The exact product of two IEEE-754 binary16 numbers as fp16_dot_accumulate adds it, combinational: the significands
// multiplied, the exponents added, nothing normalised. Twin: fp16_product() of sim/numeric/fp16_dot.h.

module fp16_product (
  input  logic [15:0]                          a_i,
  input  logic [15:0]                          b_i,
  output logic [fp16_dot_pkg::ProductBits-1:0] product_o
);

  logic                   a_zero, b_zero, a_special, b_special, a_nan, b_nan, nan;
  fp16_dot_pkg::product_t product;

  assign a_zero    = a_i[14:0] == '0;
  assign b_zero    = b_i[14:0] == '0;
  assign a_special = a_i[14:10] == '1;
  assign b_special = b_i[14:10] == '1;
  assign a_nan     = a_special & (|a_i[9:0]);
  assign b_nan     = b_special & (|b_i[9:0]);
  assign nan       = a_nan | b_nan | (a_special & b_zero) | (a_zero & b_special);

  // A subnormal has the exponent of the smallest normal, that is 1.
  always_comb begin
    product.sign        = a_i[15] ^ b_i[15];
    product.exponent    = 6'(a_i[14:10]) + 6'(a_i[14:10] == '0) + 6'(b_i[14:10]) + 6'(b_i[14:10] == '0);
    product.significand = 22'({a_i[14:10] != '0, a_i[9:0]}) * 22'({b_i[14:10] != '0, b_i[9:0]});
    if (a_special || b_special) begin
      product.exponent    = fp16_dot_pkg::Special;
      product.significand = 22'(nan);
    end else if (a_zero || b_zero) begin
      product.exponent = '0;
    end
  end

  assign product_o = product;

endmodule
