// The parameters of rtl/units/mac_core; its pins are those of every matrix core.
#pragma once
#include <type_traits>

#include "cosim/matrix_core_dut.h"
#include "units/mac_core/mac_core_config.h"

namespace lutetia {

template <class Model>
class MacCoreDut final : public MatrixCoreDut<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Rows", R::mac_core__DOT__Rows},
            {"Lanes", R::mac_core__DOT__Lanes},
            {"GroupLength", R::mac_core__DOT__GroupLength},
            {"ActFormat", R::mac_core__DOT__ActFormat},
            {"ActBits", R::mac_core__DOT__ActBits},
            {"WeightBits", R::mac_core__DOT__WeightBits},
            {"PsumBlocks", R::mac_core__DOT__PsumBlocks},
            {"PsumBits", R::mac_core__DOT__PsumBits},
            {"EpilogueLanes", R::mac_core__DOT__EpilogueLanes},
            {"EpilogueRows", R::mac_core__DOT__EpilogueRows}};
  }
  MacCoreDut(std::string variant, std::uint64_t seed)
      : MatrixCoreDut<Model>(std::move(variant), rtl_parameters(),
                             config_from_rtl<MacCoreConfig>(rtl_parameters()).shape(), seed) {}
};

}  // namespace lutetia
