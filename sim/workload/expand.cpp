#include "workload/expand.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>

namespace lutetia {
namespace {

// Every operator's output tensor carries the operator's name, so an input names its producer.
class Expansion {
 public:
  Expansion(const ModelConfig& model, std::uint64_t batch, Trace& trace)
      : model_(model),
        trace_(trace),
        batch_(batch),
        weight_(&number_format(model.formats.weight)),
        activation_(&number_format(model.formats.activation)),
        hidden_(&number_format(model.formats.hidden)),
        attention_(&number_format(model.formats.attention)),
        cache_(&number_format(model.formats.kv_cache)),
        embedding_(&number_format(model.formats.embedding)),
        lm_head_(&number_format(model.formats.lm_head)) {}

  // `tokens` new tokens per sequence behind `past` cached ones.
  void pass(std::uint32_t step, std::uint64_t tokens, std::uint64_t past, std::uint64_t layers) {
    step_ = step;
    tokens_ = tokens;
    past_ = past;
    rows_ = batch_ * tokens;
    layer_ = -1;
    std::string stream = embed();
    for (std::uint64_t i = 0; i < layers; ++i) {
      layer_ = static_cast<int>(i);
      const std::string prefix = "layers." + std::to_string(i);
      stream = attention_block(prefix + ".attention.", stream);
      stream = mlp_block(prefix + ".mlp.", stream);
    }
    layer_ = -1;
    head(stream);
  }

 private:
  using Indices = std::initializer_list<std::uint8_t>;

  static TensorUse use(Role role, std::string name, const NumberFormat* format, Indices loops,
                       std::uint32_t group = 0) {
    TensorUse t;
    t.name = std::move(name);
    t.role = role;
    t.format = format;
    t.group = group;
    t.loops.assign(loops);
    return t;
  }
  static TensorUse input(const std::string& name, const NumberFormat* format, Indices loops) {
    return use(Role::kInput, name, format, loops);
  }
  static TensorUse output(const std::string& name, const NumberFormat* format, Indices loops) {
    return use(Role::kOutput, name, format, loops);
  }

  Operator start(OperatorKind kind, const std::string& name, std::initializer_list<Loop> loops) const {
    Operator op;
    op.kind = kind;
    op.name = name;
    op.layer = layer_;
    op.step = step_;
    op.loops.assign(loops);
    return op;
  }

  // Appends the operator behind the latest writers of what it reads. Returns its name, which is that of its output.
  std::string finish(Operator op, bool waits_for_previous_step = false) {
    op.id = trace_.operators.size();
    if (waits_for_previous_step && has_previous_step_) op.after.push_back(previous_step_end_);
    for (const TensorUse& t : op.tensors) {
      if (t.role == Role::kWeight || t.role == Role::kOutput) continue;
      const auto writer = writers_.find(t.name);
      if (writer != writers_.end()) op.after.push_back(writer->second);
    }
    std::sort(op.after.begin(), op.after.end());
    op.after.erase(std::unique(op.after.begin(), op.after.end()), op.after.end());
    for (const TensorUse& t : op.tensors)
      if (t.role == Role::kOutput || t.role == Role::kCacheWrite) writers_[t.name] = op.id;
    trace_.operators.push_back(std::move(op));
    return trace_.operators.back().name;
  }

  std::uint32_t weight_group(const NumberFormat& format) const {
    if (!is_integer(format)) return 0;
    switch (model_.formats.weight_scale) {
      case WeightScale::kTensor: return kScalePerTensor;
      case WeightScale::kRow: return 0;
      case WeightScale::kGroup: return model_.formats.weight_group;
    }
    return 0;
  }

