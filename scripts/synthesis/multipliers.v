// Yosys's $mul as an array of partial products that are added in carry-save rows of full adders, and one addition that
// propagates carries at the end. Yosys 0.23 by itself adds every partial product with a carry-propagating adder; with
// these rows it agrees with newer versions. Signed factors: Baugh and Wooley (IEEE Trans. Computers 1973, pp. 1045-1047):
// products of one sign bit are inverted, and a constant is added.
(* techmap_celltype = "$mul" *)
module carry_save_multiplier (A, B, Y);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH = 1;
  parameter B_WIDTH = 1;
  parameter Y_WIDTH = 1;
  input [A_WIDTH-1:0] A;
  input [B_WIDTH-1:0] B;
  output [Y_WIDTH-1:0] Y;

  // Both or none are signed: Verilog's front end extends the factors otherwise. Others are left to Yosys.
  wire _TECHMAP_FAIL_ = (A_SIGNED != 0) != (B_SIGNED != 0) || A_WIDTH < 1 || B_WIDTH < 1;

  localparam SIGNED = A_SIGNED != 0;
  localparam SWAP = B_WIDTH > A_WIDTH;  // fewer rows with the narrower factor as multiplier
  localparam M = SWAP ? B_WIDTH : A_WIDTH;  // bits of the multiplicand
  localparam R = SWAP ? A_WIDTH : B_WIDTH;  // rows
  localparam W = Y_WIDTH;
  wire [M-1:0] multiplicand;
  wire [R-1:0] multiplier;
  generate
    if (SWAP) begin : swapped
      assign multiplicand = B;
      assign multiplier = A;
    end else begin : straight
      assign multiplicand = A;
      assign multiplier = B;
    end
  endgenerate

  // Row i holds bits i to i + M - 1. Row 0 leaves room for the constant 2^(M-1) + 2^(R-1) - 2^(M+R-1): above it in the
  // sums, below in the carries.
  localparam [W+M+R:0] CONSTANT = SIGNED ? ({{(W+M+R){1'b0}}, 1'b1} << (M - 1)) + ({{(W+M+R){1'b0}}, 1'b1} << (R - 1))
                                           - ({{(W+M+R){1'b0}}, 1'b1} << (M + R - 1)) : {(W+M+R+1){1'b0}};
  wire [W*R-1:0] row, sum, carry;
  genvar i, j;
  generate
    for (i = 0; i < R; i = i + 1) begin : rows
      for (j = 0; j < W; j = j + 1) begin : bits
        if (j < i || j >= i + M) begin : outside
          assign row[i*W+j] = 1'b0;
        end else if (SIGNED && ((i == R - 1) != (j - i == M - 1))) begin : inverted
          assign row[i*W+j] = ~(multiplicand[j-i] & multiplier[i]);
        end else begin : plain
          assign row[i*W+j] = multiplicand[j-i] & multiplier[i];
        end

        if (i == 0) begin : first
          assign sum[j] = j < M ? row[j] : CONSTANT[j];
          assign carry[j] = j < M ? CONSTANT[j] : 1'b0;
        end else begin : next
          if (j < i || j >= i + M) begin : pass
            assign sum[i*W+j] = sum[(i-1)*W+j];
            if (j < W - 1) assign carry[i*W+j+1] = 1'b0;
          end else begin : add
            wire over;
            \$fa #(.WIDTH(1)) fa (.A(sum[(i-1)*W+j]), .B(carry[(i-1)*W+j]), .C(row[i*W+j]), .X(over), .Y(sum[i*W+j]));
            if (j < W - 1) assign carry[i*W+j+1] = over;
          end
          if (j == 0) assign carry[i*W] = 1'b0;
        end
      end
    end
  endgenerate
  assign Y = sum[(R-1)*W +: W] + carry[(R-1)*W +: W];
endmodule
