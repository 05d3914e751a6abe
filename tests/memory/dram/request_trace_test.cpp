// Traces of requests: every line is a request or a problem with its exact place, and no text whatever makes the reader
// stumble.
#include "memory/dram/request_trace.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>

#include "base/random.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kCapacity = 1 << 20;

struct Reading {
  bool good = false;
  RequestTraceTotals totals;
  std::vector<std::string> problems;
};

Reading check(const std::string& text, std::uint64_t capacity = kCapacity) {
  std::istringstream in(text);
  Problems problems;
  Reading out;
  out.good = check_request_trace(in, "t", capacity, out.totals, problems);
  for (const Problem& p : problems.items()) out.problems.push_back(p.text());
  return out;
}

std::vector<PlayedRequest> read(const std::string& text, bool* failed = nullptr) {
  std::istringstream in(text);
  RequestTraceSource source(in, kCapacity);
  std::vector<PlayedRequest> out;
  for (PlayedRequest r; source.next(r);) out.push_back(r);
  if (failed != nullptr) *failed = source.failed();
  return out;
}

TEST(RequestTrace, SaysWhatTheHeaderFileSays) {
  const std::string text =
      "# CYCLE or -, R or W, ADDRESS, BYTES\n\n- R 0x1000 64\n120 W 4096 32\n \t\n  120\tR  0XfF 1  # the last\n";
  const Reading reading = check(text);
  EXPECT_TRUE(reading.good) << testing::PrintToString(reading.problems);
  EXPECT_EQ(reading.totals.requests, 3u);
  EXPECT_EQ(reading.totals.bytes_read, 65u);
  EXPECT_EQ(reading.totals.bytes_written, 32u);
  const std::vector<PlayedRequest> requests = read(text);
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].at, PlayedRequest::kAsSoonAsPossible);
  EXPECT_FALSE(requests[0].write);
  EXPECT_EQ(requests[0].address, 0x1000u);
  EXPECT_EQ(requests[0].bytes, 64u);
  EXPECT_EQ(requests[1].at, 120u);
  EXPECT_TRUE(requests[1].write);
  EXPECT_EQ(requests[2].address, 255u);
}

TEST(RequestTrace, TheWholeMemoryMayBeAskedFor) {
  EXPECT_TRUE(check("- R 0 1048576\n- W 1048575 1\n").good);
  EXPECT_TRUE(
      check("- R 0xffffffffffffffff 0000000000000000000000000000001\n", UINT64_MAX).problems[0].find("outside") !=
      std::string::npos);
  EXPECT_TRUE(check("1000000000000 R 0xfffffffffffffffe 1\n", UINT64_MAX).good);
  EXPECT_TRUE(check("- W 5 1073741824\n", UINT64_MAX).good);
}

TEST(RequestTrace, EveryFaultIsToldWhereItIs) {
  const std::string good = "- R 0 64\n";
  const struct {
    std::string text, problem;
  } kFaults[] = {
      {"x R 0 64\n", "t:1:1: error: cycle: expected a whole number or -, got \"x\""},
      {"-1 R 0 64\n", "t:1:1: error: cycle: expected a whole number or -"},
      {"1000000000001 R 0 64\n", "t:1:1: error: cycle: \"1000000000001\" is out of range"},
      {"99999999999999999999999 R 0 64\n", "t:1:1: error: cycle: "},
      {good + "- r 0 64\n", "t:2:3: error: kind: expected R or W, got \"r\""},
      {"- RD 0 64\n", "t:1:3: error: kind: "},
      {"- R 0x 64\n", "t:1:5: error: address: expected a whole number, decimal or 0x hexadecimal"},
      {"- R 0xg 64\n", "t:1:5: error: address: expected"},
      {"- R 1048576 64\n", "t:1:5: error: address: \"1048576\" lies outside of the memory of 1048576 bytes"},
      {"- R 0x10000000000000000 64\n", "t:1:5: error: address: "},
      {"- R 0 0\n", "t:1:7: error: bytes: \"0\" is out of range, expected 1 to 1073741824"},
      {"- R 0 1073741825\n", "t:1:7: error: bytes: "},
      {"- R 0 0x40\n", "t:1:7: error: bytes: expected a whole number"},
      {"- R 1048575 2\n", "t:1:13: error: bytes: \"2\" is too many: the memory has 1 bytes from that address on"},
      {"- R 0\n", "t:1:6: error: 3 of 4 fields; expected CYCLE|- R|W ADDRESS BYTES"},
      {"- R 0 64 9 9\n", "t:1:10: error: more than 4 fields"},
      {"7 R 0 64\n- R 0 64\n6 R 0 64\n", "t:3:1: error: cycle: 6 goes back: an earlier line says 7"},
      {good + "- R\r 0 64\n", "t:2:3: error: kind: "},
      {good + "- R 0 64\r\n- R 0 64\r\n", "t:2:9: error: carriage return"},
      {good + std::string("- R\0 0 64\n", 10), "t:2:4: error: NUL byte"},
      {std::string(1 << 20, '\0'), "t:1:1: error: NUL byte"},
      {good + std::string(5000, '7') + "\n" + good, "t:2:1025: error: the line is longer than 1024 bytes"},
      {"#" + std::string(1 << 20, '-') + "\n" + good, "t:1:1025: error: the line is longer"},
      {"- R 0 6", "t:1:8: error: the last line has no newline"},
      {"", "t: error: has no requests"},
      {"# nothing\n\n", "t: error: has no requests"},
  };
  for (const auto& fault : kFaults) {
    const Reading reading = check(fault.text);
    EXPECT_FALSE(reading.good) << fault.problem;
    ASSERT_EQ(reading.problems.size(), 1u) << fault.problem << testing::PrintToString(reading.problems);
    EXPECT_EQ(reading.problems[0].substr(0, fault.problem.size()), fault.problem);
  }
}

