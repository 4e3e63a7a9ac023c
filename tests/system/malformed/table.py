# SPDX-License-Identifier: MIT
"""The table of malformed input: what is given, and what must be answered.

In argv, {d} is the folder of the case's files and {h} the folder of the histories (good.db, newer.db,
foreign.db, torn.db, text.db, denied.db); in files DIR is the former. place and remedy are regular expressions on the one line.
"""
from dataclasses import dataclass, field

USAGE, CONFIG, DATA, UNAVAILABLE = 2, 3, 4, 5

HEAD = """# bedside-capture: 1
# mat: contact
# zone: trunk trunk 500 400
# zone: legs legs 500 800
# origin: 2026-01-05T20:00:00Z
# provenance: measured by nobody
"""
# Two hours in bed.
CAPTURE = HEAD + "t_s,trunk,legs\n0,0,0\n600,1,1\n7800,0,0\n9000,0,0\n"
BED = "beds:\n  - id: bed\n    source: { driver: simulate }\n"
RULE = """rule mine
class circulation
status testing
purpose "p"
source "s"
needs nights >= 5 of 14 coverage 80% sensor occupancy
prior 0.1
let sit = legs_over_edge lasting 3m..60m
measure n = nights_with(sit)
evidence "hung on {n}" when n >= 40% weight +1.0 cite "c"
says "On {n} nights."
never "diagnos"
test "t"
	given 7n{ lying 70m, legs_over_edge 9m }
	expect band some..strong
"""


@dataclass
class Case:
	name: str
	argv: list
	code: int
	place: str
	remedy: str
	files: dict = field(default_factory=dict)
	modes: dict = field(default_factory=dict)


CASES = []


def config(name, text, place, remedy):
	"""A configuration as the daemon reads it."""
	CASES.append(Case("config-" + name, ["bedsided", "--config", "{d}/b.yaml"], CONFIG,
			  r"/b\.yaml" + place, remedy, {"b.yaml": text}))


def contact(options):
	"""A bed whose mat has these options, from line 5 on."""
	return "beds:\n  - id: bed\n    mat:\n      driver: contact\n" + options


def capture(name, text, place, remedy):
	"""A capture given to replay: a history beside it must not be made or touched."""
	CASES.append(Case("capture-" + name, ["bedside", "replay", "--db", "{d}/new.db", "{d}/c.cap"],
			  DATA, r"/c\.cap" + place, remedy, {"c.cap": text}))


def rule(name, text, place, remedy):
	CASES.append(Case("rule-" + name, ["bedside", "rules", "check", "{d}/r.rule"], CONFIG,
			  r"/r\.rule" + place, remedy, {"r.rule": text}))


def command(name, argv, place, remedy, code=USAGE):
	CASES.append(Case("command-" + name, ["bedside"] + argv, code, place, remedy))


# ---- configuration: YAML ----
config("empty", "", ":", "begin with a section")
config("not-a-section", "- a\n- b\n", ":1:1:", 'such as "beds:"')
config("tab", "beds:\n\t- id: bed\n", ":2:1:", "spaces only")
config("open-quote", 'beds:\n  - id: "bed\n', ":", "check the indentation")
config("open-bracket", "beds: [\n", ":2:1:", "check the indentation")
config("latin-1", b"beds:\n  - id: bed\n    name: Schlafst\xe4tte\n", ":3:(19|20):", "save the file as UTF-8")
config("binary", bytes(range(256)) * 4, ":1:1:", "UTF-8|check the indentation")
config("utf-16", "beds: []\n".encode("utf-16"), ":1:1:", "save the file as UTF-8")
config("duplicate", BED + "beds: []\n", ":4:1:", "first given in line 1: keep one")
config("anchor", "beds: &b []\n", ":1:7:", "write the value out")
config("alias", "beds: *b\n", ":1:7:", "write the value out")
config("tag", "beds: !!seq []\n", ":1:7:", "write the plain value")
config("two-documents", BED + "---\n" + BED, ":4:1:", 'remove the "---"')
config("too-deep", "beds: " + "[" * 40 + "]" * 40 + "\n", ":1:19:", "check the indentation")
config("too-large", "#" * 300000, ":", "is it a configuration")

