// Test only: credit FIFOs of depths 1, 2, 3, 5 and 8, each with pins of its own.

module credit_fifos (
  input  logic        clk_i,
  input  logic        rst_ni,
  output logic [4:0]  room_o,
  input  logic [4:0]  reserve_i,
  input  logic [4:0]  push_i,
  input  logic [79:0] push_data_i,  // 16 bits a FIFO
  output logic [4:0]  out_valid_o,
  input  logic [4:0]  out_ready_i,
  output logic [79:0] out_data_o,
  output logic [4:0]  busy_o
);

  for (genvar v = 0; v < 5; v++) begin : gen_depth
    localparam int unsigned Depth = v < 3 ? v + 1 : v == 3 ? 5 : 8;

    credit_fifo #(.Width(16), .Depth(Depth)) u_fifo (
      .clk_i,
      .rst_ni,
      .room_o     (room_o[v]),
      .reserve_i  (reserve_i[v]),
      .push_i     (push_i[v]),
      .push_data_i(push_data_i[v*16 +: 16]),
      .out_valid_o(out_valid_o[v]),
      .out_ready_i(out_ready_i[v]),
      .out_data_o (out_data_o[v*16 +: 16]),
      .busy_o     (busy_o[v])
    );
  end

endmodule
