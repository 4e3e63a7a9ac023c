#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verbs as a person and as a program use them, on simulated nights.

Ends with "N passed, N failed, N skipped".
"""
import argparse
import contextlib
import csv
import datetime
import io
import json
import os
import pty
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile

TIMEOUT_S = 60


class Wrong(Exception):
	"""What a user would see that must not be."""


def expect(holds, text):
	if not holds:
		raise Wrong(text)


class Bench:
	"""A home without configuration, and the program under test in it."""

	def __init__(self, bedside, home):
		self.bedside = bedside
		self.home = home
		self.db = os.path.join(home, "demo.db")

	def run(self, *argv, code=0, **extra):
		env = {"HOME": self.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
		       **extra}
		result = subprocess.run([self.bedside, *argv], text=True, capture_output=True,
					timeout=TIMEOUT_S, check=False, env=env, cwd=self.home,
					stdin=subprocess.DEVNULL)
		expect(result.returncode == code,
		       f"{' '.join(argv)}: exit code {result.returncode}: {result.stderr.strip()}")
		return result.stdout

	def rows(self, *argv):
		"""Every line of a --json answer, each a whole object."""
		return [json.loads(line) for line in self.run(*argv, "--json").splitlines()]


def test_demo(bench):
	"""Two weeks of a leg-hanging sleeper: the night, the finding, where to go from there."""
	text = bench.run("demo", "--db", bench.db)
	expect(text.startswith("SIMULATED"), "a demo does not say first that it is simulated")
	for needed in ("legs over edge", "in bed", "movement", "left leg", "circulation-like",
		       "speaks for it", "bedside events --db", "bedside sql", "bedsided"):
		expect(needed in text, f"a demo does not show '{needed}':\n{text}")


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
		expect("8 of 11 patterns could not be looked for: this bed cannot tell how much weight lies where "
		       "(4), how someone lies (2), movements of the legs (2)." in told,
		       f"{argv[0]} does not say what was not looked for: {told[-600:]}")
	expect("none seen (3 of 11)" in bench.run("nights", "--db", db), "nights: none of how many")
	row = bench.rows("nights", "--limit", "1", "--db", db)[0]
	expect((row["patterns"], row["patterns_looked_for"]) == (11, 3) and
	       row["not_looked_for"].startswith("8 of 11 patterns"), str(row))
	page = bench.run("report", "--since", "2001-01-01", "--db", db)
	expect("8 of 11 patterns could not be looked for" in page, "the period page does not say it")


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


def test_events(bench):
	"""Each filter keeps what it says, and together they lose nothing."""
	everything = bench.rows("events", "--db", bench.db)
	legs = bench.rows("events", "--type", "legs_over_edge", "--db", bench.db)
	expect(legs and all(row["type"] == "legs_over_edge" for row in legs), "--type")
	expect(legs == [row for row in everything if row["type"] == "legs_over_edge"], "--type loses")
	newest = bench.rows("events", "--limit", "5", "--db", bench.db)
	expect(newest == everything[-5:], "--limit does not keep the newest")
	middle = everything[len(everything) // 2]["start"]
	before = bench.rows("events", "--until", middle[:19] + "Z", "--db", bench.db)
	after = bench.rows("events", "--since", middle[:19] + "Z", "--db", bench.db)
	expect(len(before) < len(everything) and len(after) < len(everything), "no limits in time")
	ids = {row["id"] for row in before} | {row["id"] for row in after}
	expect(ids == {row["id"] for row in everything}, "--since and --until lose events")
	last = everything[-1]["night"]
	night = bench.rows("events", "--night", "last", "--db", bench.db)
	expect({row["night"] for row in night} == {last}, "--night last")
	expect(bench.rows("events", "--night", last, "--db", bench.db) == night, "--night DATE")


def test_nights(bench):
	nights = bench.rows("nights", "--db", bench.db)
	expect(len(nights) == 14, f"{len(nights)} nights of 14")
	expect(nights == sorted(nights, key=lambda n: n["night"]), "not oldest first")
	expect(sum(n["legs_over_edge"] for n in nights) > 10, "hardly any legs over the edge")
	two = bench.rows("nights", "--limit", "2", "--db", bench.db)
	expect(two == nights[-2:], "--limit")
	some = bench.rows("nights", "--since", nights[3]["night"], "--until", nights[5]["night"],
			  "--db", bench.db)
	expect(some == nights[3:6], "--since and --until")
	legs = [row for row in bench.rows("events", "--type", "legs_over_edge", "--night",
					  nights[6]["night"], "--db", bench.db)]
	expect(len(legs) == nights[6]["legs_over_edge"], "a night counts other events than there are")


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


def on_terminal(bench, width, *argv):
	"""The lines that a terminal of this width shows, without colours."""
	pid, fd = pty.fork()
	if pid == 0:
		os.execve(bench.bedside, ["bedside", *argv],
			  {"HOME": bench.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
			   "TERM": "dumb", "COLUMNS": str(width)})
	text = b""
	with contextlib.suppress(OSError): # a terminal that is closed
		while data := os.read(fd, 65536):
			text += data
	os.close(fd)
	expect(os.waitpid(pid, 0)[1] == 0, f"{argv}: failed")
	return text.decode().replace("\r", "").splitlines()


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


def test_explain(bench):
	"""The finding with evidence on both sides and its sources."""
	rows = bench.rows("rules", "explain", "--db", bench.db)
	found = [row for row in rows if row["class"] == "circulation" and
		 row["band"] in ("some", "likeness", "strong")]
	expect(found, "no circulation-like finding")
	expect(found[0]["sources"], "no sources")
	expect(any(e["truth"] == "true" and e["speaks"] == "for" for e in found[0]["evidence"]),
	       "no evidence for it")
	apart = {row["tell_apart"] for row in rows}
	expect(len(apart) == 1 and None not in apart, f"what would tell most: {apart}")
	expect(apart.pop()[:20] in bench.run("rules", "explain", "--db", bench.db), "only in JSON")
	first = bench.rows("nights", "--db", bench.db)[0]["night"]
	expect(all(row["night"] == first for row in
		   bench.rows("rules", "explain", "--night", first, "--db", bench.db)), "another night")
	text = bench.run("rules", "explain", found[0]["rule"], "--db", bench.db)
	expect("sources:" in text and "speaks for it" in text, text)
	for word in ("%)", "diagnos", "probab"):
		expect(word not in text.lower(), f"the explanation says '{word}'")


def changed_rule(bench):
	"""A rule of one's own in place of leg_hanging: it wants every night of two weeks."""
	source = os.path.join(os.path.dirname(os.path.abspath(__file__)),
			      "../../../rules/library/leg-hanging.rule")
	with open(source, encoding="utf-8") as f:
		text = f.read()
	needs = re.search(r"^needs nights >= \d+ of 14", text, re.MULTILINE).group(0)
	path = bench.home + "/mine.rule"
	with open(path, "w", encoding="utf-8") as f:
		f.write(text.replace(needs, "needs nights >= 14 of 14"))
	return source, path


