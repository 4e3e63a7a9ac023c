#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How answers look: on terminals and in pipes, for people and for programs, and what says that it is not known."""
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys

from bench import TIMEOUT_S, expect, main, on_terminal


def test_demo(bench):
	"""Two weeks of a leg-hanging sleeper: the night, the finding, where to go from there."""
	text = bench.demo
	expect(text.startswith("SIMULATED"), "a demo does not say first that it is simulated")
	for needed in ("legs over edge", "in bed", "movement", "left leg", "circulation-like",
		       "speaks for it", "bedside events --db", "bedside sql", "bedsided"):
		expect(needed in text, f"a demo does not show '{needed}':\n{text}")


def test_a_demo_is_looked_into_by_what_it_prints(bench):
	"""The lines below it are for a shell, whatever is in the path."""
	db = bench.home + "/o'neil's \"$HOME\".db"
	text = bench.run("demo", "--nights", "1", "--db", db)
	assign, nights = re.search(r"^  (db=.*)\n  (bedside nights .*)$", text, re.MULTILINE).groups()
	done = subprocess.run(["sh", "-c", assign + "\n" + nights], text=True, capture_output=True, timeout=TIMEOUT_S,
			      check=False, env={"HOME": bench.home, "TZ": "UTC", "LC_ALL": "C.UTF-8",
						"PATH": os.path.dirname(bench.bedside) + ":" + os.environ["PATH"]})
	expect(done.returncode == 0 and done.stdout == bench.run("nights", "--db", db), f"{assign}: {done.stderr}")


def test_demo_healthy(bench):
	"""A healthy sleeper gives no finding."""
	summary = bench.rows("demo", "--sleeper", "healthy", "--db", bench.home + "/h.db")[0]
	expect(summary["pattern"] == "none", f"pattern {summary['pattern']}")
	loud = [f["rule"] for f in summary["findings"] if f["band"] in ("likeness", "strong")]
	expect(not loud, f"findings of a healthy sleeper: {loud}")
	expect(summary["simulated"] is True, "not marked as simulated")
	text = bench.run("demo", "--sleeper", "healthy")
	expect("No pattern seen" in text, "a healthy demo does not say so")
	db = bench.home + "/h.db"
	for argv in (["night"], ["rules", "explain"], ["nights"], ["doctor"]):
		told = " ".join(bench.run(*argv, "--db", db).split())
		expect("9 of 11 patterns could not be looked for: this bed cannot tell how much weight lies where "
		       "(4), movements of the legs (3), how someone lies (2)." in told,
		       f"{argv[0]} does not say what was not looked for: {told[-600:]}")
	expect("none seen (2 of 11)" in bench.run("nights", "--db", db), "nights: none of how many")
	row = bench.rows("nights", "--limit", "1", "--db", db)[0]
	expect((row["patterns"], row["patterns_looked_for"]) == (11, 2) and
	       row["not_looked_for"].startswith("9 of 11 patterns"), str(row))
	page = bench.run("report", "--since", "2001-01-01", "--db", db)
	expect("9 of 11 patterns could not be looked for" in page, "the period page does not say it")


