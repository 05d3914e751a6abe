// Finds and loads what a command works on: designs, workloads and graphs, by path or by name.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accelerator/design.h"
#include "base/problem.h"
#include "config/origins.h"
#include "config/schema.h"
#include "cost/technology.h"
#include "dataflow/graph_reader.h"
#include "memory/dram/request_trace.h"
#include "workload/expand.h"
#include "workload/model.h"
#include "workload/trace.h"

namespace lutetia {

struct LoadedDesign {
  Design design;
  Origins origins;
  std::string file;
  std::string sha256;                    ///< of the file
  std::optional<Technology> technology;  ///< what the design's key names, unless it is none
};

/// `text` is a file, or the name of one in configs/designs. Named parts (memory, technology) are looked up in the
/// folder that holds the design's own, else in configs.
bool load_design(const std::string& text, const std::vector<std::string>& sets, LoadedDesign& out, Problems& problems);

/// `text` is a file, or the name of one in configs/dataflow.
bool load_graph(const std::string& text, const std::vector<std::string>& sets, dataflow::LoadedGraph& out,
                Problems& problems);

/// How many keys at the left margin of a YAML text are of these: tells what kind of file it is.
std::size_t known_keys(const std::string& text, const std::vector<std::string>& keys);

/// A file of configs/memory, checked as a design's memory would be.
bool load_memory(const std::string& file, MemoryConfig& out, Problems& problems);

/// What the command line says about the tokens of a model; empty = not said.
struct TokenOptions {
  std::optional<std::uint64_t> prefill, decode, batch, layers, past;
};

struct LoadedModel {
  ModelConfig model;
  std::string file;
};

/// `text` is a file, or the name of one in workloads/models, here or two folders above the design file (may be empty).
bool load_model(const std::string& text, const std::string& design_file, const std::vector<std::string>& sets,
                LoadedModel& out, Problems& problems);

/// Options for expand(); problems are located at the option.
bool expand_options(const ModelConfig& model, const TokenOptions& tokens, ExpandOptions& out, Problems& problems);

struct LoadedWorkload {
  Trace trace;
  std::string kind;  ///< "model" or "trace"
  std::string file;
  std::string sha256;  ///< of the file
  std::string digest;  ///< of what it means
};

/// A trace (*.jsonl), or a model to expand.
bool load_workload(const std::string& text, const std::string& design_file, const TokenOptions& tokens,
                   const std::vector<std::string>& sets, LoadedWorkload& out, Problems& problems);

bool is_trace_file(const std::string& path);

/// Raw requests: *.requests, or a file of another name than *.yaml, *.yml and *.jsonl whose first line that says
/// something does not begin with '{'.
bool is_requests_file(const std::string& path);
/// Reads a trace of requests for a memory of `capacity` bytes to its end.
bool check_requests_file(const std::string& path, std::uint64_t capacity, RequestTraceTotals& totals,
                         Problems& problems);

/// A problem where the design says otherwise if its memory is not dram. `what`: "has commands to check".
bool need_dram(const LoadedDesign& design, const std::string& what, Problems& problems);

/// Hexadecimal SHA-256 of a file; empty if it cannot be read.
std::string file_sha256(const std::string& path);

/// Problems found after reading (of the mapper, of memory tables) name a key but no place; this gives them the line of
/// the design that decides.
Problems located(const Problems& problems, const LoadedDesign& design);

}  // namespace lutetia
