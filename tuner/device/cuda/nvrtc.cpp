#include "device/cuda/nvrtc.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/clock.h"
#include "device/cuda/build_marks.h"
#include "device/cuda/compiler_log.h"
#include "device/cuda/cubin_facts.h"
#include "device/cuda/nvrtc_headers.h"
#include "device/cuda/toolkit.h"
#include "kernel/host_code.h"
#include "kernel/includes.h"

namespace evotune {
namespace {

constexpr std::size_t longest_log = std::size_t{64} << 10;

constexpr std::string_view kernel_among_overloads =
    "template <typename... A> constexpr auto evotune_kernel(void (*one)(A...)) { return one; }\n";

bool is_ambiguous(const std::string& log) {
  return log.find("cannot determine which instance of overloaded function") != std::string::npos;
}

/// Every program gets a name of its own, as NVRTC keeps state by name.
std::string unique_name(const Source& source) {
  static std::atomic<std::uint64_t> count = 0;
  return fmt::format("evotune_{}_{}.cu", source.hash, count++);
}

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& one : texts) pointers.push_back(one.c_str());
  return pointers;
}

bool names_a_standard(const std::string& option) {
  return option.rfind("--std", 0) == 0 || option.rfind("-std", 0) == 0;
}

std::vector<std::string> options_for(const Source& source, const std::string& target, bool verbose,
                                     const std::vector<std::filesystem::path>& header_folders) {
  std::vector<std::string> options = {"--gpu-architecture=" + target};
  for (const std::filesystem::path& folder : header_folders)
    options.push_back("--include-path=" + folder.string());
  options.push_back(std::string("--pre-include=") + nvrtc_prelude);
  if (source.text.find("std::") != std::string::npos ||
      source.text.find("namespace std;") != std::string::npos)
    options.push_back(std::string("--pre-include=") + nvrtc_standard_library);
  // A constexpr function and a struct's member serve device code, as nvcc has it too.
  options.emplace_back("--device-as-default-execution-space");
  if (std::none_of(source.options.begin(), source.options.end(), names_a_standard))
    options.emplace_back("--std=c++17");
  if (verbose) options.emplace_back("--ptxas-options=-v");
  options.insert(options.end(), source.options.begin(), source.options.end());
  return options;
}

/// NVRTC refuses `[=] __device__ (…) {…}`, and what is not annotated is the device's here.
std::string with_plain_lambdas(std::string text) {
  constexpr std::string_view annotated = "] __device__";
  for (std::size_t at = text.find(annotated); at != std::string::npos;
       at = text.find(annotated, at + 1)) {
    const bool attribute = at > 0 && text[at - 1] == ']';  // [[nodiscard]] __device__ int f()
    if (!attribute) text.replace(at + 2, annotated.size() - 2, annotated.size() - 2, ' ');
  }
  return text;
}

}  // namespace

/// How a program names its kernel to NVRTC.
enum class KernelName {
  as_is,
  among_overloads,  ///< of CUDA's own functions of that name: a kernel alone returns nothing
};

