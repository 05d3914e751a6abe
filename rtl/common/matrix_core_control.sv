// Fire controller: walks the planes of a command, one per fire, in the order row block, K group, block, plane, and says
// why it does not fire in the other cycles.

`include "assertions.svh"

module matrix_core_control #(
  parameter int unsigned Rows = 2,
  parameter int unsigned MaxPlanes = 4,
  parameter int unsigned PsumBlocks = 4,
  localparam int unsigned BlockBits = matrix_core_pkg::index_bits(PsumBlocks),
  localparam int unsigned ShiftBits = matrix_core_pkg::index_bits(MaxPlanes)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    cmd_valid_i,
  output logic                    cmd_ready_o,
  input  matrix_core_pkg::cmd_t   cmd_i,

  input  logic                    operand_valid_i,
  input  logic                    weight_valid_i,
  input  logic [1:0]              bank_full_i,

  // Exactly one of these five is 1.
  output logic                    fire_o,
  output logic                    stall_operands_o,
  output logic                    stall_weights_o,
  output logic                    stall_epilogue_o,
  output logic                    idle_o,

  // What a fire does; no meaning in other cycles.
  output logic                    bank_o,
  output logic [BlockBits-1:0]    block_o,
  output logic [ShiftBits-1:0]    shift_o,
  output logic                    replace_o,          // first K group of the scale group
  output logic                    first_plane_o,
  output logic                    first_block_o,
  output logic                    operand_release_o,  // already qualified with the fire
  output logic                    group_last_o,       // last fire of the scale group
  output matrix_core_pkg::drain_t drain_o,

  output logic                    busy_o
);

  localparam int unsigned KGroupBits = matrix_core_pkg::KGroupBits;

  matrix_core_pkg::cmd_t cmd_d, cmd_q;  // field rows counts down to the rows of the present and later row blocks
  logic                  held_d, held_q;
  logic [3:0]            plane_d, plane_q;
  logic [7:0]            block_d, block_q;
  logic [KGroupBits-1:0] k_group_d, k_group_q;          // within the row block
  logic [KGroupBits-1:0] scale_k_d, scale_k_q;          // within the scale group
  logic                  first_group_d, first_group_q;  // first scale group of the row block
  logic                  bank_d, bank_q;

  logic plane_last, block_last, k_last, row_block_last;
  logic k_group_done, scale_group_done, row_block_done, cmd_done;
  logic stage_ready;

  assign plane_last     = plane_q == cmd_q.planes - 4'd1;
  assign block_last     = block_q == cmd_q.n_blocks - 8'd1;
  assign k_last         = k_group_q == cmd_q.k_groups - KGroupBits'(1);
  assign row_block_last = cmd_q.rows <= 16'(Rows);

  assign stage_ready      = held_q & operand_valid_i;
  assign idle_o           = ~held_q;
  assign stall_operands_o = held_q & ~operand_valid_i;
  assign stall_weights_o  = stage_ready & ~weight_valid_i;
  assign stall_epilogue_o = stage_ready & weight_valid_i & bank_full_i[bank_q];
  assign fire_o           = stage_ready & weight_valid_i & ~bank_full_i[bank_q];

  assign k_group_done     = fire_o & plane_last & block_last;
  assign group_last_o     = plane_last & block_last
                          & (k_last | (scale_k_q == cmd_q.scale_groups_len - KGroupBits'(1)));
  assign scale_group_done = fire_o & group_last_o;
  assign row_block_done   = k_group_done & k_last;
  assign cmd_done         = row_block_done & row_block_last;

  assign cmd_ready_o = ~held_q | cmd_done;

  always_comb begin
    cmd_d         = cmd_q;
    held_d        = held_q;
    plane_d       = plane_q;
    block_d       = block_q;
    k_group_d     = k_group_q;
    scale_k_d     = scale_k_q;
    first_group_d = first_group_q;
    bank_d        = bank_q;

    // All counters are back at zero after the last fire of a command.
    if (fire_o) plane_d = plane_last ? '0 : plane_q + 1'b1;
    if (fire_o && plane_last) block_d = block_last ? '0 : block_q + 1'b1;
    if (k_group_done) begin
      k_group_d = k_last ? '0 : k_group_q + 1'b1;
      scale_k_d = scale_k_q + 1'b1;
    end
    if (scale_group_done) begin
      scale_k_d     = '0;
      first_group_d = k_last;
      bank_d        = ~bank_q;
    end
    if (row_block_done) cmd_d.rows = cmd_q.rows - 16'(Rows);
    if (cmd_done) held_d = 1'b0;
    if (cmd_valid_i && cmd_ready_o) begin
      held_d = 1'b1;
      cmd_d  = cmd_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cmd_q         <= '0;
      held_q        <= 1'b0;
      plane_q       <= '0;
      block_q       <= '0;
      k_group_q     <= '0;
      scale_k_q     <= '0;
      first_group_q <= 1'b1;
      bank_q        <= 1'b0;
    end else begin
      cmd_q         <= cmd_d;
      held_q        <= held_d;
      plane_q       <= plane_d;
      block_q       <= block_d;
      k_group_q     <= k_group_d;
      scale_k_q     <= scale_k_d;
      first_group_q <= first_group_d;
      bank_q        <= bank_d;
    end
  end

  assign bank_o            = bank_q;
  assign block_o           = block_q[BlockBits-1:0];
  assign shift_o           = ShiftBits'(cmd_q.equal_planes ? 4'd0 : plane_q);
  assign replace_o         = scale_k_q == '0;
  assign first_plane_o     = plane_q == '0;
  assign first_block_o     = block_q == '0;
  assign operand_release_o = k_group_done;
  assign busy_o            = held_q;

  always_comb begin
    drain_o.fill        = cmd_q.fill;
    drain_o.last_group  = k_last;
    drain_o.first_group = first_group_q;
    drain_o.last_block  = block_q;  // read in the last fire of a scale group only
    drain_o.last_row    = row_block_last ? 9'(cmd_q.rows - 16'd1) : 9'(Rows - 1);
  end

  `ASSERT(LegalCommand, !held_q || (cmd_q.rows != '0 && cmd_q.k_groups != '0 && cmd_q.scale_groups_len != '0
      && 32'(cmd_q.n_blocks) - 32'd1 < PsumBlocks && 32'(cmd_q.planes) - 32'd1 < MaxPlanes))

endmodule
