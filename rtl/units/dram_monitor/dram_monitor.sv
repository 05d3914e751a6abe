// Monitor of one DRAM channel's command bus: judges every command by constraint rules that are loaded at run time, by the
// state of the banks, and by the bus. Behaviour to the cycle and to the bit: sim/units/dram_monitor/README.md.

`include "assertions.svh"

module dram_monitor #(
  // Public, so that a bench builds its model from what the hardware is.
  parameter int unsigned BankBits /*verilator public_flat_rd*/ = 8,
  parameter int unsigned RowBits  /*verilator public_flat_rd*/ = 24,
  parameter int unsigned TimeBits /*verilator public_flat_rd*/ = 40,
  parameter int unsigned Rules    /*verilator public_flat_rd*/ = 96,
  parameter int unsigned Window   /*verilator public_flat_rd*/ = 8,
  localparam int unsigned ConfigBits = dram_monitor_pkg::ConfigBits,
  localparam int unsigned CommandBits = 4 + BankBits + RowBits + TimeBits,
  localparam int unsigned VerdictBits = 5 + dram_monitor_pkg::SlotBits + TimeBits
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   config_valid_i,
  output logic                   config_ready_o,
  input  logic [ConfigBits-1:0]  config_data_i,

  input  logic                   command_valid_i,
  output logic                   command_ready_o,
  input  logic [CommandBits-1:0] command_data_i,

  output logic                   verdict_valid_o,
  input  logic                   verdict_ready_i,
  output logic [VerdictBits-1:0] verdict_data_o,

  // Observation: exactly one of the five is 1 in a cycle.
  output logic                   judge_o,
  output logic                   idle_o,
  output logic                   configure_o,
  output logic                   clear_o,
  output logic                   stall_verdict_o,
  output logic                   busy_o  // anything at all is still in flight
);

  localparam int unsigned Levels = dram_monitor_pkg::Levels;
  localparam int unsigned Commands = dram_monitor_pkg::Commands;
  localparam int unsigned SlotBits = dram_monitor_pkg::SlotBits;

  // Streams behind their FIFOs.
  logic                      config_valid, config_ready;
  dram_monitor_pkg::config_t config_word;
  logic                      command_valid, command_ready;
  logic [CommandBits-1:0]    command_data;
  logic                      verdict_valid, verdict_ready;
  logic [VerdictBits-1:0]    verdict_data;

  fifo #(.Width(ConfigBits), .Depth(2)) u_config_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (config_valid_i),
    .in_ready_o (config_ready_o),
    .in_data_i  (config_data_i),
    .out_valid_o(config_valid),
    .out_ready_i(config_ready),
    .out_data_o (config_word)
  );

  fifo #(.Width(CommandBits), .Depth(2)) u_command_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (command_valid_i),
    .in_ready_o (command_ready_o),
    .in_data_i  (command_data_i),
    .out_valid_o(command_valid),
    .out_ready_i(command_ready),
    .out_data_o (command_data)
  );

  fifo #(.Width(VerdictBits), .Depth(2)) u_verdict_fifo (
    .clk_i,
    .rst_ni,
    .in_valid_i (verdict_valid),
    .in_ready_o (verdict_ready),
    .in_data_i  (verdict_data),
    .out_valid_o(verdict_valid_o),
    .out_ready_i(verdict_ready_i),
    .out_data_o (verdict_data_o)
  );

  // The command at the front.
  logic [3:0]          code;
  logic [BankBits-1:0] addressed;
  logic [RowBits-1:0]  row;
  logic [TimeBits-1:0] stamp;
  logic                rank_wide;
  logic [Commands-1:0] command;

  assign code      = command_data[3:0];
  assign addressed = command_data[4 +: BankBits];
  assign row       = command_data[4 + BankBits +: RowBits];
  assign stamp     = command_data[4 + BankBits + RowBits +: TimeBits];
  assign rank_wide = code == dram_monitor_pkg::PrechargeAll || code == dram_monitor_pkg::Refresh;
  assign command   = Commands'(1) << code;

  // Control.
  logic                set_rule, set_command, set_channel, check, update, known, went_back;
  logic [BankBits-1:0] clear_place, step, last_bank;

  dram_monitor_control #(.BankBits(BankBits)) u_control (
    .clk_i,
    .rst_ni,
    .config_valid_i (config_valid),
    .config_ready_o (config_ready),
    .what_i         (config_word.what),
    .count_i        (config_word.value),
    .command_valid_i(command_valid),
    .command_ready_o(command_ready),
    .verdict_valid_o(verdict_valid),
    .verdict_ready_i(verdict_ready),
    .judge_o,
    .idle_o,
    .configure_o,
    .clear_o,
    .stall_verdict_o,
    .set_rule_o     (set_rule),
    .set_command_o  (set_command),
    .set_channel_o  (set_channel),
    .clear_place_o  (clear_place),
    .rejected_i     (~known | went_back),
    .rank_wide_i    (rank_wide),
    .last_bank_i    (last_bank),
    .step_o         (step),
    .check_o        (check),
    .update_o       (update)
  );

  dram_monitor_pkg::shifts_t  shifts;
  logic                       split;
  dram_monitor_pkg::rule_t    rule;
  logic [BankBits-1:0]        bank;
  logic [Levels*BankBits-1:0] node;
  logic [Levels-1:0]          first;

  assign shifts = config_word.value[dram_monitor_pkg::ShiftsBits-1:0];
  assign split = config_word.value[dram_monitor_pkg::ShiftsBits];
  assign rule = config_word[dram_monitor_pkg::ConfigBits-1 -: dram_monitor_pkg::RuleBits];

  dram_monitor_nodes #(.BankBits(BankBits)) u_nodes (
    .clk_i,
    .rst_ni,
    .set_i      (set_channel),
    .shifts_i   (shifts),
    .rank_wide_i(rank_wide),
    .bank_i     (addressed),
    .step_i     (step),
    .last_bank_o(last_bank),
    .bank_o     (bank),
    .node_o     (node),
    .first_o    (first)
  );

  // The three judges.
  logic                violated;
  logic [SlotBits-1:0] lowest_rule;
  logic [TimeBits-1:0] rules_earliest, bus_earliest;
  logic [3:0]          bank_fault;

  dram_monitor_rules #(
    .BankBits(BankBits), .Rules(Rules), .Window(Window), .TimeBits(TimeBits)
  ) u_rules (
    .clk_i,
    .rst_ni,
    .set_i        (set_rule),
    .index_i      (config_word.index),
    .rule_i       (rule),
    .forget_i     (set_channel),
    .clear_i      (clear_o),
    .clear_place_i(clear_place),
    .command_i    (command),
    .time_i       (stamp),
    .node_i       (node),
    .first_i      (first),
    .update_i     (update),
    .violated_o   (violated),
    .lowest_o     (lowest_rule),
    .earliest_o   (rules_earliest)
  );

  dram_monitor_banks #(.BankBits(BankBits), .RowBits(RowBits)) u_banks (
    .clk_i,
    .clear_i     (clear_o),
    .clear_bank_i(clear_place),
    .command_i   (code),
    .bank_i      (bank),
    .row_i       (row),
    .update_i    (update),
    .fault_o     (bank_fault)
  );

  dram_monitor_bus #(.TimeBits(TimeBits)) u_bus (
    .clk_i,
    .rst_ni,
    .set_command_i(set_command),
    .set_channel_i(set_channel),
    .index_i      (config_word.index[3:0]),
    .cycles_i     (config_word.value[dram_monitor_pkg::CyclesBits-1:0]),
    .split_i      (split),
    .command_i    (code),
    .time_i       (stamp),
    .update_i     (update & command_ready),
    .known_o      (known),
    .went_back_o  (went_back),
    .earliest_o   (bus_earliest)
  );

  dram_monitor_verdict #(.TimeBits(TimeBits)) u_verdict (
    .clk_i,
    .rst_ni,
    .check_i       (check),
    .judge_i       (judge_o),
    .last_i        (command_ready),
    .time_i        (stamp),
    .known_i       (known),
    .went_back_i   (went_back),
    .bus_earliest_i(bus_earliest),
    .bank_fault_i  (bank_fault),
    .violated_i    (violated),
    .rule_i        (lowest_rule),
    .earliest_i    (rules_earliest),
    .verdict_o     (verdict_data)
  );

  assign busy_o = config_valid | command_valid | verdict_valid_o | clear_o;

  `ASSERT(OneCause, $onehot({judge_o, idle_o, configure_o, clear_o, stall_verdict_o}))
  `ASSERT(LegalCommand, !set_command || 32'(config_word.index) < Commands)
  `ASSERT(LegalRule, !set_rule || (32'(config_word.index) < Rules && 32'(rule.window) < Window && 32'(rule.level) < Levels
      && !(rule.sibling && (rule.level == '0 || rule.window != '0))))
  `ASSERT(LegalChannel, !set_channel || (32'(shifts.pseudo_channel) <= BankBits && shifts.rank <= shifts.pseudo_channel
      && shifts.bank_group <= shifts.rank))
  `ASSERT_PARAMETER(LegalSizes, BankBits >= 1 && BankBits <= 15 && Rules >= 1 && Rules <= 256)
  `ASSERT_PARAMETER(LegalWindow, Window >= 1 && Window <= 8)
  `ASSERT_PARAMETER(LegalWidths, RowBits >= 1 && RowBits <= 32 && TimeBits >= 25 && TimeBits <= 64)

endmodule
