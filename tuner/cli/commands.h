#pragma once

namespace CLI {
class App;
}

namespace evotune {

/// Each adds one subcommand. What it does runs in its callback; errors are thrown, and an answer of
/// "no" (exit code 1) is written to `exit_code`.
void add_run(CLI::App&, int& exit_code);
void add_check(CLI::App&, int& exit_code);
void add_try(CLI::App&, int& exit_code);
void add_inspect(CLI::App&, int& exit_code);
void add_best(CLI::App&, int& exit_code);
void add_runs(CLI::App&, int& exit_code);
void add_show(CLI::App&, int& exit_code);
void add_query(CLI::App&, int& exit_code);
void add_export(CLI::App&, int& exit_code);
void add_import(CLI::App&, int& exit_code);
void add_verify(CLI::App&, int& exit_code);
void add_bench(CLI::App&, int& exit_code);
void add_doctor(CLI::App&, int& exit_code);
void add_worker(CLI::App&, int& exit_code);  ///< hidden: what device/isolated/ starts

}  // namespace evotune
