#include "kernel/npy.h"

#include <gtest/gtest.h>

#include "npy_bytes.h"

namespace evotune {
namespace {

std::string refusal(const std::string& content) {
  const Result<NpyArray> array = parse_npy(content);
  return array ? "accepted" : array.error().message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Npy, AnArrayIsRead) {
  const Result<NpyArray> array =
      parse_npy(npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24));
  ASSERT_TRUE(array) << array.error().message;
  EXPECT_EQ(array->type, "<f4");
  EXPECT_EQ(array->shape, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(array->data.size(), 24U);
}

TEST(Npy, VersionTwoHasAWiderLength) {
  EXPECT_TRUE(
      parse_npy(npy_bytes("{'descr': '|i1', 'fortran_order': False, 'shape': (4,), }", 4, 2)));
}

TEST(Npy, NoShapeIsOneElement) {
  EXPECT_TRUE(parse_npy(npy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 8)));
}

TEST(Npy, WhatCannotBeUsedIsSaid) {
  EXPECT_TRUE(contains(refusal("PK\3\4 a zip file, as .npz is"), "no header"));
  EXPECT_TRUE(
      contains(refusal(npy_bytes("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 8)),
               "C order"));
  EXPECT_TRUE(
      contains(refusal(npy_bytes("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8)),
               "big-endian"));
  EXPECT_TRUE(
      contains(refusal(npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8)),
               "another size"));
  EXPECT_TRUE(contains(
      refusal(npy_bytes("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8)),
      "cannot be read"));
}

TEST(Npy, SizesThatOverflowAreRefused) {
  EXPECT_TRUE(contains(refusal(npy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': "
                                         "(4294967296, 4294967296), }",
                                         0)),
                       "another size"));
}

TEST(Npy, EveryCutOfAFileIsRefused) {
  const std::string whole =
      npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_npy(whole.substr(0, length))) << length;
}

}  // namespace
}  // namespace evotune
