#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""House rules that a machine can see: lengths, licences, unfinished work, sleeps, clocks, paths.

usage: style.py [SOURCE_TREE]
"""
import re

import tree

LINES_MAX = 600  # a file is one idea; beyond this it has become two
LICENCE_WITHIN = 3  # lines: a script's first one is its interpreter

# This folder spells what it forbids.
EXEMPT = "tests/lint/"
TEXTS = (".c", ".h", ".def", ".py", ".sh", ".md", ".cmake", ".txt", ".yaml", ".yml", ".json",
         ".rule", ".sql", ".scd", ".service", ".conf", ".rules", ".in")
PURE = ("hub/core/", "hub/detect/", "rules/")

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\bnot implemented\b")
SLEEP = re.compile(r"\b(sleep|usleep|nanosleep|clock_nanosleep)\s*\(")
# Real processes and threads are stopped there at moments of real time.
SLEEP_ALLOWED = ("tests/unit/store/store_kill.c", "tests/unit/store/store_sql.c")
CLOCK = re.compile(r"\b(clock_gettime|gettimeofday)\s*\(|\btime\s*\(\s*(NULL|&)")
# The ring waits with a deadline, which is a time of the waiting thread's own.
CLOCK_ALLOWED = ("hub/core/ring.c", "hub/core/log.c")
MACHINE = re.compile(r"(^|[^\w.])/(work|farm)/|bash_jobs")
TYPEDEF = re.compile(r"^\s*typedef\s+(struct|union|enum)\b")


def is_script(root, path):
    number, first = next(tree.lines(root, path), (0, ""))
    return number == 1 and first.startswith("#!")


def whole_file(root, path, is_c, all_lines):
    if is_c and len(all_lines) > LINES_MAX:
        yield path, len(all_lines), f"more than {LINES_MAX} lines: is it still one idea?"
    if is_c or is_script(root, path):
        licence = "GPL-2.0" if path.startswith("tests/rig/modules/") else "MIT"
        wanted = f"SPDX-License-Identifier: {licence}"
        if not any(wanted in line for _, line in all_lines[:LICENCE_WITHIN]):
            yield path, 1, f"no '{wanted}' in the first {LICENCE_WITHIN} lines"


def one_line(path, is_c, line):
    """Yield what is wrong with one line."""
    if UNFINISHED.search(line):
        yield "sounds unfinished: finish it, or say it in an issue"
    if MACHINE.search(line):
        yield "a path of one machine"
    if is_c and SLEEP.search(line) and path.startswith(PURE + ("tests/unit/",)) \
            and path not in SLEEP_ALLOWED:
        yield "a sleep where time should be an argument"
    if is_c and CLOCK.search(line) and path.startswith(PURE + ("drivers/", "hub/line/")) \
            and path not in CLOCK_ALLOWED:
        yield "reads a clock: time is an argument here"
    if is_c and TYPEDEF.search(line) and not path.startswith("tests/rig/modules/"):
        yield "a typedef'd struct: write the word struct"


def check(root):
    for path in tree.files(root):
        is_c = path.endswith((".c", ".h"))
        if not path.endswith(TEXTS) and not is_script(root, path):
            continue
        all_lines = list(tree.lines(root, path))
        yield from whole_file(root, path, is_c, all_lines)
        if path.startswith(EXEMPT):
            continue
        for number, line in all_lines:
            for message in one_line(path, is_c, line):
                yield path, number, message


if __name__ == "__main__":
    tree.main(check, "lint_style")
