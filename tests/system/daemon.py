# SPDX-License-Identifier: MIT
"""bedsided as its owner runs it: start, reload, stop, power cut."""

import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import hub

SIMULATED = """
hub: {{ id: test, database: @DIR@/history.db, socket: @DIR@/bedside.sock, commit: {commit} }}
beds:
  - id: bed
    name: Test bed
    source: {{ driver: simulate, sleeper: leg-hanging, nights: {nights}, seed: 7 }}
"""
KILLS = int(os.environ.get("BEDSIDE_KILLS", "10"))
# Under a sanitizer everything takes many times as long.
STOP_MAX_S = 2.0 * float(os.environ.get("BEDSIDE_SLOWNESS", "1"))


def simulated(nights=3, commit="300s"):
    return SIMULATED.format(nights=nights, commit=commit)


class Life(unittest.TestCase):
    def test_records_and_stops_clean(self):
        with hub.Daemon(simulated(), "--speed", "2000") as daemon:
            daemon.start().wait_ready()
            hub.wait_for("an exit in the history", lambda: daemon.query(
                "SELECT 1 FROM events WHERE type = 'bed_exit'"))
            status, took = daemon.stop()
            self.assertEqual(status, 0)
            self.assertLess(took, STOP_MAX_S)
            self.assertEqual(daemon.query("SELECT count(*) FROM events WHERE ended IS NULL")[0][0], 0)
            # What is simulated says so in the database.
            self.assertEqual(daemon.query("SELECT DISTINCT origin FROM events"), [("simulated",)])
            self.assertFalse(os.path.exists(daemon.socket))

    def test_second_hub_on_one_history_is_refused(self):
        with hub.Daemon(simulated()) as daemon:
            daemon.start().wait_ready()
            second = subprocess.run([hub.BEDSIDED, "--config", daemon.config], text=True,
                                    capture_output=True, timeout=30)
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("history.db", second.stderr)
            self.assertEqual(second.stderr.count("\n"), 1)
            self.assertIsNone(daemon.process.poll())

    def test_control_socket(self):
        with hub.Daemon(simulated()) as daemon:
            daemon.start().wait_ready()
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.settimeout(hub.PATIENCE_S)
            client.connect(daemon.socket)
            stream = client.makefile("rw", encoding="utf-8")

            def ask(line):
                stream.write(line + "\n")
                stream.flush()
                return json.loads(stream.readline())

            status = ask('{"command":"status"}')
            self.assertTrue(status["ok"])
            self.assertTrue(status["simulated"])
            self.assertEqual(status["beds"][0]["id"], "bed")
            self.assertFalse(ask('{"command":"dance"}')["ok"])
            self.assertFalse(ask("not json")["ok"])
            self.assertFalse(ask('{"command":"mark","bed":"sofa"}')["ok"])
            self.assertTrue(ask('{"command":"mark","bed":"bed"}')["ok"])
            self.assertTrue(ask('{"command":"note","bed":"bed","text":"h\\u00e9llo"}')["ok"])
            client.close()
            daemon.stop()
            self.assertEqual(daemon.query("SELECT count(*) FROM events WHERE type = 'mark'")[0][0], 1)
            self.assertEqual(daemon.query("SELECT value FROM diary WHERE key = 'note'"), [("h\u00e9llo",)])

    def test_the_end_of_a_recording(self):
        with hub.Daemon(simulated(nights=2), "--speed", "max") as daemon:
            daemon.start()
            self.assertEqual(daemon.process.wait(timeout=hub.PATIENCE_S), 0)
            self.assertIn("the recording has ended", daemon.log())
            self.assertGreaterEqual(daemon.query("SELECT count(*) FROM nights")[0][0], 2)

    def test_a_demonstration_in_an_empty_home(self):
        with tempfile.TemporaryDirectory() as home:
            env = {k: v for k, v in os.environ.items() if k != "XDG_STATE_HOME"}
            process = subprocess.Popen([hub.BEDSIDED, "--demo", "--speed", "3600"],
                                       env=dict(env, HOME=home))
            history = os.path.join(home, ".local/state/bedside/bedside.db")
            hub.wait_for(history, lambda: os.path.exists(history) or process.poll() is not None)
            process.terminate()
            self.assertEqual(process.wait(timeout=hub.PATIENCE_S), 0)
            self.assertTrue(os.path.exists(history))


