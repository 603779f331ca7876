#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/exporter.h"

namespace evotune {

struct ExportedFile {
  std::string name;  ///< relative to the export
  std::string content;
};
using ExportedFiles = std::vector<ExportedFile>;

/// One kind of file that an export holds.
struct ExportFormat {
  std::string_view name;
  void (*add)(const Winner&, ExportedFiles&);  ///< sees what the formats before it have added
};

/// In the order in which they are written. The manifest is last: it names all others, and a folder
/// without it is no export.
[[nodiscard]] std::span<const ExportFormat> export_formats();

void add_source(const Winner&, ExportedFiles&);  ///< kernel.cu
void add_images(const Winner&, ExportedFiles&);  ///< kernel.ptx, kernel.sm_90.cubin
void add_header(const Winner&, ExportedFiles&);  ///< <space>.h
void add_check(const Winner&, ExportedFiles&);   ///< space.yaml, reference.cu, baseline.cu, inputs
void add_manifest(const Winner&, ExportedFiles&);  ///< kernel.json

/// Text that can stand in a one-line comment: without line ends, backslashes and the like.
[[nodiscard]] std::string one_line(std::string_view);

/// A C identifier as near to the text as there is: "gemm-f32" becomes gemm_f32.
[[nodiscard]] std::string identifier_from(std::string_view);

/// What the kernel is named in an image; empty where only a compiler can tell.
[[nodiscard]] std::string symbol_of(const Winner&);

/// Sizes and let values that stand in the source as `#define`s: it is right for no others.
[[nodiscard]] Bindings fixed_in_source(const Winner&);

/// A file of an export stays inside of it.
[[nodiscard]] bool is_inside(const std::filesystem::path& relative);

}  // namespace evotune
