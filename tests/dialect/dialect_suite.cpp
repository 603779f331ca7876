#include "dialect_suite.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <stdexcept>

#include "base/file.h"
#include "base/hash.h"
#include "kernel/includes.h"

namespace evotune::dialect_test {

std::span<const Expectation> expectations() {
  static const std::vector<Expectation> all = [] {
    std::vector<Expectation> both = general_expectations();
    for (Expectation& one : learning_expectations()) both.push_back(std::move(one));
    return both;
  }();
  return all;
}

std::filesystem::path dialect_folder() {
  const char* elsewhere = std::getenv("EVOTUNE_DIALECT_FOLDER");
  return elsewhere != nullptr ? elsewhere : EVOTUNE_SOURCE_DIR "/tests/dialect";
}

std::vector<std::string> dialect_files() {
  std::vector<std::string> files;
  for (const Expectation& one : expectations())
    if (files.empty() || files.back() != one.file) files.push_back(one.file);
  return files;
}

std::vector<Expectation> expectations_of(const std::string& file) {
  std::vector<Expectation> found;
  const auto all = expectations();
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Expectation& one) { return one.file == file; });
  return found;
}

Source dialect_source(const std::string& file, bool dispatch) {
  const std::filesystem::path folder = dialect_folder();
  const std::filesystem::path path = folder / (file + ".cu");
  const auto inlined = inline_includes({file, path, folder, read_file(path), {}}, {});
  if (!inlined) throw std::runtime_error(inlined.error().message);
  Source source;
  source.text = inlined->text;
  const std::vector<Expectation> kernels = expectations_of(file);
  source.entry = kernels.front().kernel;
  if (dispatch) {
    source.entry = "dispatch";
    source.text +=
        "extern \"C\" __global__ void dispatch(int which, const float* in, float* out) {\n";
    for (std::size_t i = 0; i < kernels.size(); ++i)
      source.text +=
          "  if (which == " + std::to_string(i) + ") " + kernels[i].kernel + "(in, out);\n";
    source.text += "}\n";
  }
  source.hash = content_hash(source.text);
  return source;
}

}  // namespace evotune::dialect_test
