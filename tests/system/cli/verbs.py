#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the verbs that read a history answer, and their exit codes, on simulated nights."""
import contextlib
import csv
import datetime
import gzip
import io
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys

from bench import TIMEOUT_S, expect, main


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
	# The demo's last night is the one before this noon's.
	week = [nights[-n:] for n in (6, 7, 8)]
	for argv in ("nights", "--since", "7d"), ("export", "--json", "--since", "7d"):
		dates = [row["night"] for row in bench.rows(*argv, "--db", bench.db)]
		expect(dates in [[n["night"] for n in some] for some in week], f"{argv}: {dates}")
	legs = [row for row in bench.rows("events", "--type", "legs_over_edge", "--night",
					  nights[6]["night"], "--db", bench.db)]
	expect(len(legs) == nights[6]["legs_over_edge"], "a night counts other events than there are")


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


def test_a_first_look_finds_the_demo(bench):
	"""Without a history of one's own its place is said, once there is one."""
	def look(*argv):
		done = subprocess.run([bench.bedside, *argv], text=True, capture_output=True, timeout=TIMEOUT_S, check=False,
				      env={"HOME": bench.home, "PATH": os.environ["PATH"], "XDG_STATE_HOME": bench.home + "/st"})
		return done.returncode, done.stderr
	code, said = look("nights")
	expect(code == 5 and "bedside demo" in said, said)
	look("demo", "--nights", "1")
	code, said = look("nights")
	demo = bench.home + "/st/bedside/demo.db"
	expect(code == 5 and said.rstrip().endswith("--db " + demo) and os.path.exists(demo), said)


def test_no_night_is_over_yet(bench):
	"""A hub that has just started is not told to be started."""
	db = bench.home + "/young.db"
	shutil.copyfile(bench.db, db)
	with contextlib.closing(sqlite3.connect(db)) as history, history:
		history.executescript("DELETE FROM night_row; DELETE FROM epoch_row; DELETE FROM event_row")
	for argv in ["night"], ["nights"]:
		done = subprocess.run([bench.bedside, *argv, "--db", db], text=True, capture_output=True, timeout=TIMEOUT_S,
				      check=False, env={"HOME": bench.home, "PATH": os.environ["PATH"]})
		expect("a night is told when it is over, at noon" in done.stderr and "run bedsided" not in done.stderr, done.stderr)


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
	expect("ends before the noon" not in page and "not over yet" not in page,
	       "a recording up to noon is not whole")
	with gzip.open(path, "rt") as whole, open(f"{folder}/cut.cap", "w", encoding="utf-8") as cut:
		cut.writelines(whole.readlines()[:-200])
	bench.run("replay", "--db", f"{bench.home}/cut.db", f"{folder}/cut.cap")
	page = bench.run("report", "--db", f"{bench.home}/cut.db")
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
	expect(answer["healthy"] is True and answer["simulated"] is True, str(answer["checks"]))
	expect(bench.run("doctor").startswith("SIMULATED"), "the built-in bed does not say that it is simulated")
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
	expect("SIMULATED" not in text, text)
	with open(config, "w", encoding="utf-8") as f:
		f.write("beds:\n  - id: bed\n    mat: { driver: contakt }\n")
	text = " ".join(bench.run("doctor", "--config", config, code=3).split())
	expect(text.startswith("wrong configuration") and "did you mean 'contact'" in text and
	       "cannot tell" not in text, text)
	with open(config, "w", encoding="utf-8") as f:
		f.write("beds:\n  - id: bed\n    source: { driver: simulate, mat: contact-two }\n")
	text = " ".join(bench.run("doctor", "--config", config).split())
	for said in ("cannot tell how restless a night was: few movements open or close a contact pad",
		     "legs over the edge: told, but not legs that hang over the edge from legs drawn up: both "
		     "open the pad under the calves; pads at the edges would tell"):
		expect(said in text, text)
	with open(config, "w", encoding="utf-8") as f:
		f.write("beds:\n  - id: bed\n    source: { driver: simulate, mat: strips }\n")
	text = " ".join(bench.run("doctor", "--config", config).split())
	expect("legs over the edge: can be told; calibration empty: not known: bedside calibrate empty"
	       in text, text)


if __name__ == "__main__":
	sys.exit(main(globals()))
