#include "memory/sram_banks.h"

#include <algorithm>
#include <cassert>

namespace lutetia {
namespace {

/// The first port of a set in cyclic order from `from` on, as a set; empty if the set is.
std::uint64_t first_of(std::uint64_t ports, std::uint32_t from) {
  const std::uint64_t later = ports & (~std::uint64_t{0} << from);
  const std::uint64_t set = later != 0 ? later : ports;
  return set & (~set + 1);
}

}  // namespace

SramBanks::SramBanks(const SramConfig& config)
    : ports_(config.ports),
      word_interleaved_(config.interleave == SramInterleave::kWord),
      bank_words_(config.words() / config.banks),
      region_words_(config.double_buffer ? config.words() / 2 : config.words()),
      region_banks_(config.double_buffer ? config.banks / 2 : config.banks),
      state_(config.banks) {
  assert(bank_words_ > 0 && (config.banks & (config.banks - 1)) == 0 && region_banks_ > 0);
  asked_.reserve(kMaxPorts);
}

void SramBanks::ask(std::size_t port, std::uint64_t word, bool write) {
  const std::uint64_t self = std::uint64_t{1} << port;
  const std::size_t bank = bank_of(word);
  if (state_[bank].asking == 0) asked_.push_back(bank);
  state_[bank].asking |= self;
  if (!write) reading_ |= self;
}

std::uint64_t SramBanks::winners(std::uint64_t asking, std::uint32_t priority) const {
  if (ports_ == SramPorts::kOneReadOneWrite)
    return first_of(asking & reading_, priority) | first_of(asking & ~reading_, priority);
  const std::uint64_t first = first_of(asking, priority);
  return ports_ == SramPorts::kOneReadWrite ? first : first | first_of(asking & ~first, priority);
}

std::uint64_t SramBanks::grant() {
  std::uint64_t granted = 0;
  for (const std::size_t index : asked_) {
    Bank& bank = state_[index];
    const std::uint64_t won = winners(bank.asking, bank.priority);
    const std::uint64_t lost = bank.asking & ~won;
    if (lost != 0) bank.priority = static_cast<std::uint32_t>(__builtin_ctzll(first_of(lost, bank.priority)));
    bank.asking = 0;
    granted |= won;
  }
  asked_.clear();
  reading_ = 0;
  return granted;
}

void SramBanks::count(std::uint64_t first, std::uint64_t words) {
  if (!word_interleaved_) {
    state_[bank_of(first)].accesses += words;
    return;
  }
  const std::size_t base = first >= region_words_ ? region_banks_ : 0;
  const std::uint64_t rounds = words / region_banks_;
  if (rounds > 0)
    for (std::size_t i = 0; i < region_banks_; ++i) state_[base + i].accesses += rounds;
  for (std::uint64_t i = 0; i < words % region_banks_; ++i) ++state_[bank_of(first + i)].accesses;
}

}  // namespace lutetia
