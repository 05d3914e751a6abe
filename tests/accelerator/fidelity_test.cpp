#include "accelerator/fidelity.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

/// The problems of a text, one a line; empty if it is good.
std::string faults(const std::string& text, FidelityChoice* choice = nullptr) {
  FidelityChoice local;
  Problems problems;
  const bool good = parse_fidelity(text, choice != nullptr ? *choice : local, problems);
  EXPECT_EQ(good, problems.empty());
  std::string out;
  for (const Problem& p : problems.items()) {
    EXPECT_EQ(p.where.file, "--fidelity");
    out += p.message + "\n";
  }
  return out;
}

Fidelity lut_core(const std::string& text) {
  FidelityChoice choice;
  EXPECT_EQ(faults(text, &choice), "");
  return choice.matrix;
}

TEST(Fidelity, ABareLevelIsForEveryUnitThatHasIt) {
  EXPECT_EQ(lut_core("transaction"), Fidelity::kTransaction);
  EXPECT_EQ(lut_core("cycle"), Fidelity::kCycle);
  EXPECT_EQ(lut_core("rtl"), Fidelity::kRtl);
}

TEST(Fidelity, ALevelMayBeGivenByUnit) {
  EXPECT_EQ(lut_core("lut_core=rtl"), Fidelity::kRtl);
  EXPECT_EQ(lut_core("vector=transaction,lut_core=cycle"), Fidelity::kCycle);
  EXPECT_EQ(lut_core("rtl,lut_core=cycle"), Fidelity::kCycle) << "the later one decides";
}

TEST(Fidelity, WhatItPrintsItReadsBack) {
  for (const Fidelity level : {Fidelity::kTransaction, Fidelity::kCycle, Fidelity::kRtl}) {
    FidelityChoice choice;
    choice.matrix = level;
    EXPECT_EQ(lut_core(choice.text("lut_core")), level);
    EXPECT_EQ(lut_core(choice.text("mac_core")), level);
  }
}

TEST(Fidelity, TheAttentionUnitHasALevelOfItsOwn) {
  FidelityChoice choice;
  faults("rtl", &choice);
  EXPECT_EQ(choice.attention, Fidelity::kRtl);
  EXPECT_FALSE(choice.attention_named);
  faults("attention=cycle", &choice);
  EXPECT_EQ(choice.attention, Fidelity::kCycle);
  EXPECT_EQ(choice.matrix, Fidelity::kRtl) << "the core's level stays";
  EXPECT_TRUE(choice.attention_named);
  FidelityChoice again;
  faults(choice.text("lut_core", true).c_str(), &again);
  EXPECT_EQ(again.attention, choice.attention);
  EXPECT_EQ(again.matrix, choice.matrix);
}

TEST(Fidelity, MistakesNameWhatWouldBeRight) {
  EXPECT_EQ(faults("exact"), "unknown level \"exact\"; levels are transaction, cycle, rtl\n");
  EXPECT_EQ(faults("lut_core="), "unknown level \"\"; levels are transaction, cycle, rtl\n");
  EXPECT_EQ(faults("npu=cycle"), "unknown unit \"npu\"; units are lut_core, adder_core, mac_core, attention, vector\n");
  EXPECT_EQ(faults("vector=rtl"), "the vector unit has a transaction body only\n");
  EXPECT_EQ(faults(""), "level is empty; levels are transaction, cycle, rtl\n");
  EXPECT_EQ(faults("Cycle"), "unknown level \"Cycle\"; levels are transaction, cycle, rtl\n");
}

TEST(Fidelity, AllMistakesAreReportedTogether) {
  EXPECT_EQ(faults("lut_core=fast,npu=cycle,vector=cycle"),
            "unknown level \"fast\"; levels are transaction, cycle, rtl\n"
            "unknown unit \"npu\"; units are lut_core, adder_core, mac_core, attention, vector\n"
            "the vector unit has a transaction body only\n");
}

TEST(Fidelity, LooseEndsAreMistakes) {
  EXPECT_EQ(faults("=cycle"), "unknown unit \"\"; units are lut_core, adder_core, mac_core, attention, vector\n");
  EXPECT_EQ(faults("cycle,"), "unknown level \"\"; levels are transaction, cycle, rtl\n");
  EXPECT_EQ(faults("cycle,,rtl"), "unknown level \"\"; levels are transaction, cycle, rtl\n");
  EXPECT_EQ(faults("lut_core=cycle=rtl"), "unknown level \"cycle=rtl\"; levels are transaction, cycle, rtl\n");
}

TEST(Fidelity, AMistakeLeavesTheChoiceAsItWas) {
  FidelityChoice choice;
  faults("cycle,nonsense", &choice);
  EXPECT_EQ(choice.matrix, Fidelity::kTransaction);
}

}  // namespace
}  // namespace lutetia
