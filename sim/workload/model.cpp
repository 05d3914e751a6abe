#include "workload/model.h"

#include "config/schema.h"

namespace lutetia {
namespace {

std::uint64_t norm_parameters(const ModelConfig& m, std::uint64_t width) {
  return m.norm == Norm::kLayer ? 2 * width : width;  // weight, and a bias in a LayerNorm
}

// Weights of the linear layers of one block; each does one MAC per token and weight.
std::uint64_t block_weights(const ModelConfig& m) {
  const std::uint64_t wide = m.heads * m.head_dim, narrow = m.kv_heads * m.head_dim;
  return m.hidden * (2 * wide + 2 * narrow) + (is_gated(m.activation) ? 3 : 2) * m.hidden * m.intermediate;
}

}  // namespace

void describe(Schema& s, ModelFormats& f) {
  s.choice("weight", f.weight, format_choices(), "weights of the linear layers inside the blocks");
  s.choice("weight_scale", f.weight_scale,
           {{"tensor", WeightScale::kTensor}, {"row", WeightScale::kRow}, {"group", WeightScale::kGroup}},
           "what shares one FP32 scale: a whole weight tensor, a row of it, or a group along the row");
  s.field("weight_group", f.weight_group, "elements along k that share one scale, with weight_scale: group")
      .range(0u, 1u << 20);
  s.choice("activation", f.activation, format_choices(), "input of the linear layers inside the blocks");
  s.choice("hidden", f.hidden, format_choices(), "residual stream, norms and outputs of linear layers");
  s.choice("attention", f.attention, format_choices(), "queries and probabilities as they enter the attention matmuls");
  s.choice("kv_cache", f.kv_cache, format_choices(), "cached keys and values");
  s.choice("embedding", f.embedding, format_choices(), "token and position tables");
  s.choice("lm_head", f.lm_head, format_choices(), "weights of the last projection; equal to embedding if tied");
  s.rule([&f] { return (f.weight_scale == WeightScale::kGroup) == (f.weight_group > 0); },
         {"weight_scale", "weight_group"}, "weight_group must be given with weight_scale: group, and only then");
  s.rule([&f] { return !is_integer(number_format(f.hidden)); }, {"hidden"}, "hidden must be a floating-point format");
}

void describe(Schema& s, PublishedTotals& p) {
  s.field("parameters", p.parameters, "parameters as published, 0 = not stated");
  s.field("parameters_rounded_to", p.parameters_rounded_to,
          "unit of the last published digit; our count must be within half of it, and equal if it is 1")
      .range(std::uint64_t{1}, std::uint64_t{1'000'000'000});
  s.field("macs_per_token", p.macs_per_token, "multiply-accumulates per token as published, 0 = not stated");
  s.field("macs_rounded_to", p.macs_rounded_to, "unit of the last published digit, per token")
      .range(std::uint64_t{1}, std::uint64_t{1'000'000'000});
  s.field("macs_context", p.macs_context, "keys that each query attends to in that figure")
      .range(std::uint64_t{1}, std::uint64_t{1} << 24);
  s.field("source", p.source, "where the published totals come from");
  s.rule([&p] { return (p.parameters == 0 && p.macs_per_token == 0) || !p.source.empty(); },
         {"parameters", "macs_per_token", "source"}, "published totals need a source");
}

void describe(Schema& s, ModelConfig& m) {
  constexpr std::uint64_t kOne = 1, kNone = 0;
  s.field("name", m.name, "name of the model, as its file is called").required();
  s.field("source", m.source, "where the hyper-parameters come from");
  s.field("vocabulary", m.vocabulary, "rows of the token table").range(kOne, std::uint64_t{1} << 24).required();
  s.field("hidden", m.hidden, "width of the residual stream").range(kOne, std::uint64_t{1} << 17).required();
  s.field("intermediate", m.intermediate, "inner width of the MLP").range(kOne, std::uint64_t{1} << 20).required();
  s.field("layers", m.layers, "transformer blocks").range(kOne, std::uint64_t{4096}).required();
  s.field("heads", m.heads, "query heads").range(kOne, std::uint64_t{1024}).required();
  s.field("kv_heads", m.kv_heads, "key and value heads; fewer than heads = grouped-query attention")
      .range(kOne, std::uint64_t{1024})
      .required();
  s.field("head_dim", m.head_dim, "width of one head").range(kOne, std::uint64_t{1024}).required();
  s.choice("norm", m.norm, {{"rms", Norm::kRms}, {"layer", Norm::kLayer}}, "normalisation of every block");
  s.choice("activation", m.activation,
           {{"gated_silu", Activation::kGatedSilu},
            {"gated_relu2", Activation::kGatedRelu2},
            {"relu", Activation::kRelu},
            {"gelu", Activation::kGelu}},
           "MLP non-linearity; gated ones multiply a gate projection with the up projection");
  s.choice("position", m.position, {{"rotary", Position::kRotary}, {"learned", Position::kLearned}},
           "position embedding: rotary on q and k, or a learned table added to the tokens");
  s.field("positions", m.positions, "longest sequence of the learned table").range(kNone, std::uint64_t{1} << 24);
  s.field("position_offset", m.position_offset, "rows of the learned table in front of position 0")
      .range(kNone, std::uint64_t{64});
  s.field("attention_window", m.attention_window, "keys that a query sees, itself included; 0 = all before it")
      .range(kNone, std::uint64_t{1} << 24);
  s.field("attention_sinks", m.attention_sinks, "first keys that stay visible behind the window")
      .range(kNone, std::uint64_t{1} << 20);
  s.field("biases", m.biases, "a bias in every linear layer of a block");
  s.field("tied_embeddings", m.tied_embeddings, "the lm_head is the token table");
  s.field("sub_norms", m.sub_norms, "BitNet: one more norm before o_proj and before down_proj");
  s.group("formats", m.formats, "number formats by use");
  s.group("published", m.published, "totals stated elsewhere, compared with our own count");
  s.rule([&m] { return m.heads % m.kv_heads == 0; }, {"heads", "kv_heads"}, "kv_heads must divide heads");
  s.rule([&m] { return m.position != Position::kRotary || m.head_dim % 2 == 0; }, {"position", "head_dim"},
         "rotary embedding turns pairs: head_dim must be even");
  s.rule([&m] { return (m.position == Position::kLearned) == (m.positions > 0); }, {"position", "positions"},
         "positions must be given with position: learned, and only then");
  s.rule([&m] { return m.position == Position::kLearned || m.position_offset == 0; }, {"position", "position_offset"},
         "position_offset is for position: learned");
  s.rule([&m] { return m.attention_sinks == 0 || m.attention_window > 0; }, {"attention_sinks", "attention_window"},
         "attention_sinks are what a window keeps: they need attention_window");
  s.rule([&m] { return !m.tied_embeddings || m.formats.lm_head == m.formats.embedding; },
         {"tied_embeddings", "formats"}, "tied embeddings are one table: formats.lm_head must equal formats.embedding");
}

bool is_gated(Activation activation) {
  return activation == Activation::kGatedSilu || activation == Activation::kGatedRelu2;
}

std::uint64_t parameter_count(const ModelConfig& m) {
  const std::uint64_t wide = m.heads * m.head_dim, narrow = m.kv_heads * m.head_dim;
  std::uint64_t block = block_weights(m) + 2 * norm_parameters(m, m.hidden);
  if (m.biases) block += wide + 2 * narrow + 2 * m.hidden + (is_gated(m.activation) ? 2 : 1) * m.intermediate;
  if (m.sub_norms) block += norm_parameters(m, wide) + norm_parameters(m, m.intermediate);
  const std::uint64_t table = m.vocabulary * m.hidden;
  const std::uint64_t positions = m.position == Position::kLearned ? (m.positions + m.position_offset) * m.hidden : 0;
  return (m.tied_embeddings ? 1 : 2) * table + positions + m.layers * block + norm_parameters(m, m.hidden);
}

std::uint64_t block_macs_per_token(const ModelConfig& m, std::uint64_t context) {
  return m.layers * (block_weights(m) + 2 * context * m.heads * m.head_dim);
}

std::uint64_t macs_per_token(const ModelConfig& m, std::uint64_t context) {
  return block_macs_per_token(m, context) + m.vocabulary * m.hidden;
}

}  // namespace lutetia
