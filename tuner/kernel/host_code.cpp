#include "kernel/host_code.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "kernel/directives.h"
#include "kernel/lexer.h"

namespace evotune {
namespace {

const std::set<std::string_view> host_headers = {"iostream",
                                                 "fstream",
                                                 "sstream",
                                                 "iomanip",
                                                 "vector",
                                                 "string",
                                                 "map",
                                                 "set",
                                                 "list",
                                                 "deque",
                                                 "chrono",
                                                 "random",
                                                 "thread",
                                                 "mutex",
                                                 "memory",
                                                 "stdexcept",
                                                 "iterator",
                                                 "ctime",
                                                 "time.h",
                                                 "unistd.h",
                                                 "sys/time.h",
                                                 "getopt.h",
                                                 "omp.h",
                                                 "signal.h",
                                                 "errno.h",
                                                 "cerrno",
                                                 "cstdarg",
                                                 "helper_cuda.h",
                                                 "helper_functions.h",
                                                 "helper_timer.h",
                                                 "helper_string.h",
                                                 "cublas_v2.h",
                                                 "cublas.h",
                                                 "cublasLt.h",
                                                 "curand.h",
                                                 "cusparse.h",
                                                 "cufft.h",
                                                 "cudnn.h",
                                                 "cuda_profiler_api.h",
                                                 "nvToolsExt.h",
                                                 "timer.h",
                                                 "sys/stat.h",
                                                 "sys/types.h",
                                                 "exception"};

/// Names that device code never has, wherever they stand.
const std::set<std::string_view> host_names = {
    "cout",          "cerr",          "endl",         "ostream",         "istream",
    "ifstream",      "ofstream",      "fstream",      "stringstream",    "ostringstream",
    "unique_ptr",    "shared_ptr",    "FILE",         "fopen",           "fprintf",
    "stderr",        "stdout",        "fflush",       "calloc",          "srand",
    "rand",          "getopt",        "exit",         "gettimeofday",    "timeval",
    "mt19937",       "argc",          "argv",         "checkCudaErrors", "omp_get_wtime",
    "clock_gettime", "runtime_error", "EXIT_FAILURE", "EXIT_SUCCESS"};
/// Of these only std's: `std::vector`.
const std::set<std::string_view> host_names_of_std = {"vector", "string", "chrono",    "thread",
                                                      "mutex",  "map",    "exception", "set"};

constexpr std::string_view device_words[] = {"__global__", "__device__", "__constant__",
                                             "__shared__", "__managed__"};

/// cudaMalloc, cudaEvent_t, cublasSgemm: of the runtime's and the libraries' interfaces. Textures
/// and what device code may call are not.
bool is_of_host_interface(std::string_view word) {
  for (const std::string_view prefix : {"cuda", "cublas", "curand", "cusparse", "cufft", "cudnn"})
    if (word.starts_with(prefix) && word.size() > prefix.size() &&
        std::isupper(static_cast<unsigned char>(word[prefix.size()])) != 0)
      return !word.starts_with("cudaTexture") && !word.starts_with("cudaSurface");
  return false;
}

/// A header that is named in an #include, without its brackets.
std::string_view included_header(const Directive& one) {
  if (one.name != "include" || one.words.empty()) return {};
  const char* begin = one.words.front().text.data();
  const char* end = one.words.back().text.data() + one.words.back().text.size();
  const std::string_view whole(begin, static_cast<std::size_t>(end - begin));
  return whole.size() < 3 ? std::string_view() : whole.substr(1, whole.size() - 2);
}

class HostCode {
 public:
  HostCode(std::string_view source, std::span<const std::string_view> also)
      : source_(source), result_(source), tokens_(code_tokens(source)) {
    const std::vector<Directive> directives = directives_of(tokens_);
    for (const Directive& one : directives) {
      const std::string_view header = included_header(one);
      if (host_headers.count(header) == 0 &&
          std::find(also.begin(), also.end(), header) == also.end())
        continue;
      blank(one.text);
      if (header.starts_with("cublas") || header.starts_with("cusparse")) include_halves(one.text);
    }
    collect_words(directives);
    uses_std_ = source.find("using namespace std;") != std::string_view::npos;
    collect_declarations();
  }

