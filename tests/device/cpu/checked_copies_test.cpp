#include "device/cpu/checked_copies.h"

#include <gtest/gtest.h>

namespace evotune::cpu_test {
namespace {

using cpu::with_checked_copies;

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(CheckedCopies, BothSidesAreCheckedWhereTheyAreCopied) {
  const std::string copy =
      "  call void @llvm.memcpy.p0i8.p0i8.i64(i8* align 16 %5, i8* align 8 %6, i64 16, i1 false), "
      "!dbg !45, !tbaa.struct !46\n";
  const std::string checked = with_checked_copies("define void @f() {\n" + copy + "}\n");
  EXPECT_TRUE(
      checked.starts_with("define void @f() {\n"
                          "  call void @evotune.write16(i8* %5), !dbg !45\n"
                          "  call void @evotune.read8(i8* %6), !dbg !45\n" +
                          copy + "}\n"))
      << checked;
  EXPECT_EQ(count_of("  call void @evotune_odd_write(i8* %p, i32 16)\n", checked), 1U);
  EXPECT_EQ(count_of("  call void @evotune_odd_read(i8* %p, i32 8)\n", checked), 1U);
}

TEST(CheckedCopies, PointersMayHaveNoTypes) {
  const std::string checked = with_checked_copies(
      "  call void @llvm.memcpy.p0.p0.i64(ptr align 16 %5, ptr align 16 %6, i64 16, i1 false)\n");
  EXPECT_EQ(count_of("  call void @evotune.read16(ptr %6)\n", checked), 1U) << checked;
  EXPECT_EQ(count_of("define internal void @evotune.write16(ptr %p) alwaysinline {", checked), 1U);
}

TEST(CheckedCopies, VariablesConstantsAndBytesAreLeftAlone) {
  const std::string locals =
      "  %1 = alloca %struct.float4, align 16\n"
      "  %2 = bitcast %struct.float4* %1 to i8*\n"
      "  %3 = getelementptr inbounds i8, i8* %2, i64 16\n";
  for (const char* copied :
       {"i8* align 16 %2, i8* align 16 %3", "i8* align 1 %7, i8* align 2 %8",
        "i8* %7, i8* align 16 getelementptr inbounds ([9 x i8], [9 x i8]* @c, i32 0, i32 0)"}) {
    const std::string module = locals + "  call void @llvm.memcpy.p0i8.p0i8.i64(" + copied +
                               ", i64 16, i1 false), !dbg !45\n";
    EXPECT_EQ(with_checked_copies(module), module);
  }
  // Another function's.
  EXPECT_EQ(count_of("@evotune.write16(i8* %2)",
                     with_checked_copies(locals + "define void @g() {\n  call void @llvm.memcpy.x("
                                                  "i8* align 16 %2, i8* align 16 %9)\n")),
            1U);
}

TEST(CheckedCopies, TextThatEndsAnywhereIsKept) {
  const std::string module =
      "  call void @llvm.memcpy.p0i8.p0i8.i64(i8* align 16 %5, i8* align 8 %6, i64 16), !dbg !45";
  for (std::size_t length = 0; length <= module.size(); ++length) {
    const std::string part = module.substr(0, length);
    EXPECT_NE(with_checked_copies(part).find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace evotune::cpu_test
