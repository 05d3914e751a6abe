// The command bus: how many cycles each command takes on it (0: there is no such command), when it is free again, and
// that time does not go back. Where it is split, column commands have a bus of their own.

module dram_monitor_bus #(
  parameter int unsigned TimeBits = 40,
  localparam int unsigned CyclesBits = dram_monitor_pkg::CyclesBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       set_command_i,
  input  logic                       set_channel_i,  // and begin anew
  input  logic [3:0]                 index_i,        // of the command that is set
  input  logic [CyclesBits-1:0]      cycles_i,       // of it
  input  logic                       split_i,        // of the channel that is set

  input  logic [3:0]                 command_i,
  input  logic [TimeBits-1:0]        time_i,
  input  logic                       update_i,

  output logic                       known_o,
  output logic                       went_back_o,
  output logic [TimeBits-1:0]        earliest_o
);

  logic [CyclesBits-1:0] cycles_q [16];
  logic                  split_q;
  logic [TimeBits-1:0]   last_q;          // command
  logic [TimeBits-1:0]   row_q, column_q;  // first free cycle
  logic [15:0]           known_q;
  logic                  is_column, on_column;
  logic [TimeBits-1:0]   free;            // behind this command

  assign is_column = command_i == dram_monitor_pkg::Read || command_i == dram_monitor_pkg::ReadPrecharge
                  || command_i == dram_monitor_pkg::Write || command_i == dram_monitor_pkg::WritePrecharge;
  assign on_column = split_q & is_column;

  assign free        = time_i + TimeBits'(cycles_q[command_i]);
  assign known_o     = known_q[command_i];
  assign went_back_o = time_i < last_q;
  assign earliest_o  = on_column ? column_q : row_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      split_q  <= 1'b0;
      known_q  <= '0;
      last_q   <= '0;
      row_q    <= '0;
      column_q <= '0;
    end else if (set_channel_i) begin
      split_q  <= split_i;
      known_q  <= '0;
      last_q   <= '0;
      row_q    <= '0;
      column_q <= '0;
    end else if (set_command_i) begin
      known_q[index_i] <= cycles_i != '0;
    end else if (update_i) begin
      last_q <= time_i;
      if (on_column && free > column_q) column_q <= free;
      if (!on_column && free > row_q) row_q <= free;
    end
  end

  always_ff @(posedge clk_i) begin
    if (set_command_i) cycles_q[index_i] <= cycles_i;
  end

endmodule
