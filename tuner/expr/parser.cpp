#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"
#include "expr/expression.h"
#include "expr/lexer.h"
#include "expr/syntax.h"

namespace evotune {
namespace {

struct Infix {
  std::string_view spelling;
  Operator op;
};

constexpr std::array<Infix, 2> sums = {{{"+", Operator::add}, {"-", Operator::subtract}}};
constexpr std::array<Infix, 4> products = {{{"*", Operator::multiply},
                                            {"/", Operator::divide},
                                            {"//", Operator::floor_divide},
                                            {"%", Operator::remainder}}};
constexpr std::array<Infix, 8> comparisons = {{{"==", Operator::equal},
                                               {"!=", Operator::not_equal},
                                               {"<=", Operator::less_equal},
                                               {">=", Operator::greater_equal},
                                               {"<", Operator::less},
                                               {">", Operator::greater},
                                               {"in", Operator::in},
                                               {"not", Operator::not_in}}};  // "in" must follow

struct Function {
  std::string_view name;
  Operator op;
  std::size_t arity;  ///< 0: two or more, or one list
};
constexpr std::array<Function, 12> functions = {{{"min", Operator::minimum, 0},
                                                 {"max", Operator::maximum, 0},
                                                 {"ceil_div", Operator::ceil_div, 2},
                                                 {"round_up", Operator::round_up, 2},
                                                 {"abs", Operator::absolute, 1},
                                                 {"log2", Operator::log2, 1},
                                                 {"sqrt", Operator::sqrt, 1},
                                                 {"int", Operator::to_integer, 1},
                                                 {"float", Operator::to_real, 1},
                                                 {"floor", Operator::floor, 1},
                                                 {"ceil", Operator::ceil, 1},
                                                 {"round", Operator::round, 1}}};

constexpr std::array<std::string_view, 6> keywords = {"and", "or", "not", "in", "if", "else"};

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(words_of(text)) {}

  Syntax run() {
    if (peek().kind == WordKind::end) fail(1, "an expression is missing");
    syntax_.root = choice();
    if (peek().kind != WordKind::end) refuse(peek());
    reject_stray_lists();
    return std::move(syntax_);
  }

 private:
  using Level = std::uint32_t (Parser::*)();

  [[noreturn]] static void fail(std::size_t column, std::string message) {
    throw ExpressionError{std::move(message), column};
  }
  [[noreturn]] static void refuse(const Word& token);

  [[nodiscard]] const Word& peek() const { return tokens_[at_]; }
  Word take() { return tokens_[at_++]; }
  bool accept(std::string_view text) {
    if (peek().text != text) return false;
    ++at_;
    return true;
  }
  void close(std::string_view bracket, const Word& opened);

  // One level of nesting, for as long as it lives.
  class Nested {
   public:
    explicit Nested(Parser& parser) : depth_(parser.depth_) {
      if (++depth_ > max_depth) fail(parser.peek().column, "nested more than 64 deep");
    }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    std::size_t& depth_;
  };

  std::uint32_t add(Node node) {
    syntax_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(syntax_.nodes.size() - 1);
  }
  std::uint32_t add_constant(Value value, std::size_t column) {
    Node node;
    node.column = column;
    node.constant = std::move(value);
    return add(std::move(node));
  }
  std::uint32_t add_unary(Operator op, std::uint32_t child, std::size_t column) {
    Node node;
    node.form = Form::unary;
    node.op = op;
    node.column = column;
    node.children = {{child, op, column}};
    return add(std::move(node));
  }
  std::uint32_t add_name(const Word&);

  // From the weakest binding to the strongest.
  std::uint32_t choice();
  std::uint32_t any() { return joined(Form::any, "or", &Parser::all); }
  std::uint32_t all() { return joined(Form::all, "and", &Parser::negation); }
  std::uint32_t negation();
  std::uint32_t comparison() { return chain(Form::comparison, comparisons, &Parser::sum); }
  std::uint32_t sum() { return chain(Form::fold, sums, &Parser::product); }
  std::uint32_t product() { return chain(Form::fold, products, &Parser::sign); }
  std::uint32_t sign();
  std::uint32_t power();
  std::uint32_t atom();

