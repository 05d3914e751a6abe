// One DRAM channel with its controller: takes bursts into a read and a write queue, at most one a cycle, and sends the
// commands that serve them. Simulated lazily: advance(t) works off everything up to cycle t in one tight loop, so it
// costs nothing while nobody looks and nothing in idle time. What it does in a cycle depends on earlier cycles only:
// a burst taken in cycle t is seen by the scheduler in t + 1, space freed in t can be filled in t + 1.
//
// Each command is the best of those that could be sent first: refreshes that are due, then column commands to open
// rows, then row commands, the oldest request first (FR-FCFS). Reads go before writes until the write queue reaches its
// high watermark or no read is queued; writes then drain down to the low watermark, but no more than twice their queue
// while reads wait. What a row was opened for is still served after the direction has changed. A read of a burst that
// waits to be written is answered by the write queue; a write to a burst that waits to be read is not taken before that
// read was sent.
//
// Leaves out: power-down and self-refresh, ECC, the training and calibration commands of the standards.
#pragma once
#include <array>
#include <vector>

#include "base/ring.h"
#include "memory/dram/address_map.h"
#include "memory/dram/dram_counts.h"
#include "memory/dram/dram_timing.h"

namespace lutetia {

/// A request while any of its bursts is under way; the channels count it down.
struct DramRequest {
  std::uint64_t remaining = 0;  ///< bursts not sent (reads) or not taken (writes) yet
  Cycle due = 0;                ///< once remaining is 0: the last byte has arrived (reads) or was taken (writes)
};

class DramChannel {
 public:
  DramChannel(const DramSpec& spec, const ControllerConfig& config, const AddressMap& map, std::uint32_t index);

  /// At most 64 of them.
  std::uint32_t add_port();
  /// The bursts first..last of the memory that lie in this channel; requests of a port are taken in order. `at` may not
  /// be before a cycle that was already advanced to.
  void submit(std::uint32_t port, DramRequest* request, std::uint64_t first, std::uint64_t last, bool write, Cycle at);
  /// Works off all cycles up to `until`.
  void advance(Cycle until) {
    while (next_event() <= until) step(until);
  }
  /// Cycle of the next command, burst taken, or refresh falling due. step() works it off, and whatever repeats it up to
  /// `until`.
  Cycle next_event();
  void step(Cycle until);
  /// Command by command even where a long stream repeats itself: for tests, which compare the two.
  void set_repetition(bool on) { repetition_ = on; }
  /// Bursts waiting in feeds or queues; 0: nothing but refreshes will happen.
  std::uint64_t waiting() const { return feeding_ + queued_[0] + queued_[1]; }
  /// Writes held back, which reads may be answered from without a command; more may come while feeding_writes().
  std::uint64_t queued_writes() const { return queued_[kWrite]; }
  bool feeding_writes() const { return feeding_writes_ > 0; }
  std::uint64_t free_writes() const { return capacity_[kWrite] - queued_[kWrite]; }
  /// Cycle of the last command or burst taken.
  Cycle last_event() const { return last_event_; }
  /// The last written data have passed the pins by then; 0 if nothing was moved.
  Cycle last_data() const;

  void set_sink(CommandSink* sink) { sink_ = sink; }
  /// Counts up to now; rows still open are counted up to `end`.
  DramCounts counts(Cycle end) const;
  /// Command-time span of the data buses that is not accounted for yet, summed over pseudo channels, before `end`.
  std::uint64_t unaccounted(Cycle end) const;
  void print_state(std::ostream& out) const;

