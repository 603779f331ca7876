#include "device/cpu/block_independence.h"

#include <algorithm>
#include <cctype>

#include "device/cpu/source_words.h"

namespace evotune::cpu {
namespace {

bool begins_with_one_of(std::string_view word) {
  for (const char* beginning : {"atomic", "__atomic", "__sync_", "__nv_atomic", "__threadfence"})
    if (word.starts_with(beginning)) return true;
  return false;
}

bool is_one_of(std::string_view word) {
  for (const char* one :
       {"__managed__", "volatile", "__volatile__", "this_grid", "grid_group", "thread_scope_device",
        "thread_scope_system", "__ldcv", "__stwt", "__nanosleep", "printf"})
    if (word == one) return true;
  return false;
}

/// `asm volatile` is about the compiler.
bool is_of_asm(const SourceWords& words, std::size_t i) {
  if (i == 0 || !(words[i].is("volatile") || words[i].is("__volatile__"))) return false;
  const SourceWord& before = words[i - 1];
  return before.is("asm") || before.is("__asm__") || before.is("__asm");
}

/// In the text of inline PTX: "red.global.add", "fence.acq_rel", "ld.volatile", but not
/// "shared.b16" or "bar.red.popc".
bool speaks_in_ptx(std::string_view text) {
  for (const std::string_view word :
       {"red.", "atom.", "fence", "membar", "volatile", "relaxed", "acquire", "release"})
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1))
      if (at == 0 || (std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0 &&
                      !(word == "red." && text[at - 1] == '.')))
        return true;
  return false;
}

}  // namespace

bool blocks_may_communicate(std::string_view source) {
  const SourceWords words = source_words(source);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (words[i].kind == CodeTokenKind::string && speaks_in_ptx(text)) return true;
    if (begins_with_one_of(text) || (is_one_of(text) && !is_of_asm(words, i))) return true;
  }
  return false;
}

std::string names_of_constants(std::string_view source) {
  std::string names = " ";
  bool declaring = false;
  for (const SourceWord& word : source_words(source)) {
    if (word.directive) continue;
    declaring = (declaring || word.is("__constant__")) && !word.is(";");
    if (declaring && word.kind == CodeTokenKind::identifier) names.append(word.text).append(" ");
  }
  return names;
}

}  // namespace evotune::cpu
