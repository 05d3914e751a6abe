// Values by names that the user chooses, and groups whose files lie in a folder that is not their key.
#include <gtest/gtest.h>

#include "config/digest.h"
#include "config/help.h"
#include "config/leaves.h"
#include "sample.h"
#include "temporary_folder.h"

namespace lutetia::sample {
namespace {

struct Timings {
  std::map<std::string, std::uint32_t> cycles = {{"CL", 17}};
  std::map<std::string, Picoseconds> times;
  std::map<std::string, std::string> notes;
};
void describe(Schema& s, Timings& c) {
  s.map("cycles", c.cycles, "by name").range(0, 1000).count(1, 4);
  s.map("times", c.times, "by name").range(Picoseconds(0), Picoseconds(1'000'000));
  s.map("notes", c.notes, "free");
}

struct Board {
  Timings timings;
  std::vector<Timings> more;
  std::uint32_t seed = 1;
};
void describe(Schema& s, Board& c) {
  s.group("timings", c.timings, "of the board").folder("tables");
  s.list("more", c.more, "others").folder("tables");
  s.field("seed", c.seed, "any");
}

using Cycles = std::map<std::string, std::uint32_t>;

Timings timings_with(const std::string& text, std::vector<std::string> sets = {}) {
  Timings out;
  EXPECT_EQ(faults_of(text, out, {std::move(sets), ""}), "");
  return out;
}

std::string timing_faults(const std::string& text, std::vector<std::string> sets = {}) {
  Timings out;
  return faults_of(text, out, {std::move(sets), ""});
}

TEST(Map, IsReadWithItsOwnNamesAndReplacesTheDefault) {
  const Timings t = timings_with("cycles: {tRCD: 17, tRRD_S: 4}\ntimes:\n  tRFC: 350ns\n  tREFI: 0.5us\n");
  EXPECT_EQ(t.cycles, (Cycles{{"tRCD", 17}, {"tRRD_S", 4}}));
  EXPECT_EQ(t.times.at("tRFC"), Picoseconds(350'000));
  EXPECT_EQ(t.times.at("tREFI"), Picoseconds(500'000));
  EXPECT_EQ(timings_with("{}").cycles, (Cycles{{"CL", 17}}));
  EXPECT_EQ(timings_with("times: {}").times.size(), 0u);
}

TEST(Map, ReadingWhatWasWrittenIsTheIdentity) {
  Timings t;
  t.cycles = {{"b", 2}, {"a", 1}, {"_9", 0}};
  t.times = {{"tRFC", Picoseconds(350'500)}};
  t.notes = {{"x", "a: b"}, {"null", "null"}, {"1", ""}, {"true", "~"}};
  const std::string text = write_yaml(t);
  EXPECT_EQ(text.substr(0, 26), "cycles: {_9: 0, a: 1, b: 2") << text;
  Timings back;
  EXPECT_EQ(faults_of(text, back), "") << text;
  EXPECT_EQ(back.cycles, t.cycles);
  EXPECT_EQ(back.times, t.times);
  EXPECT_EQ(back.notes, t.notes);
  EXPECT_EQ(write_yaml(back), text);
  EXPECT_EQ(write_yaml(Timings()), "cycles: {CL: 17}\ntimes: {}\nnotes: {}\n");
}

TEST(Map, ADuplicateIsAnErrorAtItsKey) {
  EXPECT_EQ(timing_faults("cycles: {CL: 1, CWL: 2, CL: 3}"), "x.yaml:1:25: error: cycles.CL: duplicate key\n");
  EXPECT_EQ(timing_faults("cycles:\n  CL: 1\n  CL: 1\n"), "x.yaml:3:3: error: cycles.CL: duplicate key\n");
}

TEST(Map, EveryBadValueIsLocatedAndNothingIsAssigned) {
  Timings t;
  EXPECT_EQ(faults_of("cycles: {CL: 17ns, tRCD: 1001}\ntimes:\n  tRFC: 350\n  tREFI: [1ns]\n  tRP:\n", t),
            "x.yaml:1:14: error: cycles.CL: expected a whole number, got \"17ns\"\n"
            "x.yaml:1:26: error: cycles.tRCD: 1001 is outside 0..1000\n"
            "x.yaml:3:9: error: times.tRFC: \"350\" has no unit; write for example 100ns\n"
            "x.yaml:4:10: error: times.tREFI: expected a time, found a list\n"
            "x.yaml:5:3: error: times.tRP: the value is missing, expected a time\n");
  EXPECT_EQ(t.cycles, Timings().cycles);
  EXPECT_EQ(t.times.size(), 0u);
}

TEST(Map, OfAnotherKindIsAnError) {
  EXPECT_EQ(timing_faults("cycles: 4"),
            "x.yaml:1:9: error: cycles: expected a map of names to values, found a single value\n");
  EXPECT_EQ(timing_faults("cycles: [4]"),
            "x.yaml:1:9: error: cycles: expected a map of names to values, found a list\n");
  EXPECT_EQ(timing_faults("cycles:\n"),
            "x.yaml:1:1: error: cycles: expected a map of names to values, found nothing\n");
}

TEST(Map, NamesAreWords) {
  EXPECT_EQ(timing_faults("cycles: {t-RCD: 4}"),
            "x.yaml:1:10: error: cycles: expected a name of letters, digits and _, got \"t-RCD\"\n");
  EXPECT_EQ(timing_faults("cycles: {\"\": 4}"),
            "x.yaml:1:10: error: cycles: expected a name of letters, digits and _, got \"\"\n");
  EXPECT_NE(timing_faults("cycles: {" + std::string(61, 'a') + ": 4}"), "");
  EXPECT_EQ(timing_faults("cycles: {" + std::string(60, 'a') + ": 4}"), "");
}

TEST(Map, HasACountOfEntries) {
  EXPECT_EQ(timing_faults("cycles: {}"), "x.yaml:1:1: error: cycles: 0 entries, allowed are 1..4\n");
  EXPECT_EQ(timing_faults("cycles: {a: 1, b: 1, c: 1, d: 1, e: 1}"),
            "x.yaml:1:1: error: cycles: 5 entries, allowed are 1..4\n");
  EXPECT_EQ(timing_faults("cycles: {a: 1, b: 1, c: 1, d: 1}", {"cycles.e=1"}),
            "--set: error: cycles: 5 entries, allowed are 1..4\n");
  EXPECT_TRUE(check_schema<Timings>().empty());
}

struct TooFew {
  std::map<std::string, std::uint32_t> cycles;
};
void describe(Schema& s, TooFew& c) {
  s.map("cycles", c.cycles, "by name").count(1, 4);
}

TEST(Map, ADefaultOutsideOfItsCountIsAMistakeOfTheProgram) {
  EXPECT_EQ(check_schema<TooFew>(), (std::vector<std::string>{"cycles: the default: 0 entries, allowed are 1..4"}));
}

TEST(Map, SetChangesOneEntryOrTheWhole) {
  const std::string text = "cycles: {CL: 17, tRCD: 17}";
  EXPECT_EQ(timings_with(text, {"cycles.CL=18"}).cycles, (Cycles{{"CL", 18}, {"tRCD", 17}}));
  EXPECT_EQ(timings_with(text, {"cycles.CWL=12"}).cycles, (Cycles{{"CL", 17}, {"CWL", 12}, {"tRCD", 17}}));
  EXPECT_EQ(timings_with(text, {"cycles={a: 1}"}).cycles, (Cycles{{"a", 1}}));
  EXPECT_EQ(timings_with(text, {"cycles.b=3", "cycles={a: 1}", "cycles.a=2"}).cycles, (Cycles{{"a", 2}}));
  EXPECT_EQ(timings_with("{}", {"cycles.CWL=12"}).cycles, (Cycles{{"CL", 17}, {"CWL", 12}})) << "adds to the default";
  EXPECT_EQ(timings_with("{}", {"notes.x=a: b #c"}).notes.at("x"), "a: b #c");
}

TEST(Map, SetHasTheSameErrorsAsAFile) {
  EXPECT_EQ(timing_faults("{}", {"cycles.CL=x"}), "--set: error: cycles.CL: expected a whole number, got \"x\"\n");
  EXPECT_EQ(timing_faults("{}", {"times.tRFC=5"}),
            "--set: error: times.tRFC: \"5\" has no unit; write for example 100ns\n");
  EXPECT_EQ(timing_faults("{}", {"cycles=5"}),
            "--set: error: cycles: expected a map of names to values, found a single value\n");
  EXPECT_EQ(timing_faults("{}", {"cycles="}),
            "--set: error: cycles: expected a map of names to values, found a single value\n");
  EXPECT_EQ(timing_faults("{}", {"cycles={a: 1, a: 2}"}), "--set: error: cycles.a: duplicate key\n");
  for (const std::string set : {"cycles[0]=1", "cycles.a.b=1"})
    EXPECT_EQ(timing_faults("{}", {set}),
              "--set: error: cycles: is a map of names to values, write cycles.NAME=VALUE\n");
}

TEST(Map, EachEntryHasAnOriginAndALineOfTheFileShowsAnOverride) {
  Timings t;
  Origins origins;
  EXPECT_EQ(faults_of("cycles: {CL: 17}\ntimes:\n  tRFC: 1ns\n", t, {{"cycles.CWL=12"}, ""}, &origins), "");
  EXPECT_EQ(origins.at("cycles"), "--set");
  EXPECT_EQ(origins.at("cycles.CL"), "x.yaml:1");
  EXPECT_EQ(origins.at("cycles.CWL"), "--set");
  EXPECT_EQ(origins.at("times"), "x.yaml:2");
  EXPECT_EQ(origins.at("times.tRFC"), "x.yaml:3");
  EXPECT_EQ(origins.at("notes"), "default");
  EXPECT_EQ(write_yaml(t, &origins),
            "cycles: {CL: 17, CWL: 12}  # --set\n"
            "times: {tRFC: 1ns}         # x.yaml:2\n"
            "notes: {}                  # default\n");
}

TEST(Map, HelpSaysWhatTheValuesAre) {
  EXPECT_EQ(help_text<Timings>(""),
            "key     type                 default   allowed                meaning\n"
            "cycles  map of whole number  {CL: 17}  0..1000; 1..4 entries  by name\n"
            "times   map of time          {}        0ps..1us               by name\n"
            "notes   map of text          {}                               free\n");
  EXPECT_EQ(help_text<Timings>("cycles.tRCD"), help_text<Timings>("cycles")) << "names are the user's";
  Problems problems;
  EXPECT_EQ(help_text<Timings>("cycles.tRCD.x", &problems), "");
  EXPECT_EQ(problems.size(), 1u);
}

TEST(Map, DigestKnowsNamesAndValuesButNotTheirOrder) {
  const auto digest_of = [](const std::string& text) { return digest(timings_with(text)); };
  const std::string plain = digest_of("cycles: {a: 1, b: 2}");
  EXPECT_EQ(digest_of("cycles:\n  b: 2\n  a: 1\n"), plain);
  for (const char* other : {"cycles: {a: 1}", "cycles: {a: 1, b: 3}", "cycles: {a: 1, c: 2}", "cycles: {a: 2, b: 1}"})
    EXPECT_NE(digest_of(other), plain) << other;
}

TEST(Map, IsMisusedOnlyByTheProgram) {
  Timings t;
  Schema s;
  EXPECT_THROW(s.map("cycles", t.cycles, "by name").rtl("Cycles"), std::logic_error);
  EXPECT_THROW(s.map("c", t.cycles, "by name").folder("x"), std::logic_error);
  EXPECT_THROW(s.map("d", t.cycles, ""), std::logic_error);
  EXPECT_THROW(s.map("notes", t.notes, "free").range(0, 1), std::logic_error);
}

TEST(Folder, ATextNamesAFileOfTheFolderThatTheGroupSays) {
  const TemporaryFolder folder;
  folder.write("configs/boards/x.yaml", "timings: fast\nmore: [slow, {cycles: {a: 1}}]\n");
  folder.write("configs/tables/fast.yaml", "cycles: {CL: 3}\n");
  folder.write("configs/tables/slow.yaml", "cycles: {CL: 30}\n");
  folder.write("configs/timings/fast.yaml", "cycles: {CL: 99}\n");
  Board board;
  Problems problems;
  EXPECT_TRUE(read_yaml_file(folder / "configs/boards/x.yaml", board, problems));
  EXPECT_EQ(board.timings.cycles.at("CL"), 3u);
  EXPECT_EQ(board.more.at(0).cycles.at("CL"), 30u);
  EXPECT_EQ(board.more.at(1).cycles.count("CL"), 0u);
  folder.write("configs/boards/x.yaml", "timings: fost\n");
  EXPECT_FALSE(read_yaml_file(folder / "configs/boards/x.yaml", board, problems));
  const std::string found = problems.items().at(0).text();
  EXPECT_NE(found.find("tables/fost.yaml\", did you mean \"fast\"? Known: fast, slow"), std::string::npos) << found;
}

TEST(Folder, AnOverrideNamesAFileThereToo) {
  const TemporaryFolder folder;
  folder.write("configs/boards/x.yaml", "{}\n");
  folder.write("configs/tables/fast.yaml", "cycles: {CL: 3}\n");
  Board board;
  Problems problems;
  EXPECT_TRUE(read_yaml_file(folder / "configs/boards/x.yaml", board, problems,
                             {{"timings=fast", "timings.cycles.CWL=2"}, ""}));
  EXPECT_EQ(board.timings.cycles, (Cycles{{"CL", 3}, {"CWL", 2}}));
}

TEST(Folder, IsOfGroupsOnlyAndHasAName) {
  Board board;
  Schema s;
  EXPECT_THROW(s.field("seed", board.seed, "any").folder("x"), std::logic_error);
  EXPECT_THROW(s.group("timings", board.timings, "of the board").folder(""), std::logic_error);
}

}  // namespace
}  // namespace lutetia::sample
