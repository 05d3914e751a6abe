// The parameters of rtl/units/lut_core; its pins are those of every matrix core.
#pragma once
#include <type_traits>

#include "cosim/matrix_core_dut.h"
#include "units/lut_core/lut_core_config.h"

namespace lutetia {

template <class Model>
class LutCoreDut final : public MatrixCoreDut<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Rows", R::lut_core__DOT__Rows},
            {"Lanes", R::lut_core__DOT__Lanes},
            {"GroupLength", R::lut_core__DOT__GroupLength},
            {"ActBits", R::lut_core__DOT__ActBits},
            {"ActFormat", R::lut_core__DOT__ActFormat},
            {"QuantizedTables", R::lut_core__DOT__QuantizedTables},
            {"SegmentGroups", R::lut_core__DOT__SegmentGroups},
            {"Symmetric", R::lut_core__DOT__Symmetric},
            {"TernaryTables", R::lut_core__DOT__TernaryTables},
            {"Fold", R::lut_core__DOT__Fold},
            {"FusedTables", R::lut_core__DOT__FusedTables},
            {"MaxPlanes", R::lut_core__DOT__MaxPlanes},
            {"PsumBlocks", R::lut_core__DOT__PsumBlocks},
            {"PsumBits", R::lut_core__DOT__PsumBits},
            {"TableGenerators", R::lut_core__DOT__TableGenerators},
            {"EpilogueLanes", R::lut_core__DOT__EpilogueLanes},
            {"EpilogueRows", R::lut_core__DOT__EpilogueRows}};
  }
  LutCoreDut(std::string variant, std::uint64_t seed)
      : MatrixCoreDut<Model>(std::move(variant), rtl_parameters(),
                             config_from_rtl<LutCoreConfig>(rtl_parameters()).shape(), seed) {}
};

}  // namespace lutetia
