#include "memory/dram/request_player.h"

#include <algorithm>

namespace lutetia {
namespace {

/// Merges requests that go on where the last one ended. With one channel a burst is taken each cycle, as one request a
/// cycle would be, so the commands are the same if every request is whole bursts of its own.
class Merger {
 public:
  Merger(RequestSource& source, const DramSystem& system, bool merge) : source_(source) {
    const DramGeometry& g = system.spec().geometry;
    if (merge && g.channels == 1) burst_ = g.burst_bytes;
    has_next_ = source_.next(next_);
  }

  bool next(PlayedRequest& out, std::uint64_t& requests) {
    if (!has_next_) return false;
    out = next_;
    requests = 1;
    has_next_ = source_.next(next_);
    while (has_next_ && mergeable(out)) {
      out.bytes += next_.bytes;
      ++requests;
      has_next_ = source_.next(next_);
    }
    return true;
  }

 private:
  static constexpr std::uint64_t kLongest = 64 << 10;
  bool mergeable(const PlayedRequest& run) const {
    return burst_ != 0 && next_.at == PlayedRequest::kAsSoonAsPossible && next_.write == run.write &&
           next_.address == run.address + run.bytes && next_.bytes == burst_ && run.bytes % burst_ == 0 &&
           run.address % burst_ == 0 && run.bytes < kLongest;
  }

  RequestSource& source_;
  std::uint64_t burst_ = 0;
  PlayedRequest next_;
  bool has_next_ = false;
};

}  // namespace

PlayResult play(DramSystem& system, RequestSource& source, const PlayOptions& options) {
  PlayResult result;
  Merger merger(source, system, options.merge);
  const std::uint32_t port = system.add_port();
  Ring<DramRequest*> pending;
  PlayedRequest request;
  std::uint64_t merged = 0;
  Cycle next = 0;
  const auto retire = [&] {
    DramRequest& oldest = *pending.front();
    system.complete(oldest);
    result.cycles = std::max(result.cycles, oldest.due);
    next = std::max(next, oldest.due + 1);
    system.release(&oldest);
    pending.pop_front();
  };
  while (merger.next(request, merged)) {
    if ((result.requests & 0xfff) == 0 && options.interrupted()) {
      result.interrupted = true;
      return result;
    }
    const Cycle at = request.at == PlayedRequest::kAsSoonAsPossible ? next : std::max(next, request.at);
    next = at;
    if (pending.size() >= options.outstanding) retire();
    pending.push_back(system.submit(port, request.address, request.bytes, request.write, next));
    result.requests += merged;
    (request.write ? result.bytes_written : result.bytes_read) += request.bytes;
    next += merged;
  }
  while (!pending.empty()) retire();
  result.cycles = std::max(result.cycles, system.drain());
  return result;
}

}  // namespace lutetia
