// Constants and records of the attention unit. Source of all of them: sim/units/attention/README.md.

package attention_pkg;

  localparam int unsigned MultiplierBits = 32;
  localparam int unsigned ShiftBits = 7;
  localparam int unsigned ScoreBits = 21;        // SQ10.10
  localparam int unsigned MaximumBits = 12;      // an integer
  localparam int unsigned WeightFractionBits = 20;
  localparam int unsigned WeightBits = WeightFractionBits + 1;   // up to 1
  localparam int unsigned RowSumBits = WeightFractionBits + 20;  // of up to 2^20 - 1 weights
  localparam int unsigned ReciprocalBits = 18;
  localparam int unsigned ReciprocalPoint = RowSumBits + ReciprocalBits - 2;  // of 2^ReciprocalPoint over a row sum
  localparam int unsigned ZeroCountBits = 6;     // leading zeros of a row sum

  localparam int unsigned BlockCountBits = 25;   // blocks of a command, and numbers of blocks
  localparam int unsigned ItemCountBits = 26;    // states and blocks of a command

  // From one maximum to another. All that is too far for anything to be left of an accumulator is the same.
  localparam int unsigned DistanceBits = 7;
  localparam logic [DistanceBits-1:0] FarthestDistance = {DistanceBits{1'b1}};

  // Parts of beats that belong to one key.
  localparam int unsigned ZeroPointBits = 8;
  localparam int unsigned FractionBits = 16;
  localparam int unsigned KeyScaleBits = MultiplierBits + ZeroPointBits;
  localparam int unsigned ValueScaleBits = FractionBits + ZeroPointBits;
  localparam int unsigned MaskBits = ScoreBits + 1;       // bias; above it: may be seen
  localparam int unsigned ScoreItemBits = ScoreBits + 1;  // score; above it: the row sees the key

  // Command, from bit 162 down to bit 0.
  typedef struct packed {
    logic [31:0] multiplier;
    logic [6:0]  shift;
    logic        close;
    logic        open;
    logic        partial;
    logic        masked;
    logic [7:0]  value_group;
    logic [7:0]  key_group;
    logic [7:0]  states;
    logic [23:0] blocks;
    logic [23:0] from_block;
    logic [23:0] sink_blocks;
    logic [7:0]  value_chunks;
    logic [7:0]  key_chunks;
    logic [7:0]  contexts;
  } cmd_t;
  localparam int unsigned CmdBits = 163;

  // What the nodes need of a command.
  typedef struct packed {
    logic [7:0] chunks;
    logic [7:0] contexts;
  } queries_cmd_t;
  localparam int unsigned QueriesCmdBits = 16;

  typedef struct packed {
    logic [31:0] multiplier;
    logic [6:0]  shift;
    logic        close;
    logic [7:0]  group;
    logic [23:0] blocks;
    logic [23:0] from_block;
    logic [23:0] sink_blocks;
    logic [7:0]  chunks;
    logic [7:0]  contexts;
  } scores_cmd_t;
  localparam int unsigned ScoresCmdBits = 136;

  typedef struct packed {
    logic        open;
    logic        masked;
    logic [7:0]  states;
    logic [25:0] items;  // states and blocks
    logic [7:0]  contexts;
  } softmax_cmd_t;
  localparam int unsigned SoftmaxCmdBits = 44;

  typedef struct packed {
    logic        close;
    logic        open;
    logic [7:0]  group;
    logic [7:0]  states;
    logic [25:0] items;
    logic [7:0]  chunks;
    logic [7:0]  contexts;
  } accumulate_cmd_t;
  localparam int unsigned AccumulateCmdBits = 60;

  typedef struct packed {
    logic       partial;
    logic [7:0] chunks;
    logic [7:0] contexts;
  } normalise_cmd_t;
  localparam int unsigned NormaliseCmdBits = 17;

  // What a context may see.
  typedef struct packed {
    logic [23:0] sink;
    logic [23:0] to;
    logic [23:0] from;
  } row_t;
  localparam int unsigned RowBits = 72;

  // Head of a partial result.
  typedef struct packed {
    logic [MaximumBits-1:0] maximum;  // signed
    logic [RowSumBits-1:0]  sum;
  } state_t;
  localparam int unsigned StateBits = MaximumBits + RowSumBits;

  // Of queries, and of keys and values in memory.
  function automatic int unsigned query_bits(int unsigned format);
    query_bits = format != 0 ? 16 : 8;
  endfunction
  function automatic int unsigned code_bits(int unsigned format, int unsigned kv_bits);
    code_bits = format != 0 ? 16 : kv_bits;
  endfunction

  // Of keys and values as they are multiplied: a code less its zero point has one bit more.
  function automatic int unsigned operand_bits(int unsigned format, int unsigned kv_bits, int unsigned kv_scales);
    operand_bits = format != 0 ? 16 : kv_scales != 0 ? kv_bits + 1 : kv_bits;
  endfunction

  // A row sum times values: integers of 9 bits, or FP16 in units of 2^-24, 42 bits; and a bit to spare.
  function automatic int unsigned accumulator_bits(int unsigned format);
    accumulator_bits = RowSumBits + (format != 0 ? 44 : 10);
  endfunction

  // What softmax hands on, from bit 0: the weights of the keys, or of a state its sum and the distance of its maximum;
  // then the distance of the maximum before, then the maximum.
  function automatic int unsigned payload_bits(int unsigned keys);
    payload_bits = keys * WeightBits > RowSumBits + DistanceBits ? keys * WeightBits : RowSumBits + DistanceBits;
  endfunction
  function automatic int unsigned item_bits(int unsigned keys);
    item_bits = payload_bits(keys) + DistanceBits + MaximumBits;
  endfunction

  // Bits of an index below n, at least one.
  function automatic int unsigned index_bits(int unsigned n);
    index_bits = n > 1 ? $clog2(n) : 1;
  endfunction

  // From a maximum to one that is not less.
  function automatic logic [DistanceBits-1:0] distance(logic signed [MaximumBits-1:0] upper,
                                                       logic signed [MaximumBits-1:0] lower);
    logic [MaximumBits-1:0] difference;
    difference = upper - lower;
    distance   = difference > MaximumBits'(FarthestDistance) ? FarthestDistance : difference[DistanceBits-1:0];
  endfunction

endpackage