# ---- configuration: what it says ----
config("no-beds", "hub: { id: a }\n", ":1:1:", 'add a "beds:" list')
config("misspelt-section", "bedz:\n" + BED[6:], ":1:1:", "did you mean 'beds'")
config("misspelt-key", BED + "hub:\n  databse: /a.db\n", ":5:3:", "did you mean 'database'")
config("unknown-key", BED + "hub:\n  colour: red\n", ":5:3:", "known here are id, database")
config("bad-id", "beds:\n  - id: Mein Bett\n    source: { driver: simulate }\n", ":2:9:",
       "use only a-z, 0-9")
config("two-beds-one-id", BED + BED[6:], ":4:9:", "ids are unique")
config("no-sensors", "beds:\n  - id: bed\n", ":2:5:", "add a 'mat'")
config("no-driver", "beds:\n  - id: bed\n    mat: { debounce: 50ms }\n", ":3:10:", "name one")
config("misspelt-driver", "beds:\n  - id: bed\n    mat: { driver: contcat }\n", ":3:10:",
       "did you mean 'contact'")
config("unknown-driver", "beds:\n  - id: bed\n    mat: { driver: seismograph }\n", ":3:10:",
       "bedside doctor --drivers")
config("source-and-mat", BED + "    mat: { driver: contact }\n", ":3:13:", "remove one of them")
config("no-leg", "beds:\n  - id: bed\n    thermometers: [ { driver: hwmon, chip: a } ]\n", ":3:21:",
       "left, right or room")
config("duration-without-unit", BED + "hub: { commit: 300 }\n", ":4:16:", "90s, 15min")
config("duration-too-long", BED + "hub: { commit: 2h }\n", ":4:16:", "between 1s and 1h")
config("log-level", BED + "hub: { log: verbose }\n", ":4:13:", "err, warning, notice, info or debug")
config("yes", BED + "hub: { show_cause_names: yes }\n", ":4:26:", "true or false")
config("relative-database", BED + "hub: { database: bedside.db }\n", ":4:18:", "begin it with '/'")
config("no-host", BED + "mqtt: { port: 1883 }\n", ":4:7:", "name the broker, or remove")
config("url", BED + "mqtt: { host: mqtt://broker }\n", ":4:15:", "not a URL")
config("port", BED + "mqtt: { host: b, port: 123456 }\n", ":4:24:", "between 1 and 65535")
config("ca-without-tls", BED + "mqtt: { host: b, ca_file: /a }\n", ":4:27:", 'add "tls: true"')
config("inline-password", BED + "mqtt: { host: b, password: secret }\n", ":4:18:",
       "did you mean 'password_file'")
config("password-missing", BED + "mqtt: { host: b, username: u, password_file: /no/such }\n",
       ":4:46:", "mode 0600")
config("rules-not-a-list", BED + "rules: { directories: /etc/rules }\n", ":4:23:", "must be a list")
CASES.append(Case("config-password-for-all", ["bedsided", "--config", "{d}/b.yaml"], CONFIG,
		  r"/b\.yaml:4:46:", "chmod o=",
		  {"b.yaml": BED + "mqtt: { host: b, username: u, password_file: DIR/pw }\n",
		   "pw": "secret\n"}))

# ---- options of the daemon ----
def daemon(name, argv, place, remedy, code=USAGE):
	CASES.append(Case("daemon-" + name, ["bedsided"] + argv, code, place, remedy))


daemon("no-config", ["--check"], r"/etc/bedside/bedside\.yaml:", "with --config, or --demo for a simulated bed", UNAVAILABLE)
daemon("config-missing", ["--config", "/no/such.yaml"], r"/no/such\.yaml:", "give its path with --config", UNAVAILABLE)
daemon("demo-and-config", ["--demo", "--config", "b.yaml"], "--demo and --config", "choose one.*driver: simulate")
daemon("misspelt", ["--sped", "3"], "^bedsided: --sped:", "did you mean --speed")
daemon("letter", ["-x"], "^bedsided: -x:", "--help")
daemon("no-value", ["--speed"], "^bedsided: --speed:", "needs a value")
daemon("word", ["status"], "'status'", "--help")

