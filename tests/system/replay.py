# SPDX-License-Identifier: MIT
"""The same frames give the same events, whatever the speed and the number of times."""

import csv
import os
import subprocess
import tempfile
import unittest

import hub

# Everything a reader sees of an event but its row and its run.
ASIDE = {"id", "run"}


def rows(db):
    """Every event of a history, as bytes to compare."""
    done = subprocess.run(["sqlite3", "-readonly", "-csv", "-header", db,
                           "SELECT * FROM events ORDER BY id"],
                          check=True, capture_output=True, text=True)
    table = list(csv.DictReader(done.stdout.splitlines()))
    return [tuple(v for k, v in row.items() if k not in ASIDE) for row in table]


class Determinism(unittest.TestCase):
    def test_twice_and_paced(self):
        with tempfile.TemporaryDirectory() as directory:
            capture = hub.simulate(directory, nights=1, mat="contact", seed=3)
            # Paced, a capture of twenty hours at 7200 takes ten seconds.
            results = {}
            for name, speed in (("first", []), ("second", []), ("paced", ["--speed", "7200"])):
                db = os.path.join(directory, name + ".db")
                hub.bedside("replay", "--db", db, *speed, capture)
                results[name] = rows(db)
            self.assertGreater(len(results["first"]), 20)
            self.assertEqual(results["first"], results["second"])
            self.assertEqual(results["first"], results["paced"])

    def test_again_into_one_history(self):
        """The same recording twice is one past, not two."""
        with tempfile.TemporaryDirectory() as directory:
            capture = hub.simulate(directory, nights=1, mat="contact", seed=4)
            db = os.path.join(directory, "history.db")
            hub.bedside("replay", "--db", db, capture)
            once = rows(db)
            hub.bedside("replay", "--db", db, capture)
            self.assertEqual(rows(db), once)


class BadRecording(unittest.TestCase):
    def test_what_came_before_a_bad_row_is_kept(self):
        with tempfile.TemporaryDirectory() as directory:
            capture = hub.simulate(directory, nights=1, mat="contact", seed=5)
            broken = os.path.join(directory, "broken.cap")
            done = subprocess.run(["gzip", "-dcf", capture], check=True, capture_output=True, text=True)
            lines = done.stdout.splitlines()
            lines[len(lines) // 2] = "this,is,no,row"
            with open(broken, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            db = os.path.join(directory, "history.db")
            done = hub.bedside("replay", "--db", db, broken, check=False)
            self.assertEqual(done.returncode, 4)
            self.assertIn(f"{broken}:{len(lines) // 2 + 1}: ", done.stderr)
            self.assertGreater(len(rows(db)), 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