def test_a_verdict_of_few_is_explained(bench):
	"""Of each bed, though tonight has no findings yet."""
	db = bench.home + "/two-beds.db"
	shutil.copyfile(bench.db, db)
	why = " patterns could not be looked for: "
	nights = " ".join(bench.run("nights", "--db", db).split())
	expect(nights.count(why) == 1 and "bed: " not in nights.split("PATTERN")[1], nights[-600:])

	def copy(history, table, where, **changed):
		names = [row[1] for row in history.execute(f"PRAGMA table_info({table})")]
		values = ", ".join(str(changed.get(name, name)) for name in names)
		history.execute(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {where}")

	last = "night = (SELECT max(night) FROM night_row)"
	with contextlib.closing(sqlite3.connect(db)) as history, history:
		copy(history, "bed_row", "id = 0", id=1, name_id="'attic'", place=1)
		copy(history, "night_row", last, bed=1)
		# Of a bed with one rule less.
		copy(history, "finding_row", last + " AND rule <> 'leg_hanging'", bed=1, id="id + 10000")
		copy(history, "night_row", last, night="night + 1", complete=0, last_exit_ms="NULL")
	rows = bench.rows("nights", "--db", db)
	expect(len(rows) == 17 and [row["pattern"] for row in rows[-2:]] == [None, None], str(rows[-2:]))
	said = " ".join(bench.run("nights", "--db", db).split())
	expect(said.count(why) == 2 and " bed: 9 of 11" + why in said and " attic: 9 of 10" + why in said, said[-600:])
	alone = " ".join(bench.run("nights", "--bed", "attic", "--db", db).split())
	expect(alone.count(why) == 1 and "attic: " not in alone and "9 of 10" + why in alone, alone)


def test_plain(bench):
	"""Into a pipe goes plain text: no colours, no letters beyond ASCII."""
	for argv in (["night"], ["nights"], ["events", "--limit", "50"], ["rules", "explain"],
		     ["status"], ["sql", "SELECT * FROM nights"]):
		text = bench.run(*argv, "--db", bench.db)
		expect("\x1b" not in text, f"{argv[0]}: an escape sequence in a pipe")
		expect(argv[0] == "rules" or text.isascii(), f"{argv[0]}: {ascii(text)[:300]}")
		expect("SIMULATED" in text, f"{argv[0]} does not say that it is simulated")


def test_unicode_night(bench):
	text = bench.run("night", "--unicode", "--width", "120", "--db", bench.db)
	expect("█" in text, "no blocks although asked for")
	widest = max(len(line) for line in text.splitlines() if line.startswith("in bed"))
	expect(110 < widest <= 120, f"a line of {widest} columns where 120 were asked for")


def test_json(bench):
	"""Every line of every verb is one object, and says that it is simulated."""
	for argv in (["night"], ["nights"], ["events"], ["rules", "explain"]):
		rows = bench.rows(*argv, "--db", bench.db)
		expect(rows, f"{argv[0]}: nothing")
		expect(all(row["simulated"] is True for row in rows), f"{argv[0]}: not marked")
	for argv in (["status", "--db", bench.db], ["rules", "list"], ["rules", "test"], ["doctor"],
		     ["doctor", "--drivers"], ["sql", "SELECT 1 AS one", "--db", bench.db]):
		expect(bench.rows(*argv), f"{argv[0]}: nothing")


def test_narrow_terminal(bench):
	"""On 80 columns no line is longer and no word is cut; a pipe gets every column on one line."""
	for argv in ("nights", "--db", bench.db), ("profile", "--db", bench.db), ("rules", "list"), \
		    ("note", "help"), ("events", "--type", "help"):
		lines = on_terminal(bench, 80, *argv)
		wide = [line for line in lines if len(line) > 80]
		expect(not wide, f"{argv}: longer than 80: {wide}")
		words = set(bench.run(*argv).split())
		cut = [word for line in lines if not line.startswith("Not shown at this width: ")
		       for word in line.split() if word not in words and word.rstrip(",.") not in words]
		expect(not cut, f"{argv}: cut: {cut}")
	lines = on_terminal(bench, 80, "nights", "--db", bench.db)
	expect(lines[2].startswith("NIGHT") and "LEGS OVER" in lines[2] and lines[2].endswith("PATTERN") and
	       any(line.startswith("Not shown at this width: BED, ") for line in lines), str(lines))
	expect("FAULTS" in bench.run("nights", "--db", bench.db).splitlines()[2], "a pipe lost a column")
	expect("FAULTS" in on_terminal(bench, 130, "nights", "--db", bench.db)[2], "there was room")


def test_eighty_columns(bench):
	"""What is printed into a pipe, and on a terminal of 80 columns, is at most 80 characters wide."""
	help_text = bench.run("--help")
	verbs = re.findall(r"^  ([a-z]+) +[A-Z]", help_text.split("Every verb")[0], re.MULTILINE)
	expect(len(verbs) >= 15, f"verbs: {verbs}")
	strips = bench.home + "/wide.db"
	commands = [("--help",)] + [(verb, "--help") for verb in verbs]
	commands += [("demo", "--mat", "strips", "--nights", "1", "--db", strips), ("doctor",),
		     ("doctor", "--db", bench.db), ("doctor", "--drivers"), ("status", "--db", bench.db),
		     ("night", "--db", bench.db), ("night", "--db", strips), ("rules", "explain", "--db", bench.db)]
	for argv in commands:
		text = bench.run(*argv)
		if strips in argv and argv[0] == "demo": # which does not touch a history that is there
			os.unlink(strips)
		for lines, where in (text.splitlines(), "a pipe"), (on_terminal(bench, 80, *argv), "a terminal"):
			# A path cannot be broken.
			lines = [line.split("\x1b[K")[-1] for line in lines] # behind the progress
			wide = [line for line in lines if len(line) > 80 and bench.home not in line]
			expect(not wide, f"{argv} in {where}: wider than 80: {wide}")


def test_what_pads_cannot_tell(bench):
	"""Contact pads do not tell who turns, nor how strongly somebody moved: unknown, never 0."""
	expect(all(night["position_changes"] is None for night in bench.rows("nights", "--db", bench.db)),
	       "position changes of contact pads")
	moves = bench.rows("events", "--type", "large_movement", "--db", bench.db)
	expect(moves and all(move["value"] is None for move in moves), "the size of a movement on pads")
	rows = bench.run("events", "--type", "large_movement", "--limit", "3", "--db", bench.db).splitlines()
	expect(all(re.search(r"large_movement +- ", row) for row in rows[-3:]), str(rows))
	stored = bench.rows("sql", "SELECT count(*) AS n, count(value) AS known FROM events WHERE "
				   "type = 'large_movement'", "--db", bench.db)[0]
	expect(stored["n"] == len(moves) and stored["known"] == 0, str(stored))


def test_what_was_taken_back_is_said_to_be(bench):
	"""A pad closes by itself on an empty bed and stays so: after an hour nobody came to bed."""
	capture, db = bench.home + "/alone.cap", bench.home + "/alone.db"
	with open(capture, "w", encoding="utf-8") as file:
		file.write("# bedside-capture: 1\n# provenance: measured, by hand\n# mat: contact\n"
			   "# origin: 2026-11-22T20:00:00Z\n"
			   "# zone: trunk trunk 500 350\n# zone: legs legs 500 750\n"
			   "t_s,trunk,legs\n0,0,0\n600,1,0\n9000,1,0\n")
	bench.run("replay", "--db", db, capture)
	rows = bench.run("events", "--type", "bed_occupied", "--db", db).splitlines()[1:]
	expect(rows and all("taken back: the sensor had failed" in row for row in rows), str(rows))
	expect(all(row["taken_back"] for row in bench.rows("events", "--type", "bed_occupied", "--db", db)),
	       "taken back is no JSON")
	stored = bench.rows("sql", "SELECT type FROM events WHERE taken_back ORDER BY type", "--db", db)
	expect({"type": "bed_occupied"} in stored and {"type": "bed_enter"} not in stored, str(stored))


if __name__ == "__main__":
	sys.exit(main(globals()))
