#include "device/cpu/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "device/cpu/rewrite.h"

namespace evotune::cpu {
namespace {

/// A name that occurs in a compiler's complaint, and what it means that it does.
struct Construct {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::string_view textures = "textures and surfaces are not supported";
constexpr std::string_view legacy =
    "a warp function without _sync: name the lanes with __shfl_sync, __any_sync, …; it is not "
    "supported";
constexpr std::string_view fp8 = "8-bit and smaller floats are not supported";
constexpr std::string_view clusters = "thread-block clusters are not supported";
constexpr std::string_view tma = "the tensor memory accelerator (TMA) is not supported";
constexpr std::string_view small_tiles = "wmma::experimental (1 and 4 bits) is not supported";
constexpr std::string_view torch = "PyTorch (torch, at, c10) in device code is not supported";
constexpr std::string_view cutlass = "CUTLASS and CuTe are not supported";
constexpr std::array constructs = {
    Construct{"evotune_refused_kernel_launch",
              "a kernel launch <<<…>>> in device code (dynamic parallelism) is not supported"},
    Construct{"texture", textures},
    Construct{"surface", textures},
    Construct{"cudaTextureObject_t", textures},
    Construct{"cudaSurfaceObject_t", textures},
    Construct{"cudaReadModeElementType", textures},
    Construct{"tex1D", textures},
    Construct{"tex1Dfetch", textures},
    Construct{"tex2D", textures},
    Construct{"tex3D", textures},
    Construct{"__shfl", legacy},
    Construct{"__shfl_up", legacy},
    Construct{"__shfl_down", legacy},
    Construct{"__shfl_xor", legacy},
    Construct{"__any", legacy},
    Construct{"__all", legacy},
    Construct{"__ballot", legacy},
    Construct{"experimental", small_tiles},
    Construct{"__cluster_dims__", clusters},
    Construct{"cluster_group", clusters},
    Construct{"this_cluster", clusters},
    Construct{"CUtensorMap", tma},
    Construct{"cuda_fp8.h", fp8},
    Construct{"cuda_fp6.h", fp8},
    Construct{"cuda_fp4.h", fp8},
    Construct{"__nv_fp8*", fp8},
    Construct{"__nv_cvt_*", fp8},
    Construct{"curand*", "cuRAND in device code is not supported"},
    Construct{"thrust", "Thrust is not supported"},
    Construct{"ATen", torch},
    Construct{"torch", torch},
    Construct{"c10", torch},
    Construct{"cutlass", cutlass},
    Construct{"cute", cutlass},
    Construct{"cudaGridDependencySynchronize", "programmatic launches are not supported"},
};

struct Complaint {
  std::string place;  ///< "gemm.cu:12:5"
  std::string file;
  std::string message;
};

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
  return end - from;
}

/// "file:12:5: …" or "file:12: …", and what follows the place.
std::optional<Complaint> parse_place(std::string_view line) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    const std::size_t digits = digits_at(line, colon + 1);
    std::size_t end = colon + 1 + digits;
    if (digits == 0 || end >= line.size() || line[end] != ':') continue;
    if (const std::size_t column = digits_at(line, end + 1);
        column != 0 && end + 1 + column < line.size() && line[end + 1 + column] == ':')
      end += 1 + column;
    return Complaint{std::string(line.substr(0, end)), std::string(line.substr(0, colon)),
                     std::string(trim(line.substr(end + 1)))};
  }
  return std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && in_word(text[end])) ++end;
    if (end > i) words.push_back(text.substr(i, end - i));
    i = end + 1;
  }
  return words;
}

std::optional<std::string_view> meaning_of(std::string_view message) {
  for (const std::string_view word : words_of(message))
    for (const Construct& construct : constructs) {
      const std::string_view name = construct.name;
      const bool begins = name.ends_with('*') && word.starts_with(name.substr(0, name.size() - 1));
      if (begins || name == word) return construct.meaning;
    }
  // PyTorch's shortest name is a word of English, too.
  const bool at = message.find("'at'") != message.npos || message.find("‘at’") != message.npos;
  return at ? std::optional(torch) : std::nullopt;
}

/// "fatal error: cub/cub.cuh: No such file" (g++), "fatal error: 'cub/cub.cuh' file not found".
std::optional<std::string> missing_header(std::string_view message) {
  constexpr std::string_view gnu = ": No such file or directory", clang = "' file not found";
  if (message.ends_with(gnu)) return std::string(message.substr(0, message.size() - gnu.size()));
  if (message.ends_with(clang) && message.starts_with("'"))
    return std::string(message.substr(1, message.size() - clang.size() - 1));
  return std::nullopt;
}

