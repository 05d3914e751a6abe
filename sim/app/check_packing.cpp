#include "app/check_packing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "base/nearest.h"
#include "base/sha256.h"
#include "config/value.h"
#include "numeric/packing/weight_packing.h"
#include "report/human.h"

namespace lutetia {
namespace {

/// What was asked for, checked.
struct Question {
  std::string file;
  std::unique_ptr<WeightPacking> packing;
  std::uint64_t rows = 0, columns = 0;
  std::optional<std::uint64_t> offset;  ///< of the matrix in the file; absent: the matrix is the file
};

void set_tile(WeightPacking& packing, const std::string& text, Problems& problems) {
  const SourceLocation where{"--tile", 0, 0};
  const std::size_t equals = text.find('=');
  std::vector<std::string> names;
  for (const PackingParameter& p : packing.parameters()) {
    names.emplace_back(p.name);
    if (text.substr(0, equals) != p.name || equals == std::string::npos) continue;
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data() + equals + 1, end, value);
    constexpr std::uint32_t kMost = 1u << 20;
    if (result.ec != std::errc() || result.ptr != end || value > kMost)
      problems.add(where, std::string(p.name), fmt::format("expected a whole number in 0..{}", kMost));
    else
      *p.value = value;
    return;
  }
  problems.add(where, "",
               fmt::format("expected NAME=NUMBER with a name of {}, got {}", joined(names), quoted_for_message(text)));
}

bool read_question(const CommandLine& line, Question& q, Problems& problems) {
  for (const char* name : {"packing", "rows", "columns"})
    if (!line.has(name)) problems.add({std::string("--") + name, 0, 0}, "", "must be given to check packed weights");
  if (line.arguments().size() != 1)
    problems.add({"lutetia check", 0, 0}, "", "takes one FILE with --packing: its shape is that of one matrix");
  const auto packing = line.choice("packing", packing_names(), problems);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 31;
  q.rows = line.number("rows", 1, kMost, problems).value_or(0);
  q.columns = line.number("columns", 1, kMost, problems).value_or(0);
  q.offset = line.number("offset", 0, std::uint64_t{1} << 62, problems);
  if (!problems.empty()) return false;
  q.file = line.arguments()[0];
  q.packing = create_packing(packing_names()[*packing]);
  q.packing->use_upstream_parameters(q.rows, q.columns);
  for (const std::string& tile : line.texts("tile")) set_tile(*q.packing, tile, problems);
  if (!problems.empty()) return false;
  const std::string obstacle = q.packing->obstacle(q.rows, q.columns);
  if (!obstacle.empty()) problems.add({q.file, 0, 0}, std::string(q.packing->info().name), obstacle);
  return problems.empty();
}

/// Other packings for which a matrix of this shape has so many bytes.
std::vector<std::unique_ptr<WeightPacking>> others_of_size(const Question& q, std::uint64_t bytes) {
  std::vector<std::unique_ptr<WeightPacking>> others;
  for (const std::string& name : packing_names()) {
    std::unique_ptr<WeightPacking> other = create_packing(name);
    other->use_upstream_parameters(q.rows, q.columns);
    if (name == q.packing->info().name || !other->obstacle(q.rows, q.columns).empty()) continue;
    if (other->size_bytes(q.rows, q.columns) == bytes) others.push_back(std::move(other));
  }
  return others;
}

bool read_bytes(const Question& q, std::vector<std::uint8_t>& bytes, Problems& problems) {
  const SourceLocation where{q.file, 0, 0};
  std::error_code code;
  const std::uint64_t size = std::filesystem::file_size(q.file, code);
  if (code) {
    const bool exists = std::filesystem::exists(q.file, code);
    problems.add(where, "", exists ? "is not a file of packed weights" : "no such file");
    return false;
  }
  const std::uint64_t want = q.packing->size_bytes(q.rows, q.columns), from = q.offset.value_or(0);
  if (q.offset ? from > size || size - from < want : size != want) {
    std::vector<std::string> fitting;
    if (!q.offset)
      for (const auto& other : others_of_size(q, size)) fitting.emplace_back(other->info().name);
    problems.add(where, "",
                 fmt::format("has {} bytes, but {} x {} weights in {} take {}{}", size, q.rows, q.columns,
                             q.packing->info().name, want,
                             q.offset          ? fmt::format(" from byte {} on", from)
                             : fitting.empty() ? ""
                                               : "; that is the size in " + joined(fitting)));
    return false;
  }
  std::ifstream in(q.file, std::ios::binary);
  bytes.resize(want);
  in.seekg(static_cast<std::streamoff>(from));
  if (in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(want))) return true;
  problems.add(where, "", "cannot be read");
  return false;
}

