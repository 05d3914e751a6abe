#include "memory/dram/command_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <climits>
#include <cstring>
#include <ostream>
#include <string_view>

#include "base/nearest.h"
#include "config/value.h"
#include "memory/dram/bounded_lines.h"

namespace lutetia {
namespace {

constexpr std::string_view kHeader = "cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column";
enum Field { kCycle, kCommand, kChannel, kPseudoChannel, kRank, kBankGroup, kBank, kRow, kColumn, kFields };
constexpr std::array<const char*, kFields> kFieldNames = {"cycle",      "command", "channel", "pseudo_channel", "rank",
                                                          "bank_group", "bank",    "row",     "column"};
constexpr std::size_t kChunk = std::size_t{1} << 16;
constexpr std::size_t kRoomForLine = 128;

constexpr bool has_row(Command c) {
  return c == Command::kActivate || is_column(c);
}

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* put(char* to, std::uint64_t number) {
  const fmt::format_int digits(number);
  return put(to, std::string_view(digits.data(), digits.size()));
}

/// Judges a trace line by line and hands on what is good.
class TraceParser {
 public:
  TraceParser(const std::string& file, const DramGeometry& geometry, CommandSink& sink, Problems& problems)
      : file_(file), geometry_(geometry), sink_(sink), problems_(problems), last_(geometry.channels, 0) {}

  bool read(std::istream& in) {
    BoundedLines lines(in, kLongestCommandLine);
    BoundedLines::Line line;
    bool header = false;
    while (lines.next(line)) {
      ++line_;
      if (!is_readable(line)) break;
      if (line.too_long || says_nothing(line.text)) continue;
      if (!line.terminated) add(line.text.size(), "", "the last line has no newline; was the file cut short?");
      if (header) {
        command(line.text);
      } else if (header = is_header(line.text); !header) {
        return finish();
      }
    }
    if (lines.failed())
      add_to_file("cannot be read to its end");
    else if (!header && count_ == 0)
      add_to_file("the file has no header line; expected " + std::string(kHeader));
    return finish();
  }

 private:
  /// Faults of a line as text. False if what follows is not text either.
  bool is_readable(BoundedLines::Line& line) {
    const std::size_t nul = line.text.find('\0');
    if (nul != std::string_view::npos) {
      add(nul, "", "NUL byte: this is not a text file");
      return false;
    }
    if (line.too_long) {
      add(kLongestCommandLine, "", fmt::format("the line is longer than {} bytes", kLongestCommandLine));
    } else if (!line.text.empty() && line.text.back() == '\r') {
      line.text.remove_suffix(1);
      if (!carriage_returns_)
        add(line.text.size(), "", "carriage return: lines end with a newline only (this is told once)");
      carriage_returns_ = true;
    }
    return true;
  }

  static bool says_nothing(std::string_view line) {
    return line.empty() || line.front() == '#' || line.find_first_not_of(" \t") == std::string_view::npos;
  }

  /// Without the columns' names it is unknown what the other lines mean.
  bool is_header(std::string_view line) {
    if (line == kHeader) return true;
    const std::size_t common = std::min(line.size(), kHeader.size());
    const auto at = std::mismatch(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(common), kHeader.begin());
    add(static_cast<std::size_t>(at.first - line.begin()), "", "wrong header line; expected " + std::string(kHeader));
    return false;
  }

  void command(std::string_view line) {
    const std::size_t before = count_;
    if (!split(line)) return;
    DramCommand c;
    std::uint64_t cycle = 0, channel = 0, pseudo_channel = 0, rank = 0, bank_group = 0, bank = 0, row = 0, column = 0;
    number(kCycle, kLastTraceCycle, cycle);
    const bool known = command_name(c.command);
    number(kChannel, geometry_.channels - 1, channel);
    number(kPseudoChannel, geometry_.pseudo_channels - 1, pseudo_channel);
    number(kRank, geometry_.ranks - 1, rank);
    if (known) {
      optional_number(kBankGroup, c.command, !is_rank_wide(c.command), geometry_.bank_groups - 1, bank_group);
      optional_number(kBank, c.command, !is_rank_wide(c.command), geometry_.banks - 1, bank);
      optional_number(kRow, c.command, has_row(c.command), geometry_.rows - 1, row);
      optional_number(kColumn, c.command, is_column(c.command), geometry_.bursts - 1, column);
    }
    if (count_ != before) return;
    if (cycle < last_[channel])
      return add(column_of(kCycle), kFieldNames[kCycle],
                 fmt::format("{} goes back: channel {} had a command at {}", cycle, channel, last_[channel]));
    last_[channel] = cycle;
    const auto narrow = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    c.at = cycle;
    c.channel = narrow(channel);
    c.bank = geometry_.bank_index(narrow(pseudo_channel), narrow(rank), narrow(bank_group), narrow(bank));
    c.row = narrow(row);
    c.column = narrow(column);
    sink_.issued(c);
  }

  bool split(std::string_view line) {
    text_ = line;
    std::size_t from = 0;
    for (std::size_t i = 0; i < kFields; ++i) {
      const bool last = i + 1 == kFields;
      const std::size_t comma = line.find(',', from);
      if (!last && comma == std::string_view::npos) {
        std::string missing = kFieldNames[i + 1];
        for (std::size_t m = i + 2; m < kFields; ++m) missing += std::string(", ") + kFieldNames[m];
        return add(line.size(), "", fmt::format("{} of {} fields; missing: {}", i + 1, int{kFields}, missing)), false;
      }
      if (last && comma != std::string_view::npos)
        return add(comma, "", fmt::format("more than {} fields", int{kFields})), false;
      fields_[i] = line.substr(from, last ? std::string_view::npos : comma - from);
      from = comma + 1;
    }
    return true;
  }

