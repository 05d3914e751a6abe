// Every kind of broken input gives exit status 2, at once, with a message that begins where the mistake is.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "app/run_lutetia.h"

namespace lutetia::app_test {
namespace {

namespace fs = std::filesystem;

/// A guard against hangs, not a benchmark: a second, and a generous factor for busy machines.
constexpr double kSeconds = 10;

const std::string kDesign = std::string(LUTETIA_SOURCE_DIR) + "/configs/designs/lut-tensor-core.yaml";

struct Case {
  std::string name;
  std::vector<std::string> arguments;
  std::string prefix;  ///< of some line of standard error
  std::function<void(const fs::path&)> prepare = [](const fs::path&) {};
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name;
}

/// The shipped design with one text replaced, in the folder's own configs.
std::function<void(const fs::path&)> design_with(const std::string& old_text, const std::string& new_text) {
  return [=](const fs::path& folder) {
    std::string text = read_file(kDesign);
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, std::string::npos) << old_text;
    write_file(folder / "d.yaml", text.replace(at, old_text.size(), new_text));
  };
}

std::function<void(const fs::path&)> file_with(const std::string& name, const std::string& content) {
  return [=](const fs::path& folder) { write_file(folder / name, content); };
}

const std::string kHeader = R"({"lutetia_trace":1,"model":"m"})";
const std::string kCopy = R"({"id":ID,"kind":"relu","name":"a","loops":{"m":2,"n":8},"tensors":[)"
                          R"({"name":"x","role":"input","format":"fp16","loops":["m","n"]},)"
                          R"({"name":"y","role":"output","format":"fp16","loops":["m","n"]}],"after":[AFTER]})";

std::string relu(const std::string& id, const std::string& after) {
  std::string text = kCopy;
  text.replace(text.find("ID"), 2, id);
  return text.replace(text.find("AFTER"), 5, after);
}

const std::string kStandard = R"(name: t
burst_length: 8
commands: {ACT: 1, PRE: 1, RD: 1, WR: 1}
constraints: [{name: a, level: bank, from: [ACT], to: [RD], latency: tXY}]
cycles: {CL: 14, CWL: 10}
devices: [{name: 4Gb, rows: 32768, capacity: 4GiB}]
speeds: [{name: slow, clock: 1GHz}]
)";

