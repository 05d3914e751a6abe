// One step of a dot product as floating-point tensor cores make it, combinational: a binary32 sum and exact products of
// binary16 numbers are cut to a common grid, 26 places below the largest exponent among them, added without a
// rounding, and the result is rounded once, to nearest even. Twin: fp16_dot_accumulate() of sim/numeric/fp16_dot.h.
//
// Beside a product that is not zero no result is subnormal (the grid is 2^-54 or coarser) and none overflows (where the
// sum could, every product is cut to nothing). Without such a product the sum stays what it is.

`include "assertions.svh"

module fp16_dot_accumulate #(
  parameter int unsigned Products /*verilator public_flat_rd*/ = 4,
  localparam int unsigned TermBits = Products * fp16_dot_pkg::ProductBits
) (
  input  logic [31:0]         acc_i,
  input  logic [TermBits-1:0] products_i,  // product k: [k*ProductBits +: ProductBits]
  output logic [31:0]         acc_o
);

  localparam int unsigned GridBits = 26;  // places below the bit that the largest exponent belongs to
  localparam int unsigned CutBits = GridBits + 2;  // a product has two bits above the point
  localparam int unsigned MagnitudeBits = CutBits + $clog2(Products + 1);
  localparam int unsigned SumBits = MagnitudeBits + 1;
  localparam logic [7:0] ProductBias = 8'd97;  // biased exponent of a product in binary32, less that of the product
  localparam logic [31:0] CanonicalNan = 32'h7fc0_0000;

  // A magnitude in units of the grid, cut toward zero; its own exponent is `distance` below the largest.
  function automatic logic [CutBits-1:0] cut(logic [CutBits-1:0] magnitude, logic [7:0] distance);
    cut = distance > 8'd31 ? '0 : magnitude >> distance[4:0];
  endfunction

  fp16_dot_pkg::product_t product;
  logic [Products*8-1:0]  exponents;  // of the products, biased as in binary32; 0: zero
  logic [7:0]             acc_exponent, exponent, largest;
  logic                   any_product, any_nan, plus_infinity, minus_infinity, acc_special;

  always_comb begin
    acc_special    = acc_i[30:23] == '1;
    acc_exponent   = acc_i[30:23] == '0 ? 8'(|acc_i[22:0]) : acc_i[30:23];
    largest        = acc_exponent;
    any_product    = 1'b0;
    any_nan        = acc_special & (|acc_i[22:0]);
    plus_infinity  = acc_special & ~acc_i[31];
    minus_infinity = acc_special & acc_i[31];
    for (int unsigned k = 0; k < Products; k++) begin
      product     = products_i[k*fp16_dot_pkg::ProductBits +: fp16_dot_pkg::ProductBits];
      exponent    = product.exponent == '0 ? '0 : 8'(product.exponent) + ProductBias;
      any_product = any_product | (product.exponent != '0);
      exponents[k*8 +: 8] = exponent;
      if (exponent > largest) largest = exponent;
      if (product.exponent == fp16_dot_pkg::Special) begin
        any_nan        = any_nan | (|product.significand);
        plus_infinity  = plus_infinity | ~product.sign;
        minus_infinity = minus_infinity | product.sign;
      end
    end
  end

  // The exact sum on the grid.
  logic               term_sign;
  logic [21:0]        term_significand;
  logic [CutBits-1:0] on_grid;
  logic [SumBits-1:0] sum;

  always_comb begin
    on_grid = cut({1'b0, acc_i[30:23] != '0, acc_i[22:0], 3'd0}, largest - acc_exponent);
    sum     = (SumBits'(on_grid) ^ {SumBits{acc_i[31]}}) + SumBits'(acc_i[31]);
    for (int unsigned k = 0; k < Products; k++) begin
      term_sign        = products_i[k*fp16_dot_pkg::ProductBits + fp16_dot_pkg::ProductBits - 1];
      term_significand = products_i[k*fp16_dot_pkg::ProductBits +: 22];
      on_grid = cut({term_significand, 6'd0}, largest - exponents[k*8 +: 8]);
      sum     = sum + (SumBits'(on_grid) ^ {SumBits{term_sign}}) + SumBits'(term_sign);
    end
  end

  // Normalised, rounded, packed.
  logic [MagnitudeBits-1:0] norm;
  logic [7:0]               result_exponent;
  logic                     round_up;

  always_comb begin
    norm            = MagnitudeBits'(sum[SumBits-1] ? -sum : sum);
    result_exponent = largest + 8'(MagnitudeBits - 1 - GridBits);
    for (int unsigned step = 16; step != 0; step = step / 2) begin
      if ((norm >> (MagnitudeBits - step)) == '0) begin
        norm            = norm << step;
        result_exponent = result_exponent - 8'(step);
      end
    end
    round_up = norm[MagnitudeBits-25] & ((|norm[MagnitudeBits-26:0]) | norm[MagnitudeBits-24]);

    if (any_nan || (plus_infinity && minus_infinity)) begin
      acc_o = CanonicalNan;
    end else if (plus_infinity || minus_infinity) begin
      acc_o = {minus_infinity, 8'hff, 23'd0};
    end else if (!any_product) begin
      acc_o = {acc_i[31] & (|acc_i[30:0]), acc_i[30:0]};
    end else if (sum == '0) begin
      acc_o = '0;
    end else begin
      // A carry out of the fraction increments the exponent, as it should.
      acc_o = {sum[SumBits-1], {result_exponent, norm[MagnitudeBits-2 -: 23]} + 31'(round_up)};
    end
  end

  `ASSERT_PARAMETER(LegalProducts, Products >= 1 && Products <= 7)

endmodule
