#include "space/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "space/number.h"

namespace evotune {
namespace {

template <typename T>
std::string bounds(const Within<T>& within) {
  const Within<T> open;
  if (within.low > open.low && within.high < open.high)
    return fmt::format(" from {} to {}", within.low, within.high);
  if (within.low > open.low) return fmt::format(" of at least {}", within.low);
  if (within.high < open.high) return fmt::format(" of at most {}", within.high);
  return {};
}

std::string quoting_hint(const YamlNode& node) {
  if (node.quoted) return "quotes make it text; write it without";
  return {};
}

std::string why_not_inside(std::string_view path) {
  constexpr std::string_view forbidden = "\\\"<>|*?\n\r\t";
  if (path.empty()) return "is empty";
  if (path.starts_with('/')) return "is absolute";
  if (path.find_first_of(forbidden) != std::string_view::npos)
    return "holds a character that paths here may not";
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part == "..") return "leads out of its folder";
    if (part.empty()) return "has an empty part";
    begin = end + 1;
  }
  return {};
}

}  // namespace

Location Reader::place(const YamlNode& node) const { return {file_, node.line, node.column}; }

void Reader::refuse(Location where, std::string what, std::string hint) {
  mistakes_.push_back({std::move(where), std::move(what), std::move(hint)});
}

void Reader::refuse(const YamlNode& node, std::string what, std::string hint) {
  refuse(place(node), std::move(what), std::move(hint));
}

void Reader::fields(const YamlNode& node, std::string_view key, const std::vector<Field>& all) {
  std::vector<std::string> known;
  for (const Field& field : all) known.emplace_back(field.key);
  if (!is_map(node, key, fmt::format("a map with the keys {}", join(known, ", ")))) return;
  for (const YamlEntry& entry : node.entries) {
    const auto field = std::find_if(all.begin(), all.end(),
                                    [&](const Field& one) { return one.key == entry.key.text; });
    if (field == all.end() && entry.key.text == "<<") continue;  // refused as a merge key
    if (field == all.end())
      refuse(entry.key, fmt::format("unknown key '{}' in {}", entry.key.text, key),
             suggestion(entry.key.text, known));
    else
      field->read(entry.value, field->key);
  }
  for (const Field& field : all)
    if (field.required && node.find(field.key) == nullptr)
      refuse(node, fmt::format("{} lacks the key '{}'", key, field.key));
}

bool Reader::is_map(const YamlNode& node, std::string_view key, std::string_view accepted) {
  if (node.kind == YamlNode::Kind::map) return true;
  refuse(node, fmt::format("{} must be {}, not {}", key, accepted, describe(node)));
  return false;
}

bool Reader::is_list(const YamlNode& node, std::string_view key, std::string_view accepted,
                     std::size_t most) {
  if (node.kind != YamlNode::Kind::list) {
    refuse(node, fmt::format("{} must be {}, not {}", key, accepted, describe(node)));
    return false;
  }
  if (node.items.empty()) refuse(node, fmt::format("{} is empty; it must be {}", key, accepted));
  if (node.items.size() > most)
    refuse(node, fmt::format("{} has {} elements; at most {} are accepted", key, node.items.size(),
                             most));
  return !node.items.empty() && node.items.size() <= most;
}

std::optional<std::string> Reader::text(const YamlNode& node, std::string_view key,
                                        std::string_view accepted) {
  if (node.kind == YamlNode::Kind::text && !node.text.empty()) return node.text;
  refuse(node, fmt::format("{} must be {}, not {}", key, accepted, describe(node)));
  return std::nullopt;
}

std::optional<std::string> Reader::identifier(const YamlNode& node, std::string_view key) {
  auto word = text(node, key, "a C identifier");
  if (!word || is_identifier(*word)) return word;
  refuse(node, fmt::format("{} must be a C identifier, not {}", key, describe(node)),
         "letters, digits and _, not beginning with a digit");
  return std::nullopt;
}

std::optional<std::string> Reader::path(const YamlNode& node, std::string_view key) {
  auto path = text(node, key, "a file name");
  if (!path) return std::nullopt;
  const std::string why = why_not_inside(*path);
  if (why.empty()) return path;
  refuse(node, fmt::format("{}: the path {} {}", key, describe(node), why),
         "a path inside the folder, without '..'");
  return std::nullopt;
}

std::optional<bool> Reader::boolean(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::text && !node.quoted) {
    if (node.text == "true") return true;
    if (node.text == "false") return false;
  }
  refuse(node, fmt::format("{} must be true or false, not {}", key, describe(node)),
         quoting_hint(node));
  return std::nullopt;
}

