// The model files that the tests of this folder run over.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "config/read.h"
#include "workload/model.h"

namespace lutetia {

inline std::string model_path(const std::string& name) {
  return std::string(LUTETIA_SOURCE_DIR) + "/workloads/models/" + name + ".yaml";
}

inline std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(LUTETIA_SOURCE_DIR) + "/workloads/models"))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline ModelConfig model(const std::string& name, const std::vector<std::string>& sets = {}) {
  ModelConfig config;
  Problems problems;
  ReadOptions options;
  options.sets = sets;
  std::ostringstream text;
  if (!read_yaml_file(model_path(name), config, problems, options)) problems.print(text);
  EXPECT_EQ(text.str(), "");
  return config;
}

}  // namespace lutetia
