// Node tests of ONNX as onnx_attention.py, beside this file, prints them.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace lutetia {

struct OnnxTensor {
  std::string type;  ///< as NumPy calls it: float32, float16, bool, int64
  std::vector<std::size_t> shape;
  std::vector<double> elements;

  /// Element of a tensor whose axes are aligned at the last one and, where they are missing or 1, repeated.
  double broadcast(const std::vector<std::size_t>& index) const {
    std::size_t at = 0;
    const std::size_t skipped = index.size() - shape.size();
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      at = at * shape[axis] + (shape[axis] == 1 ? 0 : index[skipped + axis]);
    return elements[at];
  }
};

struct OnnxCase {
  std::string name;
  std::map<std::string, double> attributes;
  std::map<std::string, OnnxTensor> inputs, outputs;

  const OnnxTensor* input(const std::string& key) const {
    const auto at = inputs.find(key);
    return at == inputs.end() ? nullptr : &at->second;
  }
  double attribute(const std::string& key, double otherwise) const {
    const auto at = attributes.find(key);
    return at == attributes.end() ? otherwise : at->second;
  }
};

inline std::string onnx_attention_folder() {
  return LUTETIA_SOURCE_DIR "/../shared/data/onnx_attention";
}

/// All cases of the folder, by name. `problem` says what went wrong, if something did.
inline std::vector<OnnxCase> read_onnx_cases(const std::string& folder, std::string& problem) {
  std::vector<OnnxCase> cases;
  // Debian's own python3, for which python3-onnx is installed, whatever else is first on the path.
  const std::string command =
      "/usr/bin/python3 -B '" LUTETIA_SOURCE_DIR "/tests/numeric/onnx_attention.py' '" + folder + "'";
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    problem = "cannot run " + command;
    return cases;
  }
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, pipe)) != 0;) text.append(buffer, size);
  if (pclose(pipe) != 0) {
    problem = "failed (is python3-onnx installed?): " + command;
    return cases;
  }
  const auto number = [](const std::string& word) { return std::strtod(word.c_str(), nullptr); };  // also inf and nan
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, name, word;
    words >> kind >> name;
    if (kind == "case") {
      cases.emplace_back();
      cases.back().name = name;
    } else if (kind == "attribute") {
      words >> word;
      cases.back().attributes[name] = number(word);
    } else {
      OnnxTensor& tensor = (kind == "input" ? cases.back().inputs : cases.back().outputs)[name];
      std::size_t rank = 0;
      words >> tensor.type >> rank;
      tensor.shape.resize(rank);
      for (std::size_t& size : tensor.shape) words >> size;
      while (words >> word) tensor.elements.push_back(number(word));
    }
  }
  return cases;
}

}  // namespace lutetia
