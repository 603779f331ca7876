#include "kernel/brackets.h"

#include <algorithm>

namespace evotune {

void Brackets::pass(std::string_view word, std::size_t number) {
  if (word == "(" || word == "{" || word == "[") open_.push_back({number});
  if ((word != ")" && word != "}" && word != "]") || open_.empty()) return;
  for (const std::size_t one : open_.back()) closing_[one] = number;
  open_.pop_back();
}

void Brackets::pass(const Directive& one) {
  if (one.name.starts_with("if")) {
    conditions_.push_back({open_, {}});
  } else if (!conditions_.empty() && one.name.starts_with("el")) {
    Condition& condition = conditions_.back();
    condition.branches.push_back(left_open(condition));
    open_ = condition.before;
  } else if (!conditions_.empty() && one.name == "endif") {
    end_of(conditions_.back());
    conditions_.pop_back();
  }
}

std::size_t Brackets::closing(std::size_t open, std::size_t none) const {
  const auto found = closing_.find(open);
  return found == closing_.end() ? none : found->second;
}

std::vector<Brackets::Opened> Brackets::left_open(const Condition& condition) const {
  const std::size_t before = std::min(condition.before.size(), open_.size());
  return {open_.begin() + static_cast<std::ptrdiff_t>(before), open_.end()};
}

/// What the last branch left open stands for what the others did.
void Brackets::end_of(const Condition& condition) {
  const std::size_t count = left_open(condition).size(), first = open_.size() - count;
  for (const std::vector<Opened>& branch : condition.branches)
    for (std::size_t i = 0; i < count && branch.size() == count; ++i)
      open_[first + i].insert(open_[first + i].end(), branch[i].begin(), branch[i].end());
}

}  // namespace evotune
