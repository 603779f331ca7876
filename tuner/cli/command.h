#pragma once

#include <functional>
#include <string>

// CLI11 is ten seconds of compiling for whoever sees it: command.cpp and command_line.cpp do.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace evotune {

/// One option or argument of a command: a handle, by which more is said of it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option required();
  Option type_name(const std::string&);
  /// Everything that --help says between its name and its description.
  Option option_text(const std::string&);
  /// Its value at this moment is what --help gives as the default.
  Option capture_default_str();
  /// Accepts numbers from `low` to `high`.
  Option range(int low, int high);
  Option range(double low, double high);
  /// Accepts numbers above 0.
  Option positive();
  /// `complaint` of a text is empty where that is accepted.
  Option check(std::function<std::string(const std::string&)> complaint);
  /// Between the values of a list.
  Option delimiter(char);
  Option one_value_each();  ///< however many it could take: what follows is no value of its own
  Option expected(int least, int most);
  Option envname(const std::string& variable);
  Option excludes(Option other);

 private:
  CLI::Option* option_;
};

/// A command of the command line, or that itself: a handle.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  Command add_subcommand(const std::string& name, const std::string& description);
  /// Sets `value` where it is given. For text, numbers, optional numbers, and lists of text.
  template <typename T>
  Option add_option(const std::string& name, T& value, const std::string& description);
  Option add_flag(const std::string& name, bool& value, const std::string& description);
  Option add_flag(const std::string& name, std::function<void()> given,
                  const std::string& description);
  void footer(const std::string&);
  void hide();  ///< from --help: people have no use for it
  void callback(std::function<void()>);
  /// What this option holds after the command line was read, as text.
  [[nodiscard]] std::string value_of(const std::string& option) const;

 private:
  CLI::App* app_;
};

}  // namespace evotune
