// Caches in memory: every token has a place of its own, whole runs lie together, and the room is just enough.
#include "mapping/kv_cache_layout.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/quantity.h"
#include "base/random.h"

namespace lutetia {
namespace {

struct Shape {
  std::uint64_t page_tokens, sequences, heads, tokens;
};

/// Page 0 is a cache in one piece; some pages are larger than a sequence.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (const std::uint64_t page : {0u, 1u, 3u, 16u, 100u})
    for (const std::uint64_t sequences : {1u, 3u})
      for (const std::uint64_t heads : {1u, 2u, 5u})
        for (const std::uint64_t tokens : {1u, 3u, 16u, 35u}) all.push_back({page, sequences, heads, tokens});
  return all;
}

KvCacheLayout layout_of(const Shape& shape) {
  KvCacheLayout layout;
  layout.base = 8192;
  layout.sequences = shape.sequences;
  layout.heads = shape.heads;
  layout.tokens = shape.tokens;
  layout.row_bytes = 52;
  return layout;
}

TEST(BlockTable, IsAPermutationOfThePages) {
  for (const Shape& shape : shapes()) {
    if (shape.page_tokens == 0) continue;
    const BlockTable table(shape.page_tokens, shape.sequences, shape.tokens);
    const std::uint64_t pages = ceil_div(shape.tokens, shape.page_tokens);
    ASSERT_EQ(table.pages(), pages * shape.sequences);
    std::set<std::uint64_t> used;
    for (std::uint64_t sequence = 0; sequence < shape.sequences; ++sequence)
      for (std::uint64_t page = 0; page < pages; ++page) used.insert(table.physical(sequence, page));
    EXPECT_EQ(used.size(), table.pages());
    EXPECT_EQ(*used.rbegin(), table.pages() - 1);
  }
}

TEST(BlockTable, IsTheSameForEveryRunAndNotInOrder) {
  const BlockTable a(16, 2, 1000), b(16, 2, 1000);
  std::uint64_t moved = 0;
  for (std::uint64_t sequence = 0; sequence < 2; ++sequence)
    for (std::uint64_t page = 0; page < 63; ++page) {
      EXPECT_EQ(a.physical(sequence, page), b.physical(sequence, page));
      moved += a.physical(sequence, page) != sequence * 63 + page;
    }
  EXPECT_GT(moved, 100u);
}

TEST(KvCacheLayout, EveryTokenOfEveryHeadHasAPlaceOfItsOwnAndTheRoomIsTight) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE("page " + std::to_string(shape.page_tokens) + " tokens " + std::to_string(shape.tokens));
    const BlockTable table(shape.page_tokens, shape.sequences, shape.tokens);
    const KvCacheLayout layout = layout_of(shape);
    std::set<std::uint64_t> rows;
    for (std::uint64_t sequence = 0; sequence < shape.sequences; ++sequence)
      for (std::uint64_t head = 0; head < shape.heads; ++head)
        for (std::uint64_t token = 0; token < shape.tokens; ++token) {
          const auto run = layout.run(table, sequence, head, token, 1);
          ASSERT_EQ(run.tokens, 1u);
          ASSERT_EQ((run.address - layout.base) % layout.row_bytes, 0u);
          rows.insert((run.address - layout.base) / layout.row_bytes);
        }
    EXPECT_EQ(rows.size(), shape.sequences * shape.heads * shape.tokens) << "places overlap";
    const std::uint64_t room = layout.bytes(table) / layout.row_bytes;
    EXPECT_LT(*rows.rbegin(), room);
    // Nothing is left over but what the last page of a sequence does not use.
    const std::uint64_t per_page = std::max<std::uint64_t>(shape.page_tokens, 1);
    EXPECT_EQ(room, shape.sequences * shape.heads * ceil_div(shape.tokens, per_page) * per_page);
  }
}

TEST(KvCacheLayout, RunsCoverATokenRangeOnceAndStayInsideTheirPages) {
  Random random(3);
  for (const Shape& shape : shapes()) {
    const BlockTable table(shape.page_tokens, shape.sequences, shape.tokens);
    const KvCacheLayout layout = layout_of(shape);
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t sequence = random.below(shape.sequences), head = random.below(shape.heads),
                          first = random.below(shape.tokens), end = first + 1 + random.below(shape.tokens - first);
      std::uint64_t runs = 0;
      for (std::uint64_t token = first; token < end; ++runs) {
        const auto run = layout.run(table, sequence, head, token, end - token);
        ASSERT_GE(run.tokens, 1u);
        ASSERT_LE(run.tokens, end - token);
        for (std::uint64_t j = 0; j < run.tokens; ++j)
          ASSERT_EQ(layout.run(table, sequence, head, token + j, 1).address, run.address + j * layout.row_bytes);
        token += run.tokens;
      }
      const std::uint64_t page = shape.page_tokens;
      EXPECT_EQ(runs, page == 0 ? 1 : (end - 1) / page - first / page + 1) << "as few runs as there are pages";
    }
  }
}

TEST(KvCacheLayout, BehindAWindowTheNewestTokensAndTheFirstOnesKeepPlacesOfTheirOwn) {
  for (const std::uint64_t sinks : {0u, 1u, 4u})
    for (const std::uint64_t page : {0u, 3u}) {
      Shape shape{page, 2, 2, 11};
      const BlockTable table(shape.page_tokens, shape.sequences, shape.tokens);
      KvCacheLayout layout = layout_of(shape);
      layout.sinks = sinks;
      for (std::uint64_t newest = 0; newest < 60; ++newest) {
        std::set<std::uint64_t> places;
        std::uint64_t kept = 0;
        for (std::uint64_t position = 0; position <= newest; ++position) {
          if (position >= sinks && position + (shape.tokens - sinks) <= newest) continue;  // the ring went past it
          const auto run = layout.run(table, 1, 1, position, 1);
          places.insert(run.address);
          ++kept;
        }
        ASSERT_EQ(places.size(), kept) << "sinks " << sinks << " newest " << newest;
        ASSERT_LE(kept, shape.tokens);
      }
    }
}

TEST(KvCacheLayout, RunsEndWhereTheRingBeginsAnew) {
  const BlockTable none;
  KvCacheLayout layout = layout_of({0, 1, 1, 10});
  layout.sinks = 2;
  for (std::uint64_t position = 0; position < 50;) {  // 0..9, then eights
    const auto run = layout.run(none, 0, 0, position, 50 - position);
    EXPECT_EQ(run.address, layout.base + (position == 0 ? 0 : 2) * layout.row_bytes);
    EXPECT_EQ(run.tokens, position == 0 ? 10u : 8u);
    position += run.tokens;
  }
}

}  // namespace
}  // namespace lutetia
