// Where cached keys and values lie in memory. In one piece: [sequence][head][token][element]. Paged: the tokens of a
// sequence are cut into pages that lie anywhere in a pool, [page][head][token][element], found through a block table
// that all layers share, as serving systems do; the table here is a reproducible shuffle. Behind a window a cache is a
// ring: there is room for the first tokens and for as many others as a step needs, and later ones take turns in it.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace lutetia {

/// Physical page of each logical page of each sequence.
class BlockTable {
 public:
  BlockTable() = default;
  BlockTable(std::uint64_t page_tokens, std::uint64_t sequences, std::uint64_t tokens);

  bool paged() const { return page_tokens_ > 0; }
  std::uint64_t page_tokens() const { return page_tokens_; }
  std::uint64_t pages() const { return physical_.size(); }
  std::uint64_t physical(std::uint64_t sequence, std::uint64_t page) const {
    return physical_[sequence * pages_per_sequence_ + page];
  }

 private:
  std::uint64_t page_tokens_ = 0, pages_per_sequence_ = 0;
  std::vector<std::uint32_t> physical_;
};

/// One cache tensor.
struct KvCacheLayout {
  std::uint64_t base = 0;
  std::uint64_t sequences = 1, heads = 1, tokens = 0;  ///< room for so many
  std::uint64_t row_bytes = 0;                         ///< of a token and head, scales included
  std::uint64_t sinks = 0;                             ///< of a ring: first tokens, which keep their room

  /// Where among the `tokens` the token at this position of its sequence has its room.
  std::uint64_t slot(std::uint64_t position) const {
    if (position < tokens) return position;
    const std::uint64_t kept = std::min(sinks, tokens - 1);
    return kept + (position - kept) % (tokens - kept);
  }

  struct Run {
    std::uint64_t address = 0;
    std::uint64_t tokens = 0;
  };
  /// Where the token at this position lies for a head, and how many of the following (of `most`, itself included) lie
  /// behind it.
  Run run(const BlockTable& table, std::uint64_t sequence, std::uint64_t head, std::uint64_t position,
          std::uint64_t most) const;
  std::uint64_t bytes(const BlockTable& table) const {
    return (table.paged() ? table.pages() * table.page_tokens() : sequences * tokens) * heads * row_bytes;
  }
};

}  // namespace lutetia
