#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!one->get_group().empty()) names.push_back(one->get_name());  // what is hidden stays so
  return names;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

bool is_flag(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

std::string about_extras(const CLI::App& app, const CLI::App* command) {
  const std::vector<std::string> extras = app.remaining(true);
  const auto flag = std::find_if(extras.begin(), extras.end(), is_flag);
  if (flag == extras.end() && extras.empty()) return "too many arguments";
  if (flag == extras.end()) return "unexpected argument '" + extras.front() + "'";
  const std::string name = flag->substr(0, flag->find('='));
  const std::vector<std::string> known = flags_of(command != nullptr ? *command : app);
  if (std::find(known.begin(), known.end(), name) != known.end())
    return "'" + name + "' belongs behind the command";
  return "there is no option '" + name + "'\n    " + suggestion(name, known);
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& error, int argc,
                    const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App* command = chosen.empty() ? nullptr : chosen.front();
  std::string text = error.what();
  if (command == nullptr && !first.empty() && !is_flag(first))
    text = "there is no command '" + first + "'\n    " + suggestion(first, commands_of(app));
  else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    text = about_extras(app, command);
  const std::string help = command != nullptr ? command->get_name() + " --help" : "--help";
  return "evotune: " + text + "\n    `evotune " + help + "` says what there is\n";
}

CLI::Validator positive_number() {
  const auto check = [](const std::string& text) -> std::string {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end && number > 0) return {};
    return "'" + text + "' is no number above 0";
  };
  return {check, "POSITIVE"};
}

}  // namespace evotune
