#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/process.h"
#include "exporter/exporter.h"
#include "exporter/formats.h"
#include "winner.h"

namespace evotune {
namespace {

// The folder of cuda.h, where a toolkit is installed.
std::optional<std::string> cuda_include() {
  const char* home = std::getenv("CUDA_HOME");
  for (const std::string& root :
       {std::string(home != nullptr ? home : ""), std::string("/usr/local/cuda")})
    if (!root.empty() && std::filesystem::exists(root + "/include/cuda.h"))
      return root + "/include";
  return std::nullopt;
}

std::string header_text(const Winner& winner) {
  ExportedFiles files;
  add_header(winner, files);
  return files.front().content;
}

// Compiles a program that includes the header against a driver that writes down its calls, and runs
// it in the export.
ProcessResult run_with_header(const Example& example, const std::string& main) {
  const std::string program = (example.folder() / "main.cpp").string();
  const std::string binary = (example.folder() / "main").string();
  write_file(program,
             "#include \"" + (example.out() / "scale_f32.h").string() +
                 "\"\n#include <cstdio>\nusing namespace scale_f32_kernel;\n"
                 "int main() try {\n" +
                 main + "\n} catch (const std::exception& e) { std::puts(e.what()); return 1; }\n");
  const ProcessResult built =
      run_process({"g++", "-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
                   "-Wshadow", "-Werror", "-isystem", *cuda_include(), program,
                   std::string(EVOTUNE_SOURCE_DIR) + "/tests/exporter/driver.cpp", "-o", binary});
  EXPECT_EQ(built.exit_code, 0) << built.output;
  return run_process({binary});
}

class Header : public testing::Test {
 protected:
  void SetUp() override {
    if (!cuda_include()) GTEST_SKIP() << "no cuda.h: set CUDA_HOME to a toolkit";
  }
};

TEST_F(Header, LaunchesWhatTheSpaceFileDeclaresAtAnySize) {
  const Example example = make_example();
  Winner winner = winner_of(example);
  winner.images = {{"kernel.ptx", "scale", {std::byte{'P'}, std::byte{'T'}, std::byte{'X'}}}};
  export_kernel(winner, example.out());
  const std::string ptx = (example.out() / "kernel.ptx").string();
  const ProcessResult ran =
      run_with_header(example, "const Kernel kernel = Kernel::load(\"" + ptx +
                                   "\");\n"
                                   "Arguments arguments; arguments.x = 16; arguments.y = 32;\n"
                                   "kernel.launch(nullptr, Sizes{}, arguments);\n"
                                   "Sizes sizes; sizes.N = 77; arguments.factor = 3;\n"
                                   "kernel.launch(nullptr, sizes, arguments);\n"
                                   "std::printf(\"%zu bytes\\n\", bytes_of_x(sizes)); return 0;");
  EXPECT_EQ(ran.output,
            "load PTX\n"
            "grid 16 1 1 block 64 1 1 shared 0 x 16 y 32 n 1000 factor 2.5\n"
            "grid 2 1 1 block 64 1 1 shared 0 x 16 y 32 n 77 factor 3\n"
            "308 bytes\nunload\n");
}

TEST_F(Header, PassesVectorsAndStructuresAsTheKernelLaysThemOut) {
  ExampleText text;
  text.kernel =
      "#define TILE 32\n#define UNROLL 0\nstruct P { char kind; float4 bias; int steps[2]; float* "
      "z; };\n"
      "extern \"C\" __global__ void scale(const float* x, float* y, int n, float factor, int2 "
      "size,\n"
      "                                 P p) {\n"
      "#if ORDER_up\n#endif\n  y[UNROLL] = factor * size.y * x[TILE % n] * p.bias.w;\n}\n";
  text.arguments =
      "  - {name: size, scalar: i32, value: [7, 2 * N]}\n"
      "  - {name: p, struct: [{name: kind, scalar: i8, value: 5}, {name: bias, scalar: float4, "
      "value: [0, 0, 0, N / 8]}, {name: steps, scalar: i32, value: [3, N]}, {name: z, "
      "scratch: \"f32[N]\"}]}\n";
  const Example example = make_example(text);
  export_kernel(winner_of(example), example.out());
  const ProcessResult ran = run_with_header(
      example,
      "extern void (*look_at_arguments)(void**);\n"
      "look_at_arguments = [](void** all) {\n"
      "  const auto* size = static_cast<int*>(all[4]);\n"
      "  const auto* p = static_cast<char*>(all[5]);\n"
      "  float bias; int step; long z;\n"
      "  __builtin_memcpy(&bias, p + 28, 4); __builtin_memcpy(&step, p + 36, 4);\n"
      "  __builtin_memcpy(&z, p + 40, 8);\n"
      "  std::printf(\"size %d %d kind %d bias %g step %d z %ld\\n\", size[0], size[1], *p, "
      "static_cast<double>(bias), step, z);\n};\n"
      "Sizes sizes; sizes.N = 16; Arguments arguments; arguments.p.kind = 6; arguments.p.z = 48;\n"
      "Kernel(\"\").launch(nullptr, sizes, arguments); return bytes_of_p_z(sizes) == 64 ? 0 : 1;");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.output.find("size 7 32 kind 6 bias 2 step 16 z 48\n"), std::string::npos)
      << ran.output;
  const std::string manifest = read_file(example.out() / "kernel.json");
  EXPECT_NE(manifest.find("\"value\": [\n        \"7\",\n        \"2 * N\"\n"), std::string::npos)
      << manifest;
  EXPECT_NE(manifest.find("\"offset\": 32"), std::string::npos) << manifest;
}

TEST_F(Header, RefusesSizesThatHaveNoLaunch) {
  const Example example = make_example();
  export_kernel(winner_of(example), example.out());
  const ProcessResult none =
      run_with_header(example, "Sizes sizes; sizes.N = 0; geometry(sizes); return 0;");
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_NE(none.output.find("no launch geometry"), std::string::npos) << none.output;
  const ProcessResult wide =
      run_with_header(example,
                      "Sizes sizes; sizes.N = std::int64_t{1} << 33;\n"
                      "Kernel(\"\").launch(nullptr, sizes, Arguments{}); return 0;");
  EXPECT_NE(wide.output.find("does not fit"), std::string::npos) << wide.output;
}

TEST_F(Header, AnImageWithoutTheKernelIsAnErrorThatNamesIt) {
  const Example example = make_example();
  export_kernel(winner_of(example), example.out());
  const ProcessResult ran = run_with_header(example, "Kernel(\"\", \"other\"); return 0;");
  EXPECT_EQ(ran.output, "load \nunload\nother: not found\n");
}

TEST_F(Header, HoldsConstantsWhereAnExpressionHasNoCounterpart) {
  const Example example =
      make_example({"\"ceil_div(N, TILE if 'do' in ORDER else 1)\"", "scale", ""});
  const Winner winner = winner_of(example);
  EXPECT_NE(header_text(winner).find("at the tuned sizes, and at no others"), std::string::npos);
  export_kernel(winner, example.out());
  const ProcessResult ran = run_with_header(example,
                                            "std::printf(\"%u\\n\", geometry(Sizes{}).grid[0]);\n"
                                            "Sizes sizes; sizes.N = 7; geometry(sizes); return 0;");
  EXPECT_EQ(ran.output, "16\nthe launch is known at the tuned sizes only\n");
}

TEST_F(Header, RefusesOtherSizesThanASourceWasWrittenOutFor) {
  ExampleText text;
  text.kernel =
      "#define N 10\n#define TILE 32\n#define UNROLL 0\n"
      "extern \"C\" __global__ void scale(const float* x, float* y, int n, float factor) {\n"
      "#if ORDER_up\n#endif\n  y[UNROLL] = factor * N * x[TILE % n];\n}\n";
  const Example example = make_example(text);
  export_kernel(winner_of(example), example.out());
  const ProcessResult ran = run_with_header(
      example, "geometry(Sizes{}); Sizes sizes; sizes.N = 7; geometry(sizes); return 0;");
  EXPECT_EQ(ran.output, "compiled for N = 1000\n");
}

TEST_F(Header, TheKernelCompilesByItself) {
  const std::string nvcc = *cuda_include() + "/../bin/nvcc";
  if (!std::filesystem::exists(nvcc)) GTEST_SKIP() << "no nvcc beside cuda.h";
  ExampleText text;
  text.entry = "scale<TILE, UNROLL>";
  text.kernel =
      "template <int TILE, int UNROLL>\n"
      "__global__ void scale(const float* x, float* y, int n, float factor) {\n"
      "#if ORDER_up\n  error\n#endif\n"
      "  int i = blockIdx.x * TILE + threadIdx.x + 0 * UNROLL;\n"
      "  if (i < n) y[i] = factor * x[i];\n}\n";
  const Example example = make_example(text);
  export_kernel(winner_of(example), example.out());
  const std::string ptx = (example.folder() / "kernel.ptx").string();
  const ProcessResult built =
      run_process({nvcc, "-ptx", "-arch=sm_90", "-o", ptx, (example.out() / "kernel.cu").string()});
  ASSERT_EQ(built.exit_code, 0) << built.output;
  EXPECT_NE(read_file(ptx).find("scaleILi64ELi2E"), std::string::npos);
}

}  // namespace
}  // namespace evotune
