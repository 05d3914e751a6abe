#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "units/adder_core/adder_core_config.h"

namespace lutetia {
namespace {

const UnitBenchRegistry::Entry kEntry{"adder_core", "random tile commands of all weight formats",
                                      [](const RtlParameters& parameters, std::uint64_t seed, std::uint64_t transfers) {
                                        return std::make_unique<MatrixCoreBench>(
                                            config_from_rtl<AdderCoreConfig>(parameters).shape(), seed, transfers);
                                      }};

}  // namespace
}  // namespace lutetia
