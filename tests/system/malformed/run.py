#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What people get wrong, and what they are told: one clear line with place and remedy.

Every case of table.py runs the program once and must give its exit code, exactly one line on
standard error that names the place and the remedy, nothing on standard output, and leave the history
beside it as it was, byte for byte. Ends with "N passed, N failed, N skipped".
"""
import argparse
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from table import CAPTURE, CASES

# The longest line a terminal of two rows shows; a longer one is not one clear line.
LINE_MAX = 500
TIMEOUT_S = 20
NOBODY = 65534


def unprivileged():
	"""How to run as somebody who may be denied something; None if that is not possible."""
	if os.geteuid() != 0:
		return []
	if shutil.which("setpriv"):
		return ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
	return None


def digest(folder):
	"""Every history of a folder and what waits beside it to be merged, by name and content."""
	found = {}
	for name in sorted(os.listdir(folder)):
		path = os.path.join(folder, name)
		# The lock file and SQLite's shared memory hold nothing; an empty journal neither.
		if name.endswith((".db", "-wal")) and os.path.getsize(path) > 0:
			with open(path, "rb") as f:
				found[name] = hashlib.sha256(f.read()).hexdigest()
	return found


def make_histories(bedside, folder):
	"""One good history, and what time and accidents make of one."""
	good = os.path.join(folder, "good.db")
	capture = os.path.join(folder, "good.cap")
	with open(capture, "w", encoding="utf-8") as f:
		f.write(CAPTURE)
	subprocess.run([bedside, "replay", "--db", good, capture], check=True, timeout=TIMEOUT_S,
		       stdout=subprocess.DEVNULL, env=environment(folder))
	for suffix in ("-wal", "-shm", ".lock"):
		if os.path.exists(good + suffix):
			os.unlink(good + suffix)

	newer = os.path.join(folder, "newer.db")
	shutil.copy(good, newer)
	with sqlite3.connect(newer) as db:
		db.execute("PRAGMA user_version = 9999")
	db.close()
	foreign = os.path.join(folder, "foreign.db")
	with sqlite3.connect(foreign) as db:
		db.execute("CREATE TABLE shopping(item TEXT)")
	db.close()
	with open(good, "rb") as f:
		content = f.read()
	with open(os.path.join(folder, "torn.db"), "wb") as f:
		f.write(content[:5000])
	with open(os.path.join(folder, "text.db"), "w", encoding="utf-8") as f:
		f.write("This is a shopping list.\n" * 100)
	with open(os.path.join(folder, "denied.db"), "wb") as f:
		f.write(content)
	os.chmod(os.path.join(folder, "denied.db"), 0)
	os.unlink(capture)


def environment(folder):
	"""Nothing of who runs the test: no configuration, no broker, no terminal."""
	return {"HOME": folder, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def check(case, result, before, after):
	"""What is wrong with the answer, or None."""
	lines = result.stderr.splitlines()
	if result.returncode != case.code:
		return f"exit code {result.returncode}, not {case.code}: {result.stderr.strip()}"
	if len(lines) != 1:
		return f"{len(lines)} lines instead of one: {result.stderr!r}"
	if len(lines[0]) > LINE_MAX:
		return f"a line of {len(lines[0])} characters"
	if result.stdout:
		return f"standard output says {result.stdout[:100]!r}"
	for what, pattern in (("place", case.place), ("remedy", case.remedy)):
		if not re.search(pattern, lines[0]):
			return f"no {what} /{pattern}/ in: {lines[0]}"
	if before != after:
		changed = [n for n in set(before) | set(after) if before.get(n) != after.get(n)]
		return f"a history was touched: {', '.join(sorted(changed))}"
	return None


def run_case(case, programs, histories, runner):
	"""Run one case in a folder of its own. @return what is wrong, or None."""
	with tempfile.TemporaryDirectory() as folder:
		os.chmod(folder, 0o777)
		for name, content in case.files.items():
			path = os.path.join(folder, name)
			os.makedirs(os.path.dirname(path), exist_ok=True)
			with open(path, "wb") as f:
				f.write(content if isinstance(content, bytes) else
					content.replace("DIR", folder).encode())
			os.chmod(path, case.modes.get(name, 0o644))
		argv = [a.format(d=folder, h=histories) for a in case.argv]
		argv[0] = programs[argv[0]]
		before = digest(histories)
		result = subprocess.run(runner + argv, cwd=folder, text=True, timeout=TIMEOUT_S,
					errors="replace", stdin=subprocess.DEVNULL,
					capture_output=True, check=False, env=environment(folder))
		return check(case, result, before, digest(histories))


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--bedside", required=True)
	parser.add_argument("--bedsided", required=True)
	parser.add_argument("names", nargs="*", help="only these cases")
	args = parser.parse_args()
	runner = unprivileged()
	passed = failed = skipped = 0
	with tempfile.TemporaryDirectory() as top:
		os.chmod(top, 0o755)
		programs = {}
		# A build tree may lie where nobody may look; the programs need nothing beside them.
		for name in ("bedside", "bedsided"):
			programs[name] = shutil.copy(getattr(args, name), os.path.join(top, name))
			os.chmod(programs[name], 0o755)
		histories = os.path.join(top, "histories")
		os.mkdir(histories)
		make_histories(programs["bedside"], histories)
		if os.geteuid() == 0:
			os.chmod(histories, 0o777)
			for name in os.listdir(histories):
				if name != "denied.db":
					os.chown(os.path.join(histories, name), NOBODY, NOBODY)
		for case in CASES:
			if args.names and case.name not in args.names:
				continue
			if runner is None:
				skipped += 1
				print(f"skipped: {case.name}: setpriv is not installed")
				continue
			wrong = run_case(case, programs, histories, runner)
			if wrong:
				failed += 1
				print(f"FAIL {case.name}: {wrong}")
			else:
				passed += 1
	print(f"{passed} passed, {failed} failed, {skipped} skipped")
	return 1 if failed or not passed else 0


if __name__ == "__main__":
	sys.exit(main())