TEST(RequestTrace, AllFaultsOfALineAreToldAtOnce) {
  const Reading reading = check("x Q z 0\n");
  ASSERT_EQ(reading.problems.size(), 4u);
  const char* places[] = {"t:1:1: ", "t:1:3: ", "t:1:5: ", "t:1:7: "};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(reading.problems[i].rfind(places[i], 0), 0u) << reading.problems[i];
}

TEST(RequestTrace, AHundredFaultsAreToldAndTheOthersCounted) {
  std::string text;
  for (int i = 0; i < 250; ++i) text += "- X 0 64\n- R 0 64\n";
  const Reading reading = check(text);
  ASSERT_EQ(reading.problems.size(), 101u);
  EXPECT_EQ(reading.problems.back(), "t:500: error: and 150 more problems up to here");
}

TEST(RequestTrace, AStreamThatBreaksIsAProblem) {
  std::istringstream in("- R 0 64\n");
  in.setstate(std::ios::badbit);
  Problems problems;
  RequestTraceTotals totals;
  EXPECT_FALSE(check_request_trace(in, "t", kCapacity, totals, problems));
  EXPECT_EQ(problems.size(), 1u);
}

TEST(RequestTrace, TheSourceStopsAtALineThatWasNotThereWhenItWasChecked) {
  bool failed = false;
  EXPECT_EQ(read("- R 0 64\n- R 9999999999 64\n- R 0 64\n", &failed).size(), 1u);
  EXPECT_TRUE(failed);
  EXPECT_EQ(read("- R 0 64\n" + std::string(5000, ' ') + "\n- R 0 64\n", &failed).size(), 1u);
  EXPECT_TRUE(failed);
}

TEST(RequestTrace, HundredThousandDamagedLinesAreReadOrReported) {
  static const std::vector<std::string> kPieces = {
      "\n", "\r", "#", "-", " ", "", "\t", "0x", "18446744073709551615", "W", "\xff", std::string(1, '\0')};
  Random random(20260102);
  std::size_t bad = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = (random.bernoulli(0.5) ? "-" : std::to_string(random.below(1000))) +
                       (random.bernoulli(0.5) ? " R 0x" : " W ") + std::to_string(random.below(100'000)) + " 64\n";
    for (std::uint64_t n = 1 + random.below(3); n > 0 && !text.empty(); --n) {
      const std::size_t where = random.below(text.size()), span = random.below(4);
      if (random.bernoulli(0.3))
        text[where] = static_cast<char>(random.below(256));
      else
        text.replace(where, random.below(2) * span, kPieces[random.below(kPieces.size())]);
    }
    const Reading reading = check(text);
    ASSERT_EQ(reading.good, reading.problems.empty()) << text;
    bad += reading.good ? 0 : 1;
    const std::vector<PlayedRequest> requests = read(text);
    if (reading.good) {
      ASSERT_EQ(requests.size(), reading.totals.requests) << text;
    }
    for (const PlayedRequest& r : requests) {
      ASSERT_TRUE(r.bytes > 0 && r.bytes <= kCapacity && r.address <= kCapacity - r.bytes) << text;
      ASSERT_TRUE(r.at == PlayedRequest::kAsSoonAsPossible || r.at <= kLastRequestCycle) << text;
    }
  }
  EXPECT_GT(bad, 30'000u);
}

/// Deals out the same lines again and again without holding them.
class Endless final : public std::streambuf {
 public:
  explicit Endless(std::uint64_t times) : times_(times) {
    for (int i = 0; i < 1000; ++i) text_ += "- R " + std::to_string(i * 64) + " 64\n";
  }

 private:
  int_type underflow() override {
    if (times_-- == 0) return times_ = 0, traits_type::eof();
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return traits_type::to_int_type(text_[0]);
  }
  std::string text_;
  std::uint64_t times_;
};

TEST(RequestTrace, MillionsOfLinesTakeLittleTime) {
  Endless endless(3000);
  std::istream in(&endless);
  Problems problems;
  RequestTraceTotals totals;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(check_request_trace(in, "t", kCapacity, totals, problems));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(totals.requests, 3'000'000u);
  EXPECT_LT(seconds, 3) << "a tenth of the speed it has";
}

}  // namespace
}  // namespace lutetia
