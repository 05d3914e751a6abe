// The beats of a task, bit by bit as the README of the unit lists them.
#include <algorithm>

#include "cosim/attention_bench.h"
#include "units/attention/attention_words.h"

namespace lutetia {
namespace {

class Packing {
 public:
  Packing(const AttentionConfig& config, const AttentionTask& task, BenchProgram& program)
      : config_(config), task_(task), c_(task.command), program_(program) {}

  void append() {
    add(AttentionPort::kCommand, c_.encode());
    if (c_.open) queries();
    for (std::uint32_t b = 0; b < task_.blocks(); ++b) {
      codes(b, c_.key_chunks, AttentionPort::kKey, &AttentionTaskKey::key);
      codes(b, c_.value_chunks, AttentionPort::kValue, &AttentionTaskKey::value);
      scales(b, AttentionPort::kKeyScale, 32, &AttentionTaskKey::key_scale);
      scales(b, AttentionPort::kValueScale, 16, &AttentionTaskKey::value_scale);
      if (c_.masked) masks(b);
    }
    states();
    if (c_.close) program_.outputs[AttentionPort::kOut] += c_.contexts * (c_.value_chunks + (c_.partial ? 1u : 0u));
  }

 private:
  void add(std::uint32_t input, Payload beat) { program_.inputs[input].push_back(std::move(beat)); }
  const AttentionTaskKey& key(std::uint32_t block, std::uint32_t i) const {
    return task_.keys[std::size_t{block} * config_.keys + i];
  }

  void queries() {
    const std::uint32_t bits = config_.query_bits();
    for (std::uint32_t c = 0; c < c_.contexts; ++c) {
      add(AttentionPort::kRow, task_.rows[c].encode());
      for (std::uint32_t j = 0; j < c_.key_chunks; ++j) {
        Payload p(config_.dims * bits);
        for (std::uint32_t e = 0; e < config_.dims; ++e) p.set(e * bits, bits, task_.query[c][j * config_.dims + e]);
        add(AttentionPort::kQuery, std::move(p));
      }
    }
  }
  void codes(std::uint32_t block, std::uint32_t chunks, std::uint32_t input,
             std::vector<std::uint32_t> AttentionTaskKey::*of) {
    const std::uint32_t bits = config_.kv_element_bits();
    for (std::uint32_t j = 0; j < chunks; ++j) {
      Payload p(config_.keys * config_.dims * bits);
      for (std::uint32_t i = 0; i < config_.keys; ++i)
        for (std::uint32_t e = 0; e < config_.dims; ++e)
          p.set((i * config_.dims + e) * bits, bits, (key(block, i).*of)[j * config_.dims + e]);
      add(input, std::move(p));
    }
  }
  void scales(std::uint32_t block, std::uint32_t input, std::uint32_t factor_bits,
              std::vector<AttentionTaskScale> AttentionTaskKey::*of) {
    for (std::size_t g = 0; g < (key(block, 0).*of).size(); ++g) {
      Payload p(config_.keys * (factor_bits + 8));
      for (std::uint32_t i = 0; i < config_.keys; ++i) {
        const AttentionTaskScale& scale = (key(block, i).*of)[g];
        p.set(i * (factor_bits + 8), factor_bits, scale.factor);
        p.set(i * (factor_bits + 8) + factor_bits, 8, scale.zero);
      }
      add(input, std::move(p));
    }
  }
  void masks(std::uint32_t block) {
    for (std::uint32_t c = 0; c < c_.contexts; ++c) {
      Payload p(config_.keys * 22);
      for (std::uint32_t i = 0; i < config_.keys; ++i) {
        const AttentionTaskMask& m = *task_.mask_of(std::size_t{block} * config_.keys + i, c);
        p.set(i * 22, 21, static_cast<std::uint64_t>(m.bias));
        p.set(i * 22 + 21, 1, m.seen ? 1 : 0);
      }
      add(AttentionPort::kMask, std::move(p));
    }
  }
  void states() {
    const std::uint32_t bits = config_.accumulator_bits();
    for (std::uint32_t s = 0; s < c_.states; ++s) {
      const AttentionPartial* states = &task_.states[std::size_t{s} * c_.contexts];
      for (std::uint32_t c = 0; c < c_.contexts; ++c) {
        Payload p(AttentionState::kBits);
        p.set(0, 40, states[c].sum);
        p.set(40, 12, static_cast<std::uint64_t>(states[c].maximum));
        add(AttentionPort::kState, std::move(p));
      }
      for (std::uint32_t j = 0; j < c_.value_chunks; ++j)
        for (std::uint32_t c = 0; c < c_.contexts; ++c) {
          Payload p(config_.output_bits());
          for (std::uint32_t e = 0; e < config_.dims; ++e) {
            const AttentionExactInt sum = states[c].accumulator[j * config_.dims + e];
            p.set(e * bits, std::min(bits, 64u), static_cast<std::uint64_t>(sum));
            if (bits > 64) p.set(e * bits + 64, bits - 64, static_cast<std::uint64_t>(sum >> 64));
          }
          add(AttentionPort::kPartial, std::move(p));
        }
    }
  }

  const AttentionConfig& config_;
  const AttentionTask& task_;
  const AttentionCommand& c_;
  BenchProgram& program_;
};

}  // namespace

void append_attention_task(const AttentionConfig& config, const AttentionTask& task, BenchProgram& program) {
  Packing(config, task, program).append();
}

}  // namespace lutetia
