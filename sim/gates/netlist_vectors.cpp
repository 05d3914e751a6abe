#include "gates/netlist_vectors.h"

#include <fmt/format.h>

#include <set>
#include <sstream>

#include "config/text_file.h"
#include "gates/gate_simulator.h"
#include "gates/hexadecimal.h"

namespace lutetia {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30;
constexpr std::size_t kMostProblems = 20;

bool is_driven(const Netlist::Port& port) {
  return !port.output && port.name != "clk_i";
}

class Parser {
 public:
  Parser(const std::string& file, const Netlist& netlist, NetlistVectors& out, Problems& problems)
      : file_(file), netlist_(netlist), out_(out), problems_(problems) {}

  void parse(const std::string& text) {
    const std::size_t before = problems_.size();
    std::istringstream lines(text);
    std::string line;
    if (!std::getline(lines, line)) return fault(1, 1, "", "expected a heading: # PORT:BITS ...");
    heading(line);
    if (problems_.size() != before) return;
    for (int number = 2; std::getline(lines, line) && problems_.size() < before + kMostProblems; ++number)
      if (!line.empty()) row(line, number);
    if (problems_.size() == before && out_.cycles <= kSetUpCycles)
      fault(2, 1, "", fmt::format("expected more than {} cycles", kSetUpCycles));
  }

 private:
  void fault(int line, std::size_t column, const std::string& path, const std::string& message) {
    problems_.add({file_, line, static_cast<int>(column)}, path, message);
  }
  template <class Word>
  void words(const std::string& line, Word word) {
    for (std::size_t end = 0;;) {
      const std::size_t begin = line.find_first_not_of(" \t\r", end);
      if (begin == std::string::npos) return;
      end = std::min(line.find_first_of(" \t\r", begin), line.size());
      word(line.substr(begin, end - begin), begin + 1);
    }
  }

  void heading(const std::string& line) {
    if (line.empty() || line[0] != '#') return fault(1, 1, "", "expected a heading: # PORT:BITS ...");
    std::set<std::string> seen;
    words(line.substr(1), [&](const std::string& word, std::size_t at) {
      const std::string name = word.substr(0, word.find(':'));
      const Netlist::Port* port = netlist_.port(name);
      if (port == nullptr || name == "clk_i")
        return fault(1, at + 1, name,
                     port == nullptr ? "the netlist has no such port" : "the clock is not driven by a file");
      if (word != fmt::format("{}:{}", name, port->nets.size()))
        return fault(1, at + 1, name, fmt::format("expected {}:{}", name, port->nets.size()));
      if (!seen.insert(name).second) return fault(1, at + 1, name, "named twice");
      out_.columns.push_back({port, {}});
    });
    for (const Netlist::Port& port : netlist_.ports)
      if (is_driven(port) && seen.count(port.name) == 0)
        fault(1, 1, port.name, "missing, though the netlist has this input");
  }

  void row(const std::string& line, int number) {
    std::size_t index = 0;
    words(line, [&](const std::string& word, std::size_t at) {
      if (index++ >= out_.columns.size()) return;
      NetlistVectors::Column& column = out_.columns[index - 1];
      std::optional<Payload> value;
      const auto bits = static_cast<std::uint32_t>(column.port->nets.size());
      if (!column.port->output || word != "-") {
        value = payload_from_hexadecimal(word, bits);
        if (!value)
          return fault(number, at, column.port->name,
                       fmt::format("expected {} bits in hexadecimal digits, got {}", bits, word));
      }
      column.values.push_back(std::move(value));
    });
    if (index != out_.columns.size())
      return fault(number, 1, "", fmt::format("expected {} values, got {}", out_.columns.size(), index));
    ++out_.cycles;
  }

  const std::string& file_;
  const Netlist& netlist_;
  NetlistVectors& out_;
  Problems& problems_;
};

}  // namespace

bool parse_netlist_vectors(const std::string& text, const std::string& file, const Netlist& netlist,
                           NetlistVectors& out, Problems& problems) {
  const std::size_t before = problems.size();
  Parser(file, netlist, out, problems).parse(text);
  return problems.size() == before;
}

bool read_netlist_vectors(const std::string& path, const Netlist& netlist, NetlistVectors& out, Problems& problems) {
  std::string text, error;
  if (load_text_file(path, kLargestFile, text, error)) return parse_netlist_vectors(text, path, netlist, out, problems);
  problems.add({path, 0, 0}, "", error);
  return false;
}

std::string vectors_heading(const Netlist& netlist) {
  std::string text = "#";
  for (const Netlist::Port& port : netlist.ports)
    if (is_driven(port)) text += fmt::format(" {}:{}", port.name, port.nets.size());
  return text + "\n";
}

std::string vectors_line(const Netlist& netlist, const GateSimulator& simulator) {
  std::string text;
  for (const Netlist::Port& port : netlist.ports) {
    if (!is_driven(port)) continue;
    if (!text.empty()) text += ' ';
    for (std::size_t digit = (port.nets.size() + 3) / 4; digit-- > 0;) {
      unsigned value = 0;
      for (std::size_t bit = 4 * digit; bit < 4 * digit + 4 && bit < port.nets.size(); ++bit)
        value |= simulator.value(port.nets[bit]) ? 1u << (bit - 4 * digit) : 0;
      text += "0123456789abcdef"[value];
    }
  }
  return text + "\n";
}

}  // namespace lutetia
