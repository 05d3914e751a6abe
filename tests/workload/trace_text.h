// A small valid trace as text, line by line, for tests that break it.
#pragma once
#include <sstream>
#include <string>
#include <vector>

#include "base/problem.h"
#include "workload/trace_reader.h"

namespace lutetia {

inline const std::vector<std::string>& good_lines() {
  static const std::vector<std::string> lines = {
      R"({"lutetia_trace":1,"model":"small","prefill":4,"decode":1,"batch":1,"layers":2,"operators":4})",
      R"({"id":0,"kind":"quantize","name":"q","loops":{"m":4,"n":8},"tensors":[{"name":"x","role":"input","format":"fp16","loops":["m","n"]},{"name":"q","role":"output","format":"int8","loops":["m","n"]}]})",
      R"({"id":1,"kind":"linear","name":"up","layer":0,"step":0,"loops":{"m":4,"n":16,"k":8},"tensors":[{"name":"q","role":"input","format":"int8","loops":["m","k"]},{"name":"up.weight","role":"weight","format":"int2","group":4,"loops":["n","k"]},{"name":"up","role":"output","format":"fp16","loops":["m","n"]}],"after":[0]})",
      R"({"id":5,"kind":"matmul","name":"s","layer":1,"loops":{"h":2,"m":4,"n":6,"k":8},"tensors":[{"name":"up","role":"input","format":"fp16","loops":["m","h","k"]},{"name":"c","role":"cache_read","format":"fp16","loops":["h","n","k"]},{"name":"s","role":"output","format":"fp16","loops":["h","m","n"]}],"mask":{"kind":"causal","past":2,"query":"m","key":"n"},"after":[1]})",
      R"({"id":6,"kind":"relu","name":"r","step":1,"loops":{"m":4,"n":16},"tensors":[{"name":"up","role":"input","format":"fp16","loops":["m","n"]},{"name":"r","role":"output","format":"fp16","loops":["m","n"]}],"after":[1,5]})",
  };
  return lines;
}

inline std::string good_text() {
  std::string text;
  for (const std::string& line : good_lines()) text += line + "\n";
  return text;
}

/// What read_trace says about the text, one problem a line.
inline std::string faults(const std::string& text) {
  Trace trace;
  Problems problems;
  std::istringstream in(text);
  const bool good = read_trace(in, "t.jsonl", trace, problems);
  std::ostringstream out;
  problems.print(out);
  return good != problems.empty() ? "result and problems disagree" : out.str();
}

/// The good trace with the first `from` in one line (0 = header) replaced, or the line added if `from` is empty.
inline std::string changed(std::size_t line, const std::string& from, const std::string& to) {
  std::vector<std::string> lines = good_lines();
  const std::size_t at = lines.at(line).find(from);
  if (at == std::string::npos) return "the text to replace is not there";
  lines[line].replace(at, from.size(), to);
  std::string text;
  for (const std::string& l : lines) text += l + "\n";
  return text;
}

}  // namespace lutetia
