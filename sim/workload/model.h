// The description of a decoder-only transformer: hyper-parameters, number formats, and published totals that a test
// compares with our own count. Files: workloads/models/*.yaml. What a model becomes as operators: expand.h.
#pragma once
#include <cstdint>
#include <string>

#include "numeric/number_format.h"

namespace lutetia {

class Schema;

enum class Norm { kRms, kLayer };
enum class Activation { kGatedSilu, kGatedRelu2, kRelu, kGelu };
enum class Position { kRotary, kLearned };
enum class WeightScale { kTensor, kRow, kGroup };

/// Formats by use. What differs from `hidden` is reached by a quantize operator.
struct ModelFormats {
  FormatId weight = format_id("ternary");  ///< weights of the linear layers inside the blocks
  WeightScale weight_scale = WeightScale::kTensor;
  std::uint32_t weight_group = 0;           ///< elements along k that share one scale; only with weight_scale = group
  FormatId activation = format_id("int8");  ///< input of those linear layers
  FormatId hidden = format_id("fp16");      ///< everything between: residual stream, norms, outputs of linear layers
  FormatId attention = format_id("fp16");   ///< queries and probabilities as they enter the two matmuls
  FormatId kv_cache = format_id("fp16");
  FormatId embedding = format_id("fp16");  ///< token and position tables
  FormatId lm_head = format_id("fp16");    ///< must equal `embedding` if they are tied
};

/// Totals that somebody else states. 0 = not stated.
struct PublishedTotals {
  std::uint64_t parameters = 0;
  std::uint64_t parameters_rounded_to = 1;  ///< 1 = exact; otherwise our count must be within half of this
  std::uint64_t macs_per_token = 0;
  std::uint64_t macs_rounded_to = 1;
  std::uint64_t macs_context = 1;  ///< keys each query attends to in that figure
  std::string source;
};

struct ModelConfig {
  std::string name;
  std::string source;
  std::uint64_t vocabulary = 512;
  std::uint64_t hidden = 256;
  std::uint64_t intermediate = 688;
  std::uint64_t layers = 2;
  std::uint64_t heads = 4;
  std::uint64_t kv_heads = 4;
  std::uint64_t head_dim = 64;
  Norm norm = Norm::kRms;
  Activation activation = Activation::kGatedSilu;
  Position position = Position::kRotary;
  std::uint64_t positions = 0;        ///< longest sequence of the learned position table, 0 with rotary
  std::uint64_t position_offset = 0;  ///< rows of that table in front of position 0 (OPT: 2)
  bool biases = false;                ///< a bias in every linear layer of a block (not in the lm_head)
  bool tied_embeddings = false;
  bool sub_norms = false;  ///< BitNet: one more norm before o_proj and before down_proj
  ModelFormats formats;
  PublishedTotals published;
  std::uint64_t attention_window = 0;  ///< keys that a query sees, itself included; 0 = all
  std::uint64_t attention_sinks = 0;   ///< first keys that stay visible behind the window
};

void describe(Schema& schema, ModelFormats& formats);
void describe(Schema& schema, PublishedTotals& published);
void describe(Schema& schema, ModelConfig& model);

/// True for activations with a gate projection beside the up projection.
bool is_gated(Activation activation);

/// Trained numbers: embeddings (tied ones once), projections, biases, norm weights. Quantization scales are not
/// counted.
std::uint64_t parameter_count(const ModelConfig& model);

/// Multiply-accumulates to process one token that attends to `context` keys, itself included: all linear layers, the
/// two attention products and the lm_head. Embedding look-up, norms and other element-wise work are not MACs.
std::uint64_t macs_per_token(const ModelConfig& model, std::uint64_t context);

/// The same without the lm_head: what a prompt token costs that is not the last one.
std::uint64_t block_macs_per_token(const ModelConfig& model, std::uint64_t context);

}  // namespace lutetia
