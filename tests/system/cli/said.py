#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person says, in and out: notes, the profile, import, export, and a round trip of both."""
import csv
import datetime
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys

from bench import TIMEOUT_S, expect, main


def make_capture(bench):
	folder = bench.home + "/one-night"
	if not os.path.isdir(folder):
		bench.run("simulate", "--nights", "1", "-o", folder)
	return os.path.join(folder, [n for n in os.listdir(folder) if ".cap" in n][0])


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


if __name__ == "__main__":
	sys.exit(main(globals()))
