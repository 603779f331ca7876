#pragma once

#include <filesystem>

// What all of NVIDIA's libraries have in common here: they are opened at run time, and never
// closed.

namespace evotune {

/// The library that this variable of the environment names, else this one; null where it does not
/// open.
struct OpenedLibrary {
  std::filesystem::path name;
  void* handle = nullptr;
};
[[nodiscard]] OpenedLibrary open_library(const char* variable, const char* otherwise);

/// A function of that name, whatever it takes; null if there is none.
[[nodiscard]] void* find_symbol(void* handle, const char* name);

/// The same into the pointer to it. False if there is none.
template <typename Function>
bool find_function(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(find_symbol(handle, name));
  return function != nullptr;
}

/// The file that the loader took a function from; empty where it does not say.
[[nodiscard]] std::filesystem::path file_of_function(const void* function);

}  // namespace evotune
