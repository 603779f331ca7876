#include "device/cpu/rewrite.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "device/cpu/asm_text.h"
#include "device/cpu/image_variables.h"
#include "device/cpu/shim_files.h"
#include "device/cpu/source_words.h"
#include "kernel/host_names.h"

namespace evotune::cpu {
namespace {

struct Edit {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// A declaration `extern … __shared__ … T name[]…[N];` taken apart.
struct DynamicShared {
  std::string type;  ///< "volatile float"
  std::string_view name;
  std::string rest;  ///< the extents after the first: "[N]"
};

/// The declaration in [first, last), its `;` at last. Nothing if it is not of that form.
std::optional<DynamicShared> parse_dynamic_shared(const SourceWords& words, std::size_t first,
                                                  std::size_t last, std::string_view source) {
  DynamicShared found;
  bool shared = words[first].is("__shared__");
  std::size_t i = first + 1;
  for (; i < last && !words[i].is("["); ++i) {
    const SourceWord& word = words[i];
    const bool aligns = word.is("__align__") || word.is("alignas") || word.is("__attribute__") ||
                        word.is("__builtin_align__");
    if (word.is("__shared__")) {
      shared = true;
    } else if (word.is("extern")) {
      continue;
    } else if (aligns && i + 1 < last && words[i + 1].is("(")) {
      i = after_brackets(words, i + 1) - 1;
    } else if (i + 1 < last && words[i + 1].is("[") && word.kind == CodeTokenKind::identifier) {
      found.name = word.text;
    } else {
      if (!found.type.empty() && end_of(words[i - 1]) != word.offset) found.type += ' ';
      found.type += word.text;
    }
  }
  while (i < last && !words[i].is("]")) ++i;  // the first extent says nothing
  if (!shared || found.name.empty() || found.type.empty() || i >= last) return std::nullopt;
  const std::size_t rest = end_of(words[i]);
  found.rest = trim(source.substr(rest, words[last].offset - rest));
  return found;
}

std::string declare(const DynamicShared& shared, bool inside) {
  const std::string_view where =
      inside ? "evotune_dynamic_shared()" : "evotune_dynamic_shared_at_load()";
  const std::string_view storage = inside ? "" : "static ";
  return shared.rest.empty()
             ? fmt::format("{}{}* {} = ({}*){}", storage, shared.type, shared.name, shared.type,
                           where)
             : fmt::format("{}{} (*{}){} = ({} (*){}){}", storage, shared.type, shared.name,
                           shared.rest, shared.type, shared.rest, where);
}

bool of_cuda(std::string_view header) {
  for (const char* folder : {"cuda/", "nv/", "crt/", "cooperative_groups/"})
    if (header.starts_with(folder)) return true;
  return (header.starts_with("cu") || header.starts_with("sm_") || header.starts_with("texture_") ||
          header.starts_with("surface_")) &&
         header.ends_with(".h") && header != "curses.h";
}

/// Parts of cuda_runtime.h that people include by themselves. The toolkit's own would clash.
bool declares_what_is_there(std::string_view header) {
  for (const char* part : {"builtin_types.h", "channel_descriptor.h", "common_functions.h",
                           "cuda_device_runtime_api.h", "device_atomic_functions.h",
                           "device_double_functions.h", "device_types.h", "driver_functions.h",
                           "driver_types.h", "host_config.h", "host_defines.h", "library_types.h"})
    if (header == part) return true;
  return header.starts_with("sm_") &&
         (header.ends_with("_functions.h") || header.ends_with("_intrinsics.h"));
}

/// float2, uchar4, half2: a vector whose alignment is its size.
/// Or a number of eight bytes, that is read from arrays of smaller ones in the same way.
bool is_vector(std::string_view type) {
  for (const char* wide : {"double", "int64_t", "uint64_t"})
    if (type == wide) return true;
  if (type == "half2" || type == "__half2" || type == "__nv_bfloat162") return true;
  if (!type.ends_with("2") && !type.ends_with("4")) return false;
  type.remove_suffix(1);
  if (type.starts_with("u")) type.remove_prefix(1);
  for (const char* element : {"char", "short", "int", "long", "longlong", "float", "double"})
    if (type == element) return true;
  return false;
}

class Rewriter {
 public:
  explicit Rewriter(std::string_view source)
      : source_(source), words_(source_words(source)), in_function_(in_function(words_)) {
    for (std::size_t i = 1; i < words_.size(); ++i)
      has_nameless_space_ |= words_[i].is("{") && words_[i - 1].is("namespace");
  }

  std::string rewritten() {
    for (std::size_t i = 0; i < words_.size();) i = step(i);
    return applied();
  }

