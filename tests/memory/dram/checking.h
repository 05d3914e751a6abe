// What the tests of the command checker share: a list of commands judged at once.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "hand_made_specs.h"
#include "memory/dram/command_checker.h"

namespace lutetia {

struct Judgement {
  std::uint64_t violations = 0;
  std::map<std::string, std::uint64_t> by_rule;
  std::vector<Violation> first;
  std::string text;  ///< the first violations, a line each

  bool broke(const std::string& rule) const { return by_rule.count(rule) != 0; }
};

inline Judgement judged(const DramSpec& spec, const std::vector<DramCommand>& commands, Cycle end = 0) {
  CommandChecker checker(spec);
  for (const DramCommand& c : commands) checker.issued(c);
  if (end != 0) checker.finish(end);
  Judgement out{checker.violations(), checker.violations_by_rule(), checker.first_violations(), ""};
  for (const Violation& v : out.first) out.text += checker.text(v) + "\n";
  return out;
}

inline testing::AssertionResult accepted(const DramSpec& spec, const std::vector<DramCommand>& commands,
                                         Cycle end = 0) {
  const Judgement j = judged(spec, commands, end);
  return j.violations == 0 ? testing::AssertionSuccess() : testing::AssertionFailure() << j.text;
}

/// Exactly one violation, of this rule.
inline testing::AssertionResult breaks_only(const std::string& rule, const DramSpec& spec,
                                            const std::vector<DramCommand>& commands, Cycle end = 0) {
  const Judgement j = judged(spec, commands, end);
  if (j.violations == 1 && j.broke(rule)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << j.violations << " violations instead of one of " << rule << "\n" << j.text;
}

}  // namespace lutetia
