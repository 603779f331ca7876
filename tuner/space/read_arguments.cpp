#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

// In the order of Role; a structure is passed as a scalar is.
constexpr std::array role_keys = {"in", "out", "inout", "scratch", "scalar", "constant", "struct"};

constexpr std::size_t most_components = 256;

std::vector<std::string> element_names() {
  std::vector<std::string> names;
  for (auto type = ElementType::i8; type <= ElementType::f64;
       type = static_cast<ElementType>(static_cast<int>(type) + 1))
    names.emplace_back(to_text(type));
  return names;
}

bool is_named(const std::string& name, const std::vector<ArgumentSpec>& among) {
  return !name.empty() && std::any_of(among.begin(), among.end(),
                                      [&](const ArgumentSpec& one) { return one.name == name; });
}

/// A structure's arrays become arguments: "p.x" of p.
void add_arrays(const ArgumentSpec& structure, const std::string& path, const std::string& within,
                std::vector<ArgumentSpec>& arguments) {
  for (const ArgumentSpec& member : structure.members) {
    const std::string name = path + "." + member.name;
    if (member.role == Role::scalar) {
      add_arrays(member, name, within, arguments);
      continue;
    }
    arguments.push_back(member);
    arguments.back().name = name;
    arguments.back().within = within;
  }
}

/// Reads one argument; holds what its parts share.
class ArgumentReader {
 public:
  ArgumentReader(Reader& reader, const std::vector<ParameterDeclaration>& parameters)
      : reader_(reader), parameters_(parameters), scope_(configuration_scope(reader.names())) {}

  [[nodiscard]] ArgumentSpec read(const YamlNode& node) {
    ArgumentSpec argument;
    argument.where = reader_.place(node);
    const auto key = role_key(node);
    if (!key) return argument;
    const bool structure = *key == "struct";
    argument.role = structure ? Role::scalar : role_of(*key);
    if (argument.role == Role::scratch && node.find("values") != nullptr)
      argument.role = Role::filled_scratch;
    std::vector<Reader::Field> fields = {
        {"name", name_into(argument), argument.role != Role::constant},
        {*key, structure ? members_into(argument) : role_into(argument), true}};
    if (argument.role == Role::constant) fields.push_back({"type", buffer_into(argument), true});
    if (argument.role == Role::scalar && !structure)
      fields.push_back({"value", value_into(argument), true});
    if (takes_values(argument.role)) fields.push_back({"values", values_into(argument)});
    reader_.fields(node, fmt::format("an argument with '{}'", *key), fields);
    if (argument.name.empty()) argument.name = argument.symbol;
    check_values(node, argument);
    check_components(node, argument);
    return argument;
  }

 private:
  static bool takes_values(Role role) { return role != Role::out && role != Role::scalar; }

  static Role role_of(std::string_view key) {
    const auto at = std::find(role_keys.begin(), role_keys.end(), key) - role_keys.begin();
    return static_cast<Role>(at);
  }

  std::optional<std::string_view> role_key(const YamlNode& node) {
    constexpr auto accepted = "a map such as {name: A, in: \"f32[M, K]\"}";
    if (!reader_.is_map(node, "an argument", accepted)) return std::nullopt;
    std::vector<std::string_view> found;
    for (const char* key : role_keys)
      if (node.find(key) != nullptr) found.emplace_back(key);
    if (found.size() == 1) return found.front();
    reader_.refuse(node,
                   found.empty() ? "this argument has no role" : "this argument has several roles",
                   role_hint(node));
    return std::nullopt;
  }

  static std::string role_hint(const YamlNode& node) {
    std::vector<std::string> known(role_keys.begin(), role_keys.end());
    for (const YamlEntry& entry : node.entries)
      if (const auto near = closest(entry.key.text, known); near && *near != entry.key.text)
        return fmt::format("'{}': did you mean '{}'?", entry.key.text, *near);
    return "exactly one of " + join(known, ", ");
  }

  Reader::Read name_into(ArgumentSpec& argument) {
    return [this, &argument](const YamlNode& node, std::string_view key) {
      if (auto name = reader_.identifier(node, key)) argument.name = *std::move(name);
    };
  }

  Reader::Read role_into(ArgumentSpec& argument) {
    if (argument.role == Role::scalar)
      return [this, &argument](const YamlNode& node, std::string_view key) {
        const auto type = reader_.text(node, key, "a type: i32, f32, int3, …");
        const auto vector = vector_type_from(type ? trim(*type) : std::string_view());
        if (vector) argument.vector = vector->components;
        if (vector)
          argument.element = to_text(vector->element);
        else if (type)
          set_element(node, *type, 0, argument);
      };
    if (argument.role == Role::constant)
      return [this, &argument](const YamlNode& node, std::string_view key) {
        if (auto symbol = reader_.identifier(node, key)) argument.symbol = *std::move(symbol);
      };
    return buffer_into(argument);
  }

