// Constants and records of the LUT tensor core. Source of all of them: sim/units/lut_core/README.md.

package lut_core_pkg;

  localparam int unsigned GroupLength = 4;       // activations behind one table (K)
  localparam int unsigned HalfTableEntries = 8;  // 2^(GroupLength - 1): the other half is the negated one
  localparam int unsigned ScaleBits = 32;        // s', FP32
  localparam int unsigned ZeroBits = 8;          // z', two's complement
  localparam int unsigned Fp32Bits = 32;
  localparam int unsigned KGroupBits = 16;       // counts of K groups, hence at most 2^18 activations in a row sum

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

  // What the drain of a psum bank needs to know, from bit 18 down to bit 0.
  typedef struct packed {
    logic       fill;
    logic       last_group;   // results go to the out stream, else to the accumulator file
    logic       first_group;  // accumulation starts from fill or from +0
    logic [7:0] last_block;   // index of the last block
    logic [7:0] last_row;     // index of the last row that exists
  } drain_t;
  localparam int unsigned DrainBits = 19;

  // Bits of an index below n, at least one.
  function automatic int unsigned index_bits(int unsigned n);
    index_bits = n > 1 ? $clog2(n) : 1;
  endfunction

endpackage
