// One lane of the epilogue: acc' = fma(fp32(psum - z' * row sum), s', acc). Five registers: e1 (the integer), e2 (the
// integer in FP32), f1 to f3 (the multiply-add); all hold while en_i is low.

module matrix_core_epilogue_lane #(
  parameter int unsigned PsumBits = 32,
  parameter int unsigned RowSumBits = 26,
  parameter int unsigned FloatPsums = 0  // 1: a psum is FP32 and goes through e1 and e2 as it is, without z'
) (
  input  logic                                        clk_i,
  input  logic                                        en_i,
  input  logic signed [PsumBits-1:0]                  psum_i,
  input  logic signed [RowSumBits-1:0]                row_sum_i,
  input  logic signed [matrix_core_pkg::ZeroBits-1:0] zero_i,
  input  logic [31:0]                                 scale_i,
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
  logic [31:0]                   e1_converted, e2_fp32_d, e2_fp32_q, e2_scale_q, e2_acc_q;

  assign correction = zero_i * row_sum_i;
  assign e1_int_d   = FloatPsums != 0 ? IntBits'(psum_i) : IntBits'(psum_i) - IntBits'(correction);

  int_to_fp32 #(.Width(IntBits)) u_int_to_fp32 (
    .int_i (e1_int_q),
    .fp32_o(e1_converted)
  );

  assign e2_fp32_d = FloatPsums != 0 ? e1_int_q[31:0] : e1_converted;

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      e1_int_q   <= e1_int_d;
      e1_scale_q <= scale_i;
      e1_acc_q   <= acc_i;
      e2_fp32_q  <= e2_fp32_d;
      e2_scale_q <= e1_scale_q;
      e2_acc_q   <= e1_acc_q;
    end
  end

  fp32_fma u_fma (
    .clk_i,
    .en_i,
    .a_i(e2_fp32_q),
    .b_i(e2_scale_q),
    .c_i(e2_acc_q),
    .result_o
  );

endmodule
