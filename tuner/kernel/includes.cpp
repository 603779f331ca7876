#include "kernel/includes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <optional>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "base/text.h"
#include "kernel/directives.h"
#include "kernel/headers_below.h"
#include "kernel/host_code.h"
#include "kernel/host_names.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest = 16;

constexpr std::string_view absence = "evotune: ";

Failure refusal(std::string message) { return {Stage::render, std::move(message)}; }

bool inside(const fs::path& file, const fs::path& folder) {
  const auto [in_folder, in_file] =
      std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return in_folder == folder.end() && in_file != file.end();
}

// The folder, and those above it as far as `root`, each with the one that it keeps its headers in:
// where an option -I of its project would lead to.
std::vector<fs::path> folders_up_to(const fs::path& root, fs::path folder) {
  std::vector<fs::path> folders;
  for (bool above = true; above; folder = folder.parent_path()) {
    for (const fs::path& one : {folder, folder / "include", folder / "inc"}) folders.push_back(one);
    above = inside(folder, root);
  }
  return folders;
}

bool leads_up(const fs::path& name) {
  return std::find(name.begin(), name.end(), fs::path("..")) != name.end();
}

bool is_pragma_once(const Directive& one) {
  return one.name == "pragma" && one.words.size() == 1 && one.words[0].is("once");
}

std::string without_quotes(std::string_view quoted) {
  return std::string(quoted.substr(1, quoted.size() - 2));
}

class Inliner {
 public:
  Inliner(fs::path folder, fs::path root, const Template& kernel, Fragments fragments)
      : folder_(std::move(folder)),
        root_(std::move(root)),
        folders_(folders_up_to(root_, folder_)),
        headers_(kernel.headers ? kernel.headers : std::make_shared<HeadersBelow>(root_)),
        kernel_(kernel),
        fragments_(std::move(fragments)) {}

  // Appends the text with its includes expanded; says what is wrong, if anything is.
  std::optional<Failure> add(const fs::path& file, std::string_view text) {
    text = without_byte_order_mark(text);
    if (text.find('\0') != std::string_view::npos)
      return refusal(named(file) + " holds a NUL character");
    if (open_.size() >= deepest) return refusal("includes nest too deep at " + named(file));
    if (std::find(open_.begin(), open_.end(), file) != open_.end())
      return refusal(named(file) + " includes itself");
    if (!open_.empty()) included_.insert_or_assign(named(file), text);
    open_.push_back(file);
    const std::string joined = with_joined_directives(text);
    text = joined;
    const std::vector<CodeToken> tokens = code_tokens(text);
    const std::vector<Directive> directives = directives_of(tokens);
    const bool once = std::any_of(directives.begin(), directives.end(), is_pragma_once);
    if (once) out_ += fmt::format("#ifndef {0}\n#define {0}\n", once_guard(file));
    out_ += fmt::format("#line 1 \"{}\"\n", named(file));
    if (auto failure = add_lines(file, text, directives)) return failure;
    if (!out_.ends_with('\n')) out_ += '\n';
    if (once) out_ += "#endif\n";
    open_.pop_back();
    if (out_.size() > largest_source) return refusal("the includes add up to more than 4 MiB");
    return std::nullopt;
  }

  InlinedText take() {
    std::string included;
    for (const auto& [name, text] : included_)
      included += fmt::format("{} {}\n{}", name, text.size(), text);
    return {std::move(out_), std::move(used_), std::move(included)};
  }

 private:
  [[nodiscard]] std::string named(const fs::path& file) const {
    if (const auto own = own_.find(file); own != own_.end()) return own->second;
    return file.lexically_relative(folder_).generic_string();
  }

  // A macro of its own for each file, although a_b.cuh and a/b.cuh would have one name.
  std::string once_guard(const fs::path& file) {
    std::string guard = "EVOTUNE_ONCE_";
    for (const char c : named(file))
      guard += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    while (guards_.try_emplace(guard, file).first->second != file) guard += '_';
    return guard;
  }

  std::optional<Failure> add_lines(const fs::path& file, std::string_view text,
                                   const std::vector<Directive>& directives) {
    const char* done = text.data();
    const int outside = conditions_;
    if (is_guarded(directives)) --conditions_;
    for (const Directive& one : directives) {
      remember_default(one);
      conditions_ += one.name.starts_with("if") ? 1 : one.name == "endif" ? -1 : 0;
      if (one.name != "include" && !is_pragma_once(one)) continue;
      out_.append(done, one.text.data());
      done = one.text.data() + one.text.size();
      if (one.name == "include")
        if (auto failure = add_include(file, one)) return failure;
    }
    out_.append(done, text.data() + text.size());
    conditions_ = outside;
    return std::nullopt;
  }

  // #ifndef X_H, #define X_H: the guard around a whole header is no condition.
  static bool is_guarded(const std::vector<Directive>& directives) {
    return directives.size() > 1 && directives[0].name == "ifndef" &&
           directives[1].name == "define" && directives[0].words.size() == 1 &&
           directives[1].words.size() == 1 &&
           directives[0].words[0].text == directives[1].words[0].text;
  }

