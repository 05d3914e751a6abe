#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include "config/text_file.h"

namespace lutetia {
namespace {

/// Thrown and caught in this file only: stops the parser at once.
struct GivenUp {
  YAML::Mark mark;
  std::string why;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& name, Problems& problems) : name_(name), problems_(problems) {}

  bool has_document() const { return documents_ > 0; }
  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw GivenUp{mark, "the document ends before this (indentation?); only one is allowed"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(checked(make(YamlNode::Kind::kNull, mark), "", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    finish(broken(make(YamlNode::Kind::kNull, mark), "aliases (*name) are not supported, write the value out"));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::kScalar, mark);
    node.text = value;
    node.quoted = tag == "!";
    finish(checked(std::move(node), tag, anchor));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    if (++nodes_ > kMostYamlNodes) throw GivenUp{mark, "more than " + std::to_string(kMostYamlNodes) + " values"};
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void report(int line, int column, const std::string& why) {
    problems_.add({name_, line, column}, "", why);
    if (++faults_ >= 1000) throw GivenUp{YAML::Mark::null_mark(), "too many faults, the rest is not shown"};
  }

  YamlNode broken(YamlNode node, const std::string& why) {
    report(node.line, node.column, why);
    node.kind = YamlNode::Kind::kBroken;
    return node;
  }

  /// Refuses anchors and tags; the library reports a plain scalar as "?" and a quoted one as "!".
  YamlNode checked(YamlNode node, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) return broken(std::move(node), "anchors (&name) are not supported");
    if (!tag.empty() && tag != "?" && tag != "!") return broken(std::move(node), "tags (!name) are not supported");
    return node;
  }

  void start(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (open_.size() >= static_cast<std::size_t>(kDeepestYaml)) {
      throw GivenUp{mark, "nested deeper than " + std::to_string(kDeepestYaml) + " levels"};
    }
    open_.push_back({make(kind, mark), false});
    YamlNode& node = open_.back().node;
    YamlNode seen = checked(node, tag, anchor);
    open_.back().broken = seen.kind == YamlNode::Kind::kBroken;
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.broken) done.node.kind = YamlNode::Kind::kBroken;
    finish(std::move(done.node));
  }

  /// Hands a complete node to the enclosing list or map, where it is a key or a value in turn.
  void finish(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back().node;
    if (parent.kind == YamlNode::Kind::kMap && parent.keys.size() == parent.items.size()) {
      parent.keys.push_back(as_key(std::move(node)));
    } else {
      parent.items.push_back(std::move(node));
    }
  }

  YamlKey as_key(YamlNode node) {
    YamlKey key{std::move(node.text), node.line, node.column, false};
    std::string why;
    if (node.kind != YamlNode::Kind::kScalar) why = "a key must be a word, found " + node.kind_name();
    if (key.text == "<<" && !node.quoted) why = "merge keys (<<) are not supported, write the values out";
    key.broken = !why.empty();
    if (!why.empty() && node.kind != YamlNode::Kind::kBroken) report(key.line, key.column, why);
    return key;
  }

  struct Open {
    YamlNode node;
    bool broken;
  };
  const std::string& name_;
  Problems& problems_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0;
  std::size_t nodes_ = 0;
  int faults_ = 0;
};

}  // namespace

std::string YamlNode::kind_name() const {
  switch (kind) {
    case Kind::kNull: return "nothing";
    case Kind::kScalar: return "a single value";
    case Kind::kList: return "a list";
    case Kind::kMap: return "a map";
    case Kind::kBroken: return "something unreadable";
  }
  return "";
}

bool parse_yaml(const std::string& text, const std::string& name, YamlNode& root, Problems& problems) {
  if (!check_text(text, name, problems)) return false;
  // The library takes a quoted text that the end of the file cuts off for complete, but not one that an explicit end of
  // the document cuts off: so there is always one.
  const std::string ended = text + (text.empty() || text.back() == '\n' ? "...\n" : "\n...\n");
  const auto lines = static_cast<int>(std::count(ended.begin(), ended.end(), '\n'));
  const auto fail = [&](const YAML::Mark& mark, const std::string& why) {
    problems.add({name, mark.line + 1, mark.line < 0 ? 0 : mark.column + 1}, "", why);
    return false;
  };
  try {
    std::istringstream in(ended);
    YAML::Parser parser(in);
    TreeBuilder builder(name, problems);
    while (parser.HandleNextDocument(builder)) {
    }
    root = builder.take_root();
    if (builder.has_document() && root.kind != YamlNode::Kind::kNull) return true;
    problems.add({name, 1, 1}, "", "there is nothing in it, expected a map of keys");
    return false;
  } catch (const GivenUp& e) {
    return fail(e.mark, e.why);
  } catch (const YAML::Exception& e) {
    if (e.mark.line >= lines - 1) {
      problems.add({name, lines - 1, 0}, "", "a quote or bracket is not closed before the end");
      return false;
    }
    return fail(e.mark, "not readable as YAML: " + e.msg);
  } catch (const std::exception& e) {
    return fail(YAML::Mark::null_mark(), std::string("not readable as YAML: ") + e.what());
  }
}

}  // namespace lutetia