# ---- configuration: options of drivers ----
config("contact-no-zones", contact("      debounce: 50ms\n"), ":4:7:", "zones")
config("contact-misspelt", contact("      zonse: []\n"), ":5:7:", "did you mean 'zones'")
config("contact-no-line", contact("      zones: [ { name: a, at: trunk } ]\n"), ":5:16:",
       "such as GPIO17")
config("contact-bad-place", contact("      zones: [ { name: a, at: knee, line: GPIO1 } ]\n"),
       ":5:31:", "trunk")
config("contact-line-twice", contact("      zones:\n"
				     "        - { name: a, at: trunk, line: GPIO1 }\n"
				     "        - { name: b, at: legs, line: GPIO1 }\n"),
       ":7:", "one pad a line")
config("simulate-sleeper", "beds:\n  - id: bed\n    source: { driver: simulate, sleeper: healhty }\n",
       ":3:", "healthy")

# ---- files that are not there ----
command("config-missing", ["nights", "--config", "/no/such.yaml"], r"/no/such\.yaml:",
	"give its path with --config", UNAVAILABLE)
command("config-is-a-folder", ["nights", "--config", "/tmp"], r"/tmp:", "give the path", CONFIG)
CASES.append(Case("config-denied", ["bedside", "nights", "--config", "{d}/b.yaml"], UNAVAILABLE,
		  r"/b\.yaml:", "check its owner and mode", {"b.yaml": BED}, {"b.yaml": 0}))
command("db-missing", ["nights", "--db", "/no/such.db"], r"/no/such\.db:", r"\w", UNAVAILABLE)
command("db-is-a-folder", ["nights", "--db", "/tmp"], r"/tmp:", r"\w", DATA)
command("capture-missing", ["replay", "--db", "x.db", "/no/such.cap"], r"/no/such\.cap:", r"\w",
	UNAVAILABLE)
command("rule-missing", ["rules", "check", "/no/such.rule"], r"/no/such\.rule:", r"\w", UNAVAILABLE)
CASES.append(Case("capture-denied", ["bedside", "replay", "--db", "{d}/x.db", "{d}/c.cap"],
		  UNAVAILABLE, r"/c\.cap:", r"\w", {"c.cap": CAPTURE}, {"c.cap": 0}))
command("db-folder-denied", ["replay", "--db", "/etc/no/x.db", "/no/such.cap"], r"/no/such\.cap:", r"\w",
	UNAVAILABLE)

# ---- histories ----
for verb in (["nights"], ["events"], ["night"], ["sql", "SELECT 1"], ["status"], ["rules", "explain"]):
	command("newer-" + verb[0], verb + ["--db", "{h}/newer.db"], r"/newer\.db:", "newer", DATA)
command("text-db", ["nights", "--db", "{h}/text.db"], r"/text\.db:", r"not a (bedside )?(database|history)", DATA)
command("foreign-db", ["nights", "--db", "{h}/foreign.db"], r"/foreign\.db:", "another program|not a", DATA)
command("torn-db", ["nights", "--db", "{h}/torn.db"], r"/torn\.db:", "damaged|backup", DATA)
command("denied-db", ["nights", "--db", "{h}/denied.db"], r"/denied\.db:", r"\w", UNAVAILABLE)
for name in ("newer", "foreign", "text"):
	CASES.append(Case("replay-into-" + name,
			  ["bedside", "replay", "--db", "{h}/" + name + ".db", "{d}/c.cap"], DATA,
			  "/" + name + r"\.db:", r"\w", {"c.cap": CAPTURE}))
