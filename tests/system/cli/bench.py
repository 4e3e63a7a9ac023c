# SPDX-License-Identifier: MIT
"""What the tests of the command line share: the program in a home of its own, and a demo's history in it.

A test is a function test_*(bench); each of them, in a file, may use what those above it made. A program ends with
"N passed, N failed, N skipped".
"""
import argparse
import contextlib
import json
import os
import pty
import subprocess
import tempfile

TIMEOUT_S = 60


class Wrong(Exception):
	"""What a user would see that must not be."""


def expect(holds, text):
	if not holds:
		raise Wrong(text)


class Bench:
	"""A home without configuration, the program under test in it, and the history of a demo: two weeks of a
	leg-hanging sleeper on contact pads."""

	def __init__(self, bedside, home):
		self.bedside = bedside
		self.home = home
		self.db = os.path.join(home, "demo.db")
		self.demo = self.run("demo", "--db", self.db)

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


def main(program):
	"""Run what is called test_* in the globals of a program, in its order; its exit code."""
	parser = argparse.ArgumentParser(description=program["__doc__"])
	parser.add_argument("--bedside", required=True)
	args = parser.parse_args()
	passed = failed = 0
	with tempfile.TemporaryDirectory() as home:
		bench = Bench(os.path.abspath(args.bedside), home)
		for test in [value for name, value in program.items() if name.startswith("test_")]:
			try:
				test(bench)
				passed += 1
			except (Wrong, KeyError, json.JSONDecodeError) as error:
				failed += 1
				print(f"FAIL {test.__name__}: {error}")
	print(f"{passed} passed, {failed} failed, 0 skipped")
	return 1 if failed or not passed else 0
