// What ONNX's Attention operator (opset 24) asks of every query row: its keys, past and present, with the values, which
// of them it must not see, its biases and its scale. Numbers, not yet rounded to any format.
#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "numeric/onnx_case.h"

namespace lutetia {

struct OnnxRow {
  std::vector<double> query, keys, values;  // keys and values: `count` of them, one after the other
  std::vector<double> biases;               // natural logarithms; -infinity: must not be seen
  std::vector<double> expected;
  std::size_t count = 0;
  double scale = 1;
};

/// Q, K, V or Y in [batch, heads, length, size] or [batch, length, heads * size].
class OnnxHeads {
 public:
  OnnxHeads(const OnnxTensor& tensor, std::size_t heads_of_3d) : tensor_(tensor), flat_(tensor.shape.size() == 3) {
    heads_ = flat_ ? heads_of_3d : tensor.shape[1];
    length_ = tensor.shape[flat_ ? 1 : 2];
    size_ = flat_ ? tensor.shape[2] / heads_ : tensor.shape[3];
  }
  std::size_t heads() const { return heads_; }
  std::size_t length() const { return length_; }
  std::size_t size() const { return size_; }
  void append(std::vector<double>& to, std::size_t batch, std::size_t head, std::size_t position) const {
    const std::size_t row =
        flat_ ? (batch * length_ + position) * heads_ + head : (batch * heads_ + head) * length_ + position;
    const auto begin = tensor_.elements.begin() + static_cast<std::ptrdiff_t>(row * size_);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(size_));
  }

 private:
  const OnnxTensor& tensor_;
  bool flat_;
  std::size_t heads_, length_, size_;
};

inline std::vector<OnnxRow> onnx_rows(const OnnxCase& test) {
  const auto query_heads = static_cast<std::size_t>(test.attribute("q_num_heads", 0));
  const auto kv_heads = static_cast<std::size_t>(test.attribute("kv_num_heads", 0));
  const OnnxHeads query(*test.input("Q"), query_heads), key(*test.input("K"), kv_heads),
      value(*test.input("V"), kv_heads);
  const OnnxHeads result(test.outputs.at("Y"), query_heads);
  const OnnxTensor *past_key = test.input("past_key"), *past_value = test.input("past_value");
  const OnnxTensor *mask = test.input("attn_mask"), *lengths = test.input("nonpad_kv_seqlen");
  const std::size_t past = past_key == nullptr ? 0 : past_key->shape[2], count = past + key.length();
  const bool causal = test.attribute("is_causal", 0) != 0;

  std::vector<OnnxRow> rows;
  for (std::size_t batch = 0; batch < test.input("Q")->shape[0]; ++batch)
    for (std::size_t head = 0; head < query.heads(); ++head)
      for (std::size_t position = 0; position < query.length(); ++position) {
        OnnxRow row;
        const std::size_t kv_head = head / (query.heads() / key.heads());  // consecutive heads share keys
        row.count = count;
        row.scale = test.attribute("scale", 1 / std::sqrt(static_cast<double>(query.size())));
        query.append(row.query, batch, head, position);
        result.append(row.expected, batch, head, position);
        // The last key a causal row sees: top-left without a cache, else after what is there already.
        auto last = static_cast<std::ptrdiff_t>(position + past);
        std::size_t valid = count;
        if (lengths != nullptr) {
          valid = static_cast<std::size_t>(lengths->elements[batch]);
          last = static_cast<std::ptrdiff_t>(position + valid) - static_cast<std::ptrdiff_t>(query.length());
        }
        for (std::size_t i = 0; i < count; ++i) {
          if (i < past) {
            OnnxHeads(*past_key, kv_heads).append(row.keys, batch, kv_head, i);
            OnnxHeads(*past_value, kv_heads).append(row.values, batch, kv_head, i);
          } else {
            key.append(row.keys, batch, kv_head, i - past);
            value.append(row.values, batch, kv_head, i - past);
          }
          double bias = 0;
          if (i >= valid || (causal && static_cast<std::ptrdiff_t>(i) > last)) bias = -INFINITY;
          if (mask != nullptr && bias == 0) {
            if (i >= mask->shape.back()) {
              bias = -INFINITY;  // a mask shorter than the keys hides the others
            } else {
              const double element = mask->broadcast({batch, head, position, i});
              bias = mask->type != "bool" ? element : element != 0 ? 0 : -INFINITY;
            }
          }
          row.biases.push_back(bias);
        }
        rows.push_back(row);
      }
  return rows;
}

}  // namespace lutetia
