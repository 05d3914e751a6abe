#include "units/attention/attention_config.h"

namespace lutetia {

void describe(Schema& s, AttentionConfig& c) {
  s.field("keys", c.keys, "keys of a block, scored side by side").range(1, 256).rtl("Keys");
  s.field("dims", c.dims, "elements of a head per cycle: a chunk").range(2, 256).rtl("Dims");
  s.field("contexts", c.contexts, "query rows held and interleaved; two or more hide the interval of the accumulators")
      .range(1, 64)
      .rtl("Contexts");
  s.field("max_chunks", c.max_chunks, "chunks of the longest head").range(1, 64).rtl("MaxChunks");
  s.choice("format", c.format, {{"integer", AttentionFormat::kInteger}, {"fp16", AttentionFormat::kFp16}},
           "8-bit queries with keys and values of kv_bits, or FP16 throughout")
      .rtl("Format");
  s.field("kv_bits", c.kv_bits, "keys and values of the integer format; 4 or 8")
      .range(4, 8)
      .unit(Unit::kBits)
      .rtl("KvBits");
  s.field("kv_scales", c.kv_scales, "integer keys and values have a zero point and a scale per key and group")
      .rtl("KvScales");
  s.choice("output_format", c.output_format, {{"fp16", AttentionOutput::kFp16}, {"int8", AttentionOutput::kInt8}},
           "of results")
      .rtl("OutputFormat");
  s.field("score_fifo", c.score_fifo, "slots from scores to softmax, those in the pipeline too; 8 never limit")
      .range(1, 256)
      .rtl("ScoreFifo");
  s.field("probability_fifo", c.probability_fifo, "slots from softmax to the accumulators; 6 never limit softmax")
      .range(1, 256)
      .rtl("ProbabilityFifo");
  s.field("output_fifo", c.output_fifo, "slots behind the normalisation; 4 never limit")
      .range(1, 256)
      .rtl("OutputFifo");
  s.field("key_fifo", c.key_fifo, "beats of keys inside the unit").range(1, 256).rtl("KeyFifo");
  s.field("value_fifo", c.value_fifo, "beats of values inside the unit").range(1, 256).rtl("ValueFifo");
  s.rule([&c] { return c.kv_bits == 4 || c.kv_bits == 8; }, {"kv_bits"}, "kv_bits must be 4 or 8");
  s.rule([&c] { return !c.floating() || (!c.kv_scales && c.kv_bits == 8); }, {"format", "kv_scales", "kv_bits"},
         "fp16 keys and values have neither kv_scales nor another kv_bits than 8");
  s.rule([&c] { return !c.floating() || c.output_format == AttentionOutput::kFp16; }, {"output_format", "format"},
         "int8 results need the integer format");
  s.rule([&c] { return !c.floating() || c.dims * c.max_chunks <= AttentionConfig::kMostFp16Elements; },
         {"format", "dims", "max_chunks"}, "fp16 heads have at most 2048 elements, or exact scores get too wide");
}

}  // namespace lutetia
