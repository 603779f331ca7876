#pragma once

#include "cli/command.h"

namespace evotune {

/// Each adds one subcommand. What it does runs in its callback; errors are thrown, and an answer of
/// "no" (exit code 1) is written to `exit_code`.
void add_run(Command, int& exit_code);
void add_check(Command, int& exit_code);
void add_try(Command, int& exit_code);
void add_inspect(Command, int& exit_code);
void add_best(Command, int& exit_code);
void add_runs(Command, int& exit_code);
void add_show(Command, int& exit_code);
void add_query(Command, int& exit_code);
void add_recover(Command, int& exit_code);
void add_export(Command, int& exit_code);
void add_import(Command, int& exit_code);
void add_verify(Command, int& exit_code);
void add_bench(Command, int& exit_code);
void add_cache(Command, int& exit_code);
void add_doctor(Command, int& exit_code);
void add_worker(Command, int& exit_code);  ///< hidden: what device/isolated/ starts

}  // namespace evotune
