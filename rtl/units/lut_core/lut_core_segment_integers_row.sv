// One row of the segments of integers whose tables will be rounded: the largest sum of magnitudes of a K group of each
// half, which is the largest entry of its tables, and from it the ratio that makes this entry about 127, and the row
// scale that undoes it.

module lut_core_segment_integers_row #(
  parameter int unsigned ActBits = 16,
  parameter int unsigned ExponentBits = 5,
  parameter int unsigned GroupLength = 4,
  localparam int unsigned MagnitudeBits = ActBits + 2
) (
  input  logic                           clk_i,

  input  logic                           write_i,
  input  logic                           write_first_i,  // of the segment: what the half had before is forgotten
  input  logic                           write_half_i,
  input  logic [GroupLength*ActBits-1:0] write_integers_i,
  input  logic [ExponentBits-1:0]        write_max_exponent_i,
  input  logic                           write_poisoned_i,

  input  logic                           read_half_i,
  output logic [15:0]                    ratio_o,  // multiplier [10:0], shift [15:11]
  output logic [31:0]                    scale_o
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  logic [ActBits-1:0]       element;
  logic [MagnitudeBits-1:0] magnitude, magnitude_q [2];
  logic [ExponentBits-1:0]  max_exponent_q [2];
  logic [1:0]               poisoned_q;

  // The most negative integer never occurs, so a magnitude has no more bits than its element.
  always_comb begin
    element   = '0;
    magnitude = '0;
    for (int unsigned k = 0; k < GroupLength; k++) begin
      element   = write_integers_i[k*ActBits +: ActBits];
      element   = element[ActBits-1] ? -element : element;
      magnitude = magnitude + MagnitudeBits'(element);
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      if (write_first_i || magnitude > magnitude_q[write_half_i]) magnitude_q[write_half_i] <= magnitude;
      max_exponent_q[write_half_i] <= write_max_exponent_i;
      poisoned_q[write_half_i]     <= write_poisoned_i;
    end
  end

  lut_core_table_scale #(.ExponentBits(ExponentBits), .Width(ActBits)) u_scale (
    .magnitude_i   (magnitude_q[read_half_i]),
    .max_exponent_i(max_exponent_q[read_half_i]),
    .poisoned_i    (poisoned_q[read_half_i]),
    .multiplier_o  (ratio_o[10:0]),
    .shift_o       (ratio_o[15:11]),
    .scale_o
  );

endmodule
