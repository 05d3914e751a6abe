// The formats of activations by parameter ActFormat: 0 integers, 1 FP16, 2 BF16, 3 FP8 E4M3, 4 FP8 E5M2. The bias is
// always 2^(exponent bits - 1) - 1. Twin: sim/numeric/number_format.cpp.

package lut_core_pkg;

  // Of an integer, which has no exponent, what a floating-point format could have: nobody uses it.
  function automatic int unsigned exponent_bits(int unsigned act_format);
    exponent_bits = act_format == 2 ? 8 : act_format == 3 ? 4 : 5;
  endfunction

  function automatic int unsigned mantissa_bits(int unsigned act_format);
    mantissa_bits = act_format == 1 ? 10 : act_format == 2 ? 7 : act_format == 3 ? 3 : 2;
  endfunction

  // Otherwise all ones is the only code that is no number.
  function automatic bit has_infinity(int unsigned act_format);
    has_infinity = act_format != 3;
  endfunction

  // Bits of an activation as it arrives.
  function automatic int unsigned code_bits(int unsigned act_format, int unsigned act_bits);
    code_bits = act_format == 0 ? act_bits : 1 + exponent_bits(act_format) + mantissa_bits(act_format);
  endfunction

  // Bits of a table entry: a sum of group_length activations of act_bits, negated or not, or what it is rounded to.
  function automatic int unsigned entry_bits(int unsigned quantized, int unsigned act_bits, int unsigned group_length);
    entry_bits = quantized != 0 ? 8 : act_bits + $clog2(group_length + 1);
  endfunction

  // Entries of a table: sums of one of each pair of opposite signs, of all signs, or of three ternary weights.
  function automatic int unsigned table_entries(int unsigned ternary, int unsigned symmetric, int unsigned group_length);
    table_entries = ternary != 0 ? 13 : symmetric != 0 ? 2**(group_length - 1) : 2**group_length;
  endfunction

  // Bits of a lane in a weight beat: a plane's bit per weight, or sign and index of three ternary weights.
  function automatic int unsigned lane_bits(int unsigned ternary, int unsigned group_length);
    lane_bits = ternary != 0 ? 5 : group_length;
  endfunction

endpackage
