#include "base/registry.h"

#include <gtest/gtest.h>

namespace lutetia {
namespace {

struct Scheduler {
  virtual ~Scheduler() = default;
  virtual int pick() const = 0;
};
using SchedulerRegistry = Registry<Scheduler, int>;

struct First : Scheduler {
  explicit First(int n) : n_(n) {}
  int pick() const override { return n_; }
  int n_;
};
struct Last : First {
  using First::First;
  int pick() const override { return -n_; }
};
const SchedulerRegistry::Entry kLast{"last", "the youngest request", [](int n) { return std::make_unique<Last>(n); }};
const SchedulerRegistry::Entry kFirst{"first", "the oldest request", [](int n) { return std::make_unique<First>(n); }};

TEST(Registry, CreatesByNameWithArguments) {
  ASSERT_NE(SchedulerRegistry::create("first", 3), nullptr);
  EXPECT_EQ(SchedulerRegistry::create("first", 3)->pick(), 3);
  EXPECT_EQ(SchedulerRegistry::create("last", 3)->pick(), -3);
}

TEST(Registry, ListsNamesSortedWithTheirTexts) {
  EXPECT_EQ(SchedulerRegistry::names(), (std::vector<std::string>{"first", "last"}));
  EXPECT_EQ(SchedulerRegistry::text("first"), "the oldest request");
  EXPECT_TRUE(SchedulerRegistry::contains("last"));
}

TEST(Registry, AnUnknownNameGivesNothingAndTheNearestName) {
  EXPECT_EQ(SchedulerRegistry::create("frist", 1), nullptr);
  EXPECT_EQ(SchedulerRegistry::text("frist"), "");
  EXPECT_FALSE(SchedulerRegistry::contains("frist"));
  EXPECT_EQ(SchedulerRegistry::unknown("frist"), "\"frist\" is unknown, did you mean \"first\"? Known: first, last");
  EXPECT_EQ(SchedulerRegistry::unknown("oldest"), "\"oldest\" is unknown. Known: first, last");
}

TEST(Registry, RegisteringANameTwiceOrWithoutTextIsAMistake) {
  const auto make = [](int n) { return std::make_unique<First>(n); };
  EXPECT_THROW((SchedulerRegistry::Entry{"first", "again", make}), std::logic_error);
  EXPECT_THROW((SchedulerRegistry::Entry{"other", "", make}), std::logic_error);
  EXPECT_THROW((SchedulerRegistry::Entry{"", "text", make}), std::logic_error);
  EXPECT_EQ(SchedulerRegistry::names().size(), 2u);
}

struct Policy {
  virtual ~Policy() = default;
};

TEST(Registry, AnotherInterfaceHasATableOfItsOwn) {
  EXPECT_TRUE(Registry<Policy>::names().empty());
  EXPECT_EQ(Registry<Policy>::unknown("x"), "\"x\" is unknown. Known: (none)");
}

}  // namespace
}  // namespace lutetia
