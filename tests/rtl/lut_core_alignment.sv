// Test only: the leaves that turn floating-point activations into integers, once for every format and width that is
// possible, on shared inputs. Variant v: 0 fp8_e4m3 in 8 bits, 1 in 16; 2 fp8_e5m2 in 8, 3 in 16; 4 fp16 in 16;
// 5 bf16 in 16. A variant takes the lowest bits of code and exponent.

module lut_core_alignment (
  input  logic [15:0]  code_i,
  input  logic [7:0]   max_exponent_i,
  input  logic         poisoned_i,
  output logic [47:0]  exponent_o,  // 8 bits a variant
  output logic [5:0]   special_o,
  output logic [95:0]  value_o,     // 16 bits a variant, sign-extended
  output logic [191:0] scale_o      // 32 bits a variant
);

  for (genvar v = 0; v < 6; v++) begin : gen_variant
    localparam int unsigned ExponentBits = v < 2 ? 4 : v < 5 ? 5 : 8;
    localparam int unsigned MantissaBits = v < 2 ? 3 : v < 4 ? 2 : v == 4 ? 10 : 7;
    localparam int unsigned Width = v == 0 || v == 2 ? 8 : 16;
    localparam bit HasInfinity = v >= 2;
    localparam int unsigned MagnitudeBits = ExponentBits + MantissaBits;

    logic        [ExponentBits-1:0] exponent;
    logic signed [Width-1:0]        value;

    lut_core_classify_element #(
      .ExponentBits(ExponentBits), .MantissaBits(MantissaBits), .HasInfinity(HasInfinity)
    ) u_classify (
      .magnitude_i(code_i[MagnitudeBits-1:0]),
      .exponent_o (exponent),
      .special_o  (special_o[v])
    );

    lut_core_align_element #(
      .ExponentBits(ExponentBits), .MantissaBits(MantissaBits), .HasInfinity(HasInfinity), .Width(Width)
    ) u_align (
      .code_i        (code_i[MagnitudeBits:0]),
      .max_exponent_i(max_exponent_i[ExponentBits-1:0]),
      .value_o       (value)
    );

    lut_core_segment_scale #(.ExponentBits(ExponentBits), .Width(Width)) u_scale (
      .max_exponent_i(max_exponent_i[ExponentBits-1:0]),
      .poisoned_i,
      .scale_o       (scale_o[v*32 +: 32])
    );

    assign exponent_o[v*8 +: 8] = 8'(exponent);
    assign value_o[v*16 +: 16]  = 16'(value);
  end

endmodule