  std::string embed() {
    Operator op = start(OperatorKind::kEmbedding, "embed_tokens", {{"m", rows_}, {"n", model_.hidden}});
    op.tensors = {input("tokens", find_number_format("int32"), {0}),
                  use(Role::kWeight, "embed_tokens.weight", embedding_, {0, 1}, weight_group(*embedding_)),
                  output(op.name, hidden_, {0, 1})};
    op.tensors[1].part = true;
    const std::string tokens = finish(std::move(op), true);
    if (model_.position != Position::kLearned) return tokens;
    op = start(OperatorKind::kEmbedding, "embed_positions", {{"m", rows_}, {"n", model_.hidden}});
    op.tensors = {use(Role::kWeight, "embed_positions.weight", embedding_, {0, 1}, weight_group(*embedding_)),
                  output(op.name, hidden_, {0, 1})};
    op.tensors[0].part = true;
    const std::string positions = finish(std::move(op), true);
    return element_wise(OperatorKind::kAdd, "embed_add", model_.hidden, {tokens, positions});
  }

  std::string element_wise(OperatorKind kind, const std::string& name, std::uint64_t width,
                           std::initializer_list<std::string> inputs) {
    Operator op = start(kind, name, {{"m", rows_}, {"n", width}});
    for (const std::string& in : inputs) op.tensors.push_back(input(in, hidden_, {0, 1}));
    op.tensors.push_back(output(name, hidden_, {0, 1}));
    return finish(std::move(op));
  }

  std::string norm(const std::string& name, std::uint64_t rows, std::uint64_t width, const std::string& in, bool part) {
    const bool rms = model_.norm == Norm::kRms;
    Operator op = start(rms ? OperatorKind::kRmsNorm : OperatorKind::kLayerNorm, name, {{"m", rows}, {"n", width}});
    op.tensors = {input(in, hidden_, {0, 1}), use(Role::kWeight, name + ".weight", hidden_, {1})};
    op.tensors[0].part = part;
    if (!rms) op.tensors.push_back(use(Role::kWeight, name + ".bias", hidden_, {1}));
    op.tensors.push_back(output(name, hidden_, {0, 1}));
    return finish(std::move(op));
  }

  // From the hidden format to `format`, integers with one scale per row.
  std::string quantize(const std::string& name, std::uint64_t rows, std::uint64_t width, const std::string& in,
                       const NumberFormat* format) {
    if (format == hidden_) return in;
    Operator op = start(OperatorKind::kQuantize, name, {{"m", rows}, {"n", width}});
    op.tensors = {input(in, hidden_, {0, 1}), output(name, format, {0, 1})};
    return finish(std::move(op));
  }

  std::string linear(const std::string& name, std::uint64_t n, std::uint64_t k, const std::string& in) {
    Operator op = start(OperatorKind::kLinear, name, {{"m", rows_}, {"n", n}, {"k", k}});
    op.tensors = {input(in, activation_, {0, 2}),
                  use(Role::kWeight, name + ".weight", weight_, {1, 2}, weight_group(*weight_))};
    if (model_.biases) op.tensors.push_back(use(Role::kWeight, name + ".bias", hidden_, {1}));
    op.tensors.push_back(output(name, hidden_, {0, 1}));
    return finish(std::move(op));
  }

  std::string rotary(const std::string& name, std::uint64_t width, const std::string& in) {
    if (model_.position != Position::kRotary) return in;
    Operator op = start(OperatorKind::kRotary, name, {{"m", rows_}, {"n", width}});
    op.tensors = {input(in, hidden_, {0, 1}), output(name, hidden_, {0, 1})};
    return finish(std::move(op));
  }

  void cache_append(const std::string& name, const std::string& cache, const std::string& in) {
    Operator op = start(OperatorKind::kCacheAppend, name,
                        {{"b", batch_}, {"h", model_.kv_heads}, {"m", tokens_}, {"k", model_.head_dim}});
    op.tensors = {input(in, hidden_, {0, 2, 1, 3}), use(Role::kCacheWrite, cache, cache_, {0, 1, 2, 3})};
    finish(std::move(op));
  }

