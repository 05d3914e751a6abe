// Entries of a table for three ternary weights, in two stages: entry v - 1 is w0 a0 + w1 a1 + w2 a2 for the weights with
// v = 9 w0 + 3 w1 + w2, v = 1..13; the other signs are its negation (bitnet.cpp TL2). Ten adders.

module lut_core_ternary_entries #(
  parameter int unsigned ActBits = 8,
  localparam int unsigned Entries = 13,
  localparam int unsigned EntryBits = ActBits + 2
) (
  input  logic                         clk_i,
  input  logic                         load_i,    // stage 1 takes the activations
  input  logic [3*ActBits-1:0]         act_i,
  output logic [Entries*EntryBits-1:0] entries_o  // of what stage 1 holds
);

  logic signed [ActBits-1:0] a0, a1, a2;
  logic signed [ActBits-1:0] a0_q, a1_q, a2_q;
  logic signed [ActBits:0]   sum_q, difference_q;  // a1 + a2, a1 - a2

  assign a0 = act_i[0 +: ActBits];
  assign a1 = act_i[ActBits +: ActBits];
  assign a2 = act_i[2*ActBits +: ActBits];

  always_ff @(posedge clk_i) begin
    if (load_i) begin
      a0_q         <= a0;
      a1_q         <= a1;
      a2_q         <= a2;
      sum_q        <= (ActBits+1)'(a1) + (ActBits+1)'(a2);
      difference_q <= (ActBits+1)'(a1) - (ActBits+1)'(a2);
    end
  end

  for (genvar v = 1; v <= Entries; v++) begin : gen_entry
    // Digits of v to the base 3, each 0 for -1, 1 for 0, 2 for 1.
    localparam int unsigned Digits = v + 13;
    localparam int unsigned W2 = Digits % 3;
    localparam int unsigned W1 = Digits / 3 % 3;
    localparam int unsigned W0 = Digits / 9;
    logic signed [EntryBits-1:0] pair, tail;

    // w1 a1 + w2 a2 without its sign; where both weights are there, one of the two sums.
    if (W1 != 1 && W2 != 1) begin : gen_both
      assign pair = W1 == W2 ? EntryBits'(sum_q) : EntryBits'(difference_q);
    end else if (W1 != 1) begin : gen_first
      assign pair = EntryBits'(a1_q);
    end else if (W2 != 1) begin : gen_second
      assign pair = EntryBits'(a2_q);
    end else begin : gen_none
      assign pair = '0;
    end
    assign tail = (W1 != 1 ? W1 == 0 : W2 == 0) ? -pair : pair;
    assign entries_o[(v-1)*EntryBits +: EntryBits] = (W0 == 2 ? EntryBits'(a0_q) : '0) + tail;
  end

endmodule
