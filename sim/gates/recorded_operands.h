// What a unit was given in a finished run, as `lutetia record` writes it: a whole program for run_bench(). The payloads
// stay text until a model tells how wide the ports are.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"
#include "cosim/bench.h"
#include "cosim/rtl_unit.h"

namespace lutetia {

struct RecordedOperands {
  std::string unit;
  RtlParameters parameters;
  std::string design, workload;
  std::uint64_t seed = 0;
  std::map<std::string, std::vector<std::string>> inputs;  ///< by port: hexadecimal, highest digit first
  std::map<std::string, std::uint64_t> outputs;            ///< by port: transfers
};

bool read_recorded_operands(const std::string& path, RecordedOperands& out, Problems& problems);
bool parse_recorded_operands(const std::string& text, const std::string& file, RecordedOperands& out,
                             Problems& problems);

/// For a unit with these ports.
bool to_program(const RecordedOperands& operands, const StreamUnit& model, const std::string& file, BenchProgram& out,
                Problems& problems);

}  // namespace lutetia
