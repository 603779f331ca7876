#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/process.h"
#include "exporter/exporter.h"
#include "exporter/formats.h"
#include "exporter/read_export.h"
#include "winner.h"

namespace evotune {
namespace {

nlohmann::json manifest_of(const Example& example) {
  return nlohmann::json::parse(read_file(example.out() / "kernel.json"));
}

std::string what_reading_says(const std::filesystem::path& folder) {
  try {
    (void)read_export(folder);
  } catch (const UserError& error) {
    return error.what();
  }
  return {};
}

TEST(Export, TheKernelHoldsTheTunedVariantAndNoOther) {
  const Example example = make_example();
  export_kernel(winner_of(example), example.out());
  const std::string text = read_file(example.out() / "kernel.cu");
  EXPECT_NE(text.find("#define TILE 64\n"), std::string::npos) << text;
  EXPECT_NE(text.find("i = n - 1 - i;"), std::string::npos);
  EXPECT_NE(text.find("#pragma unroll UNROLL"), std::string::npos);
  EXPECT_EQ(text.find("never unrolled"), std::string::npos);
  EXPECT_EQ(text.find("#if"), std::string::npos);
  EXPECT_EQ(text.find("#line"), std::string::npos);
}

TEST(Export, TheKernelSaysWhereItIsFrom) {
  const Example example = make_example();
  const Winner winner = winner_of(example);
  export_kernel(winner, example.out());
  const std::string text = read_file(example.out() / "kernel.cu");
  for (const std::string& said :
       {std::string("run 3, candidate 17, seed 5"), winner.file.hash, winner.source.hash,
        std::string("// Device     a \"CPU\"?with two names"), std::string("--use_fast_math"),
        std::string("grid (16, 1, 1), block (64, 1, 1)"), std::string("2.000 (1.900 to 2.100)")})
    EXPECT_NE(text.find(said), std::string::npos) << said << " is not in\n" << text;
}

TEST(Export, TheManifestHoldsEvidenceAndProvenance) {
  const Example example = make_example();
  export_kernel(winner_of(example), example.out());
  const auto json = manifest_of(example);
  EXPECT_EQ(json["parameters"]["ORDER"], "down");
  EXPECT_EQ(json["launch"]["grid"], (std::vector<int>{16, 1, 1}));
  EXPECT_EQ(json["launch"]["expressions"]["grid"][0], "ceil_div(N, TILE)");
  EXPECT_EQ(json["launch"]["expressions"]["let"]["threads"], "TILE");
  EXPECT_EQ(json["arguments"][0]["bytes"], 4000);
  EXPECT_EQ(json["arguments"][2]["value"], "N");
  EXPECT_EQ(json["provenance"]["candidate"], 17);
  EXPECT_EQ(json["evidence"]["speedup"]["low"], 1.9);
  EXPECT_EQ(json["evidence"]["pairs"]["N=1000"], 2);
  EXPECT_EQ(json["evidence"]["max_error"], 1e-7);
  EXPECT_EQ(json["evidence"]["shapes_checked"].size(), 2U);
  EXPECT_EQ(json["evidence"]["compiler_facts"]["registers"], 32);
}

TEST(Export, WhatIsReadBackIsWhatWasExported) {
  const Example example = make_example();
  const Winner winner = winner_of(example);
  export_kernel(winner, example.out());
  const Export read = read_export(example.out());
  EXPECT_EQ(read.values, winner.values);
  EXPECT_EQ(read.source.entry, "scale");
  EXPECT_EQ(read.source.options, winner.source.options);
  EXPECT_EQ(read.source.text, read_file(example.out() / "kernel.cu"));
  EXPECT_EQ(read.baseline_values, winner.baseline_values);
  EXPECT_EQ(read.baseline.text, winner.baseline.text);
  EXPECT_EQ(read.device_facts, (Bindings{{"device.max_threads", std::int64_t{1024}}}));
  EXPECT_EQ(read.file.problem.front().sizes, winner.file.problem.front().sizes);
  EXPECT_TRUE(read.changed.empty());
  EXPECT_TRUE(read.fits(winner.bound));
  EXPECT_EQ(*launch_of(read.file.launch, read.source.from), winner.launch);
  const auto reference = render_reference(read.reference, read.file, read.source.from);
  ASSERT_TRUE(reference);
  EXPECT_NE((*reference).text.find("void reference("), std::string::npos);
}

TEST(Export, OfAnOverloadedKernelTheSameOneIsReadBack) {
  ExampleText text;
  text.kernel =
      "#define TILE 32\n#define UNROLL 0\n"
      "__global__ void scale(const double* x, double* y, int n, double factor) {}\n"
      "__global__ void scale(const float* x, float* y, int n, float factor) {\n"
      "#if ORDER_up\n#endif\n  y[UNROLL] = factor * x[TILE % n];\n}\n";
  const Example example = make_example(text);
  const Winner winner = winner_of(example);
  ASSERT_EQ(winner.source.entry, "(void (*)(const float*, float*, int, float))scale");
  export_kernel(winner, example.out());
  const Export read = read_export(example.out());
  EXPECT_EQ(read.source.entry, winner.source.entry);
  EXPECT_EQ(read.baseline.entry, winner.baseline.entry);
  EXPECT_EQ(read.baseline.hash, winner.baseline.hash);
}

TEST(Export, TheProblemThatWasTunedSurvivesNotTheFilesOwn) {
  Example example = make_example();
  *example.file = read_space_file(example.file->path, {{"N", std::int64_t{4096}}});
  export_kernel(winner_of(example), example.out());
  EXPECT_EQ(read_export(example.out()).file.problem.front().sizes.at("N"),
            Value{std::int64_t{4096}});
}

TEST(Export, AChangedKernelIsReportedAndReadAsItStands) {
  const Example example = make_example();
  export_kernel(winner_of(example), example.out());
  std::string text = read_file(example.out() / "kernel.cu");
  text.replace(text.find("factor * x[i]"), 6, "2.4999");
  write_file(example.out() / "kernel.cu", text);
  const Export read = read_export(example.out());
  EXPECT_EQ(read.changed, std::vector<std::string>{"kernel.cu"});
  EXPECT_NE(read.source.text.find("2.4999"), std::string::npos);
}

/// A kernel of all parameters' macros, behind `beginning`.
ExampleText kernel_behind(const std::string& beginning, const std::string& factor = "factor") {
  ExampleText text;
  text.kernel =
      beginning +
      "#define TILE 32\n#define UNROLL 0\n"
      "extern \"C\" __global__ void scale(const float* x, float* y, int n, float factor) {\n"
      "#if ORDER_up\n#endif\n  y[UNROLL] = " +
      factor + " * x[TILE % n];\n}\n";
  return text;
}

TEST(Export, ASizeThatIsAMacroIsFixed) {
  const Example example = make_example(kernel_behind("#define N 10\n", "factor * N"));
  const Winner winner = winner_of(example);
  export_kernel(winner, example.out());
  const Export read = read_export(example.out());
  EXPECT_EQ(read.fixed, (Bindings{{"N", std::int64_t{1000}}}));
  EXPECT_TRUE(read.fits(winner.bound));
  EXPECT_FALSE(read.fits(bound_at(read.file, read.values, read.file.check.front())));
}

TEST(Export, ASizeThatIsAConstantIsFixedOneThatIsAnotherVariablesIsNot) {
  const auto fixed = [](const std::string& constant) {
    const Example example = make_example(kernel_behind(constant));
    export_kernel(winner_of(example), example.out());
    return read_export(example.out()).fixed;
  };
  EXPECT_EQ(fixed("constexpr int N = 10;\n"), (Bindings{{"N", std::int64_t{1000}}}));
  EXPECT_EQ(fixed("const int threads = 32, more = 1;\n"),
            (Bindings{{"threads", std::int64_t{64}}}));
  EXPECT_EQ(fixed("constexpr int back = -1;\n"), (Bindings{{"back", std::int64_t{-64}}}));
  EXPECT_TRUE(fixed("struct S { static constexpr int N = 10; };\n").empty());
}

TEST(Export, OfATextOfC20TheOptionIsReadBack) {
  const Example example = make_example(kernel_behind("template <class T> concept any = true;\n"));
  const Winner winner = winner_of(example);
  export_kernel(winner, example.out());
  EXPECT_EQ(winner.source.options.back(), "--std=c++20");
  EXPECT_EQ(read_export(example.out()).source.options, winner.source.options);
}

TEST(Export, ReplacesAnOlderExportAndNothingElse) {
  const Example example = make_example();
  Winner winner = winner_of(example);
  winner.images = {{"kernel.ptx", "scale", {std::byte{'p'}}}};
  export_kernel(winner, example.out());
  EXPECT_EQ(manifest_of(example)["images"][0]["file"], "kernel.ptx");
  winner.images.clear();
  export_kernel(winner, example.out());
  EXPECT_FALSE(std::filesystem::exists(example.out() / "kernel.ptx"));
  EXPECT_THROW(export_kernel(winner, example.folder()), UserError);
  EXPECT_TRUE(std::filesystem::exists(example.file->path));
}

TEST(Export, ReadingSaysWhatIsMissing) {
  const Example example = make_example();
  EXPECT_NE(what_reading_says(example.folder()).find("kernel.json"), std::string::npos);
  export_kernel(winner_of(example), example.out());
  const auto manifest = manifest_of(example);
  const auto says_after = [&](const char* pointer, const nlohmann::json& value) {
    nlohmann::json changed = manifest;
    changed[nlohmann::json::json_pointer(pointer)] = value;
    write_file(example.out() / "kernel.json", changed.dump());
    return what_reading_says(example.out());
  };
  EXPECT_NE(says_after("/format", "evotune-export/9").find("evotune-export/9"), std::string::npos);
  EXPECT_NE(says_after("/parameters", 3).find("/parameters"), std::string::npos);
  EXPECT_NE(says_after("/parameters/TILE", nullptr).find("/parameters/TILE"), std::string::npos);
  EXPECT_NE(says_after("/problem", nlohmann::json::array()).find("/problem"), std::string::npos);
  EXPECT_NE(says_after("/files", {{"../../etc/passwd", ""}}).find("leaves"), std::string::npos);
  EXPECT_EQ(says_after("/format", "evotune-export/1"), "");
  write_file(example.out() / "kernel.json", "{\"format\": ");
  EXPECT_NE(what_reading_says(example.out()).find("line 1"), std::string::npos);
  write_file(example.out() / "kernel.json", manifest.dump());
  std::filesystem::remove(example.out() / "reference.cu");
  EXPECT_NE(what_reading_says(example.out()).find("reference.cu"), std::string::npos);
}

TEST(Export, OptionsComeFromTheSpaceFileNotFromTheManifest) {
  const Example example = make_example();
  const Winner winner = winner_of(example);
  export_kernel(winner, example.out());
  auto manifest = manifest_of(example);
  manifest["kernel"]["options"] = {"-fplugin=evil.so"};
  write_file(example.out() / "kernel.json", manifest.dump());
  EXPECT_EQ(read_export(example.out()).source.options, winner.source.options);
}

TEST(Export, EveryFormatAddsWhatItIsNamedFor) {
  const Example example = make_example();
  Winner winner = winner_of(example);
  winner.images = {{"kernel.sm_90.cubin", "scale", {std::byte{0}}}};
  ExportedFiles files;
  for (const ExportFormat& format : export_formats()) {
    const std::size_t before = files.size();
    format.add(winner, files);
    EXPECT_GT(files.size(), before) << format.name;
  }
  EXPECT_EQ(files.back().name, "kernel.json");
}

TEST(Export, NamesBecomeIdentifiers) {
  EXPECT_EQ(identifier_from("gemm-f32"), "gemm_f32");
  EXPECT_EQ(identifier_from("3d.conv"), "_3d_conv");
  EXPECT_EQ(identifier_from(""), "_");
}

TEST(Export, FilesStayInsideTheFolder) {
  EXPECT_TRUE(is_inside("inputs/a.npy"));
  EXPECT_FALSE(is_inside("../a.npy"));
  EXPECT_FALSE(is_inside("a/../../b"));
  EXPECT_FALSE(is_inside("/etc/passwd"));
  EXPECT_FALSE(is_inside(""));
}

}  // namespace
}  // namespace evotune
