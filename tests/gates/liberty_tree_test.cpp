#include "gates/liberty_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace lutetia {
namespace {

/// The tree in one line: name=word, name(words), name(words){...}.
std::string shown(const LibertyTree& tree, LibertyTree::Children nodes) {
  std::string out;
  for (const LibertyNode& node : nodes) {
    std::string words;
    for (std::uint32_t i = 0; i < node.words; ++i) words += (i > 0 ? "," : "") + std::string(tree.word(node, i));
    out += (out.empty() ? "" : " ") + std::string(node.name);
    out += node.kind == LibertyNode::Kind::kSimple ? "=" + words : "(" + words + ")";
    if (node.kind == LibertyNode::Kind::kGroup) out += "{" + shown(tree, tree.children(node)) + "}";
  }
  return out;
}

std::string parsed(const std::string& text) {
  LibertyTree tree;
  Problems problems;
  const bool ok = tree.parse(text, "x.lib", problems);
  EXPECT_EQ(ok, problems.empty());
  std::ostringstream out;
  problems.print(out);
  return ok ? shown(tree, tree.top()) : out.str();
}

TEST(LibertyTree, GroupsAndAttributes) {
  EXPECT_EQ(parsed("library (a) { x : 1; y (1, pf); z (\"1, 2\", \"3\"); g () { h (b) {} } }"),
            "library(a){x=1 y(1,pf) z(1, 2,3) g(){h(b){}}}");
  EXPECT_EQ(parsed("a:\"\";b : 1.0.0 ; c : VDD * 0.5;"), "a= b=1.0.0 c=VDD * 0.5");
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("pin(A) { } ; pin(B){};"), "pin(A){} pin(B){}");
}

TEST(LibertyTree, SemicolonsMayBeMissingAtLineEnds) {
  EXPECT_EQ(parsed("area : 0.2\nb : \"x\"\nc (1)\nd : e\n"), "area=0.2 b=x c(1) d=e");
  EXPECT_EQ(parsed("g (x) { a : 1 }\r\nh (y)\r\n{ b : 2\r\n}"), "g(x){a=1} h(y){b=2}");
}

TEST(LibertyTree, CommentsAndContinuedLines) {
  EXPECT_EQ(parsed("/* a : 1; \" */ b : 2; /**/ c /* x */ (/* y */ 3); // d : 4;\ne : 5 /* f */;"), "b=2 c(3) e=5");
  EXPECT_EQ(parsed("v ( \\\n \"1\", \\ \r\n \"2\" \\\n );"), "v(1,2)");
  EXPECT_EQ(parsed("when : \"A \\\nB\";"), "when=A \\\nB");
  EXPECT_EQ(parsed("s : \"a \\\"b\\\" // c\";"), "s=a \\\"b\\\" // c");
}

TEST(LibertyTree, FaultsAreLocatedAndAllAreFound) {
  EXPECT_EQ(parsed("library (a) {\n  cell (b) {\n    x : 1;\n"),
            "x.lib:1:1: error: group library is not closed: '}' is missing\n"
            "x.lib:2:3: error: group cell is not closed: '}' is missing\n");
  EXPECT_EQ(parsed("a : 1;\n  b : \"text;\nc (1;\nd : ;\n}\ne\n; ?!\n/* never"),
            "x.lib:2:7: error: string is not closed: '\"' is missing\n"
            "x.lib:3:1: error: ')' is missing behind what belongs to c\n"
            "x.lib:4:1: error: attribute d has no value\n"
            "x.lib:5:1: error: '}' without a group\n"
            "x.lib:6:1: error: expected ':' or '(' behind \"e\"\n"
            "x.lib:7:3: error: unexpected \"?\", expected an attribute, a group or '}'\n"
            "x.lib:8:1: error: comment is not closed: '*/' is missing\n");
  EXPECT_EQ(parsed("a : \"x\" y;"), "x.lib:1:9: error: expected ';' behind the value of a\n");
  EXPECT_EQ(parsed("a : b { c : 1; }"),
            "x.lib:1:7: error: unexpected '{' in the value of a\nx.lib:1:16: error: '}' without a group\n");
}

TEST(LibertyTree, EndlessFaultsAreCutShort) {
  const std::string text = parsed(std::string(5000, '}'));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), static_cast<std::ptrdiff_t>(kMostLibertyProblems) + 1);
  EXPECT_NE(text.find("too many faults, the rest is not shown"), std::string::npos);
}

TEST(LibertyTree, DeepNestingIsNoDanger) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "g(){";
  LibertyTree tree;
  Problems problems;
  EXPECT_TRUE(tree.parse(text + std::string(100000, '}'), "x.lib", problems));
}

}  // namespace
}  // namespace lutetia
