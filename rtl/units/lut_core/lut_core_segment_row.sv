// One row of the segments being collected: the largest effective exponent of each half and whether it holds a NaN or an
// infinity; and the K group that is read from the other half, aligned to that exponent.

module lut_core_segment_row #(
  parameter int unsigned ActFormat = 1,
  parameter int unsigned ActBits = 16,
  parameter int unsigned GroupLength = 4,
  localparam int unsigned CodeBits = lut_core_pkg::code_bits(ActFormat, ActBits),
  localparam int unsigned ExponentBits = lut_core_pkg::exponent_bits(ActFormat)
) (
  input  logic                            clk_i,

  input  logic                            write_i,
  input  logic                            write_first_i,  // of the segment: what the half had before is forgotten
  input  logic                            write_half_i,
  input  logic [GroupLength*CodeBits-1:0] write_codes_i,

  input  logic                            read_half_i,
  input  logic [GroupLength*CodeBits-1:0] read_codes_i,
  output logic [ExponentBits-1:0]         max_exponent_o,
  output logic                            poisoned_o,
  output logic [GroupLength*ActBits-1:0]  aligned_o
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  localparam int unsigned MantissaBits = lut_core_pkg::mantissa_bits(ActFormat);
  localparam bit HasInfinity = lut_core_pkg::has_infinity(ActFormat);

  logic [GroupLength*ExponentBits-1:0] exponents;
  logic [GroupLength-1:0]              specials, unused_signs;
  logic [ExponentBits-1:0]             max_exponent_d, max_exponent_q [2];
  logic                                poisoned_d;
  logic [1:0]                          poisoned_q;

  for (genvar k = 0; k < GroupLength; k++) begin : gen_element
    assign unused_signs[k] = write_codes_i[k*CodeBits + CodeBits-1];

    lut_core_classify_element #(
      .ExponentBits(ExponentBits), .MantissaBits(MantissaBits), .HasInfinity(HasInfinity)
    ) u_classify (
      .magnitude_i(write_codes_i[k*CodeBits +: CodeBits-1]),
      .exponent_o (exponents[k*ExponentBits +: ExponentBits]),
      .special_o  (specials[k])
    );

    lut_core_align_element #(
      .ExponentBits(ExponentBits), .MantissaBits(MantissaBits), .HasInfinity(HasInfinity), .Width(ActBits)
    ) u_align (
      .code_i        (read_codes_i[k*CodeBits +: CodeBits]),
      .max_exponent_i(max_exponent_o),
      .value_o       (aligned_o[k*ActBits +: ActBits])
    );
  end

  always_comb begin
    max_exponent_d = write_first_i ? '0 : max_exponent_q[write_half_i];
    for (int unsigned k = 0; k < GroupLength; k++) begin
      if (exponents[k*ExponentBits +: ExponentBits] > max_exponent_d) begin
        max_exponent_d = exponents[k*ExponentBits +: ExponentBits];
      end
    end
    poisoned_d = (|specials) | (poisoned_q[write_half_i] & ~write_first_i);
  end

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      max_exponent_q[write_half_i] <= max_exponent_d;
      poisoned_q[write_half_i]     <= poisoned_d;
    end
  end

  assign max_exponent_o = max_exponent_q[read_half_i];
  assign poisoned_o     = poisoned_q[read_half_i];

endmodule