/// Of a static_assert in the shim or from the rewriter: "static_assert failed "…"" (clang++),
/// "static assertion failed: …" (g++).
std::optional<std::string> refusal_in_words(std::string_view message) {
  constexpr std::string_view end = "by the CPU device";
  if (!message.starts_with("static")) return std::nullopt;
  const std::size_t last = message.rfind(end);
  if (last == std::string_view::npos) return std::nullopt;
  const std::size_t quote = message.find('"'), colon = message.find(": ");
  const std::size_t begin = quote < last ? quote + 1 : colon < last ? colon + 2 : 0;
  return std::string(message.substr(begin, last + end.size() - begin));
}

/// Of a name that stands for several functions: deduction cannot choose among templates.
bool is_of_overloads(std::string_view message) {
  return message.find("evotune_call") != message.npos ||
         message.find("evotune_describe") != message.npos ||
         message.starts_with("no matches converting function");
}

std::string reword(const std::string& message, std::string_view entry, bool about_entry) {
  if (const auto said = refusal_in_words(message)) return *said;
  const auto header = missing_header(message);
  const auto meaning = meaning_of(message);
  if (header && !meaning) {
    const bool refused = header->starts_with(refused_folder);
    return fmt::format("the CPU device has no header <{}>",
                       refused ? header->substr(refused_folder.size()) : *header);
  }
  if (meaning) return fmt::format("{} by the CPU device", *meaning);
  if (about_entry && is_of_overloads(message))
    return fmt::format(
        "the entry '{}' does not name one kernel: arguments of its template are missing, or it is "
        "overloaded or called like a function of the C++ library and needs another name",
        entry);
  if (about_entry) return fmt::format("the entry '{}' does not name a kernel: {}", entry, message);
  return message;
}

class Reader {
 public:
  Reader(std::string_view folder, std::string_view shim, std::string_view entry)
      : folder_(folder), shim_(shim), entry_(entry) {}

  std::string explain(std::string_view output) {
    for (const std::string& line : split_lines(output)) read(line);
    if (pending_) report(*pending_);
    return lines_.empty() ? std::string(output.substr(0, most_text)) : join(lines_, "\n");
  }

 private:
  static constexpr std::size_t most_errors = 4, most_text = 2000;

  [[nodiscard]] bool is_users(const std::string& file) const {
    return !file.starts_with(shim_) && !file.starts_with("/usr/") &&
           file.find(' ') == std::string::npos;
  }

  /// A complaint inside the shim waits for the line of the user's file that led there: clang says
  /// it in a note below, g++ in a note above or below ("required from here").
  void read(const std::string& line) {
    const auto complaint = parse_place(line);
    if (!complaint) return;
    constexpr std::string_view error = "error: ", fatal = "fatal error: ";
    const bool is_fatal = complaint->message.starts_with(fatal);
    if (!is_fatal && !complaint->message.starts_with(error)) {
      if (!is_users(complaint->file)) return;
      if (pending_) {
        report({complaint->place, complaint->file, pending_->message});
        pending_.reset();
      } else {
        led_here_ = complaint;
      }
      return;
    }
    if (pending_) report(*pending_);
    pending_.reset();
    Complaint found = *complaint;
    found.message.erase(0, is_fatal ? fatal.size() : error.size());
    if (is_users(found.file))
      report(found);
    else if (led_here_)
      report({led_here_->place, led_here_->file, found.message});
    else
      pending_ = found;
    led_here_.reset();
  }

  void report(const Complaint& complaint) {
    if (lines_.size() == most_errors) return;
    std::string place = complaint.place;
    if (place.starts_with(folder_)) place.erase(0, std::min(folder_.size() + 1, place.size()));
    const bool about_entry = complaint.file == entry_file;
    if (about_entry && !lines_.empty()) return;  // a consequence
    const bool nowhere = about_entry || complaint.file == parameters_file;
    const std::string message = reword(complaint.message, entry_, about_entry);
    const std::string text = nowhere ? message : fmt::format("{}: {}", place, message);
    // The line says where; a second error about the same construct on it adds nothing.
    const std::string line =
        about_entry ? std::string(entry_file) : place.substr(0, place.rfind(':')) + message;
    if (seen_.insert(line).second) lines_.push_back(text.substr(0, most_text / most_errors));
  }

  std::string_view folder_, shim_, entry_;
  std::optional<Complaint> pending_;   ///< in the shim, its user's line not known yet
  std::optional<Complaint> led_here_;  ///< a note with a user's line, seen before its error
  std::set<std::string> seen_;
  std::vector<std::string> lines_;
};

}  // namespace

bool names_assertion(std::string_view output) {
  for (const char* said : {"static_assert failed", "static assertion failed", "constant expression",
                           "negative size", "is negative"})
    if (output.find(said) != output.npos) return true;
  return false;
}

bool names_refusal(std::string_view explanation) {
  return explanation.find("not supported by the CPU device") != explanation.npos;
}

std::string explain_compile_errors(std::string_view output, std::string_view folder,
                                   std::string_view shim, std::string_view entry) {
  return Reader(folder, shim, entry).explain(output);
}

}  // namespace evotune::cpu
