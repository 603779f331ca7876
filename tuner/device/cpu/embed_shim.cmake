# cmake -D SHIM=<folder> -D FILES=<names> -D OUTPUT=<file> -P embed_shim.cmake
# Writes a C++ file that holds the headers of the shim as text.
string(REPLACE "," ";" FILES "${FILES}")
set(table "")
foreach(name IN LISTS FILES)
  file(READ "${SHIM}/${name}" text)
  string(APPEND table "    {\"${name}\", R\"evotune(${text})evotune\"},\n")
endforeach()
list(LENGTH FILES count)
file(WRITE "${OUTPUT}" "// Made by embed_shim.cmake.
#include \"device/cpu/shim_files.h\"

#include <array>

namespace evotune::cpu {
namespace {

constexpr std::array<ShimFile, ${count}> files = {{
${table}}};

}  // namespace

std::span<const ShimFile> shim_files() { return files; }

}  // namespace evotune::cpu
")
