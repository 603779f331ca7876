#include "space/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "space/characters.h"

namespace evotune {
namespace {

constexpr std::size_t longest_text = std::size_t{1} << 20;
constexpr std::size_t deepest = 32;
constexpr std::size_t most_nodes = 100'000;
constexpr std::size_t most_mistakes = 100;  // beyond that the file is not what it claims to be

/// Ends the reading: what comes after it in the text would only confuse.
struct Stop {
  Mistake mistake;
};

int counted_from_one(int index) { return std::max(index, 0) + 1; }

/// Builds nodes from yaml-cpp's events, which know anchors, tags and places where its nodes do not.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
    root.line = root.column = 1;  // in case there is none
  }

  YamlNode root;
  std::vector<Mistake> mistakes;
  int documents = 0;

  /// The innermost list or map that has begun and not ended; null if there is none.
  [[nodiscard]] const YamlNode* unfinished() const {
    return open_.empty() ? nullptr : &open_.back().node;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents == 1) return;
    if (source(mark).starts_with("---")) stop(mark, "a second document; a space file is one", {});
    stop(mark, "unexpected text after the end of the document", {});
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_properties(mark, "?", anchor);
    add(node_at(mark, YamlNode::Kind::nothing));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    note(mark, "aliases are not supported", "write the value out");
    add(node_at(mark, YamlNode::Kind::nothing));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_properties(mark, tag, anchor);
    YamlNode node = node_at(mark, YamlNode::Kind::text);
    node.text = value;
    node.quoted = tag == "!";
    const std::string_view here = source(mark);
    const bool in_quotes = node.quoted && (here.starts_with('"') || here.starts_with('\''));
    if (here.substr(in_quotes ? 1 : 0).starts_with(value) && value.find('\n') == std::string::npos)
      node.text_column = node.column + (in_quotes ? 1 : 0);
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  ///< of a map: read, its value still to come
    std::set<std::string> seen;
  };

  [[nodiscard]] std::string_view source(const YAML::Mark& mark) const {
    const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
    return at < text_.size() ? text_.substr(at) : std::string_view{};
  }

  [[nodiscard]] Location place(const YAML::Mark& mark) const {
    return {file_, counted_from_one(mark.line), counted_from_one(mark.column)};
  }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string what, std::string hint) const {
    throw Stop{{place(mark), std::move(what), std::move(hint)}};
  }

  void note(const YAML::Mark& mark, std::string what, std::string hint) {
    if (mistakes.size() >= most_mistakes) stop(mark, "too many mistakes to go on", {});
    mistakes.push_back({place(mark), std::move(what), std::move(hint)});
  }

  void check_properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const bool tagged = (tag != "?" && tag != "!" && !tag.empty()) || source(mark).starts_with('!');
    if (tagged)
      note(mark, "tags are not supported",
           "quote text that begins with '!'; in expressions write 'not'");
    else if (anchor != YAML::NullAnchor)
      note(mark, "anchors are not supported", "write the value out where it is needed");
  }

  [[nodiscard]] YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++nodes_ > most_nodes)
      stop(mark, fmt::format("more than {} values in one file", most_nodes), {});
    YamlNode node;
    node.kind = kind;
    node.line = counted_from_one(mark.line);
    node.column = counted_from_one(mark.column);
    return node;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    check_properties(mark, tag, anchor);
    if (open_.size() >= deepest) stop(mark, fmt::format("nested more than {} deep", deepest), {});
    open_.push_back({node_at(mark, kind), std::nullopt, {}});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& top = open_.back();
    if (top.node.kind == YamlNode::Kind::list) {
      top.node.items.push_back(std::move(node));
    } else if (!top.key) {
      check_key(top, node);
      top.key = std::move(node);
    } else {
      top.node.entries.push_back({std::move(*top.key), std::move(node)});
      top.key.reset();
    }
  }

  void check_key(Open& top, const YamlNode& key) {
    YAML::Mark mark;
    mark.line = key.line - 1;
    mark.column = key.column - 1;
    if (key.kind != YamlNode::Kind::text)
      note(mark, fmt::format("a key must be text, not {}", describe(key)), {});
    else if (key.text == "<<" && !key.quoted)
      note(mark, "merge keys are not supported", "write the values out");
    else if (!top.seen.insert(key.text).second)
      note(mark, fmt::format("'{}' stands here a second time", key.text), "remove one of the two");
  }

  std::string_view text_;
  std::string file_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

// What yaml-cpp says, and what most often causes it in space files.
Mistake syntax_mistake(const YAML::Exception& error, const std::string& file,
                       const YamlNode* unfinished) {
  const int line = counted_from_one(error.mark.line);
  Mistake mistake{{file, line, counted_from_one(error.mark.column)}, "not YAML: " + error.msg, {}};
  const auto says = [&](const char* part) { return error.msg.find(part) != std::string::npos; };
  if (says("anchor is not defined")) {
    mistake.what = "aliases are not supported";
    mistake.hint = "write the value out; text that begins with '*' stands in quotes";
  } else if (says("flow") && unfinished != nullptr && unfinished->line < line) {
    mistake.where.line = unfinished->line;
    mistake.where.column = unfinished->column;
    mistake.what = "not YAML: this bracket is not closed";
  } else if (says("flow")) {
    mistake.hint = "an expression with commas or brackets stands in quotes: \"ceil_div(N, BN)\"";
  } else if (says("illegal map value")) {
    mistake.hint = "text with a colon in it stands in quotes";
  } else if (says("end of map")) {
    mistake.hint = "check the indentation, and that every line here reads 'key: value'";
  }
  return mistake;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const YamlEntry& entry : entries)
    if (entry.key.text == key) return &entry.value;
  return nullptr;
}

std::string describe(const YamlNode& node) {
  constexpr std::size_t longest_shown = 40;
  switch (node.kind) {
    case YamlNode::Kind::nothing:
      return "nothing";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::text:
      break;
  }
  std::string shown = node.text.substr(0, longest_shown);
  if (shown.size() < node.text.size()) shown += "…";
  return fmt::format("'{}'{}", shown, node.quoted ? " in quotes" : "");
}

YamlDocument parse_yaml(std::string_view text, const std::string& file) {
  YamlDocument document;
  const auto give_up = [&](Mistake mistake) {
    document.mistakes.push_back(std::move(mistake));
    document.readable = false;
  };
  if (text.size() > longest_text) {
    Mistake mistake;
    mistake.where.file = file;
    mistake.what = "larger than 1 MiB";
    mistake.hint = "a space file is a page or two";
    give_up(std::move(mistake));
    return document;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (auto bad = first_bad_character(text, file)) {
    give_up(std::move(*bad));
    return document;
  }
  Builder builder(text, file);
  std::optional<Mistake> fatal;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    fatal = stop.mistake;
  } catch (const YAML::Exception& error) {
    fatal = syntax_mistake(error, file, builder.unfinished());
  }
  document.root = std::move(builder.root);
  document.mistakes = std::move(builder.mistakes);
  if (fatal) give_up(std::move(*fatal));
  return document;
}

}  // namespace evotune
