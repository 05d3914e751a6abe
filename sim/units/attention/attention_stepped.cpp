#include "units/attention/attention_stepped.h"

#include <ostream>

namespace lutetia {
namespace {

constexpr Activity kBusy = 0, kIdle = 1;

}  // namespace

AttentionStepped::AttentionStepped(const std::string& name, const ClockDomain& clock, const AttentionConfig& config,
                                   std::string body, std::unique_ptr<StreamUnit> core, AttentionData& data,
                                   StatGroup* parent)
    : ComputeUnit(name, clock, parent),
      config_(config),
      body_(std::move(body)),
      core_(std::move(core)),
      data_(data),
      reads_(operands_read_),
      dones_(done_),
      activity_(core_->activities().size()) {
  for (const StreamPort& port : core_->inputs()) readers_.emplace_back(name + "." + port.name + ".jobs");
}

void AttentionStepped::tick(Cycle now) {
  if (!asleep() || commands_.can_pop(now)) {
    account(now);
    // Readers before the fork: a job pushed in this cycle is not seen before the next. The core's edge comes last.
    for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) read(input, now);
    write(now);
    retire();
    if (can_fork(now)) fork(now);
    core_->clock();
  }
  reads_.tick(now);
  dones_.tick(now);
}

/// Nothing inside moves until a command comes; the clock may stop, and its cycles count as idle later.
bool AttentionStepped::asleep() const {
  return tiles_.empty() && core_->idle();
}

void AttentionStepped::account(Cycle now) {
  pending_idle_ += now - accounted_;  // slept through
  accounted_ = now + 1;
  const Activity activity = core_->activity();
  if (activity == kIdle) {
    ++pending_idle_;
    return;
  }
  ++activity_[activity];
  Tile& tile = *tiles_[firing_];
  tile.idle += pending_idle_;
  pending_idle_ = 0;
  if (activity != kBusy || --tile.fires_left > 0) return;
  idle_.add(tile.commands.tile().waited, tile.idle);
  ++firing_;
}

std::array<bool, AttentionPort::kInputs> AttentionStepped::streams_of(const AttentionTileCommands& commands) const {
  std::array<bool, AttentionPort::kInputs> used{};
  const AttentionCommand command = commands.command(0);  // all commands of a tile are alike in this
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    used[input] = attention_beats(command, input) > 0;
  return used;
}

bool AttentionStepped::can_fork(Cycle now) const {
  if (!commands_.can_pop(now)) return false;
  const auto used = streams_of(AttentionTileCommands(config_, commands_.front()));
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input)
    if (used[input] && !readers_[input].jobs.can_push(now)) return false;
  return true;
}

void AttentionStepped::fork(Cycle now) {
  auto tile = std::make_unique<Tile>();
  tile->commands = AttentionTileCommands(config_, commands_.pop(now));
  tile->operands = data_.operands(tile->commands.tile());
  ++counters_.tiles;
  for (std::uint64_t i = 0; i < tile->commands.size(); ++i) {
    const AttentionCommand command = tile->commands.command(i);
    enter(tile->commands.tile().operator_index, counters_.count(config_, command));
    tile->fires_left += command.block_count() * command.key_chunks * command.contexts;
  }
  const auto used = streams_of(tile->commands);
  for (std::uint32_t input = 0; input < AttentionPort::kInputs; ++input) {
    if (!used[input]) continue;
    if (is_attention_operand(input)) ++tile->readers_left;
    readers_[input].jobs.push(now, tile.get());
  }
  tiles_.push_back(std::move(tile));
}

void AttentionStepped::read(std::uint32_t input, Cycle now) {
  Reader& reader = readers_[input];
  if (reader.current != nullptr && core_->ready(input)) {
    Tile& tile = *reader.current;
    core_->push(input, take(input, reader));
    observe(core_->inputs()[input].name, now);
    reader.beats.advance();
    if (reader.beats.done()) {
      reader.current = nullptr;
      if (is_attention_operand(input) && --tile.readers_left == 0) report_read(now);
    }
  }
  if (reader.current == nullptr && reader.jobs.can_pop(now)) {
    reader.current = reader.jobs.pop(now);
    reader.beats = AttentionBeatReader(config_, reader.current->commands, input);
  }
}

