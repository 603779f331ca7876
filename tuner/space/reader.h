#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "space/names.h"
#include "space/space_file.h"
#include "space/yaml.h"

namespace evotune {

/// The bounds a number must keep, both included.
template <typename T>
struct Within {
  T low = std::numeric_limits<T>::lowest();
  T high = std::numeric_limits<T>::max();
};

/// Reads nodes as what they should be. What is wrong is noted, and reading goes on, so that a
/// file's mistakes are reported together. `key` names the thing in messages.
class Reader {
 public:
  using Read = std::function<void(const YamlNode& value, std::string_view key)>;
  struct Field {
    std::string_view key;
    Read read;
    bool required = false;
  };

  Reader(std::string file, const Names& names) : file_(std::move(file)), names_(names) {}

  [[nodiscard]] Location place(const YamlNode&) const;
  void refuse(Location, std::string what, std::string hint = {});
  void refuse(const YamlNode&, std::string what, std::string hint = {});
  [[nodiscard]] std::size_t mistake_count() const { return mistakes_.size(); }
  [[nodiscard]] std::vector<Mistake> take_mistakes() { return std::move(mistakes_); }

  /// Hands each entry of a map to its field; unknown and missing keys are mistakes.
  void fields(const YamlNode&, std::string_view key, const std::vector<Field>&);

  [[nodiscard]] bool is_map(const YamlNode&, std::string_view key, std::string_view accepted);
  /// Also notes a list that is empty or too long.
  [[nodiscard]] bool is_list(const YamlNode&, std::string_view key, std::string_view accepted,
                             std::size_t most = 1000);

  [[nodiscard]] std::optional<std::string> text(const YamlNode&, std::string_view key,
                                                std::string_view accepted = "text");
  [[nodiscard]] std::optional<std::string> identifier(const YamlNode&, std::string_view key);
  /// A relative path that stays inside its folder.
  [[nodiscard]] std::optional<std::string> path(const YamlNode&, std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(const YamlNode&, std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> whole(const YamlNode&, std::string_view key,
                                                  Within<std::int64_t> = {});
  [[nodiscard]] std::optional<double> number(const YamlNode&, std::string_view key,
                                             Within<double> = {});

  /// An expression whose names are known at this place in the file.
  [[nodiscard]] std::optional<PlacedExpression> expression(const YamlNode&, std::string_view key,
                                                           const Scope&);
  /// The part of a node's text that begins at `offset`.
  [[nodiscard]] std::optional<PlacedExpression> expression(const YamlNode&, std::string_view part,
                                                           std::size_t offset, const Scope&);

  // Fields that only store what they read.
  [[nodiscard]] Read into(std::string& target);
  [[nodiscard]] Read into(bool& target);
  [[nodiscard]] Read into(double& target, Within<double>);
  [[nodiscard]] Read into(std::optional<double>& target, Within<double>);
  [[nodiscard]] Read into(int& target, Within<std::int64_t>);
  [[nodiscard]] Read into(std::optional<int>& target, Within<std::int64_t>);
  [[nodiscard]] Read into(std::optional<std::uint64_t>& target, Within<std::int64_t>);

  [[nodiscard]] const Names& names() const { return names_; }

 private:
  void check_names(const YamlNode&, const Expression&, const Location&, const Scope&);

  std::string file_;
  const Names& names_;
  std::vector<Mistake> mistakes_;
};

}  // namespace evotune
