// Two halves of aligned segments, between alignment and table generator: tables are rounded by a ratio that only the
// whole segment knows, so its integers wait here until they have all been seen.

module lut_core_segment_integers #(
  parameter int unsigned Rows = 2,
  parameter int unsigned ActBits = 16,
  parameter int unsigned ExponentBits = 5,
  parameter int unsigned GroupLength = 4,
  parameter int unsigned SegmentGroups = 16,
  localparam int unsigned RowBits = GroupLength * ActBits
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  output logic                         write_ready_o,
  input  logic                         write_i,
  input  logic                         write_last_i,
  input  logic [Rows*RowBits-1:0]      write_integers_i,
  input  logic [Rows*ExponentBits-1:0] write_max_exponent_i,
  input  logic [Rows-1:0]              write_poisoned_i,

  output logic                         read_valid_o,
  input  logic                         read_i,
  output logic                         read_first_o,
  output logic [Rows*RowBits-1:0]      read_integers_o,
  output logic [Rows*16-1:0]           read_ratio_o,
  output logic [Rows*32-1:0]           read_scale_o,

  output logic                         busy_o
);

  localparam int unsigned WordBits = matrix_core_pkg::index_bits(2 * SegmentGroups);

  logic                    write_half, write_first, read_half, unused_read_last;
  logic [WordBits-1:0]     write_word, read_word;
  logic [Rows*RowBits-1:0] words_q [2*SegmentGroups];

  lut_core_segment_halves #(.Groups(SegmentGroups)) u_halves (
    .clk_i,
    .rst_ni,
    .write_ready_o,
    .write_i,
    .write_last_i,
    .write_half_o (write_half),
    .write_first_o(write_first),
    .write_word_o (write_word),
    .read_valid_o,
    .read_i,
    .read_half_o  (read_half),
    .read_first_o,
    .read_last_o  (unused_read_last),
    .read_word_o  (read_word),
    .busy_o
  );

  always_ff @(posedge clk_i) begin
    if (write_i) words_q[write_word] <= write_integers_i;
  end

  assign read_integers_o = words_q[read_word];

  for (genvar m = 0; m < Rows; m++) begin : gen_row
    lut_core_segment_integers_row #(
      .ActBits(ActBits), .ExponentBits(ExponentBits), .GroupLength(GroupLength)
    ) u_row (
      .clk_i,
      .write_i,
      .write_first_i       (write_first),
      .write_half_i        (write_half),
      .write_integers_i    (write_integers_i[m*RowBits +: RowBits]),
      .write_max_exponent_i(write_max_exponent_i[m*ExponentBits +: ExponentBits]),
      .write_poisoned_i    (write_poisoned_i[m]),
      .read_half_i         (read_half),
      .ratio_o             (read_ratio_o[m*16 +: 16]),
      .scale_o             (read_scale_o[m*32 +: 32])
    );
  end

endmodule
