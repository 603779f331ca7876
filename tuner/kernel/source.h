#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expr/value.h"
#include "outcome/failure.h"
#include "space/space_file.h"

namespace evotune {

class HeadersBelow;

/// The most that is read for a kernel, in one file or in all that it includes. Every candidate's
/// text is kept in the database, and lexed several times.
constexpr std::size_t largest_source = std::size_t{4} << 20;

/// A kernel template: a plain .cu file whose tunables are macros with defaults. Read once.
struct Template {
  std::string name;
  std::filesystem::path file;    ///< the .cu
  std::filesystem::path folder;  ///< where its fragments and includes are looked for first
  std::string text;
  Bindings defaults;  ///< of every `#define NAME value` with a literal value
  /// Outside of it nothing is read: the space file's folder, for a kernel that lies there. If empty
  /// it is `folder`.
  std::filesystem::path root = {};
  std::string included = {};                   ///< what it includes in any variant, by name
  std::shared_ptr<HeadersBelow> headers = {};  ///< of `root`, for all variants
};

/// Of the texts of a kernel and its reference and of all that they include.
[[nodiscard]] std::string template_hash(const Template& kernel, const Template& reference);

/// Where templates are looked for: the space file's folder, then EVOTUNE_TEMPLATES, then the source
/// tree's or the installation's kernel_templates/.
[[nodiscard]] std::vector<std::filesystem::path> template_path(
    const std::filesystem::path& space_file);

/// Throws UserError at the declaration's place when there is none.
[[nodiscard]] Template load_template(const SpaceFile&);
[[nodiscard]] Template load_reference(const SpaceFile&, const Template& kernel);

/// A kernel fully written out: what a compiler is given.
struct Source {
  std::string provenance;            ///< a comment; outside the hash
  std::string text;                  ///< macros, then the template with its local includes inlined
  std::string entry;                 ///< may be a C++ name expression: "gemm<64, 128>"
  std::vector<std::string> options;  ///< nvcc's spelling: "--use_fast_math", "--maxrregcount=64"
  std::string hash;                  ///< source_hash: the build id
  Bindings from;
  /// Compile it so that Loaded::observe can follow its accesses: slow, never timed.
  bool observed = false;
};

/// The hash of text, entry and options.
[[nodiscard]] std::string source_hash(const Source&);

/// Whether the kernel may have a barrier of the whole grid, and must be launched for that.
[[nodiscard]] bool may_wait_for_grid(std::string_view text);

/// Writes out one variant. `bound` is Space::bind of it (parameters, sizes, lets, device facts).
[[nodiscard]] Result<Source> render(const Template&, const SpaceFile&, const Bindings& bound);

/// The float64 reference of the same variant.
[[nodiscard]] Result<Source> render_reference(const Template& reference, const SpaceFile&,
                                              const Bindings& bound);

using Extent = std::array<std::uint32_t, 3>;

struct Launch {
  Extent grid{1, 1, 1};
  Extent block{1, 1, 1};
  std::uint32_t shared_bytes = 0;  ///< dynamic
  bool operator==(const Launch&) const = default;
};

[[nodiscard]] Result<Launch> launch_of(const LaunchDeclaration&, const Bindings& bound);

}  // namespace evotune
