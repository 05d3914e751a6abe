// What the operators of a trace mean beside one another: shapes by kind, one meaning per tensor name, ids that exist
// and come earlier. Fed operator by operator in file order; finish() settles what only the end can tell.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "workload/trace_decoder.h"

namespace lutetia {

class TraceChecker {
 public:
  TraceChecker(const TraceHeader& header, TraceProblems& problems) : header_(header), problems_(problems) {}

  /// Checks one operator; its line is the problems' current line. Operators with faults of their own take part with
  /// their id only, so that one mistake is not reported twice.
  void add(const DecodedOperator& decoded);

  /// To be called for a line that could not be read at all: its id may be one that others wait for.
  void add_unreadable() { ids_missing_ = true; }

  /// Unknown and forward references, cycles.
  void finish();

 private:
  // What a tensor name stands for at this point of the trace.
  struct Known {
    std::uint64_t elements = 0;  ///< 0: not known (only parts of it were seen)
    const NumberFormat* format = nullptr;
    int line = 0;
  };
  struct Node {
    int line = 0;
    std::vector<std::uint64_t> after;
  };
  struct Pending {
    std::uint64_t from = 0, to = 0;
    int line = 0;
    std::size_t offset = 0;
    std::size_t index = 0;  ///< in `after`
  };
  struct Written {
    std::size_t tensor = 0;
    Known known;
  };

  void check_ids(const DecodedOperator& decoded);
  void check_against_header(const DecodedOperator& decoded);
  void check_shape(const DecodedOperator& decoded);
  void check_linear(const DecodedOperator& decoded);
  void check_matmul(const DecodedOperator& decoded);
  void check_attention(const DecodedOperator& decoded);
  void check_same_elements(const DecodedOperator& decoded, std::size_t inputs, Role from, Role to);
  void check_names(const DecodedOperator& decoded);
  void fault(const DecodedOperator& decoded, std::size_t tensor, const std::string& message);
  std::vector<std::uint64_t> path_between(std::uint64_t from, std::uint64_t to, std::size_t& budget) const;

  const TraceHeader& header_;
  TraceProblems& problems_;
  std::unordered_map<std::uint64_t, Node> nodes_;
  std::unordered_map<std::string, Known> activations_, weights_, caches_;
  std::vector<Pending> pending_;
  std::uint64_t points_ = 0;
  bool points_overflow_ = false;
  bool ids_missing_ = false;
};

}  // namespace lutetia