def test_backtest(bench):
	"""The rules in force say what was said; a rule that wants more nights says it later."""
	db = ["--db", bench.db]
	nights = [row["night"] for row in bench.rows("nights", *db)]
	rows = bench.rows("rules", "backtest", "leg_hanging", *db)
	expect([row["night"] for row in rows] == nights, "a night is missing")
	expect(not any(row["changed"] for row in rows) and
	       all(row["would_say"]["rule_hash"] == row["was_said"]["rule_hash"] for row in rows),
	       "the same rule says something else than it did")
	bands = [row["would_say"]["band"] for row in rows]
	expect(bands[0] == "not-enough-data" and bands[-1] in ("some", "likeness", "strong"), str(bands))
	_, mine = changed_rule(bench)
	changed = [row["night"] for row in bench.rows("rules", "backtest", mine, *db) if row["changed"]]
	seen = [n for n, band in zip(nights, bands) if band != "not-enough-data"]
	expect(set(seen[:-1]) <= set(changed), f"changed on {changed}, was seen on {seen}")
	some = bench.rows("rules", "backtest", "leg_hanging", "--rules", mine, "--since", nights[6],
			  "--until", nights[8], *db)
	expect([row["night"] for row in some if row["changed"]] == nights[6:9], str(some))
	text = bench.run("rules", "backtest", mine, *db)
	expect(f"14 evaluations, {len(changed)} changed." in text and "SIMULATED" in text, text)


def test_backtest_refuses(bench):
	db = ["--db", bench.db]
	bench.run("rules", "backtest", "leg_hangin", *db, code=2)
	bench.run("rules", "backtest", *db, code=2)
	bench.run("rules", "backtest", "leg_hanging", "--since", "2001-01-02", "--until", "2001-01-01",
		  *db, code=2)
	bench.run("rules", "backtest", "leg_hanging", "--until", "2001-01-01", *db, code=4)
	bench.run("rules", "backtest", bench.home + "/absent.rule", *db, code=5)
	wrong = bench.home + "/wrong.rule"
	with open(wrong, "w", encoding="utf-8") as f:
		f.write("rule x\nclass muscle\n")
	bench.run("rules", "backtest", wrong, *db, code=3)
	bench.run("rules", "diff", wrong, wrong, *db, code=3)


