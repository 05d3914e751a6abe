// Damaged graphs: whatever the bytes, the reader returns, and either there is a problem or the graph is balanced.
// Replay: LUTETIA_FUZZ_SEED=<seed> ctest -R GraphFuzz.
#include <cstdlib>
#include <fstream>

#include "base/random.h"
#include "graphs.h"

namespace lutetia::dataflow {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(LUTETIA_SOURCE_DIR "/configs/dataflow/" + name + ".yaml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string damaged(std::string text, Random& random) {
  static const std::vector<std::string> pieces = {"0",
                                                  "1",
                                                  "-1",
                                                  "9007199254740993",
                                                  "length",
                                                  "length * length",
                                                  " * ",
                                                  " / ",
                                                  "(",
                                                  ")",
                                                  "max(",
                                                  ",",
                                                  ": ",
                                                  "\n  - ",
                                                  "{",
                                                  "}",
                                                  "source",
                                                  "sink",
                                                  "map",
                                                  "scan",
                                                  "reduce",
                                                  "matmul",
                                                  "flatmap",
                                                  "repeat",
                                                  "zip",
                                                  "columns: 3, ",
                                                  "uses: ",
                                                  "unbounded",
                                                  "width: ",
                                                  "exp",
                                                  "affine",
                                                  "concat",
                                                  "memory_bytes: 7, ",
                                                  "memory_port: a, ",
                                                  "gather",
                                                  "exact(",
                                                  "ceil(",
                                                  "score",
                                                  "\t",
                                                  "\xff",
                                                  "#",
                                                  "'",
                                                  "&a "};
  for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
    const std::size_t at = random.below(text.size() + 1);
    const std::size_t span = std::min<std::size_t>(random.below(12), text.size() - at);
    switch (random.below(5)) {
      case 0: text.erase(at, span); break;
      case 1: text.insert(at, pieces[random.below(pieces.size())]); break;
      case 2: text.replace(at, span, pieces[random.below(pieces.size())]); break;
      case 3: text.insert(random.below(text.size() + 1), text.substr(at, 8 * span)); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
    }
    if (text.empty()) text = "name: x\n";
  }
  return text;
}

TEST(GraphFuzz, DamagedGraphsNeverCrashAndAreNeverHalfAccepted) {
  std::vector<std::string> originals;
  for (const char* name : {"online", "naive", "two_pass"}) {  // without their comments, where damage does nothing
    const std::string text = file(name);
    originals.push_back(text.substr(text.find("name:")));
  }
  const char* replay = std::getenv("LUTETIA_FUZZ_SEED");
  const std::uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  int accepted = 0;
  for (std::uint64_t seed = first; seed < first + (replay != nullptr ? 1 : 4000); ++seed) {
    SCOPED_TRACE("LUTETIA_FUZZ_SEED=" + std::to_string(seed));
    Random random(seed);
    const std::string text = damaged(originals[random.below(originals.size())], random);
    LoadedGraph loaded;
    Problems problems;
    const bool good = read_graph_text(text, "fuzz.yaml", {}, loaded, problems);
    ASSERT_EQ(good, problems.empty());
    for (const Problem& p : problems.items()) ASSERT_FALSE(p.message.empty());
    if (!good) continue;
    ++accepted;
    for (const Node& node : loaded.graph.nodes) {
      ASSERT_GT(node.firings, 0u);
      for (const Input& input : node.inputs)
        ASSERT_EQ(loaded.graph.channels[input.channel].elements * input.period, node.firings * input.take);
    }
  }
  if (replay == nullptr) {
    EXPECT_GT(accepted, 100);
  }
}

}  // namespace
}  // namespace lutetia::dataflow
