// The description of a machine: sound by itself, read back as written, and every shipped file loads.
#include "accelerator/design.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "config/leaves.h"
#include "config/read.h"
#include "config/write.h"

namespace lutetia {
namespace {

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(LUTETIA_SOURCE_DIR) + "/" + folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const Problems& problems) {
  std::ostringstream out;
  problems.print(out);
  return out.str();
}

Design example() {
  Design design;
  design.name = "example";
  design.lut_core.emplace();
  return design;
}

TEST(Design, DescribesItselfSoundly) {
  const std::vector<std::string> faults = check_schema<Design>();
  for (const std::string& fault : faults) ADD_FAILURE() << fault;
}

TEST(Design, ReadingBackWhatWasWrittenIsTheIdentity) {
  Design without = example();
  without.lut_core.reset();
  Design adders = without, multipliers = without;
  adders.adder_core.emplace().group_length = 5;
  multipliers.mac_core.emplace().weight_bits = 3;
  for (const Design& design : {example(), without, adders, multipliers}) {
    const std::string text = write_yaml(design);
    Design again;
    Problems problems;
    ASSERT_TRUE(read_yaml_text(text, "x.yaml", again, problems)) << text_of(problems);
    EXPECT_EQ(write_yaml(again), text);
    EXPECT_EQ(again.lut_core.has_value(), design.lut_core.has_value());
    EXPECT_EQ(again.adder_core.has_value(), design.adder_core.has_value());
    EXPECT_EQ(again.mac_core.has_value(), design.mac_core.has_value());
  }
}

TEST(Design, EveryShippedDesignLoadsAndSurvivesWriting) {
  const auto files = files_in("configs/designs");
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    Design design, again;
    Problems problems;
    ASSERT_TRUE(read_yaml_file(file, design, problems)) << text_of(problems);
    EXPECT_EQ(design.name, std::filesystem::path(file).stem().string());
    ASSERT_TRUE(read_yaml_text(write_yaml(design), "x.yaml", again, problems)) << text_of(problems);
    EXPECT_EQ(write_yaml(again), write_yaml(design));
  }
}

TEST(Design, TwoMatrixCoresAreOneTooMany) {
  for (const char* cores : {"lut_core: {}\nadder_core: {}\n", "lut_core: {}\nmac_core: {}\n",
                            "adder_core: {}\nmac_core: {}\n", "lut_core: {}\nadder_core: {}\nmac_core: {}\n"}) {
    Design design;
    Problems problems;
    EXPECT_FALSE(read_yaml_text(std::string("name: x\n") + cores, "x.yaml", design, problems)) << cores;
    EXPECT_NE(text_of(problems).find("a design has one matrix core"), std::string::npos) << text_of(problems);
  }
}

TEST(Design, EveryShippedMemoryLoads) {
  const auto files = files_in("configs/memory");
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    MemoryConfig memory;
    Problems problems;
    EXPECT_TRUE(read_yaml_file(file, memory, problems)) << text_of(problems);
  }
}

/// Number of the line that holds the leaf in the text that write_yaml() makes.
int line_of(const Design& design, const std::string& path) {
  const Origins origins{{path, "marked"}};
  std::istringstream marked(write_yaml(design, &origins));
  std::string line;
  for (int number = 1; std::getline(marked, line); ++number)
    if (line.find("# marked") != std::string::npos) return number;
  return 0;
}

/// The text with another value in one of its lines.
std::string with_value(const std::string& text, int number, const std::string& value) {
  std::istringstream in(text);
  std::ostringstream out;
  std::string line;
  for (int i = 1; std::getline(in, line); ++i)
    out << (i == number ? line.substr(0, line.find(':')) + ": " + value : line) << "\n";
  return out.str();
}

TEST(Design, OneMutantPerBoundOfEveryFieldGivesOneErrorOnItsLine) {
  const Design design = example();
  const std::string good = write_yaml(design);
  int mutants = 0;
  for_each_leaf(schema_of_const(design), [&](const std::string& path, const Field& leaf) {
    for (const std::string& value : out_of_range_texts(leaf)) {
      SCOPED_TRACE(path + ": " + value);
      const int line = line_of(design, path);
      ASSERT_GT(line, 0);
      Design read;
      Problems problems;
      EXPECT_FALSE(read_yaml_text(with_value(good, line, value), "x.yaml", read, problems));
      ASSERT_EQ(problems.size(), 1u) << text_of(problems);
      EXPECT_EQ(problems.items()[0].path, path);
      EXPECT_EQ(problems.items()[0].where.line, line);
      EXPECT_GT(problems.items()[0].where.column, 0);
      ++mutants;
    }
  });
  EXPECT_GT(mutants, 40);
}

TEST(Design, EveryNumberHasARange) {
  for_each_leaf(schema_of_const(example()), [](const std::string& path, const Field& leaf) {
    if (leaf.type() == ValueType::kText || leaf.type() == ValueType::kBool) return;
    if (leaf.type() == ValueType::kChoice) {
      EXPECT_GE(leaf.choices().size(), 2u) << path;
      return;
    }
    EXPECT_TRUE(leaf.declared_range().has_value()) << path;
  });
}

TEST(Design, TheMappersViewOfItHoldsHalfOfEachBufferPerSlot) {
  Design design = example();
  design.lut_core->rows = 4;
  design.lut_core->psum_bits = 24;
  design.buffers = {Bytes(1000), Bytes(600), Bytes(300), Bytes(400), Bytes(8192)};
  design.memory.fixed.emplace().bandwidth = BytesPerSecond(51'200'000'000);
  const MachineShape shape = machine_shape(design);
  EXPECT_TRUE(shape.matrix.present);
  EXPECT_EQ(shape.matrix.rows, 4u);
  EXPECT_EQ(shape.matrix.slots.weights, 500u);
  EXPECT_EQ(shape.matrix.slots.activations, 300u);
  EXPECT_EQ(shape.matrix.slots.outputs, 200u);
  EXPECT_EQ(shape.matrix.slots.scales, 100u) << "three slots";
  EXPECT_EQ(shape.vector.slot_bytes, 2048u);
  EXPECT_LE(2 * (shape.vector.slots.weights + shape.vector.slots.activations + shape.vector.slots.outputs), 4096u);
  EXPECT_DOUBLE_EQ(shape.memory_bytes_per_cycle, 51.2);
  for (std::uint32_t planes = 1; planes <= 8; ++planes)
    EXPECT_EQ(shape.matrix.safe_group_elements[planes], design.lut_core->shape().safe_group_elements(planes));
  EXPECT_EQ(shape.matrix.unit, "lut_core");
  EXPECT_EQ(shape.matrix.float_format, "");
  design.lut_core->activation_format = ActivationFormat::kFp8E5m2;
  EXPECT_EQ(machine_shape(design).matrix.float_format, "fp8_e5m2");
  design.lut_core.reset();
  EXPECT_FALSE(machine_shape(design).matrix.present);
  EXPECT_EQ(matrix_core_name(design), "matrix");
  design.mac_core.emplace().weight_bits = 4;
  EXPECT_EQ(machine_shape(design).matrix.unit, "mac_core");
  EXPECT_EQ(machine_shape(design).matrix.weight_bits, 4u);
  EXPECT_EQ(machine_shape(design).matrix.max_planes, 1u);
}

}  // namespace
}  // namespace lutetia
