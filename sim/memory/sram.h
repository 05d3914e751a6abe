// On-chip SRAM: banks of words behind the same MemoryPort as any other memory. To the cycle:
//
// - A port serves its requests in order, one word per cycle, without a gap between them; a request taken in cycle t
// asks
//   for its first word in t. A first or last word that is used in part costs a whole access.
// - Every cycle each bank grants what its ports allow; who loses asks again in the next cycle (memory/sram_banks.h).
// - The response of a read goes out `latency` cycles after the access of its last word, that of a write one cycle
// after.
// - A port has at most `outstanding` requests unanswered; beyond that it takes no further one (response_wait).
//
// Addresses are offsets into this SRAM. A request beyond the capacity is a mistake of whoever laid out the buffers, not
// of a user: it asserts; without assertions addresses wrap around, so that nothing is touched that is not there.
//
// The state is advanced only when something outside can be due: arrival of a request, the earliest cycle in which a
// request can be finished, a response. In between, ports that met without conflict go on without conflict as long as
// all of them move by a word per cycle, so that stretch is one step; only cycles with conflicts are looked at singly,
// in a loop without events. Leaves out: values, sleep modes, ECC, unequal wire lengths to the banks. RTL twin: none
// yet.
#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "base/ring.h"
#include "memory/main_memory.h"
#include "memory/sram_banks.h"
#include "stats/stats.h"

namespace lutetia {

class Sram final : public MainMemory {
 public:
  Sram(const std::string& name, const SramConfig& config, StatGroup* parent = nullptr);

  /// At most SramBanks::kMaxPorts.
  MemoryPort& add_port(const std::string& name, std::uint32_t outstanding, Clocked* requester) override;

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;

  std::uint64_t bytes_read() const override { return bytes_read_.value(); }
  std::uint64_t bytes_written() const override { return bytes_written_.value(); }
  std::uint64_t requests() const override { return requests_.value(); }
  /// "busy": words accessed and no port lost, "conflict": at least one lost, "idle". In the middle of a request the
  /// cycles since the last evaluation count as busy.
  std::vector<MemoryTime> time_until(Cycle end) const override;
  /// Cycles in which at least one word was accessed.
  Cycle busy_cycles() const { return busy_cycles_.value(); }

  /// Where the cycles of a port went; in all others it had no request.
  struct PortCycles {
    Cycle granted = 0;        ///< a word accessed
    Cycle conflict = 0;       ///< lost to another port
    Cycle response_wait = 0;  ///< `outstanding` requests unanswered, the next one not taken
  };
  PortCycles port_cycles(std::size_t port) const;
  std::uint64_t bank_accesses(std::size_t bank) const { return banks_.accesses(bank); }

 private:
  struct Pending {
    MemoryResponse response;
    Cycle due = 0;
  };
  struct Port {
    Port(const std::string& name, std::uint32_t outstanding, StatGroup& stats);
    bool serving() const { return left > 0; }

    MemoryPort channels;
    std::uint32_t outstanding;
    MemoryRequest request;             ///< being served
    std::uint64_t word = 0, left = 0;  ///< of it: next word, number of words
    Ring<Pending> pending;             ///< served, not answered
    Cycle response_wait_since = kNever;

    StatGroup stats;
    Counter granted{stats, "granted", Unit::kCycles, "cycles in which the port accessed a word"};
    Counter conflict{stats, "conflict", Unit::kCycles, "cycles lost to another port at the same bank"};
    Counter response_wait{stats, "response_wait", Unit::kCycles,
                          "cycles in which a request was not taken because too many were unanswered"};
  };

  /// Simulates the cycles before `until`.
  void advance(Cycle until);
  /// The port's next `words` words were accessed, the last one in cycle `last`.
  void move(std::size_t index, std::uint64_t words, Cycle last);
  void take_request(std::size_t index, Cycle now);

  SramConfig config_;
  SramBanks banks_;
  std::deque<Port> ports_;     ///< a deque: ports do not move when one is added
  std::uint64_t serving_ = 0;  ///< the ports with a request
  Cycle time_ = 0;             ///< first cycle whose accesses have not been simulated

  StatGroup stats_;
  Counter requests_{stats_, "requests", Unit::kTransfers, "requests taken"};
  Counter bytes_read_{stats_, "bytes_read", Unit::kBytes, "bytes sent to requesters"};
  Counter bytes_written_{stats_, "bytes_written", Unit::kBytes, "bytes taken from requesters"};
  Counter accesses_{stats_, "accesses", Unit::kOperations, "words accessed in all banks"};
  Counter busy_cycles_{stats_, "busy_cycles", Unit::kCycles, "cycles in which at least one bank was accessed"};
  Counter conflict_cycles_{stats_, "conflict_cycles", Unit::kCycles, "cycles in which at least one port lost"};
};

}  // namespace lutetia