 private:
  enum Direction : std::uint8_t { kRead, kWrite };
  static constexpr std::uint16_t kNone = UINT16_MAX;
  static constexpr std::uint64_t kMostOrders = (std::uint64_t{1} << 38) - (std::uint64_t{1} << 20);
  struct Entry {
    std::uint64_t order = 0;
    Cycle visible = 0;  ///< first cycle in which the scheduler sees it
    std::uint64_t burst = 0;
    std::uint64_t serial = 0;  ///< of its share
    DramRequest* request = nullptr;
    std::uint32_t bank = 0, row = 0, column = 0;
    std::uint16_t next = kNone, before = kNone;  ///< in the bank's list, by age
    Direction direction = kRead;
    std::uint8_t arrival_cause = 0, row_work = 0;  ///< row_work: 0 hit so far, 1 activated, 2 precharged for it
  };
  struct Share {
    DramRequest* request = nullptr;
    std::uint64_t burst = 0, last = 0;
    Cycle at = 0;
    bool write = false;
    std::uint64_t serial = 0;  ///< unlike the request, never used again
  };
  /// What a bank with entries of a direction needs next. Kept in one array per direction: the scheduler's inner loop
  /// runs over it for every command.
  struct Candidate {
    Cycle local = 0;          ///< earliest cycle as far as entry, bank and bank group go
    std::uint64_t order = 0;  ///< class of the command in the top bits, then age
    std::uint32_t bank = 0, floor_slot = 0;
    std::uint16_t entry = kNone;
    Command command = Command::kActivate;
    bool valid = false;
  };
  struct Choice {
    Cycle at = kNever;
    std::uint64_t order = 0;  ///< class of command in the top bits, then age
    Command command = Command::kActivate;
    std::uint32_t bank = 0;
    std::uint16_t entry = kNone;
    Direction direction = kRead;
  };
  /// The queue holds bursts of one request in a row, first..next, and nothing else came between.
  struct Run {
    std::uint64_t first = 0, next = 0;
    std::uint64_t serial = 0;
  };
  /// State at a boundary of the bank pattern, relative to its cycle; see dram_channel_repeat.cpp.
  struct Boundary {
    bool valid = false;
    Cycle at = 0;
    std::uint64_t first = 0;
    std::vector<Cycle> remaining;
    std::vector<std::uint64_t> entries;
    std::vector<Cycle> edges;  ///< data_edge_, not relative
    std::vector<std::uint64_t> lost;
    HistogramData latency;
    std::vector<DramCommand> sent;  ///< column commands since then, and their bursts
    std::vector<std::uint64_t> sent_bursts;
    std::array<Cycle, 4> buses{};
  };
  struct List {
    std::uint16_t head = kNone, tail = kNone;
    std::uint16_t count = 0;
    std::uint16_t active_at = 0;  ///< position in active_
  };
  struct Bank {
    std::array<List, 2> lists;
    std::uint32_t served = 0;          ///< column commands since the row was opened
    std::uint16_t opened_for = kNone;  ///< entry that the open row was activated for, until it is served
    Cycle open_since = 0;
    std::uint8_t act_cause = 0, pre_cause = 0;  ///< root causes of its last ACT and PRE
  };
  struct Rank {
    Cycle due = kNever;
    std::uint32_t owed = 0, queued = 0;
    std::uint32_t refresh_bank = 0;        ///< next to be refreshed, within the rank
    Cycle open_since = 0, open_until = 0;  ///< any bank open; the end of the last such time
    bool blocked = false;                  ///< all-bank refresh comes first
    std::uint32_t blocked_bank = UINT32_MAX;
  };

  Cycle next_accept(std::uint32_t& port) const;
  void accept(std::uint32_t port, Cycle at);
  bool taken_by_hazard(std::uint32_t port, const DramAddress& place, Cycle at);
  void retry_hazards(Cycle at);
  void enqueue(const Share& share, const DramAddress& place, Cycle at);
  void renumber();
  void next_burst(std::uint32_t port, Cycle at);
  void remove(std::uint16_t index);
  void update_direction(Cycle at);

  /// Whether the queue and the feed hold one long stream and nothing else, all of it in open rows.
  bool streaming() const;
  void repeat(Cycle until);
  std::uint64_t rounds_before_hazard(std::uint64_t burst) const;
  bool same_state(const Boundary& a, const Boundary& b) const;
  void take_boundary(Boundary& boundary) const;
  void skip(std::uint64_t rounds, Cycle period, Share& share);
  std::uint64_t next_of(std::uint64_t burst) const { return burst + map_.pattern().stride; }