  // Loops b h g m n k; `key` is the loop of the cached tokens: n in the scores, k in the values.
  Operator attention_operator(OperatorKind kind, const std::string& name, std::uint8_t key) const {
    // With a window the cache is a ring: the first keys, and what the oldest query of this pass still sees.
    const std::uint64_t all = past_ + tokens_;
    const std::uint64_t window = model_.attention_window, sinks = model_.attention_sinks;
    const std::uint64_t keys = window == 0 ? all : std::min(all, sinks + window + tokens_ - 1);
    Operator op = start(kind, name,
                        {{"b", batch_},
                         {"h", model_.kv_heads},
                         {"g", model_.heads / model_.kv_heads},
                         {"m", tokens_},
                         {"n", key == kN ? keys : model_.head_dim}});
    if (kind == OperatorKind::kMatmul) op.loops.push_back({"k", key == kN ? model_.head_dim : keys});
    op.mask = {Mask::Kind::kCausal, keys - tokens_, kM, key, window, sinks};
    return op;
  }

  std::string attention_block(const std::string& p, const std::string& stream) {
    const std::uint64_t wide = model_.heads * model_.head_dim, narrow = model_.kv_heads * model_.head_dim;
    const std::string x = norm(p + "norm", rows_, model_.hidden, stream, false);
    const std::string in = quantize(p + "quantize", rows_, model_.hidden, x, activation_);
    std::string q = linear(p + "q_proj", wide, model_.hidden, in);
    std::string k = linear(p + "k_proj", narrow, model_.hidden, in);
    const std::string v = linear(p + "v_proj", narrow, model_.hidden, in);
    q = rotary(p + "q_rotary", wide, q);
    k = rotary(p + "k_rotary", narrow, k);
    q = quantize(p + "q_quantize", rows_ * model_.heads, model_.head_dim, q, attention_);
    cache_append(p + "k_append", p + "k_cache", k);
    cache_append(p + "v_append", p + "v_cache", v);

    Operator op = attention_operator(OperatorKind::kMatmul, p + "scores", kN);
    op.tensors = {input(q, attention_, {kB, kM, kH, kG, kK}),
                  use(Role::kCacheRead, p + "k_cache", cache_, {kB, kH, kN, kK}),
                  output(op.name, hidden_, {kB, kH, kG, kM, kN})};
    const std::string scores = finish(std::move(op));

    op = attention_operator(OperatorKind::kSoftmax, p + "softmax", kN);
    op.tensors = {input(scores, hidden_, {kB, kH, kG, kM, kN}), output(op.name, hidden_, {kB, kH, kG, kM, kN})};
    std::string probabilities = finish(std::move(op));
    if (attention_ != hidden_) {
      op = attention_operator(OperatorKind::kQuantize, p + "softmax_quantize", kN);
      op.tensors = {input(probabilities, hidden_, {kB, kH, kG, kM, kN}),
                    output(op.name, attention_, {kB, kH, kG, kM, kN})};
      probabilities = finish(std::move(op));
    }

    op = attention_operator(OperatorKind::kMatmul, p + "values", kK);
    op.tensors = {input(probabilities, attention_, {kB, kH, kG, kM, kK}),
                  use(Role::kCacheRead, p + "v_cache", cache_, {kB, kH, kK, kN}),
                  output(op.name, hidden_, {kB, kM, kH, kG, kN})};
    std::string y = finish(std::move(op));

    if (model_.sub_norms) y = norm(p + "sub_norm", rows_, wide, y, false);
    y = quantize(p + "o_proj_quantize", rows_, wide, y, activation_);
    y = linear(p + "o_proj", model_.hidden, wide, y);
    return element_wise(OperatorKind::kAdd, p + "add", model_.hidden, {stream, y});
  }

  OperatorKind activation_kind() const {
    switch (model_.activation) {
      case Activation::kGatedSilu: return OperatorKind::kSilu;
      case Activation::kGatedRelu2: return OperatorKind::kRelu2;
      case Activation::kRelu: return OperatorKind::kRelu;
      case Activation::kGelu: return OperatorKind::kGelu;
    }
    return OperatorKind::kSilu;
  }

