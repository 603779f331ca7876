#include "device/cpu/unreached.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "device/cpu/source_words.h"

namespace evotune::cpu {
namespace {

bool may_be_refused(const SourceWord& word) {
  constexpr std::array names = {"asm",   "__asm__", "__asm",  "texture",  "surface", "__shfl",
                                "__any", "__all",   "thrust", "__ballot", "torch"};
  constexpr std::array beginnings = {"tex1D",       "tex2D",       "tex3D",  "surf2D",
                                     "cudaTexture", "cudaSurface", "curand", "__nv_fp8"};
  if (word.kind != CodeTokenKind::identifier) return false;
  const bool legacy = word.text.starts_with("__shfl_") && !word.text.ends_with("_sync");
  return legacy ||
         std::any_of(names.begin(), names.end(), [&](auto* one) { return word.is(one); }) ||
         std::any_of(beginnings.begin(), beginnings.end(),
                     [&](auto* one) { return word.text.starts_with(one); });
}

/// A function or a variable of file scope, or a macro; anything else has no name.
struct FileDeclaration {
  std::size_t begin = 0, end = 0;  ///< of its words
  std::string_view name;
  bool reached = false;
};

class Reach {
 public:
  explicit Reach(std::string_view source)
      : source_(source), words_(source_words(source)), in_function_(in_function(words_)) {
    for (std::size_t i = 0; i < words_.size();)
      i = words_[i].directive ? directive_at(i) : declaration_at(i);
  }

  std::string without_rest(std::string_view roots) {
    std::string result(source_);
    const bool pastes = source_.find("##") != source_.npos;  // names that nothing here shows
    if (refused_.empty() || pastes) return result;
    for (const SourceWord& word : source_words(roots)) reached_.insert(word.text);
    for (bool again = true; again;) {
      again = false;
      for (FileDeclaration& one : declarations_)
        if (!one.reached && (one.name.empty() || reached_.count(one.name) != 0)) {
          one.reached = again = true;
          for (std::size_t i = one.begin; i < one.end; ++i)
            if (words_[i].kind == CodeTokenKind::identifier) reached_.insert(words_[i].text);
        }
    }
    for (const FileDeclaration& one : declarations_)
      if (!one.reached && refused_.count(one.name) != 0) blank(one, result);
    return result;
  }

 private:
  std::size_t directive_at(std::size_t begin) {
    FileDeclaration one{begin, begin + 1, {}, false};
    while (one.end < words_.size() && words_[one.end].directive && !words_[one.end].is("#"))
      ++one.end;
    if (one.end > begin + 2 && words_[begin + 1].is("define")) one.name = words_[begin + 2].text;
    declarations_.push_back(one);
    return one.end;
  }

  /// Ends at a `;`, at the brace that closes a body, or at one that opens or closes a namespace.
  std::size_t declaration_at(std::size_t begin) {
    FileDeclaration one{begin, begin, {}, false};
    int brackets = 0;
    bool refused = false;
    while (one.end < words_.size()) {
      const std::size_t i = one.end++;
      if (words_[i].directive) continue;
      refused = refused || may_be_refused(words_[i]);
      brackets += words_[i].is("(") ? 1 : words_[i].is(")") ? -1 : 0;
      const bool inside = one.end < words_.size() && in_function_[one.end];
      const bool ends = words_[i].is(";") || words_[i].is("{") || words_[i].is("}");
      if (!inside && brackets == 0 && ends) break;
    }
    one.name = name_of(one);
    if (refused) refused_.insert(one.name);
    declarations_.push_back(one);
    return one.end;
  }

  /// Of `template <…> __global__ void __launch_bounds__(N) name(…) {` or `texture<…> name;`. Types,
  /// operators and members of classes have none.
  [[nodiscard]] std::string_view name_of(const FileDeclaration& one) const {
    std::string_view name, last;
    int brackets = 0, angles = 0;
    for (std::size_t i = one.begin; i < one.end; ++i) {
      const SourceWord& word = words_[i];
      if (word.directive) continue;
      if (brackets == 0 && (word.is("{") || word.is("=") || word.is("[") || word.is(";"))) break;
      for (const char* other :
           {"struct", "class", "union", "enum", "typedef", "using", "operator", "namespace", ":"})
        if (brackets == 0 && angles == 0 && word.is(other)) return {};
      if (word.is("(") && brackets++ == 0) name = last;
      if (word.is(")")) --brackets;
      if (brackets != 0) continue;
      angles += word.is("<") ? 1 : word.is(">") ? -1 : 0;
      if (word.kind == CodeTokenKind::identifier && angles == 0) last = word.text;
    }
    return name.empty() ? last : name;
  }

  void blank(const FileDeclaration& one, std::string& result) const {
    for (std::size_t i = one.begin; i < one.end; ++i)
      for (std::size_t at = words_[i].offset; at < end_of(words_[i]); ++at)
        if (!words_[i].directive && result[at] != '\n') result[at] = ' ';
  }

  std::string_view source_;
  SourceWords words_;
  std::vector<bool> in_function_;
  std::vector<FileDeclaration> declarations_;
  std::set<std::string_view> reached_;  ///< identifiers
  std::set<std::string_view> refused_;  ///< of the declarations that may hold what is refused
};

}  // namespace

std::string without_unreached(std::string_view source, std::string_view roots) {
  return Reach(source).without_rest(roots);
}

}  // namespace evotune::cpu
