#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/errors.h"
#include "expr/expression.h"
#include "space/argument_spec.h"
#include "space/parameter.h"

namespace evotune {

/// An expression and where it stands in the space file, so that what goes wrong later can say so.
struct PlacedExpression {
  Expression expression;
  Location where;
};

struct NamedExpression {
  std::string name;
  Expression expression;
  Location where;
};

/// A parameter as declared. Its values may be expressions over device facts and problem sizes.
struct ParameterDeclaration {
  std::string name;
  ParameterKind kind = ParameterKind::value;
  std::vector<std::variant<Value, PlacedExpression>> values;
  Location where;
};

struct KernelDeclaration {
  std::string name;   ///< a folder of kernel_templates/, or a .cu beside the space file
  std::string entry;  ///< "gemm" or a C++ name expression: "gemm<BM, BN>"
  Location where, entry_where;
};

struct LaunchDeclaration {
  std::vector<PlacedExpression> grid, block;  ///< one to three each
  std::optional<PlacedExpression> shared_bytes;
  Location where;
};

struct ReferenceDeclaration {
  std::string file = "reference.cu";
  std::string entry = "reference";
  std::optional<LaunchDeclaration> launch;  ///< default: 1-D over the largest output
  Location where;
};

/// Which candidates are searched for races, on a device that can do that.
enum class RaceChecks { off, finalists, every };

struct VerifySettings {
  std::optional<double> max_abs;   ///< on top of the scale-free tolerance
  std::optional<double> relative;  ///< replaces the automatic tolerance by this × |reference|
  std::optional<double> absolute;  ///< replaces it too; where both are said their sum does
  std::optional<PlacedExpression> reduction;  ///< terms summed into an element: c·u·√(K+1)·Σ|ab|
  bool nondeterministic = false;
  RaceChecks races = RaceChecks::finalists;
};

struct MeasureSettings {
  int min_pairs = 7;
  int max_pairs = 31;
  double max_seconds = 2;
  double half_width = 0.005;  ///< of the interval, at which measuring ends early
  double drop_margin = 0.02;  ///< measuring ends when the upper bound is this far below the best
};

struct SearchSettings {
  std::string strategy = "evolve";
  int population = 24;
  double elite = 0.1;
  int generations = 10;
  std::optional<int> batch;  ///< questions asked at once; default: the strategy's own
  int design = 8;            ///< questions before evolve's surrogate takes over
  int candidates = 30'000;   ///< a space with more valid ones breeds evolve's candidates
  int brood = 256;           ///< how many of them for every question
  Location where, strategy_where;
};

struct StopSettings {
  std::optional<std::uint64_t> evaluations;
  std::optional<double> minutes;
  std::optional<double> target_us;
  std::optional<int> stagnation;  ///< generations without a better one
};

/// One configuration by name, possibly partial: {BM: 16}.
struct NamedConfig {
  std::string name;
  Bindings values;
  Location where;
};

/// One point of the problem: names and sizes.
struct Shape {
  Bindings sizes;
  Location where;
};
[[nodiscard]] std::string to_text(const Shape&);  ///< "K=512,M=512,N=512"

/// A space file, checked as far as it can be without a device: all that the user said.
struct SpaceFile {
  std::filesystem::path path;
  std::string text;  ///< as read
  std::string hash;  ///< of the text

  std::string name;
  KernelDeclaration kernel;
  std::vector<Shape> problem;   ///< the tuning shapes, at least one (may have no sizes)
  std::vector<Shape> check;     ///< every candidate is also checked on these
  std::vector<Shape> held_out;  ///< only the finalists see these
  std::vector<ParameterDeclaration> parameters;  ///< tuned compiler options among them
  std::vector<NamedExpression> lets;             ///< in the order they stand
  std::vector<PlacedExpression> constraints;
  LaunchDeclaration launch;
  Bindings fixed_options;  ///< compiler options that are not tuned
  std::vector<ArgumentSpec> arguments;
  ReferenceDeclaration reference;
  std::optional<NamedConfig> baseline;  ///< missing parameters take the template's #defines
  std::vector<NamedConfig> presets;
  VerifySettings verify;
  std::vector<NamedExpression> gates;  ///< opt-in: must hold for a candidate to pass
  std::vector<NamedExpression> metrics;
  std::optional<PlacedExpression> fitness;        ///< none: the default
  double error_weight = 0.4, error_scale = 1e-4;  ///< of the default fitness
  SearchSettings search;
  StopSettings stop;
  MeasureSettings measure;
};

/// Throws UserError with every mistake of the file. `problem_overrides` replace sizes of every
/// tuning shape (`--problem M=4096`).
[[nodiscard]] SpaceFile read_space_file(const std::filesystem::path&,
                                        const Bindings& problem_overrides = {});

/// The same from text; `path` names it in messages and is where its files are looked for.
[[nodiscard]] SpaceFile parse_space_file(const std::filesystem::path& path, std::string text,
                                         const Bindings& problem_overrides = {});

/// Every name that the file's expressions, its entry and its arguments use, sorted; tuned options
/// count as used. A parameter that is neither here nor in its template does nothing.
[[nodiscard]] std::vector<std::string> names_used(const SpaceFile&);

}  // namespace evotune