std::vector<Case> cases() {
  const std::vector<std::string> check = {"check", "d.yaml"}, trace = {"check", "t.jsonl"};
  const auto run = [](std::vector<std::string> more) {
    std::vector<std::string> all = {"run", kDesign, "bitnet-tiny"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  return {
      {"unknown_key", check, "d.yaml:8:3: error: lut_core.lames: ", design_with("  lanes: 128", "  lames: 128")},
      {"duplicate_key", check, "d.yaml:8:3: error: lut_core.rows: ", design_with("  lanes: 128", "  rows: 4")},
      {"wrong_unit", check, "d.yaml:5:8: error: clock: ", design_with("clock: 1GHz", "clock: 1GB")},
      {"zero_size", check, "d.yaml:19:12: error: buffers.weights: ", design_with("  weights: 1MiB", "  weights: 0B")},
      {"out_of_range", check, "d.yaml:7:9: error: lut_core.rows: ", design_with("  rows: 4", "  rows: 4000")},
      {"rule_across_fields", check,
       "d.yaml:13:3: error: lut_core.table_generators: ", design_with("  rows: 4", "  rows: 3")},
      {"two_matrix_cores", check, "d.yaml:6:1: error: lut_core: a design has one matrix core: ",
       design_with("vector:\n", "mac_core: {}\nvector:\n")},
      {"unknown_memory", check, "d.yaml:26:9: error: memory: ", design_with("lpddr5-6400-x64\n", "lpddr9\n")},
      {"truncated_trace", trace, "t.jsonl:2:", file_with("t.jsonl", kHeader + "\n" + relu("0", "").substr(0, 90))},
      {"cyclic_dependencies", trace,
       "t.jsonl:2:", file_with("t.jsonl", kHeader + "\n" + relu("0", "1") + "\n" + relu("1", "0") + "\n")},
      {"shape_mismatch", trace, "t.jsonl:3:",
       [](const fs::path& folder) {
         std::string second = relu("1", "0");
         second.replace(second.find("\"n\":8"), 5, "\"n\":9");
         second.replace(second.find("\"x\""), 3, "\"y\"");
         write_file(folder / "t.jsonl", kHeader + "\n" + relu("0", "") + "\n" + second + "\n");
       }},
      {"not_utf8", check, "d.yaml:4:7: error: ", design_with("name: lut", "name: \xff\xfelut")},
      {"trace_not_utf8", trace, "t.jsonl:1:", file_with("t.jsonl", "\xff\xfe{}\n")},
      {"nul_bytes", check, "d.yaml:1:1: error: ", file_with("d.yaml", std::string(4, '\0'))},
      {"carriage_returns", check, "d.yaml:2:1: error: ", file_with("d.yaml", "name: x\r\nnonsense: 1\r\n")},
      {"a_directory", check, "d.yaml: error: is a directory",
       [](const fs::path& f) { fs::create_directory(f / "d.yaml"); }},
      {"a_trace_directory", trace, "t.jsonl: error: ", [](const fs::path& f) { fs::create_directory(f / "t.jsonl"); }},
      {"empty_file", check, "d.yaml:1:1: error: ", file_with("d.yaml", "")},
      {"empty_trace", trace, "t.jsonl: error: ", file_with("t.jsonl", "")},
      {"a_gigabyte_of_zeros", check, "d.yaml: error: is larger than",
       [](const fs::path& f) {
         write_file(f / "d.yaml", "");
         fs::resize_file(f / "d.yaml", std::uintmax_t{1} << 30);
       }},
      {"a_gigabyte_of_zeros_as_trace", trace, "t.jsonl:1:1: error: ",
       [](const fs::path& f) {
         write_file(f / "t.jsonl", "");
         fs::resize_file(f / "t.jsonl", std::uintmax_t{1} << 30);
       }},
      {"missing_file", check, "d.yaml: error: no such file"},
      {"missing_trace", trace, "t.jsonl: error: "},
      {"nesting_bomb", check, "d.yaml:1:", file_with("d.yaml", "name: " + std::string(200'000, '['))},
      {"alias_bomb", check, "d.yaml:1:", file_with("d.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")},
      {"two_mistakes_at_once", check, "d.yaml:9:20: error: lut_core.activation_bits: ",
       design_with("  rows: 4\n  lanes: 128\n  activation_bits: 8", "  rows: 0\n  lanes: 128\n  activation_bits: x")},
      {"set_without_value", run({"--set", "lut_core.rows"}), "--set: error: expected path=value"},
      {"set_of_unknown_key", run({"--set", "lut_core.rowz=4"}), "--set: error: lut_core.rowz: "},
      {"set_out_of_range", run({"--set", "lut_core.rows=999"}), "--set: error: lut_core.rows: "},
      {"set_of_the_model", run({"--set-model", "hidden=0"}), "--set-model: error: hidden: "},
      {"unknown_fidelity", run({"--fidelity", "exact"}), "--fidelity: error: exact: unknown level"},
      {"fidelity_of_unknown_unit", run({"--fidelity", "tpu=rtl"}), "--fidelity: error: tpu=rtl: unknown unit"},
      {"fidelity_of_a_core_that_the_design_has_not", run({"--fidelity", "mac_core=cycle"}),
       "--fidelity: error: mac_core: the design has no mac_core"},
      {"rtl_that_is_not_verilated", run({"--fidelity", "rtl", "--set", "lut_core.psum_bits=31"}),
       "--fidelity: error: lut_core: "},
      {"result_exists", run({"--out", "old"}), "--out: error: old: already holds a result",
       file_with("old/result.json", "{}")},
      {"out_is_a_file", run({"--out", "old"}), "--out: error: old: exists and is not a folder", file_with("old", "x")},
      {"timeline_without_out", run({"--timeline"}), "--timeline: error: needs --out"},
      {"unknown_command", {"rum"}, "lutetia: error: unknown command \"rum\", did you mean \"run\"?"},
      {"unknown_option", run({"--prefil", "3"}), "--prefil: error: unknown option, did you mean --prefill?"},
      {"missing_value", run({"--prefill"}), "--prefill: error: "},
      {"missing_argument", {"run", kDesign}, "lutetia run: error: missing arguments"},
      {"too_many_arguments", run({"more"}), "lutetia run: error: one argument too many"},
      {"option_twice", run({"--seed", "1", "--seed", "2"}), "--seed: error: given twice"},
      {"not_a_number", run({"--prefill", "many"}), "--prefill: error: expected a whole number"},
      {"negative_number", run({"--prefill=-1"}), "--prefill: error: expected a whole number"},
      {"no_tokens", run({"--prefill", "0"}), "--prefill: error: no tokens"},
      {"unknown_model",
       {"run", kDesign, "bitnet-tinny"},
       "bitnet-tinny: error: no such model or trace, did you mean \"bitnet-tiny\"?"},
      {"unknown_design", {"run", "no-such-design", "bitnet-tiny"}, "no-such-design: error: no such design"},
      {"more_layers_than_the_model", run({"--layers", "3"}), "--layers: error: 3 layers asked for"},
      {"absurd_decode", run({"--decode", "16000000"}), "--decode: error: "},
      {"vector_buffer_too_small",
       {"run", "d.yaml", "bitnet-tiny"},
       "d.yaml:22:3: error: buffers.vector: ",
       design_with("  vector: 2MiB", "  vector: 1KiB")},
      {"weight_buffer_too_small",
       {"run", "d.yaml", "bitnet-tiny", "--set-model", "formats.weight_scale=group", "--set-model",
        "formats.weight_group=64"},
       "d.yaml:19:3: error: buffers.weights: ",
       design_with("  weights: 1MiB", "  weights: 1KiB")},
      {"no_output_file", {"trace", "model", "bitnet-tiny"}, "lutetia trace: error: say where to write"},
      {"trace_exists",
       {"trace", "model", "bitnet-tiny", "-o", "t"},
       "t: error: exists and is not overwritten",
       file_with("t", "x")},
      {"requests_to_nowhere", {"trace", "requests"}, "lutetia trace requests: error: say where to write"},
      {"requests_exist",
       {"trace", "requests", "-o", "t"},
       "t: error: exists and is not overwritten",
       file_with("t", "x")},
      {"requests_without_bytes", {"trace", "requests", "-o", "t", "--bytes", "0"}, "--bytes: error: expected bytes"},
      {"requests_of_a_wrong_unit", {"trace", "requests", "-o", "t", "--range", "1GHz"}, "--range: error: expected"},
      {"requests_beyond_their_range",
       {"trace", "requests", "-o", "t", "--bytes", "4KiB", "--range", "1KiB"},
       "--range: error: holds no request"},
      {"requests_of_no_share", {"trace", "requests", "-o", "t", "--write-share", "2"}, "--write-share: error: "},
      {"requests_without_pattern", {"trace", "requests", "-o", "t", "--pattern", "rnd"}, "--pattern: error: expected"},
      {"requests_after_an_option", {"trace", "model", "-o", "t", "requests"}, "requests: error: no such model"},
      {"requests_with_a_fault",
       {"check", "t.requests"},
       "t.requests:2:3: error: kind: expected R or W",
       file_with("t.requests", "- R 0 64\n- Q 0 64\n")},
      {"no_requests", {"check", "t.requests"}, "t.requests: error: has no requests", file_with("t.requests", "")},
      {"a_directory_of_requests",
       {"check", "t.requests"},
       "t.requests: error: is not a file",
       [](const fs::path& f) { fs::create_directory(f / "t.requests"); }},
      {"packed_weights_of_no_shape",
       {"check", "w.bin", "--packing", "tl2"},
       "--rows: error: must be given",
       file_with("w.bin", "x")},
      {"packed_weights_of_an_unknown_packing",
       {"check", "w.bin", "--packing", "i2_s", "--rows", "1", "--columns", "128"},
       "--packing: error: expected one of i2_s_128, i2_s_64",
       file_with("w.bin", "x")},
      {"packed_weights_that_are_not_there",
       {"check", "w.bin", "--packing", "i2_s_64", "--rows", "1", "--columns", "128"},
       "w.bin: error: no such file"},
      {"packed_weights_of_a_wrong_size",
       {"check", "w.bin", "--packing", "i2_s_64", "--rows", "2", "--columns", "256"},
       "w.bin: error: has 132 bytes, but 2 x 256 weights in i2_s_64 take 160; that is the size in tq2_0",
       file_with("w.bin", std::string(132, 'U'))},
      {"packed_weights_beyond_the_file",
       {"check", "w.bin", "--packing", "tl1", "--rows", "160", "--columns", "64", "--offset", "10"},
       "w.bin: error: has 2565 bytes, but 160 x 64 weights in tl1 take 2560 from byte 10 on",
       file_with("w.bin", std::string(2565, 'D'))},
      {"packed_weights_of_a_wrong_block",
       {"check", "w.bin", "--packing", "i2_s_128", "--rows", "2", "--columns", "64"},
       "w.bin: error: i2_s_128: 64 columns are no multiple of the block of 128 weights",
       file_with("w.bin", "x")},
      {"packed_weights_with_an_illegal_code",
       {"check", "w.bin", "--packing", "i2_s_64", "--rows", "2", "--columns", "64", "--offset", "3"},
       "w.bin:22: error: row 1, column 19: code 3 ",
       file_with("w.bin", std::string(22, 'U') + "u" + std::string(44, '\0'))},
      {"packed_weights_of_an_unknown_tile",
       {"check", "w.bin", "--packing", "tl2", "--rows", "160", "--columns", "96", "--tile", "by=6"},
       "--tile: error: expected NAME=NUMBER with a name of bm, bk, bmm, got \"by=6\"",
       file_with("w.bin", "x")},
      {"packed_weights_of_a_wrong_tile",
       {"check", "w.bin", "--packing", "tl2", "--rows", "160", "--columns", "96", "--tile", "bk=32"},
       "w.bin: error: tl2: 32 columns of a tile (bk) are no multiple of",
       file_with("w.bin", "x")},
      {"standard_with_an_unknown_timing", {"check", "d.yaml"}, "d.yaml:4:", file_with("d.yaml", kStandard)},
      {"unknown_source", {"trace", "modle", "bitnet-tiny", "-o", "t"}, "lutetia trace: error: unknown source"},
      {"unknown_unit", {"cosim", "lut_coer"}, "error: lut_coer: no such unit"},
      {"unknown_stall_mode", {"cosim", "--stalls", "some"}, "--stalls: error: expected one of"},
      {"unknown_topic", {"help", "confg"}, "lutetia help: error: unknown topic"},
      {"unknown_help_path", {"help", "config", "lut_core.rwos"}, "lutetia help: error: lut_core.rwos: unknown key"},
  };
}

class BrokenInput : public testing::TestWithParam<Case> {};

TEST_P(BrokenInput, IsReportedWhereItIs) {
  const Case& c = GetParam();
  Folder folder;
  // A little project around it, so that names are found.
  fs::create_directories(folder / "workloads");
  fs::create_directory_symlink(fs::path(LUTETIA_SOURCE_DIR) / "workloads" / "models", folder / "workloads/models");
  fs::create_directories(folder / "configs");
  fs::create_directory_symlink(fs::path(LUTETIA_SOURCE_DIR) / "configs" / "memory", folder / "configs/memory");
  c.prepare(folder.path());
  const Outcome outcome = lutetia(c.arguments, folder.path());
  EXPECT_EQ(outcome.status, 2) << replay(c.arguments) << "\n" << outcome.err;
  EXPECT_EQ(outcome.out, "") << replay(c.arguments);
  EXPECT_NE(("\n" + outcome.err).find("\n" + c.prefix), std::string::npos)
      << replay(c.arguments) << "\nexpected a line that begins with: " << c.prefix << "\n"
      << outcome.err;
  EXPECT_LT(outcome.seconds, kSeconds) << replay(c.arguments);
  for (const auto& entry : fs::directory_iterator(folder.path()))
    EXPECT_EQ(entry.path().string().find(".partial"), std::string::npos) << "left behind: " << entry.path();
}

INSTANTIATE_TEST_SUITE_P(All, BrokenInput, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& info) { return info.param.name; });

}  // namespace
}  // namespace lutetia::app_test
