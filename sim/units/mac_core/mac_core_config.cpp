#include "units/mac_core/mac_core_config.h"

#include "units/mac_core/mac_core_array.h"
#include "units/mac_core/mac_core_fp16_array.h"
#include "units/matrix_core/matrix_core_keys.h"

namespace lutetia {

MatrixCoreShape MacCoreConfig::shape() const {
  MatrixCoreShape s;
  s.unit = "mac_core";
  s.words = {"groups_loaded", "K groups of a row", "dot_products", "dot products of group_length terms", "activations"};
  s.rows = rows;
  s.lanes = lanes;
  s.group_length = group_length;
  s.activation_bits = activation_bits;
  s.max_planes = 1;
  s.psum_blocks = psum_blocks;
  s.psum_bits = psum_bits;
  s.epilogue_lanes = epilogue_lanes;
  s.epilogue_rows = epilogue_rows;
  s.weight_bits = weight_bits;
  s.row_elements = group_length;
  s.element_bits = activation_bits;
  s.float_format = number_format_of(activation_format);
  s.float_psums = floating();
  if (floating())
    s.array = std::make_shared<MacCoreFp16Array>(lanes, group_length, weight_bits);
  else
    s.array = std::make_shared<MacCoreArray>(lanes, group_length, weight_bits);
  return s;
}

void describe(Schema& s, MacCoreConfig& c) {
  describe_matrix_core_size(s, c);
  s.choice("activation_format", c.activation_format,
           {{"integer", ActivationFormat::kInteger}, {"fp16", ActivationFormat::kFp16}},
           "activations: integers of activation_bits; or FP16, with weights dequantized to FP16 in front of the array")
      .rtl("ActFormat");
  s.field("weight_bits", c.weight_bits, "width of a two's-complement weight; narrower ones are sign-extended")
      .range(2, 8)
      .unit(Unit::kBits)
      .rtl("WeightBits");
  describe_matrix_core_sums(s, c);
  describe_matrix_core_epilogue(s, c);
  s.rule([&c] { return !c.floating() || c.activation_bits == 16; }, {"activation_bits", "activation_format"},
         "FP16 activations have activation_bits 16");
  s.rule([&c] { return !c.floating() || c.psum_bits == 32; }, {"psum_bits", "activation_format"},
         "partial sums of FP16 products are FP32: psum_bits must be 32");
  s.rule([&c] { return c.floating() || c.psum_bits >= c.activation_bits + c.weight_bits + 6; }, {"psum_bits"},
         "psum_bits must hold at least 64 products: activation_bits + weight_bits + 6");
}

}  // namespace lutetia
