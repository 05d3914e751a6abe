// Law 2 over a whole machine: transaction == cycle == rtl in every transfer stamp, between blocks and on every stream
// of the LUT core, while a small BitNet runs prefill and decode.
#include <gtest/gtest.h>

#include "laws/agreement.h"

namespace lutetia {
namespace {

TEST(Agreement, TransactionEqualsCycleInEveryTransferOfATinyBitnet) {
  expect_agreement(load_design("lut-tensor-core"), tiny_bitnet(), Fidelity::kTransaction, Fidelity::kCycle);
}

TEST(Agreement, TransactionEqualsRtlInEveryTransferOfATinyBitnet) {
  expect_agreement(load_design("lut-tensor-core"), tiny_bitnet(), Fidelity::kTransaction, Fidelity::kRtl);
}

/// Small buffers and an odd core: K is split over tiles (fill stream), every tile is ragged, group scales.
TEST(Agreement, TransactionEqualsRtlWhenProductsAreSplitEverywhere) {
  const Design design =
      load_design("lut-tensor-core", {"lut_core.rows=2", "lut_core.lanes=12", "lut_core.psum_blocks=2",
                                      "lut_core.table_generators=1", "lut_core.epilogue_lanes=2",
                                      "buffers.weights=4KiB", "buffers.activations=1KiB", "buffers.outputs=1KiB"});
  ExpandOptions options;
  options.prefill = 3;
  options.layers = 1;
  for (const char* weight : {"int1", "int3", "int4", "ternary"}) {
    SCOPED_TRACE(weight);
    const ModelConfig model =
        load_model("bitnet-tiny", {std::string("formats.weight=") + weight, "formats.weight_scale=group",
                                   "formats.weight_group=32", "hidden=72", "head_dim=18", "intermediate=130"});
    expect_agreement(design, expand(model, options), Fidelity::kTransaction, Fidelity::kRtl);
  }
}

}  // namespace
}  // namespace lutetia
