// Whose turn it is: clearing the history, taking a config word, or judging a command. A command is judged in one clock;
// one for a whole rank walks over the banks of the rank twice, first to check all of them, then to update all of them.

module dram_monitor_control #(
  parameter int unsigned BankBits = 8,
  localparam int unsigned CountBits = dram_monitor_pkg::CountBits
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      config_valid_i,
  output logic                      config_ready_o,
  input  logic [1:0]                what_i,
  input  logic [CountBits-1:0]      count_i,  // commands of the run that is begun; 0: all that come
  input  logic                      command_valid_i,
  output logic                      command_ready_o,
  output logic                      verdict_valid_o,
  input  logic                      verdict_ready_i,

  // Exactly one of these five is 1.
  output logic                      judge_o,
  output logic                      idle_o,
  output logic                      configure_o,
  output logic                      clear_o,
  output logic                      stall_verdict_o,

  output logic                      set_rule_o,
  output logic                      set_command_o,
  output logic                      set_channel_o,
  output logic [BankBits-1:0]       clear_place_o,

  input  logic                      rejected_i,   // the command changes nothing
  input  logic                      rank_wide_i,
  input  logic [BankBits-1:0]       last_bank_i,  // of a rank, counted from its first
  output logic [BankBits-1:0]       step_o,       // bank of the rank that is walked over
  output logic                      check_o,       // this is the first walk, or the only step
  output logic                      update_o
);

  logic                 clearing_d, clearing_q;
  logic [BankBits-1:0]  place_d, place_q;
  logic                 running_d, running_q;
  logic                 endless_d, endless_q;
  logic [CountBits-1:0] left_d, left_q;  // commands of the run
  logic                 updating_d, updating_q;
  logic [BankBits-1:0]  step_d, step_q;
  logic                 walk, step_last, last, start;

  assign walk      = rank_wide_i & ~rejected_i;
  assign step_last = step_q == last_bank_i;
  assign last      = ~walk | (updating_q & step_last);

  assign clear_o         = clearing_q;
  assign configure_o     = ~clearing_q & ~running_q & config_valid_i;
  assign stall_verdict_o = running_q & command_valid_i & last & ~verdict_ready_i;
  assign judge_o         = running_q & command_valid_i & ~(last & ~verdict_ready_i);
  assign idle_o          = ~clearing_q & ~(running_q ? command_valid_i : config_valid_i);

  assign config_ready_o  = configure_o;
  assign command_ready_o = judge_o & last;
  assign verdict_valid_o = running_q & command_valid_i & last;
  assign check_o         = ~updating_q;  // not of judge_o: a verdict that waits must not change
  assign update_o        = judge_o & ~rejected_i & (~walk | updating_q);

  assign set_rule_o    = configure_o && what_i == dram_monitor_pkg::SetRule;
  assign set_command_o = configure_o && what_i == dram_monitor_pkg::SetCommand;
  assign set_channel_o = configure_o && what_i == dram_monitor_pkg::SetChannel;
  assign start         = configure_o && what_i == dram_monitor_pkg::Run;

  always_comb begin
    clearing_d = clearing_q;
    place_d    = place_q;
    running_d  = running_q;
    endless_d  = endless_q;
    left_d     = left_q;
    updating_d = updating_q;
    step_d     = step_q;

    if (clearing_q) place_d = place_q + 1'b1;
    if (clearing_q && place_q == '1) clearing_d = 1'b0;
    if (set_channel_o) clearing_d = 1'b1;

    if (start) begin
      running_d = 1'b1;
      endless_d = count_i == '0;
      left_d    = count_i;
    end
    if (command_ready_o) begin
      left_d = left_q - 1'b1;
      if (!endless_q && left_q == CountBits'(1)) running_d = 1'b0;
    end

    if (judge_o && walk) begin
      step_d = step_last ? '0 : step_q + 1'b1;
      if (step_last) updating_d = ~updating_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      clearing_q <= 1'b0;
      place_q    <= '0;
      running_q  <= 1'b0;
      endless_q  <= 1'b0;
      left_q     <= '0;
      updating_q <= 1'b0;
      step_q     <= '0;
    end else begin
      clearing_q <= clearing_d;
      place_q    <= place_d;
      running_q  <= running_d;
      endless_q  <= endless_d;
      left_q     <= left_d;
      updating_q <= updating_d;
      step_q     <= step_d;
    end
  end

  assign clear_place_o = place_q;
  assign step_o        = step_q;

endmodule
