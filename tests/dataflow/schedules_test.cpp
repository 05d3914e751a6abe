// What the three schedules of attention cost: bytes as formulas, on chip and off, and cycles against what their rates
// allow.
#include <algorithm>
#include <map>

#include "base/random.h"
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

struct Sizes {
  std::uint64_t length, head_dim, query_tile, key_tile, bytes, multiply_adds, exponentials, bandwidth;
};

std::vector<std::string> sets(const Sizes& s) {
  return {set("length", s.length),
          set("head_dim", s.head_dim),
          set("query_tile", s.query_tile),
          set("key_tile", s.key_tile),
          set("bytes_per_number", s.bytes),
          set("multiply_adds", s.multiply_adds),
          set("exponentials", s.exponentials),
          set("bandwidth", s.bandwidth)};
}

Graph schedule(const std::string& name, const Sizes& s, const std::vector<std::string>& more = {}) {
  std::vector<std::string> all = sets(s);
  all.insert(all.end(), more.begin(), more.end());
  return shipped("schedule_" + name, all);
}

/// Lengths that are multiples of both tiles and of 8, the rows of the softmax.
Sizes draw(Random& random) {
  Sizes s;
  s.query_tile = 8 * (1 + random.below(6));
  s.key_tile = 1 + random.below(40);
  s.length = s.query_tile * s.key_tile * (1 + random.below(3));
  s.head_dim = 1 + random.below(100);
  s.bytes = 1 + random.below(4);
  s.multiply_adds = 2 + random.below(20000);
  s.exponentials = 1 + random.below(300);
  s.bandwidth = 1 + random.below(600);
  return s;
}

std::string text(const Sizes& s) {
  std::string out;
  for (const std::string& one : sets(s)) out += one + " ";
  return out;
}

std::uint64_t on_chip(const Graph& graph) {
  std::uint64_t sum = graph.bytes_of_nodes();
  for (const Channel& c : graph.channels) sum += c.depth * c.bytes;
  return sum;
}

std::uint64_t moved_by(const Graph& graph, const std::string& name) {
  for (const Node& n : graph.nodes)
    if (n.name == name) return n.firings * n.memory_bytes;
  ADD_FAILURE() << name;
  return 0;
}

/// Q and O once, K and V once per tile of queries.
std::uint64_t least_bytes(const Sizes& s) {
  const std::uint64_t matrix = s.length * s.head_dim * s.bytes;
  return 2 * matrix + 2 * matrix * (s.length / s.query_tile);
}

TEST(Schedules, OnePassAndFlatMoveTheLeastBytesForTheirTiles) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const Sizes s = draw(random);
    SCOPED_TRACE(text(s));
    for (const char* name : {"one_pass", "flat"}) {
      const Graph graph = schedule(name, s);
      EXPECT_EQ(graph.memory_bytes(), least_bytes(s)) << name;
      EXPECT_EQ(moved_by(graph, "load_queries"), s.length * s.head_dim * s.bytes);
      EXPECT_EQ(moved_by(graph, "store"), s.length * s.head_dim * s.bytes);
      EXPECT_EQ(moved_by(graph, "load_keys"), moved_by(graph, "load_values"));
    }
  }
}

TEST(Schedules, UnfusedMovesTheScoresFourTimesBesides) {
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    const Sizes s = draw(random);
    SCOPED_TRACE(text(s));
    EXPECT_EQ(schedule("unfused", s).memory_bytes(), least_bytes(s) + 4 * s.length * s.length * s.bytes);
  }
}

// FuseMax's published traffic (arXiv 2406.10491, its artifact; checked against all 24 rows of its results): 2 B H (P (E
// + F) + M (E + F) P / (256 P1)) bytes, 256 P1 queries per pass over the keys, P1 the largest divisor of P / 256 for
// which they fit in its buffer. Ours is per head, with M = P and E = F.
TEST(Schedules, OnePassMovesWhatFuseMaxPublishedForItsTiles) {
  int of_one_tile = 0;
  for (const std::uint64_t e : {64, 128})
    for (const std::uint64_t tiles : {1, 2, 4, 7, 64, 257, 512}) {
      const std::uint64_t p = 256 * tiles, capacity = (16 * 1024 * 1024 - 512 * (e + e)) / (512 * (e + e + 2));
      std::uint64_t p1 = 1;
      for (std::uint64_t d = 1; d <= capacity; ++d)
        if (tiles % d == 0) p1 = d;
      of_one_tile += p1 == 1;
      const std::uint64_t published = 2 * (p * (e + e) + p * (e + e) * p / (256 * p1));
      EXPECT_EQ(schedule("one_pass", {p, e, 256 * p1, 256, 2, 131072, 4096, 457}).memory_bytes(), published)
          << p << " " << e << " " << p1;
    }
  EXPECT_GE(of_one_tile, 4) << "a single tile, and prime numbers of them, leave P1 = 1";
}

