// Which banks are open, on which row, and whether a command suits the state of one bank.

module dram_monitor_banks #(
  parameter int unsigned BankBits = 8,
  parameter int unsigned RowBits = 24
) (
  input  logic                clk_i,

  input  logic                clear_i,
  input  logic [BankBits-1:0] clear_bank_i,

  input  logic [3:0]          command_i,
  input  logic [BankBits-1:0] bank_i,
  input  logic [RowBits-1:0]  row_i,
  input  logic                update_i,

  output logic [3:0]          fault_o
);

  logic               open_q [2**BankBits];
  logic [RowBits-1:0] row_q [2**BankBits];

  logic open, same_row, opens, closes;

  always_comb begin
    open     = open_q[bank_i];
    same_row = row_q[bank_i] == row_i;
    opens    = 1'b0;
    closes   = 1'b0;
    fault_o  = dram_monitor_pkg::Legal;
    case (command_i)
      dram_monitor_pkg::Activate: begin
        opens = 1'b1;
        if (open) fault_o = dram_monitor_pkg::BankOpen;
      end
      dram_monitor_pkg::Precharge, dram_monitor_pkg::PrechargeAll: closes = 1'b1;  // of a closed bank too
      dram_monitor_pkg::Read, dram_monitor_pkg::Write,
      dram_monitor_pkg::ReadPrecharge, dram_monitor_pkg::WritePrecharge: begin
        closes = command_i == dram_monitor_pkg::ReadPrecharge || command_i == dram_monitor_pkg::WritePrecharge;
        if (!open) fault_o = dram_monitor_pkg::BankClosed;
        else if (!same_row) fault_o = dram_monitor_pkg::OtherRow;
      end
      dram_monitor_pkg::Refresh, dram_monitor_pkg::RefreshBank: begin
        if (open) fault_o = dram_monitor_pkg::NotPrecharged;
      end
      default: ;
    endcase
  end

  // Without reset: the monitor clears bank by bank.
  always_ff @(posedge clk_i) begin
    if (clear_i) open_q[clear_bank_i] <= 1'b0;
    else if (update_i && (opens || closes)) open_q[bank_i] <= opens;
    if (update_i && opens) row_q[bank_i] <= row_i;
  end

endmodule
