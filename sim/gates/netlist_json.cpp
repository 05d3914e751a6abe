#include "gates/netlist_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lutetia {
namespace {

/// Line and column of a byte.
SourceLocation place(const std::string& text, const std::string& file, std::size_t at) {
  at = std::min(at, text.size());
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  const std::size_t column = before == std::string::npos ? at + 1 : at - before;
  return {file, static_cast<int>(line), static_cast<int>(column)};
}

/// Follows the parser down to modules.NAME.SECTION.ITEM.FIELD(.PIN); whatever else there is passes unseen.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<NetlistModule> modules;
  std::size_t error_at = 0;
  std::string error;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool number_unsigned(number_unsigned_t value) override {
    if (bits_ != nullptr && arrays_ == 1)
      bits_->push_back(value);
    else if (arrays_ == 0 && path_.size() == 5 && section_ == Section::kWires)
      wire_field(value);
    return true;
  }
  bool string(string_t& value) override {
    if (bits_ != nullptr && arrays_ == 1) {
      bits_->push_back(value == "1" ? 1 : 0);
      return true;
    }
    if (arrays_ > 0) return true;
    if (path_.size() == 4)
      module_field(value);
    else if (path_.size() == 5 && section_ == Section::kPorts && path_[4] == "direction")
      modules.back().ports.back().direction = std::move(value);
    else if (path_.size() == 5 && section_ == Section::kCells && path_[4] == "type")
      modules.back().cells.back().type = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override {
    if (arrays_ > 0) {
      ++ignored_;
      return true;
    }
    if (path_.size() == 2 && path_[0] == "modules") {
      modules.emplace_back();
      modules.back().name = path_[1];
    }
    if (path_.size() == 4) {
      if (section_ == Section::kPorts) modules.back().ports.push_back({path_[3], "", {}});
      if (section_ == Section::kCells) modules.back().cells.push_back({path_[3], "", {}});
      if (section_ == Section::kWires) {
        modules.back().wires.emplace_back();
        modules.back().wires.back().name = path_[3];
      }
    }
    path_.emplace_back();
    return true;
  }
  bool end_object() override {
    if (ignored_ > 0)
      --ignored_;
    else
      path_.pop_back();
    return true;
  }
  bool key(string_t& name) override {
    if (ignored_ > 0) return true;
    path_.back() = std::move(name);
    if (path_.size() <= 3)
      section_ = path_.size() == 3 && path_[0] == "modules" ? section_of(path_[2]) : Section::kNone;
    return true;
  }
  bool start_array(std::size_t) override {
    if (++arrays_ > 1) return true;
    bits_ = nullptr;
    if (path_.size() == 5 && path_[4] == "bits") {
      if (section_ == Section::kPorts) bits_ = &modules.back().ports.back().bits;
      if (section_ == Section::kWires) bits_ = &modules.back().wires.back().bits;
    } else if (path_.size() == 6 && section_ == Section::kCells && path_[4] == "connections") {
      auto& connections = modules.back().cells.back().connections;
      connections.push_back({path_[5], {}});
      bits_ = &connections.back().bits;
    }
    return true;
  }
  bool end_array() override {
    if (--arrays_ == 0) bits_ = nullptr;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& e) override {
    error_at = position == 0 ? 0 : position - 1;
    error = e.what();
    return false;
  }

 private:
  enum class Section { kNone, kAttributes, kParameters, kPorts, kCells, kWires };
  static Section section_of(const std::string& name) {
    if (name == "attributes") return Section::kAttributes;
    if (name == "parameter_default_values") return Section::kParameters;
    if (name == "ports") return Section::kPorts;
    if (name == "cells") return Section::kCells;
    if (name == "netnames") return Section::kWires;
    return Section::kNone;
  }
  void wire_field(std::uint64_t value) {
    NetlistModule::Wire& wire = modules.back().wires.back();
    if (path_[4] == "hide_name") wire.hidden = value != 0;
    if (path_[4] == "offset") wire.offset = value;
  }
  /// Values are written in binary digits.
  void module_field(const std::string& value) {
    if (section_ != Section::kAttributes && section_ != Section::kParameters) return;  // there may be no module yet
    NetlistModule& module = modules.back();
    if (section_ == Section::kAttributes && path_[3] == "top") module.top = value.find('1') != std::string::npos;
    if (section_ != Section::kParameters || value.empty() || value.size() > 64) return;
    std::uint64_t number = 0;
    for (const char digit : value) {
      if (digit != '0' && digit != '1') return;
      number = number << 1 | (digit == '1' ? 1u : 0u);
    }
    module.parameters[path_[3]] = number;
  }

  std::vector<std::string> path_;  ///< the current key of every open object
  Section section_ = Section::kNone;
  std::size_t arrays_ = 0, ignored_ = 0;  ///< open arrays; objects inside of arrays
  std::vector<NetlistBit>* bits_ = nullptr;
};

}  // namespace

bool parse_netlist_json(const std::string& text, const std::string& file, NetlistModule& top, Problems& problems) {
  Handler handler;
  if (!nlohmann::json::sax_parse(text, &handler)) {
    problems.add(place(text, file, handler.error_at), "", "not a JSON file: " + handler.error);
    return false;
  }
  NetlistModule* found = nullptr;
  std::size_t tops = 0, filled = 0;
  for (NetlistModule& module : handler.modules) {
    if (module.top) ++tops;
    if (!module.cells.empty()) ++filled;
  }
  for (NetlistModule& module : handler.modules)
    if (tops > 0 ? module.top : !module.cells.empty()) found = &module;
  if (found == nullptr || (tops != 1 && filled != 1)) {
    problems.add({file, 0, 0}, "modules",
                 found == nullptr ? "no module with cells; expected a netlist of Yosys' write_json"
                                  : "several modules with cells and none marked as top; flatten the netlist");
    return false;
  }
  top = std::move(*found);
  return true;
}

}  // namespace lutetia
