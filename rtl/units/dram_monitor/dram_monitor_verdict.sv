// The verdict on a command. Faults that a walk over banks finds are gathered until its last step.

module dram_monitor_verdict #(
  parameter int unsigned TimeBits = 40,
  localparam int unsigned SlotBits = dram_monitor_pkg::SlotBits,
  localparam int unsigned VerdictBits = 5 + SlotBits + TimeBits
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   check_i,        // first walk, or the only step
  input  logic                   judge_i,        // a step is done
  input  logic                   last_i,         // the verdict is taken
  input  logic [TimeBits-1:0]    time_i,
  input  logic                   known_i,
  input  logic                   went_back_i,
  input  logic [TimeBits-1:0]    bus_earliest_i,
  input  logic [3:0]             bank_fault_i,   // what follows has a meaning while checking only
  input  logic                   violated_i,
  input  logic [SlotBits-1:0]    rule_i,
  input  logic [TimeBits-1:0]    earliest_i,

  output logic [VerdictBits-1:0] verdict_o
);

  logic [3:0]          fault_d, fault_q, kind;
  logic                violated_d, violated_q;
  logic [SlotBits-1:0] rule_d, rule_q;
  logic [TimeBits-1:0] earliest_d, earliest_q;
  logic                rejected;

  always_comb begin
    fault_d    = fault_q;
    violated_d = violated_q;
    rule_d     = rule_q;
    earliest_d = earliest_q;
    if (check_i) begin
      if (fault_q == dram_monitor_pkg::Legal) fault_d = bank_fault_i;
      if (violated_i && (!violated_q || rule_i < rule_q)) rule_d = rule_i;
      violated_d = violated_q | violated_i;
      if (earliest_i > earliest_q) earliest_d = earliest_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fault_q    <= dram_monitor_pkg::Legal;
      violated_q <= 1'b0;
      rule_q     <= '0;
      earliest_q <= '0;
    end else if (judge_i) begin
      fault_q    <= last_i ? dram_monitor_pkg::Legal : fault_d;
      violated_q <= ~last_i & violated_d;
      rule_q     <= last_i ? '0 : rule_d;
      earliest_q <= last_i ? '0 : earliest_d;
    end
  end

  assign rejected = ~known_i | went_back_i;

  always_comb begin
    kind = dram_monitor_pkg::Legal;
    if (!known_i) kind = dram_monitor_pkg::UnknownCommand;
    else if (went_back_i) kind = dram_monitor_pkg::TimeWentBack;
    else if (fault_d != dram_monitor_pkg::Legal) kind = fault_d;
    else if (time_i < bus_earliest_i) kind = dram_monitor_pkg::BusBusy;
    else if (violated_d) kind = dram_monitor_pkg::TooEarly;
    verdict_o = '0;
    verdict_o[3:0] = kind;
    if (!rejected) begin
      verdict_o[4]                       = violated_d;
      verdict_o[5 +: SlotBits]           = rule_d;
      verdict_o[5 + SlotBits +: TimeBits] = bus_earliest_i > earliest_d ? bus_earliest_i : earliest_d;
    end
  end

endmodule
