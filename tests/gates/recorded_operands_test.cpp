// Recorded operands become the program that they were, and files that are something else are refused.
#include "gates/recorded_operands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"

namespace lutetia {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kGood = R"({"schema": 1, "unit": "weight_decoder",
 "parameters": {"Lanes": 1, "Code": 2, "Blocks": 2}, "design": "d", "workload": "w", "seed": 7,
 "inputs": {"cmd": ["2a5", "0"], "code": ["3ffffffff"]}, "outputs": {"weight": 12}})";

/// Two inputs of 10 and 34 bits and one output; does nothing.
class Ports final : public StreamUnit {
 public:
  const std::vector<StreamPort>& inputs() const override { return inputs_; }
  const std::vector<StreamPort>& outputs() const override { return outputs_; }
  bool ready(std::uint32_t) const override { return false; }
  void push(std::uint32_t, const Payload&) override {}
  bool valid(std::uint32_t) const override { return false; }
  const Payload& front(std::uint32_t) const override { return payload_; }
  void pop(std::uint32_t) override {}
  const std::vector<std::string>& activities() const override { return names_; }
  Activity activity() const override { return 0; }
  bool idle() const override { return true; }
  void clock() override {}

 private:
  std::vector<StreamPort> inputs_ = {{"cmd", 10}, {"code", 34}}, outputs_ = {{"weight", 4}};
  std::vector<std::string> names_ = {"busy"};
  Payload payload_;
};

bool program_of(const std::string& text, BenchProgram& program, Problems& problems) {
  RecordedOperands operands;
  return parse_recorded_operands(text, "o.json", operands, problems) &&
         to_program(operands, Ports(), "o.json", program, problems);
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kGood;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(RecordedOperands, BecomeAProgram) {
  RecordedOperands operands;
  Problems problems;
  ASSERT_TRUE(parse_recorded_operands(kGood, "o.json", operands, problems));
  EXPECT_EQ(operands.unit, "weight_decoder");
  EXPECT_EQ(operands.parameters.at("Code"), 2);
  EXPECT_EQ(operands.workload, "w");
  EXPECT_EQ(operands.seed, 7);
  BenchProgram program;
  ASSERT_TRUE(program_of(kGood, program, problems));
  ASSERT_EQ(program.inputs.size(), 2);
  ASSERT_EQ(program.inputs[0].size(), 2);
  EXPECT_EQ(program.inputs[0][0].get(0, 10), 0x2a5);
  EXPECT_EQ(program.inputs[1][0].get(0, 34), 0x3ffffffffu);
  EXPECT_EQ(to_text(program.inputs[1][0]), "3ffffffff");
  EXPECT_THAT(program.outputs, ElementsAre(12));
}

TEST(RecordedOperands, FaultsAreLocated) {
  const auto fault = [](const std::string& text) {
    BenchProgram program;
    Problems problems;
    EXPECT_FALSE(program_of(text, program, problems)) << text;
    return problems.empty() ? "" : problems.items()[0].text();
  };
  EXPECT_THAT(fault(""), HasSubstr("o.json: error: not a JSON file"));
  EXPECT_THAT(fault("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(fault(changed("1, \"unit\"", "2, \"unit\"")), HasSubstr("o.json: error: schema: expected 1"));
  EXPECT_THAT(fault(changed("\"unit\"", "\"unti\"")), HasSubstr("unit: expected a text"));
  EXPECT_THAT(fault(changed("\"Code\": 2", "\"Code\": -2")), HasSubstr("parameters.Code: expected a whole number"));
  EXPECT_THAT(fault(changed("\"0\"]", "0]")), HasSubstr("inputs.cmd.1: expected a text"));
  EXPECT_THAT(fault(changed("2a5", "4a5")), HasSubstr("inputs.cmd.0: expected 10 bits"));
  EXPECT_THAT(fault(changed("2a5", "2A5")), HasSubstr("inputs.cmd.0: expected 10 bits"));
  EXPECT_THAT(fault(changed("2a5", "00a5")), HasSubstr("inputs.cmd.0: expected 10 bits"));
  EXPECT_THAT(fault(changed("\"code\"", "\"cod\"")), HasSubstr("inputs.code: missing"));
  EXPECT_THAT(fault(changed("\"weight\":", "\"wait\":")), HasSubstr("outputs.weight: missing"));
  EXPECT_THAT(fault(changed("\"inputs\": {", "\"inputs\": {\"more\": [], ")), HasSubstr("does not have"));
}

TEST(RecordedOperands, BrokenFilesNeverCrash) {
  const std::string good = kGood;
  for (std::size_t length = 0; length < good.size(); ++length) {
    BenchProgram program;
    Problems problems;
    EXPECT_FALSE(program_of(good.substr(0, length), program, problems));
  }
  Random random(11);
  const std::string bytes = "{}[]\",:0123456789afx-. \n\xff";
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string text = good;
    for (std::int64_t changes = random.between(1, 4); changes > 0; --changes) {
      const std::size_t at = random.below(text.size());
      if (random.below(3) == 0)
        text.erase(at, random.below(20));
      else
        text[at] = bytes[random.below(bytes.size())];
      if (text.empty()) break;
    }
    BenchProgram program;
    Problems problems;
    const bool accepted = program_of(text, program, problems);
    EXPECT_EQ(accepted, problems.empty()) << text;
  }
}

}  // namespace
}  // namespace lutetia
