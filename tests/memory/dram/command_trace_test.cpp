// Command traces as CSV: what is written is read back, every fault is told with its exact place, and no text whatever
// makes the reader stumble.
#include "memory/dram/command_trace.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <tuple>

#include "base/random.h"
#include "hand_made_specs.h"

namespace lutetia {
namespace {

const std::string kHeader = "cycle,command,channel,pseudo_channel,rank,bank_group,bank,row,column\n";

struct Kept final : CommandSink {
  void issued(const DramCommand& command) override { commands.push_back(command); }
  std::vector<DramCommand> commands;
};

auto all_of(const DramCommand& c) {
  return std::tie(c.at, c.command, c.channel, c.bank, c.row, c.column);
}

struct Reading {
  bool good = false;
  std::vector<DramCommand> commands;
  std::vector<std::string> problems;
};

Reading read(const std::string& text, const DramGeometry& geometry = hbm_like().geometry) {
  std::istringstream in(text);
  Kept kept;
  Problems problems;
  Reading out;
  out.good = read_command_trace(in, "t.csv", geometry, kept, problems);
  out.commands = kept.commands;
  for (const Problem& p : problems.items()) out.problems.push_back(p.text());
  return out;
}

std::string written(const std::vector<DramCommand>& commands, const DramGeometry& geometry) {
  std::ostringstream out;
  CommandTraceWriter writer(out, geometry);
  for (const DramCommand& c : commands) writer.issued(c);
  writer.flush();
  return out.str();
}

/// Commands as a reader gives them back: no row or column where there is none, the first bank for a whole rank.
std::vector<DramCommand> random_commands(const DramGeometry& g, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<DramCommand> out;
  Cycle now = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random.below(n)); };
    now += random.bernoulli(0.01) ? random.below(Cycle{1} << 40) : random.below(30);
    DramCommand c =
        at(now, static_cast<Command>(below(kCommands)), below(g.banks_per_channel()), 0, 0, below(g.channels));
    if (is_rank_wide(c.command)) c.bank -= c.bank % g.banks_per_rank();
    if (c.command == Command::kActivate || is_column(c.command)) c.row = below(g.rows);
    if (is_column(c.command)) c.column = below(g.bursts);
    out.push_back(c);
  }
  return out;
}

TEST(CommandTrace, LooksAsTheHeaderFileSays) {
  const DramGeometry g = ddr4_like().geometry;
  const std::string text = written(
      {at(0, Command::kActivate, g.bank_index(0, 1, 2, 1), 17), at(17, Command::kRead, g.bank_index(0, 1, 2, 1), 17, 5),
       at(56, Command::kPrechargeAll, g.bank_index(0, 1, 3, 3))},
      g);
  EXPECT_EQ(text, kHeader + "0,ACT,0,0,1,2,1,17,\n17,RD,0,0,1,2,1,17,5\n56,PREA,0,0,1,,,,\n");
}

