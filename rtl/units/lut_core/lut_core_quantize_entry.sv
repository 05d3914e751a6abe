// One exact table entry as 8 bits, combinational: RNE(entry * multiplier / 2^shift), within +-127 because the ratio
// comes from the largest entry (lut_core_table_scale.sv). Twin: quantize_entry() of sim/numeric/quantized_table.h.

module lut_core_quantize_entry #(
  parameter int unsigned Width = 16,  // of the aligned integers
  localparam int unsigned EntryBits = Width + 3
) (
  input  logic signed [EntryBits-1:0] entry_i,
  input  logic        [10:0]          multiplier_i,
  input  logic        [4:0]           shift_i,
  output logic signed [7:0]           entry_o
);

  localparam int unsigned ProductBits = EntryBits + 12;

  logic signed [ProductBits-1:0] product;
  logic        [8:0]             shifted;  // towards minus infinity, and one bit below: half a unit
  logic                          lost, round_up;

  assign product  = entry_i * $signed({1'b0, multiplier_i});
  assign shifted  = 9'($signed({product, 1'b0}) >>> shift_i);
  assign lost     = |({product, 1'b0} & ~({(ProductBits+1){1'b1}} << shift_i));
  assign round_up = shifted[0] & (lost | shifted[1]);
  assign entry_o  = shifted[8:1] + 8'(round_up);

endmodule
