// Damaged libraries never crash, hang or come out half read. Replay one case: LUTETIA_FUZZ_SEED=<seed>.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "liberty_sample.h"

namespace lutetia {
namespace {

using liberty_sample::kText;

/// Everything that was read is sound: tables are as large as their axes, pins exist, functions are over all pins.
void use(const CellLibrary& library) {
  double sum = 0;
  for (const auto& [name, cell] : library.cells) {
    const auto pins = static_cast<std::int32_t>(cell.pins.size());
    const std::uint32_t all = (1u << pins) - 1;
    for (const CellPin& pin : cell.pins) {
      if (pin.function) sum += pin.function->at(all);
      for (const CellPower& power : pin.power) {
        ASSERT_LT(power.related, pins);
        if (power.when) sum += power.when->at(all);
        if (power.rise) sum += power.rise->at(1, 1);
        if (power.fall) sum += power.fall->at(1e3, 1e3);
      }
      for (const CellArc& arc : pin.arcs) {
        ASSERT_LT(arc.related, pins);
        for (const auto* table : {&arc.delay_rise, &arc.delay_fall, &arc.slew_rise, &arc.slew_fall})
          if (*table) sum += (*table)->at(10, 10);
      }
    }
    if (!cell.flop) continue;
    ASSERT_LT(cell.flop->clock, pins);
    sum += cell.flop->next_state.at(all);
    if (cell.flop->clear) sum += cell.flop->clear->at(all);
    ASSERT_FALSE(cell.flop->outputs.empty());
  }
  EXPECT_FALSE(std::isnan(sum));
}

void check(const std::string& text) {
  const auto reading = liberty_sample::read(text);
  if (reading.ok) {
    use(reading.library);
  } else {
    EXPECT_TRUE(reading.library.cells.empty());
  }
}

TEST(LibertyFuzz, Truncations) {
  for (std::size_t size = 0; size < kText.size(); ++size) check(kText.substr(0, size));
}

TEST(LibertyFuzz, Mutations) {
  const std::vector<std::string> tokens = {"{",
                                           "}",
                                           "(",
                                           ")",
                                           "\"",
                                           "\\",
                                           "\n",
                                           ";",
                                           ":",
                                           ",",
                                           "/*",
                                           "*/",
                                           "//",
                                           "\\\n",
                                           "!",
                                           "'",
                                           "1e999",
                                           "nan",
                                           "-1",
                                           "ff(a,b){",
                                           "pin(A){",
                                           "cell(X){",
                                           "pin (P,Q,R,S,T,U,V,W,K,L,M,N) {direction:input;}",
                                           "direction:input;",
                                           "function:\"A\";",
                                           "\"IQ\"",
                                           std::string(1, '\0'),
                                           "\xff"};
  const char* replay = std::getenv("LUTETIA_FUZZ_SEED");
  const std::uint64_t first = replay != nullptr ? std::strtoull(replay, nullptr, 10) : 1;
  for (std::uint64_t seed = first; seed < first + (replay != nullptr ? 1 : 10000); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    std::string text = kText;
    for (std::size_t damages = 1 + below(4); damages > 0 && !text.empty(); --damages) {
      const std::size_t at = below(text.size()), span = std::min(text.size() - at, 1 + below(40));
      switch (below(6)) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, span); break;
        case 2: text.insert(below(text.size()), text.substr(at, span)); break;
        case 3: text.replace(at, std::min<std::size_t>(span, 4), tokens[below(tokens.size())]); break;
        case 4: text.insert(at, tokens[below(tokens.size())]); break;
        default:  // a digit becomes another, which keeps most of the text valid
          for (std::size_t j = at; j < text.size(); ++j)
            if (text[j] >= '0' && text[j] <= '9') {
              text[j] = static_cast<char>('0' + below(10));
              break;
            }
      }
    }
    check(text);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace lutetia
