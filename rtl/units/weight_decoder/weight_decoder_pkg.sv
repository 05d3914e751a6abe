// Constants and records of the weight decoder. Source of all of them: sim/units/weight_decoder/README.md.

package weight_decoder_pkg;

  localparam int unsigned GroupLength = 4;  // weights of a lane in one K group
  localparam int unsigned TritBits = 2;     // a weight w as w + 1: 0, 1, 2
  localparam int unsigned KGroupBits = 16;
  localparam int unsigned CountBits = 3;    // weights left over, at most 4

  // Values of the parameter Code.
  localparam int unsigned CodeI2s = 0;
  localparam int unsigned CodeTl2 = 1;
  localparam int unsigned CodeTq1 = 2;

  // Command, from bit 39 down to bit 0.
  typedef struct packed {
    logic [7:0]            n_blocks;
    logic [KGroupBits-1:0] k_groups;
    logic [15:0]           row_blocks;
  } cmd_t;
  localparam int unsigned CmdBits = 40;

  // Width of a code.
  function automatic int unsigned code_bits(int unsigned code);
    code_bits = code == CodeTl2 ? 5 : 8;
  endfunction

  // Weights of a code.
  function automatic int unsigned code_weights(int unsigned code);
    code_weights = code == CodeI2s ? 4 : code == CodeTl2 ? 3 : 5;
  endfunction

  // Weights that a lane keeps for a block: at most those of one tl2 code, or one K group of tq1_0.
  function automatic int unsigned buffer_weights(int unsigned code);
    buffer_weights = code == CodeTl2 ? 3 : 4;
  endfunction

  // Bits of an index below n, at least one.
  function automatic int unsigned index_bits(int unsigned n);
    index_bits = n > 1 ? $clog2(n) : 1;
  endfunction

endpackage
