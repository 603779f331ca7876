#include "device/cuda/opened_library.h"

#include <dlfcn.h>

#include "base/process.h"

namespace evotune {

OpenedLibrary open_library(const char* variable, const char* otherwise) {
  const std::string name = environment_variable(variable).value_or(otherwise);
  return {name, dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)};
}

void* find_symbol(void* handle, const char* name) { return dlsym(handle, name); }

std::filesystem::path file_of_function(const void* function) {
  Dl_info info{};
  const bool found = dladdr(function, &info) != 0;
  return found && info.dli_fname != nullptr ? info.dli_fname : "";
}

}  // namespace evotune
