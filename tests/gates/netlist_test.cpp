// What a netlist file says, whom its cells belong to, and what makes it unfit for simulation.
#include "gates/netlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "gates/tiny_library.h"

namespace lutetia {
namespace {

using gates_test::counter;
using gates_test::NetlistWriter;
using gates_test::tiny_library;
using testing::ElementsAre;
using testing::HasSubstr;

std::string problems_of(const NetlistModule& module) {
  const CellLibrary library = tiny_library();
  Netlist netlist;
  Problems problems;
  const bool built = build_netlist(module, library, "n.json", netlist, problems);
  EXPECT_EQ(built, problems.empty());
  std::string text;
  for (const Problem& p : problems.items()) text += p.text() + "\n";
  return text;
}

bool read(const std::string& text, const CellLibrary& library, Netlist& netlist, Problems& problems) {
  NetlistModule module;
  return parse_netlist_json(text, "n.json", module, problems) &&
         build_netlist(module, library, "n.json", netlist, problems);
}

TEST(Netlist, IsReadFromJson) {
  const CellLibrary library = tiny_library();
  Netlist n;
  Problems problems;
  ASSERT_TRUE(read(counter().json(), library, n, problems));
  EXPECT_EQ(n.top, "top");
  EXPECT_EQ(n.parameters.at("Lanes"), 5);
  ASSERT_EQ(n.ports.size(), 5);
  EXPECT_FALSE(n.port("enable_i")->output);
  EXPECT_TRUE(n.port("y_o")->output);
  EXPECT_EQ(n.cells(), 3);
  EXPECT_THAT(n.components, ElementsAre("", "u_bit"));
  EXPECT_EQ(n.flops.size(), 1);
  EXPECT_EQ(n.gates.size(), 2);
  EXPECT_EQ(n.net_names[n.port("q_o")->nets[0]], "q_o");
  EXPECT_EQ(n.net(n.flops[0], 2), n.port("q_o")->nets[0]);
  EXPECT_EQ(n.drivers[n.port("q_o")->nets[0]], n.flops[0]);
}

TEST(Netlist, CellsBelongToTheInstanceBelowTheTop) {
  EXPECT_EQ(component_of("$abc$76070$auto$blifparse.cc:386:parse_blif$76071"), "");
  EXPECT_EQ(component_of("$auto$extract_fa.cc:397:run$52789.bits[0].fa"), "");
  EXPECT_EQ(component_of("$flatten\\gen_row[0].u_psum.$auto$ff.cc:266:slice$34234"), "gen_row[0].u_psum");
  EXPECT_EQ(component_of("$flatten\\u_frame.\\u_epilogue.\\gen_lane[0].u_lane.\\u_fma.$abc$1"), "u_frame");
  EXPECT_EQ(component_of("$flatten\\u_tables.\\gen_built.u_generator.$auto$fa$1.bits[0].fa"), "u_tables");
  EXPECT_EQ(component_of("u_frame.u_epilogue._0123_"), "u_frame");
  EXPECT_EQ(component_of("gen_row[3].gen_x.u_row.u_mux._7_"), "gen_row[3].gen_x.u_row");
  EXPECT_EQ(component_of("gen_row[3].u_gate"), "");
  EXPECT_EQ(component_of("_0123_"), "");
  EXPECT_EQ(component_of(""), "");
  EXPECT_EQ(component_of("$flatten\\"), "");
  EXPECT_EQ(component_of("."), "");
}

TEST(Netlist, FaultsNameTheCell) {
  NetlistWriter w = counter();
  EXPECT_EQ(problems_of(w.module()), "");
  w.cell("u_x.a", "NADN", {{"A", 5}, {"Y", 20}});
  w.cell("u_x.b", "LATCH", {{"A", 5}, {"Y", 21}});
  w.cell("u_x.c", "INV", {{"A", 5}, {"Y", 6}});
  w.cell("u_x.d", "INV", {{"A", 99}, {"Y", 22}});
  w.cell("u_x.e", "INV", {{"Y", 23}});
  w.cell("u_x.f", "INV", {{"A", 5}, {"Z", 24}});
  w.cell("u_x.g", "INV", {{"A", 5}, {"Y", 1}});
  w.out("open_o", {98});
  const std::string text = problems_of(w.module());
  EXPECT_THAT(text, HasSubstr("n.json: error: cells.u_x.a: the library tiny has no cell NADN, did you mean \"NAND\"?"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.b: cell LATCH has a latch"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.c: output pin Y drives a net that has another driver: $abc$2"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.d: an input pin is on a net without driver"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.e: input pin A is open"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.f: cell INV has no pin Z"));
  EXPECT_THAT(text, HasSubstr("cells.u_x.g: output pin Y drives a constant"));
  EXPECT_THAT(text, HasSubstr("ports.open_o: bit 0 has no driver"));
}

TEST(Netlist, LoopsAndForeignClocksAreFaults) {
  NetlistWriter loop;
  loop.in("clk_i", {2}).in("a_i", {3}).out("y_o", {5});
  loop.cell("one", "NAND", {{"A", 3}, {"B", 5}, {"Y", 4}}).cell("two", "INV", {{"A", 4}, {"Y", 5}});
  EXPECT_THAT(problems_of(loop.module()), HasSubstr("a loop of 2 gates without flip-flop"));

  NetlistWriter gated;
  gated.in("clk_i", {2}).in("a_i", {3}).out("q_o", {5});
  gated.cell("and", "NAND", {{"A", 2}, {"B", 3}, {"Y", 4}}).cell("q", "DFF", {{"C", 4}, {"D", 3}, {"Q", 5}});
  EXPECT_THAT(problems_of(gated.module()), HasSubstr("cells.and: NAND: the clock drives a gate"));

  NetlistWriter other;
  other.in("clk_i", {2}).in("a_i", {3}).out("q_o", {5}).out("r_o", {6});
  other.cell("q", "DFF", {{"C", 3}, {"D", 3}, {"Q", 5}}).cell("r", "DFF", {{"C", 2}, {"D", 2}, {"Q", 6}});
  EXPECT_THAT(problems_of(other.module()), HasSubstr("cells.q: DFF: its clock is $3, not clk_i"));
  EXPECT_THAT(problems_of(other.module()), HasSubstr("cells.r: DFF: the clock drives pin D"));

  NetlistWriter tree;
  tree.in("clk_i", {2}).in("a_i", {3}).out("q_o", {5});
  tree.cell("i1", "INV", {{"A", 2}, {"Y", 7}}).cell("b", "BUF", {{"A", 7}, {"Y", 8}});
  tree.cell("q", "DFF", {{"C", 8}, {"D", 3}, {"Q", 5}});
  EXPECT_THAT(problems_of(tree.module()), HasSubstr("cells.q: DFF: it is clocked by the falling edge"));
  tree.cell("i2", "INV", {{"A", 8}, {"Y", 9}}).cell("r", "DFF", {{"C", 9}, {"D", 3}, {"Q", 10}});
  EXPECT_THAT(problems_of(tree.module()), Not(HasSubstr("cells.r")));

  NetlistWriter none;
  none.in("clock", {2}).in("a_i", {3}).out("q_o", {5}).cell("q", "DFF", {{"C", 2}, {"D", 3}, {"Q", 5}});
  EXPECT_THAT(problems_of(none.module()), HasSubstr("ports.clk_i: no such input"));
}

TEST(Netlist, ManyFaultsAreCutShort) {
  NetlistWriter w;
  w.in("clk_i", {2});
  for (int i = 0; i < 1000; ++i) w.cell("x" + std::to_string(i), "$mux", {{"A", 2}});
  const std::string text = problems_of(w.module());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 21);
}

TEST(Netlist, TextThatIsNoNetlistIsLocated) {
  const CellLibrary library = tiny_library();
  for (const char* text :
       {"", "{", "[]", "3", "{\"modules\": 3}", "{\"modules\": {\"a\": {}}}", "{\"modules\": {\"a\": {\"cells\": []}}}",
        "{\"modules\":\n {\"a\": {\"cells\": {\"x\" 3}}}}"}) {
    Netlist netlist;
    Problems problems;
    EXPECT_FALSE(read(text, library, netlist, problems)) << text;
    EXPECT_FALSE(problems.empty()) << text;
  }
  Netlist netlist;
  Problems problems;
  read("{\"modules\":\n {\"a\": {\"cells\": {\"x\" 3}}}}", library, netlist, problems);
  EXPECT_THAT(problems.items()[0].text(), HasSubstr("n.json:2:"));
}

TEST(Netlist, BrokenFilesNeverCrash) {
  const CellLibrary library = tiny_library();
  const std::string good = counter().json();
  std::size_t accepted = 0;
  for (std::size_t length = 0; length < good.size(); ++length) {
    Netlist netlist;
    Problems problems;
    accepted += read(good.substr(0, length), library, netlist, problems) ? 1 : 0;
  }
  EXPECT_LE(accepted, 1);  // without the last newline
  Random random(7);
  const std::string bytes = "{}[]\",:0123456789AYx$\\ \n\xff";
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string text = good;
    for (std::uint64_t changes = random.between(1, 4); changes > 0; --changes) {
      const std::size_t at = random.below(text.size());
      const char byte = bytes[random.below(bytes.size())];
      switch (random.below(4)) {
        case 0: text[at] = byte; break;
        case 1: text.insert(at, 1, byte); break;
        case 2: text.erase(at, random.between(1, 40)); break;
        default: text.insert(at, text.substr(random.below(text.size()), random.between(1, 60)));
      }
    }
    Netlist netlist;
    Problems problems;
    const bool accepted_it = read(text, library, netlist, problems);
    EXPECT_EQ(accepted_it, problems.empty());
  }
}

}  // namespace
}  // namespace lutetia
