#!/usr/bin/env python3
"""Fails if a folder of tuner/ includes one it may not know. The table is the architecture.

Also fails if two headers define types of one name: all are in one namespace, where the linker would take
either for the other without a word.
"""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "base": [],
    "expr": ["base"],
    "outcome": ["base", "space"],
    "space": ["base", "expr"],
    "kernel": ["base", "expr", "outcome", "space"],
    "device": ["base", "expr", "outcome", "space", "kernel"],
    "surrogate": ["base", "space"],
    "strategy": ["base", "outcome", "space", "surrogate"],
    "store": ["base", "outcome", "space"],
    "recording": ["base", "expr", "outcome", "space", "store"],
    "laboratory": ["base", "outcome", "space", "strategy", "recording"],
    "engine": ["base", "expr", "outcome", "space", "kernel", "device", "strategy", "store", "recording"],
    "exporter": ["base", "expr", "outcome", "space", "kernel"],
    "cli": ["base", "expr", "outcome", "space", "kernel", "device", "strategy", "store", "engine", "exporter",
            "laboratory", "recording"],
}

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tuner")
bad = []
defined = {}
for path in sorted(p for p in root.rglob("*") if p.suffix in {".h", ".cpp", ".S"}):
    folder = path.relative_to(root).parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := re.match(r'\s*#include "(\w+)/', line):
            target = match[1]
            if target in MAY_INCLUDE and target != folder and target not in MAY_INCLUDE[folder]:
                bad.append(f"{path}:{number}: {folder}/ may not include {target}/")
        # A namespace of its own has the CPU device's side of kernels.
        if path.suffix == ".h" and "shim" not in path.parts:
            if match := re.match(r"(?:struct|class|enum class) (\w+)(?![:<\w])[^;]*[{:]", line):
                if match[1] in defined:
                    bad.append(f"{path}:{number}: {match[1]} is also defined at {defined[match[1]]}")
                defined[match[1]] = f"{path}:{number}"
print("\n".join(bad) or "layers: ok")
sys.exit(bool(bad))
