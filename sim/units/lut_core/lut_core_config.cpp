#include "units/lut_core/lut_core_config.h"

#include "units/lut_core/lut_core_array.h"
#include "units/lut_core/ternary_table_array.h"
#include "units/matrix_core/matrix_core_keys.h"

namespace lutetia {

std::uint32_t LutCoreConfig::table_operations() const {
  if (ternary_tables) return 10;  // lut_core_ternary_entries.sv
  const std::uint32_t lower = group_length / 2, upper = group_length - lower;
  const std::uint32_t adders = table_entries() + (1u << (lower - 1)) * (lower - 1) + (1u << (upper - 1)) * (upper - 1);
  const std::uint32_t alignment = floating() ? 2 * group_length : 0;
  return adders + alignment + (quantized_tables() ? group_length + table_entries() : 0);
}

MatrixCoreShape LutCoreConfig::shape() const {
  MatrixCoreShape s;
  s.unit = "lut_core";
  s.words = {"tables_built", "tables, one per row and K group", "lookups", "table lookups accumulated", "table"};
  s.rows = rows;
  s.lanes = lanes;
  s.group_length = group_length;
  s.activation_bits = activation_bits;
  s.max_planes = max_planes;
  s.psum_blocks = psum_blocks;
  s.psum_bits = psum_bits;
  s.epilogue_lanes = epilogue_lanes;
  s.epilogue_rows = epilogue_rows;
  s.folded = fold && !ternary_tables;
  s.row_elements = fused() ? table_entries() : group_length;
  s.float_format = float_format();
  s.element_bits = fused() ? entry_bits() : floating() ? s.float_format->bits : activation_bits;
  s.quantized_tables = quantized_tables();
  s.segment_groups = floating() ? segment_groups : 0;
  s.ready_operands = fused();
  s.build_interval = build_interval();
  s.ternary_groups = ternary_tables;
  if (ternary_tables)
    s.array = std::make_shared<TernaryTableArray>(lanes);
  else
    s.array = std::make_shared<LutCoreArray>(lanes, group_length, symmetric, fold);
  return s;
}

void describe(Schema& s, LutCoreConfig& c) {
  describe_matrix_core_size(s, c);
  s.choice("activation_format", c.activation_format,
           {{"integer", ActivationFormat::kInteger},
            {"fp16", ActivationFormat::kFp16},
            {"bf16", ActivationFormat::kBf16},
            {"fp8_e4m3", ActivationFormat::kFp8E4m3},
            {"fp8_e5m2", ActivationFormat::kFp8E5m2}},
           "activations as they arrive: integers of activation_bits, or floating point")
      .rtl("ActFormat");
  s.choice("float_path", c.float_path,
           {{"aligned", FloatPath::kAligned}, {"quantized_table", FloatPath::kQuantizedTable}},
           "floating point: activations of a segment aligned to activation_bits, or tables rounded to 8 bits as well")
      .rtl("QuantizedTables");
  s.field("segment_groups", c.segment_groups, "floating point: K groups that share an exponent, at most")
      .range(1, 16)
      .rtl("SegmentGroups");
  s.field("symmetric", c.symmetric, "tables hold one of each pair of opposite sums; no = the full table")
      .rtl("Symmetric");
  s.field("ternary_tables", c.ternary_tables,
          "tables for three ternary weights at once (13 entries), which arrive as sign and index; no = for +-1 planes")
      .rtl("TernaryTables");
  s.field("fold", c.fold, "weights are folded offline; no = the core complements indices itself").rtl("Fold");
  s.choice("table_placement", c.table_placement,
           {{"near_array", TablePlacement::kNearArray}, {"fused", TablePlacement::kFused}},
           "tables are built in front of the array, or by the vector unit and fetched as data")
      .rtl("FusedTables");
  s.field("max_planes", c.max_planes, "most weight bit planes of a command; depth of the plane buffer")
      .range(1, 8)
      .rtl("MaxPlanes");
  describe_matrix_core_sums(s, c);
  s.field("table_generators", c.table_generators, "rows whose tables are built per cycle")
      .range(1, 512)
      .rtl("TableGenerators");
  describe_matrix_core_epilogue(s, c);
  s.rule([&c] { return !c.floating() || c.activation_bits >= 2u + c.float_format()->mantissa; },
         {"activation_bits", "activation_format"}, "activation_bits must hold a sign and a significand of the format");
  s.rule([&c] { return !c.floating() || c.group_length == 4; }, {"activation_format", "group_length"},
         "floating-point activations need group_length 4");
  s.rule([&c] { return c.floating() || c.float_path == FloatPath::kAligned; }, {"float_path", "activation_format"},
         "float_path needs a floating-point activation_format");
  s.rule([&c] { return !c.ternary_tables || (c.group_length == 3 && c.symmetric && c.fold && c.max_planes == 1); },
         {"ternary_tables", "group_length", "max_planes"},
         "ternary_tables hold sums of three weights, one beat each: group_length 3, max_planes 1, symmetric and fold");
  s.rule([&c] { return c.symmetric || !c.fold; }, {"symmetric", "fold"},
         "a full table has nothing to fold: fold needs symmetric");
  s.rule([&c] { return c.rows % c.table_generators == 0; }, {"table_generators", "rows"},
         "table_generators must divide rows");
  s.rule([&c] { return !c.fused() || c.table_generators == c.rows; }, {"table_generators", "table_placement"},
         "tables that arrive ready-made are stored at once: table_generators must equal rows");
  s.rule([&c] { return c.psum_bits >= c.activation_bits + c.max_planes + 6; }, {"psum_bits"},
         "psum_bits must hold at least 64 products: activation_bits + max_planes + 6");
}

}  // namespace lutetia
