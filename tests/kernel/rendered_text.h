#pragma once

#include <gtest/gtest.h>

#include "kernel_folder.h"

namespace evotune {

inline Source rendered(const Template& kernel, const SpaceFile& file, const Bindings& bound) {
  const Result<Source> source = render(kernel, file, bound);
  EXPECT_TRUE(source) << source.error().message;
  return source ? *source : Source{};
}

inline std::string text_of(const std::string& kernel, const std::string& parameters,
                           const Bindings& bound, const std::string& entry = "gemm") {
  const KernelFolder folder(kernel);
  return rendered(folder.kernel(), folder.space(parameters + small_rest, entry), bound).text;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline const Bindings bm64{{"BM", std::int64_t{64}}};

}  // namespace evotune
