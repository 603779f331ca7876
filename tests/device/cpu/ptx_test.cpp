#include "device/cpu/ptx.h"

#include <gtest/gtest.h>

#include "device/cpu/needed_headers.h"
#include "device/cpu/rewrite.h"

namespace evotune::cpu {
namespace {

bool refuses(const std::string& text, const std::string& named,
             const std::vector<AsmOperand>& operands = {}) {
  return translate_ptx(text, operands).find("inline PTX '" + named + "'") != std::string::npos;
}

TEST(Ptx, OperandsBecomeVariablesOfTheirConstraintsTypes) {
  EXPECT_EQ(translate_ptx("mov.u32 %0, %1;", std::vector<AsmOperand>{{"=r", "y"}, {"l", "x"}}),
            "do { evotune::cpu::ptx::u32 evotune_e0{}; const evotune::cpu::ptx::u64 evotune_e1 = "
            "evotune::cpu::ptx::operand<evotune::cpu::ptx::u64>(x); "
            "evotune::cpu::ptx::mov<evotune::cpu::ptx::u32>(evotune_e0, evotune_e1); "
            "evotune::cpu::ptx::set(y, evotune_e0);  } while (0)");
}

TEST(Ptx, WhatIsNotKnownIsRefusedByItsName) {
  EXPECT_TRUE(refuses("wgmma.fence.sync.aligned;", "wgmma.fence.sync.aligned"));
  EXPECT_TRUE(refuses("cp.async.bulk.wait_group 0;", "cp.async.bulk.wait_group"));
  EXPECT_TRUE(
      refuses("mov.u32 %0, %no_such_register;", "mov.u32 %0, %no_such_register", {{"=r", "y"}}));
  EXPECT_TRUE(refuses("mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32 {%0}, {%0}, {%0}, {%0};",
                      "mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32", {{"+f", "y"}}));
  EXPECT_TRUE(refuses("mbarrier.arrive.expect_tx.shared.b64 _, [%0], 64;",
                      "mbarrier.arrive.expect_tx.shared.b64", {{"r", "x"}}));
  EXPECT_TRUE(refuses("mov.b32 %0, 1;", R"(constraint \"=q\")", {{"=q", "y"}}));
}

TEST(Ptx, CommentsBracesAndMissingSemicolonsAreRead) {
  const std::string code =
      translate_ptx("{ // a comment; with one\n .reg .pred p; /* ; */ bar.sync 0 }", {});
  EXPECT_EQ(code.find("static_assert"), std::string::npos) << code;
}

TEST(Ptx, LabelsAreOfTheirStatementAlone) {
  EXPECT_EQ(translate_ptx("{ .reg .pred p<2>; WAIT%=: @p1 bra DONE; bra.uni WAIT%=; DONE: }", {}),
            "do { __label__ evotune_l_WAIT__, evotune_l_DONE; {evotune::cpu::ptx::pred "
            "evotune_r_p0; evotune_r_p0 = {}; evotune::cpu::ptx::pred evotune_r_p1; evotune_r_p1 = "
            "{}; evotune_l_WAIT__:; if "
            "(evotune_r_p1) { goto evotune_l_DONE;  } goto evotune_l_WAIT__; evotune_l_DONE:; } } "
            "while (0)");
}

TEST(Ptx, SurvivesEveryPrefixOfAText) {
  const std::string text =
      "{ .reg .b32 r<3>; .reg .u64 a; @!p ld.global.v2.u32 {%0, _}, [a+16]; cvt.rn.f16x2.f32 %0, "
      "%1, 0f3F;}";
  const std::vector<AsmOperand> operands = {{"=r", "y"}, {"f", "x"}};
  for (std::size_t i = 0; i <= text.size(); ++i)
    EXPECT_FALSE(translate_ptx(text.substr(0, i), operands).empty());
}

TEST(Rewrite, HeadersOfCudaThatTheShimHasNotGetANameThatNobodyHas) {
  EXPECT_EQ(
      rewrite_for_host("#include <cuda/annotated_ptr>\n#include <cub/cub.cuh>\n#include <cmath>\n"),
      "#include <refused/cuda/annotated_ptr>\n#include <cub/cub.cuh>\n#include <cmath>\n");
}

TEST(Rewrite, OfLibrariesThatMayBeForTheHostOrAnotherBranchNamesAreRefusedAndNotHeaders) {
  EXPECT_EQ(rewrite_for_host("#include <thrust/sort.h>\n#include <torch/types.h> // PyTorch\n"),
            "#include <cuda.h>\n#include <cuda.h> // PyTorch\n");
  EXPECT_EQ(rewrite_for_host("#include <driver_types.h>\n"), "#include <cuda.h>\n");
  EXPECT_EQ(rewrite_for_host("#include <cub/device/device_scan.cuh>\n"),
            "#include <cub/cub.cuh>\n");
}

TEST(Rewrite, ATypedefOfAWideIntegerGoesForItIsThereAlready) {
  EXPECT_EQ(rewrite_for_host("typedef unsigned long long int uint64_t;\nuint64_t x;"),
            ";\nuint64_t x;");
  EXPECT_EQ(rewrite_for_host("typedef unsigned long long key_t;"),
            "typedef unsigned long long key_t;");
}

TEST(NeededHeaders, AreThoseOfTheNamesInUse) {
  EXPECT_EQ(needed_headers("int x = 1; // std::min"), "");
  EXPECT_EQ(needed_headers("x = std::min(a, b) + std::numeric_limits<int>::max();"),
            "#include <algorithm>\n#include <limits>\n");
  EXPECT_EQ(needed_headers("y = __vadd2(a, b); z = __fadd_rz(x, x); asm(\"trap;\");"),
            "#include <ptx.h>\n#include <rounding.h>\n#include <simd_functions.h>\n");
}

}  // namespace
}  // namespace evotune::cpu
