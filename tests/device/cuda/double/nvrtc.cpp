// NVRTC's functions, for a GPU that is really the CPU device: a "cubin" is a shared object for this
// machine.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "device/cpu/cpu_device.h"
#include "device/cuda/nvrtc_library.h"
#include "image.h"

namespace {

using evotune::NvrtcResult;

struct Program {
  std::string text, entry, log, image;
};

constexpr std::array architectures = {80, 90};

evotune::Device& compiler() {
  static const std::unique_ptr<evotune::Device> device = evotune::make_cpu_device();
  return *device;
}

bool is_for_nvrtc_alone(const std::string& option) {
  for (const char* start : {"--gpu-architecture", "--include-path", "--pre-include",
                            "--device-as-default-execution-space", "--ptxas-options"})
    if (option.starts_with(start)) return true;
  return false;
}

/// The build that build_marks() has written into the text.
std::string build_id_of(const std::string& text) {
  const std::string mark = "evotune_build_";
  const std::size_t begin = text.rfind(mark) + mark.size();
  return text.substr(begin, text.find(';', begin) - begin);
}

NvrtcResult give(const std::string& text, char* to) {
  text.copy(to, text.size());
  return NvrtcResult::success;
}

Program& program_of(evotune::NvrtcProgram handle) { return *reinterpret_cast<Program*>(handle); }

}  // namespace

extern "C" {

const char* nvrtcGetErrorString(NvrtcResult) { return "an error of the double"; }
NvrtcResult nvrtcVersion(int* major, int* minor) {
  *major = 13;
  *minor = 0;
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetNumSupportedArchs(int* count) {
  *count = static_cast<int>(architectures.size());
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetSupportedArchs(int* numbers) {
  std::copy(architectures.begin(), architectures.end(), numbers);
  return NvrtcResult::success;
}
NvrtcResult nvrtcCreateProgram(evotune::NvrtcProgram* program, const char* text, const char*, int,
                               const char* const*, const char* const*) {
  *program = reinterpret_cast<evotune::NvrtcProgram>(new Program{text, "", "", ""});
  return NvrtcResult::success;
}
NvrtcResult nvrtcDestroyProgram(evotune::NvrtcProgram* program) {
  delete &program_of(*program);
  *program = nullptr;
  return NvrtcResult::success;
}
NvrtcResult nvrtcAddNameExpression(evotune::NvrtcProgram program, const char* expression) {
  program_of(program).entry = expression;
  return NvrtcResult::success;
}
NvrtcResult nvrtcCompileProgram(evotune::NvrtcProgram handle, int count,
                                const char* const* options) {
  Program& program = program_of(handle);
  evotune::Source source;
  source.text = program.text;
  source.entry = program.entry;
  source.hash = build_id_of(program.text);
  source.options.emplace_back("-Devotune_std=std");  // of a header for NVRTC alone
  for (int i = 0; i < count; ++i)
    if (!is_for_nvrtc_alone(options[i])) source.options.emplace_back(options[i]);
  const evotune::Result<evotune::Compiled> compiled = compiler().compile(source);
  if (!compiled) {
    program.log = compiled.error().message;
    return NvrtcResult::compilation;
  }
  const std::string object(reinterpret_cast<const char*>(compiled->image.data()),
                           compiled->image.size());
  program.image = evotune::cuda_double::packed({source.hash, program.entry, program.text, object});
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetLoweredName(evotune::NvrtcProgram program, const char*, const char** name) {
  *name = program_of(program).entry.c_str();
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetPTXSize(evotune::NvrtcProgram, std::size_t* size) {
  *size = 1;
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetPTX(evotune::NvrtcProgram, char* text) {
  *text = '\0';
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetCUBINSize(evotune::NvrtcProgram program, std::size_t* size) {
  *size = program_of(program).image.size();
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetCUBIN(evotune::NvrtcProgram program, char* image) {
  return give(program_of(program).image, image);
}
NvrtcResult nvrtcGetProgramLogSize(evotune::NvrtcProgram program, std::size_t* size) {
  *size = program_of(program).log.size() + 1;
  return NvrtcResult::success;
}
NvrtcResult nvrtcGetProgramLog(evotune::NvrtcProgram program, char* text) {
  text[program_of(program).log.size()] = '\0';
  return give(program_of(program).log, text);
}
}