command("sql-writes", ["sql", "--db", "{h}/good.db", "DELETE FROM event_row"], "sql:", "write SELECT")
command("sql-drops", ["sql", "--db", "{h}/good.db", "DROP TABLE event_row"], "sql:", "write SELECT")
command("sql-attach", ["sql", "--db", "{h}/good.db", "ATTACH 'x.db' AS x"], "sql:", r"\w")
command("sql-nonsense", ["sql", "--db", "{h}/good.db", "SELEKT 1"], "sql:", "SELEKT")
command("sql-no-table", ["sql", "--db", "{h}/good.db", "SELECT * FROM nichts"], "sql:", "nichts")
command("sql-two", ["sql", "--db", "{h}/good.db", "SELECT 1; DELETE FROM event_row"], "sql:", r"\w")
command("no-such-bed", ["nights", "--db", "{h}/good.db", "--bed", "bad"], "--bed bad", "try 'bed'")
command("no-such-night", ["night", "--db", "{h}/good.db", "--night", "1999-01-01"], r"good\.db:",
	"bedside nights", DATA)
command("too-far-back", ["night", "--db", "{h}/good.db", "--night", "-99"], r"good\.db:", "less far", DATA)

# ---- command line ----
command("no-verb", [], "no verb", "bedside demo")
command("unknown-verb", ["evnets"], "'evnets'", "did you mean 'events'")
command("unknown-option", ["events", "--sinse", "3d"], "--sinse", "did you mean --since")
command("unknown-letter", ["events", "-x"], "-x", "--help")
command("unknown-global", ["--jsonn", "events"], "--jsonn", "did you mean --json")
command("no-value", ["events", "--since"], "--since", "--since TIME")
command("no-value-global", ["--db"], "--db", "--db FILE")
command("value-for-flag", ["events", "--json=yes"], "--json", "write --json alone")
command("unexpected-word", ["nights", "all"], "'all'", "--help")
command("bad-time", ["events", "--since", "22.11.2026"], "22.11.2026",
	r"write 2026-11-22.*\(see bedside events --help\)$")
command("bad-calendar", ["events", "--until", "2026-02-31"], "2026-02-31", "write 2026-11-22")
command("bad-span", ["events", "--since", "1h", "--until", "2h"], "--since 1h", "not before --until")
command("bad-type", ["events", "--type", "restles"], "--type restles", "did you mean restless")
command("bad-types", ["events", "--type", "restless,,bed_exit"], "--type", "--type help")
command("bad-limit", ["events", "--limit", "many"], "--limit many", "whole number")
command("zero-limit", ["nights", "--limit", "0"], "--limit 0", "from 1")
command("bad-night", ["night", "--db", "{h}/good.db", "--night", "tonight"], "tonight", "such as 2026")
command("bad-since", ["nights", "--since", "3h"], "--since: '3h'", "such as 2026.*7d")
for verb in (["nights"], ["report"], ["rules", "backtest", "leg_hanging"]):
	command("backward-span-" + verb[0], verb + ["--db", "{h}/good.db", "--since", "2026-02-01", "--until",
						    "2026-01-01"], "--since 2026-02-01", "is after --until 2026-01-01")
command("bad-width", ["night", "--width", "9"], "--width 9", "from 60 to 200")
command("no-statement", ["sql"], "no statement", "SELECT")
command("two-statements", ["sql", "SELECT", "1"], "one word", "quotes")
command("csv-and-json", ["sql", "--csv", "--json", "SELECT 1"], "--csv and --json", "choose one")
command("rules-alone", ["rules"], "rules:", "list, check, test, explain, backtest or diff")
command("rules-misspelt", ["rules", "chekc"], "'chekc'", "did you mean check")
command("rules-check-nothing", ["rules", "check"], "no file", "rules check FILE")
command("rules-explain-unknown", ["rules", "explain", "--db", "{h}/good.db", "leg-hangin"],
	"'leg-hangin'", "did you mean leg_hanging")
command("replay-nothing", ["replay", "--db", "x.db"], "no capture", "replay --db FILE CAPTURE")
command("replay-nowhere", ["replay", "c.cap"], "where to write", "--db FILE")
command("replay-speed", ["replay", "--db", "x.db", "--speed", "fast", "c.cap"], "--speed fast", "max or a number")
command("demo-sleeper", ["demo", "--sleeper", "healhty"], "--sleeper healhty", "did you mean healthy")
command("demo-nights", ["demo", "--nights", "0"], "--nights 0", "from 1")
command("demo-over-history", ["demo", "--db", "{h}/good.db"], r"good\.db exists", "not there yet")
command("simulate-nowhere", ["simulate"], "one folder", "--help")
command("simulate-denied", ["simulate", "--nights", "1", "-o", "/etc/nights"], "/etc/nights: cannot make this folder: "
	"Permission denied", "name another", UNAVAILABLE)
