// lutetia size: how large a design may be for an area, or for a bandwidth.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <iostream>
#include <limits>

#include "app/command.h"
#include "app/command_line.h"
#include "app/design_area.h"
#include "app/inputs.h"
#include "base/nearest.h"
#include "base/quantity_text.h"
#include "config/value.h"
#include "report/cost_text.h"
#include "report/human.h"
#include "report/size_report.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Finds the largest value of a key, by default the lanes of the matrix core, with which each DESIGN meets the "
    "limits:\n"
    "  --area       cells of all that the technology prices, buffers included (--layout: the layout; --core: only the\n"
    "               matrix core and its decoder)\n"
    "  --bandwidth  what the weights ask of the memory while the core runs at its full rate: lanes x group_length x "
    "bits\n"
    "               of a weight in memory / 8, over (bit planes x ceil(M / rows)) cycles; weights are fetched once "
    "and\n"
    "               serve M rows of activations (--m). Scales, activations and results come on top.\n"
    "Everything else in the design stays as it is; values that break a rule of the design are left out. Several "
    "designs\n"
    "are sized to the same limits and set side by side: at equal area, at equal bandwidth.\n";

struct Questions {
  SizeQuestion text;
  double area = 0, bandwidth = 0;  ///< um2, bytes per second
  bool core = false;
  const NumberFormat* format = nullptr;  ///< null: default_weight_format()
};

/// "2mm2", "0.5mm2", "350000um2" in um2.
bool parse_area(const std::string& text, double& um2) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), um2, std::chars_format::fixed);
  const std::string unit(result.ptr, text.data() + text.size());
  if (result.ec != std::errc() || (unit != "mm2" && unit != "um2")) return false;
  if (unit == "mm2") um2 *= 1e6;
  return std::isfinite(um2) && um2 > 0;
}

Questions read_options(const CommandLine& line, Problems& problems) {
  Questions q;
  q.text.area = line.text("area");
  q.text.bandwidth = line.text("bandwidth");
  q.text.layout = line.has("layout");
  q.core = line.has("core");
  q.text.m = line.number("m", 1, UINT32_MAX, problems).value_or(1);
  if (line.has("area") && !parse_area(q.text.area, q.area))
    problems.add({"--area", 0, 0}, "",
                 "expected an area, e.g. 2mm2 or 350000um2, got " + quoted_for_message(q.text.area));
  if (line.has("bandwidth")) {
    BytesPerSecond rate;
    if (parse(q.text.bandwidth, rate) != QuantityFault::kNone || rate.value == 0)
      problems.add({"--bandwidth", 0, 0}, "",
                   "expected bytes per second, e.g. 51.2GB/s, got " + quoted_for_message(q.text.bandwidth));
    q.bandwidth = static_cast<double>(rate.value);
  }
  if (line.has("weight")) {
    const std::string name = line.text("weight");
    q.format = find_number_format(name);
    if (q.format == nullptr)
      problems.add({"--weight", 0, 0}, "",
                   "unknown format " + quoted_for_message(name) + did_you_mean(name, number_format_names()));
  }
  if (!line.has("area") && !line.has("bandwidth"))
    problems.add({"lutetia size", 0, 0}, "", "say what limits the size: --area or --bandwidth, or both");
  if ((line.has("layout") || q.core) && !line.has("area"))
    problems.add({q.core ? "--core" : "--layout", 0, 0}, "", "needs --area");
  if (line.has("layout") && q.core) problems.add({"--layout", 0, 0}, "", "is of whole designs, --core of a part");
  return q;
}

/// What the area limit looks at; infinite if there is none.
double limited_area(const SizedArea& area, const Design& design, const Questions& q) {
  if (!area.known) return std::numeric_limits<double>::infinity();
  if (!q.core) return q.text.layout ? area.layout : area.cells;
  double sum = 0;
  for (const SizedArea::Part& part : area.parts)
    if (part.unit == matrix_core_name(design) || part.unit == "weight_decoder") sum += part.um2;
  return sum;
}

