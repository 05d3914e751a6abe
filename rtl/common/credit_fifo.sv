// FIFO behind a pipeline that never stands still: who starts something that will end in the FIFO reserves a slot for
// it, and pushes into the slot whenever the pipeline is through. A slot reserved in cycle t is taken from t+1 on, a word
// pushed in t can be popped in t+1, a slot popped in t can be reserved again in t+1. Twin: sim/kernel/credit_fifo.h.

`include "assertions.svh"

module credit_fifo #(
  parameter int unsigned Width = 32,
  parameter int unsigned Depth = 4  // slots, at least 1, for words in the pipeline and words that wait
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  output logic             room_o,     // a slot is free
  input  logic             reserve_i,  // only if one is

  input  logic             push_i,     // only what was reserved
  input  logic [Width-1:0] push_data_i,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o,

  output logic             busy_o      // some slot is taken
);

  localparam int unsigned PointerBits = Depth > 1 ? $clog2(Depth) : 1;
  localparam int unsigned CountBits = $clog2(Depth + 1);
  localparam logic [PointerBits-1:0] LastSlot = PointerBits'(Depth - 1);

  // The words carry no reset: only a counted word is ever shown as valid.
  logic [Width-1:0]       words_q [Depth];
  logic [PointerBits-1:0] read_d, read_q, write_d, write_q;
  logic [CountBits-1:0]   taken_d, taken_q;  // slots
  logic [CountBits-1:0]   count_d, count_q;  // words
  logic                   pop;

  assign room_o      = taken_q != CountBits'(Depth);
  assign out_valid_o = count_q != '0;
  assign out_data_o  = words_q[read_q];
  assign busy_o      = taken_q != '0;

  assign pop = out_valid_o & out_ready_i;

  always_comb begin
    read_d  = read_q;
    write_d = write_q;
    taken_d = taken_q;
    count_d = count_q;
    if (push_i) write_d = write_q == LastSlot ? '0 : write_q + 1'b1;
    if (pop) read_d = read_q == LastSlot ? '0 : read_q + 1'b1;
    if (reserve_i && !pop) taken_d = taken_q + 1'b1;
    if (pop && !reserve_i) taken_d = taken_q - 1'b1;
    if (push_i && !pop) count_d = count_q + 1'b1;
    if (pop && !push_i) count_d = count_q - 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q  <= '0;
      write_q <= '0;
      taken_q <= '0;
      count_q <= '0;
    end else begin
      read_q  <= read_d;
      write_q <= write_d;
      taken_q <= taken_d;
      count_q <= count_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push_i) words_q[write_q] <= push_data_i;
  end

  `ASSERT_PARAMETER(LegalDepth, Depth >= 1)
  `ASSERT(ReservesWhatIsFree, !reserve_i || room_o)
  `ASSERT(PushesWhatIsReserved, !push_i || count_q < taken_q)
  `ASSERT_STREAM_STABLE(OutStable, out_valid_o, out_ready_i, out_data_o)

endmodule
