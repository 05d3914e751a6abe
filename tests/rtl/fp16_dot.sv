// Test only: a dot product step of FP16 numbers from end to end, for every length that a K group may have, on shared
// inputs; and integers of every width as FP16 numbers.

module fp16_dot (
  input  logic [31:0]   acc_i,
  input  logic [95:0]   a_i,        // six FP16 numbers; a step of n products takes the lowest n
  input  logic [95:0]   b_i,
  output logic [173:0]  products_o,
  output logic [191:0]  acc_o,      // after n products: [(n-1)*32 +: 32]
  input  logic [10:0]   int_i,      // a narrower integer is its lowest bits
  output logic [159:0]  fp16_o      // of w bits: [(w-2)*16 +: 16]
);

  for (genvar k = 0; k < 6; k++) begin : gen_product
    fp16_product u_product (
      .a_i      (a_i[k*16 +: 16]),
      .b_i      (b_i[k*16 +: 16]),
      .product_o(products_o[k*29 +: 29])
    );

    fp16_dot_accumulate #(.Products(k + 1)) u_accumulate (
      .acc_i,
      .products_i(products_o[0 +: (k+1)*29]),
      .acc_o     (acc_o[k*32 +: 32])
    );
  end

  for (genvar w = 2; w <= 11; w++) begin : gen_width
    int_to_fp16 #(.Width(w)) u_int_to_fp16 (
      .int_i (int_i[w-1:0]),
      .fp16_o(fp16_o[(w-2)*16 +: 16])
    );
  end

endmodule
