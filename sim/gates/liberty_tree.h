// The syntax of a liberty file: groups, attributes, and where each stands. Texts are views into the file, because a
// library of a modern node has a million numbers.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace lutetia {

/// `name : word;`, `name (word, ...);` or `name (word, ...) { ... }`. Words are without their quotes.
struct LibertyNode {
  enum class Kind : std::uint8_t { kSimple, kComplex, kGroup };
  Kind kind = Kind::kSimple;
  std::string_view name;
  std::uint32_t first_word = 0, words = 0;
  std::uint32_t end = 0;   ///< number of the first node behind this one and everything in it
  std::string_view whole;  ///< from the name to the last character, without the semicolon
};

class LibertyTree {
 public:
  /// Children of a group in the order of the file: for (const LibertyNode& child : tree.children(group)).
  class Children {
   public:
    class Iterator {
     public:
      Iterator(const LibertyNode* nodes, std::uint32_t at) : nodes_(nodes), at_(at) {}
      const LibertyNode& operator*() const { return nodes_[at_]; }
      Iterator& operator++() {
        at_ = nodes_[at_].end;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return at_ != other.at_; }

     private:
      const LibertyNode* nodes_;
      std::uint32_t at_;
    };
    Children(const LibertyNode* nodes, std::uint32_t from, std::uint32_t to) : nodes_(nodes), from_(from), to_(to) {}
    Iterator begin() const { return {nodes_, from_}; }
    Iterator end() const { return {nodes_, to_}; }

   private:
    const LibertyNode* nodes_;
    std::uint32_t from_, to_;
  };

  LibertyTree() = default;
  LibertyTree(const LibertyTree&) = delete;  // views into its own text
  LibertyTree& operator=(const LibertyTree&) = delete;

  /// Reads a whole text; all faults are problems located in `file`. True if there were none; otherwise the tree holds
  /// what could be understood.
  bool parse(std::string text, std::string file, Problems& problems);

  /// What stands outside of all groups.
  Children top() const { return {nodes_.data(), 0, static_cast<std::uint32_t>(nodes_.size())}; }
  Children children(const LibertyNode& group) const {
    return {nodes_.data(), static_cast<std::uint32_t>(&group - nodes_.data()) + 1, group.end};
  }
  /// The first child of that name, or nullptr.
  const LibertyNode* find(const LibertyNode& group, std::string_view name) const;
  /// Word `i`, empty if there are fewer.
  std::string_view word(const LibertyNode& node, std::uint32_t i = 0) const {
    return i < node.words ? words_[node.first_word + i] : std::string_view();
  }
  /// The first word of an attribute, empty if there is no such attribute.
  std::string_view text(const LibertyNode& group, std::string_view attribute) const;

  const std::string& source() const { return text_; }
  /// Where a piece of the text begins.
  SourceLocation where(std::string_view piece) const;

 private:
  friend class LibertyParser;
  std::string text_, file_;
  std::vector<LibertyNode> nodes_;  ///< in the order of the file, so what a group holds follows it
  std::vector<std::string_view> words_;
  mutable std::vector<std::size_t> line_starts_;  ///< made when the first location is asked for
};

/// More than this many faults of one file are not told.
inline constexpr std::size_t kMostLibertyProblems = 100;

}  // namespace lutetia
