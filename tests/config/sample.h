// A described configuration with one of everything, for the tests of this folder.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/problem.h"
#include "config/read.h"
#include "config/schema.h"

namespace lutetia::sample {

enum class Dataflow { kWeight, kOutput, kInput };

struct Sram {
  Bytes size{65536};
  BytesPerSecond bandwidth{51'200'000'000};
  Picoseconds latency{1500};
};

struct Core {
  std::uint32_t rows = 2;
  std::uint32_t lanes = 64;
  std::uint32_t epilogue_lanes = 8;
  Hertz clock{1'000'000'000};
  bool fused = false;
  Dataflow dataflow = Dataflow::kWeight;
  Sram sram;
};

struct Attention {
  std::uint32_t heads = 8;
  double scale = 0.125;
};

struct Level {
  std::string name;
  Bytes size{1024};
  std::optional<Attention> attention;
};

struct Design {
  std::string name = "unnamed";
  Core lut_core;
  std::optional<Attention> attention;
  std::vector<Level> levels;
  std::vector<std::uint32_t> dims = {4, 4};
  std::vector<Bytes> sizes;
  std::vector<std::string> tags;
  std::int32_t offset = -1;
  std::int64_t wide = 0;
  std::uint64_t seed = 1;
  double utilization = 0.9;
};

inline void describe(Schema& s, Sram& c) {
  s.field("size", c.size, "capacity").range(Bytes(1024), Bytes(1 << 20));
  s.field("bandwidth", c.bandwidth, "to the core");
  s.field("latency", c.latency, "of a read").range(Picoseconds(0), Picoseconds(1'000'000));
}

inline void describe(Schema& s, Core& c) {
  s.field("rows", c.rows, "activation rows held at once").range(1, 64).rtl("Rows");
  s.field("lanes", c.lanes, "output channels").range(1, 1024).rtl("Lanes");
  s.field("epilogue_lanes", c.epilogue_lanes, "multiply-adds").range(1, 64);
  s.field("clock", c.clock, "core clock").range(Hertz(1'000'000), Hertz(10'000'000'000));
  s.field("fused", c.fused, "tables come as data").rtl("Fused");
  s.choice("dataflow", c.dataflow,
           {{"weight_stationary", Dataflow::kWeight},
            {"output_stationary", Dataflow::kOutput},
            {"input_stationary", Dataflow::kInput}},
           "which operand stays")
      .rtl("Dataflow");
  s.group("sram", c.sram, "tile buffer");
  s.rule([&c] { return c.lanes % c.epilogue_lanes == 0; }, {"lanes", "epilogue_lanes"},
         "epilogue_lanes must divide lanes");
}

inline void describe(Schema& s, Attention& c) {
  s.field("heads", c.heads, "query heads").range(1, 128);
  s.field("scale", c.scale, "of the scores").range(0.0, 1.0);
}

inline void describe(Schema& s, Level& c) {
  s.field("name", c.name, "of the level").required();
  s.field("size", c.size, "capacity").range(Bytes(1), Bytes(1 << 30));
  s.optional_group("attention", c.attention, "beside this level");
}

inline void describe(Schema& s, Design& c) {
  s.field("name", c.name, "of the design");
  s.group("lut_core", c.lut_core, "the LUT tensor core");
  s.optional_group("attention", c.attention, "the attention unit");
  s.list("levels", c.levels, "memory levels").count(0, 4);
  s.field("dims", c.dims, "of the mesh").range(1, 16).count(1, 3).unit(Unit::kTransfers);
  s.field("sizes", c.sizes, "of the pools");
  s.field("tags", c.tags, "free words");
  s.field("offset", c.offset, "signed").range(-8, 7);
  s.field("wide", c.wide, "any");
  s.field("seed", c.seed, "of the random numbers");
  s.field("utilization", c.utilization, "expected").range(0, 1);
}

/// All problems of reading the text as T, one a line, as the user sees them; empty if there are none.
template <class T>
std::string faults_of(const std::string& text, T& out, const ReadOptions& options = {}, Origins* origins = nullptr) {
  Problems problems;
  const bool good = read_yaml_text(text, "x.yaml", out, problems, options, origins);
  std::string lines;
  for (const Problem& p : problems.items()) lines += p.text() + "\n";
  if (good != lines.empty()) lines += "THE RESULT CONTRADICTS THE PROBLEMS\n";
  return lines;
}

inline std::string faults(const std::string& text, const ReadOptions& options = {}) {
  Design design;
  return faults_of(text, design, options);
}

inline std::string set_faults(std::vector<std::string> sets) {
  return faults("{}", {std::move(sets), ""});
}

}  // namespace lutetia::sample
