// What attention means, in real numbers: softmax over the keys that a context may see, of a scaled and biased dot
// product, times the values; and how far the unit's arithmetic may be off, derived step by step from the widths in its
// README. Independent of the order and the running maximum of any implementation: a mistake that the unit's model and
// the exact integers of attention_oracle.h share shows here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cosim/attention_task.h"

namespace lutetia {

/// Gathers the keys and states of one context over a chain of commands.
class AttentionMeaningPass {
 public:
  AttentionMeaningPass(const AttentionConfig& config, std::uint32_t context) : config_(config), context_(context) {}
  void add(const AttentionTask& task);
  /// Of everything added.
  AttentionMeaning meaning() const;

 private:
  struct Key {
    long double score = 0, doubt = 0;  ///< base-2 logarithm of the weight; how far the unit's may be off
    std::vector<long double> value;    ///< [element]
    std::vector<long double> code;     ///< [element]: |value| before its scale; 0 if it has none
  };
  void add_key(const AttentionTask& task, std::size_t key);

  AttentionConfig config_;
  std::uint32_t context_;
  std::size_t elements_ = 0;
  std::vector<Key> keys_;
  std::vector<AttentionMeaning> states_;
};

/// Of a state that is not the result of an earlier command: exactly its numbers.
AttentionMeaning attention_meaning_of(const AttentionConfig& config, const AttentionPartial& state);

/// Compares a partial result, or the 16 bits of a result. Empty if it is close enough, else what is wrong.
std::string attention_check_partial(const AttentionConfig& config, const AttentionMeaning& meaning,
                                    const AttentionPartial& partial);
std::string attention_check_result(const AttentionConfig& config, const AttentionMeaning& meaning, std::size_t element,
                                   std::uint32_t bits);
/// The bound of attention_check_result(); infinite if nothing can be said.
long double attention_result_bound(const AttentionConfig& config, const AttentionMeaning& meaning, std::size_t element);

}  // namespace lutetia