def test_diff(bench):
	"""Each night that differs, and a plain word when none does."""
	db = ["--db", bench.db]
	source, mine = changed_rule(bench)
	rows = bench.rows("rules", "diff", source, mine, *db)
	changed = [row["night"] for row in bench.rows("rules", "backtest", mine, *db) if row["changed"]]
	expect([row["night"] for row in rows] == changed and
	       all(row["old"]["band"] != row["new"]["band"] or
		   row["old"]["red_flag"] != row["new"]["red_flag"] for row in rows), str(rows))
	text = bench.run("rules", "diff", source, mine, "--since", changed[-1], *db)
	expect("1 difference " in text and "leg_hanging" in text, text)
	text = bench.run("rules", "diff", os.path.dirname(source), source, *db)
	expect("Nothing differs" in text, text)
	expect(bench.rows("rules", "diff", source, source, *db) == [], "rows although nothing differs")
	bench.run("rules", "diff", source, *db, code=2)
	bench.run("rules", "diff", source, bench.home + "/absent", *db, code=5)
	bench.run("rules", "diff", source, mine, "--until", "2001-01-01", *db, code=4)


def test_sql(bench):
	rows = bench.rows("sql", "SELECT name, 1.5 AS x, NULL AS y FROM event_types LIMIT 3", "--db",
			  bench.db)
	expect(len(rows) == 3 and rows[0]["x"] == 1.5 and rows[0]["y"] is None, str(rows))
	text = bench.run("sql", "--json", "SELECT 33.562 AS t", "--db", bench.db)
	expect(text == '{"t":33.562}\n', text)
	text = bench.run("sql", "--csv", "SELECT 'a,\"b' AS \"q,r\", 2 AS n", "--db", bench.db)
	expect(list(csv.reader(io.StringIO(text))) == [["q,r", "n"], ['a,"b', "2"]], repr(text))


def test_replay(bench):
	"""A simulated capture gives the same events however often it is played."""
	folder = bench.home + "/captures"
	os.mkdir(folder)
	bench.run("simulate", "--sleeper", "leg-hanging", "--nights", "2", "--seed", "5", "-o", folder)
	captures = [name for name in os.listdir(folder) if ".cap" in name]
	expect(len(captures) == 1, f"captures: {os.listdir(folder)}")
	path = os.path.join(folder, captures[0])
	events = []
	for name in ("one.db", "two.db"):
		summary = bench.rows("replay", "--db", f"{bench.home}/{name}", path)[0]
		expect(summary["simulated"] is True and summary["nights"] >= 2, str(summary)[:300])
		events.append(bench.run("events", "--json", "--db", f"{bench.home}/{name}"))
	expect(events[0] == events[1], "two replays differ")
	expect(events[0].count("\n") == sum(summary["events"].values()),
	       "replay counts other events than the history holds")
	text = bench.run("events", "--db", f"{bench.home}/one.db")
	expect("until the recording ended" in text and "hub" not in text,
	       "a recording ends, no hub stops: " + text[-300:])
	page = bench.run("report", "--db", f"{bench.home}/one.db")
	expect("the recording ends before the noon" in page and "not over yet" not in page,
	       "a recording that has ended goes on")


