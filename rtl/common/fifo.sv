// FIFO without fall-through: a word pushed in cycle t can be popped in t+1, a slot popped in t can be refilled in t+1.
// ready and valid are functions of state only, so no combinational path leads from one side to the other.

`include "assertions.svh"

module fifo #(
  parameter int unsigned Width = 32,
  parameter int unsigned Depth = 2  // words, at least 1; any number, not only powers of two
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  localparam int unsigned PointerBits = Depth > 1 ? $clog2(Depth) : 1;
  localparam int unsigned CountBits = $clog2(Depth + 1);
  localparam logic [PointerBits-1:0] LastSlot = PointerBits'(Depth - 1);

  // The words carry no reset: only a counted word is ever shown as valid.
  logic [Width-1:0]       words_q [Depth];
  logic [PointerBits-1:0] read_d, read_q, write_d, write_q;
  logic [CountBits-1:0]   count_d, count_q;
  logic                   push, pop;

  assign in_ready_o  = count_q != CountBits'(Depth);
  assign out_valid_o = count_q != '0;
  assign out_data_o  = words_q[read_q];

  assign push = in_valid_i & in_ready_o;
  assign pop  = out_valid_o & out_ready_i;

  always_comb begin
    read_d  = read_q;
    write_d = write_q;
    count_d = count_q;
    if (push) write_d = write_q == LastSlot ? '0 : write_q + 1'b1;
    if (pop) read_d = read_q == LastSlot ? '0 : read_q + 1'b1;
    if (push && !pop) count_d = count_q + 1'b1;
    if (pop && !push) count_d = count_q - 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q  <= '0;
      write_q <= '0;
      count_q <= '0;
    end else begin
      read_q  <= read_d;
      write_q <= write_d;
      count_q <= count_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) words_q[write_q] <= in_data_i;
  end

  `ASSERT_PARAMETER(LegalDepth, Depth >= 1)
  `ASSERT_STREAM_STABLE(InStable, in_valid_i, in_ready_o, in_data_i)
  `ASSERT_STREAM_STABLE(OutStable, out_valid_o, out_ready_i, out_data_o)

endmodule
