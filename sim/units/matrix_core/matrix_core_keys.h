// The configuration keys that all matrix cores have, described once. Each core's describe() calls these in its order.
#pragma once
#include "config/schema.h"
#include "units/matrix_core/matrix_core_shape.h"

namespace lutetia {

template <class Config>
void describe_matrix_core_size(Schema& s, Config& c) {
  s.field("rows", c.rows, "M: activation rows, each with operands of its own").range(1, 512).rtl("Rows");
  s.field("lanes", c.lanes, "N: output channels per row and cycle").range(6, 8192).rtl("Lanes");
  s.field("group_length", c.group_length, "K: activations that a lane takes per cycle").range(2, 6).rtl("GroupLength");
  s.field("activation_bits", c.activation_bits, "width of an integer activation, 8 or 16").range(8, 16).rtl("ActBits");
  s.rule([&c] { return c.activation_bits == 8 || c.activation_bits == 16; }, {"activation_bits"},
         "activation_bits must be 8 or 16");
}

template <class Config>
void describe_matrix_core_sums(Schema& s, Config& c) {
  s.field("psum_blocks", c.psum_blocks, "blocks of `lanes` outputs that share the operands of a row")
      .range(1, 64)
      .rtl("PsumBlocks");
  s.field("psum_bits", c.psum_bits, "width of an integer partial sum").range(16, 47).unit(Unit::kBits).rtl("PsumBits");
}

template <class Config>
void describe_matrix_core_epilogue(Schema& s, Config& c) {
  s.field("epilogue_lanes", c.epilogue_lanes, "FP32 multiply-adds of the epilogue per row that it drains")
      .range(1, 1024)
      .rtl("EpilogueLanes");
  s.field("epilogue_rows", c.epilogue_rows,
          "rows that the epilogue drains at once: one per array of several side by side")
      .range(1, 512)
      .rtl("EpilogueRows");
  s.rule([&c] { return c.rows % c.epilogue_rows == 0; }, {"epilogue_rows", "rows"}, "epilogue_rows must divide rows");
  s.rule([&c] { return c.lanes % c.epilogue_lanes == 0; }, {"epilogue_lanes", "lanes"},
         "epilogue_lanes must divide lanes");
  s.rule([&c] { return c.lanes / c.epilogue_lanes > c.shape().epilogue_stages(); }, {"epilogue_lanes", "lanes"},
         "lanes / epilogue_lanes must be larger than the latency of an FP32 accumulator, 5 (6 with floating-point "
         "activations)");
}

}  // namespace lutetia