  Reader::Read value_into(ArgumentSpec& argument) {
    return [this, &argument](const YamlNode& node, std::string_view key) {
      const auto add = [&](const YamlNode& one) {
        if (auto read = reader_.expression(one, key, scope_))
          argument.value.push_back(std::move(read->expression));
      };
      if (node.kind != YamlNode::Kind::list) return add(node);
      if (!reader_.is_list(node, key, "a list of the components", most_components)) return;
      for (const YamlNode& one : node.items) add(one);
    };
  }

  /// A functor without members takes a byte all the same.
  static void be_empty(ArgumentSpec& argument) {
    argument.element = to_text(ElementType::u8);
    if (auto zero = Expression::parse("0")) argument.value.push_back(*std::move(zero));
  }

  /// A structure's, in its order.
  Reader::Read members_into(ArgumentSpec& argument) {
    return [this, &argument](const YamlNode& node, std::string_view key) {
      constexpr auto accepted = "a list of members: [{name: n, scalar: i32, value: N}]";
      if (node.kind == YamlNode::Kind::list && node.items.empty()) return be_empty(argument);
      if (!reader_.is_list(node, key, accepted, most_components)) return;
      for (const YamlNode& item : node.items) {
        ArgumentSpec member = read(item);
        if (member.role == Role::constant)
          reader_.refuse(item, "a structure's member cannot be 'constant'",
                         "a number or an array: {name: n, scalar: i32, value: N}");
        if (is_named(member.name, argument.members))
          reader_.refuse(item, fmt::format("two members are named '{}'", member.name));
        argument.members.push_back(std::move(member));
      }
    };
  }

  void check_components(const YamlNode& node, const ArgumentSpec& argument) {
    if (argument.vector == 0 || argument.value.empty() || argument.value.size() == argument.vector)
      return;
    const YamlNode* value = node.find("value");
    constexpr std::array examples = {"[x]", "[x, y]", "[x, y, z]", "[x, y, z, w]"};
    reader_.refuse(value != nullptr ? *value : node,
                   fmt::format("'{}' has {} components, not {}", argument.name, argument.vector,
                               argument.value.size()),
                   fmt::format("value: {}", examples.at(argument.vector - 1)));
  }

  /// "f32[M, K]"
  Reader::Read buffer_into(ArgumentSpec& argument) {
    return [this, &argument](const YamlNode& node, std::string_view key) {
      const auto text = reader_.text(node, key, "a type with sizes: \"f32[M, K]\"");
      if (!text) return;
      const std::size_t open = text->find('[');
      if (open == std::string::npos || !text->ends_with(']')) {
        const std::string element(trim(*text));
        return reader_.refuse(
            node, fmt::format("{} must be a type with sizes, not {}", key, describe(node)),
            node.quoted || is_identifier(element)
                ? fmt::format("\"{}[N]\"; one element is \"{}[1]\"",
                              element.substr(0, element.find('[')),
                              element.substr(0, element.find('[')))
                : "with quotes: \"f32[M, K]\"");
      }
      set_element(node, text->substr(0, open), 0, argument);
      set_extents(node, std::string_view(*text).substr(open + 1, text->size() - open - 2), open + 1,
                  argument);
    };
  }

  void set_element(const YamlNode& node, std::string_view word, std::size_t offset,
                   ArgumentSpec& argument) {
    const std::string element(trim(word));
    argument.element = element;
    const auto& types = reader_.names().types;
    if (std::find(types.begin(), types.end(), element) != types.end())
      return check_type_parameter(node, element);
    if (const auto type = element_type_from(element)) {
      argument.element = to_text(*type);
      return;
    }
    std::vector<std::string> known = element_names();
    known.insert(known.end(), types.begin(), types.end());
    Location where = reader_.place(node);
    if (node.text_column > 0) where.column = node.text_column + static_cast<int>(offset);
    reader_.refuse(std::move(where), fmt::format("unknown element type '{}'", element),
                   suggestion(element, known));
  }

  void check_type_parameter(const YamlNode& node, const std::string& element) {
    for (const ParameterDeclaration& parameter : parameters_) {
      if (parameter.name != element) continue;
      for (const auto& value : parameter.values) {
        const auto* type = std::get_if<Value>(&value);
        if (type != nullptr && !element_type_from(to_text(*type)))
          reader_.refuse(node,
                         fmt::format("'{}', a value of {}, is not a type that arguments can "
                                     "have",
                                     to_text(*type), element),
                         suggestion(to_text(*type), element_names()));
      }
    }
  }

