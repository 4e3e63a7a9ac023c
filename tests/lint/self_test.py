#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lint must find the mistake it is there for: plant one at a time and see it found.

usage: self_test.py
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MIT = "/* SPDX-License-Identifier: MIT */\n"

# (program, planted file, its text, what the finding must say)
PLANTED = [
    ("layers.py", "hub/core/a.c", '#include "hub/config/config.h"\n', "may not include"),
    ("layers.py", "hub/detect/a.c", '#include "hub/store/store.h"\n', "may not include"),
    ("layers.py", "drivers/a.c", '#include "rules/rule.h"\n', "may not include"),
    ("layers.py", "rules/a.c", '#include "drivers/driver.h"\n', "may not include"),
    ("layers.py", "hub/store/a.c", '#include "hub/mqtt/mqtt.h"\n', "may not include"),
    ("layers.py", "hub/line/a.c", '#include "hub/daemon/clock.h"\n', "may not include"),
    ("layers.py", "hub/cli/a.c", '#include "hub/daemon/clock.h"\n', "may not include"),
    ("layers.py", "hub/cli/a.c", "#include <sqlite3.h>\n", "has its home in hub/store"),
    ("layers.py", "drivers/a.c", "#  include <systemd/sd-event.h>\n", "has its home in hub/daemon"),
    ("layers.py", "hub/daemon/a.c", "#include <gpiod.h>\n", "has its home in drivers"),
    ("layers.py", "hub/core/a.c", '#include "ring.h"\n', "does not start at the root"),
    ("layers.py", "hub/core/a.c", '#include "tests/fakes/bus.h"\n', "nothing includes tests"),
    ("style.py", "hub/core/a.c", MIT + "\n" * 600, "more than 600 lines"),
    ("style.py", "hub/core/a.c", "int a;\n", "no 'SPDX-License-Identifier: MIT'"),
    ("style.py", "tests/rig/modules/a.c", MIT, "no 'SPDX-License-Identifier: GPL-2.0'"),
    ("style.py", "deploy/a", "#!/bin/sh\ntrue\n", "no 'SPDX-License-Identifier: MIT'"),
    ("style.py", "hub/core/a.c", MIT + "/* TODO: more */\n", "sounds unfinished"),
    ("style.py", "README.md", "This is not implemented.\n", "sounds unfinished"),
    ("style.py", "README.md", "See /work/notes.\n", "a path of one machine"),
    ("style.py", "tests/unit/core/a.c", MIT + "sleep(1);\n", "a sleep where time"),
    ("style.py", "hub/detect/a.c", MIT + "usleep (10);\n", "a sleep where time"),
    ("style.py", "rules/a.c", MIT + "now = time(NULL);\n", "reads a clock"),
    ("style.py", "drivers/a.c", MIT + "clock_gettime(CLOCK_MONOTONIC, &ts);\n", "reads a clock"),
    ("style.py", "hub/core/a.h", MIT + "typedef struct {\n", "typedef'd struct"),
    ("wording.py", "hub/cli/a.c", 'puts("This is a Diagnosis");\n', "says 'Diagnos'"),
    ("wording.py", "hub/mqtt/a.c", '/* a "quote" */ x = "an abnormal night";\n', "says 'abnormal'"),
    ("wording.py", "hub/core/a.def", 'EVENT(A, "Positive")\n', "says 'Positive'"),
    ("wording.py", "hub/report/a.c", 'text("80 % likely");\n', "% likely"),
    ("wording.py", "rules/library/a.rule", 'cause "venous disease"\nsays "a risk"\n', "says 'risk'"),
    ("wording.py", "rules/library/a.rule", 'evidence "a disease" when a weight +1\n', "says 'disease'"),
    ("wording.py", "dashboards/home-assistant/a.yaml", "name: RLS\n", "says 'RLS'"),
    ("wording.py", "hub/mqtt/entity.c", 'x = "a diagnostic sentence";\n', "says 'diagnos'"),
    ("shell", "deploy/a", "#!/bin/sh\nrm $1/*\n", "SC2086"),
]
CLEAN = [
    ("layers.py", "hub/line/a.c", '#include "hub/store/store.h"\n#include <stdio.h>\n'),
    ("layers.py", "drivers/a.c", '#include "drivers/bus.h"\n#include <gpiod.h>\n'),
    ("style.py", "hub/daemon/a.c", MIT + "clock_gettime(CLOCK_MONOTONIC, &ts);\n"),
    ("style.py", "hub/core/a.c", MIT + "/* the framework/farm/ of it */\n" + "\n" * 598),
    ("wording.py", "hub/cli/a.c",
     '/* of a "disease" */\n#include "hub/normal.h"\nputs("one of the patterns");\n'),
    ("wording.py", "rules/library/a.rule", 'cause "venous disease"\nsource "the risk of it"\n'),
    ("wording.py", "hub/mqtt/entity.c", '.category = "diagnostic"\n'),
    ("shell", "deploy/a", '#!/bin/sh\nrm "$1"\n'),
]

# Changes to the real unit, and what lint_systemd must say.
PLANTED_UNIT = [
    ("ProtectHome=yes", "ProtectHoome=yes", "Unknown key"),
    ("SystemCallFilter=@system-service", "SystemCallFilter=@nonsense", "nonsense"),
    ("CapabilityBoundingSet=\n", "", "Overall exposure level"),
    ("WatchdogSec=30", "WatchdogSec=@TYPO@", "a variable of CMake is left"),
]


def run(program, path, text):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)
        return subprocess.run([os.path.join(HERE, program), root], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)


def run_systemd(old, new):
    """lint_systemd on this tree's unit with old replaced by new, as CMake would have filled it."""
    source = os.path.join(HERE, "..", "..", "deploy", "systemd")
    with tempfile.TemporaryDirectory() as root:
        folder = os.path.join(root, "deploy", "systemd")
        shutil.copytree(source, folder)
        for name in ("bedsided.service", "tmpfiles.conf"):
            with open(os.path.join(folder, name + ".in"), encoding="utf-8") as file:
                text = file.read()
            if name == "bedsided.service":
                assert old in text, old
                text = text.replace(old, new)
            for directory in ("SBINDIR", "SYSCONFDIR"):
                text = text.replace(f"@CMAKE_INSTALL_FULL_{directory}@", "/usr/bin")
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        return subprocess.run([os.path.join(HERE, "systemd"), root, root], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def main():
    bad = 0
    for old, new, wanted in PLANTED_UNIT if shutil.which("systemd-analyze") else []:
        result = run_systemd(old, new)
        if result.returncode == 0 or wanted not in result.stdout:
            print(f"systemd missed {new!r}: {result.stdout}")
            bad += 1
    for program, path, text, wanted in PLANTED:
        result = run(program, path, text)
        if result.returncode != 1 or wanted not in result.stdout or path not in result.stdout:
            print(f"{program} missed {text[:60]!r} in {path}: {result.stdout}")
            bad += 1
    for program, path, text in CLEAN:
        result = run(program, path, text)
        if result.returncode != 0:
            print(f"{program} blamed {text[:60]!r} in {path}: {result.stdout}")
            bad += 1
    print(f"lint_self_test: {len(PLANTED) + len(PLANTED_UNIT)} planted, {len(CLEAN)} clean, {bad} wrong")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
