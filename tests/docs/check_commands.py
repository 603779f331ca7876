#!/usr/bin/env python3
"""Fails if docs/commands.md and evotune's own help disagree on a command, an option or a default, if an
environment variable that is read is not explained, or if a link of the documentation leads nowhere.

usage: check_commands.py EVOTUNE SOURCE_FOLDER"""
import os
import pathlib
import re
import subprocess
import sys

program, root = sys.argv[1], pathlib.Path(sys.argv[2])
environment = {name: value for name, value in os.environ.items() if not name.startswith("EVOTUNE_")}
mistakes = []


def expect(condition, what):
    if not condition:
        mistakes.append(what)


def help_of(*command):
    asked = subprocess.run([program, *command, "--help"], capture_output=True, text=True, env=environment, check=True)
    return asked.stdout


def flags_in(text):
    return set(re.findall(r"--[a-z][a-z-]*", text))


def commands_in(text):
    listed = text.split("Subcommands:")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)


def sections_of(text):
    """Heading of the second level → what is below it."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def options_of(help_text):
    """Flag → its default, "" where the help shows none."""
    listed = help_text.split("Options:")[1].split("\n\n")[0]
    lines = re.findall(r"^  (?:-[a-z],)?(--[a-z][a-z-]*)(?: [^\s=]*=(\S*))?", listed, re.MULTILINE)
    return dict(lines)


def explained_default(section, flag):
    row = re.search(r"^\| `%s` \|.*\| ([^|]*) \|$" % flag, section, re.MULTILINE)
    return row[1].strip("` ") if row else None


def check_commands():
    page = (root / "docs/commands.md").read_text()
    sections = sections_of(page)
    shared = sections["Options of several commands"]
    commands = commands_in(help_of())
    expect(len(commands) > 5, "the help lists no commands")
    real = flags_in(help_of()) | {"--fd", "--report-fd"}  # of the hidden worker
    for command in commands:
        expect(command in sections, f"commands.md has no section on `{command}`")
        options = options_of(help_of(command))
        real |= set(options)
        section = sections.get(command, "")
        for flag, default in options.items():
            expect(flag in flags_in(section + shared), f"commands.md does not explain {command} {flag}")
            said = explained_default(section, flag)
            if re.fullmatch(r"\d+", default) and flag != "--jobs":  # which depends on the machine
                expect(said == default, f"commands.md: {command} {flag} defaults to {said}, the help says {default}")
        for flag in flags_in(section):
            expect(flag in options, f"commands.md names {flag} under {command}, which has none")
    for flag in flags_in(page):
        expect(flag in real, f"commands.md names {flag}, which nothing has")


def check_environment():
    page = sections_of((root / "docs/commands.md").read_text())["Environment"]
    sources = [path.read_text() for path in (root / "tuner").rglob("*.cpp")]
    readers = ("getenv(", "envname(", "environment_variable(", "open_library(")
    asked = {name for text in sources for name in re.findall(r'"(EVOTUNE_[A-Z_]+)"', text) if any(reader in text for reader in readers)}
    expect({"EVOTUNE_DB", "EVOTUNE_CXX", "EVOTUNE_TEMPLATES"} <= asked, f"found only {sorted(asked)} in the sources")
    for name in asked:
        expect(f"`{name}`" in page, f"commands.md does not explain {name}")
    for name in re.findall(r"^\| `(EVOTUNE_[A-Z_]+)`", page, re.MULTILINE):
        expect(name in asked, f"commands.md explains {name}, which nothing reads")


def anchors_of(text):
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def check_links():
    pages = [path for path in root.rglob("*.md") if "build" not in path.relative_to(root).parts]
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            goal = (page.parent / path) if path else page
            where = f"{page.relative_to(root)}: {target}"
            expect(goal.exists(), f"{where} leads nowhere")
            if anchor and goal.is_file():
                expect(anchor in anchors_of(goal.read_text()), f"{where} has no such heading")


check_commands()
check_environment()
check_links()
print("\n".join(mistakes) or "documentation: ok")
sys.exit(bool(mistakes))