class Reload(unittest.TestCase):
    def reload(self, daemon, expect):
        seen = daemon.log().count(expect)
        daemon.process.send_signal(signal.SIGHUP)
        hub.wait_for(repr(expect), lambda: daemon.log().count(expect) > seen)

    def test_bad_configuration_is_refused(self):
        with hub.Daemon(simulated(), "--speed", "60") as daemon:
            daemon.start().wait_ready()
            daemon.write_config("beds:\n  - id: bed\n    naem: Bed\n")
            self.reload(daemon, "refused; the old configuration stays in force")
            self.assertIn(f"{daemon.config}:3:5: ", daemon.log())
            before = daemon.query("SELECT max(run) FROM runs")
            self.assertIsNone(daemon.process.poll())
            daemon.write_config(simulated(nights=5))
            self.reload(daemon, "configuration and rules read again")
            self.assertGreater(daemon.query("SELECT max(run) FROM runs"), before)

    def test_bad_rule_is_refused(self):
        with hub.Daemon("", "--speed", "60") as daemon:
            rules = os.path.join(daemon.dir, "rules.d")
            os.mkdir(rules)
            daemon.write_config(simulated() + f"rules: {{ directories: [{rules}] }}\n")
            daemon.start().wait_ready()
            with open(os.path.join(rules, "mine.rule"), "w", encoding="utf-8") as file:
                file.write("rule mine\nclass circulaton\n")
            self.reload(daemon, "refused; the old configuration stays in force")
            self.assertIn("mine.rule:2:", daemon.log())
            os.unlink(os.path.join(rules, "mine.rule"))
            self.reload(daemon, "rules read again")


