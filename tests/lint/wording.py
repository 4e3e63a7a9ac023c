#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No text that can reach a screen, a topic or a page names a disease or judges a number.

usage: wording.py [SOURCE_TREE]

Reads the quoted texts of C files and tables, and whole files of the dashboards. A rule's
cause, sources and citations are shown only in the views that a person has asked for.
"""
import os
import re

import tree

# The list that tests/unit/wording.h reads, too.
ENTRY = re.compile(r'^WORDING\((ANY|START|WORD), +"([^"]+)"\)$', re.MULTILINE)


def read_forbidden():
    """Everything that may not be said, as one expression."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../wording.def")
    with open(path, encoding="utf-8") as file:
        entries = ENTRY.findall(file.read())
    assert entries, f"{path}: no entry"
    return re.compile("|".join(
        ("" if where == "ANY" else r"\b") + re.escape(words) + (r"\b" if where == "WORD" else "")
        for where, words in entries), re.IGNORECASE)


FORBIDDEN = read_forbidden()

SHOWN_C = ("hub/cli/", "hub/mqtt/", "hub/report/", "hub/core/", "hub/line/", "rules/")
SHOWN_WHOLE = ("dashboards/home-assistant/",)
WHOLE_TYPES = (".yaml", ".yml", ".json", ".html")

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
INCLUDE = re.compile(r"^\s*#\s*include")
# Of a rule: shown only where causes are asked for, or never.
HIDDEN = re.compile(r'\b(cause|source|cite|never|test)\s+"(?:[^"\\]|\\.)*"')

# (file, what a forbidden word may stand in, why)
ALLOWED = [
    ("hub/core/profile.def", "Known artery disease, smoking",
     "a question: what a person was told, in the words he was told"),
    ("hub/core/profile.def", "Bowel disease, frequent diarrhoea", "a question"),
    ("hub/core/profile.def", "Thyroid or parathyroid operation or disease", "a question"),
    ("hub/core/profile.def", "Kidney disease", "a question"),
    ("hub/cli/options.c", "diagnose, and the absence of", "says that Bedside does not"),
    ("hub/mqtt/payload.c", "diagnosis. No message is not", "says that it is none"),
    ("hub/report/patterns.c", "Likeness is not a probability", "says that it is none"),
    ("hub/mqtt/entity.c", "diagnostic", "Home Assistant's word for a category of entities"),
    ("hub/core/state.c", "normal", "an interval that ended by itself; of the hub, not of a person"),
]


def is_allowed(path, text):
    return any(path == where and (what == text or (" " in what and what in text))
               for where, what, _ in ALLOWED)


def without_comments(lines):
    """C lines with their comments blanked; a quote within a comment is not a text."""
    inside = False
    for number, line in lines:
        kept = []
        at = 0
        while at < len(line):
            if inside:
                end = line.find("*/", at)
                if end < 0:
                    break
                inside, at = False, end + 2
            elif line[at] == '"':
                match = STRING.match(line, at)
                end = match.end() if match else len(line)
                kept.append(line[at:end])
                at = end
            elif line.startswith("/*", at):
                inside, at = True, at + 2
            else:
                kept.append(line[at])
                at += 1
        yield number, "".join(kept)


def texts_of_c(root, path):
    for number, line in without_comments(tree.lines(root, path)):
        if not INCLUDE.match(line):
            for match in STRING.finditer(line):
                yield number, match.group(1)


def texts_of_rule(root, path):
    for number, line in tree.lines(root, path):
        if line.lstrip().startswith("#"):
            continue
        for match in STRING.finditer(HIDDEN.sub("", line)):
            yield number, match.group(1)


def texts(root):
    """Yield (path, line number, text) of all that can be shown."""
    for path in tree.files(root):
        if path.startswith(SHOWN_C) and path.endswith((".c", ".h", ".def")):
            found = texts_of_c(root, path)
        elif path.startswith("rules/library/") and path.endswith(".rule"):
            found = texts_of_rule(root, path)
        elif path.startswith(SHOWN_WHOLE) and path.endswith(WHOLE_TYPES):
            found = tree.lines(root, path)
        else:
            continue
        for number, text in found:
            yield path, number, text


def check(root):
    for path, number, text in texts(root):
        match = FORBIDDEN.search(text)
        if match and not is_allowed(path, text):
            yield path, number, f"a text for people says '{match.group(0)}': {text.strip()[:60]}"


if __name__ == "__main__":
    tree.main(check, "lint_wording")
