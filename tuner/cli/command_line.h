#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "cli/command.h"

namespace evotune {

/// Why no command was run: help or the version was asked for, or the words make no sense.
class Usage : public std::exception {
 public:
  Usage(std::string text, bool asked_for) : text_(std::move(text)), asked_for_(asked_for) {}
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
  [[nodiscard]] bool asked_for() const { return asked_for_; }

 private:
  std::string text_;
  bool asked_for_;
};

/// The words behind the program's name: exactly one command and what belongs to it.
class CommandLine {
 public:
  CommandLine(const std::string& description, const std::string& version);
  ~CommandLine();

  [[nodiscard]] Command root();
  [[nodiscard]] std::string help() const;
  /// Runs the command that is named. Throws Usage, which for a mistake says what was probably meant
  /// ("there is no command 'bset'"), and whatever the command throws.
  void run(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace evotune
