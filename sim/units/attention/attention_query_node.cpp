#include "units/attention/attention_query_node.h"

#include <utility>

namespace lutetia {

AttentionQueryNode::AttentionQueryNode(const AttentionConfig& config, AttentionStreamFifo& row,
                                       AttentionStreamFifo& query)
    : config_(config), commands_("query_cmd", AttentionConfig::kStreamDepth), row_(row), query_(query) {
  for (Bank& bank : banks_) {
    bank.rows.resize(config.contexts);
    bank.operands.resize(std::size_t{config.contexts} * config.max_chunks * config.dims);
  }
}

void AttentionQueryNode::evaluate() {
  Bank& bank = banks_[write_];
  if (!commands_.valid() || bank.full || !query_.valid() || (chunk_ == 0 && !row_.valid())) return;
  if (chunk_ == 0) {
    bank.rows[context_] = AttentionRow::decode(row_.front());
    row_.pop();
  }
  std::int64_t* operands = &bank.operands[offset(context_, chunk_)];
  for (std::uint32_t e = 0; e < config_.dims; ++e) operands[e] = attention_query(config_, query_.front(), e);
  query_.pop();

  if (++chunk_ < commands_.front().key_chunks) return;
  chunk_ = 0;
  if (++context_ < commands_.front().contexts) return;
  context_ = 0;
  commands_.pop();
  filled_ = true;
}

void AttentionQueryNode::settle() {
  if (std::exchange(filled_, false)) {
    banks_[write_].full = true;
    write_ ^= 1u;
  }
  if (std::exchange(released_, false)) {
    banks_[read_].full = false;
    read_ ^= 1u;
  }
  commands_.clock();
}

}  // namespace lutetia
