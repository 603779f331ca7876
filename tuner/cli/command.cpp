#include "cli/command.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace evotune {
namespace {

std::string complaint_of_sign(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number > 0) return {};
  return "'" + text + "' is no number above 0";
}

}  // namespace

Option Option::required() { return Option(option_->required()); }

Option Option::type_name(const std::string& name) { return Option(option_->type_name(name)); }

Option Option::option_text(const std::string& text) { return Option(option_->option_text(text)); }

Option Option::capture_default_str() { return Option(option_->capture_default_str()); }

Option Option::range(int low, int high) { return Option(option_->check(CLI::Range(low, high))); }

Option Option::range(double low, double high) {
  return Option(option_->check(CLI::Range(low, high)));
}

Option Option::positive() {
  return Option(option_->check(CLI::Validator(complaint_of_sign, "POSITIVE")));
}

Option Option::check(std::function<std::string(const std::string&)> complaint) {
  return Option(option_->check(std::move(complaint), ""));
}

Option Option::delimiter(char separator) { return Option(option_->delimiter(separator)); }

Option Option::one_value_each() { return Option(option_->allow_extra_args(false)); }

Option Option::expected(int least, int most) { return Option(option_->expected(least, most)); }

Option Option::envname(const std::string& variable) { return Option(option_->envname(variable)); }

Option Option::excludes(Option other) { return Option(option_->excludes(other.option_)); }

Command Command::add_subcommand(const std::string& name, const std::string& description) {
  return Command(app_->add_subcommand(name, description));
}

template <typename T>
Option Command::add_option(const std::string& name, T& value, const std::string& description) {
  return Option(app_->add_option(name, value, description));
}

template Option Command::add_option(const std::string&, std::string&, const std::string&);
template Option Command::add_option(const std::string&, std::vector<std::string>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, int&, const std::string&);
template Option Command::add_option(const std::string&, unsigned&, const std::string&);
template Option Command::add_option(const std::string&, std::int64_t&, const std::string&);
template Option Command::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option Command::add_option(const std::string&, double&, const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::int64_t>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, std::optional<std::uint64_t>&,
                                    const std::string&);
template Option Command::add_option(const std::string&, std::optional<double>&, const std::string&);

Option Command::add_flag(const std::string& name, bool& value, const std::string& description) {
  return Option(app_->add_flag(name, value, description));
}

Option Command::add_flag(const std::string& name, std::function<void()> given,
                         const std::string& description) {
  return Option(app_->add_flag_callback(name, std::move(given), description));
}

void Command::footer(const std::string& text) { app_->footer(text); }

void Command::hide() { app_->group(""); }

void Command::callback(std::function<void()> act) { app_->callback(std::move(act)); }

std::string Command::value_of(const std::string& option) const {
  return app_->get_option(option)->as<std::string>();
}

}  // namespace evotune