std::vector<SizeLimit> limits_of(const Questions& q, const DesignArea& area_of, const NumberFormat& format) {
  std::vector<SizeLimit> limits;
  if (q.area > 0) limits.push_back({"area", q.area, [&](const Design& d) { return limited_area(area_of(d), d, q); }});
  if (q.bandwidth > 0)
    limits.push_back({"bandwidth", q.bandwidth, [&](const Design& d) {
                        return weight_stream(d, format, q.text.m).bytes_per_cycle * static_cast<double>(d.clock.value);
                      }});
  return limits;
}

/// Sizes one design; problems are located at its name, or at the option at fault.
void size_design(const CommandLine& line, const Questions& q, const std::string& name, std::vector<SizeAnswer>& answers,
                 Problems& problems) {
  SizeAnswer answer;
  answer.name = name;
  answer.sets = line.texts("set");
  if (line.has("technology")) answer.sets.push_back("technology=" + line.text("technology"));
  LoadedDesign loaded;
  if (!load_design(name, answer.sets, loaded, problems)) return;
  const Design& design = loaded.design;
  std::string error;
  const auto key = DesignKey::find(design, line.text("key", "lanes"), error);
  if (!key) return problems.add({line.has("key") ? "--key" : name, 0, 0}, "", name + ": " + error);
  const NumberFormat& format = q.format != nullptr ? *q.format : default_weight_format(design);
  answer.stream = weight_stream(design, format, q.text.m);
  if (q.bandwidth > 0 && !answer.stream.obstacle.empty())
    return problems.add({"--weight", 0, 0}, "", name + ": " + answer.stream.obstacle);
  const DesignArea area_of = design_area(loaded);
  if (q.area > 0 && !loaded.technology)
    return problems.add({"--area", 0, 0}, "", name + " names no technology, so nothing has an area: --technology NAME");
  const auto sized = largest_within(design, *key, limits_of(q, area_of, format));
  if (!sized) return problems.add({name, 0, 0}, key->path(), "no value is legal beside the rest of the design");
  const SizedArea final_area = area_of(sized->design);
  if (q.area > 0 && !final_area.known) return problems.add({"--area", 0, 0}, "", name + ": " + final_area.reason);
  if (!sized->found) {
    const bool area = q.area > 0 && !(sized->chosen.measures.front() <= q.area);
    const double measure = area ? sized->chosen.measures.front() : sized->chosen.measures.back();
    return problems.add({area ? "--area" : "--bandwidth", 0, 0}, "",
                        fmt::format("{}: too little: with {}={}, the least, it takes {}", name, key->path(),
                                    sized->chosen.value, area ? human_area(measure) : human_rate(measure)));
  }
  answer.key = key->path();
  answer.sized = *sized;
  answer.format = std::string(format.name);
  answer.stream = weight_stream(sized->design, format, q.text.m);
  answer.area = final_area;
  answers.push_back(std::move(answer));
}

}  // namespace

int size_command(const Arguments& arguments) {
  CommandLine line("size", "DESIGN...", 1, CommandLine::kAnyNumber);
  line.option("area", "AREA", "at most so much, e.g. 2mm2 or 350000um2");
  line.option("bandwidth", "RATE", "weights at full rate take at most so much, e.g. 51.2GB/s");
  line.option("key", "NAME|PATH",
              "what is varied: a key of the matrix core (rows, psum_blocks), or a path (default lanes)");
  line.option("technology", "NAME", "the same as --set technology=NAME");
  line.flag("layout", "--area is the area of the layout, not of the cells");
  line.flag("core", "--area is the area of the matrix core and its decoder alone");
  line.option("m", "N",
              "--bandwidth: rows of activations that fetched weights serve (default 1: decode of one sequence)");
  line.option("weight", "FORMAT", "--bandwidth: format of weights (default: ternary, or what the decoder takes)");
  line.list("set", "path=value", "overrides a key of every design");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "size");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  const Questions questions = read_options(line, problems);
  if (!problems.empty()) return user_error(problems, "size");
  std::vector<SizeAnswer> answers;
  for (const std::string& name : line.arguments()) size_design(line, questions, name, answers, problems);
  if (!problems.empty()) return user_error(problems);
  for (const SizeAnswer& answer : answers) std::cout << size_report(questions.text, answer);
  std::cout << size_table(answers);
  return kExitDone;
}

}  // namespace lutetia
