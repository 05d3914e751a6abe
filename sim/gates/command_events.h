// Events that no pin of a unit shows, and that its energy hangs on all the same: they are followed through the commands
// that the unit took and its fires.
//
//   matrix cores  word_switch  a fire into another word of partial sums (bank or block) than the fire before
//                 row_fire     of every fire, the rows that exist: the others hold zeros and stand still
//   attention     block        a fire of one query row with the last chunk of a block of keys
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cosim/rtl_unit.h"

namespace lutetia {

class CommandEvents {
 public:
  /// Null if the unit has no such events.
  static std::unique_ptr<CommandEvents> make(const std::string& unit, const RtlParameters& parameters);
  virtual ~CommandEvents() = default;
  virtual std::vector<std::string> names() const = 0;
  /// A transfer on the cmd port.
  virtual void command(const Payload& payload) = 0;
  /// A fire of the oldest command that is not done; adds to the counts, one per name.
  virtual void fire(std::uint64_t* counts) = 0;
};

}  // namespace lutetia
