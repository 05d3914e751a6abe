// The parameters of rtl/units/adder_core; its pins are those of every matrix core.
#pragma once
#include <type_traits>

#include "cosim/matrix_core_dut.h"
#include "units/adder_core/adder_core_config.h"

namespace lutetia {

template <class Model>
class AdderCoreDut final : public MatrixCoreDut<Model> {
 public:
  static RtlParameters rtl_parameters() {
    using R = std::remove_pointer_t<decltype(Model::rootp)>;
    return {{"Rows", R::adder_core__DOT__Rows},
            {"Lanes", R::adder_core__DOT__Lanes},
            {"GroupLength", R::adder_core__DOT__GroupLength},
            {"ActBits", R::adder_core__DOT__ActBits},
            {"MaxPlanes", R::adder_core__DOT__MaxPlanes},
            {"PsumBlocks", R::adder_core__DOT__PsumBlocks},
            {"PsumBits", R::adder_core__DOT__PsumBits},
            {"EpilogueLanes", R::adder_core__DOT__EpilogueLanes},
            {"EpilogueRows", R::adder_core__DOT__EpilogueRows}};
  }
  AdderCoreDut(std::string variant, std::uint64_t seed)
      : MatrixCoreDut<Model>(std::move(variant), rtl_parameters(),
                             config_from_rtl<AdderCoreConfig>(rtl_parameters()).shape(), seed) {}
};

}  // namespace lutetia
