#include "accelerator/cycle_body.h"

#include "accelerator/matrix_core_rtl.h"
#include "units/attention/attention_cycle.h"
#include "units/matrix_core/matrix_core_cycle.h"
#include "units/weight_decoder/weight_decoder_cycle.h"

namespace lutetia {

std::vector<std::string> stepped_units(const Design& design) {
  std::vector<std::string> units;
  if (const auto core = matrix_core_shape(design)) units.emplace_back(core->unit);
  if (design.weight_decoder) units.emplace_back("weight_decoder");
  if (design.attention) units.emplace_back("attention");
  return units;
}

std::unique_ptr<StreamUnit> make_cycle_body(const Design& design, const std::string& unit) {
  if (unit == "attention") return std::make_unique<AttentionCycle>(design.attention.value());
  if (unit == "weight_decoder") return std::make_unique<WeightDecoderCycle>(weight_decoder_config(design));
  return std::make_unique<MatrixCoreCycle>(matrix_core_shape(design).value());
}

RtlParameters rtl_of(const Design& design, const std::string& unit) {
  if (unit == "attention") return rtl_parameters_of(design.attention.value());
  if (unit == "weight_decoder") return rtl_parameters_of(weight_decoder_config(design));
  return matrix_core_rtl(design);
}

}  // namespace lutetia
