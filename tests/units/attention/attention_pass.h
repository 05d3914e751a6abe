// One command of the attention unit by the codes of its operands, and its beats in the order of the contract.
#pragma once
#include "units/attention/attention_drive.h"

namespace lutetia {

using Codes = std::vector<std::vector<std::int64_t>>;  ///< [row][element]: bits as they lie in a beat

struct AttentionPass {
  AttentionCommand command;
  std::vector<AttentionRow> rows;      ///< [context]
  Codes query, key, value;             ///< [context], [key], [key]
  std::vector<AttentionState> states;  ///< [state][context]
  std::vector<Payload> partials;       ///< [state][chunk][context]

  std::uint64_t outputs() const {
    if (!command.close) return 0;
    return std::uint64_t{command.contexts} * (command.value_chunks + (command.partial ? 1 : 0));
  }
};

inline void append(const AttentionConfig& config, const AttentionPass& pass, AttentionBeats& beats) {
  const AttentionCommand& c = pass.command;
  const auto chunk = [&config](const std::vector<std::int64_t>& codes, std::uint32_t j, std::uint32_t bits, Payload& p,
                               std::uint32_t at) {
    for (std::uint32_t e = 0; e < config.dims; ++e)
      p.set((at + e) * bits, bits, static_cast<std::uint64_t>(codes.at(std::size_t{j} * config.dims + e)));
  };
  beats.add(AttentionPort::kCommand, c.encode());
  for (std::uint32_t i = 0; c.open && i < c.contexts; ++i) {
    beats.add(AttentionPort::kRow, pass.rows.at(i).encode());
    for (std::uint32_t j = 0; j < c.key_chunks; ++j) {
      Payload p(config.dims * config.query_bits());
      chunk(pass.query.at(i), j, config.query_bits(), p, 0);
      beats.add(AttentionPort::kQuery, std::move(p));
    }
  }
  for (std::uint64_t b = 0; b < c.block_count(); ++b)
    for (const bool is_key : {true, false})
      for (std::uint32_t j = 0; j < (is_key ? c.key_chunks : c.value_chunks); ++j) {
        const std::uint32_t bits = config.kv_element_bits();
        Payload p(config.keys * config.dims * bits);
        for (std::uint32_t i = 0; i < config.keys; ++i)
          chunk((is_key ? pass.key : pass.value).at(std::size_t{c.block_at(b)} * config.keys + i), j, bits, p,
                i * config.dims);
        beats.add(is_key ? AttentionPort::kKey : AttentionPort::kValue, std::move(p));
      }
  for (const AttentionState& state : pass.states) {
    Payload p(AttentionState::kBits);
    state.encode(p);
    beats.add(AttentionPort::kState, std::move(p));
  }
  for (const Payload& partial : pass.partials) beats.add(AttentionPort::kPartial, partial);
}

/// Random codes of `bits` bits; two's complement if they are integers.
inline Codes random_codes(Random& random, std::size_t rows, std::size_t elements, std::uint32_t bits) {
  Codes codes(rows, std::vector<std::int64_t>(elements));
  for (auto& row : codes)
    for (std::int64_t& code : row)
      code = random.between(-(std::int64_t{1} << (bits - 1)), (std::int64_t{1} << (bits - 1)) - 1);
  return codes;
}

/// A pass of this shape over random codes that every context sees whole; multiplier and shift give scores of a few
/// units for integers.
inline AttentionPass random_pass(const AttentionConfig& config, Random& random, std::uint32_t contexts,
                                 std::uint32_t key_chunks, std::uint32_t value_chunks, std::uint32_t blocks) {
  AttentionPass pass;
  AttentionCommand& c = pass.command;
  c.contexts = contexts;
  c.key_chunks = key_chunks;
  c.value_chunks = value_chunks;
  c.blocks = blocks;
  c.shift = 20;
  c.multiplier = 1000;
  const std::size_t keys = std::size_t{blocks} * config.keys;
  pass.rows.assign(contexts, {0, 0xffffff, 0});
  pass.query = random_codes(random, contexts, std::size_t{key_chunks} * config.dims, config.query_bits());
  pass.key = random_codes(random, keys, std::size_t{key_chunks} * config.dims, config.kv_element_bits());
  pass.value = random_codes(random, keys, std::size_t{value_chunks} * config.dims, config.kv_element_bits());
  return pass;
}

inline AttentionDriven drive(const AttentionConfig& config, const std::vector<AttentionPass>& passes,
                             std::uint32_t input_stalls = 0, std::uint32_t output_stalls = 0, std::uint64_t seed = 1) {
  AttentionCycle body(config);
  AttentionBeats beats;
  std::uint64_t outputs = 0;
  for (const AttentionPass& pass : passes) {
    append(config, pass, beats);
    outputs += pass.outputs();
  }
  return drive(body, beats, outputs, input_stalls, output_stalls, seed);
}

}  // namespace lutetia
