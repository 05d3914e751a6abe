// Addresses and places: every burst has one place and every place one burst, whatever the mapping; what the map says
// about streams is so.
#include "memory/dram/address_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "base/random.h"

namespace lutetia {
namespace {

constexpr DramGeometry kSmall = {2, 2, 2, 4, 2, 8, 16, 32};  // 8192 bursts
using Fields = std::vector<std::string>;

struct MapCase {
  Fields mapping, permute;
};

ControllerConfig config_of(const MapCase& c) {
  ControllerConfig config;
  config.mapping = c.mapping;
  config.permute = c.permute;
  return config;
}

AddressMap map_of(const DramGeometry& geometry, const MapCase& c) {
  Problems problems;
  AddressMap map(geometry, config_of(c), "dram.controller", problems);
  for (const Problem& p : problems.items()) ADD_FAILURE() << p.text();
  return map;
}

/// Fields in random order, some split, some permuted.
MapCase random_case(Random& random, const DramGeometry& g) {
  MapCase out;
  out.mapping = {"row", "rank", "bank", "bank_group", "column", "pseudo_channel", "channel"};
  random.shuffle(out.mapping);
  const auto split = [&](const std::string& name, std::uint32_t size) {
    if (size < 4 || !random.bernoulli(0.5)) return;
    const auto place = static_cast<std::ptrdiff_t>(random.below(out.mapping.size() + 1));
    out.mapping.insert(out.mapping.begin() + place, name + ":1");
  };
  split("row", g.rows);
  split("column", g.bursts);
  split("bank_group", g.bank_groups);
  for (const char* field : {"rank", "bank", "bank_group", "pseudo_channel", "channel"})
    if (random.bernoulli(0.25)) out.permute.push_back(field);
  random.shuffle(out.permute);
  return out;
}

std::string text_of(const MapCase& c) {
  std::string out;
  for (const std::string& f : c.mapping) out += f + " ";
  out += "| ";
  for (const std::string& f : c.permute) out += f + " ";
  return out;
}

template <class Visit>
void for_random_maps(const Visit& visit) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    DramGeometry g = kSmall;
    if (random.bernoulli(0.3)) g.channels = 1u << random.below(3);
    if (random.bernoulli(0.3)) g.pseudo_channels = 1;
    if (random.bernoulli(0.3)) g.ranks = 1;
    const MapCase c = random_case(random, g);
    SCOPED_TRACE(text_of(c) + "channels " + std::to_string(g.channels));
    visit(g, map_of(g, c));
    if (testing::Test::HasFatalFailure()) return;
  }
}

std::uint64_t bursts_of(const DramGeometry& g) {
  return g.bytes() / g.burst_bytes;
}

TEST(AddressMap, DecodeIsABijection) {
  for_random_maps([](const DramGeometry& g, const AddressMap& map) {
    std::vector<bool> seen(bursts_of(g));
    for (std::uint64_t b = 0; b < seen.size(); ++b) {
      const DramAddress a = map.decode(b);
      ASSERT_LT(a.channel, g.channels);
      ASSERT_LT(a.bank, g.banks_per_channel());
      ASSERT_LT(a.row, g.rows);
      ASSERT_LT(a.column, g.bursts);
      const std::uint64_t place =
          ((std::uint64_t{a.channel} * g.banks_per_channel() + a.bank) * g.rows + a.row) * g.bursts + a.column;
      ASSERT_FALSE(seen[place]) << "burst " << b;
      seen[place] = true;
    }
  });
}

TEST(AddressMap, AFieldAtTheTopNeedNotBeAPowerOfTwo) {
  DramGeometry g = kSmall;
  g.rows = 6;
  const AddressMap map = map_of(g, {{"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel"}, {}});
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>> places;
  for (std::uint64_t b = 0; b < bursts_of(g); ++b) {
    const DramAddress a = map.decode(b);
    ASSERT_LT(a.row, 6u);
    places.insert({a.channel, a.bank, a.row, a.column});
  }
  EXPECT_EQ(places.size(), bursts_of(g));
}

TEST(AddressMap, AddressesWrapAtTheSizeOfTheMemory) {
  const AddressMap map =
      map_of(kSmall, {{"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel"}, {}});
  for (const std::uint64_t b : {0u, 1u, 777u, 8191u}) {
    const DramAddress a = map.decode(b), again = map.decode(b + 3 * bursts_of(kSmall));
    EXPECT_EQ(std::tie(a.channel, a.bank, a.row, a.column),
              std::tie(again.channel, again.bank, again.row, again.column));
    EXPECT_EQ(map.channel_of(b), map.channel_of(b + 3 * bursts_of(kSmall)));
  }
}

