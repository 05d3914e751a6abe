// What a comparison needs of a result.json that `lutetia run --out` wrote. The file comes from a user: it may be cut
// off, edited, of another program or of another kind of run; everything that is wrong with it is a located problem.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/problem.h"

namespace lutetia {

/// An energy or an area with its interval, or why there is none.
struct Estimate {
  enum class Status { kNone, kPartial, kCalibrated };
  Status status = Status::kNone;
  std::string reason;                 ///< of kNone
  std::vector<std::string> excluded;  ///< of kPartial: parts that the total is without, in order of name
  double value = 0, low = 0, high = 0;
  /// Relative; what designs of one technology do not have in common. Negative = the file does not tell.
  double fit_error = -1;

  bool known() const { return status != Status::kNone; }
};

/// Prefill or decode.
struct ComparedPhase {
  std::string name;
  std::uint64_t tokens = 0;  ///< of all sequences; 0 = the trace does not tell
  std::uint64_t cycles = 0;
  double seconds = 0;
};

struct ComparedResult {
  std::string folder;  ///< as the user named it
  std::string design;
  std::string label;  ///< the design's name, or the folder's where that is taken: assign_labels()
  std::string workload;
  std::string technology;         ///< "none" without one
  std::string technology_kind;    ///< native, interpolated; may be empty
  std::string technology_sha256;  ///< of its file; may be empty
  std::string digest, workload_digest, version;
  std::uint64_t cycles = 0, macs = 0;
  double seconds = 0;
  std::vector<ComparedPhase> phases;
  Estimate energy;    ///< pJ
  Estimate area;      ///< um2 of cells
  double layout = 0;  ///< um2; 0 = the file does not tell
  /// Busy cycles by what `energy` is without, where the file tells.
  std::map<std::string, std::uint64_t> unpriced_cycles;
  bool broken = false;  ///< laws did not hold, or values were wrong

  std::uint64_t tokens() const;
};

inline constexpr std::size_t kLargestResult = std::size_t{64} << 20;

/// Reads FOLDER/result.json, or FOLDER itself if it is a file.
bool read_compared_result(const std::string& folder, ComparedResult& out, Problems& problems);

/// The same from a text; `file` is for problems.
bool parse_compared_result(const std::string& text, const std::string& file, ComparedResult& out, Problems& problems);

/// Gives each result a name that no other has.
void assign_labels(std::vector<ComparedResult>& results);

}  // namespace lutetia
