#include "units/adder_core/adder_core_config.h"

#include "units/adder_core/adder_core_array.h"
#include "units/matrix_core/matrix_core_keys.h"

namespace lutetia {

MatrixCoreShape AdderCoreConfig::shape() const {
  MatrixCoreShape s;
  s.unit = "adder_core";
  s.words = {"groups_loaded", "K groups of a row", "additions", "sums of group_length signed activations",
             "activations"};
  s.rows = rows;
  s.lanes = lanes;
  s.group_length = group_length;
  s.activation_bits = activation_bits;
  s.max_planes = max_planes;
  s.psum_blocks = psum_blocks;
  s.psum_bits = psum_bits;
  s.epilogue_lanes = epilogue_lanes;
  s.epilogue_rows = epilogue_rows;
  s.row_elements = group_length;
  s.element_bits = activation_bits;
  s.array = std::make_shared<AdderCoreArray>(lanes, group_length);
  return s;
}

void describe(Schema& s, AdderCoreConfig& c) {
  describe_matrix_core_size(s, c);
  s.field("max_planes", c.max_planes, "most weight bit planes of a command; depth of the plane buffer")
      .range(1, 8)
      .rtl("MaxPlanes");
  describe_matrix_core_sums(s, c);
  describe_matrix_core_epilogue(s, c);
  s.rule([&c] { return c.psum_bits >= c.activation_bits + c.max_planes + 6; }, {"psum_bits"},
         "psum_bits must hold at least 64 products: activation_bits + max_planes + 6");
}

}  // namespace lutetia
