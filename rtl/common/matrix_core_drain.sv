// Drain sequencer: empties the full psum banks in turn, one beat of EpilogueRows rows per issue, in the order block,
// chunk, step of rows, and pairs each beat with its scale beat (one per chunk, popped with the last step) and, if asked
// for, its fill beat.

module matrix_core_drain #(
  parameter int unsigned Rows = 2,
  parameter int unsigned EpilogueRows = 1,
  parameter int unsigned PsumBlocks = 4,
  parameter int unsigned Chunks = 8,
  localparam int unsigned BlockBits = matrix_core_pkg::index_bits(PsumBlocks),
  localparam int unsigned StepBits = matrix_core_pkg::index_bits(Rows / EpilogueRows),
  localparam int unsigned ChunkBits = matrix_core_pkg::index_bits(Chunks)
) (
  input  logic                                    clk_i,
  input  logic                                    rst_ni,

  input  logic [1:0]                              bank_full_i,
  input  logic [2*matrix_core_pkg::DrainBits-1:0] bank_drain_i,
  output logic [1:0]                              bank_clear_o,

  input  logic                                    scale_valid_i,
  output logic                                    scale_ready_o,
  input  logic                                    fill_valid_i,
  output logic                                    fill_ready_o,

  input  logic                                    move_i,       // the arithmetic pipeline moves
  output logic                                    issue_o,
  output logic                                    bank_o,
  output logic [BlockBits-1:0]                    block_o,
  output logic [ChunkBits-1:0]                    chunk_o,
  output logic [StepBits-1:0]                     step_o,
  output logic                                    take_fill_o,  // start from the fill beat
  output logic                                    take_zero_o,  // start from +0
  output logic                                    to_output_o   // the result leaves the unit
);

  localparam logic [ChunkBits-1:0] LastChunk = ChunkBits'(Chunks - 1);

  logic                    bank_d, bank_q;
  logic [BlockBits-1:0]    block_d, block_q;
  logic [ChunkBits-1:0]    chunk_d, chunk_q;
  logic [StepBits-1:0]     step_d, step_q;
  matrix_core_pkg::drain_t drain;
  logic                    step_last, chunk_last, block_last;

  assign drain = bank_q ? bank_drain_i[matrix_core_pkg::DrainBits +: matrix_core_pkg::DrainBits]
                        : bank_drain_i[0 +: matrix_core_pkg::DrainBits];

  assign step_last   = 32'(step_q) == 32'(drain.last_row) / EpilogueRows;
  assign chunk_last = chunk_q == LastChunk;
  assign block_last = 8'(block_q) == drain.last_block;

  assign take_fill_o = drain.first_group & drain.fill;
  assign take_zero_o = drain.first_group & ~drain.fill;
  assign to_output_o = drain.last_group;

  assign issue_o       = bank_full_i[bank_q] & scale_valid_i & (fill_valid_i | ~take_fill_o) & move_i;
  assign scale_ready_o = issue_o & step_last;
  assign fill_ready_o  = issue_o & take_fill_o;

  always_comb begin
    bank_d       = bank_q;
    block_d      = block_q;
    chunk_d      = chunk_q;
    step_d       = step_q;
    bank_clear_o = '0;
    if (issue_o) begin
      step_d = step_last ? '0 : step_q + 1'b1;
      if (step_last) chunk_d = chunk_last ? '0 : chunk_q + 1'b1;
      if (step_last && chunk_last) block_d = block_last ? '0 : block_q + 1'b1;
      if (step_last && chunk_last && block_last) begin
        bank_clear_o[bank_q] = 1'b1;
        bank_d = ~bank_q;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bank_q  <= 1'b0;
      block_q <= '0;
      chunk_q <= '0;
      step_q  <= '0;
    end else begin
      bank_q  <= bank_d;
      block_q <= block_d;
      chunk_q <= chunk_d;
      step_q  <= step_d;
    end
  end

  assign bank_o  = bank_q;
  assign block_o = block_q;
  assign chunk_o = chunk_q;
  assign step_o  = step_q;

endmodule
