#include "units/lut_core/lut_core_config.h"

namespace lutetia {

void describe(Schema& s, LutCoreConfig& c) {
  s.field("rows", c.rows, "M: activation rows, each with a table of its own").range(1, 512).rtl("Rows");
  s.field("lanes", c.lanes, "N: output channels looked up per row and cycle").range(6, 8192).rtl("Lanes");
  s.field("activation_bits", c.activation_bits, "width of an integer activation, 8 or 16").range(8, 16).rtl("ActBits");
  s.field("max_planes", c.max_planes, "most weight bit planes of a command; depth of the plane buffer")
      .range(1, 8)
      .rtl("MaxPlanes");
  s.field("psum_blocks", c.psum_blocks, "blocks of `lanes` outputs that share one table")
      .range(1, 64)
      .rtl("PsumBlocks");
  s.field("psum_bits", c.psum_bits, "width of an integer partial sum").range(16, 47).unit(Unit::kBits).rtl("PsumBits");
  s.field("table_generators", c.table_generators, "rows whose tables are built per cycle")
      .range(1, 512)
      .rtl("TableGenerators");
  s.field("epilogue_lanes", c.epilogue_lanes, "FP32 multiply-adds of the epilogue").range(1, 1024).rtl("EpilogueLanes");
  s.rule([&c] { return c.activation_bits == 8 || c.activation_bits == 16; }, {"activation_bits"},
         "activation_bits must be 8 or 16");
  s.rule([&c] { return c.rows % c.table_generators == 0; }, {"table_generators", "rows"},
         "table_generators must divide rows");
  s.rule([&c] { return c.lanes % c.epilogue_lanes == 0; }, {"epilogue_lanes", "lanes"},
         "epilogue_lanes must divide lanes");
  s.rule([&c] { return c.lanes / c.epilogue_lanes > LutCoreConfig::kEpilogueStages; }, {"epilogue_lanes", "lanes"},
         "lanes / epilogue_lanes must be at least 6, the latency of an FP32 accumulator");
  s.rule([&c] { return c.psum_bits >= c.activation_bits + c.max_planes + 6; }, {"psum_bits"},
         "psum_bits must hold at least 64 products: activation_bits + max_planes + 6");
}

}  // namespace lutetia
