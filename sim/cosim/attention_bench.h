// Random programs for the attention unit, and their oracles. Covered: all fields of a command, chains of commands,
// causal rows, windows, sinks, rows that see nothing, masks with biases, gaps between blocks, states that are results
// of earlier commands (split keys, merged), made up, or empty; scales with zero points and ragged groups; operands as
// AttentionData names them; from commands of one block to more than a hundred.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cosim/attention_draw.h"
#include "cosim/attention_meaning.h"
#include "cosim/unit_bench.h"

namespace lutetia {

class AttentionBench final : public UnitBench {
 public:
  AttentionBench(const AttentionConfig& config, std::uint64_t seed, std::uint64_t transfers);
  std::unique_ptr<StreamUnit> make_model() const override;
  const BenchProgram& program() const override { return program_; }
  std::string check(const std::vector<std::vector<Payload>>& outputs) const override;

  const AttentionConfig& config() const { return config_; }
  const std::vector<AttentionTask>& tasks() const { return tasks_; }

 private:
  /// What the commands of a chain share.
  struct Chain {
    std::vector<AttentionRow> rows;
    std::vector<std::vector<std::uint32_t>> query;
    std::vector<AttentionPartial> pass;         ///< [context]
    std::vector<AttentionMeaningPass> meaning;  ///< [context]
    std::vector<std::uint64_t> room;            ///< [context]: how much more the row sum can hold
  };
  void add_chain();
  AttentionCommand random_command(std::uint32_t most_blocks);
  void fill(AttentionTask& task, Chain& chain, std::uint64_t first_key, std::uint64_t keys_of_chain);
  AttentionPartial random_state(const AttentionCommand& command, std::uint64_t& room);
  void run(AttentionTask& task, Chain& chain);
  std::string check_task(const AttentionTask& task, const std::vector<Payload>& beats, std::size_t& next) const;

  AttentionConfig config_;
  Random random_;
  AttentionDraw draw_;
  std::vector<AttentionTask> tasks_;
  std::vector<AttentionPartial> results_;  ///< partial results of earlier commands, to be fed back
  BenchProgram program_;
};

/// Adds the beats of a task to a program whose ports are those of AttentionPort.
void append_attention_task(const AttentionConfig& config, const AttentionTask& task, BenchProgram& program);

}  // namespace lutetia