def test_report(bench):
	"""The night page and the period page, as a file and on standard output."""
	path = bench.home + "/night.html"
	bench.run("report", "--night", "last", "-o", path, "--db", bench.db)
	with open(path, encoding="utf-8") as f:
		page = f.read()
	expect(page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n"), "not a whole page")
	for needed in ("Simulated, not a person", "Legs over the edge", "Speaks for it",
		       "Quality of the data", "Questions to take to the doctor", "Held back"):
		expect(needed in page, f"the night page does not say '{needed}'")
	expect("peripheral" not in page.lower(), "a cause is named though nobody asked for it")
	expect(os.stat(path).st_mode & 0o077 == 0, "a page about somebody can be read by others")
	expect(bench.run("report", "--db", bench.db) == page, "standard output gives another page")
	nights = bench.rows("nights", "--db", bench.db)
	row = bench.rows("report", "--since", nights[2]["night"], "--until", nights[8]["night"], "-o",
			 path, "--db", bench.db)[0]
	expect(row["nights"] == 7 and row["simulated"] is True and row["file"] == path, str(row))
	with open(path, encoding="utf-8") as f:
		page = f.read()
	expect(page.count('<title id="night-') == 7, "not a strip for each night")
	expect(sorted(os.listdir(bench.home)).count("night.html") == 1 and
	       not [n for n in os.listdir(bench.home) if n.startswith("night.html.")],
	       f"something is left over: {os.listdir(bench.home)}")
	names = bench.home + "/names.yaml"
	with open(names, "w", encoding="utf-8") as f:
		f.write("hub: { show_cause_names: true }\nbeds:\n  - id: bed\n    source: "
			"{ driver: simulate }\n")
	page = bench.run("report", "--db", bench.db, "--config", names)
	expect("Clinicians call the described pattern: peripheral artery disease" in page and
	       "<h4>Sources</h4>" in page, "a cause that was asked for is not named with its sources")
	bench.run("report", "--since", "2001-01-01", "--until", "2001-02-01", "--db", bench.db, code=4)
	bench.run("report", "--until", "2001-01-01", "--db", bench.db, code=2)
	bench.run("report", "-o", bench.home + "/no/such/folder.html", "--db", bench.db, code=5)


def test_a_red_flag_that_was_raised(bench):
	"""Seen no more at the night's end, it is still shown as it was told: when, and with which text."""
	db = bench.home + "/flag.db"
	bench.run("demo", "--nights", "3", "--db", db)
	night = bench.rows("nights", "--db", db)[-1]["night"]
	day = datetime.date.fromisoformat(night)
	at_ms = 1000 * int(datetime.datetime(day.year, day.month, day.day, 23, 10,
					     tzinfo=datetime.timezone.utc).timestamp())
	with contextlib.closing(sqlite3.connect(db)) as history, history:
		history.execute("INSERT INTO red_flag_row SELECT max(night), 0, 'leg-hanging', 'Told then.', "
				"?, 0, 3 FROM night_row", (at_ms,))
	text = bench.run("night", "--db", db)
	expect("(!) raised " + night + " 23:10:00, not seen any more later: \"Told then.\"" in
	       " ".join(text.split()), text)
	page = bench.run("report", "--db", db)
	expect("Raised at 23:10, and not seen any more later.</strong> Then it said: <q>Told then.</q>" in page, "not on the page")
	row, = bench.rows("sql", "SELECT night, raised, says, stands FROM red_flags", "--db", db)
	expect((row["raised"], row["stands"]) == (night + " 23:10:00", 0), str(row))


def test_report_is_whole_or_not_there(bench):
	"""A disk that is full leaves the page of yesterday, and nothing beside it."""
	folder = bench.home + "/pages"
	os.mkdir(folder)
	path = folder + "/night.html"
	with open(path, "w", encoding="utf-8") as f:
		f.write("yesterday")

	def full():
		signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
		resource.setrlimit(resource.RLIMIT_FSIZE, (33000, 33000))

	result = subprocess.run([bench.bedside, "report", "--db", bench.db, "-o", path], text=True,
				capture_output=True, timeout=TIMEOUT_S, check=False,
				env={"HOME": bench.home, "PATH": os.environ["PATH"]}, preexec_fn=full)
	expect(result.returncode == 1 and result.stderr.count("\n") == 1 and path in result.stderr,
	       f"{result.returncode}: {result.stderr}")
	expect(os.listdir(folder) == ["night.html"], str(os.listdir(folder)))
	with open(path, encoding="utf-8") as f:
		expect(f.read() == "yesterday", "yesterday's page was touched")


def test_exit_codes(bench):
	"""The table of the man page, a line or more of each code; a failure is told in one line."""
	with open(bench.home + "/bad.yaml", "w", encoding="utf-8") as f:
		f.write("beds: 7\n")
	with open(bench.home + "/bad.rule", "w", encoding="utf-8") as f:
		f.write("rule {\n")
	with open(bench.home + "/bad.csv", "w", encoding="utf-8") as f:
		f.write("at,key,value\n2026-01-01 12:00,pain,\n")
	with open(bench.home + "/garbage.db", "w", encoding="utf-8") as f:
		f.write("this is no history, but long enough to be read as one\n" * 100)
	db = ("--db", bench.db)
	own = ("--db", bench.home + "/exit.db")
	bench.run("profile", "set", "age", "71", *own)
	table = [
		(0, "nights", "--since", "2001-01-01", "--until", "2001-02-01", *db), # an empty list is an answer
		(0, "events", "--until", "2001-02-01", *db),
		(1, "report", "-o", "/dev/full", *db),
		(2, "nightz"), (2, "nights", "--limit", "0", *db), (2, "note", "pain", "11", *own),
		(2, "profile", "set", "diabetes", "", *own), (2, "nights", "--bed", "attic", *db),
		(2, "rules", "explain", "no_such_rule", *db), (2, "sql", "SELEKT", *db),
		(3, "nights", "--config", "bad.yaml"), (3, "rules", "check", "bad.rule"),
		(3, "rules", "backtest", "bad.rule", *db),
		(4, "nights", "--db", "garbage.db"), (4, "night", "--night", "2001-01-01", *db),
		(4, "night", *own), (4, "report", "--night", "2001-01-01", *db),
		(4, "rules", "explain", "--night", "2001-01-01", *db), (4, "note", "undo", "999999", *own),
		(4, "note", "--import", "bad.csv", *own), (4, "replay", "garbage.db", "--db", "replayed.db"),
		(5, "nights", "--db", "absent.db"), (5, "nights", "--config", "absent.yaml"),
		(5, "note", "--import", "absent.csv", *own), (5, "rules", "check", "absent.rule"),
		(5, "report", "-o", "no/such/folder.html", *db), (5, "export", "-o", "no/such/nights.csv", *db),
		(5, "replay", "absent.cap", "--db", "replayed.db"),
	]
	wrong = []
	for code, *argv in table:
		done = subprocess.run([bench.bedside, *argv], text=True, capture_output=True, timeout=TIMEOUT_S,
				      check=False, cwd=bench.home, stdin=subprocess.DEVNULL,
				      env={"HOME": bench.home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
		if done.returncode != code or (code > 0 and (not done.stderr.startswith("bedside: ") or
							      done.stderr.count("\n") != 1)):
			wrong.append(f"{argv}: {done.returncode}, not {code}: {done.stderr}")
	expect(not wrong, "\n".join(wrong))


def test_doctor(bench):
	"""The built-in bed is in order, and says what it cannot tell."""
	answer = bench.rows("doctor")[0]
	expect(answer["healthy"] is True, str(answer["checks"]))
	bed = answer["beds"][0]
	expect("legs" in bed["can_tell"] and "posture" in bed["cannot_tell"], str(bed))
	said = [check["text"] for check in answer["checks"]]
	expect("legs over the edge: can be told, without a calibration" in said, str(said))
	said = [check["text"] for check in bench.rows("doctor", "--db", bench.db)[0]["checks"]]
	expect(any("are of this configuration; only history and calibrations are of " + bench.db in text
		   for text in said), f"of which it speaks: {said}")
	expect(any(text.startswith("its bed 'bed' could tell: occupancy, movement, edge, legs") for text in said),
	       str(said))
	config = bench.home + "/absent.yaml"
	with open(config, "w", encoding="utf-8") as f:
		f.write("beds:\n  - id: bed\n    mat:\n      driver: contact\n      zones:\n"
			"        - { name: trunk, at: trunk, line: NO-SUCH-LINE }\n")
	text = " ".join(bench.run("doctor", "--config", config, code=5).split())
	expect("NO-SUCH-LINE" in text and "wrong" in text, text)
	expect("legs over the edge: cannot be told: it needs a zone under the legs" in text, text)
	with open(config, "w", encoding="utf-8") as f:
		f.write("beds:\n  - id: bed\n    source: { driver: simulate, mat: strips }\n")
	text = " ".join(bench.run("doctor", "--config", config).split())
	expect("legs over the edge: can be told; calibration empty: not known: bedside calibrate empty"
	       in text, text)


def test_note(bench):
	"""What is noted is listed, in the night it belongs to; a mistake is taken back."""
	db = bench.home + "/notes.db"
	bench.run("demo", "--nights", "2", "--db", db)
	before = bench.rows("note", "list", "--db", db)
	bench.run("note", "pain", "6", "--side", "left", "--site", "calf", "--at", "2026-03-03 02:10",
		  "--db", db)
	bench.run("note", "urge", "--at", "2026-03-03 11:59", "--db", db)
	bench.run("note", "relief", "hang", "--at", "2026-03-03 14:00", "--night", "2026-03-02", "--db", db)
	text = bench.run("note", "note", "slept", "badly", "--at", "2026-03-03 12:00", "--db", db)
	expect(text == "bed: night of 2026-03-03: noted: note slept badly\n", text)
	new = [row for row in bench.rows("note", "list", "--db", db) if row not in before]
	found = sorted((row["night"], row["at"], row["key"], row["value"], row["side"], row["site"])
		       for row in new)
	expect(found == [
		("2026-03-02", "2026-03-03T02:10:00.000+00:00", "pain", "6", "left", "calf"),
		("2026-03-02", "2026-03-03T11:59:00.000+00:00", "urge", "yes", None, None),
		("2026-03-02", "2026-03-03T14:00:00.000+00:00", "relief", "hang", None, None),
		("2026-03-03", "2026-03-03T12:00:00.000+00:00", "note", "slept badly", None, None)],
	       str(found))
	since = bench.rows("note", "list", "--since", "2026-03-03", "--db", db)
	expect([row for row in since if row in new][0]["value"] == "slept badly" and
	       not any(row["key"] == "relief" and row in new for row in since), str(since))
	bench.run("note", "undo", "--db", db)
	pain, = [row for row in new if row["key"] == "pain"]
	bench.run("note", "undo", str(pain["id"]), "--db", db)
	left = [row["key"] for row in bench.rows("note", "list", "--db", db) if row not in before]
	expect(sorted(left) == ["relief", "urge"], f"after undo of the last and of the pain: {left}")
	expect(bench.run("note", "help").count("\n") > 15, "note help lists no keys")


def test_a_bed_only_spoken_of(bench):
	"""In a history that no hub has written yet the diary and the profile have a person too."""
	db = bench.home + "/fresh.db"
	bench.run("note", "pain", "6", "--db", db)
	row, = bench.rows("note", "list", "--db", db)
	expect(row["bed"] == "bed", f"whose: {row}")
	text = bench.run("note", "undo", "--db", db)
	expect(text.startswith("bed: ") and "taken back: pain 6" in text, text)
	expect(bench.rows("note", "list", "--db", db) == [], "taken back, and still there")
	subprocess.run([bench.bedside, "profile", "ask", "--db", db], text=True, input="71\n.\n",
		       capture_output=True, timeout=TIMEOUT_S, check=True,
		       env={"HOME": bench.home, "PATH": os.environ["PATH"], "TZ": "UTC"})
	done = subprocess.run([bench.bedside, "export", "--db", db], text=True, capture_output=True,
			      timeout=TIMEOUT_S, check=True)
	expect(done.stdout.startswith("night,bed,") and "no nights yet" in done.stderr and
	       "bedside demo" in done.stderr, f"where do nights come from? {done.stderr}")
	for choice in ([], ["--bed", "bed"]):
		said = [row["value"] for row in bench.rows("profile", *choice, "--db", db) if row["value"]]
		expect(said == ["71"], f"answered 71, said {said}")
	beds = bench.rows("sql", "SELECT name_id FROM bed_row", "--db", db)
	expect(beds == [{"name_id": "bed"}], f"another bed was made: {beds}")


def test_profile(bench):
	"""Unknown is the default; what is set is shown, what is unset is unknown again."""
	db = bench.home + "/person.db"
	bench.run("replay", "--db", db, make_capture(bench))
	answers = {row["key"]: row["value"] for row in bench.rows("profile", "--db", db)}
	expect(len(answers) > 25 and set(answers.values()) == {None}, str(answers))
	bench.run("profile", "set", "diabetes", "no", "--db", db)
	bench.run("profile", "set", "cramp_drug_since", "2026-03-01", "--db", db)
	bench.run("profile", "set", "statin", "unknown", "--db", db)
	answers = {row["key"]: row["value"] for row in bench.rows("profile", "--db", db)
		   if row["value"] is not None}
	expect(answers == {"diabetes": "no", "cramp_drug_since": "2026-03-01"}, str(answers))
	bench.run("profile", "unset", "diabetes", "--db", db)
	expect("1 of 31" in bench.run("profile", "--db", db), "an unset answer is still counted")


def test_profile_asks_what_is_open(bench):
	"""What was answered, or said today to be not known, is not asked again; a wrong answer is."""
	db = bench.home + "/asked.db"
	bench.run("replay", "--db", db, make_capture(bench))
	bench.run("profile", "set", "hemisphere", "north", "--db", db)

	def ask(lines):
		done = subprocess.run([bench.bedside, "profile", "ask", "--db", db], text=True, input=lines,
				      capture_output=True, timeout=TIMEOUT_S, check=True,
				      env={"HOME": bench.home, "PATH": os.environ["PATH"], "TZ": "UTC"})
		return done.stderr

	text = ask("seventy\n71\n\nyes\n.\n")
	expect("'seventy' is not a number from 1 to 120" in text, text)
	expect("Half of the world" not in text, f"asked what is known: {text}")
	expect("2 answered, 1 left as not known" in text, text)
	expect("3 of 31" in bench.run("profile", "--db", db), "Enter alone is no answer")
	said = {row["key"]: row["value"] for row in bench.rows("profile", "--db", db)}
	expect((said["age"], said["lives_alone"], said["vascular"], said["veins"]) ==
	       ("71", None, "yes", None), str(said))
	text = ask("")
	expect("Age in years" not in text and "Lives alone" not in text and "leg veins" in text,
	       f"asked twice a day: {text}")
	# Tomorrow what is not known is asked again.
	out = bench.home + "/yesterday.csv"
	with open(out, "w", encoding="utf-8") as f:
		f.write("key,value,at\nlives_alone,unknown,2026-01-01 12:00\n")
	bench.run("profile", "--import", out, "--db", db)
	text = ask("")
	expect("Lives alone" in text and "Age in years" not in text, f"never asked again: {text}")


def make_capture(bench):
	folder = bench.home + "/one-night"
	if not os.path.isdir(folder):
		bench.run("simulate", "--nights", "1", "-o", folder)
	return os.path.join(folder, [n for n in os.listdir(folder) if ".cap" in n][0])


def test_import(bench):
	"""A diary of a spreadsheet comes in whole; a second time nothing changes; one bad line stops all."""
	db = bench.home + "/imported.db"
	path = bench.home + "/diary.csv"
	text = ('\ufeffat,key,value,side,site,night\r\n'
		'2026-03-03T02:10:00+01:00,pain,6,left,calf,\r\n'
		'2026-03-03 07:00,relief,hang,,,\r\n\r\n'
		'2026-03-03 07:00,note,"woke at 3,\r\nlegs ""on fire""",,,2026-03-02\r\n')
	with open(path, "w", encoding="utf-8", newline="") as f:
		f.write(text)
	expect(bench.rows("note", "--import", path, "--db", db)[0] ==
	       {"file": path, "read": 3, "changed": 3}, "first import")
	rows = bench.rows("note", "list", "--db", db)
	expect([(row["at"], row["value"]) for row in rows] ==
	       [("2026-03-03T01:10:00.000+00:00", "6"),
		("2026-03-03T07:00:00.000+00:00", 'woke at 3,\r\nlegs "on fire"'),
		("2026-03-03T07:00:00.000+00:00", "hang")], str(rows))
	expect(bench.rows("note", "--import", path, "--db", db)[0]["changed"] == 0, "second import")
	expect(bench.rows("note", "list", "--db", db) == rows, "the second import changed something")
	with open(path, "a", encoding="utf-8", newline="") as f:
		f.write("2026-03-04 07:00,urge,yes,,,\r\n2026-03-04 07:00,urge,maybe,,,\r\n")
	bench.run("note", "--import", path, "--db", db, code=4)
	expect(bench.rows("note", "list", "--db", db) == rows, "half a file was imported")
	with open(path, "w", encoding="utf-8") as f:
		f.write("key,value\nage,71\ndiabetes,no\n")
	expect(bench.rows("profile", "--import", path, "--db", db)[0]["changed"] == 2, "profile")


def read_csv(text):
	return list(csv.DictReader(io.StringIO(text, newline="")))


def export(bench, table, db, **zone):
	"""The bytes of an exported file, as text."""
	path = bench.home + "/export.csv"
	bench.run("export", "--table", table, "--db", db, "-o", path, **zone)
	with open(path, encoding="utf-8", newline="") as f:
		return f.read()


def test_export(bench):
	"""Every table comes whole as CSV and as JSON, with the same rows and times that carry their offset."""
	db = bench.home + "/exported.db"
	bench.run("demo", "--nights", "3", "--db", db, TZ="Europe/Berlin")
	for table in ("nights", "events", "epochs", "diary", "profile", "findings", "evidence", "faults",
		      "calibrations"):
		text = export(bench, table, db)
		expect(text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), f"{table}: line ends")
		rows = read_csv(text)
		objects = bench.rows("export", "--table", table, "--db", db)
		count = int(bench.run("sql", "--csv", f"SELECT count(*) FROM {table}", "--db", db).split()[1])
		expect(len(rows) == len(objects) == count, f"{table}: {len(rows)} {len(objects)} {count}")
		for row, whole in zip(rows, objects):
			expect({k: v if isinstance(v, str) else "" if v is None else None
				for k, v in whole.items() if isinstance(v, str) or v is None} ==
			       {k: row[k] for k, v in whole.items() if isinstance(v, str) or v is None},
			       f"{table}: {row} {whole}")
			for key in ("started", "ended", "at", "first_enter", "last_exit"):
				if row.get(key):
					at = datetime.datetime.fromisoformat(row[key])
					expect(at.utcoffset() == datetime.timedelta(hours=1), row[key])
	whole = bench.rows("export", "--table", "events", "--db", db)
	last = whole[-1]["night"]
	part = bench.rows("export", "--table", "events", "--since", last, "--db", db)
	rest = bench.rows("export", "--table", "events", "--until", whole[0]["night"], "--db", db)
	expect(part == [e for e in whole if e["night"] == last], "--since")
	expect(rest == [e for e in whole if e["night"] == whole[0]["night"]], "--until")
	empty = bench.run("export", "--table", "events", "--since", "2099-01-01", "--db", db)
	expect(empty.startswith("night,bed,type,") and empty.count("\n") == 1, f"no head: {empty}")


def open_text(path):
	with open(path, encoding="utf-8", newline="") as f:
		return f.read()


def without_origin(path):
	"""A CSV file less its last column, in the file too; and its text."""
	rows = list(csv.reader(io.StringIO(open_text(path))))
	expect(rows[0][-1] == "origin", str(rows[0]))
	with open(path, "w", encoding="utf-8", newline="") as f:
		csv.writer(f).writerows(row[:-1] for row in rows)
	return open_text(path)


def test_said_by_nobody(bench):
	"""What a simulation answered says so wherever it is shown, and what a person says does not."""
	for argv in (["profile"], ["note", "list"]):
		text = bench.run(*argv, "--db", bench.db)
		expect(text.startswith("SIMULATED: "), f"{argv}: {text[:200]}")
		rows = bench.rows(*argv, "--db", bench.db)
		expect(len(rows) > 20 and all(row["simulated"] is True for row in rows), str(rows[:2]))
	answered = [line for line in bench.run("profile", "--db", bench.db).splitlines()
		    if re.match(r"[a-z_]+ +(yes|no) ", line)]
	expect(len(answered) > 20 and all(re.search(r" (yes|no) +20\d\d-\d\d-\d\d ", line) for line in answered),
	       f"not dated: {answered[:3]}")
	for table in ("profile", "diary", "nights", "findings", "evidence"):
		rows = read_csv(export(bench, table, bench.db))
		expect(rows and all(row["origin"] == "simulated" for row in rows), str(rows[:2]))
		expect(all(row["origin"] == "simulated" for row in
			   bench.rows("export", "--table", table, "--db", bench.db)), f"{table} as JSON")
	own = bench.home + "/own.db"
	bench.run("profile", "set", "age", "71", "--db", own)
	bench.run("note", "cramp", "--db", own)
	for argv in (["profile"], ["note", "list"]):
		expect("SIMULATED" not in bench.run(*argv, "--db", own), f"{argv}: a person is none")
		expect(all(row["simulated"] is False for row in bench.rows(*argv, "--db", own)), str(argv))
	expect([row["origin"] for row in read_csv(export(bench, "diary", own))] == ["person"], "whose it is")


def test_round_trip(bench):
	"""A diary and a profile that were exported come in elsewhere, and out again, byte for byte."""
	db, other = bench.home + "/from.db", bench.home + "/to.db"
	path = bench.home + "/said.csv"
	zone = {"TZ": "Europe/Berlin"}
	bench.run("demo", "--nights", "5", "--db", db, **zone)
	# The hour that is there twice, text that CSV must quote, every optional column.
	with open(path, "w", encoding="utf-8") as f:
		f.write("at,key,value,side,site,night\n"
			"2026-10-25T02:30:00.007+02:00,pain,6,left,calf,\n"
			"2026-10-25T02:30:00.007+01:00,pain,4.5,both,,\n"
			'2026-10-26 13:00,note,"a ""b"", c\nd ü",,,2026-10-25\n')
	bench.run("note", "--import", path, "--db", db, **zone)
	bench.run("profile", "set", "age", "71", "--db", db, **zone)
	for table, verb in (("diary", "note"), ("profile", "profile")):
		out = bench.home + f"/{table}.csv"
		bench.run("export", "--table", table, "--db", db, "-o", out, **zone)
		expect(oct(os.stat(out).st_mode & 0o777) == "0o600", "others may read it")
		# What a simulation answered does not become a person's by the way.
		bench.run(verb, "--import", out, "--db", other, code=4)
		first = without_origin(out)
		expect(first.count("\r\n") > 20, first)
		expect("T02:30:00.007+02:00" in first or table == "profile", "the offset of then and there")
		changed = json.loads(bench.run(verb, "--import", out, "--db", other, "--json", **zone))["changed"]
		expect(changed == len(read_csv(first)), f"{table}: {changed} rows")
		bench.run("export", "--table", table, "--db", other, "-o", out, **zone)
		expect(all(row["origin"] == "person" for row in read_csv(open_text(out))), "whose they are")
		expect(without_origin(out) == first, f"{table} differs")
		again = bench.run(verb, "--import", out, "--db", other, "--json", **zone)
		expect(json.loads(again)["changed"] == 0, "a second time")
	names = "night, at_ms, key, value, side, site, bed"
	expect(bench.run("sql", "--csv", f"SELECT {names} FROM diary ORDER BY {names}", "--db", db) ==
	       bench.run("sql", "--csv", f"SELECT {names} FROM diary ORDER BY {names}", "--db", other),
	       "the rows differ")


def test_export_is_whole_or_not_there(bench):
	"""A disk that is full leaves the file of yesterday, and nothing beside it."""
	db = bench.home + "/exported.db"
	folder = bench.home + "/out"
	os.mkdir(folder)
	path = folder + "/epochs.csv"
	with open(path, "w", encoding="utf-8") as f:
		f.write("yesterday")

	def full():
		signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
		resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

	result = subprocess.run([bench.bedside, "export", "--table", "epochs", "--db", db, "-o", path],
				text=True, capture_output=True, timeout=TIMEOUT_S, check=False,
				env={"HOME": bench.home, "PATH": os.environ["PATH"]}, preexec_fn=full)
	expect(result.returncode == 1 and result.stderr.count("\n") == 1 and path in result.stderr,
	       f"{result.returncode}: {result.stderr}")
	expect(os.listdir(folder) == ["epochs.csv"], str(os.listdir(folder)))
	with open(path, encoding="utf-8") as f:
		expect(f.read() == "yesterday", "yesterday's file was touched")
	bench.run("export", "--table", "epochs", "--db", db, "-o", path)
	expect(os.path.getsize(path) > 100000 and os.listdir(folder) == ["epochs.csv"], "not replaced")


TESTS = [test_export, test_round_trip, test_export_is_whole_or_not_there, test_note, test_a_bed_only_spoken_of, test_profile, test_profile_asks_what_is_open, test_import, test_demo, test_said_by_nobody, test_demo_healthy, test_plain, test_unicode_night, test_json, test_events,
	 test_nights, test_what_pads_cannot_tell, test_narrow_terminal, test_eighty_columns, test_explain, test_backtest, test_backtest_refuses, test_diff, test_sql, test_replay, test_report,
	 test_a_red_flag_that_was_raised, test_report_is_whole_or_not_there, test_exit_codes, test_doctor]


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--bedside", required=True)
	args = parser.parse_args()
	passed = failed = 0
	with tempfile.TemporaryDirectory() as home:
		bench = Bench(os.path.abspath(args.bedside), home)
		for test in TESTS:
			try:
				test(bench)
				passed += 1
			except (Wrong, KeyError, json.JSONDecodeError) as error:
				failed += 1
				print(f"FAIL {test.__name__}: {error}")
	print(f"{passed} passed, {failed} failed, 0 skipped")
	return 1 if failed or not passed else 0


if __name__ == "__main__":
	sys.exit(main())
