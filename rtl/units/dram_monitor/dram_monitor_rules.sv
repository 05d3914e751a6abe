// All rule slots side by side, and what they say together: the lowest rule that is violated, and the earliest cycle that
// satisfies them all.

module dram_monitor_rules #(
  parameter int unsigned BankBits = 8,
  parameter int unsigned Rules = 64,
  parameter int unsigned Window = 8,
  parameter int unsigned TimeBits = 40,
  localparam int unsigned Levels = dram_monitor_pkg::Levels,
  localparam int unsigned Commands = dram_monitor_pkg::Commands,
  localparam int unsigned SlotBits = dram_monitor_pkg::SlotBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       set_i,
  input  logic [SlotBits-1:0]        index_i,
  input  dram_monitor_pkg::rule_t    rule_i,
  input  logic                       forget_i,
  input  logic                       clear_i,
  input  logic [BankBits-1:0]        clear_place_i,

  input  logic [Commands-1:0]        command_i,
  input  logic [TimeBits-1:0]        time_i,
  input  logic [Levels*BankBits-1:0] node_i,
  input  logic [Levels-1:0]          first_i,
  input  logic                       update_i,

  output logic                       violated_o,
  output logic [SlotBits-1:0]        lowest_o,   // 0 if none is violated
  output logic [TimeBits-1:0]        earliest_o
);

  logic [Rules-1:0]    violated;
  logic [TimeBits-1:0] earliest [Rules];

  for (genvar r = 0; r < Rules; r++) begin : gen_rule
    dram_monitor_rule #(
      .BankBits(BankBits), .Window(Window), .TimeBits(TimeBits)
    ) u_rule (
      .clk_i,
      .rst_ni,
      .set_i     (set_i && index_i == SlotBits'(r)),
      .rule_i,
      .forget_i,
      .clear_i,
      .clear_place_i,
      .command_i,
      .time_i,
      .node_i,
      .first_i,
      .update_i,
      .violated_o(violated[r]),
      .earliest_o(earliest[r])
    );
  end

  assign violated_o = |violated;

  always_comb begin
    lowest_o   = '0;
    earliest_o = '0;
    for (int unsigned r = Rules; r > 0; r--) begin
      if (violated[r-1]) lowest_o = SlotBits'(r - 1);
      if (earliest[r-1] > earliest_o) earliest_o = earliest[r-1];
    end
  end

endmodule
