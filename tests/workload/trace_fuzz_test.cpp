// Random damage to a valid trace: the reader must come back with a result that matches its problems, whatever it meets.
// Replay one case: LUTETIA_FUZZ_SEED=<seed> ctest -R TraceFuzz.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "models.h"
#include "trace_text.h"
#include "workload/expand.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kFirstSeed = 20260101;
constexpr int kMutations = 30000;

std::string mutated(const std::vector<std::string>& originals, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  static const std::vector<std::string> tokens = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "\n",
                                                  "-1",
                                                  "0",
                                                  "1e999",
                                                  "18446744073709551616",
                                                  "null",
                                                  "true",
                                                  "\"m\"",
                                                  "\"tensor\"",
                                                  "\"after\"",
                                                  "\"id\"",
                                                  "\"mask\":{\"kind\":\"causal\"}",
                                                  "\xc3\x28",
                                                  "\xed\xa0\x80",
                                                  "\\u0000",
                                                  "\\ud800",
                                                  "\"format\":\"fp16\"",
                                                  std::string(1, '\0'),
                                                  "[[[[[[[[[[[[[[[[[["};
  std::string text = originals[below(originals.size())];
  const std::size_t damages = 1 + below(4);
  for (std::size_t i = 0; i < damages && !text.empty(); ++i) {
    const std::size_t at = below(text.size()), span = std::min(text.size() - at, 1 + below(40));
    switch (below(8)) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
      case 2: text.erase(at, span); break;
      case 3: text.insert(below(text.size()), text.substr(at, span)); break;
      case 4: text.replace(at, span, tokens[below(tokens.size())]); break;
      case 5: text.insert(at, tokens[below(tokens.size())]); break;
      case 6: text.resize(at); break;
      default:  // a digit becomes another, which keeps most of the text valid
        for (std::size_t j = at; j < text.size(); ++j)
          if (text[j] >= '0' && text[j] <= '9') {
            text[j] = static_cast<char>('0' + below(10));
            break;
          }
    }
  }
  return text;
}

TEST(TraceFuzz, DamagedTracesNeverCrashAndAreNeverHalfAccepted) {
  std::ostringstream expanded;
  write_trace(expanded, expand(model("bitnet-tiny"), {2, 1, 1, 1, 0}));
  const std::vector<std::string> originals = {good_text(), good_text(), good_text(), expanded.str()};

  const char* replay = std::getenv("LUTETIA_FUZZ_SEED");
  const std::uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : kFirstSeed;
  const int cases = replay != nullptr ? 1 : kMutations;
  int accepted = 0;
  for (int i = 0; i < cases; ++i) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
    SCOPED_TRACE("replay with LUTETIA_FUZZ_SEED=" + std::to_string(seed));
    const std::string text = mutated(originals, seed);
    Trace trace;
    Problems problems;
    std::istringstream in(text);
    const bool good = read_trace(in, "t.jsonl", trace, problems);
    ASSERT_EQ(good, problems.empty());
    ASSERT_LE(problems.size(), 101u);
    for (const Problem& p : problems.items()) ASSERT_GE(p.where.line, text.empty() ? 0 : 1) << p.text();
    if (!good) continue;
    ++accepted;  // harmless damage: what was accepted can be used and written again
    total_macs(trace);
    total_traffic(trace);
    std::ostringstream out;
    write_trace(out, trace);
    ASSERT_EQ(faults(out.str()), "");
  }
  EXPECT_TRUE(replay != nullptr || accepted > 100) << accepted;
}

}  // namespace
}  // namespace lutetia
