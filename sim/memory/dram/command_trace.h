// Command traces as CSV, so that any tool can check or price them. One command a line, in order of cycles:
//
//   cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column
//   0,ACT,0,0,0,2,1,17,
//   17,RD,0,0,0,2,1,17,5
//
// Cycles are of the command clock; columns count bursts; rank-wide commands leave bank_group and bank empty, commands
// without row or column leave those empty.
#pragma once
#include <iosfwd>
#include <string>

#include "base/problem.h"
#include "memory/dram/dram_spec.h"

namespace lutetia {

class CommandTraceWriter final : public CommandSink {
 public:
  /// Writes the header line. `out` outlives the writer.
  CommandTraceWriter(std::ostream& out, const DramGeometry& geometry);
  void issued(const DramCommand& command) override;

 private:
  std::ostream& out_;
  DramGeometry geometry_;
};

/// Calls `sink` for every command of a trace. Every malformed line, number out of range, or cycle that goes back within
/// a channel is a problem at file:line:column (at most 100 of them); good lines are still handed on.
/// False if there was any.
bool read_command_trace(std::istream& in, const std::string& file, const DramGeometry& geometry, CommandSink& sink,
                        Problems& problems);

}  // namespace lutetia
