// Memory as the caches of a tile program see it: which token of which head lies at an address, who wrote it there, who
// read it last. Knows no layout, only addresses: a token that is read must be where its append, or for tokens from
// before the trace the first read, put it.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "mapping/tile_program.h"

namespace lutetia {

class CacheMemory {
 public:
  /// A load, and what is sure to have happened before it goes.
  struct Load {
    std::uint64_t address = 0, bytes = 0;
    std::uint64_t number = 0;  ///< counted from 1
    std::uint64_t stores_done = 0, tiles_read = 0;
  };

  /// Tokens of a sequence after each step of expand(), those before the trace included.
  static std::uint64_t tokens_after(const Trace& trace, const Operator& op) {
    return trace.header.past + trace.header.prefill + op.step;
  }

  /// Rows of an append, in the order of its loops (sequences, heads, tokens).
  void append(const TileProgram& program, std::uint32_t index, const Instruction& store, std::uint64_t number,
              std::uint64_t loads_done) {
    const Operator& op = program.trace().operators[index];
    const OperatorPlan& plan = program.plans()[index];
    ASSERT_EQ(plan.output_bytes % plan.rows, 0u) << "these tests use formats whose rows are whole bytes";
    const std::uint64_t row = plan.output_bytes / plan.rows, fresh = extent(op, "m"), heads = extent(op, "h");
    ASSERT_EQ(store.bytes % row, 0u) << op.name << ": a store splits a token";
    const std::string& name = find_tensor(op, Role::kCacheWrite)->name;
    for (std::uint64_t at = 0; at < store.bytes; at += row) {
      const std::uint64_t r = appended_[index]++;
      const Token token{name, r / fresh / heads, r / fresh % heads,
                        tokens_after(program.trace(), op) - fresh + r % fresh};
      const auto old = rows_.find(store.address + at);
      if (old != rows_.end()) {
        EXPECT_EQ(old->second.bytes, row);
        EXPECT_GE(loads_done, old->second.last_load) << op.name << ": overwrites a token that is still being read";
        ++overwritten_;
        rows_.erase(old);
      }
      place(program, store.address + at, {token, row, number, 0});
      ++written_;
    }
  }

  /// Pieces that bring the keys and values of a tile.
  void read(const TileProgram& program, std::uint32_t index, const TileCommand& tile, const std::vector<Load>& pieces) {
    const Operator& op = program.trace().operators[index];
    const AttentionPlan& plan = program.plans()[index].attention;
    const std::uint64_t tokens = tokens_after(program.trace(), op), keys = extent(op, "n");
    ASSERT_LE(keys, tokens);
    std::size_t piece = 0;
    std::uint64_t offset = 0;
    for (const std::size_t t : {1u, 2u}) {
      const std::uint64_t row = t == 1 ? plan.key_bytes : plan.value_bytes;
      if (row == 0) continue;
      for (std::uint32_t pass = tile.b0; pass < tile.b0 + tile.b; ++pass)
        for (std::uint32_t key = tile.n0; key < tile.n0 + tile.n; ++key) {
          ASSERT_LT(piece, pieces.size()) << op.name << ": some keys are not loaded";
          const Load& load = pieces[piece];
          const std::uint64_t position = keys == tokens || key < op.mask.sinks ? key : tokens - keys + key;
          const Token token{op.tensors[t].name, pass / plan.heads_kv, pass % plan.heads_kv, position};
          read_row(program, load.address + offset, token, row, load);
          if (testing::Test::HasFailure()) return;
          offset += row;
          ASSERT_LE(offset, load.bytes) << op.name << ": a piece splits a token";
          if (offset == load.bytes) ++piece, offset = 0;
        }
    }
    EXPECT_EQ(piece, pieces.size()) << op.name << ": loads more than its keys and values";
  }

  std::uint64_t written() const { return written_; }
  std::uint64_t overwritten() const { return overwritten_; }
  /// Reads of tokens that some operator of the trace had appended.
  std::uint64_t read_back() const { return read_back_; }

 private:
  using Token =
      std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint64_t>;  ///< cache, sequence, head, position
  struct Row {
    Token token;
    std::uint64_t bytes = 0;
    std::uint64_t store = 0;  ///< number of the store that wrote it; 0: was there before the trace
    std::uint64_t last_load = 0;
  };

  static std::string text(const Token& token) {
    return std::get<0>(token) + " sequence " + std::to_string(std::get<1>(token)) + " head " +
           std::to_string(std::get<2>(token)) + " token " + std::to_string(std::get<3>(token));
  }

  void read_row(const TileProgram& program, std::uint64_t address, const Token& token, std::uint64_t row,
                const Load& load) {
    auto found = rows_.find(address);
    if (found == rows_.end()) {
      ASSERT_LT(std::get<3>(token), program.trace().header.past) << text(token) << " is read and was never written";
      found = place(program, address, {token, row, 0, 0});
    }
    Row& there = found->second;
    ASSERT_EQ(text(there.token), text(token)) << "at address " << address;
    EXPECT_GE(load.stores_done, there.store) << text(token) << " may be read before it is written";
    there.last_load = load.number;
    read_back_ += there.store > 0;
  }

  std::map<std::uint64_t, Row>::iterator place(const TileProgram& program, std::uint64_t address, Row row) {
    const auto next = rows_.lower_bound(address);
    if (next != rows_.end()) {
      EXPECT_LE(address + row.bytes, next->first) << text(row.token) << " overlaps " << text(next->second.token);
    }
    if (next != rows_.begin()) {
      const auto before = std::prev(next);
      EXPECT_LE(before->first + before->second.bytes, address)
          << text(row.token) << " overlaps " << text(before->second.token);
    }
    EXPECT_LE(address + row.bytes, program.memory_bytes());
    return rows_.emplace(address, std::move(row)).first;
  }

  std::map<std::uint64_t, Row> rows_;                ///< by address
  std::map<std::uint32_t, std::uint64_t> appended_;  ///< rows so far, by operator
  std::uint64_t written_ = 0, overwritten_ = 0, read_back_ = 0;
};

}  // namespace lutetia
