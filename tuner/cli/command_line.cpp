#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <sstream>
#include <vector>

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

// What was probably meant: "there is no command 'bset'".
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

/// CLI11 writes "files(1x)" where one or two are taken.
class HelpText : public CLI::Formatter {
 public:
  std::string make_option_usage(const CLI::Option* positional) const override {
    const std::string name =
        make_option_name(positional, true) + (positional->get_expected_max() > 1 ? "..." : "");
    return positional->get_required() ? name : "[" + name + "]";
  }
};

}  // namespace

CommandLine::CommandLine(const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, "evotune")) {
  app_->formatter(std::make_shared<HelpText>());  // of every command, too
  app_->require_subcommand(1);
  app_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return Command(app_.get()); }

std::string CommandLine::help() const { return app_->help(); }

void CommandLine::run(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) throw Usage(explain(*app_, error, argc, argv), false);
    std::ostringstream answer;  // to --help or --version
    app_->exit(error, answer, answer);
    throw Usage(answer.str(), true);
  }
}

}  // namespace evotune
