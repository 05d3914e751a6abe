#include "units/mac_core/mac_core_config.h"

#include "units/mac_core/mac_core_array.h"
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
  s.array = std::make_shared<MacCoreArray>(lanes, group_length, weight_bits);
  return s;
}

void describe(Schema& s, MacCoreConfig& c) {
  describe_matrix_core_size(s, c);
  s.field("weight_bits", c.weight_bits, "width of a two's-complement weight; narrower ones are sign-extended")
      .range(2, 8)
      .unit(Unit::kBits)
      .rtl("WeightBits");
  describe_matrix_core_sums(s, c);
  describe_matrix_core_epilogue(s, c);
  s.rule([&c] { return c.psum_bits >= c.activation_bits + c.weight_bits + 6; }, {"psum_bits"},
         "psum_bits must hold at least 64 products: activation_bits + weight_bits + 6");
}

}  // namespace lutetia
