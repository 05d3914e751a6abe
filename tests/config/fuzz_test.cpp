// Damaged configurations: whatever the bytes, the reader returns, throws nothing, and either reports a problem or gives
// a struct that reads back from what is written. A failure prints the seed that replays it.
#include <gtest/gtest.h>

#include "base/random.h"
#include "config/write.h"
#include "sample.h"

namespace lutetia::sample {
namespace {

constexpr char kValid[] =
    "# an edge machine\n"
    "name: \"edge\"\n"
    "lut_core:\n"
    "  rows: 4\n"
    "  clock: 1.41GHz\n"
    "  dataflow: output_stationary\n"
    "  sram: {size: 128KiB, latency: 2ns}\n"
    "levels:\n"
    "  - name: near\n"
    "    size: 4KiB\n"
    "  - {name: 'far', attention: {heads: 2}}\n"
    "dims: [1, 2, 3]\n"
    "tags:\n"
    "  - a\n"
    "  - |\n"
    "    block\n"
    "utilization: 0.5\n";

const std::vector<std::string> kPieces{":",
                                       ": ",
                                       "- ",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       ",",
                                       "&a ",
                                       "*a",
                                       "<<: ",
                                       "!!int ",
                                       "!",
                                       "|",
                                       ">",
                                       "|2-",
                                       "? ",
                                       "\"",
                                       "'",
                                       "\n",
                                       "\r\n",
                                       "\t",
                                       " ",
                                       "  ",
                                       "#",
                                       "---\n",
                                       "...\n",
                                       "%YAML 1.1\n",
                                       "~",
                                       "null",
                                       "true",
                                       "0x7f",
                                       "-1",
                                       "1e999",
                                       "\\",
                                       "\\u",
                                       "\\xff",
                                       "99999999999999999999",
                                       "GiB",
                                       "lut_core",
                                       "\xff",
                                       "\xc3\xa9",
                                       "\xef\xbb\xbf",
                                       "@",
                                       "`",
                                       "=",
                                       std::string(1, '\0'),
                                       std::string(1, '\4'),
                                       std::string(300, '['),
                                       std::string(300, ' '),
                                       "lut_core: x\n"};

std::string damaged(Random& random) {
  std::string text = kValid;
  for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
    const std::size_t at = random.below(text.size() + 1);
    const std::size_t length = std::min<std::size_t>(random.below(12), text.size() - at);
    switch (random.below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, text.substr(at, length)); break;
      case 4: text.insert(at, kPieces[random.below(kPieces.size())]); break;
      case 5: text.resize(at); break;
      case 6: {  // swap, repeat or re-indent a line
        const std::size_t begin = text.rfind('\n', at) + 1, end = text.find('\n', at);
        const std::string line = text.substr(begin, end == std::string::npos ? end : end + 1 - begin);
        text.insert(random.below(text.size() + 1), line);
        if (random.bernoulli(0.5)) text.insert(begin, random.below(4), ' ');
        break;
      }
    }
    if (text.empty()) text = kPieces[random.below(kPieces.size())];
  }
  return text;
}

void expect_orderly(const std::string& text, std::uint64_t seed, const ReadOptions& options = {}) {
  Design design;
  Problems problems;
  bool good = false;
  ASSERT_NO_THROW(good = read_yaml_text(text, "x.yaml", design, problems, options)) << "seed " << seed << "\n" << text;
  ASSERT_EQ(good, problems.empty()) << "seed " << seed << "\n" << text;
  for (const Problem& problem : problems.items()) {
    ASSERT_FALSE(problem.message.empty()) << "seed " << seed;
    ASSERT_LT(problem.text().size(), 1500u) << "seed " << seed;
  }
  // Good or bad, what is in the struct is valid, unless a rule was broken or a required key is missing.
  Design back;
  const std::string again = write_yaml(design);
  if (good) {
    ASSERT_EQ(faults_of(again, back), "") << "seed " << seed << "\n" << text << "\n" << again;
    ASSERT_EQ(write_yaml(back), again) << "seed " << seed << "\n" << text;
  }
}

TEST(Fuzz, TheTextThatIsDamagedIsGood) {
  EXPECT_EQ(faults(kValid), "");
}

TEST(Fuzz, TwentyThousandDamagedFilesAreReadInOrder) {
  int good = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Random random(seed);
    const std::string text = damaged(random);
    expect_orderly(text, seed);
    if (HasFatalFailure()) return;
    good += faults(text).empty();
  }
  EXPECT_GT(good, 500) << "some damage does not matter";
  EXPECT_LT(good, 15'000) << "most does";
}

TEST(Fuzz, RandomBytesAreReadInOrder) {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    Random random(seed);
    std::string text(random.below(60), '\0');
    const bool printable = random.bernoulli(0.8);
    constexpr char kCommon[] = "ab:-[]{}#&*!|>'\"%@`, \n?0.";
    for (char& c : text)
      c = printable ? kCommon[random.below(sizeof kCommon - 1)] : static_cast<char>(random.below(256));
    expect_orderly(text, seed);
    if (HasFatalFailure()) return;
  }
}

TEST(Fuzz, DamagedOverridesAreReadInOrder) {
  const std::vector<std::string> valid{"lut_core.rows=4",      "levels[1].name=b",   "dims=[1, 2]",
                                       "attention={heads: 4}", "levels=[{name: x}]", "lut_core.sram.size=64KiB"};
  for (std::uint64_t seed = 0; seed < 5'000; ++seed) {
    Random random(seed);
    ReadOptions options;
    for (std::uint64_t n = 1 + random.below(3); n > 0; --n) {
      std::string set = valid[random.below(valid.size())];
      const std::size_t at = random.below(set.size());
      if (random.bernoulli(0.5)) set.insert(at, kPieces[random.below(kPieces.size())]);
      if (random.bernoulli(0.3)) set.erase(at, 1 + random.below(3));
      options.sets.push_back(set);
    }
    expect_orderly(kValid, seed, options);
    if (HasFatalFailure()) return;
  }
}

TEST(Fuzz, EveryPrefixOfAGoodFileIsReadInOrder) {
  const std::string valid = kValid;
  for (std::size_t size = 0; size < valid.size(); ++size) expect_orderly(valid.substr(0, size), size);
}

}  // namespace
}  // namespace lutetia::sample
