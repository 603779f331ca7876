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

/// A function that looks at an address: `@evotune.read16(i8*)`.
struct AlignmentCheck {
  std::string_view verb, type;  ///< "read" or "write"; a CopyOperand's
  int alignment = 0;
  auto operator<=>(const AlignmentCheck&) const = default;
};
using AlignmentChecks = std::set<AlignmentCheck>;

/// The calls before the copy; what they call is noted.
std::string checks_of(std::string_view line, const Names& locals, AlignmentChecks& called) {
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
    checks += fmt::format("  call void @evotune.{}{}({} {}){}\n", verb, operand.alignment,
                          operand.type, operand.name, where);
    called.insert({verb, operand.type, operand.alignment});
  };
  add(operand_in(line.substr(open + 1, comma - open - 1)), "write");
  add(operand_in(line.substr(comma + 2)), "read");
  return checks;
}

/// Has no place of its own: what is in it lies where it is called.
std::string definition_of(const AlignmentCheck& check) {
  return fmt::format(
      "define internal void @evotune.{0}{2}({1} %p) alwaysinline {{\n"
      "  %address = ptrtoint {1} %p to i64\n"
      "  %odd = and i64 %address, {3}\n"
      "  %fine = icmp eq i64 %odd, 0\n"
      "  br i1 %fine, label %done, label %announce\n"
      "announce:\n"
      "  call void @evotune_odd_{0}({1} %p, i32 {2})\n"
      "  br label %done\n"
      "done:\n"
      "  ret void\n"
      "}}\n",
      check.verb, check.type, check.alignment, check.alignment - 1);
}

}  // namespace

std::string with_checked_copies(std::string_view module) {
  std::string out;
  AlignmentChecks called;
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
  Names declared;
  for (const AlignmentCheck& check : called) {
    if (declared.insert(check.verb).second)
      out += fmt::format("declare void @evotune_odd_{}({}, i32)\n", check.verb, check.type);
    out += definition_of(check);
  }
  return out;
}

}  // namespace evotune::cpu
