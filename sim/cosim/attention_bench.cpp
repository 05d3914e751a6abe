#include "cosim/attention_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cosim/attention_oracle.h"
#include "cosim/rtl_config.h"
#include "units/attention/attention_cycle.h"

namespace lutetia {

namespace {

const UnitBenchRegistry::Entry kEntry{"attention", "random passes over keys, in one command, in chains, and merged",
                                      [](const RtlParameters& parameters, std::uint64_t seed, std::uint64_t transfers) {
                                        return std::make_unique<AttentionBench>(
                                            config_from_rtl<AttentionConfig>(parameters), seed, transfers);
                                      }};

constexpr std::uint64_t kRowSumEnd = std::uint64_t{1} << 40, kOne = std::uint64_t{1} << 20;
constexpr std::size_t kKeptResults = 60;

}  // namespace

AttentionBench::AttentionBench(const AttentionConfig& config, std::uint64_t seed, std::uint64_t transfers)
    : config_(config), random_(seed), draw_(config, random_) {
  program_.inputs.resize(AttentionPort::kInputs);
  program_.outputs.resize(AttentionPort::kOutputs);
  const auto sum = [this] {
    std::uint64_t n = program_.outputs[AttentionPort::kOut];
    for (const auto& beats : program_.inputs) n += beats.size();
    return n;
  };
  while (sum() < transfers) add_chain();
}

std::unique_ptr<StreamUnit> AttentionBench::make_model() const {
  return std::make_unique<AttentionCycle>(config_);
}

/// A pass over keys: a third are tiny, for commands back to back; a few are long.
void AttentionBench::add_chain() {
  const bool tiny = draw_.one_in(3), is_long = !tiny && draw_.one_in(12);
  const auto commands = draw_.one_in(2) ? 1u : draw_.pick(2, 4);
  const bool rising = is_long && draw_.one_in(3);
  draw_.begin(rising ? AttentionData::kRising : static_cast<AttentionData>(random_.below(kAttentionDataKinds)));

  AttentionCommand shape;
  shape.contexts = tiny && draw_.one_in(2) ? 1 : draw_.pick(1, config_.contexts);
  const std::uint32_t most_chunks = tiny ? std::min(2u, config_.max_chunks) : config_.max_chunks;
  const auto chunks = [&] { return is_long || (tiny && draw_.one_in(2)) ? 1 : draw_.pick(1, most_chunks); };
  shape.key_chunks = chunks();
  shape.value_chunks = chunks();

  std::vector<AttentionCommand> all;
  std::uint64_t blocks = 0;
  for (std::uint32_t i = 0; i < commands; ++i) {
    AttentionCommand c = random_command(is_long && i == 0 ? 140 : tiny ? 2 : 10);
    c.contexts = shape.contexts;
    c.key_chunks = shape.key_chunks;
    c.value_chunks = shape.value_chunks;
    c.open = i == 0;
    c.close = i + 1 == commands;
    if (is_long && i == 0) c.blocks = std::max(c.blocks, 100u);
    blocks += c.block_count();
    all.push_back(c);
  }
  // Keys come one after the other; sometimes far out, where their numbers need all bits.
  std::uint64_t next = draw_.one_in(10) ? (std::uint64_t{1} << 24) / config_.keys - blocks - 64 : draw_.pick(0, 3);

  Chain chain;
  for (std::uint32_t c = 0; c < shape.contexts; ++c) {
    chain.rows.push_back(draw_.row(next * config_.keys, blocks * config_.keys, c));
    chain.query.push_back(draw_.query(shape.key_chunks * config_.dims));
    chain.meaning.emplace_back(config_, c);
  }
  chain.room.assign(shape.contexts, kRowSumEnd - 1 - blocks * config_.keys * kOne);
  std::uint64_t first_key = 0;
  for (const AttentionCommand& c : all) {
    AttentionTask task;
    task.command = c;
    task.command.from_block = static_cast<std::uint32_t>(next + random_.below(c.sink_blocks == 0 ? 2 : 8));
    next = task.command.from_block + c.blocks;
    fill(task, chain, first_key, blocks * config_.keys);
    first_key += task.keys.size();
    run(task, chain);
    append_attention_task(config_, task, program_);
    tasks_.push_back(std::move(task));
  }
}

/// What is not the same along a chain.
AttentionCommand AttentionBench::random_command(std::uint32_t most_blocks) {
  AttentionCommand c;
  c.states = draw_.one_in(2) ? 0 : draw_.pick(1, 3);
  c.blocks = c.states > 0 && draw_.one_in(3) ? 0 : draw_.pick(1, most_blocks);
  c.sink_blocks = draw_.one_in(4) ? draw_.pick(1, 2) : 0;
  if (draw_.one_in(6) && c.sink_blocks > 0) c.blocks = 0;  // sinks only
  const auto group = [this] { return draw_.one_in(4) ? 0 : draw_.pick(1, config_.max_chunks + 1); };
  if (config_.kv_scales) {
    c.key_group = group();
    c.value_group = group();
  }
  c.masked = draw_.one_in(2);
  c.partial = draw_.one_in(2);
  return c;
}

void AttentionBench::fill(AttentionTask& task, Chain& chain, std::uint64_t first_key, std::uint64_t keys_of_chain) {
  const AttentionCommand& c = task.command;
  task.keys_per_block = config_.keys;
  task.dims = config_.dims;
  task.rows = chain.rows;
  task.query = chain.query;
  for (std::uint64_t b = 0; b < std::uint64_t{c.sink_blocks} + c.blocks; ++b)
    for (std::uint32_t i = 0; i < config_.keys; ++i) {
      AttentionTaskKey key = draw_.key(task, first_key + task.keys.size(), keys_of_chain);
      key.number = (b < c.sink_blocks ? b : c.from_block + b - c.sink_blocks) * config_.keys + i;
      task.keys.push_back(std::move(key));
    }
  draw_.spread_scores(task);
  if (c.masked) task.mask = draw_.mask(task);
  for (std::uint32_t s = 0; s < c.states; ++s)
    for (std::uint32_t i = 0; i < c.contexts; ++i) task.states.push_back(random_state(c, chain.room[i]));
}

/// Half of them what an earlier command gave, if there is one of this shape that the row sum has room for.
AttentionPartial AttentionBench::random_state(const AttentionCommand& command, std::uint64_t& room) {
  const std::size_t elements = std::size_t{command.value_chunks} * config_.dims;
  AttentionPartial state;
  bool found = false;
  for (int attempt = 0; attempt < 12 && !found && !results_.empty() && draw_.one_in(2); ++attempt) {
    const AttentionPartial& r = results_[random_.below(results_.size())];
    found = r.accumulator.size() == elements && r.sum <= room;
    if (found) state = r;
  }
  if (!found) {
    state = draw_.state(static_cast<std::uint32_t>(elements), room / 4);
    state.meaning = attention_meaning_of(config_, state);
  }
  room -= state.sum;
  return state;
}

void AttentionBench::run(AttentionTask& task, Chain& chain) {
  attention_exact::run(config_, task, chain.pass);
  for (AttentionMeaningPass& meaning : chain.meaning) meaning.add(task);
  if (!task.command.close) return;
  for (std::uint32_t c = 0; c < task.command.contexts; ++c) {
    AttentionPartial result = chain.pass[c];
    result.meaning = chain.meaning[c].meaning();
    if (task.command.partial) {
      if (results_.size() < kKeptResults) results_.emplace_back();
      std::swap(results_[random_.below(results_.size())], results_.back());
      results_.back() = result;
    }
    task.results.push_back(std::move(result));
  }
}

std::string AttentionBench::check(const std::vector<std::vector<Payload>>& outputs) const {
  std::size_t next = 0;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const std::string mistake = check_task(tasks_[i], outputs.at(AttentionPort::kOut), next);
    if (!mistake.empty()) return fmt::format("command {}, {}", i, mistake);
  }
  return {};
}

