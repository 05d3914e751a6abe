// A machine as its user describes it: configs/designs/*.yaml. Composes units, buffers, DMA, memory; every key is
// documented by `lutetia help config`.
#pragma once
#include <optional>
#include <string>

#include "accelerator/sequencer.h"
#include "config/schema.h"
#include "mapping/machine_shape.h"
#include "memory/dma.h"
#include "memory/memory_config.h"
#include "units/adder_core/adder_core_config.h"
#include "units/attention/attention_config.h"
#include "units/lut_core/lut_core_config.h"
#include "units/mac_core/mac_core_config.h"
#include "units/vector/vector_config.h"
#include "units/weight_decoder/weight_decoder_config.h"

namespace lutetia {

/// On-chip SRAM, each cut into two slots (scales: three): one is worked on while another is filled or emptied.
struct BufferConfig {
  Bytes weights{1 << 20};      ///< coded weights of the matrix unit, packed
  Bytes activations{1 << 19};  ///< activations of the matrix unit
  Bytes scales{192 << 10};     ///< FP32 scales and biases of the matrix unit
  Bytes outputs{1 << 20};      ///< FP32 results of the matrix unit
  Bytes vector{1 << 20};       ///< half for row operations, half for products on the vector unit
  Bytes attention{1 << 20};    ///< three quarters for keys and values, an eighth for queries, an eighth for results
};

void describe(Schema& schema, BufferConfig& config);

/// Decoder of packed ternary weights in front of the matrix core; as wide as the core.
struct WeightDecoderChoice {
  TernaryCode code = TernaryCode::kTl2;
};

void describe(Schema& schema, WeightDecoderChoice& choice);

/// How keys and values lie in memory; only an attention unit reads them that way.
enum class KvPlacement : std::uint8_t { kContiguous, kPaged };
struct KvCacheConfig {
  KvPlacement placement = KvPlacement::kContiguous;
  std::uint32_t page_tokens = 16;
};

void describe(Schema& schema, KvCacheConfig& config);

struct Design {
  std::string name;
  Hertz clock{1'000'000'000};
  std::optional<LutCoreConfig> lut_core;  ///< at most one of the matrix cores
  std::optional<AdderCoreConfig> adder_core;
  std::optional<MacCoreConfig> mac_core;
  std::optional<WeightDecoderChoice> weight_decoder;
  VectorConfig vector;
  BufferConfig buffers;
  DmaConfig dma;
  MemoryConfig memory;
  SequencerConfig sequencer;
  std::optional<AttentionConfig> attention;
  KvCacheConfig kv_cache;
  std::string technology = "none";  ///< a file in configs/technology; "none" = area and energy not calibrated
};

void describe(Schema& schema, Design& design);

/// Calls visit(config) for the matrix core that the design has, if any.
template <class Visit>
void visit_matrix_core(const Design& design, Visit visit) {
  if (design.lut_core) visit(*design.lut_core);
  if (design.adder_core) visit(*design.adder_core);
  if (design.mac_core) visit(*design.mac_core);
}
/// With the latency of the weight decoder, if there is one.
std::optional<MatrixCoreShape> matrix_core_shape(const Design& design);
/// The decoder for that core; the design has both.
WeightDecoderConfig weight_decoder_config(const Design& design);
/// Its name; "matrix" if there is none.
std::string matrix_core_name(const Design& design);

/// The same machine in the mapper's terms.
MachineShape machine_shape(const Design& design);

}  // namespace lutetia
