// Which bank holds a word, and who may use it. All ports ask at the same time, once per cycle; the answer depends on
// nothing but who asks for what and on the banks' priorities, so no order of evaluation can show.
//
// Arbitration of one bank in one cycle. The ports that ask are looked at in cyclic order, beginning with the port that
// has the bank's priority; each is granted if the bank still has a port for it. If somebody lost, the first loser in
// this order has the priority from the next cycle on; if nobody lost, the priority stays. So a loser is served at the
// latest after (number of ports - 1) conflicts, and cycles without conflict leave no trace in the state: they can be
// skipped. Priorities begin with port 0.
#pragma once
#include <cstdint>
#include <vector>

#include "memory/sram_config.h"

namespace lutetia {

class SramBanks {
 public:
  static constexpr std::size_t kMaxPorts = 64;  ///< a set of ports is a 64-bit mask

  explicit SramBanks(const SramConfig& config);

  std::size_t size() const { return state_.size(); }
  std::size_t bank_of(std::uint64_t word) const {
    if (!word_interleaved_) return static_cast<std::size_t>(word / bank_words_);
    const std::size_t half = word >= region_words_ ? region_banks_ : 0;
    return half + static_cast<std::size_t>(word & (region_banks_ - 1));
  }
  /// Number of words from `word` on in which the bank moves on by one with every word (interleaved) or stays (not):
  /// ports that meet without conflict and all advance by a word per cycle go on without conflict for so long.
  std::uint64_t regular_words(std::uint64_t word) const {
    const std::uint64_t period = word_interleaved_ ? region_words_ : bank_words_;
    return period - word % period;
  }

  /// `port` wants `word` in this cycle.
  void ask(std::size_t port, std::uint64_t word, bool write);
  /// Ends the cycle: the set of ports that were granted.
  std::uint64_t grant();

  /// Accesses by bank; counts `words` words from `first` on, within regular_words().
  void count(std::uint64_t first, std::uint64_t words);
  std::uint64_t accesses(std::size_t bank) const { return state_[bank].accesses; }

 private:
  struct Bank {
    std::uint64_t asking = 0;    ///< ports
    std::uint32_t priority = 0;  ///< a port
    std::uint64_t accesses = 0;
  };
  /// The winners among `asking`.
  std::uint64_t winners(std::uint64_t asking, std::uint32_t priority) const;

  SramPorts ports_;
  bool word_interleaved_;
  std::uint64_t bank_words_, region_words_;  ///< a region is a half, or all
  std::size_t region_banks_;
  std::vector<Bank> state_;
  std::vector<std::size_t> asked_;  ///< banks that somebody asked in this cycle
  std::uint64_t reading_ = 0;       ///< ports that asked for a read
};

}  // namespace lutetia