command("simulate-no-parent", ["simulate", "--nights", "1", "-o", "/no/such/nights"], "/no/such/nights:",
	"name another, in a folder that is there", UNAVAILABLE)
command("demo-nowhere", ["demo", "--db", "/proc/none/x.db"], "/proc/none: cannot be made", "--db", UNAVAILABLE)
command("simulate-mat", ["simulate", "--mat", "stripes", "-o", "x"], "--mat stripes", "did you mean strips")
command("daemon-option", ["status", "--verbose"], "--verbose", "--help")
command("forget-nothing", ["forget"], "configuration", "name the configuration with --config", CONFIG)

command("option-as-verb", ["import", "x.csv"], "'import'", r"did you mean bedside note --import\?")
command("word-as-verb", ["explain"], "'explain'", r"did you mean bedside rules explain\?")
command("help-misspelt", ["help", "nigths"], "'nigths'", "did you mean 'nights'")
command("help-of-two", ["help", "night", "nights"], "'nights'", "one verb at a time")

# ---- profile and diary ----
command("note-word-as-option", ["note", "--list"], "note: --list", "bedside note list")
command("profile-word-as-option", ["profile", "--set", "age", "70"], "profile: --set", "bedside profile set")
command("note-below-0", ["note", "pain", "-1"], "note: -1", "below 0")
command("note-nothing", ["note"], "note:", "bedside note pain 6")
command("note-misspelt", ["note", "pian", "6"], "'pian'", "did you mean pain")
command("note-unknown-key", ["note", "xyzzy"], "'xyzzy'", "bedside note help")
command("note-range", ["note", "pain", "60"], "pain '60'", "a number from 0 to 10")
command("note-word", ["note", "relief", "hung"], "relief 'hung'", "hang, walk, stretch")
command("note-empty", ["note", "note"], "note ''", "must be a text")
command("note-no-leg", ["note", "fluids", "low", "--side", "left"], "fluids", "leave out the side")
command("note-side", ["note", "pain", "6", "--side", "middle"], "side 'middle'", "left, right or both")
command("note-site", ["note", "pain", "6", "--site", "nose"], "site 'nose'", "calf")
command("note-future", ["note", "pain", "6", "--at", "2099-01-01"], "note:", "in the future: correct it")
command("note-night", ["note", "pain", "6", "--night", "2020-01-01"], "2020-01-01", "correct one")
command("note-control", ["note", "note", "a\x07b"], "note:", "leave it out")
# The byte of Latin-1, as it comes from the command line.
command("note-latin-1", ["note", "note", "Schlafst\udcf6rung"], "note:", "set the terminal to UTF-8")
command("note-undo", ["note", "--db", "{h}/good.db", "undo", "x"], "undo 'x'", "bedside note list")
command("note-undo-none", ["note", "--db", "{h}/good.db", "undo", "7"], r"good\.db:", "bedside note list",
	DATA)
command("note-no-bed", ["note", "--db", "{h}/good.db", "urge", "--bed", "bad"], "'bad'",
	"did you mean 'bed'")
command("note-newer", ["note", "--db", "{h}/newer.db", "urge"], r"/newer\.db:", "newer", DATA)
command("note-foreign", ["note", "--db", "{h}/foreign.db", "urge"], r"/foreign\.db:", "another program",
	DATA)
command("note-denied", ["note", "--db", "{h}/denied.db", "urge"], r"/denied\.db:", r"\w", UNAVAILABLE)
command("note-no-history", ["note", "urge"], r"\.db: no history", "--db", UNAVAILABLE)
command("note-long", ["note", "note", "x" * 300], "255 bytes", "shorten")
CASES.append(Case("note-whose", ["bedside", "note", "urge", "--config", "{d}/b.yaml"], USAGE,
		  "whose", "such as bed 'left'",
		  {"b.yaml": BED.replace("id: bed", "id: left") + BED[6:].replace("id: bed", "id: right")}))
