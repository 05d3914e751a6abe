#include "units/matrix_core/matrix_core_command.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {
namespace {

TEST(MatrixCoreCommand, FieldsLieWhereTheSpecificationSays) {
  MatrixCoreCommand c;
  c.rows = 0x1234;
  c.k_groups = 0x5678;
  c.scale_group_length = 0x9abc;
  c.n_blocks = 0xde;
  c.planes = 0x7;
  c.equal_planes = true;
  c.fill = false;
  const Payload p = c.encode();
  EXPECT_EQ(p.bits(), 62u);
  EXPECT_EQ(p.get(0, 62), 0x17de'9abc'5678'1234u);
  c.equal_planes = false;
  c.fill = true;
  EXPECT_EQ(c.encode().get(0, 62), 0x27de'9abc'5678'1234u);
}

TEST(MatrixCoreCommand, DecodeUndoesEncode) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    MatrixCoreCommand c;
    c.rows = static_cast<std::uint32_t>(random.below(65536));
    c.k_groups = static_cast<std::uint32_t>(random.below(65536));
    c.scale_group_length = static_cast<std::uint32_t>(random.below(65536));
    c.n_blocks = static_cast<std::uint32_t>(random.below(256));
    c.planes = static_cast<std::uint32_t>(random.below(16));
    c.equal_planes = random.bernoulli(0.5);
    c.fill = random.bernoulli(0.5);
    const MatrixCoreCommand d = MatrixCoreCommand::decode(c.encode());
    ASSERT_EQ(d.encode(), c.encode());
    ASSERT_EQ(d.rows, c.rows);
    ASSERT_EQ(d.k_groups, c.k_groups);
    ASSERT_EQ(d.scale_group_length, c.scale_group_length);
    ASSERT_EQ(d.n_blocks, c.n_blocks);
    ASSERT_EQ(d.planes, c.planes);
    ASSERT_EQ(d.equal_planes, c.equal_planes);
    ASSERT_EQ(d.fill, c.fill);
  }
}

TEST(MatrixCoreCommand, BlocksAndGroupsPartitionRowsAndK) {
  MatrixCoreShape shape;
  for (shape.rows = 1; shape.rows < 9; ++shape.rows)
    for (std::uint32_t rows = 1; rows < 40; ++rows)
      for (std::uint32_t length = 1; length < 12; ++length) {
        MatrixCoreCommand c;
        c.rows = rows;
        c.k_groups = 2 * rows + 1;
        c.scale_group_length = length;
        std::uint32_t sum = 0;
        for (std::uint32_t i = 0; i < c.row_blocks(shape); ++i) {
          ASSERT_GE(c.rows_in_block(shape, i), 1u);
          ASSERT_LE(c.rows_in_block(shape, i), shape.rows);
          sum += c.rows_in_block(shape, i);
        }
        ASSERT_EQ(sum, c.rows);
        sum = 0;
        for (std::uint32_t g = 0; g < c.scale_groups(); ++g) {
          ASSERT_GE(c.k_groups_in(g), 1u);
          ASSERT_LE(c.k_groups_in(g), length);
          sum += c.k_groups_in(g);
        }
        ASSERT_EQ(sum, c.k_groups);
      }
}

TEST(MatrixCoreCommand, ATileBecomesWholeGroupsAndBlocks) {
  MatrixCoreShape shape;  // 64 lanes
  TileCommand tile;
  tile.m = 7;
  tile.n = 65;
  tile.k = 10;
  tile.weights = ternary_weight_planes();
  tile.fill = true;
  MatrixCoreCommand c = matrix_core_command(shape, tile);
  EXPECT_EQ(c.rows, 7u);
  EXPECT_EQ(c.n_blocks, 2u);
  EXPECT_EQ(c.k_groups, 3u);
  EXPECT_EQ(c.scale_group_length, 3u) << "one scale for the whole tile";
  EXPECT_EQ(c.planes, 2u);
  EXPECT_TRUE(c.fill);
  tile.scale_group = 8;
  c = matrix_core_command(shape, tile);
  EXPECT_EQ(c.scale_group_length, 2u);
  EXPECT_EQ(c.scale_groups(), 2u);
}

}  // namespace
}  // namespace lutetia