/// One compilation, from text to whatever is asked of it.
class CudaCompiler::Program {
 public:
  Program(const NvrtcLibrary& library, const Source& source, KernelName name)
      : library_(library), name_(source.entry) {
    std::string text =
        with_plain_lambdas(for_nvrtc(without_host_code(source.text))) + build_marks(source);
    if (name == KernelName::among_overloads) {
      text += kernel_among_overloads;
      name_ = fmt::format("evotune_kernel({})", source.entry);
    }
    const std::vector<const char*> names = pointers_to(nvrtc_headers().names);
    const std::vector<const char*> headers = pointers_to(nvrtc_headers().texts);
    created_ =
        library_.create_program(&program_, text.c_str(), unique_name(source).c_str(),
                                static_cast<int>(names.size()), headers.data(), names.data());
    if (created_ == NvrtcResult::success)
      created_ = library_.add_name_expression(program_, name_.c_str());
  }
  ~Program() {
    if (program_ != nullptr) library_.destroy_program(&program_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  NvrtcResult compile(const std::vector<std::string>& options) {
    if (created_ != NvrtcResult::success) return created_;
    const std::vector<const char*> words = pointers_to(options);
    return library_.compile_program(program_, static_cast<int>(words.size()), words.data());
  }

  [[nodiscard]] std::string log() const {
    return text(library_.get_log_size, library_.get_log).substr(0, longest_log);
  }
  [[nodiscard]] std::string ptx() const { return text(library_.get_ptx_size, library_.get_ptx); }

  [[nodiscard]] std::vector<std::byte> cubin() const {
    std::size_t size = 0;
    if (library_.get_cubin_size(program_, &size) != NvrtcResult::success) return {};
    std::vector<std::byte> image(size);
    if (library_.get_cubin(program_, reinterpret_cast<char*>(image.data())) != NvrtcResult::success)
      return {};
    return image;
  }

  [[nodiscard]] std::string lowered_name() const {
    const char* name = nullptr;
    const NvrtcResult found = library_.get_lowered_name(program_, name_.c_str(), &name);
    return found == NvrtcResult::success ? name : "";
  }

 private:
  /// A text that NVRTC hands out with its terminating zero.
  std::string text(NvrtcResult (*get_size)(NvrtcProgram, std::size_t*),
                   NvrtcResult (*get)(NvrtcProgram, char*)) const {
    std::size_t size = 0;
    if (program_ == nullptr || get_size(program_, &size) != NvrtcResult::success || size == 0)
      return {};
    std::string text(size, '\0');
    if (get(program_, text.data()) != NvrtcResult::success) return {};
    text.resize(size - 1);
    return text;
  }

  const NvrtcLibrary& library_;
  std::string name_;
  NvrtcProgram program_ = nullptr;
  NvrtcResult created_ = NvrtcResult::success;
};

namespace {

Failure explain(NvrtcResult result, const NvrtcLibrary& library, const Source& source,
                const std::string& log) {
  const std::string errors = first_errors(log);
  const std::string message =
      (errors.empty() ? library.get_error_string(result) : errors) + absent_includes(source.text);
  switch (result) {
    case NvrtcResult::out_of_memory:
      return {Stage::out_of_memory, message};
    case NvrtcResult::builtin_operation_failure:
      return {Stage::infrastructure, message + " (libnvrtc-builtins must lie beside libnvrtc)"};
    case NvrtcResult::name_expression_not_valid:
      return {Stage::compile, fmt::format("there is no kernel '{}'\n{}", source.entry, message)};
    default:
      return {Stage::compile, message};
  }
}

/// Of the asked kernel: from the log, and from the cubin what the log does not say.
CompilerFacts facts_of(const std::string& log, const Compiled& compiled) {
  CompilerFacts facts;
  for (const KernelFacts& kernel : parse_ptxas_log(log))
    if (kernel.symbol == compiled.symbol) facts = kernel.facts;
  if (const auto own = cubin_facts(compiled.image, compiled.symbol)) {
    if (!facts.registers) facts.registers = own->registers;
    if (!facts.stack_bytes) facts.stack_bytes = own->stack_bytes;
  }
  return facts;
}

}  // namespace

CudaCompiler::CudaCompiler() : CudaCompiler(nvrtc_candidates()) {}

CudaCompiler::CudaCompiler(const std::vector<std::filesystem::path>& candidates) {
  OpenedNvrtc opened = open_nvrtc(candidates);
  library_ = std::move(opened.library);
  if (library_ != nullptr) {
    header_folders_ = evotune::header_folders(library_->path);
    return;
  }
  why_not_ = opened.why_not +
             "; install the CUDA toolkit (12 or newer), or `pip install nvidia-cuda-nvrtc` and "
             "`nvidia-cuda-runtime`, or set EVOTUNE_NVRTC to libnvrtc.so's path";
}

std::string CudaCompiler::version() const {
  return available() ? fmt::format("NVRTC {}.{}", library_->major, library_->minor) : "";
}

std::filesystem::path CudaCompiler::library() const {
  return available() ? library_->path : std::filesystem::path();
}

std::vector<std::string> CudaCompiler::architectures() const {
  int count = 0;
  if (!available() || library_->get_num_supported_archs(&count) != NvrtcResult::success) return {};
  std::vector<int> numbers(static_cast<std::size_t>(count));
  if (library_->get_supported_archs(numbers.data()) != NvrtcResult::success) return {};
  std::vector<std::string> names;
  for (const int one : numbers) names.push_back(fmt::format("sm_{}", one));
  return names;
}

Result<std::unique_ptr<CudaCompiler::Program>> CudaCompiler::build(const Source& source,
                                                                   const std::string& target,
                                                                   bool verbose) const {
  if (!available()) return Failure{Stage::infrastructure, "no NVRTC: " + why_not_};
  const std::vector<std::string> options = options_for(source, target, verbose, header_folders_);
  auto program = std::make_unique<Program>(*library_, source, KernelName::as_is);
  NvrtcResult result = program->compile(options);
  if (result != NvrtcResult::success && is_ambiguous(program->log())) {
    program = std::make_unique<Program>(*library_, source, KernelName::among_overloads);
    result = program->compile(options);
  }
  if (result != NvrtcResult::success) return explain(result, *library_, source, program->log());
  return program;
}

Result<Compiled> CudaCompiler::compile(const Source& source, const std::string& arch) const {
  const Seconds start = monotonic_seconds();
  const Result<std::unique_ptr<Program>> program = build(source, arch, true);
  if (!program) return program.error();
  Compiled compiled;
  compiled.image = (*program)->cubin();
  compiled.symbol = (*program)->lowered_name();
  if (compiled.image.empty() || compiled.symbol.empty())
    return Failure{Stage::compile, "NVRTC made no cubin for " + arch};
  compiled.build_id = source.hash;
  compiled.log = (*program)->log();
  compiled.facts = facts_of(compiled.log, compiled);
  compiled.facts.compile_seconds = monotonic_seconds() - start;
  return compiled;
}

Result<std::string> CudaCompiler::ptx(const Source& source, const std::string& arch) const {
  const std::string number = arch.rfind("sm_", 0) == 0 ? arch.substr(3) : arch;
  const Result<std::unique_ptr<Program>> program = build(source, "compute_" + number, false);
  if (!program) return program.error();
  return (*program)->ptx();
}

}  // namespace evotune
