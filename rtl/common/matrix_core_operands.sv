// Operands as they arrive, for cores that do not prepare them: a double-buffered register of one beat, that of the
// present K group and, in the shadow, that of the next.

module matrix_core_operands #(
  parameter int unsigned Width = 64
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             act_valid_i,
  output logic             act_ready_o,
  input  logic [Width-1:0] act_data_i,

  input  logic             release_i,  // the active beat is used for the last time in this cycle
  output logic             active_valid_o,
  output logic [Width-1:0] active_o,
  output logic             busy_o
);

  logic             load, swap;
  logic             shadow_full_d, shadow_full_q;
  logic             active_valid_d, active_valid_q;
  logic [Width-1:0] shadow_q, active_q;

  assign swap = shadow_full_q & (~active_valid_q | release_i);
  assign load = act_valid_i & (~shadow_full_q | swap);

  assign act_ready_o = load;

  always_comb begin
    shadow_full_d  = shadow_full_q;
    active_valid_d = active_valid_q;
    if (release_i) active_valid_d = 1'b0;
    if (swap) begin
      active_valid_d = 1'b1;
      shadow_full_d  = 1'b0;
    end
    if (load) shadow_full_d = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      shadow_full_q  <= 1'b0;
      active_valid_q <= 1'b0;
    end else begin
      shadow_full_q  <= shadow_full_d;
      active_valid_q <= active_valid_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) shadow_q <= act_data_i;
    if (swap) active_q <= shadow_q;
  end

  assign active_valid_o = active_valid_q;
  assign active_o       = active_q;
  assign busy_o         = shadow_full_q | active_valid_q;

endmodule
