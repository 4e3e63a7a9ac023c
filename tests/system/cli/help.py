#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every long option of --help is in the man page and the other way round, verb by verb."""
import argparse
import re
import subprocess
import sys

OPTION = re.compile(r"--[a-z][a-z-]+")


def run(program, *argv):
	return subprocess.run([program, *argv], check=True, text=True, capture_output=True,
			      timeout=10).stdout


def help_options(text, heading):
	"""Options that --help lists at the start of a line below a heading."""
	part = text.split(heading, 1)
	if len(part) == 1:
		return set()
	part = part[1].split("\n\n", 1)[0]
	return set(re.findall(r"^  (?:-[a-z], )?(--[a-z][a-z-]+)", part, re.MULTILINE))


def man_sections(path):
	"""Heading -> text, of a scdoc source: verbs are second level, "rules list" counts as rules."""
	sections = {}
	name = None
	with open(path, encoding="utf-8") as f:
		for line in f:
			if line.startswith("#"):
				name = line.lstrip("# ").split()[0]
				sections.setdefault(name, "")
			elif name:
				sections[name] += line
	return sections


def man_options(text):
	"""Options that a section defines: bold, at the start of a line that is not indented."""
	found = set()
	for line in text.splitlines():
		if re.match(r"\*--?[a-z]", line):
			found |= set(OPTION.findall(line))
	return found


def compare(what, from_help, from_man):
	wrong = []
	for option in sorted(from_help - from_man):
		wrong.append(f"{what}: {option} is in --help but not in the man page")
	for option in sorted(from_man - from_help):
		wrong.append(f"{what}: {option} is in the man page but not in --help")
	return wrong


def check_bedside(bedside, page):
	sections = man_sections(page)
	overall = run(bedside, "--help")
	wrong = compare("bedside", help_options(overall, "Every verb takes:\n"),
			man_options(sections["OPTIONS"]))
	verbs = re.findall(r"^  ([a-z]+) +[A-Z]", overall.split("Every verb")[0], re.MULTILINE)
	known = {name for name in sections if name.islower()}
	for verb in sorted(set(verbs) ^ known):
		wrong.append(f"{verb} is in only one of --help and the man page")
	for verb in verbs:
		text = run(bedside, verb, "--help")
		wrong += compare(verb, help_options(text, "\nOptions:\n"),
				 man_options(sections.get(verb, "")))
		for argv in ("help", verb), (verb, "-h"):
			if run(bedside, *argv) != text:
				wrong.append(f"{' '.join(argv)} is not {verb} --help")
	if run(bedside, "help") != overall or run(bedside, "-h") != overall:
		wrong.append("help or -h is not --help")
	if len(verbs) < 8:
		wrong.append(f"only {len(verbs)} verbs found: is --help what this test expects?")
	return wrong


def check_bedsided(bedsided, page):
	text = run(bedsided, "--help")
	return compare("bedsided", set(OPTION.findall(text)),
		       man_options(man_sections(page)["OPTIONS"]))


def main():
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--bedside", required=True)
	parser.add_argument("--bedsided", required=True)
	parser.add_argument("--man", required=True, help="folder of the scdoc sources")
	args = parser.parse_args()
	wrong = check_bedside(args.bedside, args.man + "/bedside.1.scd")
	wrong += check_bedsided(args.bedsided, args.man + "/bedsided.8.scd")
	for line in wrong:
		print(line)
	return 1 if wrong else 0


if __name__ == "__main__":
	sys.exit(main())