TEST(CommandTrace, WhatIsWrittenIsReadBack) {
  for (const DramSpec& spec : {ddr4_like(), hbm_like()}) {
    const std::vector<DramCommand> commands = random_commands(spec.geometry, 50'000, 7);
    const Reading reading = read(written(commands, spec.geometry), spec.geometry);
    ASSERT_TRUE(reading.good) << reading.problems.front();
    ASSERT_EQ(reading.commands.size(), commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) ASSERT_EQ(all_of(reading.commands[i]), all_of(commands[i])) << i;
  }
}

TEST(CommandTrace, IsCompleteWhenTheWriterEnds) {
  std::ostringstream out;
  { CommandTraceWriter(out, ddr4_like().geometry).issued(at(3, Command::kRefresh, 0)); }
  EXPECT_EQ(out.str(), kHeader + "3,REFab,0,0,0,,,,\n");
}

TEST(CommandTrace, CommentsAndBlankLinesSayNothing) {
  const Reading reading = read("# a trace\n\n" + kHeader + "# cycle,ACT\n  \t\n5,PRE,1,1,1,3,3,,\n# no newline");
  EXPECT_TRUE(reading.good);
  ASSERT_EQ(reading.commands.size(), 1u);
  EXPECT_EQ(reading.commands[0].bank, 63u);
}

struct Fault {
  std::string name, text, problem;  ///< `problem`: how the only one begins
  std::size_t commands = 0;         ///< good lines that are handed on nevertheless
};

std::vector<Fault> faults() {
  const std::string good = "9,PRE,0,0,0,0,0,,\n", wrong = "error: wrong header line; expected cycle,";
  const auto line = [](const std::string& text) { return kHeader + text + "\n"; };
  const std::string long_line(2 * 65536, '1');
  return {
      {"empty_file", "", "t.csv: error: the file has no header line; expected cycle,"},
      {"comments_only", "# x\n\n", "t.csv: error: the file has no header line"},
      {"no_header", good, "t.csv:1:1: " + wrong},
      {"other_header", "# x\ncycle,command,rank,bank\n" + good, "t.csv:2:15: " + wrong},
      {"short_header", "cycle,command\n" + good, "t.csv:1:14: " + wrong},
      {"unknown_command", line("1,RAD,0,0,0,0,0,,"),
       "t.csv:2:3: error: command: unknown command \"RAD\", did you mean"},
      {"lower_case", line("1,act,0,0,0,0,0,1,"),
       "t.csv:2:3: error: command: unknown command \"act\", did you mean \"ACT"},
      {"no_command", line("1,,0,0,0,0,0,,"), "t.csv:2:3: error: command: unknown command \"\""},
      {"few_fields", line("1,ACT,0,0,0,0"), "t.csv:2:14: error: 6 of 9 fields; missing: bank, row, column"},
      {"one_field", line("x"), "t.csv:2:2: error: 1 of 9 fields; missing: command, "},
      {"many_fields", line("1,RD,0,0,0,0,0,1,2,3"), "t.csv:2:19: error: more than 9 fields"},
      {"no_cycle", line(",ACT,0,0,0,0,0,1,"), "t.csv:2:1: error: cycle: is missing"},
      {"negative", line("-1,ACT,0,0,0,0,0,1,"), "t.csv:2:1: error: cycle: expected a whole number, got \"-1\""},
      {"fraction", line("1.5,ACT,0,0,0,0,0,1,"), "t.csv:2:1: error: cycle: expected a whole number, got \"1.5\""},
      {"space", line("1, ACT,0,0,0,0,0,1,"), "t.csv:2:3: error: command: unknown command \" ACT\""},
      {"cycle_beyond", line("9223372036854775808,ACT,0,0,0,0,0,1,"),
       "t.csv:2:1: error: cycle: \"9223372036854775808\" is"},
      {"cycle_wraps", line("18446744073709551617,ACT,0,0,0,0,0,1,"),
       "t.csv:2:1: error: cycle: \"18446744073709551617\" is"},
      {"channel", line("1,ACT,2,0,0,0,0,1,"), "t.csv:2:7: error: channel: \"2\" is out of range, expected 0 to 1"},
      {"pseudo_channel", line("1,ACT,0,2,0,0,0,1,"), "t.csv:2:9: error: pseudo_channel: \"2\" is out of range"},
      {"rank", line("1,ACT,0,0,9,0,0,1,"), "t.csv:2:11: error: rank: \"9\" is out of range, expected 0 to 1"},
      {"bank_group", line("1,ACT,0,0,0,4,0,1,"), "t.csv:2:13: error: bank_group: \"4\" is out of range"},
      {"bank", line("1,ACT,0,0,0,0,4,1,"), "t.csv:2:15: error: bank: \"4\" is out of range, expected 0 to 3"},
      {"row", line("1,ACT,0,0,0,0,0,32768,"), "t.csv:2:17: error: row: \"32768\" is out of range, expected 0 to 32767"},
      {"column", line("1,RD,0,0,0,0,0,1,32"), "t.csv:2:18: error: column: \"32\" is out of range, expected 0 to 31"},
      {"no_row", line("1,ACT,0,0,0,0,0,,"), "t.csv:2:17: error: row: is missing, expected a whole number"},
      {"no_column", line("1,WR,0,0,0,0,0,1,"), "t.csv:2:18: error: column: is missing, expected a whole number"},
      {"no_bank", line("1,PRE,0,0,0,0,,,"), "t.csv:2:15: error: bank: is missing, expected a whole number"},
      {"row_of_PRE", line("1,PRE,0,0,0,0,0,7,"), "t.csv:2:17: error: row: must be empty: PRE has none"},
      {"column_of_ACT", line("1,ACT,0,0,0,0,0,7,1"), "t.csv:2:19: error: column: must be empty: ACT has none"},
      {"bank_of_REFab", line("1,REFab,0,0,0,,1,,"), "t.csv:2:16: error: bank: must be empty: REFab has none"},
      {"back_in_time", line(good + "8,PRE,1,0,0,0,0,,\n8,PRE,0,0,0,0,0,,"),
       "t.csv:4:1: error: cycle: 8 goes back: channel 0 had a command at 9", 2},
      {"good_after_bad", line("1,XYZ,0,0,0,0,0,,\n" + good + good), "t.csv:2:3: error: command: unknown", 2},
      {"carriage_returns", line("1,PRE,0,0,0,0,0,,\r\n2,PRE,0,0,0,0,0,,\r"), "t.csv:2:18: error: carriage return", 2},
      {"carriage_return_inside", line("1,PRE\r,0,0,0,0,0,,"),
       "t.csv:2:3: error: command: unknown command \"PRE\\x0d\""},
      {"not_utf8", line("\xff\xfe,PRE,0,0,0,0,0,,"), "t.csv:2:1: error: cycle: expected a whole number"},
      {"nul_byte", line(good + std::string("5,\0RE,", 7) + "\n" + good), "t.csv:3:3: error: NUL byte", 1},
      {"zeros", std::string(1 << 20, '\0'), "t.csv:1:1: error: NUL byte"},
      {"long_line", line(long_line + "\n" + good), "t.csv:2:1025: error: the line is longer than 1024 bytes", 1},
      {"long_comment", line("#" + long_line), "t.csv:2:1025: error: the line is longer"},
      {"long_last_line", kHeader + long_line, "t.csv:2:1025: error: the line is longer"},
      {"cut_short", kHeader + "17,RD,0,0,0,2,1,17,5", "t.csv:2:21: error: the last line has no newline", 1},
  };
}

TEST(CommandTrace, EveryFaultIsToldWhereItIs) {
  for (const Fault& fault : faults()) {
    const Reading reading = read(fault.text);
    EXPECT_FALSE(reading.good) << fault.name;
    ASSERT_EQ(reading.problems.size(), 1u) << fault.name << ": " << testing::PrintToString(reading.problems);
    EXPECT_EQ(reading.problems[0].substr(0, fault.problem.size()), fault.problem) << fault.name;
    EXPECT_EQ(reading.commands.size(), fault.commands) << fault.name;
  }
}

TEST(CommandTrace, AllFaultsOfALineAreToldAtOnce) {
  const Reading reading = read(kHeader + "x,RD,5,0,0,9,0,,3\n");
  ASSERT_EQ(reading.problems.size(), 4u);
  const char* places[] = {"t.csv:2:1: ", "t.csv:2:6: ", "t.csv:2:12: ", "t.csv:2:16: "};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(reading.problems[i].rfind(places[i], 0), 0u) << reading.problems[i];
}

TEST(CommandTrace, AHundredFaultsAreToldAndTheOthersCounted) {
  std::string text = kHeader;
  for (int i = 0; i < 250; ++i) text += "x,PRE,0,0,0,0,0,,\n1,PRE,0,0,0,0,0,,\n";
  const Reading reading = read(text);
  ASSERT_EQ(reading.problems.size(), 101u);
  EXPECT_EQ(reading.problems.back(), "t.csv:501: error: and 150 more problems up to here");
  EXPECT_EQ(reading.commands.size(), 250u);
}

TEST(CommandTrace, AStreamThatBreaksIsAProblem) {
  std::ifstream directory(LUTETIA_SOURCE_DIR);
  for (const bool throwing : {false, true}) {
    std::istringstream broken(kHeader + "1,PRE,0,0,0,0,0,,\n");
    if (throwing) broken.exceptions(std::ios::badbit | std::ios::failbit | std::ios::eofbit);
    Kept kept;
    Problems problems;
    EXPECT_TRUE(read_command_trace(broken, "t.csv", hbm_like().geometry, kept, problems)) << throwing;
    EXPECT_EQ(kept.commands.size(), 1u);
  }
  Kept kept;
  Problems problems;
  EXPECT_FALSE(read_command_trace(directory, "t.csv", hbm_like().geometry, kept, problems));
  EXPECT_EQ(problems.size(), 1u);
}

/// Damages one line of a good trace a few times over.
std::string mutated(std::string text, Random& random) {
  static const std::vector<std::string> kPieces = {
      ",",    "\n", "\r", "#",  "-1", "99999999999999999999", "REFab", "RD",
      "\xff", " ",  "",   ",,", "\t", std::string(1, '\0'),   "e9",    "0"};
  for (std::uint64_t n = 1 + random.below(3); n > 0 && !text.empty(); --n) {
    const std::size_t where = random.below(text.size()), span = random.below(9);
    switch (random.below(4)) {
      case 0: text[where] = static_cast<char>(random.below(256)); break;
      case 1: text.erase(where, span); break;
      case 2: text.replace(where, random.below(2) * span, kPieces[random.below(kPieces.size())]); break;
      default: text.insert(where, text.substr(random.below(text.size()), span)); break;
    }
  }
  return text;
}

TEST(CommandTrace, HundredThousandDamagedLinesAreReadOrReported) {
  const DramGeometry g = hbm_like().geometry;
  const std::string good = written(random_commands(g, 400, 3), g).substr(kHeader.size());
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < good.size(); from = good.find('\n', from) + 1)
    lines.push_back(good.substr(from, good.find('\n', from) + 1 - from));
  Random random(20260101);
  std::size_t bad = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Reading reading = read(kHeader + mutated(lines[random.below(lines.size())], random), g);
    ASSERT_EQ(reading.good, reading.problems.empty());
    bad += reading.good ? 0 : 1;
    for (const DramCommand& c : reading.commands) {
      ASSERT_LE(c.at, kLastTraceCycle);
      ASSERT_TRUE(c.channel < g.channels && c.bank < g.banks_per_channel() && c.row < g.rows && c.column < g.bursts);
    }
  }
  EXPECT_GT(bad, 50'000u);
}

}  // namespace
}  // namespace lutetia