  // `#define SOFTMAX "warp.cuh"` serves where no parameter of that name says otherwise.
  void remember_default(const Directive& one) {
    if (one.name != "define" || one.words.size() != 2) return;
    if (one.words[1].kind != CodeTokenKind::string) return;
    fragments_.try_emplace(std::string(one.words[0].text),
                           std::vector<std::string>{without_quotes(one.words[1].text)});
  }

  std::optional<Failure> add_include(const fs::path& file, const Directive& one) {
    const auto where = fmt::format("{}:{}", named(file), one.line);
    if (one.words.empty()) return refusal(where + ": #include of nothing");
    const CodeToken& what = one.words[0];
    const std::string local(included_header(one));
    std::vector<std::string> names;
    std::vector<fs::path> folders{file.parent_path()};
    const bool quoted = what.kind == CodeTokenKind::string && what.text.size() > 2;
    if (quoted) {
      names = {without_quotes(what.text)};
    } else if (what.kind == CodeTokenKind::identifier) {
      const auto fragment = fragments_.find(what.text);
      if (fragment == fragments_.end())
        return refusal(fmt::format("{}: #include {}: no parameter of kind files has this name",
                                   where, what.text));
      used_.emplace(what.text);
      names = fragment->second;
    } else if (local.starts_with("evotune/")) {
      if (auto failure = add_own(local, where)) return failure;
    } else if (is_found(local) || elsewhere(folder_, local).size() == 1) {
      names = {local};  // as with nvcc -I.
      folders.clear();
    } else if (const std::string copy = flat_copy(local); !copy.empty()) {
      names = {copy};
    } else if (is_of_a_project(local) && is_for_a_host()) {
      out_ += without(fmt::format("<{}>", local), where, "is not beside it; put a copy there");
      return std::nullopt;
    } else if (fs::path(local).is_absolute() || leads_up(local)) {
      names = {local};  // never for a compiler, which would read it
    } else {
      out_ += one.text;  // a system include
      return std::nullopt;
    }
    folders.insert(folders.end(), folders_.begin(), folders_.end());
    for (const std::string& name : names)
      if (auto failure = add_file(folders, name, where, quoted)) return failure;
    // The include's own line end follows, and with it the includer's next line.
    const auto lines = std::count(one.text.begin(), one.text.end(), '\n');
    out_ += fmt::format("#line {} \"{}\"", one.line + lines + 1, named(file));
    return std::nullopt;
  }

  std::optional<Failure> add_own(const std::string& name, const std::string& where) {
    std::error_code unresolved;
    for (const fs::path& root : template_path(folder_ / "any")) {
      const fs::path folder = fs::weakly_canonical(root / "include", unresolved);
      const fs::path file = fs::weakly_canonical(folder / name, unresolved);
      if (unresolved || !inside(file, folder) || !fs::exists(file, unresolved)) continue;
      own_.try_emplace(file, name);
      return add(file, read_file(file, largest_source));
    }
    return refusal(fmt::format("{}: evotune has no header <{}>", where, name));
  }

  // Neither the system's nor the toolkit's: what <polybench.h> is, of an -I that is not known here.
  static bool is_of_a_project(std::string_view header) {
    constexpr std::array toolkit = {"cu", "nv", "device_", "library_", "surface_", "texture_"};
    return header.find('.') != std::string_view::npos && !is_system_header(header) &&
           std::none_of(toolkit.begin(), toolkit.end(),
                        [header](std::string_view one) { return header.starts_with(one); });
  }

  // What is there instead of an include.
  static std::string without(const std::string& what, const std::string& where,
                             std::string_view why) {
    return fmt::format("// {}{} includes {}, which {}", absence, where, what, why);
  }

  [[nodiscard]] bool lies_in(const fs::path& folder, const std::string& name) const {
    std::error_code unresolved;
    const fs::path file = fs::weakly_canonical(folder / name, unresolved);
    return !name.empty() && !is_system_header(name) && !leads_up(name) && inside(file, root_) &&
           fs::is_regular_file(file, unresolved);
  }

  [[nodiscard]] bool is_found(const std::string& name) const {
    return std::any_of(folders_.begin(), folders_.end(),
                       [&](const fs::path& folder) { return lies_in(folder, name); });
  }

  // Appends whole lines. What leads up is looked for in the first two folders only: its includer's
  // and the kernel's.
  std::optional<Failure> add_file(const std::vector<fs::path>& folders, const std::string& name,
                                  const std::string& where, bool quoted) {
    std::error_code ignored;  // what cannot be resolved does not exist
    bool outside = false;
    for (std::size_t i = 0; i < folders.size() && (i < 2 || !leads_up(name)); ++i) {
      const fs::path file = fs::weakly_canonical(folders[i] / name, ignored);
      outside = outside || (!inside(file, root_) && (i == 0 || fs::exists(file, ignored)));
      if (inside(file, root_) && fs::exists(file, ignored)) return add_found(file, where);
    }
    const std::vector<fs::path> below = elsewhere(folders.front(), name);
    if (below.size() == 1) return add_found(below.front(), where);
    if (const std::string copy = flat_copy(name); quoted && !copy.empty())
      return add_file({folder_}, copy, where, quoted);
    return go_without(name, where, quoted, outside ? why_outside() : why_nowhere(below));
  }

