#include "units/matrix_core/matrix_core_stepped.h"

#include <ostream>

namespace lutetia {
namespace {

constexpr Activity kBusy = 0, kNoCommand = 1;

}  // namespace

MatrixCoreStepped::MatrixCoreStepped(const std::string& name, const ClockDomain& clock, const MatrixCoreShape& shape,
                                     std::string body, std::unique_ptr<StreamUnit> core, MatrixCoreData& data,
                                     StatGroup* parent, std::unique_ptr<MatrixCoreWeightSource> weights)
    : ComputeUnit(name, clock, parent),
      shape_(shape),
      body_(std::move(body)),
      core_(std::move(core)),
      data_(data),
      weights_(std::move(weights)),
      reads_(operands_read_),
      dones_(done_),
      activity_(core_->activities().size()) {
  for (const StreamPort& port : core_->inputs()) readers_.emplace_back(name + "." + port.name + ".jobs");
}

void MatrixCoreStepped::tick(Cycle now) {
  const bool was_asleep = asleep();
  if (!was_asleep || commands_.can_pop(now)) {
    account(now);
    // Readers before the fork: a job pushed in this cycle is not seen before the next. The core's edge comes last.
    for (std::uint32_t input = kFirstReader; input < MatrixCorePort::kInputs; ++input) read(input, now);
    write(now);
    if (can_fork(now)) fork(now);
    core_->clock();
    if (weights_) weights_->clock();
  }
  reads_.tick(now);
  dones_.tick(now);
}

/// Nothing inside moves until a command comes; the clock may stop, and its cycles count as idle later.
bool MatrixCoreStepped::asleep() const {
  return tiles_.empty() && core_->idle();
}

void MatrixCoreStepped::account(Cycle now) {
  pending_idle_ += now - accounted_;  // slept through
  accounted_ = now + 1;
  const Activity activity = core_->activity();
  if (activity == kNoCommand) {
    ++pending_idle_;
    return;
  }
  ++activity_[activity];
  if (pending_idle_ > 0) {
    idle_.add(tiles_[firing_]->command.waited, pending_idle_);
    pending_idle_ = 0;
  }
  if (activity != kBusy) return;
  Tile& tile = *tiles_[firing_];
  if (++tile.fires == tile.shape.fires(shape_)) ++firing_;
}

bool MatrixCoreStepped::can_fork(Cycle now) const {
  if (!commands_.can_pop(now) || !core_->ready(MatrixCorePort::kCommand)) return false;
  for (std::uint32_t input = kFirstReader; input < MatrixCorePort::kInputs; ++input)
    if (!readers_[input].jobs.can_push(now)) return false;
  return true;
}

void MatrixCoreStepped::fork(Cycle now) {
  auto tile = std::make_unique<Tile>();
  tile->command = commands_.pop(now);
  tile->shape = matrix_core_command(shape_, tile->command);
  tile->operands = data_.operands(tile->command);
  tile->beats = std::make_unique<MatrixCoreBeats>(shape_, tile->shape, *tile->operands);
  core_->push(MatrixCorePort::kCommand, tile->shape.encode());
  enter(tile->command.operator_index, counters_.count(shape_, tile->shape));
  observe("cmd", now);
  for (std::uint32_t input = kFirstReader; input < MatrixCorePort::kInputs; ++input)
    if (tile->beats->beats(input) > 0) readers_[input].jobs.push(now, tile.get());
  tiles_.push_back(std::move(tile));
}

void MatrixCoreStepped::read(std::uint32_t input, Cycle now) {
  Reader& reader = readers_[input];
  if (reader.current != nullptr && core_->ready(input) && offers(input)) {
    Tile& tile = *reader.current;
    core_->push(input, take(input));
    observe(core_->inputs()[input].name, now);
    if (++reader.next_beat == tile.beats->beats(input)) {
      reader.current = nullptr;
      const bool were_read = tile.activations_read && tile.weights_read;
      if (input == MatrixCorePort::kActivation) tile.activations_read = true;
      if (input == MatrixCorePort::kWeight) tile.weights_read = true;
      if (!were_read && tile.activations_read && tile.weights_read) reads_.add(now);
    }
  }
  if (reader.current == nullptr && reader.jobs.can_pop(now)) {
    reader.current = reader.jobs.pop(now);
    reader.next_beat = 0;
    if (input == MatrixCorePort::kWeight && weights_) weights_->start(reader.current->shape, *reader.current->operands);
  }
}

bool MatrixCoreStepped::offers(std::uint32_t input) const {
  return input != MatrixCorePort::kWeight || !weights_ || weights_->valid();
}

Payload MatrixCoreStepped::take(std::uint32_t input) {
  const Reader& reader = readers_[input];
  if (input != MatrixCorePort::kWeight || !weights_) return reader.current->beats->beat(input, reader.next_beat);
  Payload beat = weights_->front();
  weights_->pop();
  return beat;
}

void MatrixCoreStepped::write(Cycle now) {
  if (!core_->valid(MatrixCorePort::kOut)) return;
  Tile& tile = *tiles_.front();
  const Payload& beat = core_->front(MatrixCorePort::kOut);
  const MatrixCoreBeats::OutputPlace place = MatrixCoreBeats::output_place(shape_, tile.shape, tile.outputs);
  for (std::uint32_t r = 0; r < shape_.epilogue_rows && place.row + r < tile.command.m; ++r)
    for (std::uint32_t e = 0; e < shape_.epilogue_lanes && place.lane + e < tile.command.n; ++e)
      data_.output(tile.command, place.row + r, place.lane + e,
                   static_cast<std::uint32_t>(beat.get((r * shape_.epilogue_lanes + e) * 32, 32)));
  core_->pop(MatrixCorePort::kOut);
  observe("out", now);
  if (++tile.outputs < tile.shape.output_beats(shape_)) return;
  dones_.add(now);
  tiles_.pop_front();
  --firing_;
}

Cycle MatrixCoreStepped::next_event(Cycle now) const {
  const Cycle tokens = std::min(reads_.next_event(now), dones_.next_event(now));
  return std::min(tokens, asleep() ? commands_.next_pop(now) : now + 1);
}

void MatrixCoreStepped::print_state(std::ostream& out) const {
  out << tiles_.size() << " tiles in flight, core " << core_->activities()[core_->activity()];
}

std::vector<Wait> MatrixCoreStepped::waits(Cycle) const {
  std::vector<Wait> out;
  reads_.append_wait(out);
  dones_.append_wait(out);
  if (out.empty()) out.push_back({&commands_, Wait::For::kData});
  return out;
}

std::vector<ActivityShare> MatrixCoreStepped::activity(Cycle end) const {
  std::vector<ActivityShare> shares;
  for (Activity a = 0; a < activity_.size(); ++a)
    if (a != kNoCommand) shares.push_back({core_->activities()[a], activity_[a]});
  idle_.append_to(shares, end);
  return shares;
}

}  // namespace lutetia
