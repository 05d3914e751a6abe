// Every unit that has RTL against its cycle body: every variant under every stall mode.
#include <gtest/gtest.h>

#include <sstream>

#include "cosim/cosim.h"

namespace lutetia {
namespace {

TEST(EveryUnit, RtlEqualsCycleBody) {
  CosimOptions options;
  options.transactions = 2'000;
  std::ostringstream log;
  EXPECT_TRUE(run_cosim(options, log).passed()) << log.str();
}

}  // namespace
}  // namespace lutetia
