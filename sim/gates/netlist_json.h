// The modules of a Yosys JSON netlist (write_json) as they stand there, before any library gives them a meaning. Read
// in one pass without a document tree, because mapped netlists reach 150 MB.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"

namespace lutetia {

/// One bit of a connection: 0 and 1 are the constants, 2 and above nets, as Yosys numbers them. "x" and "z" are 0.
using NetlistBit = std::uint64_t;

struct NetlistModule {
  struct Port {
    std::string name, direction;
    std::vector<NetlistBit> bits;  ///< lowest first
  };
  struct Connection {
    std::string pin;
    std::vector<NetlistBit> bits;
  };
  struct Cell {
    std::string name, type;
    std::vector<Connection> connections;
  };
  struct Wire {
    std::string name;
    bool hidden = false;  ///< named by a tool
    std::uint64_t offset = 0;
    std::vector<NetlistBit> bits;
  };
  std::string name;
  bool top = false;
  std::map<std::string, std::uint64_t> parameters;  ///< values it was elaborated with; may be empty
  std::vector<Port> ports;
  std::vector<Cell> cells;
  std::vector<Wire> wires;
};

/// The module marked as top, or the only one with cells. `file` is for messages.
bool parse_netlist_json(const std::string& text, const std::string& file, NetlistModule& top, Problems& problems);

}  // namespace lutetia
