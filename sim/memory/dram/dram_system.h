// All channels of a DRAM behind one address space, without any notion of who drives them: requests in, completion times
// out. Driven by DramMemory (MemoryPorts in a machine) and by RequestPlayer (a trace of requests, alone).
#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "memory/dram/dram_channel.h"

namespace lutetia {

class DramSystem {
 public:
  /// `config` must have been accepted by resolve_dram().
  explicit DramSystem(const DramConfig& config);

  const DramSpec& spec() const { return spec_; }
  const ControllerConfig& controller() const { return controller_; }
  const AddressMap& map() const { return *map_; }
  std::uint32_t add_port();
  /// A request arriving in cycle `at`, not before what was advanced to. It ends when `remaining` is 0, at `due`.
  DramRequest* submit(std::uint32_t port, std::uint64_t address, std::uint64_t bytes, bool write, Cycle at);
  /// The request is not needed any more.
  void release(DramRequest* request) { free_.push_back(request); }
  void advance(Cycle until);
  /// Only as far as it takes to know when this request ends; nothing submitted later can change that.
  void complete(DramRequest& request);
  /// No request can end before this cycle if channels were advanced to `now` - 1; exact if it has ended.
  Cycle earliest_end(const DramRequest& request, bool write, Cycle now) const;
  bool idle() const;
  /// Everything taken is carried out; returns the cycle of the last command.
  Cycle drain();
  /// The data of all writes sent so far have passed the pins by then.
  Cycle last_data() const;

  void set_sink(CommandSink* sink);
  DramCounts counts(Cycle end) const;
  std::vector<DramCounts> counts_by_channel(Cycle end) const;
  /// Time of all data buses before `end`: data, lost by cause, and the rest without any request.
  std::vector<std::pair<std::string, std::uint64_t>> bus_time(Cycle end) const;
  const std::vector<std::unique_ptr<DramChannel>>& channels() const { return channels_; }

 private:
  DramSpec spec_;
  ControllerConfig controller_;
  std::unique_ptr<AddressMap> map_;
  std::vector<std::unique_ptr<DramChannel>> channels_;
  std::deque<DramRequest> requests_;  ///< stays where it is; grows to what was in flight at once
  std::vector<DramRequest*> free_;
};

/// Works out the numbers and checks the address mapping. Problems have no file; their paths start with `path`.
bool resolve_dram(const DramConfig& config, const std::string& path, DramSpec& out, Problems& problems);

}  // namespace lutetia
