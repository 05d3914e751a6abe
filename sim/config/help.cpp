#include "config/help.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "config/messages.h"
#include "config/set_path.h"

namespace lutetia {
namespace {

constexpr int kDeepest = 16;  // a struct may contain a list of itself

std::string type_text(const Field& field) {
  switch (field.kind()) {
    case Field::Kind::kGroup: return "group";
    case Field::Kind::kOptionalGroup: return "optional group";
    case Field::Kind::kList: return "list of groups";
    case Field::Kind::kLeaf: break;
  }
  const std::string type = field.type() == ValueType::kBool ? "true | false" : type_name(field.type());
  const std::string unit = symbol(field.value_unit());
  return (field.is_vector() ? "list of "
          : field.is_map()  ? "map of "
                            : "") +
         type + (unit.empty() ? "" : " (" + unit + ")");
}

std::string default_text(const Field& field) {
  if (field.is_required()) return "required";
  switch (field.kind()) {
    case Field::Kind::kGroup: return "";
    case Field::Kind::kOptionalGroup: return "absent";
    case Field::Kind::kList: return field.size() == 0 ? "[]" : std::to_string(field.size()) + " entries";
    case Field::Kind::kLeaf: return field.text();
  }
  return "";
}

/// A nested field's content with defaults.
Schema content(const Field& field) {
  return field.kind() == Field::Kind::kGroup ? field.element(0) : field.prototype();
}

std::string below(const std::string& path, const Field& field) {
  return join_path(path, field.key()) + (field.kind() == Field::Kind::kList ? "[]" : "");
}

using Row = std::array<std::string, 5>;  // path, type, default, allowed, help

Row row_of(const Field& field, const std::string& path) {
  const std::string rtl = field.rtl_name().empty() ? "" : " (RTL: " + field.rtl_name() + ")";
  return {join_path(path, field.key()), type_text(field), default_text(field), field.range_text(), field.help() + rtl};
}

void add_rows(const Schema& schema, const std::string& path, int depth, std::vector<Row>& rows) {
  for (const Field& field : schema.fields()) {
    rows.push_back(row_of(field, path));
    if (!field.is_leaf() && depth < kDeepest) add_rows(content(field), below(path, field), depth + 1, rows);
  }
  for (const Rule& rule : schema.rules()) rows.push_back({path, "rule", "", "", rule.text});
}

std::string aligned(std::vector<Row> rows) {
  rows.insert(rows.begin(), Row{"key", "type", "default", "allowed", "meaning"});
  std::array<std::size_t, 5> width{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(width[i] - row[i].size() + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string in_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

void add_tables(const Schema& schema, const std::string& path, int depth, std::string& out) {
  out += "| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n";
  for (const Field& field : schema.fields()) {
    const Row row = row_of(field, "");
    const auto code = [](const std::string& text) { return text.empty() ? "" : "`" + in_cell(text) + "`"; };
    out += "| " + code(row[0]) + " | " + in_cell(row[1]) + " | " + code(row[2]) + " | " + in_cell(row[3]) + " | " +
           in_cell(row[4]) + " |\n";
  }
  if (!schema.rules().empty()) out += "\n";
  for (const Rule& rule : schema.rules()) out += "- " + rule.text + "\n";
  for (const Field& field : schema.fields()) {
    if (field.is_leaf() || depth >= kDeepest) continue;
    const std::string field_path = below(path, field);
    out += "\n## `" + field_path + "`\n\n" + field.help() + "\n\n";
    add_tables(content(field), field_path, depth + 1, out);
  }
}

/// The rows of what `steps` name. Empty, with a message, if there is no such key.
std::vector<Row> find_rows(const Schema& schema, const std::vector<PathStep>& steps, std::size_t at,
                           const std::string& path, std::string& error, std::string& error_path) {
  std::vector<Row> rows;
  if (at == steps.size()) {
    add_rows(schema, path, 0, rows);
    return rows;
  }
  const Field* field = schema.find(steps[at].key);
  if (!field) {
    error = unknown_key(steps[at].key, schema);
    error_path = join_path(path, steps[at].key);
    return rows;
  }
  ++at;
  while (at < steps.size() && steps[at].key.empty()) ++at;  // the index of a list does not matter
  if (field->is_leaf()) {
    if (at == steps.size() || (field->is_map() && at + 1 == steps.size())) return {row_of(*field, path)};
    error = "is a single value, there are no keys below it";
    error_path = join_path(path, field->key());
    return rows;
  }
  std::vector<Row> inner = find_rows(content(*field), steps, at, below(path, *field), error, error_path);
  if (error.empty() && at == steps.size()) inner.insert(inner.begin(), row_of(*field, path));
  return inner;
}

}  // namespace

std::string help_text(const Schema& schema, const std::string& path, Problems* problems) {
  std::vector<PathStep> steps;
  std::string plain = path, error, error_path;
  for (std::size_t at; (at = plain.find("[]")) != std::string::npos;) plain.erase(at, 2);
  if (!plain.empty() && !parse_path(plain, steps)) {
    error = "expected a path such as lut_core.rows, got " + quoted_for_message(path);
  }
  std::vector<Row> rows;
  if (error.empty()) rows = find_rows(schema, steps, 0, "", error, error_path);
  if (!error.empty()) {
    if (problems) problems->add({}, error_path, error);
    return "";
  }
  return aligned(std::move(rows));
}

std::string markdown_reference(const Schema& schema, const std::string& title) {
  std::string out = "# " + title + "\n\n";
  add_tables(schema, "", 0, out);
  return out;
}

}  // namespace lutetia
