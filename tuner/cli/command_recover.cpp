#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/format_option.h"
#include "store/recover.h"

namespace evotune {
namespace {

struct RecoverOptions {
  std::string database, out;
  Format format = Format::text;
};

/// "results/evotune.db" → "results/evotune.recovered.db"
std::string beside(const std::string& database) {
  std::filesystem::path path(database);
  const std::string extension = path.extension().string();
  return path.replace_extension(".recovered" + extension).string();
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    text += (i > 0 ? ", " : "") + names[i];
  return names.size() > most ? fmt::format("{}, … and {} more", text, names.size() - most) : text;
}

void tell(const std::map<std::string, Recovered>& all, const std::string& out, bool saved) {
  Table table{{"kind", "kept", "lost", "which"}, {}};
  for (const auto& [kind, came] : all)
    table.rows.push_back({kind, came.kept, came.lost.size(), some_of(came.lost)});
  print(to_text(table));
  if (saved)
    print(
        fmt::format("{} holds what is sound. Next: evotune runs --db {}; `evotune run … --resume "
                    "--db {}` continues\n",
                    out, out, out));
  else
    std::fputs("no run could be saved; no file was written\n", stderr);
}

OrderedJson as_json(const std::map<std::string, Recovered>& all) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [kind, came] : all) json[kind] = {{"kept", came.kept}, {"lost", came.lost}};
  return json;
}

void recover_into(const RecoverOptions& options, int& exit_code) {
  const std::string out = options.out.empty() ? beside(options.database) : options.out;
  const std::map<std::string, Recovered> all = recover(options.database, out);
  const bool saved = all.at("run").kept > 0;
  if (options.format == Format::json) {
    OrderedJson answer{{"database", options.database}, {"out", nullptr}, {"things", as_json(all)}};
    if (saved) answer["out"] = out;
    print(write(answer));
  } else {
    tell(all, out, saved);
  }
  if (!saved) exit_code = 1;
}

}  // namespace

void add_recover(Command app, int& exit_code) {
  Command command =
      app.add_subcommand("recover", "Copy what is good of a damaged database into a new one");
  auto options = std::make_shared<RecoverOptions>();
  command.add_option("database", options->database, "The damaged results database")
      .required()
      .type_name("FILE");
  command.add_option("-o,--out", options->out,
                     "The new one; it must not exist [DATABASE with .recovered before its ending]");
  add_json_option(command, options->format);
  command.footer(
      "Good is what can be read and what its checksum vouches for: runs, whole evaluations, the\n"
      "finals of a run, sources. What is known to be lost is listed. The damaged file stays as it\n"
      "is. Exit code 1: not one run could be saved.\n\n"
      "Examples:\n"
      "  evotune recover results/evotune.db\n"
      "  evotune recover results/evotune.db -o results/good.db --json\n"
      "  evotune run space.yaml --db results/evotune.recovered.db --resume   goes on from there\n");
  command.callback([options, &exit_code] { recover_into(*options, exit_code); });
}

}  // namespace evotune