/// A beat from the operands, or from a partial result that the unit wrote before.
Payload AttentionStepped::take(std::uint32_t input, const Reader& reader) const {
  if (input != AttentionPort::kState && input != AttentionPort::kPartial)
    return reader.beats.beat(*reader.current->operands);
  const AttentionCommand& command = reader.beats.command();
  const auto beat = static_cast<std::uint32_t>(reader.beats.number());  // contexts run fastest, chunks around them
  const auto context = reader.current->commands.context(reader.beats.index(), beat % command.contexts);
  const auto& beats =
      partial_results_.at({reader.current->commands.pass(reader.beats.index()), context.token, context.head});
  if (input == AttentionPort::kPartial) return beats.at(1 + beat / command.contexts);
  Payload head(AttentionState::kBits);
  AttentionState::decode(beats.at(0)).encode(head);
  return head;
}

void AttentionStepped::write_result(const Tile& tile, const AttentionCommand& command, const Payload& beat) {
  const std::uint32_t per_context = command.value_chunks + (command.partial ? 1 : 0);
  const auto context = tile.commands.context(tile.index, static_cast<std::uint32_t>(tile.beat / per_context));
  const std::uint32_t pass = tile.commands.pass(tile.index);
  if (command.partial) {
    auto& beats = partial_results_[{pass, context.token, context.head}];
    if (tile.beat % per_context == 0) beats.clear();
    beats.push_back(beat);
    return;
  }
  if (command.states > 0 && tile.beat % per_context == 0) partial_results_.erase({pass, context.token, context.head});
  const auto first = static_cast<std::uint32_t>(tile.beat % per_context) * config_.dims;
  for (std::uint32_t e = 0; e < config_.dims && first + e < tile.commands.tile().attention.value_dims; ++e)
    data_.output(tile.commands.tile(), pass, context.token, context.head, first + e,
                 static_cast<std::uint32_t>(beat.get(e * 16, 16)));
}

void AttentionStepped::write(Cycle now) {
  if (!core_->valid(AttentionPort::kOut)) return;
  while (!tiles_[writing_]->commands.tile().attention.close) ++writing_;
  Tile& tile = *tiles_[writing_];
  const AttentionCommand command = tile.commands.command(tile.index);
  const Payload& beat = core_->front(AttentionPort::kOut);
  write_result(tile, command, beat);
  core_->pop(AttentionPort::kOut);
  observe("out", now);
  if (++tile.beat < attention_output_beats(command)) return;
  tile.beat = 0;
  if (++tile.index < tile.commands.size()) return;
  tile.done = true;
  ++writing_;
  release(now);
}

/// Read tokens in the order of tiles: keys of a tile that goes on with a pass may be in before the queries of the tile
/// that began it.
void AttentionStepped::report_read(Cycle now) {
  for (; reading_ < tiles_.size() && tiles_[reading_]->readers_left == 0; ++reading_) {
    reads_.add(now);
    if (!tiles_[reading_]->commands.tile().attention.close) tiles_[reading_]->done = true;
  }
  release(now);
}

/// Done tokens in the order of tiles.
void AttentionStepped::release(Cycle now) {
  for (; released_ < tiles_.size() && tiles_[released_]->done; ++released_) dones_.add(now);
}

/// Forgets tiles that nobody needs any more: read, fired, written.
void AttentionStepped::retire() {
  while (released_ > 0 && firing_ > 0) {
    tiles_.pop_front();
    --released_;
    --firing_;
    --reading_;
    if (writing_ > 0) --writing_;  // a tile without results may not have been passed over yet
  }
}

Cycle AttentionStepped::next_event(Cycle now) const {
  const Cycle tokens = std::min(reads_.next_event(now), dones_.next_event(now));
  return std::min(tokens, asleep() ? commands_.next_pop(now) : now + 1);
}

void AttentionStepped::print_state(std::ostream& out) const {
  out << tiles_.size() << " tiles in flight, scores node " << core_->activities()[core_->activity()];
}

std::vector<Wait> AttentionStepped::waits(Cycle) const {
  std::vector<Wait> out;
  reads_.append_wait(out);
  dones_.append_wait(out);
  if (out.empty()) out.push_back({&commands_, Wait::For::kData});
  return out;
}

std::vector<ActivityShare> AttentionStepped::activity(Cycle end) const {
  std::vector<ActivityShare> shares;
  for (Activity a = 0; a < activity_.size(); ++a)
    if (a != kIdle) shares.push_back({core_->activities()[a], activity_[a]});
  idle_.append_to(shares, end);
  return shares;
}

}  // namespace lutetia