/// Moves `next` behind the beats of the task.
std::string AttentionBench::check_task(const AttentionTask& task, const std::vector<Payload>& beats,
                                       std::size_t& next) const {
  const std::uint32_t bits = config_.accumulator_bits();
  for (std::uint32_t c = 0; c < task.results.size(); ++c) {
    const AttentionPartial& must = task.results[c];
    const bool partial = task.command.partial;
    const std::size_t count = task.command.value_chunks + (partial ? 1u : 0u);
    if (next + count > beats.size()) return "beats are missing";
    const auto wrong = [&](const std::string& what) { return fmt::format("context {}: {} (beat {})", c, what, next); };
    if (partial) {
      Payload head(config_.output_bits());
      head.set(0, 40, must.sum);
      head.set(40, 12, static_cast<std::uint64_t>(must.maximum));
      if (beats[next++] != head) return wrong("head is " + to_text(beats[next - 1]) + ", must be " + to_text(head));
      const std::string mistake = attention_check_partial(config_, must.meaning, must);
      if (!mistake.empty()) return wrong(mistake);
    }
    for (std::uint32_t j = 0; j < task.command.value_chunks; ++j, ++next) {
      Payload beat(config_.output_bits());
      for (std::uint32_t e = 0; e < config_.dims; ++e) {
        const std::size_t element = std::size_t{j} * config_.dims + e;
        if (!partial) {
          beat.set(e * 16, 16, attention_exact::result(config_, must, element));
          const auto got = static_cast<std::uint32_t>(beats[next].get(e * 16, 16));
          const std::string mistake = attention_check_result(config_, must.meaning, element, got);
          if (!mistake.empty()) return wrong(fmt::format("element {} {}", element, mistake));
          continue;
        }
        const AttentionExactInt sum = must.accumulator[element];
        beat.set(e * bits, std::min(bits, 64u), static_cast<std::uint64_t>(sum));
        if (bits > 64) beat.set(e * bits + 64, bits - 64, static_cast<std::uint64_t>(sum >> 64));
      }
      if (beats[next] != beat) return wrong("is " + to_text(beats[next]) + ", must be " + to_text(beat));
    }
  }
  return {};
}

}  // namespace lutetia
