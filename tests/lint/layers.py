#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom (DESIGN.md section 2), and where each third-party header has its home.

usage: layers.py [SOURCE_TREE]
"""
import re

import tree

# Folder -> the folders whose headers it may include, beside its own. In the order of the house.
MAY_INCLUDE = {
    "hub/core": set(),
    "hub/detect": {"hub/core"},
    "hub/config": {"hub/core"},
    "drivers": {"hub/core", "hub/config"},
    "rules": {"hub/core"},
    "hub/store": {"hub/core"},
    "hub/mqtt": {"hub/core", "hub/config"},
    "hub/report": {"hub/core"},
}
BELOW_LINE = set(MAY_INCLUDE)
MAY_INCLUDE["hub/line"] = BELOW_LINE
MAY_INCLUDE["hub/daemon"] = BELOW_LINE | {"hub/line"}
MAY_INCLUDE["hub/cli"] = BELOW_LINE | {"hub/line"}

# Header (or the folder it lies in) -> the folders that may include it. A library's types do not
# travel: whoever wants to replace it has one place to look at.
HOMES = {
    "gpiod.h": {"drivers"},
    "linux/gpio.h": {"drivers"},
    "linux/i2c.h": {"drivers"},
    "linux/i2c-dev.h": {"drivers"},
    "i2c/": {"drivers"},
    "sensors/": {"drivers"},
    "zlib.h": {"drivers"},
    "sqlite3.h": {"hub/store"},
    "zstd.h": {"hub/store"},
    "mosquitto.h": {"hub/mqtt"},
    "mqtt_protocol.h": {"hub/mqtt"},
    "systemd/": {"hub/daemon"},
    "yaml.h": {"hub/config"},
    "jansson.h": {"hub/mqtt", "hub/daemon", "hub/cli"},
    "libsmartcols/": {"hub/cli"},
    "libsmartcols.h": {"hub/cli"},
}

INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def folder_of(path):
    """The folder of the house that path belongs to, or None."""
    return next((f for f in MAY_INCLUDE if path.startswith(f + "/")), None)


def home_of(header):
    for name, homes in HOMES.items():
        if header == name or (name.endswith("/") and header.startswith(name)):
            return homes
    return None


def judge(folder, quoted, system):
    """What is wrong with one #include in folder, or None."""
    homes = home_of(quoted or system)
    if homes is not None:
        if folder in homes:
            return None
        return f"{quoted or system} has its home in {', '.join(sorted(homes))}: call that instead"
    if system:
        return None
    other = folder_of(quoted)
    if other is None:
        if quoted.startswith("tests/"):
            return "nothing includes tests"
        return f'"{quoted}" does not start at the root: write "{folder}/{quoted}"'
    if other != folder and other not in MAY_INCLUDE[folder]:
        return f"{folder} may not include {other} (tests/lint/README.md)"
    return None


def check(root):
    for path in tree.files(root, ".c", ".h", ".def", ".in"):
        folder = folder_of(path)
        if folder is None:
            continue
        for number, line in tree.lines(root, path):
            match = INCLUDE.match(line)
            message = match and judge(folder, match.group(1), match.group(2))
            if message:
                yield path, number, message


if __name__ == "__main__":
    tree.main(check, "lint_layers")
