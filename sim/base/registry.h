// Implementations of an interface, found by name. An implementation registers itself in its own .cpp, so that adding
// one touches no list:
//
//   using SchedulerRegistry = Registry<Scheduler, const SchedulerConfig&>;      // beside the interface
//   const SchedulerRegistry::Entry kEntry{"frfcfs", "first ready, first come",   // in frfcfs.cpp
//                                         [](const SchedulerConfig& c) { return std::make_unique<FrFcfs>(c); }};
//
// The table is filled before main() and only read afterwards; it holds no state of a simulation.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest.h"

namespace lutetia {

template <class Interface, class... Args>
class Registry {
 public:
  using Factory = std::function<std::unique_ptr<Interface>(Args...)>;

  /// Registers on construction. An empty name or text, or a name that is taken, throws std::logic_error.
  struct Entry {
    Entry(const std::string& name, std::string text, Factory factory) {
      if (name.empty() || text.empty()) throw std::logic_error("a registry entry needs a name and a text: " + name);
      if (!table().emplace(name, Row{std::move(text), std::move(factory)}).second) {
        throw std::logic_error("registered twice: " + name);
      }
    }
  };

  static bool contains(const std::string& name) { return table().count(name) != 0; }

  /// A new object, or nullptr if there is no such name (then unknown(name) is the message).
  static std::unique_ptr<Interface> create(const std::string& name, Args... args) {
    const auto it = table().find(name);
    if (it == table().end()) return nullptr;
    return it->second.factory(std::forward<Args>(args)...);
  }

  /// All names, sorted.
  static std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& row : table()) out.push_back(row.first);
    return out;
  }

  /// The one-line text of an entry; empty if there is no such name.
  static std::string text(const std::string& name) {
    const auto it = table().find(name);
    return it == table().end() ? "" : it->second.text;
  }

  /// `"frfcf" is unknown, did you mean "frfcfs"? Known: fcfs, frfcfs`
  static std::string unknown(const std::string& name) {
    const std::string hint = did_you_mean(name, names());
    return "\"" + name + "\" is unknown" + (hint.empty() ? "." : hint) + " Known: " + joined(names());
  }

 private:
  struct Row {
    std::string text;
    Factory factory;
  };
  static std::map<std::string, Row>& table() {
    static std::map<std::string, Row> rows;  // built on first use, whatever the order of static initialisation
    return rows;
  }
};

}  // namespace lutetia
