# shellcheck shell=bash
# Sourced by the other scripts: where things are, and how to speak.

# shellcheck disable=SC2034 # for those that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data_home=${XDG_DATA_HOME:-${HOME:-/tmp}/.local/share}/evotune
cuda_wheels=$data_home/cuda # NVRTC out of NVIDIA's wheels, laid out like a toolkit
tools=$data_home/tools      # a Python environment with a newer CMake, where the system's is too old

say() { printf '== %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Prints the help: the comment at the top of the script that asks.
help_of() { sed -n '2,/^$/s/^# \{0,1\}//p' "$1"; }

cores() { nproc 2>/dev/null || echo 2; }

# Whether version $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

has_nvrtc() { compgen -G "$1/lib64/libnvrtc.so*" >/dev/null || compgen -G "$1/lib/libnvrtc.so*" >/dev/null; }

# Prints the toolkit that evotune will find, in the order in which it looks; fails if there is none.
find_toolkit() {
  local folder nvcc=
  nvcc=$(command -v nvcc) && nvcc=$(dirname "$(dirname "$(readlink -f "$nvcc")")")
  for folder in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda "$nvcc" "$cuda_wheels"; do
    if [ -n "$folder" ] && has_nvrtc "$folder"; then
      printf '%s\n' "$folder"
      return
    fi
  done
  return 1
}

# What setup has installed beside the system: a newer CMake. evotune finds NVRTC by itself.
use_installed() {
  if [ -x "$tools/bin/cmake" ]; then PATH=$tools/bin:$PATH; fi
}
