#pragma once

#include <string>

namespace evotune {

/// A .npy file with this header, and as many bytes of data: 0, 1, 2, …
inline std::string npy_bytes(const std::string& header, std::size_t data, char version = 1) {
  std::string file = "\x93NUMPY";
  file += version;
  file += '\0';
  file += static_cast<char>(header.size());
  file.append(version == 1 ? 1 : 3, '\0');
  file += header;
  for (std::size_t i = 0; i < data; ++i) file += static_cast<char>(i);
  return file;
}

}  // namespace evotune
