// Constants and records that the matrix cores share: a core multiplies a stream of activation groups with a stream of
// weights, and differs from the others in how it gets the term of a row and a lane. Source of all of them:
// sim/units/matrix_core/README.md.

// Every Verilog top is compiled together with the packages of rtl/common, and most do not use this one.
/* verilator lint_off UNUSEDPARAM */
package matrix_core_pkg;

  localparam int unsigned ScaleBits = 32;   // s', FP32
  localparam int unsigned ZeroBits = 8;     // z', two's complement
  localparam int unsigned Fp32Bits = 32;
  localparam int unsigned KGroupBits = 16;  // counts of K groups

  // Command, from bit 61 down to bit 0.
  typedef struct packed {
    logic                  fill;              // the first scale group starts from the fill stream, not from +0
    logic                  equal_planes;      // all planes weigh 1 instead of 2^p
    logic [3:0]            planes;
    logic [7:0]            n_blocks;
    logic [KGroupBits-1:0] scale_groups_len;  // K groups per scale group
    logic [KGroupBits-1:0] k_groups;
    logic [15:0]           rows;
  } cmd_t;
  localparam int unsigned CmdBits = 62;

  // What the drain of a psum bank needs to know, from bit 19 down to bit 0.
  typedef struct packed {
    logic       fill;
    logic       last_group;   // results go to the out stream, else to the accumulator file
    logic       first_group;  // accumulation starts from fill or from +0
    logic [7:0] last_block;   // index of the last block
    logic [8:0] last_row;     // index of the last row that exists, of up to 512
  } drain_t;
  localparam int unsigned DrainBits = 20;

  // Bits of an index below n, at least one.
  function automatic int unsigned index_bits(int unsigned n);
    index_bits = n > 1 ? $clog2(n) : 1;
  endfunction

  // Bits of the number n itself: what a sum of n terms needs more than one of them, if all may be the most negative
  // value and the sum may be negated.
  function automatic int unsigned bit_length(int unsigned n);
    bit_length = $clog2(n + 1);
  endfunction

  // Bits of a sum over all activations of a command's row, group_length of them in a K group.
  function automatic int unsigned row_sum_bits(int unsigned act_bits, int unsigned group_length);
    row_sum_bits = act_bits + KGroupBits + $clog2(group_length);
  endfunction

endpackage
/* verilator lint_on UNUSEDPARAM */
