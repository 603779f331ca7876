#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "base/errors.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/interrupt.h"

namespace {

// The exit codes that scripts rely on; docs/commands.md lists them.
constexpr int users_mistake = 2, internal_error = 3, io_error = 4, device_lost = 5;

int complain(const std::exception& error, int exit_code) {
  fmt::print(stderr, "evotune: {}\n", error.what());
  return exit_code;
}

// What could not be written was not done.
int written(int exit_code) {
  const bool all = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  return all ? exit_code : complain(evotune::IoError("cannot write the output"), io_error);
}

constexpr const char* footer = R"(First steps:
  evotune check search_spaces/gemm_f32.yaml             is the space sound? what do compilers say?
  evotune run search_spaces/gemm_f32.yaml --minutes 2   tune on this machine
  evotune best gemm_f32                                 the best configurations found so far
  evotune export gemm_f32 --out results/gemm_f32        the winner as files of its own
Exit codes: 0 done, 1 the answer is no, 2 your mistake, 3 ours, 4 disk or database, 5 device lost,
130 interrupted. More: docs/.)";

}  // namespace

int main(int argc, char** argv) {
  using namespace evotune;
  CommandLine line("evotune finds the fastest right variant of a GPU kernel by evolution.",
                   EVOTUNE_VERSION);
  line.root().footer(footer);
  int exit_code = 0;
  for (const auto add : {add_run, add_check, add_try, add_inspect, add_best, add_runs, add_show,
                         add_query, add_recover, add_export, add_import, add_verify, add_bench,
                         add_cache, add_doctor, add_worker})
    add(line.root(), exit_code);
  if (argc == 1) {
    fmt::print(stderr, "{}", line.help());
    return users_mistake;
  }
  try {
    line.run(argc, argv);
  } catch (const Usage& usage) {
    fmt::print(usage.asked_for() ? stdout : stderr, "{}", usage.what());
    return usage.asked_for() ? written(0) : users_mistake;
  } catch (const UserError& error) {
    return complain(error, users_mistake);
  } catch (const Interrupted& error) {
    return complain(error, interrupted_exit_code);
  } catch (const DeviceLost& error) {
    return complain(error, device_lost);
  } catch (const IoError& error) {
    return complain(error, io_error);
  } catch (const std::system_error& error) {  // fmt's, where what it prints to is full
    return complain(error, io_error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "evotune: internal error: {}\n", error.what());
    return internal_error;
  }
  return written(exit_code);
}
