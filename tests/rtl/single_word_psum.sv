// Accumulators as the released Verilog of the LUT tensor core has them (arXiv 2408.06003): one word per lane, the partial
// sum comes in from outside with the first plane. For areas only: what is left of matrix_core_psum without double
// buffering, blocks, row sums and drain. Written from the published description.

module single_word_psum #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned TermBits = 11,
  parameter int unsigned MaxPlanes = 2,  // 1: no shifter
  parameter int unsigned PsumBits = 16,
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes)
) (
  input  logic                      clk_i,
  input  logic                      first_i,
  input  logic [ShiftBits-1:0]      shift_i,
  input  logic [Lanes*TermBits-1:0] terms_i,
  input  logic [Lanes*PsumBits-1:0] psum_i,
  output logic [Lanes*PsumBits-1:0] psum_o
);

  logic [ShiftBits-1:0] shift;
  assign shift = MaxPlanes > 1 ? shift_i : '0;

  for (genvar n = 0; n < Lanes; n++) begin : gen_lane
    logic signed [TermBits-1:0] term;
    logic        [PsumBits-1:0] psum_q;

    assign term = terms_i[n*TermBits +: TermBits];

    always_ff @(posedge clk_i) begin
      psum_q <= (PsumBits'(term) << shift) + (first_i ? psum_i[n*PsumBits +: PsumBits] : psum_q);
    end

    assign psum_o[n*PsumBits +: PsumBits] = psum_q;
  end

endmodule
