#include "device/cpu/host_compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/process.h"
#include "base/text.h"

namespace evotune::cpu {
namespace {

std::optional<HostCompiler> ask_version(const std::string& name) {
  const auto program = find_program(name);
  if (!program) return std::nullopt;
  const ProcessResult said = run_process({*program, "--version"}, {.seconds = 20});
  if (said.signal != 0 || said.exit_code != 0) return std::nullopt;
  const std::vector<std::string> lines = split_lines(said.output);
  return HostCompiler{*program, lines.empty() ? *program : lines.front()};
}

std::string wish(const std::string& wanted) {
  return wanted.empty() ? environment_variable("EVOTUNE_CXX").value_or("") : wanted;
}

// A GPU's matters: they change nothing on a host.
constexpr std::array ignored = {std::string_view("--maxrregcount"),
                                std::string_view("-maxrregcount"),
                                std::string_view("--gpu-architecture"),
                                std::string_view("-arch"),
                                std::string_view("--restrict"),
                                std::string_view("-restrict"),
                                std::string_view("--extra-device-vectorization"),
                                std::string_view("--ptxas-options"),
                                std::string_view("-Xptxas"),
                                std::string_view("-lineinfo"),
                                std::string_view("--generate-line-info"),
                                std::string_view("--device-debug"),
                                std::string_view("--default-device"),
                                std::string_view("-default-device"),
                                std::string_view("--dopt"),
                                std::string_view("--ftz"),
                                std::string_view("-ftz"),
                                std::string_view("--prec-sqrt"),
                                std::string_view("-prec-sqrt"),
                                std::string_view("--minimal"),
                                std::string_view("--dlcm")};

constexpr std::array standards = {std::string_view("c++14"), std::string_view("c++17"),
                                  std::string_view("c++20")};

/// nvcc's fast mathematics neither reorders sums nor assumes that there is no infinity or NaN, so
/// -ffast-math would break kernels that are right on a GPU (softmax begins with -INFINITY). What is
/// left of it here: x / y may become x · (1 / y).
constexpr std::string_view fast_division = "-freciprocal-math";

/// A function that forgets to return a value that nobody uses works on a GPU. g++ goes on behind
/// its end only where it checks what is unreachable.
constexpr const char *forgotten_return = "-fno-strict-return",
                     *forgotten_return_of_gcc = "-fsanitize=unreachable";

bool takes_no_part(std::string_view name) {
  return std::find(ignored.begin(), ignored.end(), name) != ignored.end();
}

}  // namespace

std::optional<HostCompiler> find_host_compiler(const std::string& wanted) {
  if (const std::string name = wish(wanted); !name.empty()) return ask_version(name);
  if (auto clang = ask_version("clang++")) return clang;
  return ask_version("g++");
}

Failure no_host_compiler(const std::string& wanted) {
  const std::string name = wish(wanted);
  return {Stage::infrastructure,
          name.empty()
              ? "the CPU device needs a C++ compiler: install clang++ (package clang) or "
                "g++ (package g++)"
              : fmt::format("the C++ compiler '{}' (EVOTUNE_CXX) cannot be run: install it "
                            "or name another one",
                            name)};
}

bool defines_macro(const std::string& option) {
  return option.starts_with("-D") && option.size() > 2 && !option.starts_with("-DNDEBUG");
}

Result<std::vector<std::string>> host_options(const std::vector<std::string>& nvcc) {
  // nvcc fuses multiplications with additions unless told otherwise.
  std::string contract = "-ffp-contract=fast", standard = "-std=c++17";
  std::vector<std::string> options;
  for (const std::string& option : nvcc) {
    const std::string name = option.substr(0, option.find_first_of("= "));
    const std::string value = name.size() < option.size() ? option.substr(name.size() + 1) : "";
    if (name == "--use_fast_math" || name == "-use_fast_math")
      options.emplace_back(fast_division);
    else if (name == "--fmad" || name == "-fmad")
      contract = value == "false" ? "-ffp-contract=off" : "-ffp-contract=fast";
    else if (name == "--prec-div" || name == "-prec-div")
      options.emplace_back(value == "false" ? fast_division : "-fno-reciprocal-math");
    else if ((name == "--std" || name == "-std") &&
             std::find(standards.begin(), standards.end(), value) != standards.end())
      standard = value == "c++14" ? "-std=c++17" : "-std=" + value;  // the shim needs C++17
    else if (name == "-DNDEBUG")
      options.push_back(option);
    else if (defines_macro(option))
      continue;
    else if (!takes_no_part(name))
      return Failure{Stage::compile,
                     fmt::format("the CPU device does not know the compiler option '{}'", option)};
  }
  options.push_back(contract);
  options.push_back(standard);
  return options;
}

std::vector<std::string> compile_command(const HostCompiler& compiler,
                                         const std::vector<std::string>& options,
                                         const std::filesystem::path& shim,
                                         const std::filesystem::path& source,
                                         const std::filesystem::path& image) {
  std::vector<std::string> command = {
      compiler.program, "-O2", "-march=native", "-shared", "-fPIC", "-w", "-fno-exceptions",
      "-fno-rtti", "-fno-threadsafe-statics",
      // As on a GPU: no errno, no floating-point traps; and what loops for ever does so.
      "-fno-math-errno", "-fno-trapping-math", "-fno-finite-loops",
      // Memory is read as any type, half by half and 16 bytes at once, also where C++ forbids it.
      "-fno-strict-aliasing",
      // Only what the entry needs stays, so that static shared memory is the kernel's own.
      "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections",
      "-fno-plt",
      // A frame larger than a page must not step over a stack's guard.
      "-fstack-clash-protection"};
  if (compiler.is_clang()) {
    // Subscripts of arrays and alignments are checked by the handlers in shim/checks.h: nothing
    // else would see them. It costs next to nothing here; g++'s kernels would be three times as
    // slow.
    command.insert(command.end(),
                   {"-fno-caret-diagnostics", "-ferror-limit=8", "-Wno-register", forgotten_return,
                    // `int x{threadIdx.x}` is a warning of nvcc's and of g++'s.
                    // So is `return;` where a value is due.
                    "-Wno-c++11-narrowing", "-Wno-error=return-type",
                    "-fsanitize=array-bounds,alignment", "-fno-sanitize-recover=all"});
  } else {
    // g++ would otherwise share templates' statics between kernels, and never unload them.
    command.insert(command.end(),
                   {"-fno-gnu-unique", "-fno-semantic-interposition", forgotten_return_of_gcc,
                    "-fno-diagnostics-show-caret", "-fmax-errors=8"});
  }
  // Lines, so that a fault can name its own; of DWARF 5 addr2line mistakes the first file.
  command.insert(command.end(),
                 {compiler.is_clang() ? "-gline-tables-only" : "-g1", "-gdwarf-4",
                  fmt::format("-fdebug-prefix-map={}=.", std::filesystem::current_path().string()),
                  fmt::format("-fdebug-prefix-map={}={}", shim.string(), shim_folder_in_lines)});
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"-I", shim.string(), "-include", "evotune_cuda.h", "-x",
                                 source.extension() == module_extension ? "ir" : "c++",
                                 source.string(), "-o", image.string()});
  return command;
}

