// lutetia trace requests: writes raw requests of a simple pattern, the same ones for the same options.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <iostream>

#include "app/command.h"
#include "app/command_line.h"
#include "base/quantity_text.h"
#include "base/random.h"
#include "config/value.h"
#include "memory/dram/request_trace.h"
#include "report/human.h"
#include "report/new_file.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Writes requests for lutetia run DESIGN FILE.requests: lines of CYCLE|- R|W ADDRESS BYTES. Addresses are "
    "multiples\n"
    "of the stride within the range: one after the other, beginning again at the end, or drawn at random.\n";

struct Pattern {
  bool random = false;
  std::uint64_t requests = 1'000'000, bytes = 64, stride = 64, range = std::uint64_t{256} << 20, seed = 1;
  double write_share = 0;
};

/// "64MiB", or a number of bytes.
std::uint64_t bytes_option(const CommandLine& line, const char* name, std::uint64_t most, std::uint64_t fallback,
                           Problems& problems) {
  if (!line.has(name)) return fallback;
  const std::string written = line.text(name);
  Bytes value;
  const char* const end = written.data() + written.size();
  const auto number = std::from_chars(written.data(), end, value.value);
  const bool plain = number.ec == std::errc() && number.ptr == end;
  if ((plain || parse(written, value) == QuantityFault::kNone) && value.value >= 1 && value.value <= most)
    return value.value;
  problems.add({std::string("--") + name, 0, 0}, "",
               fmt::format("expected bytes in 1..{}, e.g. 64 or 4KiB, got {}", most, quoted_for_message(written)));
  return fallback;
}

double share_option(const CommandLine& line, Problems& problems) {
  if (!line.has("write-share")) return 0;
  const std::string written = line.text("write-share");
  const ParsedValue parsed = parse_value(written, ValueType::kDouble);
  const double* share = parsed.error.empty() && !parsed.too_large ? std::get_if<double>(&parsed.value) : nullptr;
  if (share != nullptr && *share >= 0 && *share <= 1) return *share;
  problems.add({"--write-share", 0, 0}, "", "expected a number in 0..1, got " + quoted_for_message(written));
  return 0;
}

Pattern read_pattern(const CommandLine& line, Problems& problems) {
  constexpr std::uint64_t kMostRange = std::uint64_t{1} << 48;
  Pattern p;
  p.random = line.choice("pattern", {"sequential", "random"}, problems).value_or(0) == 1;
  p.requests = line.number("requests", 1, 1'000'000'000, problems).value_or(p.requests);
  p.bytes = bytes_option(line, "bytes", kLargestRequest, p.bytes, problems);
  p.stride = bytes_option(line, "stride", kMostRange, p.bytes, problems);
  p.range = bytes_option(line, "range", kMostRange, p.range, problems);
  p.seed = line.number("seed", 0, UINT64_MAX, problems).value_or(p.seed);
  p.write_share = share_option(line, problems);
  if (problems.empty() && p.range < p.bytes)
    problems.add({"--range", 0, 0}, "", fmt::format("holds no request of {} bytes", p.bytes));
  return p;
}

void write(std::ostream& out, const Pattern& p) {
  Random random(p.seed);
  const std::uint64_t places = (p.range - p.bytes) / p.stride + 1;
  std::uint64_t place = 0;
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text),
                 "# {} {} requests of {} bytes, stride {}, range {}, write share {}, seed {}\n", p.requests,
                 p.random ? "random" : "sequential", p.bytes, p.stride, p.range, p.write_share, p.seed);
  for (std::uint64_t i = 0; i < p.requests && out; ++i) {
    const bool write = random.bernoulli(p.write_share);
    if (p.random) place = random.below(places);
    fmt::format_to(std::back_inserter(text), "- {} {} {}\n", write ? 'W' : 'R', place * p.stride, p.bytes);
    place = place + 1 == places ? 0 : place + 1;
    if (text.size() < (std::size_t{1} << 16)) continue;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  }
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace

int trace_requests_command(const Arguments& arguments) {
  CommandLine line("trace requests", "", 0, 0);
  line.option("pattern", "sequential|random", "order of addresses (default sequential)");
  line.option("requests", "N", "how many (default 1000000)");
  line.option("bytes", "B", "of each request, e.g. 64 or 4KiB (default 64)");
  line.option("write-share", "P", "share that are writes, drawn at random, 0..1 (default 0)");
  line.option("range", "BYTES", "all addresses lie below it (default 256MiB)");
  line.option("stride", "S", "bytes between neighbours (default: the request's bytes)");
  line.option("seed", "N", "of what is drawn (default 1)");
  line.option("output,o", "FILE", "a new file (name it .requests), or - for standard output");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "trace requests");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  const Pattern pattern = read_pattern(line, problems);
  if (!line.has("output")) problems.add({"lutetia trace requests", 0, 0}, "", "say where to write: -o FILE, or -o -");
  if (!problems.empty()) return user_error(problems, "trace requests");
  const std::string output = line.text("output");
  if (output == "-") return write(std::cout, pattern), kExitDone;
  NewFile file;
  if (!file.open(output, problems)) return user_error(problems);
  write(file.stream(), pattern);
  if (!file.commit(problems)) return user_error(problems);
  std::cout << output << ": " << grouped(pattern.requests) << " requests, "
            << human_bytes(static_cast<double>(pattern.requests) * static_cast<double>(pattern.bytes)) << "\n";
  return kExitDone;
}

}  // namespace lutetia
