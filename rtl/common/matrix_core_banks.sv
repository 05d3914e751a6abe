// The register that follows a fire to its accumulation, one cycle later, and the state of the two psum banks.

module matrix_core_banks #(
  parameter int unsigned MaxPlanes = 4,
  parameter int unsigned PsumBlocks = 4,
  localparam int unsigned BlockBits = matrix_core_pkg::index_bits(PsumBlocks),
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes),
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * PsumBlocks)
) (
  input  logic                                    clk_i,
  input  logic                                    rst_ni,

  // Fire.
  input  logic                                    fire_i,
  input  logic                                    bank_i,
  input  logic [BlockBits-1:0]                    block_i,
  input  logic [ShiftBits-1:0]                    shift_i,
  input  logic                                    replace_i,
  input  logic                                    first_plane_i,
  input  logic                                    group_last_i,
  input  matrix_core_pkg::drain_t                 drain_i,

  // Accumulation.
  output logic                                    accumulate_o,
  output logic [WordBits-1:0]                     accumulate_word_o,
  output logic [ShiftBits-1:0]                    accumulate_shift_o,
  output logic                                    accumulate_replace_o,

  // Drain.
  output logic [1:0]                              bank_full_o,
  output logic [2*matrix_core_pkg::DrainBits-1:0] bank_drain_o,
  input  logic [1:0]                              bank_clear_i,

  output logic                                    busy_o
);

  // A fire, one cycle later.
  logic                    accumulate_q, bank_q, replace_q, group_last_q;
  logic [WordBits-1:0]     word_q;
  logic [ShiftBits-1:0]    shift_q;
  matrix_core_pkg::drain_t drain_q;

  logic [1:0]              full_d, full_q;
  matrix_core_pkg::drain_t bank0_drain_q, bank1_drain_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      accumulate_q <= 1'b0;
      group_last_q <= 1'b0;
    end else begin
      accumulate_q <= fire_i;
      group_last_q <= fire_i & group_last_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (fire_i) begin
      bank_q    <= bank_i;
      word_q    <= WordBits'(block_i) + (bank_i ? WordBits'(PsumBlocks) : '0);
      shift_q   <= shift_i;
      replace_q <= replace_i & first_plane_i;
      drain_q   <= drain_i;
    end
  end

  // The flag rises with the last accumulation. Nothing fires into a full bank, so a flag never rises and falls at once.
  always_comb begin
    full_d = full_q & ~bank_clear_i;
    if (group_last_q) full_d[bank_q] = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q        <= '0;
      bank0_drain_q <= '0;
      bank1_drain_q <= '0;
    end else begin
      full_q <= full_d;
      if (group_last_q && !bank_q) bank0_drain_q <= drain_q;
      if (group_last_q && bank_q) bank1_drain_q <= drain_q;
    end
  end

  assign accumulate_o         = accumulate_q;
  assign accumulate_word_o    = word_q;
  assign accumulate_shift_o   = shift_q;
  assign accumulate_replace_o = replace_q;

  assign bank_full_o  = full_q;
  assign bank_drain_o = {bank1_drain_q, bank0_drain_q};
  assign busy_o       = accumulate_q | (|full_q);

endmodule
