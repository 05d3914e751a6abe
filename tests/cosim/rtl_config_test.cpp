// Between config structs and RTL parameters: every kind of member goes through a number and comes back, and what only
// one side knows is a mistake of the programmer, never a default.
#include "cosim/rtl_config.h"

#include <gtest/gtest.h>

#include "cosim/rtl_registry.h"
#include "units/adder_core/adder_core_config.h"
#include "units/lut_core/lut_core_config.h"
#include "units/mac_core/mac_core_config.h"

namespace lutetia {
namespace {

enum class Flavour : std::uint8_t { kPlain = 0, kSweet = 3, kSour = 7 };

struct Sample {
  std::uint32_t count = 4;
  std::int32_t offset = -3;
  bool wide = true;
  Flavour flavour = Flavour::kSweet;
  Bytes size{4096};
  std::string note = "of no RTL";
};

void describe(Schema& s, Sample& c) {
  s.field("count", c.count, "how many").range(1, 64).rtl("Count");
  s.field("offset", c.offset, "from here").range(-8, 7).rtl("Offset");
  s.field("wide", c.wide, "wide or not").rtl("Wide");
  s.choice("flavour", c.flavour, {{"plain", Flavour::kPlain}, {"sweet", Flavour::kSweet}, {"sour", Flavour::kSour}},
           "of three")
      .rtl("Flavour");
  s.field("size", c.size, "room").range(Bytes(1), Bytes(1 << 20)).rtl("Size");
  s.field("note", c.note, "anything");
}

RtlParameters sample_parameters() {
  return rtl_parameters_of(Sample{});
}

TEST(RtlConfig, EveryKindOfMemberBecomesANumber) {
  EXPECT_EQ(
      sample_parameters(),
      (RtlParameters{
          {"Count", 4}, {"Offset", static_cast<std::uint64_t>(-3)}, {"Wide", 1}, {"Flavour", 3}, {"Size", 4096}}));
}

TEST(RtlConfig, EveryKindOfMemberComesBackFromItsNumber) {
  RtlParameters parameters = sample_parameters();
  parameters["Count"] = 64;
  parameters["Offset"] = static_cast<std::uint64_t>(-8);
  parameters["Wide"] = 0;
  parameters["Flavour"] = 7;
  parameters["Size"] = 12;
  const auto config = config_from_rtl<Sample>(parameters);
  EXPECT_EQ(config.count, 64u);
  EXPECT_EQ(config.offset, -8);
  EXPECT_FALSE(config.wide);
  EXPECT_EQ(config.flavour, Flavour::kSour);
  EXPECT_EQ(config.size, Bytes(12));
  EXPECT_EQ(rtl_parameters_of(config), parameters);
}

TEST(RtlConfig, ANumberThatNoValueOfTheMemberHasIsAMistake) {
  const std::pair<const char*, std::uint64_t> wrong[] = {
      {"Flavour", 1}, {"Flavour", 8}, {"Wide", 2}, {"Count", std::uint64_t{1} << 32}};
  for (const auto& [name, number] : wrong) {
    RtlParameters parameters = sample_parameters();
    parameters[name] = number;
    EXPECT_THROW(config_from_rtl<Sample>(parameters), std::logic_error) << name << "=" << number;
  }
}

TEST(RtlConfig, AParameterThatOnlyOneSideKnowsIsAMistake) {
  RtlParameters parameters = sample_parameters();
  parameters["Depth"] = 2;
  EXPECT_THROW(config_from_rtl<Sample>(parameters), std::logic_error);
  parameters = sample_parameters();
  parameters.erase("Wide");
  EXPECT_THROW(config_from_rtl<Sample>(parameters), std::logic_error);
}

template <class Config>
void expect_back(const Config& config) {
  const RtlParameters parameters = rtl_parameters_of(config);
  EXPECT_EQ(rtl_parameters_of(config_from_rtl<Config>(parameters)), parameters) << to_text(parameters);
}

TEST(RtlConfig, TheConfigOfEveryMatrixCoreComesBackFromItsParameters) {
  AdderCoreConfig adder;
  adder.group_length = 5;
  expect_back(adder);
  MacCoreConfig mac;
  mac.weight_bits = 3;
  expect_back(mac);
  for (const auto format : {ActivationFormat::kInteger, ActivationFormat::kFp16, ActivationFormat::kBf16,
                            ActivationFormat::kFp8E4m3, ActivationFormat::kFp8E5m2})
    for (const auto path : {FloatPath::kAligned, FloatPath::kQuantizedTable})
      for (const bool fold : {false, true}) {
        LutCoreConfig lut;
        lut.activation_format = format;
        lut.float_path = path;
        lut.fold = fold;
        lut.symmetric = !fold;
        lut.table_placement = fold ? TablePlacement::kFused : TablePlacement::kNearArray;
        expect_back(lut);
        const auto again = config_from_rtl<LutCoreConfig>(rtl_parameters_of(lut));
        EXPECT_EQ(again.activation_format, format);
        EXPECT_EQ(again.float_path, path);
        EXPECT_EQ(again.fold, fold);
        EXPECT_EQ(again.symmetric, !fold);
        EXPECT_EQ(again.table_placement, lut.table_placement);
      }
}

}  // namespace
}  // namespace lutetia