  std::string mlp_block(const std::string& p, const std::string& stream) {
    const std::uint64_t inner = model_.intermediate;
    const std::string x = norm(p + "norm", rows_, model_.hidden, stream, false);
    const std::string in = quantize(p + "quantize", rows_, model_.hidden, x, activation_);
    const bool gated = is_gated(model_.activation);
    std::string y;
    if (gated) y = linear(p + "gate_proj", inner, model_.hidden, in);
    const std::string up = linear(p + "up_proj", inner, model_.hidden, in);
    y = element_wise(activation_kind(), p + "activation", inner, {gated ? y : up});
    if (gated) y = element_wise(OperatorKind::kMultiply, p + "multiply", inner, {y, up});
    if (model_.sub_norms) y = norm(p + "sub_norm", rows_, inner, y, false);
    y = quantize(p + "down_proj_quantize", rows_, inner, y, activation_);
    y = linear(p + "down_proj", model_.hidden, inner, y);
    return element_wise(OperatorKind::kAdd, p + "add", model_.hidden, {stream, y});
  }

  // Only the last token of each sequence is turned into logits.
  void head(const std::string& stream) {
    std::string x = norm("final_norm", batch_, model_.hidden, stream, tokens_ > 1);
    const NumberFormat* format = is_integer(*lm_head_) ? activation_ : hidden_;
    x = quantize("lm_head_quantize", batch_, model_.hidden, x, format);
    Operator op =
        start(OperatorKind::kLinear, "lm_head", {{"m", batch_}, {"n", model_.vocabulary}, {"k", model_.hidden}});
    op.tensors = {input(x, format, {0, 2}),
                  use(Role::kWeight, model_.tied_embeddings ? "embed_tokens.weight" : "lm_head.weight", lm_head_,
                      {1, 2}, weight_group(*lm_head_)),
                  output(op.name, hidden_, {0, 1})};
    finish(std::move(op));
    previous_step_end_ = trace_.operators.back().id;
    has_previous_step_ = true;
  }

  static constexpr std::uint8_t kB = 0, kH = 1, kG = 2, kM = 3, kN = 4, kK = 5;

  const ModelConfig& model_;
  Trace& trace_;
  const std::uint64_t batch_;
  const NumberFormat *weight_, *activation_, *hidden_, *attention_, *cache_, *embedding_, *lm_head_;
  std::unordered_map<std::string, std::uint64_t> writers_;  // tensor -> id of its latest writer
  std::uint64_t previous_step_end_ = 0;
  bool has_previous_step_ = false;
  std::uint32_t step_ = 0;
  std::uint64_t tokens_ = 0, past_ = 0, rows_ = 0;
  int layer_ = -1;
};

}  // namespace

Trace expand(const ModelConfig& model, const ExpandOptions& options) {
  const ModelFormats& f = model.formats;
  Trace trace;
  TraceHeader& h = trace.header;
  h.model = model.name;
  h.prefill = options.prefill;
  h.decode = options.decode;
  h.batch = std::max<std::uint64_t>(options.batch, 1);
  h.past = options.past;
  h.layers = options.layers == 0 ? model.layers : std::min(options.layers, model.layers);
  const std::pair<const char*, FormatId> uses[] = {
      {"weight", f.weight},     {"activation", f.activation}, {"hidden", f.hidden},  {"attention", f.attention},
      {"kv_cache", f.kv_cache}, {"embedding", f.embedding},   {"lm_head", f.lm_head}};
  for (const auto& [use, id] : uses) h.formats.emplace_back(use, number_format(id).name);
  h.source = model.source;

  trace.operators.reserve(operator_count(model, options));
  Expansion expansion(model, h.batch, trace);
  if (options.prefill > 0) expansion.pass(0, options.prefill, options.past, h.layers);
  for (std::uint64_t i = 0; i < options.decode; ++i)
    expansion.pass(static_cast<std::uint32_t>(i + 1), 1, options.past + options.prefill + i, h.layers);
  return trace;
}

}  // namespace lutetia
