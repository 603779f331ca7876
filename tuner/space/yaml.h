#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"

namespace evotune {

struct YamlEntry;

/// A node of a YAML document, with its place. Plain and quoted scalars are told apart, so that
/// "64" stays text.
struct YamlNode {
  enum class Kind : std::uint8_t { nothing, text, list, map };
  Kind kind = Kind::nothing;
  bool quoted = false;
  std::string text;
  std::vector<YamlNode> items;     ///< of a list
  std::vector<YamlEntry> entries;  ///< of a map, in the order they stand
  int line = 0, column = 0;
  int text_column = 0;  ///< where `text` begins if it stands in the file letter by letter, else 0

  [[nodiscard]] const YamlNode* find(std::string_view key) const;  ///< in a map
};

struct YamlEntry {
  YamlNode key;  ///< always text
  YamlNode value;
};

struct YamlDocument {
  YamlNode root;
  std::vector<Mistake> mistakes;
  bool readable = true;  ///< false: a mistake ended the reading, so `root` is not all there is
};

/// Reads one YAML document of the strict dialect: no aliases, anchors, tags, merge keys or
/// duplicate keys; UTF-8; bounded in size, depth and number of nodes. Never throws over the text.
[[nodiscard]] YamlDocument parse_yaml(std::string_view text, const std::string& file);

/// "a list", "nothing", "'abc'": what stands there, for messages.
[[nodiscard]] std::string describe(const YamlNode&);

}  // namespace evotune
