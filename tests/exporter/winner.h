#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/file.h"
#include "exporter/exporter.h"

namespace evotune {

/// A small space in a folder of its own, and a winner of it.
struct Example {
  std::unique_ptr<TemporaryDirectory> directory = std::make_unique<TemporaryDirectory>();
  std::unique_ptr<SpaceFile> file;
  Template kernel;

  [[nodiscard]] const std::filesystem::path& folder() const { return directory->path(); }
  [[nodiscard]] std::filesystem::path out() const { return folder() / "out"; }
};

/// The pieces of the space file that tests vary.
struct ExampleText {
  std::string grid = "\"ceil_div(N, TILE)\"";
  std::string entry = "scale";
  std::string kernel;          ///< scale.cu; empty: the example's own
  std::string arguments = {};  ///< more of them, a line each
};

[[nodiscard]] Example make_example(const ExampleText& = {});
[[nodiscard]] Winner winner_of(const Example&);

/// Space::bind in small: parameters, the shape's sizes, the let values.
[[nodiscard]] Bindings bound_at(const SpaceFile&, const Bindings& values, const Shape&);

}  // namespace evotune