std::vector<std::string> observed_compile_command(const HostCompiler& compiler,
                                                  const std::vector<std::string>& options,
                                                  const std::filesystem::path& shim,
                                                  const std::filesystem::path& source,
                                                  const std::filesystem::path& object) {
  std::vector<std::string> compile = compile_command(compiler, options, shim, source, object);
  std::erase_if(compile,
                [](const std::string& one) { return one == "-shared" || one.starts_with("-Wl,"); });
  // Optimised as far as accesses stay those of the source, one by one.
  std::replace(compile.begin(), compile.end(), std::string("-O2"), std::string("-O1"));
  compile.insert(compile.end(), {"-c", "-fsanitize=thread", "-fno-omit-frame-pointer"});
  if (compiler.is_clang())  // these would split accesses
    compile.emplace_back("-fno-sanitize=array-bounds,alignment");
  // Where overflow is anything, a loop up to the largest int may end before it wraps as on a GPU.
  compile.emplace_back("-fwrapv");
  const auto rename = [&compile](const std::filesystem::path& folder, std::string_view name) {
    compile.push_back(fmt::format("-fdebug-prefix-map={}={}", folder.string(), name));
  };
  rename(std::filesystem::current_path(), source_in_debug_info);
  rename(source.parent_path(), source_in_debug_info);
  rename(shim, shim_in_debug_info);
  // Equal accesses of two branches stay two: one that stands for both would have no line.
  if (compiler.is_clang())
    for (const char* option :
         {"-tsan-distinguish-volatile=1", "-tsan-instrument-read-before-write=1",
          "-tsan-instrument-func-entry-exit=0", "-simplifycfg-sink-common=false",
          "-simplifycfg-hoist-common=false", "-simplifycfg-merge-cond-stores=false",
          "-enable-tail-merge=false"})
      compile.insert(compile.end(), {"-mllvm", option});
  else
    for (const char* option : {"tsan-distinguish-volatile=1", "tsan-instrument-func-entry-exit=0"})
      compile.insert(compile.end(), {"--param", option});
  // What becomes instructions without a call would not be announced. Speed matters less here, so
  // that g++ checks, too, what clang++ checks in every run.
  if (!compiler.is_clang())
    compile.insert(compile.end(), {"-fno-builtin-memset", "-mstringop-strategy=libcall",
                                   "-fsanitize=bounds,alignment", "-fno-sanitize-recover=bounds"});
  compile.emplace_back(compiler.is_clang() ? "-gline-tables-only" : "-g1");
  if (object.extension() == module_extension)
    compile.insert(compile.end(), {"-S", "-emit-llvm", "-Xclang", "-disable-llvm-passes"});
  return compile;
}

std::vector<std::string> observed_link_command(const HostCompiler& compiler,
                                               const std::filesystem::path& object,
                                               const std::filesystem::path& image) {
  return {compiler.program,     "-shared",           "-Wl,--gc-sections", "-Wl,--wrap=memcpy",
          "-Wl,--wrap=memmove", "-Wl,--wrap=memset", object.string(),     "-o",
          image.string()};
}

}  // namespace evotune::cpu