 private:
  /// Returns the index of the next word to look at.
  std::size_t step(std::size_t i) {
    const SourceWord& word = words_[i];
    if (word.is("include") && word.directive) include(i);
    if (word.is("extern") && !word.directive) return dynamic_shared(i);
    if (word.is("__shared__") && !word.directive) {
      if (!in_function_[i]) mark_shared(i);
      return static_shared(i);
    }
    if (word.is("__noinline__") && !(i > 0 && words_[i - 1].is("(")))
      replace(i, i + 1, "__attribute__((noinline))");
    if (word.is("__device__") && is_hidden_variable(i)) replace(i, i + 1, "__constant__");
    if (word.is("typedef")) wide_typedef(i);
    if (word.is("reinterpret_cast")) vector_cast(i);
    if (word.is("(")) vector_c_cast(i);
    if (word.is("asm") || word.is("__asm__") || word.is("__asm")) return inline_ptx(i);
    if (adjacent(i, "<<<")) {
      replace(i, i + 3, " evotune_refused_kernel_launch ");
      return i + 3;
    }
    return i + 1;
  }

  /// A header of CUDA's that the shim has not must not be found in a toolkit beside the compiler:
  /// its name is changed into one that no one has, and explain_compile_errors changes it back.
  void include(std::size_t i) {
    const std::string_view name = included_header(source_, words_, i);
    if (in_shim(name)) return;
    if (name.starts_with("cub/"))
      include_instead(i, "<cub/cub.cuh>");
    else if (sided_library(name) != nullptr || declares_what_is_there(name))
      include_instead(i, "<cuda.h>");
    else if (of_cuda(name))
      replace(i + 1, i + 2, fmt::format("<{}", refused_folder));
  }

  /// For what may be the host's, or of a branch that is not taken: its names tell.
  void include_instead(std::size_t i, const char* header) {
    std::size_t close = i;
    while (!words_[close].is(">")) ++close;
    replace(i + 1, close + 1, header);
  }

  /// `typedef unsigned long long uint64_t;` is no repetition where uint64_t is a long.
  void wide_typedef(std::size_t i) {
    std::size_t last = i;
    while (last < words_.size() && words_[last].kind == CodeTokenKind::identifier) ++last;
    if (last >= words_.size() || !words_[last].is(";")) return;
    if (words_[last - 1].is("int64_t") || words_[last - 1].is("uint64_t")) replace(i, last, "");
  }

  /// `static __device__ float table[4];`, which may be filled by its name: a compiler that sees
  /// nobody do so would take it for zeros. What is `__constant__` is kept.
  [[nodiscard]] bool is_hidden_variable(std::size_t i) const {
    if (words_[i].directive || in_function_[i]) return false;
    std::size_t first = i;
    const auto ends_another = [](const SourceWord& word) {
      return word.directive || word.is(";") || word.is("{") || word.is("}");
    };
    while (first > 0 && !ends_another(words_[first - 1])) --first;
    bool hidden = has_nameless_space_;  // and the variable may stand in it
    for (; first < words_.size(); ++first) {
      const SourceWord& word = words_[first];
      if (word.is(";") || word.is("=") || word.is("[")) return hidden;
      hidden = hidden || word.is("static");
      for (const char* other : {"(", "{", "const", "constexpr", "__constant__", "__shared__"})
        if (word.is(other)) return false;
    }
    return false;
  }

  std::size_t dynamic_shared(std::size_t i) {
    std::size_t last = i;
    while (last < words_.size() && !words_[last].is(";") && !words_[last].is("{")) ++last;
    if (last == words_.size() || !words_[last].is(";")) return i + 1;
    const auto shared = parse_dynamic_shared(words_, i, last, source_);
    if (!shared) return i + 1;
    replace(i, last, declare(*shared, in_function_[i]));
    return last;
  }

  /// `asm volatile("…" : outputs : inputs : clobbers)` becomes C++.
  std::size_t inline_ptx(std::size_t i) {
    std::size_t open = i + 1;
    while (open < words_.size() && words_[open].kind == CodeTokenKind::identifier) ++open;
    if (open >= words_.size() || !words_[open].is("(")) return i + 1;
    const std::size_t after = after_brackets(words_, open);
    for (RewrittenAsm& one : asm_in_cpp(words_, i, open, after, source_))
      replace(one.begin, one.end, std::move(one.text));
    return after;
  }

  /// `static` before or after is said twice; alignas must come first.
  std::size_t static_shared(std::size_t i) {
    if (i + 1 < words_.size() && words_[i + 1].is("extern")) return dynamic_shared(i);
    if (i > 0 && words_[i - 1].is("static")) replace(i - 1, i, "");
    if (i + 1 >= words_.size()) return i + 1;
    if (words_[i + 1].is("static")) {
      replace(i + 1, i + 2, "");
      return i + 2;
    }
    if (!words_[i + 1].is("alignas")) return i + 1;
    const std::size_t after = after_brackets(words_, i + 1);
    const std::size_t begin = words_[i + 1].offset;
    replace(i, after,
            std::string(source_.substr(begin, end_of(words_[after - 1]) - begin)) + " __shared__");
    return after;
  }

  // clang++ takes a vector for as little aligned as the array that it is cast from, and then
  // neither traps nor tells when it is misaligned. From void* it believes what CUDA believes.

