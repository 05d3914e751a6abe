// The constructors that weight_packings() lists: one a file, so that a format is one .cpp.
#pragma once
#include <memory>

#include "numeric/packing/weight_packing.h"

namespace lutetia {

using PackingMaker = std::unique_ptr<WeightPacking> (*)(const PackingInfo& info);

std::unique_ptr<WeightPacking> make_i2_s_128(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_i2_s_64(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_tq1_0(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_tq2_0(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_q4_0(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_q8_0(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_q2_k(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_tl1(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_tl2(const PackingInfo& info);
std::unique_ptr<WeightPacking> make_tmac(const PackingInfo& info);  ///< bits from info.least

/// "100 columns are no multiple of bk 64"; empty if tile divides extent.
std::string not_divided(std::uint64_t extent, const char* what, std::uint64_t tile, const char* name);

}  // namespace lutetia