  bool command_name(Command& out) {
    const auto found = std::find(kCommandNames.begin(), kCommandNames.end(), fields_[kCommand]);
    if (found != kCommandNames.end()) {
      out = static_cast<Command>(found - kCommandNames.begin());
      return true;
    }
    const std::string word(fields_[kCommand]);
    const std::vector<std::string> names(kCommandNames.begin(), kCommandNames.end());
    add(column_of(kCommand), kFieldNames[kCommand],
        "unknown command " + quoted_for_message(word) + did_you_mean(word, names) + "; commands are " + joined(names));
    return false;
  }

  /// A number if the command has such a field, nothing otherwise.
  void optional_number(Field field, Command command, bool expected, std::uint64_t most, std::uint64_t& out) {
    if (expected) return number(field, most, out);
    if (!fields_[field].empty())
      add(column_of(field), kFieldNames[field], fmt::format("must be empty: {} has none", name(command)));
  }

  void number(Field field, std::uint64_t most, std::uint64_t& out) {
    const std::string_view text = fields_[field];
    std::uint64_t value = 0;
    bool fits = true;
    for (const char c : text) {
      const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
      if (digit > 9) return no_number(field);
      fits = fits && value <= (most - std::min<std::uint64_t>(digit, most)) / 10;
      value = value * 10 + digit;
    }
    if (text.empty()) return no_number(field);
    if (!fits || value > most)
      return add(column_of(field), kFieldNames[field],
                 fmt::format("{} is out of range, expected 0 to {}", quoted_for_message(std::string(text)), most));
    out = value;
  }

  void no_number(Field field) {
    const std::string_view text = fields_[field];
    add(column_of(field), kFieldNames[field],
        text.empty() ? "is missing, expected a whole number"
                     : "expected a whole number, got " + quoted_for_message(std::string(text)));
  }

  std::size_t column_of(Field field) const { return static_cast<std::size_t>(fields_[field].data() - text_.data()); }

  /// `offset` counts bytes of the line from 0.
  void add(std::size_t offset, const char* path, const std::string& message) {
    if (++count_ <= kMostTraceProblems)
      problems_.add({file_, line_number(), static_cast<int>(offset) + 1}, path, message);
  }
  void add_to_file(const std::string& message) {
    if (++count_ <= kMostTraceProblems) problems_.add({file_, 0, 0}, "", message);
  }
  int line_number() const { return static_cast<int>(std::min<std::uint64_t>(line_, INT_MAX)); }

  bool finish() {
    if (count_ > kMostTraceProblems)
      problems_.add({file_, line_number(), 0}, "",
                    fmt::format("and {} more problems up to here", count_ - kMostTraceProblems));
    return count_ == 0;
  }

  const std::string& file_;
  const DramGeometry& geometry_;
  CommandSink& sink_;
  Problems& problems_;
  std::vector<Cycle> last_;  ///< cycle of each channel's last command
  std::string_view text_;
  std::array<std::string_view, kFields> fields_;
  std::uint64_t line_ = 0;
  std::size_t count_ = 0;
  bool carriage_returns_ = false;
};

}  // namespace

CommandTraceWriter::CommandTraceWriter(std::ostream& out, const DramGeometry& geometry) : out_(out), buffer_(kChunk) {
  for (std::uint32_t bank = 0; bank < geometry.banks_per_channel(); ++bank) {
    const std::string rank = fmt::format("{},{},", geometry.node(Level::kPseudoChannel, bank),
                                         geometry.node(Level::kRank, bank) % geometry.ranks);
    places_.push_back({fmt::format("{}{},{},", rank, geometry.node(Level::kBankGroup, bank) % geometry.bank_groups,
                                   bank % geometry.banks),
                       rank + ",,"});
  }
  used_ = static_cast<std::size_t>(put(put(buffer_.data(), kHeader), "\n") - buffer_.data());
}

CommandTraceWriter::~CommandTraceWriter() {
  try {
    flush();
  } catch (const std::exception&) {  // of a stream set to throw; its state tells
  }
}

void CommandTraceWriter::issued(const DramCommand& c) {
  assert(c.bank < places_.size());
  if (buffer_.size() - used_ < kRoomForLine) flush();
  char* to = buffer_.data() + used_;
  to = put(to, c.at);
  *to++ = ',';
  to = put(to, name(c.command));
  *to++ = ',';
  to = put(to, c.channel);
  *to++ = ',';
  to = put(to, is_rank_wide(c.command) ? places_[c.bank].rank : places_[c.bank].bank);
  if (has_row(c.command)) to = put(to, c.row);
  *to++ = ',';
  if (is_column(c.command)) to = put(to, c.column);
  *to++ = '\n';
  used_ = static_cast<std::size_t>(to - buffer_.data());
}

void CommandTraceWriter::flush() {
  const std::size_t size = used_;
  used_ = 0;
  out_.write(buffer_.data(), static_cast<std::streamsize>(size));
}

bool read_command_trace(std::istream& in, const std::string& file, const DramGeometry& geometry, CommandSink& sink,
                        Problems& problems) {
  return TraceParser(file, geometry, sink, problems).read(in);
}

}  // namespace lutetia