  /// `reinterpret_cast<const float4*>(…)` becomes `((const float4*)(void*)(…))`, the cast to a
  /// reference `(*(const float4*)(void*)&(…))`.
  void vector_cast(std::size_t i) {
    const auto type = i + 1 < words_.size() && words_[i + 1].is("<") ? vector_type(i + 2) : 0;
    if (type == 0 || type + 2 >= words_.size() || !words_[type + 1].is(">")) return;
    if (!words_[type + 2].is("(")) return;
    const std::size_t after = after_brackets(words_, type + 2);
    const std::size_t begin = words_[i + 2].offset;
    const std::string name(source_.substr(begin, words_[type].offset - begin));
    const bool reference = words_[type].is("&");
    replace(i, type + 2,
            fmt::format("({}({}*)(void*){}", reference ? "*" : "", name, reference ? "&" : ""));
    insert(end_of(words_[after - 1]), ")");
  }

  /// `(float4*)` becomes `(float4*)(void*)`.
  void vector_c_cast(std::size_t i) {
    const std::size_t type = vector_type(i + 1);
    if (type == 0 || type + 2 >= words_.size() || !words_[type].is("*") ||
        !words_[type + 1].is(")"))
      return;
    const SourceWord& operand = words_[type + 2];
    const bool casts =
        operand.is("&") || operand.is("(") || operand.kind == CodeTokenKind::identifier;
    const bool begins =
        i == 0 || words_[i - 1].is("return") ||
        (words_[i - 1].kind == CodeTokenKind::punctuation && !words_[i - 1].is(")") &&
         !words_[i - 1].is("]") && !words_[i - 1].is(">"));
    if (casts && begins) insert(end_of(words_[type + 1]), "(void*)");
  }

  /// Where `const float4*` or `float4&`, from word `i` on, has its last word; 0: it is no such
  /// type.
  [[nodiscard]] std::size_t vector_type(std::size_t i) const {
    while (i < words_.size() && (words_[i].is("const") || words_[i].is("volatile"))) ++i;
    if (i >= words_.size() || !is_vector(words_[i].text)) return 0;
    ++i;
    while (i < words_.size() && (words_[i].is("const") || words_[i].is("volatile"))) ++i;
    return i < words_.size() && (words_[i].is("*") || words_[i].is("&")) ? i : 0;
  }

  /// A variable of file scope goes into a namespace that says what it is: the image knows it by
  /// that.
  void mark_shared(std::size_t i) {
    std::size_t first = i, last = i;
    const auto ends_another = [](const SourceWord& word) {
      return word.directive || word.is(";") || word.is("{") || word.is("}");
    };
    while (first > 0 && !ends_another(words_[first - 1])) --first;
    for (int depth = 0; last < words_.size() && (depth > 0 || !words_[last].is(";")); ++last)
      depth += words_[last].is("{") ? 1 : words_[last].is("}") ? -1 : 0;
    if (last >= words_.size()) return;
    for (std::size_t word = first; word < last; ++word)
      if (words_[word].is("extern")) return;  // dynamic
    insert(words_[first].offset, fmt::format("inline namespace {} {{ ", shared_namespace));
    insert(end_of(words_[last]), " }");
  }

  void insert(std::size_t at, std::string text) { edits_.push_back({at, at, std::move(text)}); }

  [[nodiscard]] bool adjacent(std::size_t i, std::string_view characters) const {
    if (i + characters.size() > words_.size()) return false;
    return source_.substr(words_[i].offset, characters.size()) == characters &&
           words_[i].kind == CodeTokenKind::punctuation;
  }

  /// The words [first, last), keeping the line breaks between them.
  void replace(std::size_t first, std::size_t last, std::string text) {
    const std::size_t begin = words_[first].offset, end = end_of(words_[last - 1]);
    const std::string_view old = source_.substr(begin, end - begin);
    const auto breaks =
        std::count(old.begin(), old.end(), '\n') - std::count(text.begin(), text.end(), '\n');
    for (std::ptrdiff_t i = 0; i < breaks; ++i) text += words_[first].directive ? "\\\n" : "\n";
    edits_.push_back({begin, end, std::move(text)});
  }

  [[nodiscard]] std::string applied() const {
    std::string result;
    std::size_t at = 0;
    std::vector<Edit> edits = edits_;
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    for (const Edit& edit : edits) {
      result.append(source_, at, edit.begin - at);
      result += edit.text;
      at = edit.end;
    }
    return result.append(source_, at);
  }

  std::string_view source_;
  SourceWords words_;
  std::vector<bool> in_function_;
  bool has_nameless_space_ = false;
  std::vector<Edit> edits_;
};

}  // namespace

bool is_refused_header(std::string_view header) {
  return of_cuda(header) && !in_shim(header) && sided_library(header) == nullptr &&
         !declares_what_is_there(header);
}

std::string rewrite_for_host(std::string_view source) { return Rewriter(source).rewritten(); }

}  // namespace evotune::cpu
