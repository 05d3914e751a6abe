// Where a command stands: the bank it acts on, the node of every level that this bank belongs to, and which of these
// nodes were not yet met by the walk over the banks of a rank.

module dram_monitor_nodes #(
  parameter int unsigned BankBits = 8,
  localparam int unsigned Levels = dram_monitor_pkg::Levels,
  localparam int unsigned ShiftBits = dram_monitor_pkg::ShiftBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       set_i,
  input  dram_monitor_pkg::shifts_t  shifts_i,

  input  logic                       rank_wide_i,
  input  logic [BankBits-1:0]        bank_i,
  input  logic [BankBits-1:0]        step_i,       // 0 for commands that do not walk

  output logic [BankBits-1:0]        last_bank_o,  // of a rank, counted from its first
  output logic [BankBits-1:0]        bank_o,
  output logic [Levels*BankBits-1:0] node_o,       // level l: [l*BankBits +: BankBits], from the channel down
  output logic [Levels-1:0]          first_o
);

  logic [ShiftBits-1:0] group_q, rank_q, pseudo_channel_q;
  logic [BankBits-1:0]  below_group, below_rank, below_pseudo_channel;  // bits of a bank's number below each level

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      group_q          <= '0;
      rank_q           <= '0;
      pseudo_channel_q <= '0;
    end else if (set_i) begin
      group_q          <= shifts_i.bank_group;
      rank_q           <= shifts_i.rank;
      pseudo_channel_q <= shifts_i.pseudo_channel;
    end
  end

  assign below_group          = ~({BankBits{1'b1}} << group_q);
  assign below_rank           = ~({BankBits{1'b1}} << rank_q);
  assign below_pseudo_channel = ~({BankBits{1'b1}} << pseudo_channel_q);

  assign last_bank_o = below_rank;
  assign bank_o      = rank_wide_i ? (bank_i & ~below_rank) | step_i : bank_i;

  assign node_o = {bank_o, bank_o >> group_q, bank_o >> rank_q, bank_o >> pseudo_channel_q, {BankBits{1'b0}}};
  assign first_o = {1'b1, (step_i & below_group) == '0, (step_i & below_rank) == '0,
                    (step_i & below_pseudo_channel) == '0, step_i == '0};

endmodule
