// One rule slot: after a command of `from` at a node of `level`, a command of `to` at the same node waits `latency`
// cycles, counted from the window-th last one. For each node a ring of exactly `window` stamps: its next slot to be
// written is the one that counts.
//
// A sibling rule asks for the last one at any other node with the same parent. Kept per parent are the last stamp with
// its node (slot 0), and the last stamp of all other nodes (slot 1): whoever asks, one of the two is the answer.

module dram_monitor_rule #(
  parameter int unsigned BankBits = 8,
  parameter int unsigned Window = 8,
  parameter int unsigned TimeBits = 40,
  localparam int unsigned Levels = dram_monitor_pkg::Levels,
  localparam int unsigned Commands = dram_monitor_pkg::Commands
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       set_i,     // this slot is given a rule
  input  dram_monitor_pkg::rule_t    rule_i,
  input  logic                       forget_i,  // the rule
  input  logic                       clear_i,   // the history of one place
  input  logic [BankBits-1:0]        clear_place_i,

  input  logic [Commands-1:0]        command_i,  // one bit
  input  logic [TimeBits-1:0]        time_i,
  input  logic [Levels*BankBits-1:0] node_i,     // of each level
  input  logic [Levels-1:0]          first_i,    // the node was not updated by this command before
  input  logic                       update_i,

  output logic                       violated_o,
  output logic [TimeBits-1:0]        earliest_o  // 0 if the rule does not speak of this command
);
  // Compiled once for all slots, the rule stays in the instruction cache of the machine that simulates it.
  /*verilator no_inline_module*/

  localparam int unsigned Places = 2**BankBits;
  localparam int unsigned SlotBits = dram_monitor_pkg::index_bits(Window);

  logic [Commands-1:0]                      from_q, to_q;
  logic [dram_monitor_pkg::LatencyBits-1:0] latency_q;
  logic [2:0]                               level_q;
  logic [SlotBits-1:0]                      last_slot_q;
  logic                                     sibling_q;

  logic [TimeBits-1:0] stamps_q [Places*2**SlotBits];
  logic                full_q [Places];   // ring: every slot is written; sibling: slot 1 is
  logic [SlotBits-1:0] next_q [Places];   // ring: slot to be written; sibling: not 0 if slot 0 is
  logic [BankBits-1:0] owner_q [Places];  // sibling: the node of slot 0

  logic [2:0]          place_level;
  logic [BankBits-1:0] node, place;
  logic [SlotBits-1:0] next, slot;
  logic                full, own, known, push, push_slot1;
  logic [TimeBits-1:0] stamp;

  always_comb begin
    place_level = sibling_q ? level_q - 3'd1 : level_q;
    node        = node_i[32'(level_q)*BankBits +: BankBits];
    place       = node_i[32'(place_level)*BankBits +: BankBits];
    next        = next_q[place];
    full        = full_q[place];
    own         = node == owner_q[place];
    slot        = sibling_q ? SlotBits'(own) : next;
    known       = sibling_q & ~own ? next != '0 : full;
    stamp       = stamps_q[{place, slot}];
    earliest_o  = '0;
    if (|(command_i & to_q) && known) earliest_o = stamp + TimeBits'(latency_q);
    violated_o  = time_i < earliest_o;
    push        = update_i && |(command_i & from_q) && first_i[level_q];
    push_slot1  = push & sibling_q & ~own & (next != '0);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      from_q      <= '0;
      to_q        <= '0;
      latency_q   <= '0;
      level_q     <= '0;
      last_slot_q <= '0;
      sibling_q   <= 1'b0;
    end else if (forget_i) begin
      from_q <= '0;
      to_q   <= '0;
    end else if (set_i) begin
      from_q      <= rule_i.from;
      to_q        <= rule_i.to;
      latency_q   <= rule_i.latency;
      level_q     <= rule_i.level;
      last_slot_q <= SlotBits'(rule_i.window);
      sibling_q   <= rule_i.sibling;
    end
  end

  // A history without reset: the monitor clears it place by place before it is used.
  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      next_q[clear_place_i] <= '0;
      full_q[clear_place_i] <= 1'b0;
    end else if (push && sibling_q) begin
      next_q[place]             <= SlotBits'(1);
      owner_q[place]            <= node;
      stamps_q[{place, SlotBits'(0)}] <= time_i;
      if (push_slot1) begin
        full_q[place]                   <= 1'b1;
        stamps_q[{place, SlotBits'(1)}] <= stamps_q[{place, SlotBits'(0)}];
      end
    end else if (push) begin
      next_q[place]           <= next == last_slot_q ? '0 : next + 1'b1;
      stamps_q[{place, next}] <= time_i;
      if (next == last_slot_q) full_q[place] <= 1'b1;
    end
  end

endmodule
