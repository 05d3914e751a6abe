#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "units/mac_core/mac_core_config.h"

namespace lutetia {
namespace {

const UnitBenchRegistry::Entry kEntry{"mac_core", "random tile commands of all weight formats",
                                      [](const RtlParameters& parameters, std::uint64_t seed, std::uint64_t transfers) {
                                        return std::make_unique<MatrixCoreBench>(
                                            config_from_rtl<MacCoreConfig>(parameters).shape(), seed, transfers);
                                      }};

}  // namespace
}  // namespace lutetia
