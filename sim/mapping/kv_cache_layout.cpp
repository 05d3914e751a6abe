#include "mapping/kv_cache_layout.h"

#include <algorithm>
#include <numeric>

#include "base/quantity.h"
#include "base/random.h"

namespace lutetia {

BlockTable::BlockTable(std::uint64_t page_tokens, std::uint64_t sequences, std::uint64_t tokens)
    : page_tokens_(page_tokens) {
  if (page_tokens == 0) return;
  pages_per_sequence_ = ceil_div(tokens, page_tokens);
  physical_.resize(sequences * pages_per_sequence_);
  std::iota(physical_.begin(), physical_.end(), 0u);
  Random random(1);  // the layout is part of the machine, not of the run's seed
  random.shuffle(physical_);
}

KvCacheLayout::Run KvCacheLayout::run(const BlockTable& table, std::uint64_t sequence, std::uint64_t head,
                                      std::uint64_t position, std::uint64_t most) const {
  const std::uint64_t token = slot(position);
  most = std::min(most, tokens - token);
  if (!table.paged()) return {base + ((sequence * heads + head) * tokens + token) * row_bytes, most};
  const std::uint64_t inside = token % table.page_tokens();
  const std::uint64_t page = table.physical(sequence, token / table.page_tokens());
  return {base + ((page * heads + head) * table.page_tokens() + inside) * row_bytes,
          std::min(most, table.page_tokens() - inside)};
}

}  // namespace lutetia
