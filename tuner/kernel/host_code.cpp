#include "kernel/host_code.h"

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "kernel/brackets.h"
#include "kernel/declaration_words.h"
#include "kernel/directives.h"
#include "kernel/host_names.h"
#include "kernel/lexer.h"

namespace evotune {
namespace {

constexpr std::string_view device_words[] = {"__global__", "__device__", "__constant__",
                                             "__shared__", "__managed__"};

class HostCode {
 public:
  explicit HostCode(std::string_view source)
      : source_(source),
        result_(source),
        tokens_(code_tokens(source)),
        directives_(directives_of(tokens_)) {
    uses_std_ = source.find("using namespace std;") != std::string_view::npos ||
                source.find("using std::vector;") != std::string_view::npos;
    blank_host_headers();
    collect_macros();
    collect_words();
    collect_declarations();
  }

  /// Whether there is anything of the host but headers.
  bool found() {
    for (bool again = true; again;) {
      again = collect_host_macros();
      for (Declaration& one : declarations_)
        if (!one.host && !one.device && is_host(one)) {
          one.host = again = true;
          for (const std::string_view name :
               {one.name, one.type, alias_of(words_of(one), brackets_, one.begin)})
            if (!name.empty()) gone_.insert(name);
        }
    }
    return std::any_of(declarations_.begin(), declarations_.end(),
                       [](const Declaration& one) { return one.host; });
  }

  std::string removed() {
    const bool any = found();
    std::set<std::string_view> variables;
    for (Declaration& one : declarations_) {
      one.host = one.host || (any && !one.device &&
                              (is_unannotated(one) || is_registration(one) || is_of_no_space(one) ||
                               host_functions_.count(words_[one.begin].text) != 0));
      if (one.host) variables.insert(variable_of(words_of(one), one.begin));
    }
    for (const Declaration& one : declarations_)
      if (one.host || asserts_of(words_of(one).subspan(one.begin), variables)) blank(text_of(one));
    blank_unused_libraries();
    return std::move(result_);
  }

 private:
  struct Declaration {
    std::size_t begin = 0, end = 0;  ///< of words_
    std::string_view name, type;     ///< of a function, of a class
    bool device = false, host = false;
  };

  void blank_host_headers() {
    for (const Directive& one : directives_) {
      const std::string_view header = included_header(one);
      if (!is_host_header(header)) continue;
      blank(one.text);
      if (header.starts_with("cublas") || header.starts_with("cusparse")) include_small_floats(one);
      if (header.starts_with("opencv2/") && lacks_uchar(source_))
        put("using uchar=unsigned char;", one);
    }
  }

  /// The header of a library that nothing of the device names, or that no compiler finds: what
  /// names it may be in a branch that is not taken, and else its line is the one to tell.
  void blank_unused_libraries() {
    for (const Directive& one : directives_) {
      const SidedLibrary* library = sided_library(included_header(one));
      if (library == nullptr || (!library->nowhere && is_named_for_the_device(*library))) continue;
      blank(one.text);
      include_small_floats(one);
    }
  }

  [[nodiscard]] bool is_named_for_the_device(const SidedLibrary& library) const {
    const auto is_of_it = [&](const CodeToken& word) { return is_name_of(library, word.text); };
    for (const Declaration& one : declarations_)
      if (!one.host && std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(one.begin),
                                   words_.begin() + static_cast<std::ptrdiff_t>(one.end), is_of_it))
        return true;
    return std::any_of(macros_.begin(), macros_.end(), [&](const MacroDefinition& one) {
      return gone_.count(one.name) == 0 &&
             std::any_of(one.value.begin(), one.value.end(), is_of_it);
    });
  }

  /// What stands for `__device__ inline`.
  void collect_macros() {
    macros_ = definitions_of(directives_);
    for (const MacroDefinition& one : macros_) {
      if (one.takes_arguments) calls_.insert(one.name);
      for (std::size_t i = one.takes_arguments ? 1 : 0; i < one.value.size(); ++i)
        if (is_device_word(one.value[i].text)) device_macros_.insert(one.name);
      if (one.takes_arguments && device_macros_.count(one.name) == 0 && writes_a_function(one))
        host_functions_.insert(one.name);
    }
  }

