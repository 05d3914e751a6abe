// lutetia trace gemm: writes a workload of one matrix product.
#include <fmt/format.h>

#include <iostream>

#include "app/command.h"
#include "app/command_line.h"
#include "base/nearest.h"
#include "config/value.h"
#include "report/human.h"
#include "report/new_file.h"
#include "workload/gemm.h"
#include "workload/trace_writer.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Writes a trace of the product O[M,N] = A[M,K] W[N,K]^T, for lutetia run DESIGN FILE.jsonl. Its M rows count as\n"
    "the tokens of a prompt. lutetia help formats lists the number formats.\n";

/// M, N or K: a number without a dash in front.
std::uint64_t extent_argument(const CommandLine& line, std::size_t index, Problems& problems) {
  const char* const names[] = {"M", "N", "K"};
  const ParsedValue parsed = parse_value(line.arguments()[index], ValueType::kUint64);
  const std::uint64_t* value =
      parsed.error.empty() && !parsed.too_large ? std::get_if<std::uint64_t>(&parsed.value) : nullptr;
  if (value != nullptr && *value >= 1 && *value <= UINT32_MAX) return *value;
  problems.add({names[index], 0, 0}, "",
               "expected a whole number in 1..4294967295, got " + quoted_for_message(line.arguments()[index]));
  return 1;
}

const NumberFormat* format_option(const CommandLine& line, const char* name, const char* fallback, Problems& problems) {
  const std::string written = line.text(name, fallback);
  const NumberFormat* format = find_number_format(written);
  if (format != nullptr) return format;
  problems.add({std::string("--") + name, 0, 0}, "",
               "unknown format " + quoted_for_message(written) + did_you_mean(written, number_format_names()) +
                   "; formats are " + joined(number_format_names()));
  return find_number_format(fallback);
}

/// "tensor", "row", or elements along K.
std::uint32_t group_option(const CommandLine& line, Problems& problems) {
  const std::string written = line.text("group", "tensor");
  if (written == "tensor") return kScalePerTensor;
  if (written == "row") return 0;
  return static_cast<std::uint32_t>(line.number("group", 1, 1 << 20, problems).value_or(0));
}

GemmOptions read_options(const CommandLine& line, Problems& problems) {
  GemmOptions options;
  options.m = extent_argument(line, 0, problems);
  options.n = extent_argument(line, 1, problems);
  options.k = extent_argument(line, 2, problems);
  options.activation = format_option(line, "activation", "int8", problems);
  options.weight = format_option(line, "weight", "int2", problems);
  options.output = format_option(line, "result", "fp16", problems);
  options.weight_group = is_integer(*options.weight) ? group_option(line, problems) : 0;
  options.repeat = line.number("repeat", 1, 10'000, problems).value_or(1);
  const double points = static_cast<double>(options.m) * static_cast<double>(options.n) *
                        static_cast<double>(options.k) * static_cast<double>(options.repeat);
  if (points > static_cast<double>(kMostPoints))
    problems.add({"lutetia trace gemm", 0, 0}, "", "more than 2^56 multiply-accumulates");
  return options;
}

}  // namespace

int trace_gemm_command(const Arguments& arguments) {
  CommandLine line("trace gemm", "M N K", 3, 3);
  line.option("activation", "FORMAT", "of A, one scale per row if it is an integer (default int8)");
  line.option("weight", "FORMAT", "of W (default int2)");
  line.option("group", "tensor|row|G", "what shares a scale of W: everything, a row, G elements of K (default tensor)");
  line.option("result", "FORMAT", "of O (default fp16)");
  line.option("repeat", "N", "products, each with weights of its own; they do not wait for each other (default 1)");
  line.option("output,o", "FILE", "a new file (name it .jsonl), or - for standard output");
  Problems problems;
  const bool parsed = line.parse(arguments, problems);
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  if (!parsed) return user_error(problems, "trace gemm");
  const GemmOptions options = read_options(line, problems);
  if (!line.has("output")) problems.add({"lutetia trace gemm", 0, 0}, "", "say where to write: -o FILE, or -o -");
  if (!problems.empty()) return user_error(problems, "trace gemm");
  const Trace trace = gemm_trace(options);
  const std::string output = line.text("output");
  if (output == "-") return write_trace(std::cout, trace), kExitDone;
  NewFile file;
  if (!file.open(output, problems)) return user_error(problems);
  write_trace(file.stream(), trace);
  if (!file.commit(problems)) return user_error(problems);
  std::cout << output << ": " << trace.operators.size() << " operator" << (trace.operators.size() == 1 ? "" : "s")
            << ", " << human_count(static_cast<double>(total_macs(trace))) << " MACs\n";
  return kExitDone;
}

}  // namespace lutetia