TEST(AddressMap, ChannelsAgreeWithDecode) {
  for_random_maps([](const DramGeometry& g, const AddressMap& map) {
    for (std::uint64_t b = 0; b < bursts_of(g); ++b) ASSERT_EQ(map.channel_of(b), map.decode(b).channel) << b;
  });
}

TEST(AddressMap, TheNextBurstOfAChannelIsTheFirstThatDecodesToIt) {
  for_random_maps([](const DramGeometry& g, const AddressMap& map) {
    for (std::uint32_t channel = 0; channel < g.channels; ++channel) {
      std::uint64_t next = 2 * bursts_of(g);  // looking from the end, with the memory once more behind it
      for (std::uint64_t b = 2 * bursts_of(g); b-- > 0;) {
        if (map.decode(b).channel == channel) next = b;
        if (b < bursts_of(g)) {
          ASSERT_EQ(map.next_in_channel(b, channel), next) << b << ", channel " << channel;
        }
      }
    }
  });
}

TEST(AddressMap, StreamsRepeatTheirBanksWithinABlockWithoutChangeOfRow) {
  std::uint32_t patterns = 0;
  for_random_maps([&](const DramGeometry& g, const AddressMap& map) {
    const AddressMap::Pattern& p = map.pattern();
    if (p.period == 0) return;
    ++patterns;
    ASSERT_EQ(p.block % p.period, 0u);
    ASSERT_EQ(p.period % p.stride, 0u);
    for (std::uint64_t block = 0; block < bursts_of(g); block += p.block) {
      std::set<std::pair<std::uint32_t, std::uint32_t>> banks;
      for (std::uint64_t b = block; b < block + p.block; ++b) {
        const DramAddress a = map.decode(b);
        if (b + p.stride < block + p.block) {
          ASSERT_EQ(map.next_in_channel(b + 1, a.channel), b + p.stride);
        }
        if (b + p.period < block + p.block) {
          const DramAddress later = map.decode(b + p.period);
          ASSERT_EQ(std::tie(a.channel, a.bank, a.row), std::tie(later.channel, later.bank, later.row)) << b;
        }
      }
    }
  });
  EXPECT_GT(patterns, 10u);
}

/// The problems that a mapping has, as "path: message".
std::string faults(const MapCase& c, DramGeometry g = kSmall) {
  Problems problems;
  const AddressMap map(g, config_of(c), "dram.controller", problems);
  std::string out;
  for (const Problem& p : problems.items()) out += p.path + ": " + p.message + "\n";
  return out;
}

TEST(AddressMap, EveryFaultIsAProblem) {
  const Fields all = {"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel"};
  const auto with = [&](std::size_t i, const std::string& text) {
    Fields out = all;
    out[i] = text;
    return out;
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos ? testing::AssertionSuccess() : testing::AssertionFailure() << text;
  };
  EXPECT_EQ(faults({all, {}}), "");
  EXPECT_TRUE(has(faults({with(3, "colum"), {}}), "dram.controller.mapping: \"colum\" is no field"));
  EXPECT_TRUE(has(faults({with(3, "column:x"), {}}), "is no field"));
  EXPECT_TRUE(has(faults({with(3, "column:"), {}}), "is no field"));
  EXPECT_TRUE(has(faults({with(3, "column:123"), {}}), "is no field"));
  EXPECT_TRUE(has(faults({with(3, "row"), {}}), "row stands twice without a number of bits"));
  EXPECT_TRUE(has(faults({with(3, "row"), {}}), "column is missing"));
  EXPECT_TRUE(has(faults({with(3, "column:5"), {}}), "column has 5 bits here and 4 in this device"));
  EXPECT_TRUE(has(faults({with(3, "column:3"), {}}), "column has 3 bits here and 4 in this device"));
  DramGeometry odd = kSmall;
  odd.ranks = 3;
  EXPECT_TRUE(has(faults({all, {}}, odd), "rank has 3 values, no power of two, and must be the first field"));
  EXPECT_TRUE(has(faults({all, {"row"}}), "dram.controller.permute: \"row\" cannot be permuted"));
  EXPECT_TRUE(has(faults({all, {"column"}}), "cannot be permuted"));
  EXPECT_TRUE(has(faults({all, {"banks"}}), "cannot be permuted"));
  EXPECT_TRUE(has(faults({{"rank", "row", "bank", "column", "bank_group", "pseudo_channel", "channel"}, {"rank"}}, odd),
                  "rank has no power of two of values"));
  DramGeometry flat = kSmall;
  flat.ranks = flat.pseudo_channels = flat.channels = 1;
  EXPECT_EQ(faults({{"row", "bank", "column", "bank_group"}, {}}, flat), "") << "fields of one value may be left out";
}

}  // namespace
}  // namespace lutetia
