// Values on the ports of a netlist, cycle by cycle, as `lutetia switching --vectors` writes them and --drive takes
// them:
//
//   # en_i:1 a_i:32 result_o:32     the ports and their bits; of the inputs all but clk_i
//   1 3f800000 -                    hexadecimal, just before the clock's edge; - of an output: not compared
//
// The first two cycles are set-up (a reset, if there is one) and are neither compared nor measured.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gates/netlist.h"
#include "kernel/payload.h"

namespace lutetia {

class GateSimulator;

inline constexpr std::size_t kSetUpCycles = 2;

struct NetlistVectors {
  struct Column {
    const Netlist::Port* port;
    std::vector<std::optional<Payload>> values;  ///< per cycle
  };
  std::vector<Column> columns;
  std::size_t cycles = 0;
};

/// All mistakes at once, as far as the heading can be understood. The netlist outlives the vectors.
bool read_netlist_vectors(const std::string& path, const Netlist& netlist, NetlistVectors& out, Problems& problems);
bool parse_netlist_vectors(const std::string& text, const std::string& file, const Netlist& netlist,
                           NetlistVectors& out, Problems& problems);

/// The heading of all inputs, and their values now; both end in a newline.
std::string vectors_heading(const Netlist& netlist);
std::string vectors_line(const Netlist& netlist, const GateSimulator& simulator);

}  // namespace lutetia
