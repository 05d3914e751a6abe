// The record between fp16_product and fp16_dot_accumulate.

// Every Verilog top is compiled together with the packages of rtl/common, and most do not use this one.
/* verilator lint_off UNUSEDPARAM */
package fp16_dot_pkg;

  // An exact product, from bit 28 down to bit 0: significand * 2^(exponent - 50), of this sign.
  typedef struct packed {
    logic        sign;
    logic [5:0]  exponent;     // sum of the factors' biased exponents, 2 to 60; 0: the product is zero
    logic [21:0] significand;  // product of the factors' significands; bit 20 or 21 leads if both are normal
  } product_t;
  localparam int unsigned ProductBits = 29;

  localparam logic [5:0] Special = 6'd63;  // exponent of infinity (significand 0) and NaN (any other)

endpackage
/* verilator lint_on UNUSEDPARAM */
