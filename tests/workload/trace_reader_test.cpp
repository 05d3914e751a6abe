#include "workload/trace_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "trace_text.h"

namespace lutetia {
namespace {

TEST(TraceReader, TheGoodTraceHasNoFaultAndKeepsItsDefaults) {
  EXPECT_EQ(faults(good_text()), "");
  Trace trace;
  Problems problems;
  std::istringstream in(good_text());
  ASSERT_TRUE(read_trace(in, "t.jsonl", trace, problems));
  ASSERT_EQ(trace.operators.size(), 4u);
  EXPECT_EQ(trace.header.past, 0u);
  EXPECT_EQ(trace.operators[0].layer, -1);
  EXPECT_EQ(trace.operators[0].tensors[0].group, 0u);
  EXPECT_EQ(trace.operators[2].mask.key, 2u);
  EXPECT_EQ(macs(trace.operators[2]), 2u * 8 * (3 + 4 + 5 + 6));
}

struct Case {
  const char* name;
  std::size_t line;  // of good_lines(), 0 = header
  const char* from;
  const char* to;
  const char* faults;
};

const Case kCases[] = {
    {"UnknownKey", 1, R"("kind")", R"("knid")",
     "t.jsonl:2:1: error: required key \"kind\" is missing\n"
     "t.jsonl:2:9: error: unknown key \"knid\", did you mean \"kind\"?\n"},
    {"UnknownKeyOfTheHeader", 0, R"("batch")", R"("batches")",
     "t.jsonl:1:59: error: unknown key \"batches\", did you mean \"batch\"?\n"},
    {"DuplicateKey", 1, R"("id":0,)", R"("id":0,"id":3,)", "t.jsonl:2:9: error: id: duplicate key\n"},
    {"DuplicateLoop", 2, R"("k":8})", R"("k":8,"m":4})", "t.jsonl:3:84: error: loops.m: duplicate key\n"},
    {"MissingKey", 2, R"("name":"up","layer")", R"("layer")", "t.jsonl:3:1: error: required key \"name\" is missing\n"},
    {"MissingKeyOfATensor", 1, R"("role":"input",)", "",
     "t.jsonl:2:71: error: tensors[0]: required key \"role\" is missing\n"},
    {"TextForANumber", 2, R"("layer":0)", R"("layer":"x")",
     "t.jsonl:3:45: error: layer: expected a whole number, got a string\n"},
    {"NumberForAText", 2, R"("name":"up")", R"("name":7)",
     "t.jsonl:3:32: error: name: expected a string, got a whole number\n"},
    {"ArrayForAnObject", 2, R"({"m":4,"n":16,"k":8})", R"([4,16,8])",
     "t.jsonl:3:64: error: loops: expected an object, got an array\n"},
    {"NoLoops", 1, R"({"m":4,"n":8})", "{}", "t.jsonl:2:46: error: loops: expected 1 to 16 loops, got 0\n"},
    {"NoTensors", 4,
     R"([{"name":"up","role":"input","format":"fp16","loops":["m","n"]},{"name":"r","role":"output","format":"fp16","loops":["m","n"]}])",
     "[]", "t.jsonl:5:76: error: tensors: expected 1 to 64 tensors, got 0\n"},
    {"ZeroExtent", 2, R"("n":16)", R"("n":0)", "t.jsonl:3:75: error: loops.n: 0 is outside 1..1099511627776\n"},
    {"NegativeExtent", 2, R"("n":16)", R"("n":-3)", "t.jsonl:3:75: error: loops.n: -3 is outside 1..1099511627776\n"},
    {"FractionalExtent", 2, R"("n":16)", R"("n":1.5)",
     "t.jsonl:3:75: error: loops.n: expected a whole number, got 1.5\n"},
    {"ExtentAbove64Bits", 2, R"("n":16)", R"("n":99999999999999999999999)",
     "t.jsonl:3:75: error: loops.n: 99999999999999999999999 is outside 1..1099511627776\n"},
    {"ExtentsThatMultiplyTooFar", 3, R"("h":2,"m":4,"n":6)", R"("h":1099511627776,"m":4096,"n":1099511627776)",
     "t.jsonl:4:54: error: loops: the extents multiply to more than 2^56\n"},
    {"UnknownKind", 2, R"("linear")", R"("liner")",
     "t.jsonl:3:16: error: kind: unknown kind \"liner\", did you mean \"linear\"?\n"},
    {"UnknownFormat", 2, R"("int2")", R"("int5")",
     "t.jsonl:3:203: error: tensors[1].format: unknown format \"int5\", did you mean \"int1\"?\n"},
    {"UnknownRole", 2, R"("weight","format")", R"("weigth","format")",
     "t.jsonl:3:185: error: tensors[1].role: unknown role \"weigth\", did you mean \"weight\"?\n"},
    {"UnknownLoop", 2, R"(["m","k"])", R"(["m","q"])",
     "t.jsonl:3:152: error: tensors[0].loops[1]: unknown loop \"q\"; known: m, n, k\n"},
    {"LoopTwice", 2, R"(["m","k"])", R"(["m","m"])",
     "t.jsonl:3:152: error: tensors[0].loops[1]: loop \"m\" stands here twice\n"},
    {"TransposedWeight", 2, R"(["n","k"])", R"(["k","n"])",
     "t.jsonl:3:158: error: tensors[1]: the weight of linear is [n, k], got [k, n]\n"},
    {"LinearWithAFourthLoop", 2, R"("k":8})", R"("k":8,"b":1})",
     "t.jsonl:3:64: error: loops: linear needs exactly the loops m, n and k\n"},
    {"MatmulWithTwoOutputs", 3, R"("role":"cache_read")", R"("role":"output")",
     "t.jsonl:4:91: error: tensors: matmul needs 2 inputs or cache reads and 1 output\n"},
    {"MatmulOutputWithTheReduction", 3, R"(["h","m","n"])", R"(["h","m","k"])",
     "t.jsonl:4:229: error: tensors[2]: the output of matmul has m and n, not k; got [h, m, k]\n"},
    {"ConsumerWithOtherElements", 4, R"("n":16)", R"("n":8)",
     "t.jsonl:5:76: error: tensors[0]: has 32 elements, but up on line 3 has 64\n"},
    {"ConsumerWithAnotherFormat", 2, R"("format":"int8")", R"("format":"int4")",
     "t.jsonl:3:96: error: tensors[0]: is int4, but q on line 2 is int8\n"},
    {"ElementWiseOutputOfAnotherSize", 4, R"(["m","n"]}],)", R"(["m"]}],)",
     "t.jsonl:5:77: error: tensors[0]: has 64 elements, but what relu writes has 4\n"},
    {"WaitsForItself", 2, "[0]", "[1]", "t.jsonl:3:313: error: after[0]: operator 1 waits for itself\n"},
    {"WaitsForNobody", 2, "[0]", "[77]", "t.jsonl:3:313: error: after[0]: no operator has the id 77\n"},
    {"WaitsForALaterOne", 1, "]}]}", R"(]}],"after":[6]})",
     "t.jsonl:2:206: error: after[0]: cycle: 0 waits for 6 waits for 1 waits for 0\n"},
    {"IdsNotAscending", 4, "[1,5]", "[5,1]", "t.jsonl:5:215: error: after[1]: ids must ascend: 1 stands behind 5\n"},
    {"DuplicateId", 4, R"("id":6)", R"("id":1)", "t.jsonl:5:7: error: id: 1 is already the operator on line 3\n"},
    {"LayerAboveTheHeader", 3, R"("layer":1)", R"("layer":2)",
     "t.jsonl:4:44: error: layer: 2 is outside 0..1: the header says 2 layers\n"},
    {"StepAboveTheHeader", 4, R"("step":1)", R"("step":2)",
     "t.jsonl:5:41: error: step: 2 is above the 1 decode steps of the header\n"},
    {"FewerOperatorsThanTheHeaderSays", 0, R"("operators":4)", R"("operators":5)",
     "t.jsonl:1:92: error: operators: the header says 5 operators, the file has 4\n"},
    {"AnotherVersion", 0, R"("lutetia_trace":1)", R"("lutetia_trace":2)",
     "t.jsonl:1:18: error: lutetia_trace: 2 is outside 1..1\n"},
    {"NoHeader", 0, R"("lutetia_trace":1,)", "",
     "t.jsonl:1:1: error: the first line must be a header: {\"lutetia_trace\":1,\"model\":\"...\",...}\n"},
    {"PastNotBelowTheKeys", 3, R"("past":2)", R"("past":6)",
     "t.jsonl:4:328: error: mask.past: 6 cached keys, but loop \"n\" has only 6\n"},
    {"MaskOverOneLoop", 3, R"("key":"n")", R"("key":"m")",
     "t.jsonl:4:348: error: mask.key: must be another loop than the query\n"},
    {"MaskWithoutQuery", 3, R"("query":"m",)", "",
     "t.jsonl:4:304: error: mask: a causal mask needs the key \"query\": the name of a loop\n"},
    {"UnknownMask", 3, R"("causal")", R"("casual")",
     "t.jsonl:4:312: error: mask.kind: unknown mask \"casual\", did you mean \"causal\"?\n"},
    {"WrongGroup", 2, R"("group":4)", R"("group":"rows")",
     "t.jsonl:3:218: error: tensors[1].group: expected a number of elements, 0 for a row, or \"tensor\"\n"},
    {"NotJson", 2, R"("kind")", "kind",
     "t.jsonl:3:9: error: not JSON: syntax error while parsing object key - invalid literal; expected string "
     "literal\n"},
    {"NotUtf8", 2, R"("up")", "\"\xff\"", "t.jsonl:3:33: error: byte 0xff is not UTF-8\n"},
    {"Overlong", 2, R"("up")", "\"\xc0\xaf\"", "t.jsonl:3:33: error: byte 0xc0 is not UTF-8\n"},
    {"TwoFaultsInOneLine", 2, R"("int2")", R"("int5","x":3)",
     "t.jsonl:3:203: error: tensors[1].format: unknown format \"int5\", did you mean \"int1\"?\n"
     "t.jsonl:3:210: error: tensors[1]: unknown key \"x\"; known: name, role, format, group, part, loops\n"},
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class TraceReaderFault : public testing::TestWithParam<Case> {};

TEST_P(TraceReaderFault, IsReportedAtItsPlaceAndOnlyOnce) {
  const Case& c = GetParam();
  EXPECT_EQ(faults(changed(c.line, c.from, c.to)), c.faults);
}

INSTANTIATE_TEST_SUITE_P(All, TraceReaderFault, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& info) { return std::string(info.param.name); });

TEST(TraceReader, AForwardReferenceWithoutCycleIsCalledThat) {
  std::vector<std::string> lines = good_lines();
  std::swap(lines[1], lines[2]);  // the producer now stands behind its consumer
  std::string text;
  for (const std::string& l : lines) text += l + "\n";
  EXPECT_EQ(faults(text),
            "t.jsonl:2:313: error: after[0]: operator 0 comes later, on line 3; operators stand behind those they wait "
            "for\n");
}

TEST(TraceReader, AFileThatWasCutShortSaysSo) {
  const std::string text = good_text();
  EXPECT_EQ(faults(text.substr(0, text.size() - 30)),
            "t.jsonl:5:189: error: the file ends inside this line; was it cut short?\n");
  EXPECT_EQ(faults(text.substr(0, text.size() - 1)),
            "t.jsonl:5:218: error: the last line has no newline; was the file cut short?\n");
}

TEST(TraceReader, EveryCutOfAGoodTraceIsAFaultInOnePlace) {
  const std::string text = good_text();
  for (std::size_t n = 0; n < text.size(); ++n) {
    const std::string found = faults(text.substr(0, n));
    EXPECT_FALSE(found.empty()) << "cut to " << n << " bytes";
  }
}

TEST(TraceReader, EmptyAndBlankInputIsAFault) {
  EXPECT_EQ(faults(""), "t.jsonl: error: the file is empty, expected a trace (JSON lines)\n");
  EXPECT_EQ(faults("\n"), "t.jsonl:1:1: error: empty line, expected an operator\n");
  EXPECT_EQ(faults(good_text() + "\n"),
            "t.jsonl:1:92: error: operators: the header says 4 operators, the file has 5\n"
            "t.jsonl:6:1: error: empty line, expected an operator\n");
}

TEST(TraceReader, NulBytesByteOrderMarksAndDeepNestingAreFaults) {
  EXPECT_EQ(faults(good_text() + std::string(3, '\0')), "t.jsonl:6:1: error: NUL byte: this is not a text file\n");
  EXPECT_EQ(faults("\xef\xbb\xbf" + good_text()),
            "t.jsonl:1:1: error: the line starts with a byte order mark; write UTF-8 without it\n");
  EXPECT_EQ(faults(std::string(100000, '[') + "\n"), "t.jsonl:1:17: error: not JSON: nested deeper than 16 levels\n");
}

TEST(TraceReader, ALineAboveOneMebibyteIsRefused) {
  const std::string line(kLongestTraceLine + 1, ' ');
  EXPECT_EQ(faults(good_text() + line + "\n"), "t.jsonl:6:1048577: error: the line is longer than 1 MiB\n");
}

TEST(TraceReader, AnObjectWithTooManyKeysIsRefused) {
  std::string line = "{";
  for (int i = 0; i < 2000; ++i) line += "\"k" + std::to_string(i) + "\":1,";
  line += "\"z\":1}";
  const std::string found = faults(line + "\n");
  EXPECT_NE(found.find("not JSON: more than 1024 keys in one object"), std::string::npos) << found;
}

TEST(TraceReader, ALongListOfProblemsIsCutAndCounted) {
  std::string text = good_lines()[0] + "\n";
  for (int i = 0; i < 250; ++i) text += "{\"id\":" + std::to_string(i) + "}\n";
  const std::string found = faults(text);
  EXPECT_NE(found.find("error: and 901 more problems\n"), std::string::npos) << found;
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 101);
}

TEST(TraceReader, HopelessFilesAreNotReadToTheEnd) {
  std::string text = good_lines()[0] + "\n";
  for (int i = 0; i < 100000; ++i) text += "x\n";
  const std::string found = faults(text);
  EXPECT_NE(found.find("and 9900 more problems; stopped reading after these"), std::string::npos) << found;
}

class TraceReaderFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("lutetia_trace_reader_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  // The message without the path in front of it.
  static std::string fault(const std::string& path) {
    Trace trace;
    Problems problems;
    EXPECT_FALSE(read_trace_file(path, trace, problems));
    std::ostringstream out;
    problems.print(out);
    EXPECT_EQ(out.str().compare(0, path.size(), path), 0) << out.str();
    return out.str().substr(std::min(path.size(), out.str().size()));
  }
  std::filesystem::path folder_;
};

TEST_F(TraceReaderFile, ADirectoryIsAFault) {
  EXPECT_EQ(fault(folder_.string()), ": error: is a directory, expected a trace (JSON lines)\n");
}

TEST_F(TraceReaderFile, AMissingFileIsAFault) {
  EXPECT_EQ(fault((folder_ / "missing.jsonl").string()), ": error: cannot open: No such file or directory\n");
}

TEST_F(TraceReaderFile, AGigabyteOfZerosFailsAtTheFirstByte) {
  const std::filesystem::path path = folder_ / "zeros.jsonl";
  std::ofstream(path).close();
  std::filesystem::resize_file(path, std::uintmax_t{1} << 30);  // sparse: takes no space
  EXPECT_EQ(fault(path.string()), ":1:1: error: NUL byte: this is not a text file\n");
}

}  // namespace
}  // namespace lutetia