command("profile-misspelt", ["profile", "set", "diabtes", "no"], "'diabtes'", "did you mean diabetes")
command("profile-value", ["profile", "set", "diabetes", "perhaps"], "'perhaps'", "yes or no, or unknown")
command("profile-date", ["profile", "set", "cramp_drug_since", "1.3.2026"], "'1.3.2026'",
	"such as 2026-03-01")
command("profile-age", ["profile", "set", "age", "1200"], "age '1200'", "from 1 to 120")
command("profile-half", ["profile", "set", "age"], "profile:", "one key and one value")
command("profile-word", ["profile", "add", "age", "70"], "'add'", "set, unset, ask, help")
command("profile-unset", ["profile", "unset"], "profile:", "one key")


def diary(name, text, place, remedy, kind="note"):
	"""A CSV file that is imported into a good history, which must stay as it is."""
	CASES.append(Case(f"{kind}-import-{name}",
			  ["bedside", kind, "--db", "{h}/good.db", "--import", "{d}/d.csv"], DATA,
			  r"/d\.csv" + place, remedy, {"d.csv": text}))


ENTRIES = "at,key,value,side,site,night\n2026-11-20 07:00,pain,6,left,calf,\n"
NONE = r".*\(nothing was imported\)"
diary("empty", "", ":", "first line names the columns, such as at,key,value")
diary("head-only", "at,key,value\n", ":", "nothing to import")
diary("no-head", "2026-11-20 07:00,pain,6\n", ":1:1:", "known are at, key, value")
diary("misspelt-column", "at,key,valeu\n", ":1:8:", "did you mean value")
diary("column-twice", "at,key,value,key\n", ":1:14:", "keep one")
diary("no-value-column", "at,key\n2026-11-20,urge\n", ":1:", "no column 'value'")
diary("semicolons", "at;key;value\n2026-11-20;urge;yes\n", ":1:1:", "known are at")
diary("too-few", ENTRIES + "2026-11-20 07:00,urge,yes\n", ":3:23:", "3 fields where.*names 6" + NONE)
diary("too-many", ENTRIES + "2026-11-20,urge,yes,,,,,\n", ":3:25:", "8 fields where.*names 6" + NONE)
diary("time", ENTRIES + "20.11.2026,urge,yes,,,\n", ":3:1:", "write it as 2026-11-22T23:10:05" + NONE)
diary("calendar", ENTRIES + "2026-02-30 07:00,urge,yes,,,\n", ":3:1:", "write it as" + NONE)
diary("ago", ENTRIES + "3d,urge,yes,,,\n", ":3:1:", "write it as" + NONE)
diary("future", ENTRIES + "2099-01-01,urge,yes,,,\n", ":3:1:", "future" + NONE)
diary("key", ENTRIES + "2026-11-20,urg,yes,,,\n", ":3:12:", "did you mean urge" + NONE)
diary("range", ENTRIES + "2026-11-20,pain,11,,,\n", ":3:17:", "a number from 0 to 10" + NONE)
diary("decimals", ENTRIES + "2026-11-20,standing,1.23456,,,\n", ":3:21:", "a number from 0" + NONE)
diary("word", ENTRIES + "2026-11-20,fluids,little,,,\n", ":3:19:", "low, usual or high" + NONE)
diary("empty-value", ENTRIES + "2026-11-20,urge,,,,\n", ":3:17:", "must be yes or no" + NONE)
diary("no-leg", ENTRIES + "2026-11-20,fluids,low,left,,\n", ":3:23:", "leave out the side" + NONE)
diary("side", ENTRIES + "2026-11-20,pain,3,middle,,\n", ":3:19:", "left, right or both" + NONE)
diary("site", ENTRIES + "2026-11-20,pain,3,,nose,\n", ":3:20:", "one of foot" + NONE)
diary("night", ENTRIES + "2026-11-20,pain,3,,,Friday\n", ":3:21:", "such as 2026-11-22" + NONE)
diary("night-far", ENTRIES + "2026-11-20,pain,3,,,2025-11-19\n", ":3:21:", "correct one" + NONE)
diary("bed", "at,key,value,bed\n2026-11-20,urge,yes,bad\n", ":2:21:", "did you mean 'bed'" + NONE)
diary("contradiction", ENTRIES + "2026-11-20 07:00,pain,5,left,calf,\n", ":3:",
      "as line 2 with another value.*keep one" + NONE)
