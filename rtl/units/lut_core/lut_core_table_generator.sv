// Builds the tables of the next K group while the array works with the present one.
// Stage 1 holds the sign sums of TableGenerators rows, of the lower and of the upper half of their activations; stage 2
// combines them into the shadow table; a swap makes the full shadow the active table.

module lut_core_table_generator #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActBits = 8,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned Symmetric = 1,  // 1: the half table, in which the last activation is subtracted; 0: the full one
  parameter int unsigned TableGenerators = 1,
  localparam int unsigned Entries = Symmetric != 0 ? 2**(GroupLength - 1) : 2**GroupLength,
  localparam int unsigned EntryBits = ActBits + matrix_core_pkg::bit_length(GroupLength),
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
  localparam int unsigned LowerTerms = GroupLength / 2;
  localparam int unsigned LowerSums = 2**(LowerTerms - 1);
  localparam int unsigned LowerBits = ActBits + $clog2(LowerTerms);
  localparam int unsigned UpperTerms = GroupLength - LowerTerms;
  localparam int unsigned UpperSums = 2**(UpperTerms - 1);
  localparam int unsigned UpperBits = ActBits + $clog2(UpperTerms);
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

  // For four activations and the half table four adders and eight adders per generator.
  logic [TableGenerators*TableBits-1:0] built;

  for (genvar g = 0; g < TableGenerators; g++) begin : gen_generator
    logic [RowBits-1:0]             act;
    logic [LowerSums*LowerBits-1:0] lower_sums, lower_sums_q;
    logic [UpperSums*UpperBits-1:0] upper_sums, upper_sums_q;

    assign act = act_data_i[(32'(load_step_q)*TableGenerators + g)*RowBits +: RowBits];

    lut_core_sign_sums #(.Terms(LowerTerms), .ActBits(ActBits)) u_lower (
      .act_i (act[0 +: LowerTerms*ActBits]),
      .sums_o(lower_sums)
    );

    lut_core_sign_sums #(.Terms(UpperTerms), .ActBits(ActBits)) u_upper (
      .act_i (act[LowerTerms*ActBits +: UpperTerms*ActBits]),
      .sums_o(upper_sums)
    );

    always_ff @(posedge clk_i) begin
      if (load) begin
        lower_sums_q <= lower_sums;
        upper_sums_q <= upper_sums;
      end
    end

    // Bit k of the index is the sign of a_k. A half whose first activation is subtracted is the negated sum of the
    // opposite signs.
    for (genvar i = 0; i < Entries; i++) begin : gen_entry
      localparam int unsigned LowerSigns = i % 2**LowerTerms;
      localparam int unsigned UpperSigns = i / 2**LowerTerms;
      localparam int unsigned LowerSum = LowerSigns % 2 == 1 ? LowerSigns / 2 : LowerSums - 1 - LowerSigns / 2;
      localparam int unsigned UpperSum = UpperSigns % 2 == 1 ? UpperSigns / 2 : UpperSums - 1 - UpperSigns / 2;
      logic signed [LowerBits-1:0] lower_sum;
      logic signed [UpperBits-1:0] upper_sum;
      logic signed [EntryBits-1:0] lower, upper, entry;
      assign lower_sum = lower_sums_q[LowerSum*LowerBits +: LowerBits];
      assign upper_sum = upper_sums_q[UpperSum*UpperBits +: UpperBits];
      // (Yosys 0.23 reads -N'(x) as (-N)'(x), hence the parentheses.)
      assign lower = LowerSigns % 2 == 1 ? EntryBits'(lower_sum) : -(EntryBits'(lower_sum));
      assign upper = UpperSigns % 2 == 1 ? EntryBits'(upper_sum) : -(EntryBits'(upper_sum));
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
