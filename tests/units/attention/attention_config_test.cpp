#include "units/attention/attention_config.h"

#include <gtest/gtest.h>

#include "config/leaves.h"
#include "config/read.h"
#include "config/rtl_parameters.h"
#include "units/attention/attention_words.h"

namespace lutetia {
namespace {

TEST(AttentionConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<AttentionConfig>().empty());
}

TEST(AttentionConfig, EveryFieldIsAParameterOfTheRtl) {
  std::size_t fields = 0;
  for_each_leaf(prototype_of<AttentionConfig>(), [&](const std::string& path, const Field& leaf) {
    EXPECT_FALSE(leaf.rtl_name().empty()) << path;
    ++fields;
  });
  EXPECT_EQ(fields, 13u);
}

}  // namespace
}  // namespace lutetia
