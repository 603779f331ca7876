#include "device/cpu/checked_copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace evotune::cpu {
namespace {

using Names = std::set<std::string_view>;

/// "%12" at the beginning of a text; empty where there is none.
std::string_view name_at(std::string_view text) {
  if (!text.starts_with('%')) return {};
  return text.substr(0, text.find_first_of(" ,)", 1));
}

/// The variables of a function: where they lie is the compiler's business.
void note_local(std::string_view line, Names& locals) {
  const std::string_view made = name_at(trim(line));
  const std::size_t sign = line.find(" = ");
  if (made.empty() || sign == std::string_view::npos) return;
  const std::string_view how = line.substr(sign + 3);
  bool local = how.starts_with("alloca ");
  if (how.starts_with("bitcast ") || how.starts_with("getelementptr "))
    for (std::size_t at = how.find('%'); at != how.npos; at = how.find('%', at + 1))
      local = local || locals.count(name_at(how.substr(at))) > 0;
  if (local) locals.insert(made);
}

struct CopyOperand {
  std::string_view type, name;  ///< "i8*", "ptr" of newer ones; "%12"
  int alignment = 0;
};

/// "i8* align 16 %12"; one of a constant's has no name.
CopyOperand operand_in(std::string_view text) {
  constexpr std::string_view word = " align ";
  CopyOperand operand;
  text = trim(text);
  const std::size_t at = text.find(word);
  if (at == std::string_view::npos) return operand;
  operand.type = text.substr(0, at);
  const std::string_view number = text.substr(at + word.size());
  for (const int alignment : {4, 8, 16})
    if (const std::string start = fmt::format("{} ", alignment); number.starts_with(start)) {
      operand.alignment = alignment;
      operand.name = name_at(number.substr(start.size()));
    }
  return operand;
}

/// The calls before the copy, and the names of what they call.
std::string checks_of(std::string_view line, const Names& locals, std::set<std::string>& called) {
  constexpr std::string_view copy = "call void @llvm.memcpy.";
  const std::size_t call = line.find(copy);
  const std::size_t open = call == line.npos ? line.npos : line.find('(', call);
  const std::size_t comma = open == line.npos ? line.npos : line.find(", ", open);
  if (comma == line.npos) return {};
  const std::size_t place = line.find(", !dbg !");
  const std::string_view where =
      place == line.npos ? "" : line.substr(place, line.find(',', place + 1) - place);
  std::string checks;
  const auto add = [&](const CopyOperand& operand, std::string_view verb) {
    if (operand.name.empty() || locals.count(operand.name) > 0) return;
    const std::string callee = fmt::format("{}{}", verb, operand.alignment);
    checks += fmt::format("  call void @evotune.{}({} {}){}\n", callee, operand.type, operand.name,
                          where);
    called.insert(fmt::format("{}({} %0)", callee, operand.type));
  };
  add(operand_in(line.substr(open + 1, comma - open - 1)), "write");
  add(operand_in(line.substr(comma + 2)), "read");
  return checks;
}

/// Has no place of its own: what is in it lies where it is called.
std::string definition_of(const std::string& callee) {
  const std::size_t open = callee.find('('), space = callee.find(' ');
  const std::string name = callee.substr(0, open);
  const std::string type = callee.substr(open + 1, space - open - 1);
  const std::size_t digits = name.find_first_of("0123456789");
  const int alignment = std::stoi(name.substr(digits));
  return fmt::format(
      "define internal void @evotune.{0}({1} %p) alwaysinline {{\n"
      "  %address = ptrtoint {1} %p to i64\n"
      "  %odd = and i64 %address, {2}\n"
      "  %fine = icmp eq i64 %odd, 0\n"
      "  br i1 %fine, label %done, label %announce\n"
      "announce:\n"
      "  call void @evotune_odd_{3}({1} %p, i32 {4})\n"
      "  br label %done\n"
      "done:\n"
      "  ret void\n"
      "}}\n",
      name, type, alignment - 1, name.substr(0, digits), alignment);
}

}  // namespace

std::string with_checked_copies(std::string_view module) {
  std::string out;
  std::set<std::string> called;
  Names locals;
  for (std::size_t at = 0; at < module.size();) {
    const std::size_t end = std::min(module.find('\n', at), module.size() - 1) + 1;
    const std::string_view line = module.substr(at, end - at);
    if (line.starts_with("define ")) locals.clear();
    note_local(line, locals);
    out += checks_of(line, locals, called);
    out += line;
    at = end;
  }
  std::set<std::string> declared;
  for (const std::string& callee : called) {
    const std::string verb = callee.substr(0, callee.find_first_of("0123456789"));
    const std::size_t open = callee.find('(') + 1;
    if (declared.insert(verb).second)
      out += fmt::format("declare void @evotune_odd_{}({}, i32)\n", verb,
                         callee.substr(open, callee.find(' ') - open));
    out += definition_of(callee);
  }
  return out;
}

}  // namespace evotune::cpu
