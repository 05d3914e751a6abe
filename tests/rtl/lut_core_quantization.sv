// Test only: the leaves that make 8-bit table entries, once for every exponent width and element width that is possible,
// on shared inputs. Variant v: 0 fp8_e4m3 in 8 bits, 1 in 16; 2 fp8_e5m2 in 8, 3 fp8_e5m2 or fp16 in 16; 4 bf16 in 16.
// Entries depend on the width only: 0 for 8 bits, 1 for 16.

module lut_core_quantization (
  input  logic [17:0]  magnitude_i,
  input  logic [7:0]   max_exponent_i,
  input  logic         poisoned_i,
  output logic [54:0]  multiplier_o,  // 11 bits a variant
  output logic [24:0]  shift_o,       // 5 bits a variant
  output logic [159:0] scale_o,       // 32 bits a variant

  input  logic [18:0]  entry_i,
  input  logic [10:0]  multiplier_i,
  input  logic [4:0]   shift_i,
  output logic [15:0]  entry_o        // 8 bits a width
);

  for (genvar v = 0; v < 5; v++) begin : gen_variant
    localparam int unsigned ExponentBits = v < 2 ? 4 : v < 4 ? 5 : 8;
    localparam int unsigned Width = v == 0 || v == 2 ? 8 : 16;

    lut_core_table_scale #(.ExponentBits(ExponentBits), .Width(Width)) u_scale (
      .magnitude_i   (magnitude_i[Width+1:0]),
      .max_exponent_i(max_exponent_i[ExponentBits-1:0]),
      .poisoned_i,
      .multiplier_o  (multiplier_o[v*11 +: 11]),
      .shift_o       (shift_o[v*5 +: 5]),
      .scale_o       (scale_o[v*32 +: 32])
    );
  end

  for (genvar w = 0; w < 2; w++) begin : gen_width
    lut_core_quantize_entry #(.Width(8 + w * 8)) u_quantize (
      .entry_i     (entry_i[10+w*8:0]),
      .multiplier_i,
      .shift_i,
      .entry_o     (entry_o[w*8 +: 8])
    );
  end

endmodule
