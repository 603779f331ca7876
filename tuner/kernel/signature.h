#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/directives.h"

namespace evotune {

/// One parameter of a kernel, as far as its tokens tell.
struct KernelParameter {
  std::string name;  ///< empty where it has none
  std::string type;  ///< without const, volatile, __restrict__, * and &: "float", "unsigned int"
  bool pointer = false;
  bool to_pointers = false;  ///< `float** rows`, `float* rows[]`
  /// As it is written, without its name and default and what qualifies the parameter itself:
  /// declarations of one function may differ in `__restrict__` and `float* const`.
  std::string spelling;
};

/// A `__global__` function that a text declares or defines.
struct KernelSignature {
  std::string name;
  std::string scope;  ///< "a::b::" in namespace a::b; one without a name or inline is left out
  bool is_template = false;
  int branch = 0;  ///< of the innermost #if around it: those of one are there together
  /// None where the preprocessor has a say in the list, so that it cannot be known from here.
  std::optional<std::vector<KernelParameter>> parameters;
};

/// What a template's text says about itself, without compiling it.
struct Outline {
  std::set<std::string, std::less<>> identifiers;  ///< outside comments and literals
  std::set<std::string, std::less<>> defined;      ///< by `#define`
  /// `constexpr int BM = 64;`, whose value may be another: no #if asks for it.
  std::set<std::string, std::less<>> constants;
  /// What a macro of that name would break.
  std::set<std::string, std::less<>> declared;
  std::set<std::string, std::less<>> template_parameters;
  std::set<std::string, std::less<>> device_variables;  ///< __constant__ and __device__
  std::vector<KernelSignature> kernels;
  /// A `#define` says __global__, or its call is a kernel's name: there may be more kernels.
  bool kernels_by_macro = false;
};

/// Without spaces and comments, each directive replaced by its '#': what it says is not taken for
/// code, but its presence is seen.
[[nodiscard]] std::vector<CodeToken> significant_code(const std::vector<CodeToken>& tokens);

[[nodiscard]] Outline outline_of(std::string_view text);

}  // namespace evotune
