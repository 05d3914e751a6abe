// The table of all packings. Adding a format: a class in a file of its own, its maker in packing_formats.h, a row here.
#include "numeric/packing/packing_formats.h"

namespace lutetia {
namespace {

constexpr std::string_view kGgml = "llama.cpp ggml-common.h, ggml-quants.c";
constexpr std::string_view kI2s = "microsoft/BitNet src/ggml-bitnet-mad.cpp, quantize_i2_s";
constexpr std::string_view kTl = "microsoft/BitNet utils/convert-hf-to-gguf-bitnet.py; paper arXiv 2502.11880";
constexpr std::string_view kTmac = "microsoft/T-MAC python/t_mac/weights.py, model_utils.py; paper arXiv 2407.00088";
constexpr std::string_view kTail = "28 bytes behind the scale";

struct Row {
  PackingInfo info;
  PackingMaker make;
};

PackingInfo tmac(std::string_view name, int bits) {
  return {name,
          "4 weights of a plane in 4 bits",
          "FP32, a matrix or a group",
          "NaN and infinite scales",
          kTmac,
          1.0 * bits,
          -(1 << (bits - 1)),
          (1 << (bits - 1)) - 1,
          1 << (bits - 1),
          ScaleStorage::kFp32,
          ""};
}

// Bits per weight of I2_S, TL2 and T-MAC without what is constant for a matrix: a tail, the pairs, a scale.
const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {{"i2_s_128", "128 weights in 32 bytes", "FP32 a matrix", "code 3", kI2s, 2, -1, 1, 1, ScaleStorage::kFp32,
        kTail},
       make_i2_s_128},
      {{"i2_s_64", "64 weights in 16 bytes", "FP32 a matrix", "code 3", kI2s, 2, -1, 1, 1, ScaleStorage::kFp32, kTail},
       make_i2_s_64},
      {{"tl1", "2 weights in 4 bits", "outside", "codes 9..15", kTl, 2, -1, 1, 1, ScaleStorage::kOutside, ""},
       make_tl1},
      {{"tl2", "3 weights in 5 bits", "outside", "indices 14, 15; sign of index 0; pairs 9..15; padding not 0", kTl,
        5.0 / 3, -1, 1, 1, ScaleStorage::kOutside, ""},
       make_tl2},
      {{"tq1_0", "256 weights in 54 bytes", "FP16 a block", "13 bytes of five digits, 175 of four", kGgml, 54.0 / 32,
        -1, 1, 1, ScaleStorage::kHalf, ""},
       make_tq1_0},
      {{"tq2_0", "256 weights in 66 bytes", "FP16 a block", "code 3", kGgml, 66.0 / 32, -1, 1, 1, ScaleStorage::kHalf,
        ""},
       make_tq2_0},
      {{"q4_0", "32 weights in 18 bytes", "FP16 a block", "NaN and infinite scales", kGgml, 4.5, -8, 7, 8,
        ScaleStorage::kHalf, ""},
       make_q4_0},
      {{"q8_0", "32 weights in 34 bytes", "FP16 a block", "NaN and infinite scales", kGgml, 8.5, -128, 127, 0,
        ScaleStorage::kHalf, ""},
       make_q8_0},
      {{"q2_k", "256 weights in 84 bytes", "FP16 and 16 of 4 bits", "NaN and infinite scales", kGgml, 84.0 / 32, 0, 3,
        0, ScaleStorage::kHalf, ""},
       make_q2_k},
      {tmac("tmac_1", 1), make_tmac},
      {tmac("tmac_2", 2), make_tmac},
      {tmac("tmac_3", 3), make_tmac},
      {tmac("tmac_4", 4), make_tmac},
  };
  return table;
}

}  // namespace

const std::vector<PackingInfo>& weight_packings() {
  static const std::vector<PackingInfo> infos = [] {
    std::vector<PackingInfo> out;
    for (const Row& row : rows()) out.push_back(row.info);
    return out;
  }();
  return infos;
}

std::vector<std::string> packing_names() {
  std::vector<std::string> names;
  for (const PackingInfo& info : weight_packings()) names.emplace_back(info.name);
  return names;
}

std::unique_ptr<WeightPacking> create_packing(std::string_view name) {
  for (const Row& row : rows())
    if (row.info.name == name) return row.make(row.info);
  return nullptr;
}

}  // namespace lutetia
