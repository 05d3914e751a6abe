// Test only: dot products of the attention unit for several lengths, on shared inputs; the lowest elements are taken.
// FP16: of 1, 5 and 16 elements. Integers: 8-bit queries with keys of 8, 9, 4 and 5 bits, of 1, 3, 7 and 16 elements.

module attention_dots (
  input  logic         clk_i,
  input  logic         multiply_i,
  input  logic         add_i,
  input  logic [255:0] query_i,  // elements of 16 bits; integers are the lowest ones of each
  input  logic [255:0] key_i,
  output logic [263:0] fp16_o,   // 88 bits a length, sign-extended
  output logic [127:0] integer_o // 32 bits a length, sign-extended
);

  for (genvar v = 0; v < 3; v++) begin : gen_fp16
    localparam int unsigned Dims = v == 0 ? 1 : v == 1 ? 5 : 16;
    logic signed [83+$clog2(Dims)-1:0] sum;

    attention_fp16_dot #(.Dims(Dims)) u_dot (
      .clk_i,
      .multiply_i,
      .query_i(query_i[Dims*16-1:0]),
      .key_i  (key_i[Dims*16-1:0]),
      .add_i,
      .sum_o  (sum)
    );
    assign fp16_o[v*88 +: 88] = 88'(sum);
  end

  for (genvar v = 0; v < 4; v++) begin : gen_integer
    localparam int unsigned Dims = v == 0 ? 1 : v == 1 ? 3 : v == 2 ? 7 : 16;
    localparam int unsigned KeyBits = v == 0 ? 8 : v == 1 ? 9 : v == 2 ? 4 : 5;
    logic [Dims*8-1:0]                      query;
    logic [Dims*KeyBits-1:0]                key;
    logic signed [8+KeyBits+$clog2(Dims)-1:0] sum;

    for (genvar e = 0; e < Dims; e++) begin : gen_element
      assign query[e*8 +: 8]           = query_i[e*16 +: 8];
      assign key[e*KeyBits +: KeyBits] = key_i[e*16 +: KeyBits];
    end

    attention_dot #(.Dims(Dims), .QueryBits(8), .KeyBits(KeyBits)) u_dot (
      .clk_i,
      .multiply_i,
      .query_i(query),
      .key_i  (key),
      .add_i,
      .sum_o  (sum)
    );
    assign integer_o[v*32 +: 32] = 32'(sum);
  end

endmodule
