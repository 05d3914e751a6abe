// Command traces as CSV, so that any tool can check or price them. One command a line, in order of cycles:
//
//   cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column
//   0,ACT,0,0,0,2,1,17,
//   17,RD,0,0,0,2,1,17,5
//
// Cycles are of the command clock; columns count bursts; rank-wide commands leave bank_group and bank empty, commands
// without row or column leave those empty. Lines that begin with # and blank lines say nothing.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "base/problem.h"
#include "memory/dram/dram_spec.h"

namespace lutetia {

/// Of problems that are told one by one; the others are only counted.
inline constexpr std::size_t kMostTraceProblems = 100;
/// The writer's lines are below 110 characters; longer ones than this are a problem and are never held in memory.
inline constexpr std::size_t kLongestCommandLine = 1024;
/// Later cycles are out of range: other tools read cycles into signed 64-bit numbers.
inline constexpr Cycle kLastTraceCycle = kNever / 2;

class CommandTraceWriter final : public CommandSink {
 public:
  /// Writes the header line. `out` outlives the writer, and has everything only after flush() or its end.
  CommandTraceWriter(std::ostream& out, const DramGeometry& geometry);
  ~CommandTraceWriter() override;
  CommandTraceWriter(const CommandTraceWriter&) = delete;
  CommandTraceWriter& operator=(const CommandTraceWriter&) = delete;

  void issued(const DramCommand& command) override;
  /// Whether writing went well is the stream's to say.
  void flush();

 private:
  /// The fields from pseudo_channel to bank, which are the same whenever a bank is addressed.
  struct Place {
    std::string bank;  ///< "0,1,2,3,"
    std::string rank;  ///< "0,1,,,"
  };

  std::ostream& out_;
  std::vector<Place> places_;  ///< of the banks of a channel
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

/// Calls `sink` for every command of a trace. Every malformed line, number out of range, or cycle that goes back within
/// a channel is a problem at file:line:column (at most kMostTraceProblems of them, then one that counts the others);
/// good lines are still handed on, with the first bank of the rank for rank-wide commands. A wrong header line or a NUL
/// byte ends the reading, carriage returns are told once. False if there was any problem.
bool read_command_trace(std::istream& in, const std::string& file, const DramGeometry& geometry, CommandSink& sink,
                        Problems& problems);

}  // namespace lutetia
