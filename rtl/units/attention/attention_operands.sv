// Keys or values of one beat as they are multiplied, combinational: FP16 as it is; integer codes as they are if they
// are signed, or, with a scale, unsigned and less the zero point of their key.

module attention_operands #(
  parameter int unsigned Keys = 8,
  parameter int unsigned Dims = 16,
  parameter int unsigned Format = 1,
  parameter int unsigned KvBits = 8,
  parameter int unsigned KvScales = 0,
  localparam int unsigned CodeBits = attention_pkg::code_bits(Format, KvBits),
  localparam int unsigned OperandBits = attention_pkg::operand_bits(Format, KvBits, KvScales),
  localparam int unsigned ZeroPointBits = attention_pkg::ZeroPointBits
) (
  input  logic                             scaled_i,
  input  logic [Keys*Dims*CodeBits-1:0]    codes_i,  // key i, element e: [(i*Dims+e)*CodeBits +: CodeBits]
  input  logic [Keys*ZeroPointBits-1:0]    zeros_i,
  output logic [Keys*Dims*OperandBits-1:0] operands_o
);

  if (Format == 0 && KvScales != 0) begin : gen_zeros
    logic signed [CodeBits-1:0]    code;
    logic signed [OperandBits-1:0] operand;

    // A zero point is a code, too: of KvBits = 4 its upper bits mean nothing.
    always_comb begin
      for (int unsigned i = 0; i < Keys; i++) begin
        for (int unsigned e = 0; e < Dims; e++) begin
          code    = codes_i[(i*Dims + e)*CodeBits +: CodeBits];
          operand = scaled_i ? {1'b0, code} - {1'b0, zeros_i[i*ZeroPointBits +: CodeBits]} : OperandBits'(code);
          operands_o[(i*Dims + e)*OperandBits +: OperandBits] = operand;
        end
      end
    end

    if (CodeBits < ZeroPointBits) begin : gen_narrow
      logic unused_zeros;
      assign unused_zeros = ^zeros_i;
    end
  end else begin : gen_codes
    logic unused_inputs;
    assign unused_inputs = scaled_i ^ (^zeros_i);
    assign operands_o = codes_i;
  end

endmodule
