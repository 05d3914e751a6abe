// Builds the tables of the next K group while the array works with the present one.
// Stage 1 holds the sign sums of TableGenerators rows, of the lower and of the upper half of their activations; stage 2
// combines them into the shadow table; a swap makes the full shadow the active table. If tables are rounded, stage 2 is
// a register of exact entries, and stage 3 rounds them into the shadow table.

module lut_core_table_generator #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActBits = 8,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned Symmetric = 1,  // 1: the half table, in which the last activation is subtracted; 0: the full one
  parameter int unsigned TernaryTables = 0,  // 1: entries for three ternary weights
  parameter int unsigned TableGenerators = 1,
  parameter int unsigned QuantizedTables = 0,  // 1: entries are rounded to 8 bits; GroupLength is 4
  localparam int unsigned SignEntries = Symmetric != 0 ? 2**(GroupLength - 1) : 2**GroupLength,
  localparam int unsigned Entries = TernaryTables != 0 ? 13 : SignEntries,
  localparam int unsigned ExactBits = ActBits + matrix_core_pkg::bit_length(GroupLength),
  localparam int unsigned EntryBits = QuantizedTables != 0 ? 8 : ExactBits,
  localparam int unsigned TableBits = Entries * EntryBits,
  localparam int unsigned RowBits = GroupLength * ActBits
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      act_valid_i,
  output logic                      act_ready_o,
  input  logic [Rows*RowBits-1:0]   act_data_i,
  input  logic [Rows*16-1:0]        ratio_i,    // row m, if rounded: multiplier [m*16 +: 11], shift [m*16 + 11 +: 5]

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

  logic                load, combine, combine_ready, swap;
  logic                free, write;               // the shadow table is free; a row group is written into it
  logic [StepBits-1:0] write_step;                // which one
  logic                rounding_busy;
  logic [StepBits-1:0] load_step_d, load_step_q;  // which row group stage 1 takes next
  logic                stage1_valid_d, stage1_valid_q;
  logic [StepBits-1:0] stage1_step_q;             // which row group stage 1 holds
  logic                shadow_full_d, shadow_full_q;
  logic                active_valid_d, active_valid_q;

  assign swap    = shadow_full_q & (~active_valid_q | release_i);
  assign free    = ~shadow_full_q | swap;
  assign combine = stage1_valid_q & combine_ready;
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
    if (write && write_step == LastStep) shadow_full_d = 1'b1;
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
  localparam int unsigned ExactTableBits = Entries * ExactBits;
  logic [TableGenerators*ExactTableBits-1:0] exact;
  logic [TableGenerators*TableBits-1:0]      built;

  if (TernaryTables != 0) begin : gen_ternary
    for (genvar g = 0; g < TableGenerators; g++) begin : gen_generator
      lut_core_ternary_entries #(.ActBits(ActBits)) u_entries (
        .clk_i,
        .load_i   (load),
        .act_i    (act_data_i[(32'(load_step_q)*TableGenerators + g)*RowBits +: RowBits]),
        .entries_o(exact[g*ExactTableBits +: ExactTableBits])
      );
    end
  end else begin : gen_signs
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
        logic signed [ExactBits-1:0] lower, upper, entry;
        assign lower_sum = lower_sums_q[LowerSum*LowerBits +: LowerBits];
        assign upper_sum = upper_sums_q[UpperSum*UpperBits +: UpperBits];
        // (Yosys 0.23 reads -N'(x) as (-N)'(x), hence the parentheses.)
        assign lower = LowerSigns % 2 == 1 ? ExactBits'(lower_sum) : -(ExactBits'(lower_sum));
        assign upper = UpperSigns % 2 == 1 ? ExactBits'(upper_sum) : -(ExactBits'(upper_sum));
        assign entry = upper + lower;
        assign exact[g*ExactTableBits + i*ExactBits +: ExactBits] = entry;
      end
    end
  end

  if (QuantizedTables != 0) begin : gen_rounded
    logic                                      stage2_valid_q;
    logic [StepBits-1:0]                       stage2_step_q;
    logic [TableGenerators*ExactTableBits-1:0] stage2_q;

    assign write         = stage2_valid_q & free;
    assign write_step    = stage2_step_q;
    assign combine_ready = ~stage2_valid_q | write;
    assign rounding_busy = stage2_valid_q;

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        stage2_valid_q <= 1'b0;
        stage2_step_q  <= '0;
      end else begin
        stage2_valid_q <= combine | (stage2_valid_q & ~write);
        if (combine) stage2_step_q <= stage1_step_q;
      end
    end

    always_ff @(posedge clk_i) begin
      if (combine) stage2_q <= exact;
    end

    // The ratio travels along: that of the next segment comes while the last tables of this one are still here.
    for (genvar g = 0; g < TableGenerators; g++) begin : gen_generator
      logic [15:0] stage1_ratio_q, stage2_ratio_q;

      always_ff @(posedge clk_i) begin
        if (load) stage1_ratio_q <= ratio_i[(32'(load_step_q)*TableGenerators + g)*16 +: 16];
        if (combine) stage2_ratio_q <= stage1_ratio_q;
      end

      for (genvar i = 0; i < Entries; i++) begin : gen_entry
        lut_core_quantize_entry #(.Width(ActBits)) u_quantize (
          .entry_i     (stage2_q[g*ExactTableBits + i*ExactBits +: ExactBits]),
          .multiplier_i(stage2_ratio_q[10:0]),
          .shift_i     (stage2_ratio_q[15:11]),
          .entry_o     (built[g*TableBits + i*EntryBits +: EntryBits])
        );
      end
    end
  end else begin : gen_exact
    logic unused_ratio;

    assign write         = combine;
    assign write_step    = stage1_step_q;
    assign combine_ready = free;
    assign rounding_busy = 1'b0;
    assign built         = exact;
    assign unused_ratio  = ^ratio_i;
  end

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    logic [TableBits-1:0] shadow_q, active_q;
    always_ff @(posedge clk_i) begin
      if (write && write_step == StepBits'(m / TableGenerators)) begin
        shadow_q <= built[(m % TableGenerators)*TableBits +: TableBits];
      end
      if (swap) active_q <= shadow_q;
    end
    assign active_o[m*TableBits +: TableBits] = active_q;
  end

  assign active_valid_o = active_valid_q;
  assign busy_o = stage1_valid_q | rounding_busy | shadow_full_q | active_valid_q;

endmodule
