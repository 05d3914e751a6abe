// A stream of requests on a DRAM alone, so that the memory can be used and compared without a machine: the next request
// goes in as soon as its cycle has come and the stream has room, at most one a cycle, in order.
#pragma once
#include <functional>

#include "memory/dram/dram_system.h"

namespace lutetia {

struct PlayedRequest {
  static constexpr Cycle kAsSoonAsPossible = kNever;
  Cycle at = kAsSoonAsPossible;  ///< not before this cycle of the command clock
  bool write = false;
  std::uint64_t address = 0;  ///< bytes
  std::uint64_t bytes = 0;    ///< > 0
};

class RequestSource {
 public:
  virtual ~RequestSource() = default;
  /// False at the end.
  virtual bool next(PlayedRequest& request) = 0;
};

struct PlayResult {
  std::uint64_t requests = 0, bytes_read = 0, bytes_written = 0;
  Cycle cycles = 0;  ///< of the command clock, until the last data and the last posted write
  bool interrupted = false;
};

struct PlayOptions {
  std::uint32_t outstanding = 1024;  ///< requests under way; more than a channel's queues hold, so they decide
  bool merge = true;                 ///< take runs of adjacent bursts as one request where that changes no command
  std::function<bool()> interrupted = [] { return false; };
};

PlayResult play(DramSystem& system, RequestSource& source, const PlayOptions& options = {});

}  // namespace lutetia