diary("open-quote", ENTRIES + '2026-11-20,note,"slept,,,\n', ":3:17:", "closing" + NONE)
diary("quote-within", ENTRIES + '2026-11-20,note,the "bad" leg,,,\n', ":3:21:", "double the quotes" + NONE)
diary("behind-quote", ENTRIES + '2026-11-20,note,"bad" leg,,,\n', ":3:22:", "double the quotes" + NONE)
diary("latin-1", ENTRIES.encode() + b"2026-11-20,note,Schlafst\xf6rung,,,\n", ":3:25:", "save the file as CSV in UTF-8")
for what, octets in (("surrogate", b"\xed\xa0\x80"), ("overlong", b"\xe0\x80\xaf"),
		     ("beyond-unicode", b"\xf4\x90\x80\x80")):
	diary(what, ENTRIES.encode() + b"2026-11-20,note,a" + octets + b",,,\n", ":3:18:",
	      "save the file as CSV in UTF-8")
diary("utf-16", ENTRIES.encode("utf-16"), ":1:1:", "UTF-8")
diary("nul", ENTRIES.encode() + b"2026-11-20,note,a\0b,,,\n", ":3:18:", "UTF-8")
diary("long-text", ENTRIES + "2026-11-20,note," + "x" * 300 + ",,,\n", ":3:17:", "shorten" + NONE)
diary("profile-key", "key,value\ndiabtes,no\n", ":2:1:", "did you mean diabetes" + NONE, "profile")
diary("profile-value", "key,value\ndiabetes,maybe\n", ":2:10:", "yes or no" + NONE, "profile")
diary("profile-column", "key,value,side\n", ":1:11:", "known are at, key, value, bed", "profile")
diary("profile-twice", "key,value\nage,70\nage,71\n", ":3:", "same key as line 2.*keep one" + NONE,
      "profile")
command("note-import-missing", ["note", "--db", "{h}/good.db", "--import", "/no/such.csv"],
	r"/no/such\.csv:", "check the path", UNAVAILABLE)
command("note-import-folder", ["note", "--db", "{h}/good.db", "--import", "/tmp"], r"/tmp:",
	"give the path of a CSV file", DATA)
command("note-import-words", ["note", "--import", "d.csv", "pain"], "'pain'", "--import takes no words")

command("export-table", ["export", "--table", "nihgts"], "--table nihgts", "did you mean nights")
command("export-both", ["export", "--csv", "--json"], "--csv and --json", "choose one")
command("export-since", ["export", "--since", "3h"], "3h", "such as 2026.*7d")
command("export-span", ["export", "--since", "2026-02-01", "--until", "2026-01-01"], "--since 2026-02-01",
	"is after")
command("export-no-nights", ["export", "--table", "profile", "--since", "2026-01-01"], "profile", "leave out")
command("export-word", ["export", "nights"], "'nights'", "--table NAME")
command("export-newer", ["export", "--db", "{h}/newer.db"], r"/newer\.db:", "newer", DATA)
command("export-folder", ["export", "--db", "{h}/good.db", "-o", "/tmp"], "/tmp:", "leave -o out",
	UNAVAILABLE)
command("export-nowhere", ["export", "--db", "{h}/good.db", "-o", "/no/such/file"], "/no/such/file:",
	"No such file", UNAVAILABLE)
command("export-denied", ["export", "--db", "{h}/good.db", "-o", "/etc/nights.csv"], "/etc/nights.csv:",
	"denied", UNAVAILABLE)

