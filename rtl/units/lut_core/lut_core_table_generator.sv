// Builds the half tables of the next K group while the array works with the present one.
// Stage 1 holds pair sums of TableGenerators rows, stage 2 combines them into the shadow table; a swap makes the
// full shadow the active table.

module lut_core_table_generator #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActBits = 8,
  parameter int unsigned TableGenerators = 1,
  localparam int unsigned GroupLength = 4,
  localparam int unsigned Entries = 2**(GroupLength - 1),
  localparam int unsigned EntryBits = ActBits + 3,
  localparam int unsigned TableBits = Entries * EntryBits,
  localparam int unsigned RowBits = GroupLength * ActBits
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      act_valid_i,
  output logic                      act_ready_o,
  input  logic [Rows*RowBits-1:0]   act_data_i,

  input  logic                      release_i,  // the active table is used for the last time in this cycle
  output logic                      active_valid_o,
  output logic [Rows*TableBits-1:0] active_o,   // entry i of row m: [m*TableBits + i*EntryBits +: EntryBits]
  output logic                      busy_o
);

  localparam int unsigned BuildCycles = Rows / TableGenerators;
  localparam int unsigned StepBits = matrix_core_pkg::index_bits(BuildCycles);
  localparam int unsigned PairBits = ActBits + 1;
  localparam logic [StepBits-1:0] LastStep = StepBits'(BuildCycles - 1);

  logic                load, combine, swap;
  logic [StepBits-1:0] load_step_d, load_step_q;  // which row group stage 1 takes next
  logic                stage1_valid_d, stage1_valid_q;
  logic [StepBits-1:0] stage1_step_q;             // which row group stage 1 holds
  logic                shadow_full_d, shadow_full_q;
  logic                active_valid_d, active_valid_q;

  assign swap    = shadow_full_q & (~active_valid_q | release_i);
  assign combine = stage1_valid_q & (~shadow_full_q | swap);
  assign load    = act_valid_i & (~stage1_valid_q | combine);

  assign act_ready_o = load && load_step_q == LastStep;

  always_comb begin
    load_step_d    = load_step_q;
    stage1_valid_d = stage1_valid_q;
    shadow_full_d  = shadow_full_q;
    active_valid_d = active_valid_q;
    if (load) load_step_d = load_step_q == LastStep ? '0 : load_step_q + 1'b1;
    if (combine) stage1_valid_d = 1'b0;
    if (load) stage1_valid_d = 1'b1;
    if (release_i) active_valid_d = 1'b0;
    if (swap) begin
      active_valid_d = 1'b1;
      shadow_full_d  = 1'b0;
    end
    if (combine && stage1_step_q == LastStep) shadow_full_d = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      load_step_q    <= '0;
      stage1_valid_q <= 1'b0;
      stage1_step_q  <= '0;
      shadow_full_q  <= 1'b0;
      active_valid_q <= 1'b0;
    end else begin
      load_step_q    <= load_step_d;
      stage1_valid_q <= stage1_valid_d;
      if (load) stage1_step_q <= load_step_q;
      shadow_full_q  <= shadow_full_d;
      active_valid_q <= active_valid_d;
    end
  end

  // Four adders and eight adders per generator. (Yosys 0.23 reads -N'(x) as (-N)'(x), hence some parentheses.)
  logic [TableGenerators*TableBits-1:0] built;

  for (genvar g = 0; g < TableGenerators; g++) begin : gen_generator
    logic        [RowBits-1:0]   act;
    logic signed [ActBits-1:0]   a0, a1, a2, a3;
    logic signed [PairBits-1:0]  a0_plus_a1_q, a0_minus_a1_q, a3_plus_a2_q, a2_minus_a3_q;

    assign act = act_data_i[(32'(load_step_q)*TableGenerators + g)*RowBits +: RowBits];
    assign a0 = act[0*ActBits +: ActBits];
    assign a1 = act[1*ActBits +: ActBits];
    assign a2 = act[2*ActBits +: ActBits];
    assign a3 = act[3*ActBits +: ActBits];

    always_ff @(posedge clk_i) begin
      if (load) begin
        a0_plus_a1_q  <= PairBits'(a0) + PairBits'(a1);
        a0_minus_a1_q <= PairBits'(a0) - PairBits'(a1);
        a3_plus_a2_q  <= PairBits'(a3) + PairBits'(a2);
        a2_minus_a3_q <= PairBits'(a2) - PairBits'(a3);
      end
    end

    for (genvar i = 0; i < Entries; i++) begin : gen_entry
      logic signed [EntryBits-1:0] upper, pair, lower, entry;
      // Bit k of the index is the sign of a_k; a_3 is always subtracted.
      assign upper = i / 4 == 1 ? EntryBits'(a2_minus_a3_q) : -(EntryBits'(a3_plus_a2_q));
      assign pair  = i % 4 == 0 || i % 4 == 3 ? EntryBits'(a0_plus_a1_q) : EntryBits'(a0_minus_a1_q);
      assign lower = i % 4 == 1 || i % 4 == 3 ? pair : -pair;
      assign entry = upper + lower;
      assign built[g*TableBits + i*EntryBits +: EntryBits] = entry;
    end
  end

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    logic [TableBits-1:0] shadow_q, active_q;
    always_ff @(posedge clk_i) begin
      if (combine && stage1_step_q == StepBits'(m / TableGenerators)) begin
        shadow_q <= built[(m % TableGenerators)*TableBits +: TableBits];
      end
      if (swap) active_q <= shadow_q;
    end
    assign active_o[m*TableBits +: TableBits] = active_q;
  end

  assign active_valid_o = active_valid_q;
  assign busy_o = stage1_valid_q | shadow_full_q | active_valid_q;

endmodule
