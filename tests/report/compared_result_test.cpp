// Reading result.json back: what is taken from it, and what a damaged or foreign file says.
// Replay a fuzz case: LUTETIA_FUZZ_SEED=<seed> tests_report --gtest_filter=ComparedResult.Damaged*.
#include "report/compared_result.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "report/compare_report.h"
#include "result_text.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
using compare_test::ResultText;

std::string problems_of(const std::string& text) {
  ComparedResult result;
  Problems problems;
  const bool good = parse_compared_result(text, "r.json", result, problems);
  EXPECT_EQ(good, problems.empty());
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

std::string replaced(std::string text, const std::string& old_text, const std::string& new_text) {
  const std::size_t at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return text.replace(at, old_text.size(), new_text);
}

TEST(ComparedResult, HoldsWhatTheFileSays) {
  ComparedResult r;
  Problems problems;
  ASSERT_TRUE(parse_compared_result(ResultText().text(), "r.json", r, problems));
  EXPECT_EQ(r.design, "lut");
  EXPECT_EQ(r.workload, "m: prefill 10, decode 0, batch 1, 2 layers");
  EXPECT_EQ(r.technology, "asap7");
  EXPECT_EQ(r.technology_kind, "native");
  EXPECT_EQ(r.cycles, 2'000'000u);
  EXPECT_EQ(r.macs, 1'000'000'000u);
  EXPECT_DOUBLE_EQ(r.seconds, 0.002);
  EXPECT_EQ(r.tokens(), 10u);
  EXPECT_EQ(r.energy.status, Estimate::Status::kCalibrated);
  EXPECT_EQ(r.energy.value, 2e9);
  EXPECT_EQ(r.energy.low, 1.8e9);
  EXPECT_EQ(r.energy.high, 2.6e9);
  EXPECT_EQ(r.energy.fit_error, 0.04);
  EXPECT_EQ(r.area.value, 5e6);
  EXPECT_EQ(r.layout, 1e7);
  EXPECT_FALSE(r.broken);
}

TEST(ComparedResult, SaysWhyThereIsNoEstimate) {
  ResultText text;
  text.technology = "";
  text.energy = R"({"status": "memory only", "memory": 5.5})";
  text.area = R"({"status": "not calibrated"})";
  ComparedResult r;
  Problems problems;
  ASSERT_TRUE(parse_compared_result(text.text(), "r.json", r, problems));
  EXPECT_EQ(r.technology, "none");
  EXPECT_FALSE(r.energy.known());
  EXPECT_EQ(r.energy.reason, "memory only");
  EXPECT_EQ(r.area.reason, "not calibrated");
}

TEST(ComparedResult, KnowsWhatATotalIsWithout) {
  ResultText text;
  text.energy = R"({"status": "partial", "excluded": ["vector", {"unit": "attention", "why": "x"}], )" +
                compare_test::total("pj", 2, 1, 3, "") + "}";
  ComparedResult r;
  Problems problems;
  ASSERT_TRUE(parse_compared_result(text.text(), "r.json", r, problems));
  EXPECT_EQ(r.energy.status, Estimate::Status::kPartial);
  EXPECT_EQ(r.energy.excluded, (std::vector<std::string>{"attention", "vector"}));
  EXPECT_LT(r.energy.fit_error, 0);
}

TEST(ComparedResult, PointsAtWhatIsWrong) {
  const std::string good = ResultText().text();
  EXPECT_EQ(problems_of(""), "r.json: error: is empty\n");
  EXPECT_EQ(problems_of("[]"), "r.json:1:1: error: expected an object, got an array\n");
  EXPECT_EQ(problems_of("{}"), "r.json:1:1: error: schema: is missing\n");
  EXPECT_EQ(
      problems_of(replaced(good, "result/1", "result/2")),
      "r.json:2:13: error: schema: expected \"lutetia.result/1\", got \"lutetia.result/2\"; compare takes results "
      "of lutetia run DESIGN WORKLOAD\n");
  EXPECT_EQ(problems_of(replaced(good, "lutetia.result/1", "nonsense")),
            "r.json:2:13: error: schema: expected \"lutetia.result/1\", got \"nonsense\"\n");
  EXPECT_EQ(problems_of(replaced(good, "2000000,", "-2,")),
            "r.json:7:13: error: cycles: expected a whole number, got a negative number\n");
  EXPECT_EQ(problems_of(replaced(good, "0.002,", "1e999,")).find("r.json:9:"), 0u);
  EXPECT_EQ(problems_of(replaced(good, "0.002,", "1e-320,")),
            "r.json:9:13: error: time_s: is no plausible number: 1e-320\n");
  EXPECT_EQ(
      problems_of(replaced(good, "0.002,", "-0.5,")),
      "r.json:9:13: error: time_s: expected a number that is not negative, got a fraction or a number above 2^64\n");
  EXPECT_EQ(problems_of(replaced(good, "\"cycles\"", "\"cycle\"")), "r.json:1:1: error: cycles: is missing\n");
  EXPECT_EQ(problems_of(replaced(good, "\"macs\": 1", "\"macs\": 1, \"macs\": 1")),
            "r.json:11:14: error: macs: given twice\n");
  EXPECT_EQ(problems_of(replaced(good, "\"lut\"", "\"\\u001b[2J\"")),
            "r.json:3:13: error: design: holds control characters\n");
  EXPECT_NE(problems_of(replaced(good, "\"low\": 1800000000", "\"low\": 3e9"))
                .find("energy_pj.total.low: 3e+09..2.6e+09 is no interval around 2e+09"),
            std::string::npos);
  EXPECT_NE(problems_of(replaced(good, "0.04", "400")).find("energy_pj.total.fit_error: expected at most 10"),
            std::string::npos);
  EXPECT_NE(problems_of(good.substr(0, 200)).find("error: ends too early: "), std::string::npos);
  EXPECT_NE(problems_of(good + std::string(1, '\0')).find(":1: error: not UTF-8 text"), std::string::npos);
}

TEST(ComparedResult, ReportsAllMistakesAtOnce) {
  std::string text = replaced(ResultText().text(), "\"macs\"", "\"mcas\"");
  text = replaced(text, "\"layers\": 2", "\"layers\": []");
  EXPECT_EQ(problems_of(text),
            "r.json:4:91: error: workload.layers: expected a whole number, got an array\n"
            "r.json:1:1: error: macs: is missing\n");
}

TEST(ComparedResult, IsReadFromAFolderOrAFile) {
  std::string name = (fs::temp_directory_path() / "lutetia-compare-XXXXXX").string();
  const fs::path folder = mkdtemp(name.data());
  const auto problem = [&](const fs::path& path) {
    ComparedResult r;
    Problems problems;
    read_compared_result(path.string(), r, problems);
    return problems.empty() ? "" : problems.items()[0].message;
  };
  EXPECT_EQ(problem(folder), "holds no result.json; lutetia run DESIGN WORKLOAD --out writes one");
  EXPECT_EQ(problem(folder / "none"), "no such folder");
  std::ofstream(folder / "result.json") << ResultText().text();
  EXPECT_EQ(problem(folder), "");
  EXPECT_EQ(problem(folder / "result.json"), "");
  fs::remove_all(folder);
}

TEST(ComparedResult, LabelsAreDistinct) {
  const auto labels = [](const std::vector<std::pair<std::string, std::string>>& named) {
    std::vector<ComparedResult> results(named.size());
    for (std::size_t i = 0; i < named.size(); ++i)
      results[i].folder = named[i].first, results[i].design = named[i].second;
    assign_labels(results);
    std::vector<std::string> out;
    for (const ComparedResult& r : results) out.push_back(r.label);
    return out;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(labels({{"o/a", "lut"}, {"o/b", "mac"}}), (Texts{"lut", "mac"}));
  EXPECT_EQ(labels({{"o/a/", "lut"}, {"o/b", "lut"}, {"o/c", "mac"}}), (Texts{"a", "b", "mac"}));
  EXPECT_EQ(labels({{"o/a", "lut"}, {"p/a", "lut"}}), (Texts{"o/a", "p/a"}));
  EXPECT_EQ(labels({{"o/a", "lut"}, {"o/a", "lut"}}), (Texts{"o/a#1", "o/a#2"}));
}

std::string mutated(const std::string& original, std::uint64_t seed) {
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
                                                  "1e308",
                                                  "1e-320",
                                                  "null",
                                                  "true",
                                                  "\"total\"",
                                                  "\"excluded\"",
                                                  "\"status\"",
                                                  "\\u0000",
                                                  "\\ud800",
                                                  "\xc3\x28",
                                                  "18446744073709551616",
                                                  "\"not calibrated\"",
                                                  std::string(1, '\0'),
                                                  std::string(40, '[')};
  std::string text = original;
  for (std::size_t i = 0, damages = 1 + below(4); i < damages && !text.empty(); ++i) {
    const std::size_t at = below(text.size()), span = std::min(text.size() - at, 1 + below(30));
    switch (below(7)) {
      case 0: text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
      case 1: text.erase(at, span); break;
      case 2: text.insert(below(text.size()), text.substr(at, span)); break;
      case 3: text.replace(at, span, tokens[below(tokens.size())]); break;
      case 4: text.insert(at, tokens[below(tokens.size())]); break;
      case 5: text.resize(at); break;
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

/// Whatever is accepted can be compared and printed.
void read_and_print(const std::string& text, const std::string& replay, int& accepted) {
  std::vector<ComparedResult> results(2);
  Problems problems;
  ASSERT_TRUE(parse_compared_result(compare_test::rival().text(), "good", results[0], problems));
  const bool good = parse_compared_result(text, "bad", results[1], problems);
  ASSERT_EQ(good, problems.empty()) << replay;
  for (const Problem& p : problems.items()) ASSERT_EQ(p.where.file, "bad") << replay;
  if (!good) return;
  ++accepted;
  assign_labels(results);
  const Comparison c = compare(results, {});
  for (const auto& print : {compare_table, compare_markdown, compare_csv, compare_json}) {
    const std::string out = print(c);
    for (const char* wrong : {"nan", "inf"}) {
      const bool in_the_file = text.find(wrong) != std::string::npos;
      ASSERT_TRUE(in_the_file || out.find(wrong) == std::string::npos) << replay << "\n" << out;
    }
  }
}

TEST(ComparedResult, DamagedFilesNeverCrashAndAreNeverHalfAccepted) {
  const std::string good = ResultText().text();
  int accepted = 0;
  const char* replay = std::getenv("LUTETIA_FUZZ_SEED");
  if (replay != nullptr) return read_and_print(mutated(good, std::strtoull(replay, nullptr, 10)), "replay", accepted);
  for (std::size_t length = 0; length + 2 < good.size(); ++length) {
    ComparedResult r;
    Problems problems;
    ASSERT_FALSE(parse_compared_result(good.substr(0, length), "cut", r, problems)) << length;
  }
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    read_and_print(mutated(good, seed), "LUTETIA_FUZZ_SEED=" + std::to_string(seed), accepted);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(accepted, 500);  // else the mutations would test nothing but the JSON parser
}

}  // namespace
}  // namespace lutetia
