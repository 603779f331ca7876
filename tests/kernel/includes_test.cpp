#include "kernel/includes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kernel_folder.h"

namespace evotune {
namespace {

std::string text_of(const KernelFolder& folder, const Fragments& fragments = {}) {
  const Result<InlinedText> text = inline_includes(folder.kernel(), fragments);
  return text ? text->text : "failed: " + text.error().message;
}

bool fails_with(const KernelFolder& folder, const std::string& part,
                const Fragments& fragments = {}) {
  const Result<InlinedText> text = inline_includes(folder.kernel(), fragments);
  if (text) return false;
  EXPECT_EQ(text.error().stage, Stage::render);
  EXPECT_NE(text.error().message.find(part), std::string::npos) << text.error().message;
  return true;
}

TEST(Includes, LocalFilesAreWrittenOutAndLinesKept) {
  KernelFolder folder("int a;\n#include \"b.cuh\"\nint c;\n");
  folder.write("b.cuh", "int b;");
  EXPECT_EQ(text_of(folder),
            "#line 1 \"kernel.cu\"\nint a;\n#line 1 \"b.cuh\"\nint b;\n#line 3 \"kernel.cu\"\nint "
            "c;\n");
}

TEST(Includes, AMarkOfUtf8IsNoPartOfAFile) {
  KernelFolder folder("\xef\xbb\xbf#include \"b.cuh\"\n");
  folder.write("b.cuh", "\xef\xbb\xbf#pragma once\nint b;\n");
  EXPECT_EQ(text_of(folder),
            "#line 1 \"kernel.cu\"\n#ifndef EVOTUNE_ONCE_b_cuh\n#define EVOTUNE_ONCE_b_cuh\n"
            "#line 1 \"b.cuh\"\n\nint b;\n#endif\n#line 2 \"kernel.cu\"\n");
}

TEST(Includes, ADirectiveGoesOnBehindBlanksAfterItsBackslash) {
  const std::string twice = "#define TWICE(x) \\ \n  ((x) * \\\t\r\n  2)\n",
                    comment = "// C:\\ \nint a; // \\ \n";
  EXPECT_EQ(text_of(KernelFolder(twice + comment)),
            "#line 1 \"kernel.cu\"\n#define TWICE(x) \\\n  ((x) * \\\r\n  2)\n" + comment);
}

TEST(Includes, SystemHeadersStay) {
  EXPECT_EQ(text_of(KernelFolder("#include <mma.h>\n")),
            "#line 1 \"kernel.cu\"\n#include <mma.h>\n");
}

TEST(Includes, EvotunesOwnHeadersAreWrittenOutOnceEach) {
  const std::string text =
      text_of(KernelFolder("#include <evotune/copy.cuh>\n#include <evotune/copy.cuh>\nint x;\n"));
  EXPECT_NE(text.find("#line 1 \"evotune/copy.cuh\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("#ifndef EVOTUNE_ONCE_evotune_copy_cuh\n"), std::string::npos);
  EXPECT_NE(text.find("#line 3 \"kernel.cu\"\nint x;"), std::string::npos);
  EXPECT_TRUE(fails_with(KernelFolder("#include <evotune/nothing.cuh>\n"),
                         "kernel.cu:1: evotune has no header <evotune/nothing.cuh>"));
}

TEST(Includes, AToolkitHeaderInQuotesIsASystemHeader) {
  EXPECT_EQ(text_of(KernelFolder("#include \"cuda_fp16.h\"\n")),
            "#line 1 \"kernel.cu\"\n#include <cuda_fp16.h>\n#line 2 \"kernel.cu\"\n");
}

TEST(Includes, AnIncludeInACommentIsNone) {
  EXPECT_EQ(text_of(KernelFolder("// #include \"gone.cuh\"\n")),
            "#line 1 \"kernel.cu\"\n// #include \"gone.cuh\"\n");
}

TEST(Includes, AFileParameterNamesItsFile) {
  KernelFolder folder("#include SOFTMAX\n");
  folder.write("warp.cuh", "int warp;\n");
  EXPECT_NE(text_of(folder, {{"SOFTMAX", {"warp.cuh"}}}).find("int warp;"), std::string::npos);
}

TEST(Includes, TheNamesThatWereUsedAreKnown) {
  KernelFolder folder("#include SOFTMAX\n");
  folder.write("warp.cuh", "int warp;\n");
  const auto inlined = inline_includes(folder.kernel(), {{"SOFTMAX", {"warp.cuh"}}, {"OTHER", {}}});
  ASSERT_TRUE(inlined);
  EXPECT_EQ(inlined->fragments, (std::set<std::string, std::less<>>{"SOFTMAX"}));
}

TEST(Includes, TheTemplatesOwnDefaultServesWhereNoParameterDoes) {
  KernelFolder folder("#define SOFTMAX \"warp.cuh\"\n#include SOFTMAX\n");
  folder.write("warp.cuh", "int warp;\n");
  folder.write("serial.cuh", "int serial;\n");
  EXPECT_NE(text_of(folder).find("int warp;"), std::string::npos);
  EXPECT_EQ(text_of(folder, {{"SOFTMAX", {"serial.cuh"}}}).find("int warp;"), std::string::npos);
}

TEST(Includes, PragmaOnceBecomesAGuardThatEveryCompilerKeeps) {
  KernelFolder folder("#include \"a.cuh\"\n#include \"a.cuh\"\n");
  folder.write("a.cuh", "#pragma once\nint a;\n");
  const std::string text = text_of(folder);
  EXPECT_EQ(text.find("#pragma once"), std::string::npos);
  EXPECT_NE(text.find("#ifndef EVOTUNE_ONCE_a_cuh\n#define EVOTUNE_ONCE_a_cuh\n"),
            std::string::npos);
}

TEST(Includes, AFileInASubfolderIncludesItsNeighbours) {
  KernelFolder folder("#include \"parts/a.cuh\"\n");
  folder.write("parts/a.cuh", "#include \"b.cuh\"\n");
  folder.write("parts/b.cuh", "int b;\n");
  EXPECT_NE(text_of(folder).find("#line 1 \"parts/b.cuh\"\nint b;\n#line 2 \"parts/a.cuh\"\n"),
            std::string::npos);
}

TEST(Includes, WhatIsNotThereIsSaidWithItsPlace) {
  EXPECT_TRUE(fails_with(KernelFolder("\n#include \"gone.cuh\"\n"),
                         "kernel.cu:2: \"gone.cuh\" is not there; put a copy beside the kernel"));
  EXPECT_TRUE(fails_with(KernelFolder("#include SOFTMAX\n"), "no parameter of kind files"));
  EXPECT_TRUE(fails_with(KernelFolder("#include\n"), "#include of nothing"));
}

TEST(Includes, AHeaderOfTheSystemMayStandInQuotes) {
  for (const char* header : {"cuda.h", "stdio.h", "cmath", "helper_cuda.h", "cub/cub.cuh"})
    EXPECT_NE(text_of(KernelFolder(fmt::format("#include \"{}\"\n", header)))
                  .find(fmt::format("\n#include <{}>\n", header)),
              std::string::npos);
}

TEST(Includes, AFileBesideTheKernelMayStandInAngleBrackets) {
  KernelFolder folder("#include <helper_math.h>\n#include <mma.h>\n");
  folder.write("helper_math.h", "int helper;\n");
  folder.write("mma.h", "int no_toolkit;\n");
  const std::string text = text_of(folder);
  EXPECT_NE(text.find("int helper;"), std::string::npos) << text;
  EXPECT_NE(text.find("#include <mma.h>"), std::string::npos) << text;
}

TEST(Includes, WhatOnlyAHostsProgramMayNeedCanBeMissing) {
  const std::string text =
      text_of(KernelFolder("#include \"timer.cuh\"\n__global__ void k() {}\nint main() {}\n"));
  EXPECT_EQ(
      absent_includes(text),
      "\nkernel.cu:1 includes \"timer.cuh\", which is not there; put a copy beside the kernel");
  EXPECT_NE(text.find("#line 2 \"kernel.cu\"\n__global__"), std::string::npos) << text;
  EXPECT_EQ(absent_includes("// evotune: no\nint x;  /* */\n// evotune: no"), "\nno");
  EXPECT_EQ(absent_includes("s = \"// evotune: no\";"), "");
}

TEST(Includes, AHostsProgramMayBeInAHeader) {
  KernelFolder folder("#include \"layer.hpp\"\n__global__ void k() {}\n");
  folder.write("layer.hpp", "#include \"layer.pb.h\"\nclass Layer { cudaStream_t stream; };\n");
  EXPECT_EQ(
      absent_includes(text_of(folder)),
      "\nlayer.hpp:1 includes \"layer.pb.h\", which is not there; put a copy beside the kernel");
}

TEST(Includes, TheGuardOfAHeaderIsNoBranchInIt) {
  KernelFolder folder("#include \"all.cuh\"\n__global__ void k() {}\nint main() {}\n");
  folder.write("all.cuh", "#ifndef ALL\n#define ALL\n#include \"timer.cuh\"\n#endif\n");
  EXPECT_EQ(absent_includes(text_of(folder)),
            "\nall.cuh:3 includes \"timer.cuh\", which is not there; put a copy beside the kernel");
}

TEST(Includes, OfAProgramOthersHeadersInAngleBracketsGoTheSystemsStay) {
  const std::string kernel = "#include <common/util.h>\n#include <mma.h>\n__global__ void k() {}\n";
  EXPECT_NE(text_of(KernelFolder(kernel)).find("#include <common/util.h>"), std::string::npos);
  const std::string text = text_of(KernelFolder(kernel + "int main() {}\n"));
  EXPECT_EQ(absent_includes(text),
            "\nkernel.cu:1 includes <common/util.h>, which is not beside it; put a copy there");
  EXPECT_NE(text.find("\n#include <mma.h>"), std::string::npos);
}

TEST(Includes, AFileOfTheProjectMayLieFlatBesideTheKernel) {
  KernelFolder folder(
      "#include \"project/kernels/norm.h\"\n#include <project/util/other.h>\n"
      "#include \"cuda/helpers.h\"\n");
  folder.write("norm.h", "int norm;\n");
  folder.write("other.h", "int other;\n");
  folder.write("helpers.h", "int helpers;\n");
  const std::string text = text_of(folder);
  for (const char* line : {"int norm;\n", "int other;\n", "int helpers;\n"})
    EXPECT_NE(text.find(line), std::string::npos) << text;
}

TEST(Includes, AnAbsentFileOfABranchIsLeftToThePreprocessor) {
  EXPECT_NE(text_of(KernelFolder("#ifdef TIMING\n#include \"timing.cuh\"\n#endif\n"))
                .find("#include <timing.cuh>"),
            std::string::npos);
  EXPECT_TRUE(fails_with(KernelFolder("#ifdef A\n#endif\n#include \"gone.cuh\"\n"),
                         "kernel.cu:3: \"gone.cuh\" is not there; put a copy beside the kernel"));
}

TEST(Includes, OfAFileOutsideOfTheFolderACopyBesideTheKernelServes) {
  KernelFolder folder("#include \"../../common/bench.h\"\nint x;\n");
  folder.write("bench.h", "int bench;\n");
  EXPECT_NE(text_of(folder).find("#line 1 \"bench.h\"\nint bench;\n#line 2 \"kernel.cu\""),
            std::string::npos);
}

TEST(Includes, NothingOutsideOfTheFolderIsRead) {
  EXPECT_TRUE(
      fails_with(KernelFolder("#include \"../secret\"\n"), "outside the template's folder"));
  EXPECT_TRUE(
      fails_with(KernelFolder("#include \"/etc/passwd\"\n"), "outside the template's folder"));
  EXPECT_TRUE(fails_with(KernelFolder("#include FILE\n"), "outside the template's folder",
                         {{"FILE", {"../../etc/passwd"}}}));
}

// A kernel in a folder of a project at whose root the space file lies.
class Project {
 public:
  explicit Project(const std::string& kernel) { folder_.write("a/src/gemm/gemm.cu", kernel); }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  void link(const std::string& name, const std::filesystem::path& to) const {
    std::filesystem::create_symlink(to, folder_.path() / name);
  }
  [[nodiscard]] std::string text() const {
    const std::filesystem::path file = folder_.path() / "a/src/gemm/gemm.cu";
    Template kernel{"gemm", file, file.parent_path(), read_file(file), {}};
    kernel.root = folder_.path() / "a";
    const Result<InlinedText> text = inline_includes(kernel, {});
    return text ? text->text : "failed: " + text.error().message;
  }

 private:
  KernelFolder folder_{""};
};

bool holds(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
  return text.find(part) != std::string::npos;
}

TEST(Includes, OfAProjectWhatLiesBelowTheSpaceFileIsFoundFromWhereItIsNamed) {
  const Project project("#include \"../common/tile.cuh\"\nint x;\n");
  project.write("a/src/common/tile.cuh", "#include \"parts/warp.cuh\"\n#include \"../../top.h\"\n");
  project.write("a/src/common/parts/warp.cuh", "int warp;\n");
  project.write("a/top.h", "int top;\n");
  EXPECT_EQ(project.text(),
            "#line 1 \"gemm.cu\"\n#line 1 \"../common/tile.cuh\"\n"
            "#line 1 \"../common/parts/warp.cuh\"\nint warp;\n"
            "#line 2 \"../common/tile.cuh\"\n#line 1 \"../../top.h\"\nint top;\n"
            "#line 3 \"../common/tile.cuh\"\n#line 2 \"gemm.cu\"\nint x;\n");
}

TEST(Includes, OfAProjectTheFoldersAboveTheKernelsAreSearchedTheNearestFirst) {
  const Project project(
      "#include <common/tile.cuh>\n#include \"top.h\"\n#include <near.h>\n"
      "#include <api/gemm.h>\n");
  project.write("a/include/api/gemm.h", "int api;\n");
  project.write("a/src/common/tile.cuh", "int tile;\n");
  project.write("a/top.h", "int top;\n");
  project.write("a/src/near.h", "int nearest;\n");
  project.write("a/near.h", "int far;\n");
  const std::string text = project.text();
  EXPECT_TRUE(holds(text, "int tile;") && holds(text, "int top;") && holds(text, "int nearest;"));
  EXPECT_TRUE(holds(text, "int api;"));
}

TEST(Includes, OfAProjectAHeaderMayLieWhereOnlyAnOptionOfItsCompilerWouldLead) {
  const Project project("#include \"common.h\"\n#include <tile.cuh>\n#include <math.h>\n");
  project.write("a/src/common/common.h", "#include \"deep/ptx.h\"\n");
  project.write("a/library/deep/ptx.h", "int ptx;\n");
  project.write("a/library/ptx.h", "int other;\n");
  project.write("a/library/math.h", "int never;\n");
  project.write("a/.git/tile.cuh", "int hidden;\n");
  project.write("a/library/tile.cuh", "int tile;\n");
  const std::string text = project.text();
  EXPECT_TRUE(holds(text, "int ptx;") && holds(text, "int tile;") && holds(text, "<math.h>"));
}

TEST(Includes, OfSeveralSuchHeadersTheOneWithMostFoldersInCommonIsMeant) {
  const Project project("#include \"util.h\"\n");
  project.write("a/lib/util.h", "int far;\n");
  project.write("a/src/common/util.h", "int near;\n");
  EXPECT_TRUE(holds(project.text(), "int near;"));
  project.write("a/src/tools/util.h", "int as_near;\n");
  EXPECT_TRUE(
      holds(project.text(),
            "gemm.cu:1: \"util.h\" may be ../common/util.h or ../tools/util.h; put a copy"));
}

TEST(Includes, AHeaderThatLooksForOneOfItsOwnNameMeansAnother) {
  const Project project("#include \"wrap/sub/util.h\"\n");
  project.write("a/wrap/sub/util.h", "#include \"sub/util.h\"\n");
  project.write("a/real/sub/util.h", "int found;\n");
  EXPECT_TRUE(holds(project.text(), "int found;"));
}

TEST(Includes, WhatLiesBelowIsListedOnceForAllVariants) {
  const KernelFolder folder("#include \"tile.h\"\n");
  folder.write("deep/tile.h", "int tile;\n");
  const Template kernel = load_template(folder.space("parameters: {A: [1]}\n" + small_rest));
  EXPECT_TRUE(inline_includes(kernel, {}));
  folder.write("other/tile.h", "int other;\n");  // as near
  EXPECT_TRUE(inline_includes(kernel, {}));
}

TEST(Includes, NothingAboveTheSpaceFileIsReadAndWhatToDoIsSaid) {
  for (const char* include : {"\"../../../above.h\"", "\"link.h\"", "\"top.h\""}) {
    const Project project(fmt::format("#include {}\n", include));
    project.write("above.h", "int above;\n");
    project.link("a/src/gemm/link.h", "../../../above.h");
    project.link("a/top.h", "../above.h");
    EXPECT_TRUE(holds(project.text(),
                      fmt::format("gemm.cu:1: {} is outside the space file's folder; put the space "
                                  "file into a folder above both, or a copy beside the kernel",
                                  include)));
  }
  const Project angled("#include <../../../above.h>\n"),
      chosen("#if 1\n#include \"/above.h\"\n#endif\n");
  EXPECT_TRUE(holds(angled.text(), "outside the space file's folder"));
  EXPECT_TRUE(holds(chosen.text(), "#error \"/above.h\" is outside the space file's folder"));
  const Project bare("#include \"above.h\"\n");
  bare.write("above.h", "int above;\n");
  EXPECT_TRUE(holds(bare.text(), "\"above.h\" is not there"));
}

TEST(Includes, OfAProjectAHeaderMayHaveHostCodeOfItsOwn) {
  const Project project("#include \"../common/util.h\"\n__global__ void k() {}\n");
  project.write(
      "a/src/common/util.h",
      "#include \"bench_util.h\"\ninline void check(cudaError_t error) { report(error); }\n");
  EXPECT_TRUE(holds(absent_includes(project.text()),
                    "\n../common/util.h:1 includes \"bench_util.h\", which is not there"));
}

TEST(Includes, AKernelThatWasBroughtAloneFindsItsHeadersBesideItStill) {
  const Project project("#include \"../common/tile.cuh\"\n");
  project.write("a/src/gemm/tile.cuh", "int copy;\n");
  EXPECT_TRUE(holds(project.text(), "int copy;"));
}

TEST(Includes, FilesWithAlikeNamesAreGuardedApart) {
  const KernelFolder folder("#include \"a_b.cuh\"\n#include \"a/b.cuh\"\n");
  folder.write("a_b.cuh", "#pragma once\nint one;\n");
  folder.write("a/b.cuh", "#pragma once\nint other;\n");
  EXPECT_TRUE(holds(text_of(folder), "#ifndef EVOTUNE_ONCE_a_b_cuh_\n"));
}

TEST(Includes, ALinkOutOfTheFolderIsNotFollowed) {
  KernelFolder folder("#include \"link.cuh\"\n");
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "link.cuh");
  EXPECT_TRUE(fails_with(folder, "outside the template's folder"));
}

TEST(Includes, AFolderIsNoFile) {
  KernelFolder folder("#include \"parts\"\n");
  std::filesystem::create_directory(folder.path() / "parts");
  EXPECT_TRUE(fails_with(folder, "is not a regular file"));
}

TEST(Includes, ACycleEnds) {
  KernelFolder folder("#include \"a.cuh\"\n");
  folder.write("a.cuh", "#include \"b.cuh\"\n");
  folder.write("b.cuh", "#include \"a.cuh\"\n");
  EXPECT_TRUE(fails_with(folder, "a.cuh includes itself"));
}

TEST(Includes, DepthHasALimit) {
  KernelFolder folder("#include \"0.cuh\"\n");
  for (int i = 0; i < 20; ++i)
    folder.write(std::to_string(i) + ".cuh", "#include \"" + std::to_string(i + 1) + ".cuh\"\n");
  EXPECT_TRUE(fails_with(folder, "nest too deep"));
}

TEST(Includes, SizeHasALimit) {
  KernelFolder folder("#include \"a.cuh\"\n");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "#include \"b.cuh\"\n";
  folder.write("a.cuh", many);
  folder.write("b.cuh", std::string(std::size_t{1} << 17, '\n'));
  EXPECT_TRUE(fails_with(folder, "more than 4 MiB"));
}

}  // namespace
}  // namespace evotune