  std::optional<Failure> add_found(const fs::path& file, const std::string& where) {
    try {
      return add(file, read_file(file, largest_source));
    } catch (const IoError& error) {
      return refusal(where + ": " + error.what());
    }
  }

  // Where an option -I of its project may lead to; several that are as near are as good as none.
  std::vector<fs::path> elsewhere(const fs::path& folder, const std::string& name) {
    if (name.empty() || is_system_header(name) || leads_up(name)) return {};
    return headers_->nearest(folder, name, open_);
  }

  [[nodiscard]] std::string why_nowhere(const std::vector<fs::path>& as_near) const {
    if (as_near.empty()) return "is not there; put a copy beside the kernel";
    return fmt::format("may be {} or {}; put a copy of the right one beside the kernel",
                       named(as_near[0]), named(as_near[1]));
  }
  [[nodiscard]] std::string why_outside() const {
    return kernel_.root.empty()
               ? "is outside the template's folder; put a copy beside the kernel"
               : "is outside the space file's folder; put the space file into a folder above both, "
                 "or a copy beside the kernel";
  }

  // "../util.cuh" and "project/kernels/util.cuh" are of other folders of their project; who brought
  // the kernel may have brought them along, flat.
  [[nodiscard]] std::string flat_copy(const std::string& name) const {
    const std::string copy = fs::path(name).filename().string();
    return copy != name && !is_system_header(name) && lies_in(folder_, copy) ? copy : std::string();
  }

  // Whether the kernel's file or what it includes has a program of the host's. Asked where
  // something is missing, which is left out for that.
  bool is_for_a_host() {
    if (host_) return *host_;
    host_ = has_host_code(kernel_.text);
    if (*host_) return true;
    Inliner whole(folder_, root_, kernel_, fragments_);
    whole.host_ = true;
    std::error_code unresolved;
    const bool read = !whole.add(fs::weakly_canonical(kernel_.file, unresolved), kernel_.text);
    host_ = read && has_host_code(whole.out_);
    return *host_;
  }

  // A file in quotes may be the system's, or of a branch that the preprocessor drops. Else the
  // kernel needs it, unless there is a host's program beside it that may be the one to.
  std::optional<Failure> go_without(const std::string& name, const std::string& where, bool quoted,
                                    std::string_view why) {
    const bool system = is_system_header(name);
    if (quoted && !system && is_for_a_host())
      out_ += without(fmt::format("\"{}\"", name), where, why) + "\n";
    else if (quoted && conditions_ > 0 && (fs::path(name).is_absolute() || leads_up(name)))
      out_ += fmt::format("#error \"{}\" {}\n", name, why);
    else if (quoted && (system || conditions_ > 0))
      out_ += fmt::format("#include <{}>\n", name);
    else
      return refusal(fmt::format("{}: \"{}\" {}", where, name, why));
    return std::nullopt;
  }

  fs::path folder_, root_;
  std::vector<fs::path> folders_;  ///< from the kernel's to the root
  std::shared_ptr<HeadersBelow> headers_;
  const Template& kernel_;
  Fragments fragments_;
  std::vector<fs::path> open_;
  std::map<fs::path, std::string> own_;  ///< evotune's headers, by the names they are included by
  std::string out_;
  std::set<std::string, std::less<>> used_;
  std::map<std::string, std::string> included_;  ///< names and texts
  std::map<std::string, fs::path> guards_;
  int conditions_ = 0;  ///< #ifs that are open where it reads
  std::optional<bool> host_;
};

}  // namespace

Result<InlinedText> inline_includes(const Template& kernel, const Fragments& fragments) {
  std::error_code unresolved;
  const fs::path folder = fs::weakly_canonical(kernel.folder, unresolved);
  const fs::path file = fs::weakly_canonical(kernel.file, unresolved);
  const fs::path root =
      kernel.root.empty() ? folder : fs::weakly_canonical(kernel.root, unresolved);
  if (unresolved || !inside(file, folder))
    return refusal(kernel.file.string() + " is not inside " + kernel.folder.string());
  Inliner inliner(folder, root, kernel, fragments);
  if (auto failure = inliner.add(file, kernel.text)) return *failure;
  return inliner.take();
}

std::string absent_includes(std::string_view inlined) {
  std::string lines;
  std::set<std::string_view> said;  // a header may be included twice
  for (const CodeToken& token : code_tokens(inlined))
    if (const std::size_t at = token.text.find(absence);
        token.kind == CodeTokenKind::comment && at == 3 && said.insert(token.text).second)
      lines += fmt::format("\n{}", token.text.substr(at + absence.size()));
  return lines;
}

}  // namespace evotune
