// One activation row behind its terms: shifts and accumulates the term of every lane into the psum file, and keeps the
// row sum. Every lane owns its part of the psum file: 2 banks of PsumBlocks words. The lanes are grouped in chunks of
// EpilogueLanes, because the drain reads a chunk at once.

module matrix_core_psum #(
  parameter int unsigned Lanes = 64,
  parameter int unsigned TermBits = 11,
  parameter int unsigned SumBits = 11,  // of the sum of a K group's activations
  parameter int unsigned MaxPlanes = 4,  // 1: no shifter
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned PsumBits = 32,
  parameter int unsigned RowSumBits = 26,
  parameter int unsigned EpilogueLanes = 8,
  parameter int unsigned Fp16Products = 0,  // in a term, each a fp16_dot_pkg::product_t; 0: a term is an integer
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes),
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Lanes / EpilogueLanes),
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * PsumBlocks)
) (
  input  logic                              clk_i,

  // In the cycle of a fire.
  input  logic                              row_sum_add_i,  // already qualified with the fire
  input  logic                              row_sum_replace_i,
  input  logic                              row_sum_bank_i,
  input  logic signed [SumBits-1:0]         row_operand_sum_i,

  // One cycle after the fire.
  input  logic                              accumulate_i,
  input  logic [WordBits-1:0]               accumulate_word_i,
  input  logic [ShiftBits-1:0]              accumulate_shift_i,
  input  logic                              accumulate_replace_i,
  input  logic [Lanes*TermBits-1:0]         terms_i,

  // Drain, combinational; 0 if not selected, so that the rows can be ORed.
  input  logic                              drain_select_i,
  input  logic                              drain_bank_i,
  input  logic [WordBits-1:0]               drain_word_i,
  input  logic [ChunkBits-1:0]              drain_chunk_i,
  output logic [EpilogueLanes*PsumBits-1:0] drain_psum_o,
  output logic [RowSumBits-1:0]             drain_row_sum_o
);
  // Compiled once for all instances, the row stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  localparam int unsigned Chunks = Lanes / EpilogueLanes;

  logic [ShiftBits-1:0]              shift;
  logic [EpilogueLanes*PsumBits-1:0] chunk_psum [Chunks];

  assign shift = MaxPlanes > 1 ? accumulate_shift_i : '0;

  for (genvar c = 0; c < Chunks; c++) begin : gen_chunk
    logic drain_this;
    assign drain_this = drain_select_i && drain_chunk_i == ChunkBits'(c);

    for (genvar e = 0; e < EpilogueLanes; e++) begin : gen_lane
      logic signed [TermBits-1:0] term;
      logic        [PsumBits-1:0] psum_q [2*PsumBlocks];

      assign term = terms_i[(c*EpilogueLanes + e)*TermBits +: TermBits];

      if (Fp16Products != 0) begin : gen_fp16
        logic [PsumBits-1:0]  psum;
        logic [ShiftBits-1:0] unused_shift;

        fp16_dot_accumulate #(.Products(Fp16Products)) u_accumulate (
          .acc_i     (accumulate_replace_i ? '0 : psum_q[accumulate_word_i]),
          .products_i(term),
          .acc_o     (psum)
        );

        always_ff @(posedge clk_i) begin
          if (accumulate_i) psum_q[accumulate_word_i] <= psum;
        end

        assign unused_shift = shift;
      end else begin : gen_integer
        always_ff @(posedge clk_i) begin
          if (accumulate_i) begin
            psum_q[accumulate_word_i] <= (PsumBits'(term) << shift)
                + (accumulate_replace_i ? '0 : psum_q[accumulate_word_i]);
          end
        end
      end

      assign chunk_psum[c][e*PsumBits +: PsumBits] = drain_this ? psum_q[drain_word_i] : '0;
    end
  end

  always_comb begin
    drain_psum_o = '0;
    for (int unsigned c = 0; c < Chunks; c++) drain_psum_o = drain_psum_o | chunk_psum[c];
  end

  // One row sum per psum bank.
  logic [RowSumBits-1:0] row_sum_q [2];
  logic [RowSumBits-1:0] row_sum_old;

  assign row_sum_old = row_sum_replace_i ? '0 : row_sum_q[row_sum_bank_i];

  always_ff @(posedge clk_i) begin
    if (row_sum_add_i) row_sum_q[row_sum_bank_i] <= row_sum_old + RowSumBits'(row_operand_sum_i);
  end

  assign drain_row_sum_o = drain_select_i ? row_sum_q[drain_bank_i] : '0;

endmodule