  std::uint32_t joined(Form, std::string_view word, Level next);
  std::uint32_t chain(Form, std::span<const Infix>, Level next);
  std::optional<Operator> accept_any(std::span<const Infix>);
  std::uint32_t word();
  std::uint32_t bracketed();
  std::uint32_t list();
  std::uint32_t call(const Word& name);
  std::vector<Child> elements(std::string_view closing, const Word& opened);
  void reject_stray_lists() const;

  std::vector<Word> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  Syntax syntax_;
};

void Parser::refuse(const Word& token) {
  if (token.kind == WordKind::end) fail(token.column, "the expression ends too early");
  const bool bracket = token.text == ")" || token.text == "]" || token.text == ",";
  if (bracket) fail(token.column, fmt::format("unexpected '{}'; {}", token.text, quoting_hint));
  fail(token.column, fmt::format("unexpected '{}'", token.text));
}

void Parser::close(std::string_view bracket, const Word& opened) {
  if (accept(bracket)) return;
  if (peek().kind != WordKind::end) refuse(peek());
  fail(opened.column, fmt::format("'{}' is never closed; {}", opened.text, quoting_hint));
}

std::uint32_t Parser::add_name(const Word& token) {
  Node node;
  node.form = Form::name;
  node.column = token.column;
  for (; node.name < syntax_.names.size(); ++node.name) {
    if (syntax_.names[node.name].text == token.text) return add(std::move(node));
  }
  syntax_.names.push_back({std::string(token.text), token.column});
  return add(std::move(node));
}

std::uint32_t Parser::choice() {
  const std::uint32_t then = any();
  const std::size_t column = peek().column;
  if (!accept("if")) return then;
  const Nested nested(*this);
  const std::uint32_t condition = any();
  if (!accept("else")) {
    if (peek().kind != WordKind::end) refuse(peek());
    fail(column, "this 'if' has no 'else': write 'a if c else b'");
  }
  const std::uint32_t otherwise = choice();
  Node node;
  node.form = Form::choice;
  node.column = column;
  for (const std::uint32_t child : {condition, then, otherwise}) {
    node.children.push_back({child, Operator::plus, column});
  }
  return add(std::move(node));
}

std::uint32_t Parser::negation() {
  const std::size_t column = peek().column;
  if (!accept("not")) return comparison();
  const Nested nested(*this);
  return add_unary(Operator::negation, negation(), column);
}

std::uint32_t Parser::sign() {
  const Word token = peek();
  if (!accept("-") && !accept("+")) return power();
  const Nested nested(*this);
  // The one integer whose magnitude does not fit.
  if (token.text == "-" && peek().text == "9223372036854775808" && tokens_[at_ + 1].text != "**") {
    take();
    return add_constant(std::numeric_limits<std::int64_t>::min(), token.column);
  }
  const Operator op = token.text == "-" ? Operator::negate : Operator::plus;
  return add_unary(op, sign(), token.column);
}

std::uint32_t Parser::power() {
  const std::uint32_t base = atom();
  const std::size_t column = peek().column;
  if (!accept("**")) return base;
  const Nested nested(*this);
  Node node;
  node.form = Form::fold;
  node.column = column;
  node.children = {{base, Operator::power, column}, {sign(), Operator::power, column}};
  return add(std::move(node));
}

std::uint32_t Parser::joined(Form form, std::string_view spelled, Level next) {
  Node node;
  node.form = form;
  node.column = peek().column;
  do {
    const std::size_t column = peek().column;
    node.children.push_back({(this->*next)(), Operator::plus, column});
  } while (accept(spelled));
  return node.children.size() == 1 ? node.children.front().node : add(std::move(node));
}

std::uint32_t Parser::chain(Form form, std::span<const Infix> infixes, Level next) {
  Node node;
  node.form = form;
  node.column = peek().column;
  node.children.push_back({(this->*next)(), Operator::plus, node.column});
  for (;;) {
    const std::size_t column = peek().column;
    const std::optional<Operator> op = accept_any(infixes);
    if (!op) break;
    node.children.push_back({(this->*next)(), *op, column});
  }
  return node.children.size() == 1 ? node.children.front().node : add(std::move(node));
}

std::optional<Operator> Parser::accept_any(std::span<const Infix> infixes) {
  for (const Infix& infix : infixes) {
    if (!accept(infix.spelling)) continue;
    if (infix.op == Operator::not_in && !accept("in")) refuse(peek());
    return infix.op;
  }
  return std::nullopt;
}

std::uint32_t Parser::atom() {
  const Word& token = peek();
  switch (token.kind) {
    case WordKind::name:
      return word();
    case WordKind::integer:
    case WordKind::real:
    case WordKind::string:
      ++at_;
      return add_constant(literal(token), token.column);
    case WordKind::symbol:
      if (token.text == "(") return bracketed();
      if (token.text == "[") return list();
      break;
    case WordKind::end:
      break;
  }
  refuse(token);
}

std::uint32_t Parser::word() {
  const Word& token = peek();
  const std::string_view text = token.text;
  for (const std::string_view keyword : keywords) {
    if (text == keyword) refuse(token);
  }
  ++at_;
  if (text == "True" || text == "true") return add_constant(true, token.column);
  if (text == "False" || text == "false") return add_constant(false, token.column);
  return peek().text == "(" ? call(token) : add_name(token);
}

std::uint32_t Parser::bracketed() {
  const Word opened = take();
  const Nested nested(*this);
  Node tuple;
  tuple.form = Form::list;
  tuple.column = opened.column;
  if (accept(")")) return add(std::move(tuple));
  const std::uint32_t first = choice();
  if (accept(")")) return first;
  if (!accept(",")) close(")", opened);
  tuple.children = elements(")", opened);
  tuple.children.insert(tuple.children.begin(), Child{first, Operator::plus, opened.column});
  return add(std::move(tuple));
}

std::uint32_t Parser::list() {
  const Word opened = take();
  const Nested nested(*this);
  Node node;
  node.form = Form::list;
  node.column = opened.column;
  node.children = elements("]", opened);
  return add(std::move(node));
}

// Up to and with the closing bracket; a comma may stand before it.
std::vector<Child> Parser::elements(std::string_view closing, const Word& opened) {
  std::vector<Child> children;
  while (!accept(closing)) {
    if (peek().kind == WordKind::end) close(closing, opened);
    const std::size_t column = peek().column;
    children.push_back({choice(), Operator::plus, column});
    if (accept(",")) continue;
    close(closing, opened);
    break;
  }
  return children;
}

const Function& function_called(const Word& name) {
  std::vector<std::string> known;
  for (const Function& function : functions) {
    if (function.name == name.text) return function;
    known.emplace_back(function.name);
  }
  throw ExpressionError{
      fmt::format("there is no function '{}'; {}", name.text, suggestion(name.text, known)),
      name.column};
}

std::uint32_t Parser::call(const Word& name) {
  const Function& function = function_called(name);
  const Word opened = take();
  const Nested nested(*this);
  std::vector<Child> arguments = elements(")", opened);
  const bool chooses = function.arity == 0;
  if (chooses && arguments.size() == 1) {
    const Node& only = syntax_.nodes[arguments.front().node];
    if (only.form == Form::list) arguments = std::vector<Child>(only.children);
    if (only.form == Form::list && arguments.size() == 1) return arguments.front().node;
  }
  if (chooses ? arguments.size() < 2 : arguments.size() != function.arity) {
    fail(name.column,
         fmt::format("{} takes {} arguments, not {}", name.text,
                     chooses ? "two or more" : std::to_string(function.arity), arguments.size()));
  }
  if (arguments.size() == 1) {
    return add_unary(function.op, arguments.front().node, name.column);
  }
  for (Child& argument : arguments) {
    argument.joined_by = function.op;
    argument.column = name.column;
  }
  Node node;
  node.form = Form::fold;
  node.column = name.column;
  node.children = std::move(arguments);
  return add(std::move(node));
}

void Parser::reject_stray_lists() const {
  const auto reject = [&](std::uint32_t index) {
    const Node& node = syntax_.nodes[index];
    if (node.form == Form::list) fail(node.column, "a list may only stand after 'in'");
  };
  reject(syntax_.root);
  for (const Node& node : syntax_.nodes) {
    for (const Child& child : node.children) {
      const bool searched =
          node.form == Form::comparison && &child == &node.children.back() &&
          node.children.size() > 1 &&
          (child.joined_by == Operator::in || child.joined_by == Operator::not_in);
      if (!searched) reject(child.node);
    }
  }
}

}  // namespace

Syntax parse_syntax(std::string_view text) {
  if (text.size() > max_text) {
    throw ExpressionError{"an expression may not be longer than 4096 characters", max_text + 1};
  }
  return Parser(text).run();
}

}  // namespace evotune
