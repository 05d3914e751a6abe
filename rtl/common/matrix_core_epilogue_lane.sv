// One lane of the epilogue: acc' = fma(fp32(psum - z' * row sum), s', acc). Five registers: e1 (the integer), e2 (the
// integer in FP32), f1 to f3 (the multiply-add); all hold while en_i is low. With row scales the factor is the rounded
// product s' r instead, and one register more, x, stands between e1 and e2: the product takes two cycles.

module matrix_core_epilogue_lane #(
  parameter int unsigned PsumBits = 32,
  parameter int unsigned RowSumBits = 26,
  parameter int unsigned RowScales = 0,
  parameter int unsigned FloatPsums = 0  // 1: a psum is FP32 and goes through e1 and e2 as it is, without z'
) (
  input  logic                                        clk_i,
  input  logic                                        en_i,
  input  logic signed [PsumBits-1:0]                  psum_i,
  input  logic signed [RowSumBits-1:0]                row_sum_i,
  input  logic signed [matrix_core_pkg::ZeroBits-1:0] zero_i,
  input  logic [31:0]                                 scale_i,
  input  logic [31:0]                                 e1_row_scale_i,  // r; one cycle later than the others
  input  logic [31:0]                                 acc_i,
  output logic [31:0]                                 result_o
);
  // Compiled once for all instances, the lane stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  // Wide enough for the exact difference.
  localparam int unsigned ProductBits = RowSumBits + matrix_core_pkg::ZeroBits;
  localparam int unsigned IntBits = (ProductBits > PsumBits ? ProductBits : PsumBits) + 1;

  logic signed [ProductBits-1:0] correction;
  logic signed [IntBits-1:0]     e1_int_d, e1_int_q;
  logic [31:0]                   e1_scale_q, e1_acc_q;
  logic [31:0]                   e1_converted, e1_fp32, e2_fp32_q, e2_scale, e2_acc_q;

  assign correction = zero_i * row_sum_i;
  assign e1_int_d   = FloatPsums != 0 ? IntBits'(psum_i) : IntBits'(psum_i) - IntBits'(correction);

  int_to_fp32 #(.Width(IntBits)) u_int_to_fp32 (
    .int_i (e1_int_q),
    .fp32_o(e1_converted)
  );

  assign e1_fp32 = FloatPsums != 0 ? 32'(e1_int_q) : e1_converted;

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      e1_int_q   <= e1_int_d;
      e1_scale_q <= scale_i;
      e1_acc_q   <= acc_i;
    end
  end

  if (RowScales != 0) begin : gen_row_scale
    logic [31:0] x_fp32_q, x_acc_q;

    always_ff @(posedge clk_i) begin
      if (en_i) begin
        x_fp32_q  <= e1_fp32;
        x_acc_q   <= e1_acc_q;
        e2_fp32_q <= x_fp32_q;
        e2_acc_q  <= x_acc_q;
      end
    end

    fp32_multiply u_multiply (
      .clk_i,
      .en_i,
      .a_i     (e1_scale_q),
      .b_i     (e1_row_scale_i),
      .result_o(e2_scale)
    );
  end else begin : gen_no_row_scale
    logic [31:0] e2_scale_q;
    logic        unused_row_scale;

    always_ff @(posedge clk_i) begin
      if (en_i) begin
        e2_fp32_q  <= e1_fp32;
        e2_scale_q <= e1_scale_q;
        e2_acc_q   <= e1_acc_q;
      end
    end

    assign e2_scale         = e2_scale_q;
    assign unused_row_scale = ^e1_row_scale_i;
  end

  fp32_fma u_fma (
    .clk_i,
    .en_i,
    .a_i(e2_fp32_q),
    .b_i(e2_scale),
    .c_i(e2_acc_q),
    .result_o
  );

endmodule
