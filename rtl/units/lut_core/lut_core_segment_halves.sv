// State of a memory in two halves, of which one is filled with the K groups of a segment while the other one, full, is
// read. The words themselves are elsewhere. What is full or free is seen one cycle later.

`include "assertions.svh"

module lut_core_segment_halves #(
  parameter int unsigned Groups = 16,  // words of a half
  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * Groups)
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  output logic                write_ready_o,  // the half being filled is not full
  input  logic                write_i,
  input  logic                write_last_i,   // of the segment: the half is full, and filling goes on in the other one
  output logic                write_half_o,
  output logic                write_first_o,
  output logic [WordBits-1:0] write_word_o,

  output logic                read_valid_o,   // the older half is full
  input  logic                read_i,
  output logic                read_half_o,
  output logic                read_first_o,
  output logic                read_last_o,    // the read frees the half
  output logic [WordBits-1:0] read_word_o,

  output logic                busy_o
);

  localparam int unsigned GroupBits = matrix_core_pkg::index_bits(Groups);

  logic [1:0]           full_d, full_q;
  logic                 write_half_d, write_half_q, read_half_d, read_half_q;
  logic [GroupBits-1:0] write_group_d, write_group_q, read_group_d, read_group_q;
  logic [GroupBits-1:0] last0_q, last1_q;  // index of the last word of each half

  assign write_ready_o = ~full_q[write_half_q];
  assign read_valid_o  = full_q[read_half_q];

  assign write_first_o = write_group_q == '0;
  assign read_first_o  = read_group_q == '0;
  assign read_last_o   = read_group_q == (read_half_q ? last1_q : last0_q);

  always_comb begin
    full_d        = full_q;
    write_half_d  = write_half_q;
    read_half_d   = read_half_q;
    write_group_d = write_group_q;
    read_group_d  = read_group_q;
    if (write_i) write_group_d = write_last_i ? '0 : write_group_q + 1'b1;
    if (write_i && write_last_i) begin
      full_d[write_half_q] = 1'b1;
      write_half_d = ~write_half_q;
    end
    if (read_i) read_group_d = read_last_o ? '0 : read_group_q + 1'b1;
    if (read_i && read_last_o) begin
      full_d[read_half_q] = 1'b0;
      read_half_d = ~read_half_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q        <= '0;
      write_half_q  <= 1'b0;
      read_half_q   <= 1'b0;
      write_group_q <= '0;
      read_group_q  <= '0;
      last0_q       <= '0;
      last1_q       <= '0;
    end else begin
      full_q        <= full_d;
      write_half_q  <= write_half_d;
      read_half_q   <= read_half_d;
      write_group_q <= write_group_d;
      read_group_q  <= read_group_d;
      if (write_i && write_last_i && !write_half_q) last0_q <= write_group_q;
      if (write_i && write_last_i && write_half_q) last1_q <= write_group_q;
    end
  end

  assign write_half_o = write_half_q;
  assign read_half_o  = read_half_q;
  assign write_word_o = WordBits'(write_group_q) + (write_half_q ? WordBits'(Groups) : '0);
  assign read_word_o  = WordBits'(read_group_q) + (read_half_q ? WordBits'(Groups) : '0);
  assign busy_o       = (|full_q) | ~write_first_o;

  `ASSERT(WritesIntoFree, !write_i || write_ready_o)
  `ASSERT(ReadsFull, !read_i || read_valid_o)

endmodule