class Broker(unittest.TestCase):
    """A stop takes less than two seconds, whatever the broker does not do."""

    def config(self, host, port):
        return simulated() + f"mqtt: {{ host: {host}, port: {port} }}\n"

    def stops_fast(self, config, wrapper=()):
        with hub.Daemon(config, wrapper=wrapper) as daemon:
            daemon.start().wait_ready()
            status, took = daemon.stop()
            self.assertEqual(status, 0)
            self.assertLess(took, STOP_MAX_S)

    def test_no_broker_there(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.stops_fast(self.config("127.0.0.1", unused.getsockname()[1]))

    def test_broker_that_never_answers(self):
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen(8)
            self.stops_fast(self.config("127.0.0.1", mute.getsockname()[1]))

    def test_name_server_that_never_answers(self):
        if os.geteuid() != 0:
            self.skipTest("needs root for a name server of its own")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
            try:
                mute.bind(("127.0.0.153", 53))
            except OSError as error:
                self.skipTest(f"no name server of its own: {error}")
            with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolv:
                resolv.write("nameserver 127.0.0.153\n")
                resolv.flush()
                wrapper = ["unshare", "-m", "sh", "-c",
                           f'mount --bind {resolv.name} /etc/resolv.conf && exec "$@"', "sh"]
                if subprocess.run(wrapper + ["true"], check=False, stderr=subprocess.DEVNULL).returncode:
                    self.skipTest("no mount namespace to be had")
                self.stops_fast(self.config("broker.example.org", 1883), wrapper)


# A bed whose pads are not there: what is not read is measured all the same.
LIVE = """
hub: { id: test, clock: trusted, database: @DIR@/history.db, socket: @DIR@/s, commit: 1s }
beds:
  - id: bed
    mat: { driver: contact, required: false, zones: [ { name: hips, line: NOWHERE1, at: trunk } ] }
"""

EVENTS = "SELECT run, id, type, start_ms FROM events"


class PowerCut(unittest.TestCase):
    def test_kill_at_random_moments(self):
        """kill -9 during a replay at full speed: what was committed stays, nothing stays open."""
        seed = int(os.environ.get("BEDSIDE_SEED", "20261123"))
        print(f"kills {KILLS} seed {seed}", file=sys.stderr)
        dice = random.Random(seed)
        with tempfile.TemporaryDirectory() as captures:
            capture = hub.simulate(captures, nights=14)
            config = (f"hub: {{ id: test, database: @DIR@/history.db, socket: @DIR@/s, commit: 1s }}\n"
                      f"beds: [ {{ id: bed, source: {{ driver: replay, file: {capture} }} }} ]\n")
            with hub.Daemon(config, "--speed", "max") as daemon:
                for _ in range(KILLS):
                    self.one_cut(daemon, dice)

    def one_cut(self, daemon, dice):
        daemon.start()
        committed = set()
        until = time.monotonic() + dice.uniform(0.01, 0.6)
        while time.monotonic() < until and daemon.process.poll() is None:
            # A reader sees committed rows only.
            committed = set(daemon.query(EVENTS)) or committed
        daemon.process.kill()
        daemon.process.wait()
        if not os.path.exists(daemon.db):
            return
        # The next start repairs; a check of the file by itself comes first.
        self.assertEqual(daemon.query("PRAGMA integrity_check"), [("ok",)])
        # A second replay of a capture takes the place of the first: what the run before had committed
        # may be gone when the new one has begun.
        after = set(daemon.query(EVENTS))
        newest = self.newest_run(daemon)
        gone = {event for event in committed - after if event[0] == newest}
        self.assertFalse(gone, "a committed event is gone")
        self.restart_leaves_nothing_open(daemon)

    def restart_leaves_nothing_open(self, daemon):
        last_run = self.newest_run(daemon)
        daemon.start()
        hub.wait_for("the next run", lambda: daemon.process.poll() is not None or
                     self.newest_run(daemon) > last_run)
        self.assertEqual(daemon.query("SELECT count(*) FROM events WHERE ended IS NULL AND run <= ?",
                                      last_run), [(0,)])
        daemon.process.kill()
        daemon.process.wait()

    def test_the_dark_between_two_runs_is_on_record(self):
        """Killed, started again twenty minutes later on another boot: a gap, for the bed it served."""
        with hub.Daemon(LIVE) as daemon:
            daemon.start().wait_ready()
            hub.wait_for("the first commit", lambda: daemon.query(
                "SELECT 1 FROM runs WHERE last_life IS NOT NULL"))
            daemon.process.kill()
            daemon.process.wait()
            # Twenty minutes pass, as the file will see them.
            with contextlib.closing(sqlite3.connect(daemon.db)) as history, history:
                history.execute("UPDATE run_row SET boot_id = 'another', last_life_ms = last_life_ms "
                                "- 1200000, started_ms = started_ms - 1200000")
            daemon.start().wait_ready()
            rows = hub.wait_for("the gap", lambda: daemon.query(
                "SELECT bed, minutes, run FROM events WHERE type = 'data_gap' AND minutes > 1"))
            self.assertEqual([(bed, run) for bed, _, run in rows], [("bed", 1)])
            self.assertTrue(20 <= rows[0][1] < 25, rows)
            told = hub.bedside("events", "--db", daemon.db, "--type", "data_gap").stdout
            self.assertRegex(told, r"2[0-4] min data_gap")
            self.assertEqual(daemon.stop()[0], 0)

    @staticmethod
    def newest_run(daemon):
        """0 while there is none: the daemon may have been killed before it made its tables."""
        rows = daemon.query("SELECT max(run) FROM runs")
        return rows[0][0] or 0 if rows else 0


if __name__ == "__main__":
    unittest.main(verbosity=2)