  /// Splits at the commas that stand in no bracket and in no quotes.
  void set_extents(const YamlNode& node, std::string_view text, std::size_t offset,
                   ArgumentSpec& argument) {
    constexpr std::size_t most_extents = 8;
    std::size_t begin = 0;
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ',';
      if (quote != 0 && i < text.size()) {
        if (c == quote) quote = 0;
        continue;
      }
      if (c == '"' || c == '\'') quote = c;
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      if (i < text.size() && (c != ',' || depth > 0)) continue;
      add_extent(node, text.substr(begin, i - begin), offset + begin, argument);
      begin = i + 1;
      if (argument.extents.size() > most_extents)
        return reader_.refuse(node, fmt::format("more than {} dimensions", most_extents));
    }
  }

  void add_extent(const YamlNode& node, std::string_view part, std::size_t offset,
                  ArgumentSpec& argument) {
    const std::size_t blanks = std::min(part.find_first_not_of(' '), part.size());
    part = trim(part);
    if (part.empty()) return reader_.refuse(node, "a size is missing", "\"f32[M, K]\"");
    auto read = reader_.expression(node, part, offset + blanks, scope_);
    if (read) argument.extents.push_back(std::move(read->expression));
  }

  Reader::Read values_into(ArgumentSpec& argument) {
    return [this, &argument](const YamlNode& node, std::string_view) {
      using Kind = ValuesSpec::Kind;
      if (node.kind == YamlNode::Kind::map) return generated_into(argument.values, node);
      const auto text = reader_.text(node, "values", accepted_values);
      if (!text) return;
      const std::array<std::pair<std::string_view, Kind>, 4> kinds = {{{"normal", Kind::normal},
                                                                       {"uniform", Kind::uniform},
                                                                       {"one_hot", Kind::one_hot},
                                                                       {"zeros", Kind::zeros}}};
      for (const auto& [name, kind] : kinds)
        if (name == *text) {
          argument.values.kind = kind;
          return;
        }
      if (!text->ends_with(".npy"))
        return reader_.refuse(
            node, fmt::format("values must be {}, not {}", accepted_values, describe(node)),
            values_hint(*text));
      argument.values.kind = Kind::file;
      if (auto path = reader_.path(node, "values")) argument.values.file = *std::move(path);
    };
  }

  static std::string values_hint(const std::string& text) {
    const std::vector<std::string> known = {"normal", "uniform", "one_hot", "zeros"};
    return text == "integers" ? "say which: {integers: [0, 9]}" : suggestion(text, known);
  }

  void generated_into(ValuesSpec& values, const YamlNode& node) {
    if (node.entries.size() != 1)
      return reader_.refuse(node, "values are made in one way", accepted_values);
    reader_.fields(node, "values",
                   {{"integers", integers_into(values)}, {"formula", formula_into(values)}});
  }

  Reader::Read formula_into(ValuesSpec& values) {
    return [this, &values](const YamlNode& node, std::string_view key) {
      values.kind = ValuesSpec::Kind::formula;
      Scope scope = scope_;
      if (std::count(scope.known.begin(), scope.known.end(), "i") > 0)
        return reader_.refuse(
            node, "'i' is the number of an element in a formula, and a name of this space");
      scope.known.emplace_back("i");
      if (auto read = reader_.expression(node, key, scope)) values.formula = read->expression;
    };
  }

  Reader::Read integers_into(ValuesSpec& values) {
    return [this, &values](const YamlNode& node, std::string_view key) {
      values.kind = ValuesSpec::Kind::integers;
      if (!reader_.is_list(node, key, "[lowest, highest]", 2)) return;
      if (node.items.size() != 2)
        return reader_.refuse(node, "integers must be [lowest, highest], both included");
      if (auto low = reader_.expression(node.items[0], key, scope_)) values.low = low->expression;
      if (auto high = reader_.expression(node.items[1], key, scope_))
        values.high = high->expression;
    };
  }

  /// What "normal" integers are is anybody's guess, and a wrong guess is an index out of bounds.
  void check_values(const YamlNode& node, const ArgumentSpec& argument) {
    const auto type = element_type_from(argument.element);
    if (!takes_values(argument.role) || argument.role == Role::scratch) return;
    if (!type || is_floating(*type)) return;
    if (argument.values.kind == ValuesSpec::Kind::normal ||
        argument.values.kind == ValuesSpec::Kind::uniform)
      reader_.refuse(
          node, fmt::format("'{}' holds integers; say which", argument.name),
          "values: {integers: [0, 9]}, {formula: i // 4}, one_hot, zeros or a .npy file");
  }

  static constexpr auto accepted_values =
      "normal, uniform, {integers: [lowest, highest]}, {formula: expression over i}, one_hot, "
      "zeros or a .npy file";

  Reader& reader_;
  const std::vector<ParameterDeclaration>& parameters_;
  Scope scope_;
};

}  // namespace

void read_arguments(Reader& reader, const YamlNode& node,
                    const std::vector<ParameterDeclaration>& parameters,
                    std::vector<ArgumentSpec>& arguments) {
  if (!reader.is_list(node, "arguments", "a list of the kernel's arguments", 256)) return;
  ArgumentReader one(reader, parameters);
  for (const YamlNode& item : node.items) {
    ArgumentSpec argument = one.read(item);
    if (is_named(argument.name, arguments))
      reader.refuse(item, fmt::format("two arguments are named '{}'", argument.name));
    arguments.push_back(argument);
    add_arrays(argument, argument.name, argument.name, arguments);
  }
  const bool writes =
      std::any_of(arguments.begin(), arguments.end(),
                  [](const ArgumentSpec& argument) { return is_output(argument.role); });
  if (!writes)
    reader.refuse(node, "no argument is out or inout: the kernel's answer could not be checked");
}

}  // namespace evotune
