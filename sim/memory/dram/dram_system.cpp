#include "memory/dram/dram_system.h"

#include <algorithm>
#include <cassert>

namespace lutetia {

bool resolve_dram(const DramConfig& config, const std::string& path, DramSpec& out, Problems& problems) {
  const std::size_t before = problems.size();
  if (!resolve(config, path, out, problems)) return false;
  AddressMap map(out.geometry, config.controller, path + ".controller", problems);
  return problems.size() == before;
}

DramSystem::DramSystem(const DramConfig& config) : controller_(config.controller) {
  Problems ignored;  // found when the design was read
  resolve(config, "", spec_, ignored);
  map_ = std::make_unique<AddressMap>(spec_.geometry, config.controller, "", ignored);
  for (std::uint32_t c = 0; c < spec_.geometry.channels; ++c)
    channels_.push_back(std::make_unique<DramChannel>(spec_, config.controller, *map_, c));
}

std::uint32_t DramSystem::add_port() {
  std::uint32_t port = 0;
  for (const auto& channel : channels_) port = channel->add_port();
  return port;
}

DramRequest* DramSystem::submit(std::uint32_t port, std::uint64_t address, std::uint64_t bytes, bool write, Cycle at) {
  if (free_.empty()) {
    requests_.emplace_back();
    free_.push_back(&requests_.back());
  }
  DramRequest* request = free_.back();
  free_.pop_back();
  const std::uint64_t first = address / spec_.geometry.burst_bytes;
  const std::uint64_t last = (address + bytes - 1) / spec_.geometry.burst_bytes;
  *request = {last - first + 1, at};
  for (const auto& channel : channels_) channel->submit(port, request, first, last, write, at);
  return request;
}

void DramSystem::advance(Cycle until) {
  for (const auto& channel : channels_) channel->advance(until);
}

void DramSystem::complete(DramRequest& request) {
  while (request.remaining > 0) {  // always the channel that is furthest behind, so that none gets ahead of the end
    DramChannel* next = nullptr;
    Cycle at = kNever, after = kNever;  // its next event, and the next of all others
    for (const auto& channel : channels_) {
      const Cycle t = channel->next_event();
      if (t < at)
        after = at, at = t, next = channel.get();
      else
        after = std::min(after, t);
    }
    assert(next != nullptr);  // a request under way always has a next event
    next->step(after - 1);
  }
}

Cycle DramSystem::earliest_end(const DramRequest& request, bool write, Cycle now) const {
  if (request.remaining == 0) return request.due;
  // Every channel takes one burst a cycle at most, and every data bus moves one in burst_cycles: all but the writes
  // that still find room in a queue, and the reads that a held-back write can answer.
  std::uint64_t without_bus = 0;
  for (const auto& channel : channels_) {
    if (!write && channel->feeding_writes()) without_bus = request.remaining;
    without_bus += write ? channel->free_writes() : channel->queued_writes();
  }
  const std::uint64_t channels = channels_.size();
  // A read may be sent in the cycle in which another one is answered by a held-back write.
  const std::uint64_t ends = channels * (!write && without_bus > 0 ? 2 : 1);
  const Cycle taken = now + ceil_div(request.remaining, ends);
  if (without_bus >= request.remaining) return taken;
  const std::uint64_t rounds = ceil_div(request.remaining - without_bus, channels * spec_.geometry.pseudo_channels);
  const Cycle sent = now + (rounds - 1) * spec_.burst_cycles;
  return std::max(taken, write ? sent : sent + spec_.read_latency + spec_.burst_cycles);
}

bool DramSystem::idle() const {
  return std::all_of(channels_.begin(), channels_.end(), [](const auto& c) { return c->waiting() == 0; });
}

Cycle DramSystem::drain() {
  Cycle last = 0;
  for (const auto& channel : channels_) {
    while (channel->waiting() > 0) channel->advance(channel->next_event());
    last = std::max(last, channel->last_event());
  }
  return last;
}

Cycle DramSystem::last_data() const {
  Cycle last = 0;
  for (const auto& channel : channels_) last = std::max(last, channel->last_data());
  return last;
}

void DramSystem::set_sink(CommandSink* sink) {
  for (const auto& channel : channels_) channel->set_sink(sink);
}

DramCounts DramSystem::counts(Cycle end) const {
  DramCounts out;
  for (const auto& channel : channels_) out += channel->counts(end);
  return out;
}

std::vector<DramCounts> DramSystem::counts_by_channel(Cycle end) const {
  std::vector<DramCounts> out;
  for (const auto& channel : channels_) out.push_back(channel->counts(end));
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> DramSystem::bus_time(Cycle end) const {
  const LossCauses causes(spec_);
  std::vector<std::pair<std::string, std::uint64_t>> out = {{"data", 0}};
  for (const std::string& name : causes.names()) out.emplace_back(name, 0);
  for (const auto& channel : channels_) {
    const DramCounts counts = channel->counts(end);
    out[0].second += counts.data_cycles;
    for (std::size_t i = 0; i < counts.lost_cycles.size(); ++i) out[i + 1].second += counts.lost_cycles[i];
    out[1 + LossCauses::kNoRequest].second += channel->unaccounted(end);
  }
  return out;
}

}  // namespace lutetia
