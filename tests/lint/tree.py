# SPDX-License-Identifier: MIT
"""What the lint programs share: the files of a source tree, and how a finding is printed."""
import os
import sys

NOT_OURS = {".git", "build", "__pycache__"}


def files(root, *suffixes):
    """Yield paths relative to root, in order, of files ending in one of suffixes (all if none)."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(d for d in subfolders if d not in NOT_OURS)
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if not suffixes or path.endswith(suffixes):
                yield path


def lines(root, path):
    """Yield (number, line); bytes that are not text are replaced."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            yield number, line.rstrip("\n")


def main(check, what):
    """Run check(root) -> iterable of (path, line number, message) on the tree named in argv[1]."""
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    found = 0
    for path, number, message in check(root):
        print(f"{path}:{number}: {message}")
        found += 1
    print(f"{what}: {found} findings")
    sys.exit(1 if found else 0)