  std::string removed() {
    for (bool again = true; again;) {
      again = false;
      for (Declaration& one : declarations_)
        if (!one.host && !one.device && is_host(one)) {
          one.host = again = true;
          if (!one.name.empty()) gone_.insert(one.name);
        }
    }
    const bool any = std::any_of(declarations_.begin(), declarations_.end(),
                                 [](const Declaration& one) { return one.host; });
    for (const Declaration& one : declarations_)
      if (one.host || (any && !one.device && is_unannotated(one))) blank(text_of(one));
    return std::move(result_);
  }

 private:
  struct Declaration {
    std::size_t begin = 0, end = 0;  ///< of words_
    std::string_view name;           ///< of a function
    bool device = false, host = false;
  };

  void collect_words(const std::vector<Directive>& directives) {
    std::size_t next = 0;
    for (const CodeToken& token : tokens_) {
      if (!token.significant()) continue;
      while (next < directives.size() &&
             directives[next].text.data() + directives[next].text.size() <= token.text.data())
        ++next;
      const bool inside =
          next < directives.size() && token.text.data() >= directives[next].text.data();
      if (!inside) words_.push_back(token);
    }
  }

  /// The index after the bracket that closes the one at `open`.
  [[nodiscard]] std::size_t after(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < words_.size(); ++i) {
      const char c = words_[i].text[0];
      if (words_[i].kind != CodeTokenKind::punctuation) continue;
      if (c == '(' || c == '{' || c == '[') ++depth;
      if ((c == ')' || c == '}' || c == ']') && --depth == 0) return i + 1;
    }
    return words_.size();
  }

  void collect_declarations() {
    for (std::size_t i = 0; i < words_.size();) {
      if (words_[i].is("}") || words_[i].is(";"))
        ++i;
      else if (const std::size_t inside = scope_at(i); inside != 0)
        i = inside;
      else
        i = declaration_at(i);
    }
  }

  /// Past the brace that a namespace or extern "C" opens at `i`, or 0.
  [[nodiscard]] std::size_t scope_at(std::size_t i) const {
    const bool space =
        words_[i].is("namespace") ||
        (words_[i].is("inline") && i + 1 < words_.size() && words_[i + 1].is("namespace"));
    const bool linkage = words_[i].is("extern") && i + 2 < words_.size() &&
                         words_[i + 1].kind == CodeTokenKind::string && words_[i + 2].is("{");
    if (!space && !linkage) return 0;
    while (i < words_.size() && !words_[i].is("{") && !words_[i].is(";") && !words_[i].is("=")) ++i;
    return i < words_.size() && words_[i].is("{") ? i + 1 : 0;
  }

  std::size_t declaration_at(std::size_t begin) {
    Declaration one{begin, begin, {}, false, false};
    bool type = false, initialised = false;
    std::size_t i = begin;
    while (i < words_.size() && !words_[i].is(";")) {
      const CodeToken& word = words_[i];
      type = type || word.is("struct") || word.is("class") || word.is("union") || word.is("enum");
      initialised = initialised || word.is("=");
      const bool opens = word.is("(") || word.is("{") || word.is("[");
      if (word.is("(") && one.name.empty() && i > begin &&
          words_[i - 1].kind == CodeTokenKind::identifier)
        one.name = words_[i - 1].text;
      const bool body = word.is("{") && !initialised && (!type || !one.name.empty());
      i = opens ? after(i) : i + 1;
      if (body) break;
    }
    one.end = std::min(i < words_.size() && words_[i].is(";") ? i + 1 : i, words_.size());
    one.device = contains_any(one);
    declarations_.push_back(one);
    return std::max(one.end, begin + 1);
  }

  [[nodiscard]] bool contains_any(const Declaration& one) const {
    for (std::size_t i = one.begin; i < one.end; ++i)
      for (const std::string_view word : device_words)
        if (words_[i].is(word)) return true;
    return false;
  }