/// file:offset: error: row 1, column 2: ...
int report(const Question& q, const std::vector<std::uint8_t>& bytes, const PackingFaults& faults) {
  for (const PackingFault& f : faults.first()) {
    const std::string at =
        f.offset == PackingFault::kNowhere ? "" : fmt::format(":{}", q.offset.value_or(0) + f.offset);
    std::cerr << q.file << at << ": error: " << f.place() << f.what << "\n";
  }
  if (faults.more() > 0) std::cerr << fmt::format("{}: error: {} more faults\n", q.file, grouped(faults.more()));
  for (const auto& other : others_of_size(q, bytes.size())) {
    PackingFaults found;
    other->unpack(bytes.data(), bytes.size(), q.rows, q.columns, found);
    if (found.empty()) std::cerr << q.file << ": read as " << other->info().name << " it has no fault\n";
  }
  return kExitUserError;
}

void print(const Question& q, const WeightMatrix& m) {
  std::map<int, std::uint64_t> counts;
  for (const std::int8_t w : m.weights) ++counts[w];
  std::cout << fmt::format("{}: ok ({}: {} x {} weights, {} bytes)\n", q.file, q.packing->info().name, m.rows,
                           m.columns, grouped(q.packing->size_bytes(m.rows, m.columns)));
  const Sha256 digest = [&] {
    Sha256 sha;
    sha.update({reinterpret_cast<const char*>(m.weights.data()), m.weights.size()});
    return sha;
  }();
  std::cout << "  weights  ";
  if (counts.size() <= 16)
    for (const auto& [w, count] : counts)
      std::cout << fmt::format("{}{}: {:.1f} %", w == counts.begin()->first ? "" : ", ", w,
                               100.0 * static_cast<double>(count) / static_cast<double>(m.weights.size()));
  else
    std::cout << fmt::format("{}..{}", counts.begin()->first, counts.rbegin()->first);
  std::cout << "\n  digest   " << digest.hex().substr(0, 16)
            << " of the integers row by row: equal in every packing of the same matrix\n";
  if (m.scales.empty()) {
    std::cout << "  scales   not in this format\n";
  } else {
    const auto [low, high] = std::minmax_element(m.scales.begin(), m.scales.end());
    std::cout << fmt::format("  scales   {}, {:g}..{:g}\n", grouped(m.scales.size()), *low, *high);
  }
  std::string tile;
  for (const PackingParameter& p : q.packing->parameters())
    tile += fmt::format("{}{} {}", tile.empty() ? "" : ", ", p.name, *p.value);
  if (!tile.empty()) std::cout << "  tile     " << tile << ": the file does not say it; a wrong one permutes weights\n";
  if (q.packing->info().name.rfind("i2_s", 0) == 0)
    std::cout << "  note     nothing in an I2_S file tells 128-weight blocks (x86) from 64-weight ones (ARM); compare "
                 "digests\n";
}

}  // namespace

void packing_options(CommandLine& line) {
  line.option("packing", "NAME", "FILE holds packed weights: see lutetia help formats");
  line.option("rows", "N", "packed weights: rows (output features)");
  line.option("columns", "K", "packed weights: columns (the reduction)");
  line.option("offset", "BYTES", "packed weights: where they begin in FILE; otherwise they are the whole of it");
  line.list("tile", "NAME=NUMBER", "packed weights: a tile size of tl1, tl2 or tmac_1..4, e.g. bm=160");
}

bool has_packing_options(const CommandLine& line) {
  for (const char* name : {"packing", "rows", "columns", "offset", "tile"})
    if (line.has(name)) return true;
  return false;
}

int check_packing(const CommandLine& line) {
  Problems problems;
  Question q;
  if (!read_question(line, q, problems)) return user_error(problems, "check");
  std::vector<std::uint8_t> bytes;
  if (!read_bytes(q, bytes, problems)) return user_error(problems);
  PackingFaults faults;
  const WeightMatrix m = q.packing->unpack(bytes.data(), bytes.size(), q.rows, q.columns, faults);
  if (!faults.empty()) return report(q, bytes, faults);
  print(q, m);
  return kExitDone;
}

}  // namespace lutetia
