#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every query of hub/store/QUERIES.md, taken from the page, on a simulated fortnight: by bedside sql and by any
SQLite, one row at least, and no column that is empty throughout.

Ends with "N passed, N failed, N skipped".
"""
import argparse
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

QUERIES = 20
# Generous on a loaded machine; a query that walks the history takes minutes.
SLOW_S = 20
# What a made-up sleeper need not have: there may be nothing missing, and contact beds know no side.
MAY_BE_EMPTY = {"missing"}


def queries_of(path):
	"""(heading, statement) of each section that has one."""
	with open(path, encoding="utf-8") as f:
		return re.findall(r"^### (\d+\. [^\n]*)\n(?:[^`#\n]+\n)?```sql\n(.*?)\n```$", f.read(), re.MULTILINE | re.DOTALL)


def ask(bedside, db, sql, env):
	done = subprocess.run([bedside, "sql", "--csv", "--db", db, sql], text=True, capture_output=True,
			      timeout=SLOW_S, check=False, env=env)
	if done.returncode != 0:
		raise ValueError(done.stderr.strip())
	return list(csv.DictReader(io.StringIO(done.stdout)))


def wrong_with(bedside, db, sql, env):
	"""What an owner would complain about, or None."""
	rows = ask(bedside, db, sql, env)
	if not rows:
		return "no row"
	for column in rows[0]:
		if column not in MAY_BE_EMPTY and all(row[column] in ("", None) for row in rows):
			return f"{column} is empty in all {len(rows)} rows"
	with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as plain:
		found = plain.execute(sql).fetchall()
	if len(found) != len(rows):
		return f"{len(found)} rows by another SQLite, {len(rows)} here"
	return None


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--bedside", required=True)
	parser.add_argument("--page", required=True)
	args = parser.parse_args()
	queries = queries_of(args.page)
	passed = failed = 0
	with tempfile.TemporaryDirectory() as home:
		env = {"HOME": home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Europe/Berlin"}
		db = home + "/fortnight.db"
		subprocess.run([args.bedside, "demo", "--mat", "strips", "--db", db], check=True, env=env,
			       stdout=subprocess.DEVNULL, timeout=600)
		for heading, sql in queries:
			begun = time.monotonic()
			try:
				wrong = wrong_with(args.bedside, db, sql, env)
			except (ValueError, sqlite3.Error, subprocess.TimeoutExpired) as error:
				wrong = str(error)
			if time.monotonic() - begun > SLOW_S:
				wrong = wrong or "too slow"
			if wrong:
				failed += 1
				print(f"FAIL {heading}: {wrong}")
			else:
				passed += 1
	if len(queries) != QUERIES or [int(h.split(".")[0]) for h, _ in queries] != list(range(1, QUERIES + 1)):
		failed += 1
		print(f"FAIL: the page has {len(queries)} queries that can be found, not 1 to {QUERIES}")
	print(f"{passed} passed, {failed} failed, 0 skipped")
	return 1 if failed or not passed else 0


if __name__ == "__main__":
	sys.exit(main())