std::optional<std::int64_t> Reader::whole(const YamlNode& node, std::string_view key,
                                          Within<std::int64_t> within) {
  std::string why = describe(node);
  if (node.kind == YamlNode::Kind::text && !node.quoted) {
    const auto read = read_number(node.text);
    if (read) {
      const auto* value = std::get_if<std::int64_t>(&*read);
      if (value != nullptr && *value >= within.low && *value <= within.high) return *value;
    } else if (looks_like_number(node.text)) {
      why = fmt::format("{}: {}", why, read.error());
    }
  }
  refuse(node, fmt::format("{} must be a whole number{}, not {}", key, bounds(within), why),
         quoting_hint(node));
  return std::nullopt;
}

std::optional<double> Reader::number(const YamlNode& node, std::string_view key,
                                     Within<double> within) {
  std::string why = describe(node);
  if (node.kind == YamlNode::Kind::text && !node.quoted) {
    const auto read = read_number(node.text);
    if (read) {
      const auto* whole_value = std::get_if<std::int64_t>(&*read);
      const double value =
          whole_value != nullptr ? static_cast<double>(*whole_value) : std::get<double>(*read);
      if (value >= within.low && value <= within.high) return value;
    } else if (looks_like_number(node.text)) {
      why = fmt::format("{}: {}", why, read.error());
    }
  }
  refuse(node, fmt::format("{} must be a number{}, not {}", key, bounds(within), why),
         quoting_hint(node));
  return std::nullopt;
}

std::optional<PlacedExpression> Reader::expression(const YamlNode& node, std::string_view key,
                                                   const Scope& scope) {
  if (node.kind != YamlNode::Kind::text || node.text.empty()) {
    refuse(node, fmt::format("{} must be an expression, not {}", key, describe(node)),
           "one with commas or brackets stands in quotes: \"ceil_div(N, BN)\"");
    return std::nullopt;
  }
  return expression(node, node.text, 0, scope);
}

std::optional<PlacedExpression> Reader::expression(const YamlNode& node, std::string_view part,
                                                   std::size_t offset, const Scope& scope) {
  Location where = place(node);
  if (node.text_column > 0) where.column = node.text_column + static_cast<int>(offset);
  auto parsed = Expression::parse(part);
  if (!parsed) {
    const ExpressionError& error = parsed.error();
    if (node.text_column > 0 && error.column > 0)
      where.column += static_cast<int>(error.column) - 1;
    refuse(std::move(where), fmt::format("in the expression '{}': {}", part, error.message));
    return std::nullopt;
  }
  check_names(node, *parsed, where, scope);
  return PlacedExpression{*std::move(parsed), std::move(where)};
}

void Reader::check_names(const YamlNode& node, const Expression& expression, const Location& where,
                         const Scope& scope) {
  for (const std::string& name : expression.names()) {
    if (std::find(scope.known.begin(), scope.known.end(), name) != scope.known.end()) continue;
    Location at = where;
    const std::size_t column = expression.column_of(name);
    if (node.text_column > 0 && column > 0) at.column += static_cast<int>(column) - 1;
    refuse(std::move(at), fmt::format("unknown name '{}'", name), hint_for(name, scope, names_));
  }
}

Reader::Read Reader::into(std::string& target) {
  return [this, &target](const YamlNode& node, std::string_view key) {
    if (auto read = text(node, key)) target = *std::move(read);
  };
}

Reader::Read Reader::into(bool& target) {
  return [this, &target](const YamlNode& node, std::string_view key) {
    if (const auto read = boolean(node, key)) target = *read;
  };
}

Reader::Read Reader::into(double& target, Within<double> within) {
  return [this, &target, within](const YamlNode& node, std::string_view key) {
    if (const auto read = number(node, key, within)) target = *read;
  };
}

Reader::Read Reader::into(std::optional<double>& target, Within<double> within) {
  return [this, &target, within](const YamlNode& node, std::string_view key) {
    if (const auto read = number(node, key, within)) target = read;
  };
}

Reader::Read Reader::into(int& target, Within<std::int64_t> within) {
  return [this, &target, within](const YamlNode& node, std::string_view key) {
    if (const auto read = whole(node, key, within)) target = static_cast<int>(*read);
  };
}

Reader::Read Reader::into(std::optional<int>& target, Within<std::int64_t> within) {
  return [this, &target, within](const YamlNode& node, std::string_view key) {
    if (const auto read = whole(node, key, within)) target = static_cast<int>(*read);
  };
}

Reader::Read Reader::into(std::optional<std::uint64_t>& target, Within<std::int64_t> within) {
  return [this, &target, within](const YamlNode& node, std::string_view key) {
    if (const auto read = whole(node, key, within)) target = static_cast<std::uint64_t>(*read);
  };
}

}  // namespace evotune
