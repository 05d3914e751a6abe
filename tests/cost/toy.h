// The technology of tests/cost/toy.yaml.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "cost/technology.h"

namespace lutetia {

inline std::string toy_text() {
  std::ifstream in(std::string(LUTETIA_SOURCE_DIR) + "/tests/cost/toy.yaml", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string problems_text(const Problems& problems) {
  std::ostringstream out;
  problems.print(out);
  return out.str();
}

inline Technology toy() {
  Technology technology;
  Problems problems;
  EXPECT_TRUE(read_technology_text(toy_text(), "toy.yaml", technology, problems)) << problems_text(problems);
  return technology;
}

/// The text with one piece replaced; the piece must be there.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

}  // namespace lutetia