TEST(Schedules, OnChipBytesOfWholeRowsGrowWithTheLengthThoseOfOnePassDoNot) {
  Sizes s{256, 64, 64, 32, 2, 8192, 128, 512};
  std::uint64_t before_flat = 0, before_unfused = 0;
  const std::uint64_t one_pass = on_chip(schedule("one_pass", s));
  for (s.length = 256; s.length <= 65536; s.length *= 4) {
    EXPECT_EQ(on_chip(schedule("one_pass", s)), one_pass);
    const std::uint64_t flat = on_chip(schedule("flat", s)), unfused = on_chip(schedule("unfused", s));
    if (s.length > 256) {
      // Two rows of a tile's queries, and of the softmax's 8 rows.
      EXPECT_EQ(flat - before_flat, 2 * (s.length - s.length / 4) * s.query_tile * s.bytes);
      EXPECT_EQ(unfused - before_unfused, 2 * (s.length - s.length / 4) * 8 * s.bytes);
    }
    before_flat = flat, before_unfused = unfused;
  }
}

double ratio(std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

/// What the rates allow: of fused schedules the slowest of three, of unfused ones the sum over its operations.
double bound(const std::string& name, const Sizes& s) {
  const std::uint64_t square = s.length * s.length, matrix = s.length * s.head_dim * s.bytes;
  const double product = ratio(square * s.head_dim, s.multiply_adds), softmax = ratio(square, s.exponentials);
  if (name != "unfused") return std::max({2 * product, softmax, ratio(least_bytes(s), s.bandwidth)});
  const double memory = ratio(matrix + matrix * (s.length / s.query_tile) + square * s.bytes, s.bandwidth);
  return 2 * std::max(product, memory) + std::max(softmax, ratio(2 * square * s.bytes, s.bandwidth));
}

TEST(Schedules, NoneIsFasterThanItsRatesAllow) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const Sizes s = draw(random);
    SCOPED_TRACE(text(s));
    for (const char* name : {"one_pass", "flat", "unfused"}) {
      const Graph graph = schedule(name, s);
      const Cycle cycles = finished(graph).cycles;
      EXPECT_GE(static_cast<double>(cycles), bound(name, s)) << name;
      EXPECT_GE(cycles * s.bandwidth, graph.memory_bytes()) << name;
    }
  }
}

TEST(Schedules, AreNearWhatTheirSlowestRateAllows) {
  const std::uint64_t many = 1 << 20;
  const std::pair<const char*, Sizes> cases[] = {{"multiply-adds", {8192, 64, 128, 128, 2, 8192, 1024, many}},
                                                 {"exponentials", {8192, 64, 128, 128, 2, 1 << 17, 128, many}},
                                                 {"memory", {8192, 64, 128, 128, 2, 1 << 16, 1024, 64}}};
  for (const auto& [what, s] : cases) {
    SCOPED_TRACE(what);
    for (const char* name : {"one_pass", "unfused"})
      EXPECT_LT(static_cast<double>(finished(schedule(name, s)).cycles), 1.03 * bound(name, s)) << name;
    // The first row of tiles passes before the next stage begins: one in 64 at least.
    EXPECT_LT(static_cast<double>(finished(schedule("flat", s)).cycles), 1.06 * bound("flat", s));
  }
}

TEST(Schedules, MoreOfAnyRateNeverAddsCycles) {
  const Sizes base{960, 24, 48, 32, 2, 900, 40, 60};
  for (const char* name : {"one_pass", "flat", "unfused"}) {
    const Cycle cycles = finished(schedule(name, base)).cycles;
    for (std::uint64_t Sizes::*rate : {&Sizes::multiply_adds, &Sizes::exponentials, &Sizes::bandwidth}) {
      Cycle before = cycles;
      for (const std::uint64_t factor : {2, 3, 8, 64}) {
        Sizes more = base;
        more.*rate *= factor;
        const Cycle now = finished(schedule(name, more)).cycles;
        EXPECT_LE(now, before) << name;
        before = now;
      }
    }
  }
}

