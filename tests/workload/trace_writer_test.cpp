#include "workload/trace_writer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "models.h"
#include "workload/expand.h"
#include "workload/trace_reader.h"

namespace lutetia {
namespace {

std::string written(const Trace& trace) {
  std::ostringstream out;
  write_trace(out, trace);
  return out.str();
}

Trace read_back(const std::string& text) {
  Trace trace;
  Problems problems;
  std::istringstream in(text);
  std::ostringstream found;
  if (!read_trace(in, "t.jsonl", trace, problems)) problems.print(found);
  EXPECT_EQ(found.str(), "");
  return trace;
}

TEST(TraceWriter, WritingAndReadingIsTheIdentityForEveryModel) {
  for (const std::string& name : model_names()) {
    const Trace trace = expand(model(name), {5, 2, 2, 2, 3});
    const std::string text = written(trace);
    EXPECT_TRUE(read_back(text) == trace) << name;
    EXPECT_EQ(written(read_back(text)), text) << name;
  }
}

TEST(TraceWriter, WritingAndReadingIsTheIdentityForQuantizedAttentionAndOddNames) {
  Trace trace = expand(model("bitnet-tiny", {"formats.attention=int8", "formats.kv_cache=int8"}), {3, 1, 1, 1, 0});
  trace.header.source = "quote \" backslash \\ newline \n tab \t control \x01 text \xc3\xa9 \xf0\x9f\x8c\x8d";
  EXPECT_TRUE(read_back(written(trace)) == trace);
}

TEST(TraceWriter, TheKeysStandInTheDocumentedOrder) {
  const Trace trace = expand(model("bitnet-tiny"), {4, 0, 1, 1, 0});
  EXPECT_EQ(header_line(trace.header, 7),
            R"({"lutetia_trace":1,"model":"bitnet-tiny","prefill":4,"decode":0,"batch":1,"past":0,"layers":1,)"
            R"("formats":{"weight":"ternary","activation":"int8","hidden":"fp16","attention":"fp16","kv_cache":"fp16",)"
            R"("embedding":"fp16","lm_head":"fp16"},"source":"made up for the tests of this project","operators":7})");
  EXPECT_EQ(operator_line(trace.operators.at(3)),
            R"({"id":3,"kind":"linear","name":"layers.0.attention.q_proj","layer":0,"step":0,)"
            R"("loops":{"m":4,"n":256,"k":256},"tensors":[)"
            R"({"name":"layers.0.attention.quantize","role":"input","format":"int8","group":0,"loops":["m","k"]},)"
            R"({"name":"layers.0.attention.q_proj.weight","role":"weight","format":"ternary","group":"tensor",)"
            R"("loops":["n","k"]},)"
            R"({"name":"layers.0.attention.q_proj","role":"output","format":"fp16","group":0,"loops":["m","n"]}],)"
            R"("after":[2]})");
  EXPECT_NE(operator_line(trace.operators.at(10)).find(R"("mask":{"kind":"causal","past":0,"query":"m","key":"n"})"),
            std::string::npos);
}

TEST(TraceWriter, AFileIsWrittenAndAnUnwritablePathIsAProblem) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "lutetia_trace_writer_test";
  std::filesystem::create_directories(folder);
  const Trace trace = expand(model("bitnet-tiny"), {2, 1, 1, 0, 0});
  Problems problems;
  const std::string path = (folder / "t.jsonl").string();
  ASSERT_TRUE(write_trace_file(path, trace, problems));
  Trace back;
  EXPECT_TRUE(read_trace_file(path, back, problems));
  EXPECT_TRUE(back == trace);
  EXPECT_FALSE(write_trace_file((folder / "missing" / "t.jsonl").string(), trace, problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems.items()[0].message, "cannot write: No such file or directory");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lutetia