  /// What calls of the host's interfaces and of its functions stand behind. Whether there are more
  /// than were known.
  bool collect_host_macros() {
    bool more = false;
    for (const MacroDefinition& one : macros_)
      for (std::size_t i = one.takes_arguments ? 1 : 0; i < one.value.size(); ++i)
        if (gone_.count(one.name) == 0 && is_host_word(one.value, i))
          more = gone_.insert(one.name).second;
    return more;
  }

  void collect_words() {
    std::size_t next = 0;
    for (const CodeToken& token : tokens_) {
      if (!token.significant()) continue;
      while (next < directives_.size() &&
             directives_[next].text.data() + directives_[next].text.size() <= token.text.data())
        brackets_.pass(directives_[next++]);
      const bool inside =
          next < directives_.size() && token.text.data() >= directives_[next].text.data();
      if (inside) continue;
      if (token.kind == CodeTokenKind::punctuation) brackets_.pass(token.text, words_.size());
      words_.push_back(token);
    }
  }

  /// The index after the bracket that closes the one at `open`.
  [[nodiscard]] std::size_t after(std::size_t open) const {
    return std::min(brackets_.closing(open, words_.size()) + 1, words_.size());
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
  std::size_t scope_at(std::size_t i) {
    const bool space =
        words_[i].is("namespace") ||
        (words_[i].is("inline") && i + 1 < words_.size() && words_[i + 1].is("namespace"));
    const bool linkage = words_[i].is("extern") && i + 2 < words_.size() &&
                         words_[i + 1].kind == CodeTokenKind::string && words_[i + 2].is("{");
    if (!space && !linkage) return 0;
    const std::size_t head = i;
    while (i < words_.size() && !words_[i].is("{") && !words_[i].is(";") && !words_[i].is("=")) ++i;
    if (i == words_.size() || !words_[i].is("{")) return 0;
    for (std::size_t name = head; name < i; ++name) spaces_.insert(words_[name].text);
    return i + 1;
  }

  std::size_t declaration_at(std::size_t begin) {
    Declaration one{begin, begin, {}, {}, false, false};
    bool type = false, initialised = false, initialises = false;
    // What a template's head says of types and defaults is not the declaration's own.
    std::size_t i = std::max(after_template(words_, begin), begin);
    const bool call = i + 1 < words_.size() && words_[i + 1].is("(") &&
                      (calls_.count(words_[i].text) != 0 || calls_unknown_macro(i));
    while (i < words_.size() && !words_[i].is(";")) {
      const CodeToken& word = words_[i];
      type = type || begins_class(word);
      initialised = initialised || (word.is("=") && !names_operator(words_, i));
      const bool opens = word.is("(") || word.is("{") || word.is("[");
      if (word.is("(") && !initialised && one.name.empty() && i > begin &&
          words_[i - 1].kind == CodeTokenKind::identifier && !is_attribute(words_[i - 1]))
        one.name = words_[i - 1].text;
      initialises = initialises || (word.is(":") && i > begin && words_[i - 1].is(")"));
      // `: size{3}`, but not the body behind it.
      const bool member =
          initialises && word.is("{") &&
          (words_[i - 1].kind == CodeTokenKind::identifier || words_[i - 1].is(">"));
      if ((word.is("{") || word.is(":")) && type && one.type.empty() && i > begin)
        one.type = class_before(i);
      const bool body = word.is("{") && !initialised && !member && (!type || !one.name.empty());
      i = opens ? after(i) : i + 1;
      // A macro's call may stand without a semicolon, on a line of its own.
      const bool alone = call && word.is("(") && ends_line(i) &&
                         (i == words_.size() || !(words_[i].is("{") || words_[i].is(".")));
      if (body || alone) break;
    }
    one.end = std::min(i < words_.size() && words_[i].is(";") ? i + 1 : i, words_.size());
    one.device = is_of_the_device(one);
    declarations_.push_back(one);
    return std::max(one.end, begin + 1);
  }

  /// The name before a brace or a base; none in `enum {`.
  [[nodiscard]] std::string_view class_before(std::size_t i) const {
    const CodeToken& word = words_[words_[i - 1].is("final") && i > 1 ? i - 2 : i - 1];
    if (word.kind != CodeTokenKind::identifier || begins_class(word)) return {};
    return word.text;
  }

  /// Whether the word before this one is its line's last.
  [[nodiscard]] bool ends_line(std::size_t next) const {
    if (next == words_.size()) return true;
    const std::size_t end = offset(words_[next - 1]) + words_[next - 1].text.size();
    return source_.substr(end, offset(words_[next]) - end).find('\n') != source_.npos;
  }

  [[nodiscard]] bool is_device_word(std::string_view word) const {
    return std::count(std::begin(device_words), std::end(device_words), word) != 0 ||
           device_macros_.count(word) != 0;
  }

  /// `[] __device__(int x) { … }`, which a host's function hands to a kernel.
  [[nodiscard]] bool is_of_a_lambda(const Declaration& one, std::size_t i) const {
    while (i > one.begin && (is_device_word(words_[i].text) || words_[i].is("__host__"))) --i;
    if (!words_[i].is("]")) return false;
    std::size_t open = i;
    while (open > one.begin && brackets_.closing(open, words_.size()) != i) --open;
    if (!words_[open + 1].is("[") || !words_[i - 1].is("]")) return true;
    return open > one.begin && is_of_a_lambda(one, open - 1);  // behind `[[nodiscard]]`
  }

  [[nodiscard]] bool is_of_the_device(const Declaration& one) const {
    for (std::size_t i = one.begin; i < one.end; ++i)
      if (is_device_word(words_[i].text) && (one.name.empty() || !is_of_a_lambda(one, i)))
        return true;
    // `texture<float> t;` of CUDA's first years
    const std::size_t first = one.begin + (words_[one.begin].is("static") ? 1 : 0);
    return first + 1 < one.end && words_[first + 1].is("<") &&
           (words_[first].is("texture") || words_[first].is("surface"));
  }

  [[nodiscard]] bool is_host(const Declaration& one) const {
    if (one.name == "main") return true;
    const std::set<std::string_view> own = template_parameters(words_, one.begin);
    for (std::size_t i = one.begin; i < one.end; ++i)
      if (own.count(words_[i].text) == 0 && is_host_word(words_, i)) return true;
    return false;
  }

  /// Also `k<<<1, 2>>>()`, `k << <1, 2 >> >()`, and `__host__`, where __device__ is not beside it.
  [[nodiscard]] bool is_host_word(const std::vector<CodeToken>& words, std::size_t i) const {
    const CodeToken& word = words[i];
    const auto is = [&](std::size_t at, std::string_view what) {
      return at < words.size() && words[at].is(what);
    };
    if (is(i, "<"))
      return is(i + 1, "<") && is(i + 2, "<") && offset(words[i + 1]) == offset(word) + 1;
    if (word.kind != CodeTokenKind::identifier) return false;
    if (is_host_name(word.text) || gone_.count(word.text) != 0 || word.is("__host__")) return true;
    const bool scope = is(i + 1, ":") && is(i + 2, ":");
    if (word.is("at") && scope) return true;
    if (!is_host_name_of_std(word.text)) return false;
    const bool of_std = i > 2 && is(i - 1, ":") && is(i - 3, "std");
    const bool of_its_kind =
        scope || is(i + 1, "<") ||
        (i + 1 < words.size() && words[i + 1].kind == CodeTokenKind::identifier);
    return of_std || (uses_std_ && of_its_kind);
  }

  /// A function or variable that CUDA takes for the host's: no space is named, it is no constant.
  /// In files without a host's program these are left to the compiler's options.
  [[nodiscard]] bool is_unannotated(const Declaration& one) const {
    static const std::set<std::string_view> others = {
        "struct",    "class",  "union",   "enum",          "using", "typedef",
        "namespace", "public", "private", "static_assert", "asm",   "concept"};
    const std::size_t first = after_template(words_, one.begin);
    if (others.count(words_[first].text) != 0 && !is_of_a_named_type(words_, first)) return false;
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

  /// `using namespace cv;`, `namespace fs = …;`, of a space that nothing here opens: it came with a
  /// header of the host's.
  [[nodiscard]] bool is_of_no_space(const Declaration& one) {
    std::size_t i = one.begin;
    if (words_[i].is("namespace") && i + 2 < one.end && words_[i + 2].is("="))
      i += 3;
    else if (words_[i].is("using") && i + 1 < one.end && words_[i + 1].is("namespace"))
      i += 2;
    else
      return false;
    while (i < one.end && words_[i].is(":")) ++i;
    const bool known =
        i < one.end && (spaces_.count(words_[i].text) != 0 || is_device_space(words_[i].text));
    if (known && words_[one.begin].is("namespace")) spaces_.insert(words_[one.begin + 1].text);
    return !known;
  }

  /// `REGISTER_LAYER(Convolution);`, `PD_REGISTER_KERNEL(abs, GPU, …) {}`: the call, at file scope,
  /// of a macro that is defined nowhere. It came with a header of the host's.
  [[nodiscard]] bool is_registration(const Declaration& one) const {
    if (!calls_unknown_macro(one.begin)) return false;
    const std::size_t next = after(one.begin + 1);
    return next >= one.end || words_[next].is(";") || words_[next].is("{") || words_[next].is(".");
  }
  [[nodiscard]] bool calls_unknown_macro(std::size_t i) const {
    const CodeToken& name = words_[i];
    return name.kind == CodeTokenKind::identifier && i + 1 < words_.size() &&
           words_[i + 1].is("(") && calls_.count(name.text) == 0 &&
           std::none_of(name.text.begin(), name.text.end(),
                        [](char c) { return c >= 'a' && c <= 'z'; });
  }

  [[nodiscard]] std::size_t offset(const CodeToken& word) const {
    return static_cast<std::size_t>(word.text.data() - source_.data());
  }
  /// Those before its end, by the numbers that they have.
  [[nodiscard]] std::span<const CodeToken> words_of(const Declaration& one) const {
    return std::span(words_).first(one.end);
  }
  [[nodiscard]] std::string_view text_of(const Declaration& one) const {
    const std::size_t begin = offset(words_[one.begin]);
    const CodeToken& last = words_[one.end - 1];
    return source_.substr(begin, offset(last) + last.text.size() - begin);
  }

  /// The headers of these libraries include cuda_fp16.h and cuda_bf16.h, and kernels count on that:
  /// where one stood there is room for one of the two.
  void include_small_floats(const Directive& instead_of) {
    for (const auto& [name, directive] :
         {std::pair<std::string_view, std::string_view>{"half", "#include<cuda_fp16.h>"},
          std::pair<std::string_view, std::string_view>{"bfloat16", "#include<cuda_bf16.h>"}})
      if (source_.find(name) != source_.npos && put(directive, instead_of)) return;
  }

  /// Once, and where there is room.
  bool put(std::string_view text, const Directive& instead_of) {
    if (result_.find(text) != result_.npos || instead_of.text.size() < text.size()) return false;
    result_.replace(static_cast<std::size_t>(instead_of.text.data() - source_.data()), text.size(),
                    text);
    return true;
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
  std::vector<Directive> directives_;
  std::vector<MacroDefinition> macros_;
  Brackets brackets_;  ///< of words_
  std::vector<Declaration> declarations_;
  std::set<std::string_view> spaces_;          ///< namespaces that it opens
  std::set<std::string_view> calls_;           ///< macros that take arguments
  std::set<std::string_view> device_macros_;   ///< that stand for __device__
  std::set<std::string_view> host_functions_;  ///< macros that write functions of none
  std::set<std::string_view> gone_;            ///< names of what is the host's
  bool uses_std_ = false;                      ///< its names stand without `std::`
};

}  // namespace

std::string without_host_code(std::string_view source) { return HostCode(source).removed(); }

bool has_host_code(std::string_view source) { return HostCode(source).found(); }

}  // namespace evotune
