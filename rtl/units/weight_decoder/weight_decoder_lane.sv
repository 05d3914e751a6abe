// One lane: joins the weights left over from earlier codes with those of the present code, and forms the two folded
// planes of a K group. What is left over is kept for each block; how much that is, is the same in all lanes.

module weight_decoder_lane #(
  parameter int unsigned Code = weight_decoder_pkg::CodeTq1,
  parameter int unsigned Blocks = 4,
  localparam int unsigned CodeBits = weight_decoder_pkg::code_bits(Code),
  localparam int unsigned BlockBits = weight_decoder_pkg::index_bits(Blocks)
) (
  input  logic                                     clk_i,

  input  logic [CodeBits-1:0]                      code_i,
  output logic                                     illegal_o,  // of the code, whether it is taken or not

  input  logic [weight_decoder_pkg::CountBits-1:0] have_i,     // weights of the block that are already here
  input  logic [BlockBits-1:0]                     block_i,
  input  logic                                     keep_i,     // all weights stay in the buffer: too few for a group
  input  logic                                     load_i,     // the first four form a group, the rest stays

  output logic [weight_decoder_pkg::GroupLength-1:0] plane0_o, // folded; registers
  output logic [weight_decoder_pkg::GroupLength-1:0] plane1_o
);
  // Compiled once for all instances.
  /*verilator no_inline_module*/

  localparam int unsigned GroupLength = weight_decoder_pkg::GroupLength;
  localparam int unsigned GroupBits = GroupLength * weight_decoder_pkg::TritBits;
  localparam int unsigned CodeWeightBits = weight_decoder_pkg::code_weights(Code) * weight_decoder_pkg::TritBits;
  localparam int unsigned BufferBits = weight_decoder_pkg::buffer_weights(Code) * weight_decoder_pkg::TritBits;
  localparam int unsigned WindowBits = GroupBits + BufferBits;

  logic [CodeWeightBits-1:0] code_weights;
  logic [WindowBits-1:0]     window;  // in K order, the first weight lowest

  weight_decoder_code #(.Code(Code)) u_code (
    .code_i,
    .weights_o(code_weights),
    .illegal_o
  );

  if (Code == weight_decoder_pkg::CodeI2s) begin : gen_no_buffer
    // A code is a group: nothing is ever left over.
    logic unused;
    assign window = WindowBits'(code_weights);
    assign unused = &{1'b0, have_i, block_i, keep_i, window[WindowBits-1:GroupBits]};
  end else begin : gen_buffer
    logic [BufferBits-1:0] left_q [Blocks];
    logic [WindowBits-1:0] here;
    logic [3:0]            shift;

    assign shift  = {have_i, 1'b0};  // two bits a weight
    assign here   = WindowBits'(left_q[block_i]) & ~({WindowBits{1'b1}} << shift);
    assign window = (WindowBits'(code_weights) << shift) | here;

    always_ff @(posedge clk_i) begin
      if (keep_i || load_i) left_q[block_i] <= keep_i ? window[BufferBits-1:0] : window[GroupBits +: BufferBits];
    end
  end

  // A plane is one bit of every weight; folded, it is inverted if its last weight has the bit.
  logic [GroupLength-1:0] bits0, bits1;
  for (genvar k = 0; k < GroupLength; k++) begin : gen_weight
    assign bits0[k] = window[2*k];
    assign bits1[k] = window[2*k + 1];
  end

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      plane0_o <= {bits0[3], bits0[2:0] ^ {3{bits0[3]}}};
      plane1_o <= {bits1[3], bits1[2:0] ^ {3{bits1[3]}}};
    end
  end

endmodule