# ---- captures ----
capture("empty", "", ":", r"\w")
capture("no-head", "t_s,trunk\n0,1\n", ":1:", "no capture|bedside-capture")
capture("newer-format", HEAD.replace(": 1", ": 9", 1), ":1:", "use a newer bedside")
capture("unknown-mat", HEAD.replace("contact", "carpet"), ":2:", "one of contact, strips")
capture("bad-zone", HEAD.replace("500 400", "500"), ":3:", "NAME PLACES X Y")
capture("zone-outside", HEAD.replace("500 400", "500 4000"), ":3:", "run from 0 to 1000")
capture("bad-origin", HEAD.replace("T20:00:00Z", " 20 Uhr"), ":5:", "write it as")
capture("no-columns", HEAD, ":", r"\w")
capture("unknown-column", HEAD + "t_s,trunk,legs,feet\n", ":7:", "zone")
capture("missing-column", HEAD + "t_s,trunk\n0,1\n", ":7:", "add it or remove")
capture("bad-number", CAPTURE.replace("600,1", "600,full"), ":9:", r"\w")
capture("time-backwards", CAPTURE.replace("7800", "78"), ":10:", r"\w")
capture("too-few-fields", CAPTURE.replace("7800,0,0", "7800,0"), ":10:", r"\w")
capture("binary", bytes(range(256)) * 10, ":", r"\w")
capture("torn-gzip", b"\x1f\x8b\x08\x00" + b"\x00" * 20, ":", r"\w")
capture("no-readings", HEAD + "t_s,trunk,legs\n", ":", r"no readings|nothing")

# ---- rules ----
rule("empty", "", ":", r"\w")
rule("nonsense", "Let there be light.\n", ":1:", r"\w")
rule("binary", bytes(range(256)), ":1:", r"\w")
rule("class", RULE.replace("circulation", "circulatory"), ":2:7:", "did you mean 'circulation'")
rule("event", RULE.replace("= legs_over_edge", "= legs_over_egde"), ":8:11:",
     "did you mean 'legs_over_edge'")
rule("backward-range", RULE.replace("3m..60m", "60m..3m"), ":8:", "longer than the longest")
rule("measure", RULE.replace("On {n}", "On {m}"), ":11:6:", "did you mean 'n'")
rule("weight", RULE.replace("+1.0", "+9.0"), ":10:", "from -2.3 to")
rule("prior", RULE.replace("0.1", "3"), ":7:7:", "from 0.001 to 0.5")
rule("no-source", RULE.replace('source "s"\n', ""), ":1:1:", "each rule says where it comes from")
rule("no-says", RULE.replace('says "On {n} nights."\n', ""), ":1:1:", "no 'says'")
rule("open-text", RULE.replace('nights."', "nights."), ":11:6:", 'closing "')
rule("window", RULE.replace("of 14", "of 3"), ":6:22:", "from 5 to 92")
rule("sensor", RULE.replace("occupancy", "nose"), ":6:45:", "see rules/LANGUAGE.md|did you mean")
rule("forbidden-word", RULE.replace("On {n} nights", "This diagnoses"), ":11:6:", "must never say")
rule("statement", RULE.replace("let sit", "lte sit"), ":8:1:", "did you mean 'let'")
rule("no-when", RULE.replace("when n", "wehn n"), ":10:24:", "'when' is expected")
rule("function", RULE.replace("nights_with(", "night_with("), ":9:13:", "did you mean 'nights_with'")
rule("band", RULE.replace("some..strong", "sum..strong"), ":15:14:", "did you mean 'some'")
CASES.append(Case("rule-test-of-wrong-file", ["bedside", "rules", "test", "{d}/r.rule"], CONFIG,
		  r"/r\.rule:8:1:", "did you mean 'let'",
		  {"r.rule": RULE.replace("let sit", "lte sit")}))
CASES.append(Case("rule-denied", ["bedside", "rules", "check", "{d}/r.rule"], UNAVAILABLE,
		  r"/r\.rule:", r"\w", {"r.rule": RULE}, {"r.rule": 0}))
CASES.append(Case("rule-in-force", ["bedside", "rules", "list", "--config", "{d}/b.yaml"], CONFIG,
		  r"/mine\.rule:2:7:", "did you mean 'circulation'",
		  {"b.yaml": BED + "rules: { directories: [ DIR/rules ] }\n",
		   "rules/mine.rule": RULE.replace("circulation", "circulatory")}))
