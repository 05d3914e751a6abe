// Attention as one operator of a trace, and windows of masks: read, written, refused.
#include <gtest/gtest.h>

#include "models.h"
#include "trace_text.h"
#include "workload/expand.h"
#include "workload/fuse_attention.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

const char* const kHeader =
    R"({"lutetia_trace":1,"model":"small","prefill":4,"decode":0,"batch":1,"layers":1,"operators":1})";

std::string attention_line(const std::string& from = "", const std::string& to = "") {
  std::string line =
      R"({"id":0,"kind":"attention","name":"a","loops":{"b":2,"h":2,"g":3,"m":4,"n":9,"k":8,"v":6},"tensors":[)"
      R"({"name":"q","role":"input","format":"fp16","loops":["b","m","h","g","k"]},)"
      R"({"name":"kc","role":"cache_read","format":"fp16","loops":["b","h","n","k"]},)"
      R"({"name":"vc","role":"cache_read","format":"fp16","loops":["b","h","n","v"]},)"
      R"({"name":"a","role":"output","format":"fp16","loops":["b","m","h","g","v"]}],)"
      R"("mask":{"kind":"causal","past":5,"query":"m","key":"n","window":4,"sinks":2}})";
  if (!from.empty()) line.replace(line.find(from), from.size(), to);
  return line;
}

std::string text_with(const std::string& line) {
  return std::string(kHeader) + "\n" + line + "\n";
}

TEST(AttentionTrace, IsReadWithItsWindowAndWrittenBackAsItWas) {
  Trace trace;
  Problems problems;
  std::istringstream in(text_with(attention_line()));
  ASSERT_TRUE(read_trace(in, "t.jsonl", trace, problems));
  const Operator& op = trace.operators.at(0);
  EXPECT_EQ(op.kind, OperatorKind::kAttention);
  EXPECT_EQ(op.mask.window, 4u);
  EXPECT_EQ(op.mask.sinks, 2u);
  // Queries see 6, 7, 8, 9 keys, of which the last 4 and the first 2 stay.
  EXPECT_EQ(macs(op), 2u * 2 * 3 * (6 + 6 + 6 + 6) * (8 + 6));
  std::ostringstream out;
  write_trace(out, trace);
  std::istringstream again(out.str());
  Trace second;
  ASSERT_TRUE(read_trace(again, "t.jsonl", second, problems));
  EXPECT_EQ(trace, second);
}

TEST(AttentionTrace, FusedTracesAreLegalTraces) {
  for (const std::string& name : model_names()) {
    const Trace fused =
        fuse_attention(expand(model(name, {"attention_window=7", "attention_sinks=2"}), {5, 2, 2, 2, 1}),
                       [](const Operator&) { return true; });
    std::ostringstream out;
    write_trace(out, fused);
    EXPECT_EQ(faults(out.str()), "") << name;
  }
}

TEST(AttentionTrace, MistakesAreNamedWhereTheyAre) {
  /// The only fault of a line, at the column where `there` begins in it.
  const auto expect = [](const std::string& from, const std::string& to, const std::string& there,
                         const std::string& message) {
    const std::string line = attention_line(from, to);
    EXPECT_EQ(faults(text_with(line)),
              "t.jsonl:2:" + std::to_string(line.find(there) + 1) + ": error: " + message + "\n");
  };
  expect(R"("b","h","n","v")", R"("b","n","h","v")", R"({"name":"vc")",
         "tensors[2]: the values of attention are [b, h, n, v], got [b, n, h, v]");
  expect(R"("b","m","h","g","k")", R"("b","h","m","g","k")", R"({"name":"q")",
         "tensors[0]: the queries of attention are [b, m, h, g, k], got [b, h, m, g, k]");
  expect(R"("b","m","h","g","v")", R"("m","b","h","g","v")", R"({"name":"a","role")",
         "tensors[3]: the output of attention is [b, m, h, g, v], got [m, b, h, g, v]");
  expect(R"("v":6)", R"("v":6,"w":2)", R"({"b":2)", "loops: attention needs exactly the loops b, h, g, m, n, k and v");
  expect(R"("name":"vc","role":"cache_read")", R"("name":"vc","role":"weight")", R"({"name":"q")",
         "tensors: attention needs 1 input (queries), 2 cache reads (keys, values) and 1 output");
  expect(R"("window":4,)", "", R"(2}})", "mask.sinks: sinks are what a window keeps: they need the key \"window\"");
}

}  // namespace
}  // namespace lutetia