  void select();
  void select_refresh();
  bool is_blocked(std::uint32_t bank) const;
  void select_among(std::vector<Candidate>& candidates, Direction direction, bool rows_only);
  void select_opened(Direction direction);
  void select_oldest();
  void consider(Candidate& candidate, Direction direction, bool rows_only);
  void choose(const Candidate& candidate, Direction direction, Cycle at);
  void offer_refresh(Command command, std::uint32_t bank, std::uint64_t order);
  void renew(Candidate& candidate, Direction direction);
  void set(Candidate& candidate, Command command, std::uint16_t entry) const;
  void renew_bank(std::uint32_t bank);
  void renew_local(std::uint32_t bank);
  Cycle earliest(const Candidate& c) const { return std::max(c.local, floors_[c.floor_slot]); }
  Command column_command(const Entry& entry) const;
  void issue(const Choice& choice);
  void issue_column(const Choice& choice, std::uint8_t cause);
  void forget_opened(std::uint32_t bank);
  void count_open(Command command, std::uint32_t bank, Cycle at);
  std::uint8_t root_cause(const Choice& choice) const;
  void refreshes_due(Cycle at);

  std::uint32_t rank_of(std::uint32_t bank) const { return spec_.geometry.node(Level::kRank, bank); }
  Cycle& bus_of(Command c) { return bus_free_[spec_.split_bus && is_column(c) ? 1 : 0]; }

  const DramSpec& spec_;
  const ControllerConfig config_;
  const AddressMap& map_;
  const LossCauses causes_;
  std::uint32_t index_;
  std::array<std::uint32_t, 2> capacity_{};
  std::uint32_t row_active_ = 0;                   ///< tRAS, which an automatic precharge waits for
  std::array<std::uint32_t, 2> auto_precharge_{};  ///< cycles from RDA, WRA to the precharge they contain
  std::uint32_t high_ = 0, low_ = 0;

  DramTiming timing_;
  std::vector<Bank> banks_;
  std::vector<Rank> ranks_;
  std::vector<Entry> entries_;
  std::vector<std::uint16_t> free_entries_;
  std::array<std::vector<Candidate>, 2> active_;  ///< banks with entries, per direction
  std::array<std::uint32_t, 2> queued_{};
  std::array<std::uint32_t, 2> opened_{};  ///< banks that wait with an open row for an entry of this direction
  std::vector<Ring<Share>> feeds_;         ///< per port
  std::uint64_t feeding_ = 0, feeding_writes_ = 0;
  std::uint32_t next_port_ = 0;
  std::uint64_t hazard_ports_ = 0;  ///< bit per port: its next write waits for a read of the same burst
  std::uint64_t order_ = 0, serial_ = 0;
  Run run_;
  Boundary boundary_, here_;
  bool repetition_ = true;

  Direction direction_ = kRead;
  std::uint32_t overtime_ = 0;    ///< writes sent in this turn while reads waited
  std::uint32_t owed_reads_ = 0;  ///< reads to send before writes may have their turn again
  Cycle now_ = 0, direction_since_ = 0, accept_free_ = 0, last_event_ = 0;
  std::array<Cycle, 2> space_at_{}, bus_free_{};
  Cycle refresh_due_ = kNever;
  Choice choice_;
  Cycle take_at_ = kNever;  ///< when the next burst can be taken, from take_port_
  bool take_valid_ = false;
  std::uint32_t take_port_ = 0;
  std::vector<Cycle> floors_;  ///< of select(): per rank and command, what all its banks share, the bus, the present
  bool choice_valid_ = false, row_work_ = false, refresh_waits_ = false;

  std::vector<Cycle> data_edge_;  ///< per pseudo channel: time up to which its data bus is accounted for
  DramCounts counts_;
  CommandSink* sink_ = nullptr;
};

}  // namespace lutetia
