#include "config/write.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "config/digest.h"
#include "config/leaves.h"
#include "config/rtl_parameters.h"
#include "config/yaml_scalar.h"
#include "sample.h"

namespace lutetia::sample {
namespace {

constexpr char kDefault[] =
    "name: unnamed\n"
    "lut_core:\n"
    "  rows: 2\n"
    "  lanes: 64\n"
    "  epilogue_lanes: 8\n"
    "  clock: 1GHz\n"
    "  fused: false\n"
    "  dataflow: weight_stationary\n"
    "  sram:\n"
    "    size: 64KiB\n"
    "    bandwidth: 51.2GB/s\n"
    "    latency: 1.5ns\n"
    "levels: []\n"
    "dims: [4, 4]\n"
    "sizes: []\n"
    "tags: []\n"
    "offset: -1\n"
    "wide: 0\n"
    "seed: 1\n"
    "utilization: 0.9\n";

TEST(Write, EveryValueIsWrittenInTheOrderOfDescribe) {
  EXPECT_EQ(write_yaml(Design()), kDefault);
}

TEST(Write, ListsAndOptionalGroupsAreIndented) {
  Design d;
  d.levels.resize(2);
  d.levels[0].name = "a: b";
  d.levels[1].attention.emplace();
  const std::string text = write_yaml(d);
  EXPECT_NE(text.find("levels:\n"
                      "  - name: \"a: b\"\n"
                      "    size: 1KiB\n"
                      "  - name: \"\"\n"
                      "    size: 1KiB\n"
                      "    attention:\n"
                      "      heads: 8\n"
                      "      scale: 0.125\n"),
            std::string::npos)
      << text;
}

/// A design with all leaves, lists and groups drawn at random within their bounds.
Design random_design(Random& random) {
  const auto text = [&random] {
    std::string out;
    const std::vector<std::string> pieces{"a",  "Z", "0", " ",    ":",    "#",    "\"",       "\\", "\n",
                                          "\t", "'", "-", "null", "\x01", "\x7f", "\xc3\xa9", "{",  "]",
                                          ",",  "~", "%", "@",    "!",    "&",    "*",        "|",  ">"};
    for (std::uint64_t n = random.below(6); n > 0; --n) out += pieces[random.below(pieces.size())];
    return out;
  };
  Design d;
  d.name = text();
  d.lut_core.rows = static_cast<std::uint32_t>(random.between(1, 64));
  d.lut_core.epilogue_lanes = static_cast<std::uint32_t>(random.between(1, 32));
  d.lut_core.lanes = d.lut_core.epilogue_lanes * static_cast<std::uint32_t>(random.between(1, 32));
  d.lut_core.clock = Hertz(static_cast<std::uint64_t>(random.between(1'000'000, 10'000'000'000)));
  d.lut_core.fused = random.bernoulli(0.5);
  d.lut_core.dataflow = static_cast<Dataflow>(random.below(3));
  d.lut_core.sram.size = Bytes(static_cast<std::uint64_t>(random.between(1024, 1 << 20)));
  d.lut_core.sram.bandwidth = BytesPerSecond(random.next());
  d.lut_core.sram.latency = Picoseconds(random.below(1'000'001));
  if (random.bernoulli(0.5))
    d.attention = Attention{static_cast<std::uint32_t>(random.between(1, 128)), random.uniform()};
  d.levels.resize(random.below(5));
  for (Level& level : d.levels) {
    level.name = text();
    level.size = Bytes(static_cast<std::uint64_t>(random.between(1, 1 << 30)));
    if (random.bernoulli(0.3)) level.attention.emplace();
  }
  d.dims.resize(static_cast<std::size_t>(random.between(1, 3)));
  for (std::uint32_t& x : d.dims) x = static_cast<std::uint32_t>(random.between(1, 16));
  d.sizes.resize(random.below(3));
  for (Bytes& x : d.sizes) x = Bytes(random.next() >> random.below(64));
  d.tags.resize(random.below(3));
  for (std::string& x : d.tags) x = text();
  d.offset = static_cast<std::int32_t>(random.between(-8, 7));
  d.wide = static_cast<std::int64_t>(random.next());
  d.seed = random.next();
  d.utilization = random.uniform();
  return d;
}

TEST(Write, ReadingWhatWasWrittenIsTheIdentity) {
  Design unchanged;
  EXPECT_EQ(faults_of(kDefault, unchanged), "");
  EXPECT_EQ(write_yaml(unchanged), kDefault);
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const Design d = random_design(random);
    const std::string text = write_yaml(d);
    Design back;
    ASSERT_EQ(faults_of(text, back), "") << "seed " << seed << "\n" << text;
    ASSERT_EQ(write_yaml(back), text) << "seed " << seed;
    ASSERT_EQ(back.name, d.name) << "seed " << seed;
    ASSERT_EQ(back.tags, d.tags) << "seed " << seed;
    ASSERT_EQ(back.utilization, d.utilization) << "seed " << seed;
    ASSERT_EQ(back.lut_core.sram.bandwidth, d.lut_core.sram.bandwidth) << "seed " << seed;
    ASSERT_EQ(back.levels.size(), d.levels.size()) << "seed " << seed;
  }
}

TEST(Write, OriginsStandBehindEachLineAndDoNotDisturbReading) {
  Design d;
  Origins origins;
  EXPECT_EQ(
      faults_of("lut_core:\n  rows: 4\nlevels:\n  - name: a\n", d, {{"lut_core.fused=true", "seed=5"}, ""}, &origins),
      "");
  const std::string text = write_yaml(d, &origins);
  EXPECT_EQ(text,
            "name: unnamed                  # default\n"
            "lut_core:\n"
            "  rows: 4                      # x.yaml:2\n"
            "  lanes: 64                    # default\n"
            "  epilogue_lanes: 8            # default\n"
            "  clock: 1GHz                  # default\n"
            "  fused: true                  # --set\n"
            "  dataflow: weight_stationary  # default\n"
            "  sram:\n"
            "    size: 64KiB                # default\n"
            "    bandwidth: 51.2GB/s        # default\n"
            "    latency: 1.5ns             # default\n"
            "levels:                        # x.yaml:3\n"
            "  - name: a                    # x.yaml:4\n"
            "    size: 1KiB                 # default\n"
            "dims: [4, 4]                   # default\n"
            "sizes: []                      # default\n"
            "tags: []                       # default\n"
            "offset: -1                     # default\n"
            "wide: 0                        # default\n"
            "seed: 5                        # --set\n"
            "utilization: 0.9               # default\n");
  Design back;
  EXPECT_EQ(faults_of(text, back), "");
  EXPECT_EQ(write_yaml(back), write_yaml(d));
}

TEST(Write, EveryLeafHasAnOrigin) {
  Design d;
  d.levels.resize(1);
  Origins origins;
  EXPECT_EQ(faults_of("attention: {heads: 2}", d, {}, &origins), "");
  for_each_leaf(schema_of(d), [&](const std::string& path, const Field&) {
    EXPECT_EQ(origins[path], path == "attention.heads" ? "x.yaml:1" : "default") << path;
  });
}

TEST(Write, TextsArePlainOnlyIfEveryReaderTakesThemForTexts) {
  EXPECT_EQ(yaml_scalar("lpddr5-6400"), "lpddr5-6400");
  EXPECT_EQ(yaml_scalar("a/b.yaml"), "a/b.yaml");
  for (const char* text : {"", "null", "True", "no", "1", "-x", "a: b", "a b", "a#b", "~"}) {
    EXPECT_EQ(yaml_scalar(text), "\"" + std::string(text) + "\"");
  }
  EXPECT_EQ(yaml_scalar("a\"\\\n\x01"), "\"a\\\"\\\\\\n\\x01\"");
}

struct Hollow {
  std::optional<Attention> attention;
};
void describe(Schema& s, Hollow& c) {
  s.optional_group("attention", c.attention, "x");
}
struct Shell {
  Hollow hollow;
  std::vector<Hollow> list = std::vector<Hollow>(2);
};
void describe(Schema& s, Shell& c) {
  s.group("hollow", c.hollow, "x");
  s.list("list", c.list, "x");
}

TEST(Write, AStructWithoutLinesIsAnEmptyMap) {
  EXPECT_EQ(write_yaml(Hollow()), "{}\n");
  EXPECT_EQ(write_yaml(Shell()), "hollow: {}\nlist:\n  - {}\n  - {}\n");
  Shell back;
  back.list.clear();
  EXPECT_EQ(faults_of(write_yaml(Shell()), back), "");
  EXPECT_EQ(back.list.size(), 2u);
}

TEST(Digest, DoesNotDependOnHowTheFileIsWritten) {
  Design a, b, c;
  EXPECT_EQ(faults_of("seed: 4\nlut_core: {rows: 4, clock: 1GHz}\n", a), "");
  EXPECT_EQ(faults_of("# comment\nlut_core:\n  clock: 1000MHz\n  rows: 4\nseed: 4\nname: 'unnamed'\n", b), "");
  EXPECT_EQ(faults_of("seed: 4", c, {{"lut_core.rows=4"}, ""}), "");
  EXPECT_EQ(digest(a), digest(b));
  EXPECT_EQ(digest(a), digest(c));
  EXPECT_EQ(digest(a).size(), 64u);
}

TEST(Digest, DependsOnEveryValue) {
  const std::string plain = digest(Design());
  Design d;
  d.levels.resize(1);
  d.attention.emplace();
  int leaves = 0;
  for_each_leaf(schema_of(d), [&](const std::string& path, const Field& leaf) {
    const std::vector<Value> before = leaf.values();
    const std::string digest_before = digest(d);
    std::vector<Value> other = before;
    if (leaf.is_vector()) {
      other.push_back(leaf.parse(leaf.type() == ValueType::kBytes ? "5B" : "5").value);
    } else if (leaf.type() == ValueType::kBool) {
      other[0] = !std::get<bool>(before[0]);
    } else if (leaf.type() == ValueType::kChoice) {
      other[0] = std::string("input_stationary");
    } else if (leaf.type() == ValueType::kText) {
      other[0] = std::string("other");
    } else if (leaf.type() == ValueType::kDouble) {
      other[0] = 0.75;
    } else {
      other[0] = std::visit(
          [](const auto& x) -> Value {
            using T = std::decay_t<decltype(x)>;
            if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) return T(x + 1);
            if constexpr (std::is_class_v<T> && !std::is_same_v<T, std::string>) return T(x.value + 1);
            return x;
          },
          before[0]);
    }
    leaf.set_values(other);
    EXPECT_NE(digest(d), digest_before) << path;
    leaf.set_values(before);
    EXPECT_EQ(digest(d), digest_before) << path;
    ++leaves;
  });
  EXPECT_EQ(leaves, 21);
  EXPECT_NE(digest(d), plain);
}

TEST(RtlParameters, AreTheNamedLeavesAsNumbers) {
  Design d;
  d.lut_core.dataflow = Dataflow::kInput;
  d.lut_core.fused = true;
  const std::vector<std::pair<std::string, std::uint64_t>> expected{
      {"Rows", 2}, {"Lanes", 64}, {"Fused", 1}, {"Dataflow", 2}};
  EXPECT_EQ(rtl_parameters(d.lut_core), expected);
  EXPECT_EQ(rtl_parameters(d), expected) << "nested ones too";
}

}  // namespace
}  // namespace lutetia::sample