  [[nodiscard]] bool is_host(const Declaration& one) const {
    if (one.name == "main") return true;
    for (std::size_t i = one.begin; i < one.end; ++i) {
      const CodeToken& word = words_[i];
      const bool of_std = uses_std_ || (i > 2 && words_[i - 1].is(":") && words_[i - 3].is("std"));
      if (word.kind == CodeTokenKind::identifier &&
          (host_names.count(word.text) != 0 || gone_.count(word.text) != 0 ||
           (of_std && host_names_of_std.count(word.text) != 0) || is_of_host_interface(word.text)))
        return true;
      if (word.is("<") && source_.substr(offset(word), 3) == "<<<") return true;
    }
    return false;
  }

  /// Past `template <…>`.
  [[nodiscard]] std::size_t after_template(std::size_t i) const {
    if (!words_[i].is("template")) return i;
    int depth = 0;
    for (++i; i + 1 < words_.size(); ++i) {
      if (words_[i].is("<")) ++depth;
      if (words_[i].is(">") && --depth == 0) return i + 1;
    }
    return i;
  }

  /// A function or variable that CUDA takes for the host's: no space is named, it is no constant.
  /// In files without a host's program these are left to the compiler's options.
  [[nodiscard]] bool is_unannotated(const Declaration& one) const {
    static const std::set<std::string_view> others = {
        "struct",    "class",  "union",  "enum",    "using",         "typedef",
        "namespace", "extern", "public", "private", "static_assert", "asm"};
    if (others.count(words_[after_template(one.begin)].text) != 0) return false;
    std::size_t names = 0;  // a macro's call has only one
    for (std::size_t i = one.begin; i < one.end && !words_[i].is("("); ++i)
      if (words_[i].kind == CodeTokenKind::identifier) ++names;
    for (std::size_t i = one.begin; i < one.end; ++i) {
      const CodeToken& word = words_[i];
      if (word.is("constexpr")) return false;
      if (word.is("const") && one.name.empty()) return false;
    }
    return names >= 2;
  }

  [[nodiscard]] std::size_t offset(const CodeToken& word) const {
    return static_cast<std::size_t>(word.text.data() - source_.data());
  }
  [[nodiscard]] std::string_view text_of(const Declaration& one) const {
    const std::size_t begin = offset(words_[one.begin]);
    const CodeToken& last = words_[one.end - 1];
    return source_.substr(begin, offset(last) + last.text.size() - begin);
  }

  /// The headers of these libraries include cuda_fp16.h, and kernels count on that.
  void include_halves(std::string_view instead_of) {
    constexpr std::string_view directive = "#include<cuda_fp16.h>";
    if (source_.find("half") == source_.npos || instead_of.size() < directive.size()) return;
    result_.replace(static_cast<std::size_t>(instead_of.data() - source_.data()), directive.size(),
                    directive);
  }

  /// Directives inside stay: an #endif must not vanish with the function around it.
  void blank(std::string_view text) {
    const std::size_t begin = static_cast<std::size_t>(text.data() - source_.data());
    bool line_begins = begin == 0 || source_[begin - 1] == '\n';
    bool directive = false;
    const bool is_directive = text.find_first_not_of(" \t") != std::string_view::npos &&
                              text[text.find_first_not_of(" \t")] == '#';
    for (std::size_t i = begin; i < begin + text.size(); ++i) {
      const char c = source_[i];
      if (c == '\n') {
        directive = directive && i > 0 && source_[i - 1] == '\\';
        line_begins = !directive;
        continue;
      }
      if (line_begins && c == '#' && !is_directive) directive = true;
      if (c != ' ' && c != '\t') line_begins = false;
      if (!directive) result_[i] = ' ';
    }
  }

  std::string_view source_;
  std::string result_;
  std::vector<CodeToken> tokens_, words_;
  std::vector<Declaration> declarations_;
  std::set<std::string_view> gone_;
  bool uses_std_ = false;  ///< its names stand without `std::`
};

}  // namespace

std::string without_host_code(std::string_view source, std::span<const std::string_view> also) {
  return HostCode(source, also).removed();
}

}  // namespace evotune
