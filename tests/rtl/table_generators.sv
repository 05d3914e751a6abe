// Test only: the table generator of lut_core for every group length, with half and with full tables, fed with the same
// activations. Two rows, one generator, so that both rows are built, one after the other.

module table_generators #(
  parameter int unsigned ActBits /*verilator public_flat_rd*/ = 8,
  localparam int unsigned MaxLength = 6,
  localparam int unsigned SlotBits = 2**MaxLength * 16  // room of a row's table
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           valid_i,
  input  logic [2*MaxLength*ActBits-1:0] act_i,      // element (m, k): [(m*MaxLength + k)*ActBits +: ActBits]
  input  logic                           release_i,
  output logic [9:0]                     ready_o,    // bit 2*(length - 2) + symmetric
  output logic [9:0]                     valid_o,
  output logic [9:0]                     busy_o,
  output logic [20*SlotBits-1:0]         tables_o    // slot 2*bit + m; entry i: [i*16 +: 16], sign extended
);

  for (genvar v = 0; v < 10; v++) begin : gen_variant
    localparam int unsigned Length = v / 2 + 2;
    localparam int unsigned Symmetric = v % 2;
    localparam int unsigned Entries = Symmetric != 0 ? 2**(Length - 1) : 2**Length;
    localparam int unsigned EntryBits = ActBits + matrix_core_pkg::bit_length(Length);

    logic [2*Length*ActBits-1:0]    act;
    logic [2*Entries*EntryBits-1:0] tables;

    assign act = {act_i[MaxLength*ActBits +: Length*ActBits], act_i[0 +: Length*ActBits]};

    lut_core_table_generator #(
      .Rows(2), .ActBits(ActBits), .GroupLength(Length), .Symmetric(Symmetric), .TableGenerators(1)
    ) u_generator (
      .clk_i,
      .rst_ni,
      .act_valid_i   (valid_i),
      .act_ready_o   (ready_o[v]),
      .act_data_i    (act),
      .ratio_i       ('0),
      .release_i     (release_i & valid_o[v]),
      .active_valid_o(valid_o[v]),
      .active_o      (tables),
      .busy_o        (busy_o[v])
    );

    for (genvar m = 0; m < 2; m++) begin : gen_row
      for (genvar i = 0; i < 2**MaxLength; i++) begin : gen_entry
        if (i < Entries) begin : gen_there
          logic signed [EntryBits-1:0] entry;
          assign entry = tables[(m*Entries + i)*EntryBits +: EntryBits];
          assign tables_o[(2*v + m)*SlotBits + i*16 +: 16] = 16'(entry);
        end else begin : gen_not
          assign tables_o[(2*v + m)*SlotBits + i*16 +: 16] = '0;
        end
      end
    end
  end

endmodule
