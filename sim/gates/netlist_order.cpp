// The clock tree of a netlist, and an order in which one pass settles its gates.
#include <fmt/format.h>

#include <algorithm>

#include "gates/netlist.h"

namespace lutetia {
namespace {

constexpr std::size_t kMostProblems = 20;

class Order {
 public:
  Order(Netlist& n, std::string file, Problems& problems) : n_(n), file_(std::move(file)), problems_(problems) {}

  void run() {
    find_sinks();
    in_tree_.assign(n_.cells(), false);
    n_.clock_nets.assign(n_.nets(), false);
    std::size_t flops = 0;
    for (CellId cell = 0; cell < n_.cells(); ++cell)
      if (n_.type(cell).flop) ++flops;
    const Netlist::Port* clock = n_.port("clk_i");
    if (clock != nullptr && clock->nets.size() == 1 && !clock->output) {
      n_.clock = clock->nets[0];
      follow_clock();
    } else if (flops > 0) {
      problems_.add({file_, 0, 0}, "ports.clk_i", "no such input of one bit, which must clock the flip-flops");
      return;
    }
    for (CellId cell = 0; cell < n_.cells(); ++cell) {
      if (!n_.type(cell).flop) continue;
      n_.flops.push_back(cell);
      const auto pin = static_cast<std::size_t>(n_.type(cell).flop->clock);
      if (!n_.clock_nets[n_.net(cell, pin)])
        fault(cell, "its clock is " + n_.net_names[n_.net(cell, pin)] + ", not clk_i");
    }
    sort_gates();
  }

 private:
  struct Sink {
    CellId cell;
    std::uint32_t pin;
  };
  void fault(CellId cell, const std::string& message) {
    if (faults_++ < kMostProblems)
      problems_.add({file_, 0, 0}, "cells." + n_.cell_names[cell], n_.type(cell).name + ": " + message);
  }

  /// Input pins on each net.
  void find_sinks() {
    first_sink_.assign(n_.nets() + 1, 0);
    for (const bool count : {true, false}) {
      for (CellId cell = 0; cell < n_.cells(); ++cell)
        for (std::uint32_t pin = 0; pin < n_.type(cell).pins.size(); ++pin) {
          if (n_.type(cell).pins[pin].output) continue;
          const NetId net = n_.net(cell, pin);
          if (count)
            ++first_sink_[net + 1];
          else
            sinks_[filled_[net]++] = {cell, pin};
        }
      if (!count) break;
      for (std::size_t i = 0; i < n_.nets(); ++i) first_sink_[i + 1] += first_sink_[i];
      sinks_.resize(first_sink_.back());
      filled_.assign(first_sink_.begin(), first_sink_.end() - 1);
    }
  }

  void follow_clock() {
    struct Reached {
      NetId net;
      bool inverted;
    };
    std::vector<Reached> waiting = {{n_.clock, false}};
    n_.clock_nets[n_.clock] = true;
    while (!waiting.empty()) {
      const Reached at = waiting.back();
      waiting.pop_back();
      for (std::uint32_t i = first_sink_[at.net]; i < first_sink_[at.net + 1]; ++i) {
        const CellId cell = sinks_[i].cell;
        const Cell& type = n_.type(cell);
        if (type.flop) {
          if (sinks_[i].pin != static_cast<std::uint32_t>(type.flop->clock))
            fault(cell, "the clock drives pin " + type.pins[sinks_[i].pin].name);
          else if (type.flop->rising == at.inverted)
            fault(cell, "it is clocked by the falling edge of clk_i");
          continue;
        }
        std::size_t inputs = 0;
        for (const CellPin& pin : type.pins) inputs += pin.output ? 0 : 1;
        if (inputs != 1) {
          fault(cell, "the clock drives a gate; only flip-flops, buffers and inverters are simulated there");
          continue;
        }
        in_tree_[cell] = true;
        n_.clock_cells.push_back(cell);
        for (std::size_t pin = 0; pin < type.pins.size(); ++pin)
          if (type.pins[pin].output) {
            n_.clock_nets[n_.net(cell, pin)] = true;
            waiting.push_back({n_.net(cell, pin), at.inverted == type.pins[pin].function->at(1u << sinks_[i].pin)});
          }
      }
    }
  }

  void sort_gates() {
    std::vector<std::uint32_t> waiting(n_.cells(), 0);  ///< inputs whose driving gate is not sorted yet
    std::size_t gates = 0;
    for (CellId cell = 0; cell < n_.cells(); ++cell) {
      if (!gate(cell)) continue;
      ++gates;
      for (std::size_t pin = 0; pin < n_.type(cell).pins.size(); ++pin) {
        const CellId driver = n_.drivers[n_.net(cell, pin)];
        if (!n_.type(cell).pins[pin].output && driver != Netlist::kNoCell && gate(driver)) ++waiting[cell];
      }
      if (waiting[cell] == 0) n_.gates.push_back(cell);
    }
    for (std::size_t next = 0; next < n_.gates.size(); ++next) {  // grows
      const CellId cell = n_.gates[next];
      for (std::size_t pin = 0; pin < n_.type(cell).pins.size(); ++pin) {
        if (!n_.type(cell).pins[pin].output) continue;
        const NetId net = n_.net(cell, pin);
        for (std::uint32_t i = first_sink_[net]; i < first_sink_[net + 1]; ++i)
          if (gate(sinks_[i].cell) && --waiting[sinks_[i].cell] == 0) n_.gates.push_back(sinks_[i].cell);
      }
    }
    if (n_.gates.size() != gates) report_loop(waiting);
  }
  bool gate(CellId cell) const { return !n_.type(cell).flop && !in_tree_[cell]; }

  /// Walks from driver to driver among the gates that could not be sorted until one comes up again.
  void report_loop(const std::vector<std::uint32_t>& waiting) {
    CellId cell = 0;
    while (waiting[cell] == 0) ++cell;
    std::vector<CellId> walk;
    while (std::find(walk.begin(), walk.end(), cell) == walk.end()) {
      walk.push_back(cell);
      for (std::size_t pin = 0; pin < n_.type(cell).pins.size(); ++pin) {
        const CellId driver = n_.drivers[n_.net(cell, pin)];
        if (n_.type(cell).pins[pin].output || driver == Netlist::kNoCell || waiting[driver] == 0) continue;
        cell = driver;
        break;
      }
    }
    std::string names;
    const auto from = std::find(walk.begin(), walk.end(), cell);
    for (auto it = from; it != walk.end() && it - from < 6; ++it) names += " <- " + n_.cell_names[*it];
    problems_.add({file_, 0, 0}, "cells." + n_.cell_names[cell],
                  fmt::format("a loop of {} gates without flip-flop:{}", walk.end() - from, names));
  }

  Netlist& n_;
  std::string file_;
  Problems& problems_;
  std::size_t faults_ = 0;
  std::vector<std::uint32_t> first_sink_, filled_;
  std::vector<Sink> sinks_;
  std::vector<bool> in_tree_;
};

}  // namespace

void order_netlist(Netlist& netlist, const std::string& file, Problems& problems) {
  Order(netlist, file, problems).run();
}

}  // namespace lutetia
