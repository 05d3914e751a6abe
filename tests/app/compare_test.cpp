// lutetia compare: from runs of ours to a comparison, and what users get wrong.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

class Compare : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void run(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run", "lut-tensor-core", "bitnet-tiny", "--out", path(out)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = lutetia(arguments);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }
  Outcome compare(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"compare"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lutetia(arguments, folder_.path());
  }
  Folder folder_;
};

TEST_F(Compare, RunsBesideEachOther) {
  run("wide", {"--prefill", "16", "--decode", "2"});
  run("narrow",
      {"--prefill", "16", "--decode", "2", "--set", "lut_core.rows=1", "--set", "lut_core.table_generators=1"});
  const Outcome outcome = compare({"wide", "narrow/", "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto c = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(c["baseline"], "wide");
  const auto wide = nlohmann::json::parse(read_file(folder_ / "wide/result.json"));
  const auto narrow = nlohmann::json::parse(read_file(folder_ / "narrow/result.json"));
  const auto metrics = c["results"][1]["metrics"];
  EXPECT_EQ(metrics["cycles"]["value"], narrow["cycles"]);
  EXPECT_DOUBLE_EQ(metrics["cycles"]["ratio"]["value"], narrow["cycles"].get<double>() / wide["cycles"].get<double>());
  EXPECT_DOUBLE_EQ(metrics["decode_tokens_per_s"]["value"], narrow["phases"]["decode"]["tokens_per_s"]);
  EXPECT_DOUBLE_EQ(metrics["prefill_tokens_per_s"]["value"], narrow["phases"]["prefill"]["tokens_per_s"]);

  const Outcome table = compare({"wide", "narrow", "--baseline", "narrow"});
  EXPECT_NE(table.out.find("comparison with narrow\n"), std::string::npos) << table.out;
  EXPECT_NE(table.out.find("\nsummary\n  wide against narrow: "), std::string::npos) << table.out;
  EXPECT_NE(compare({"wide", "--baseline", "narrow"}).out.find("comparison with narrow\n"), std::string::npos);
  EXPECT_EQ(compare({"wide"}).status, 0);
}

TEST_F(Compare, WritesANewFileOnly) {
  run("a", {"--prefill", "4"});
  EXPECT_EQ(compare({"a", "-o", "c.md", "--format", "markdown", "--metrics", "cycles,tops"}).out, "written to c.md\n");
  const std::string text = read_file(folder_ / "c.md");
  EXPECT_NE(text.find("| cycles |"), std::string::npos) << text;
  EXPECT_EQ(text.find("tokens"), std::string::npos) << text;
  const Outcome again = compare({"a", "-o", "c.md"});
  EXPECT_EQ(again.status, 2);
  EXPECT_EQ(again.err, "c.md: error: exists and is not overwritten\n");
  EXPECT_EQ(read_file(folder_ / "c.md"), text);
}

TEST_F(Compare, ReportsEveryFaultAtOnce) {
  run("a", {"--prefill", "4"});
  write_file(folder_ / "b/result.json", "{\"schema\": \"lutetia.request_result/1\"}");
  write_file(folder_ / "c/result.json", read_file(folder_ / "a/result.json").substr(0, 500));
  write_file(folder_ / "d/other", "");
  const Outcome outcome =
      compare({"a", "b", "c", "d", "e", "--metrics", "cycle", "--format", "cvs", "--output", "out.csv"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  for (const char* line :
       {"b/result.json:1:12: error: schema: expected \"lutetia.result/1\"", "c/result.json:", "ends too early",
        "d: error: holds no result.json", "e: error: no such folder",
        "--metrics: error: unknown metric \"cycle\", did you mean \"cycles\"?", "--format: error: expected one of"})
    EXPECT_NE(outcome.err.find(line), std::string::npos) << line << "\n" << outcome.err;
  EXPECT_FALSE(fs::exists(folder_ / "out.csv"));
  EXPECT_NE(compare({"a", "--baseline", "z"}).err.find("--baseline: error: neither a DIR nor the name of a result: "),
            std::string::npos);
  EXPECT_NE(compare({"a", "a", "--baseline", "lut-tensor-core"}).err.find("more than one result is of"),
            std::string::npos);
}

}  // namespace
}  // namespace lutetia::app_test
