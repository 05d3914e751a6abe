// One code to its weights, combinational. A weight w is w + 1 in two bits, the first weight lowest. An illegal code stands
// for zeros: all its weights, or in i2_s those whose own field is illegal.

module weight_decoder_code #(
  parameter int unsigned Code = weight_decoder_pkg::CodeTq1,
  localparam int unsigned CodeBits = weight_decoder_pkg::code_bits(Code),
  localparam int unsigned WeightBits = weight_decoder_pkg::code_weights(Code) * weight_decoder_pkg::TritBits
) (
  input  logic [CodeBits-1:0]   code_i,
  output logic [WeightBits-1:0] weights_o,
  output logic                  illegal_o
);

  if (Code == weight_decoder_pkg::CodeI2s) begin : gen_i2s
    // Four fields of two bits, the first weight in bits 7..6.
    logic [3:0] wrong;
    for (genvar n = 0; n < 4; n++) begin : gen_field
      logic [1:0] field;
      assign field               = code_i[6-2*n +: 2];
      assign wrong[n]            = field == 2'd3;
      assign weights_o[2*n +: 2] = wrong[n] ? 2'd1 : field;
    end
    assign illegal_o = |wrong;
  end else if (Code == weight_decoder_pkg::CodeTl2) begin : gen_tl2
    // Size and sign of 9 w0 + 3 w1 + w2. As digits {w2+1, w1+1, w0+1}; negated, a digit d becomes 2 - d.
    logic       negative;
    logic [3:0] size;
    logic [5:0] digits;

    assign {negative, size} = code_i;

    always_comb begin
      case (size)
        4'd1:    digits = {2'd2, 2'd1, 2'd1};
        4'd2:    digits = {2'd0, 2'd2, 2'd1};
        4'd3:    digits = {2'd1, 2'd2, 2'd1};
        4'd4:    digits = {2'd2, 2'd2, 2'd1};
        4'd5:    digits = {2'd0, 2'd0, 2'd2};
        4'd6:    digits = {2'd1, 2'd0, 2'd2};
        4'd7:    digits = {2'd2, 2'd0, 2'd2};
        4'd8:    digits = {2'd0, 2'd1, 2'd2};
        4'd9:    digits = {2'd1, 2'd1, 2'd2};
        4'd10:   digits = {2'd2, 2'd1, 2'd2};
        4'd11:   digits = {2'd0, 2'd2, 2'd2};
        4'd12:   digits = {2'd1, 2'd2, 2'd2};
        4'd13:   digits = {2'd2, 2'd2, 2'd2};
        default: digits = {2'd1, 2'd1, 2'd1};  // 0, and the illegal 14 and 15
      endcase
    end

    for (genvar n = 0; n < 3; n++) begin : gen_digit
      assign weights_o[2*n +: 2] = negative ? 2'd2 - digits[2*n +: 2] : digits[2*n +: 2];
    end
    assign illegal_o = (size >= 4'd14) | (negative & (size == 4'd0));
  end else begin : gen_tq1
    // The byte is a fraction in units of 1/256: every multiplication by 3 moves the next digit before the point. A byte
    // that is no number of 1/243 rounded up ends with a remainder of at least 243.
    logic [7:0] fraction;
    logic [9:0] tripled, digits;

    always_comb begin
      fraction = code_i;
      digits   = '0;
      for (int unsigned n = 0; n < 5; n++) begin
        tripled          = {2'b00, fraction} + {1'b0, fraction, 1'b0};
        digits[2*n +: 2] = tripled[9:8];
        fraction         = tripled[7:0];
      end
    end

    assign illegal_o = fraction >= 8'd243;
    assign weights_o = illegal_o ? {5{2'd1}} : digits;
  end

endmodule