// Without bounds, the others also load ahead, before the first row of tiles has passed: a row less at most, however
// many rows there are.
TEST(Schedules, TheirFifosAreDeepEnoughForFullThroughput) {
  Random random(4);
  for (int i = 0; i < 60; ++i) {
    const Sizes s = draw(random);
    SCOPED_TRACE(text(s));
    for (const char* name : {"one_pass", "flat", "unfused"}) {
      Graph graph = schedule(name, s);
      const Cycle cycles = finished(graph).cycles;
      std::uint64_t longest = 0;
      for (const Node& node : graph.nodes)
        if (node.firings >= s.length / s.query_tile * (s.length / s.key_tile))
          longest = std::max(longest, node.interval);
      unbound(graph);
      const Cycle unbounded = finished(graph).cycles;
      if (std::string(name) == "one_pass") {
        EXPECT_EQ(cycles, unbounded);
      } else {
        EXPECT_LE(cycles, unbounded + longest * (s.length / s.key_tile)) << name;
      }
    }
  }
}

/// Every firing of a node that moves bytes: when it begins, and what it moves.
struct Transfer {
  Cycle begin, end;
  std::uint64_t bytes;
};

std::map<std::string, std::vector<Transfer>> transfers_by_port(const Graph& graph) {
  RunOptions recorded;
  recorded.record_transfers = true;
  const GraphRun run = finished(graph, recorded);
  std::map<std::string, std::vector<Transfer>> ports;
  for (const Node& node : graph.nodes)
    if (node.memory_bytes != 0)
      for (const Cycle issued : run.transfers[node.outputs[0]].issued)
        ports[node.memory_port].push_back({issued, issued + node.interval, node.memory_bytes});
  for (auto& [name, all] : ports)
    std::sort(all.begin(), all.end(), [](const Transfer& a, const Transfer& b) { return a.begin < b.begin; });
  return ports;
}

TEST(Schedules, MoveMoreThanTheBandwidthOnlyWhileFifosFill) {
  Random random(5);
  for (int i = 0; i < 60; ++i) {
    Sizes s = draw(random);
    s.length = std::min<std::uint64_t>(s.length, 2 * s.query_tile * s.key_tile);
    if (s.length > 2000) continue;
    SCOPED_TRACE(text(s));
    for (const char* name : {"one_pass", "flat", "unfused"}) {
      const Graph graph = schedule(name, s);
      std::map<std::string, std::uint64_t> held;
      for (const Node& node : graph.nodes)
        if (node.memory_bytes != 0)
          held[node.memory_port] += node.memory_bytes * (graph.channels[node.outputs[0]].depth + 1);
      for (const auto& [port, all] : transfers_by_port(graph)) {
        // What began since any earlier cycle, less what memory moved since then.
        double ahead = 0;
        Cycle last = 0;
        for (const Transfer& t : all) {
          ahead = std::max(0.0, ahead - static_cast<double>((t.begin - last) * s.bandwidth));
          ahead += static_cast<double>(t.bytes);
          last = t.begin;
          ASSERT_LE(ahead, static_cast<double>(held[port])) << name << " " << port;
        }
      }
    }
  }
}

TEST(Schedules, OperationsOfUnfusedUseMemoryOneAfterTheOther) {
  Random random(6);
  for (int i = 0; i < 40; ++i) {
    const Sizes s = draw(random);
    if (s.length > 2000) continue;
    SCOPED_TRACE(text(s));
    const auto ports = transfers_by_port(schedule("unfused", s));
    ASSERT_EQ(ports.size(), 3u);
    Cycle end = 0;
    for (const char* port : {"scores", "softmax", "values"}) {
      const std::vector<Transfer>& all = ports.at(port);
      EXPECT_GE(all.front().begin, end) << port;
      for (const Transfer& t : all) end = std::max(end, t.end);
    }
  }
}

}  // namespace
}  // namespace lutetia::dataflow
