#include <algorithm>
#include <string>

#include "workload/expand.h"

namespace lutetia {

std::uint64_t operator_count(const ModelConfig& model, const ExpandOptions& options) {
  const ModelFormats& f = model.formats;
  const std::uint64_t layers = options.layers == 0 ? model.layers : std::min(options.layers, model.layers);
  const bool rotary = model.position == Position::kRotary;
  const std::uint64_t quantize = f.activation != f.hidden ? 1 : 0;
  const std::uint64_t attention = f.attention != f.hidden ? 2 : 0;
  const std::uint64_t lm_head = is_integer(number_format(f.lm_head)) ? quantize : 0;
  const std::uint64_t layer = 16 + (rotary ? 2 : 0) + 4 * quantize + attention + (model.sub_norms ? 2 : 0) +
                              (is_gated(model.activation) ? 2 : 0);
  const std::uint64_t pass = (rotary ? 3 : 5) + lm_head + layer * layers;
  return pass * ((options.prefill > 0 ? 1 : 0) + options.decode);
}

bool check_expansion(const ModelConfig& model, const ExpandOptions& options, Problems& problems) {
  constexpr std::uint64_t kMostTokens = 1 << 24, kMostSequences = 1 << 16;
  const std::size_t before = problems.size();
  const auto at_most = [&](const char* path, std::uint64_t value, std::uint64_t limit) {
    if (value > limit) problems.add({}, path, std::to_string(value) + " is above " + std::to_string(limit));
  };
  at_most("prefill", options.prefill, kMostTokens);
  at_most("decode", options.decode, kMostTokens);
  at_most("past", options.past, kMostTokens);
  at_most("batch", options.batch, kMostSequences);
  if (options.layers > model.layers)
    problems.add(
        {}, "layers",
        std::to_string(options.layers) + " layers asked for, " + model.name + " has " + std::to_string(model.layers));
  if (problems.size() > before) return false;
  const std::uint64_t length = options.past + options.prefill + options.decode;
  if (model.position == Position::kLearned && length > model.positions)
    problems.add({}, "prefill",
                 std::to_string(length) + " tokens are more than the " + std::to_string(model.positions) +
                     " positions that " + model.name + " has learned");
  // Also keeps every operator, and all products in it, within what a trace may hold.
  const double macs = static_cast<double>(std::max<std::uint64_t>(options.batch, 1)) *
                      static_cast<double>(options.prefill + options.decode) *
                      static_cast<double>(macs_per_token(model, length));
  if (macs > static_cast<double>(kMostPoints))
    problems.add({}, options.batch > 1 ? "batch" : "prefill",
                 "the trace would have more than 2^56 multiply-accumulates");
  const std::uint64_t operators = operator_count(model, options);
  if (operators > kMostOperators)
    problems.add({}, "decode",
                 "the trace would have " + std::to_string(operators) + " operators, more than " +
                     std::to_string(kMostOperators) + "; ask for fewer decode steps or layers");
  return problems.size() == before;
}

}  // namespace lutetia
