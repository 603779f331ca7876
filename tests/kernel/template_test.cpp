#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/errors.h"
#include "kernel_folder.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

std::string refusal(const SpaceFile& file) {
  try {
    return "accepted " + load_template(file).file.string();
  } catch (const UserError& error) {
    return error.what();
  }
}

SpaceFile naming(const fs::path& folder, const std::string& name) {
  SpaceFile file;
  file.path = folder / "space.yaml";
  file.kernel = {name, "gemm", {"space.yaml", 3, 11}, {}};
  return file;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(LoadTemplate, AFileBesideTheSpaceFile) {
  const KernelFolder folder(small_kernel);
  const Template kernel = load_template(naming(folder.path(), "kernel.cu"));
  EXPECT_EQ(kernel.name, "kernel");
  EXPECT_EQ(kernel.text, small_kernel);
}

// As Rodinia's kernels do: BLOCK_SIZE is a word where the build says so, else 16.
TEST(LoadTemplate, DefaultsAreOfMacrosAndConstants) {
  const KernelFolder folder(
      "#ifdef SIZE_0\n#define BLOCK_SIZE SIZE_0\n#else\n#define BLOCK_SIZE 16\n#endif\n"
      "constexpr unsigned int TILE = 4u, ROWS{2};\n" +
      small_kernel);
  SpaceFile file =
      folder.space("parameters: {BLOCK_SIZE: [8, 16], TILE: [4], ROWS: [1, 2]}\n" + small_rest);
  const Bindings defaults = load_template(file).defaults;
  EXPECT_EQ(defaults.at("BLOCK_SIZE"), Value(std::int64_t{16}));
  EXPECT_EQ(defaults.at("TILE"), Value(std::int64_t{4}));
  EXPECT_EQ(defaults.at("ROWS"), Value(std::int64_t{2}));
}

TEST(LoadTemplate, AFolderOfTheTemplatePath) {
  const KernelFolder folder("");
  folder.write("mine/kernel.cu", small_kernel);
  EXPECT_EQ(load_template(naming(folder.path(), "mine")).text, small_kernel);
}

TEST(LoadTemplate, TheEnvironmentAddsFolders) {
  const KernelFolder folder(""), elsewhere("");
  folder.write("mine/kernel.cu", small_kernel);
  setenv("EVOTUNE_TEMPLATES", ("/nowhere:" + folder.path().string()).c_str(), 1);
  EXPECT_EQ(load_template(naming(elsewhere.path(), "mine")).text, small_kernel);
  unsetenv("EVOTUNE_TEMPLATES");
}

TEST(LoadTemplate, TheShippedOnesAreFoundFromAnywhere) {
  const KernelFolder folder("");
  EXPECT_EQ(load_template(naming(folder.path(), "gemm_f32")).name, "gemm_f32");
}

TEST(LoadTemplate, AMisspeltNameGetsASuggestionAtItsPlace) {
  const KernelFolder folder("");
  const std::string text = refusal(naming(folder.path(), "gem_f32"));
  EXPECT_TRUE(contains(text, "space.yaml:3:11: there is no kernel template 'gem_f32'")) << text;
  EXPECT_TRUE(contains(text, "did you mean 'gemm_f32'?")) << text;
}

TEST(LoadTemplate, NothingOutsideOfItsFolderIsRead) {
  const KernelFolder folder("");
  fs::create_symlink("/etc/passwd", folder.path() / "link.cu");
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "../kernel.cu")), "outside its folder"));
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "/etc/passwd.cu")), "outside its folder"));
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "link.cu")), "outside its folder"));
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "../gemm")), "there is no kernel template"));
}

TEST(LoadTemplate, OnlyRegularFilesOfReasonableSizeAreRead) {
  const KernelFolder folder("");
  ASSERT_EQ(mkfifo((folder.path() / "pipe.cu").c_str(), 0600), 0);
  folder.write("large.cu", std::string(largest_source + 1, '\n'));
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "pipe.cu")), "there is no 'pipe.cu'"));
  EXPECT_TRUE(contains(refusal(naming(folder.path(), "large.cu")), "is larger than"));
}

TEST(LoadTemplate, DefaultsAreTheLiteralDefinitions) {
  KernelFolder folder(
      "#ifndef BM\n#define BM 16\n#endif\n#define LAYOUT row\n#define TWICE (2 * BM)\n"
      "#define MAX(a) a\n#include \"part.cuh\"\n#ifndef FAST\n#define FAST 0\n#endif\n"
      "#define SCALE 2\n" +
      small_kernel);
  folder.write("part.cuh", "#define DEPTH 3\n");
  const SpaceFile file =
      folder.space("parameters: {BM: [16], FAST: [false, true], SCALE: [0.5, 2.0]}\n" + small_rest);
  EXPECT_EQ(load_template(file).defaults, (Bindings{{"BM", std::int64_t{16}},
                                                    {"DEPTH", std::int64_t{3}},
                                                    {"FAST", false},
                                                    {"LAYOUT", std::string("row")},
                                                    {"SCALE", 2.0}}));
}

TEST(LoadReference, BesideTheKernelBeforeBesideTheSpaceFile) {
  const KernelFolder folder("");
  folder.write("mine/kernel.cu", small_kernel);
  folder.write("reference.cu", "// beside the space\n");
  const SpaceFile file = naming(folder.path(), "mine");
  EXPECT_EQ(load_reference(file, load_template(file)).text, "// beside the space\n");
  folder.write("mine/reference.cu", "// beside the kernel\n");
  EXPECT_EQ(load_reference(file, load_template(file)).text, "// beside the kernel\n");
}

TEST(LoadTemplate, AChangedHeaderIsAChangedKernel) {
  const KernelFolder folder("");
  folder.write("src/kernel.cu", "#include \"../tile.cuh\"\n" + small_kernel);
  folder.write("src/reference.cu", "#include <common.h>\n");
  folder.write("tile.cuh", "int tile;\n");
  folder.write("common.h", "int common;\n");
  const SpaceFile file = naming(folder.path(), "src/kernel.cu");
  const auto hash = [&] {
    const Template kernel = load_template(file);
    return template_hash(kernel, load_reference(file, kernel));
  };
  const std::string before = hash();
  EXPECT_EQ(hash(), before);
  folder.write("tile.cuh", "int tile ;\n");
  const std::string with_tile = hash();
  EXPECT_NE(with_tile, before);
  folder.write("common.h", "int common ;\n");
  EXPECT_NE(hash(), with_tile);
}

TEST(LoadReference, OneThatIsNotThereIsAUsersMistake) {
  const KernelFolder folder("");
  folder.write("mine/kernel.cu", small_kernel);
  const SpaceFile file = naming(folder.path(), "mine");
  EXPECT_THROW(static_cast<void>(load_reference(file, load_template(file))), UserError);
}

}  // namespace
}  // namespace evotune
