#include "exporter/formats.h"

namespace evotune {

void add_images(const Winner& winner, ExportedFiles& files) {
  for (const Image& image : winner.images) {
    std::string content;
    content.reserve(image.bytes.size());
    for (const std::byte one : image.bytes) content += static_cast<char>(one);
    files.push_back({image.name, std::move(content)});
  }
}

}  // namespace evotune
