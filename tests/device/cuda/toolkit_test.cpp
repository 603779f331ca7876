#include "device/cuda/toolkit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "../scoped_environment.h"
#include "base/file.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

bool holds(const std::vector<fs::path>& paths, const fs::path& one) {
  return std::find(paths.begin(), paths.end(), one) != paths.end();
}

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  write_file(file, "");
}

TEST(Toolkit, WhatTheUserNamesIsTheOnlyCandidate) {
  const ScopedEnvironment wanted("EVOTUNE_NVRTC", "/opt/mine/libnvrtc.so");
  EXPECT_EQ(nvrtc_candidates(), std::vector<fs::path>{"/opt/mine/libnvrtc.so"});
}

TEST(Toolkit, ThePlainNamesComeBeforeEveryFolder) {
  const std::vector<fs::path> candidates = nvrtc_candidates();
  ASSERT_GE(candidates.size(), 3U);
  EXPECT_EQ(candidates[0], "libnvrtc.so.13");
  EXPECT_EQ(candidates[2], "libnvrtc.so");
}

TEST(Toolkit, ALibraryInCudaHomeIsACandidate) {
  const TemporaryDirectory home;
  touch(home.path() / "lib64/libnvrtc.so.12");
  const ScopedEnvironment cuda("CUDA_HOME", home.path().string());
  EXPECT_TRUE(holds(nvrtc_candidates(), home.path() / "lib64/libnvrtc.so.12"));
  EXPECT_FALSE(holds(nvrtc_candidates(), home.path() / "lib64/libnvrtc.so.13"));
}

TEST(Toolkit, WhatSetupInstalledIsFoundWithoutCudaHome) {
  const TemporaryDirectory data;
  const fs::path root = data.path() / "evotune/cuda";
  touch(root / "lib64/libnvrtc.so");
  touch(root / "include/cuda_fp16.h");
  const ScopedEnvironment nowhere("CUDA_HOME", ""), home("XDG_DATA_HOME", data.path().string());
  EXPECT_TRUE(holds(nvrtc_candidates(), root / "lib64/libnvrtc.so"));
  EXPECT_EQ(header_folders(root / "lib64/libnvrtc.so"),
            std::vector<fs::path>{fs::canonical(root) / "include"});
}

TEST(Toolkit, WithoutADataFolderSetupInstallsBelowHome) {
  const TemporaryDirectory home;
  touch(home.path() / ".local/share/evotune/cuda/lib64/libnvrtc.so");
  const ScopedEnvironment none("XDG_DATA_HOME", ""), owner("HOME", home.path().string());
  EXPECT_TRUE(
      holds(nvrtc_candidates(), home.path() / ".local/share/evotune/cuda/lib64/libnvrtc.so"));
}

TEST(Toolkit, APythonWheelsLibraryIsACandidate) {
  const TemporaryDirectory environment;
  const fs::path packages = environment.path() / "lib/python3.11/site-packages";
  touch(packages / "nvidia/cu13/lib/libnvrtc.so.13");
  touch(packages / "nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
  const ScopedEnvironment active("VIRTUAL_ENV", environment.path().string());
  EXPECT_TRUE(holds(nvrtc_candidates(), packages / "nvidia/cu13/lib/libnvrtc.so.13"));
  EXPECT_TRUE(holds(nvrtc_candidates(), packages / "nvidia/cuda_nvrtc/lib/libnvrtc.so.12"));
}

TEST(Toolkit, TheHeadersBesideTheLibraryAreThoseToUse) {
  const TemporaryDirectory root;
  touch(root.path() / "lib/libnvrtc.so.13");
  touch(root.path() / "include/cuda_fp16.h");
  touch(root.path() / "include/cccl/cuda/std/version");
  const TemporaryDirectory other;
  touch(other.path() / "include/cuda_fp16.h");
  const ScopedEnvironment cuda("CUDA_HOME", other.path().string());
  EXPECT_EQ(header_folders(root.path() / "lib/libnvrtc.so.13"),
            (std::vector<fs::path>{fs::canonical(root.path()) / "include",
                                   fs::canonical(root.path()) / "include/cccl"}));
  EXPECT_EQ(header_folders("/nonexistent/lib/libnvrtc.so"),
            (std::vector<fs::path>{other.path() / "include"}));
}

}  // namespace
}  // namespace evotune
