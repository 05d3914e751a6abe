// The matrix cores in all their parameterisations of the arithmetic, as small shapes; and a cycle body fed with tiles.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cosim/matrix_core_tile.h"
#include "units/adder_core/adder_core_config.h"
#include "units/lut_core/lut_core_config.h"
#include "units/mac_core/mac_core_config.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {

/// What a test may choose; the rest is the variant's.
struct CoreSizes {
  std::uint32_t rows = 2, lanes = 24, epilogue_lanes = 4;
  std::uint32_t activation_bits = 8, psum_bits = 32;
};

struct CoreVariant {
  const char* name;
  MatrixCoreShape (*shape)(const CoreSizes&);
};

template <class Config>
Config sized(const CoreSizes& sizes, std::uint32_t group_length) {
  Config config;
  config.rows = sizes.rows;
  config.lanes = sizes.lanes;
  config.epilogue_lanes = sizes.epilogue_lanes;
  config.activation_bits = sizes.activation_bits;
  config.psum_bits = sizes.psum_bits;
  config.group_length = group_length;
  config.psum_blocks = 3;
  return config;
}

template <std::uint32_t kGroup>
MatrixCoreShape tables_of(const CoreSizes& sizes) {
  LutCoreConfig config = sized<LutCoreConfig>(sizes, kGroup);
  config.max_planes = 8;
  return config.shape();
}
template <std::uint32_t kGroup>
MatrixCoreShape full_tables_of(const CoreSizes& sizes) {
  LutCoreConfig config = sized<LutCoreConfig>(sizes, kGroup);
  config.max_planes = 8;
  config.symmetric = config.fold = false;
  return config.shape();
}
template <std::uint32_t kGroup>
MatrixCoreShape unfolded_tables_of(const CoreSizes& sizes) {
  LutCoreConfig config = sized<LutCoreConfig>(sizes, kGroup);
  config.max_planes = 8;
  config.fold = false;
  return config.shape();
}
template <std::uint32_t kGroup>
MatrixCoreShape fused_tables_of(const CoreSizes& sizes) {
  LutCoreConfig config = sized<LutCoreConfig>(sizes, kGroup);
  config.max_planes = 8;
  config.table_placement = TablePlacement::kFused;
  config.table_generators = config.rows;
  config.fold = kGroup % 2 == 0;
  return config.shape();
}
template <std::uint32_t kGroup>
MatrixCoreShape adders_of(const CoreSizes& sizes) {
  AdderCoreConfig config = sized<AdderCoreConfig>(sizes, kGroup);
  config.max_planes = 8;
  return config.shape();
}
template <std::uint32_t kGroup, std::uint32_t kWeightBits>
MatrixCoreShape multipliers_of(const CoreSizes& sizes) {
  MacCoreConfig config = sized<MacCoreConfig>(sizes, kGroup);
  config.weight_bits = kWeightBits;
  return config.shape();
}

inline constexpr CoreVariant kAllCores[] = {
    {"lut", tables_of<4>},
    {"lut_group2", tables_of<2>},
    {"lut_group3", tables_of<3>},
    {"lut_group5", tables_of<5>},
    {"lut_group6", tables_of<6>},
    {"lut_full", full_tables_of<4>},
    {"lut_full_group3", full_tables_of<3>},
    {"lut_unfolded", unfolded_tables_of<4>},
    {"lut_unfolded_group5", unfolded_tables_of<5>},
    {"lut_fused", fused_tables_of<4>},
    {"lut_fused_group3", fused_tables_of<3>},
    {"adder", adders_of<4>},
    {"adder_group6", adders_of<6>},
    {"mac", multipliers_of<4, 8>},
    {"mac_group3", multipliers_of<3, 8>},
    {"mac_group6", multipliers_of<6, 8>},
    {"mac_int4", multipliers_of<4, 4>},
};

/// Feeds tiles back to back as fast as the core takes them; what comes out, beat by beat.
inline std::vector<Payload> run_tiles(const MatrixCoreShape& shape, const std::vector<const MatrixCoreTile*>& tiles) {
  MatrixCoreCycle core(shape);
  std::vector<Payload> out;
  std::uint64_t due = 0, quiet = 0;
  struct Feed {
    std::size_t tile = 0;
    std::uint64_t beat = 0;
  } feeds[MatrixCorePort::kInputs];
  for (const MatrixCoreTile* tile : tiles) due += tile->command.output_beats(shape);
  while (out.size() < due && quiet < 10'000) {
    ++quiet;
    for (std::uint32_t input = 0; input < MatrixCorePort::kInputs; ++input) {
      Feed& f = feeds[input];
      while (f.tile < tiles.size() &&
             f.beat == MatrixCoreBeats(shape, tiles[f.tile]->command, *tiles[f.tile]).beats(input))
        f = {f.tile + 1, 0};
      if (f.tile == tiles.size() || !core.ready(input)) continue;
      core.push(input, MatrixCoreBeats(shape, tiles[f.tile]->command, *tiles[f.tile]).beat(input, f.beat++));
      quiet = 0;
    }
    if (core.valid(0)) {
      out.push_back(core.front(0));
      core.pop(0);
      quiet = 0;
    }
    core.clock();
  }
  EXPECT_EQ(out.size(), due);
  EXPECT_TRUE(core.idle());
  return out;
}

}  // namespace lutetia
