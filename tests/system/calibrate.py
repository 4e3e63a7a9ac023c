# SPDX-License-Identifier: MIT
"""Calibrations as their owner does them: with the daemon through its socket, and from captures."""

import json
import os
import random
import signal
import subprocess
import tempfile
import unittest

import broker
import hub

CONFIG = """
hub: {{ id: test, database: @DIR@/history.db, socket: @DIR@/bedside.sock, commit: 300s }}
beds:
  - id: bed
    name: Test bed
    source: {{ driver: simulate, sleeper: healthy, nights: 60, seed: 7, mat: {mat} }}
"""
# Afternoon and evening in seconds, but a person still has time to look.
SPEED = "300"


def calibrate(daemon, *words, check=True):
    return hub.bedside("calibrate", *words, "--config", daemon.config, check=check)


def standing(daemon):
    """How the first bed stands with each kind, as `bedside status` says."""
    answer = json.loads(hub.bedside("status", "--json", "--config", daemon.config).stdout)
    return answer["daemon"]["beds"][0]["calibration"]


class WithTheDaemon(unittest.TestCase):
    def test_empty_is_kept_over_a_restart(self):
        with hub.Daemon(CONFIG.format(mat="load-cells"), "--speed", SPEED) as daemon:
            daemon.start().wait_ready()
            self.assertEqual(standing(daemon)["empty"]["health"], "missing")
            self.assertEqual(standing(daemon)["person"]["health"], "optional")
            done = calibrate(daemon, "empty")
            self.assertEqual(done.stdout, "bed: empty: calibrated\n")
            self.assertIn("Keep off the bed", done.stderr)
            self.assertEqual(standing(daemon)["empty"]["health"], "good")
            rows = daemon.query("SELECT bed, kind, cause, version, n_values, complete, simulated, "
                                "at IS NOT NULL FROM calibrations WHERE cause = 'asked'")
            self.assertEqual(rows, [("bed", "empty", "asked", 1, 4, 1, 1, 1)])
            daemon.stop()
            daemon.start().wait_ready()
            self.assertEqual(standing(daemon)["empty"]["health"], "good")
            shown = hub.bedside("status", "--config", daemon.config).stdout
            self.assertRegex(shown, r"empty +good")
            shown = hub.bedside("doctor", "--config", daemon.config, check=False).stdout
            self.assertRegex(shown, r"ok +bed +calibration empty: good, done 2026-04-1\d")
            self.assertRegex(shown, r"note +bed +calibration thermometers: missing")
            daemon.stop()
            # And without it, from the history, with its age.
            shown = hub.bedside("status", "--config", daemon.config).stdout
            self.assertRegex(shown, r"empty +good +2026-04-1\d")
            self.assertRegex(shown, r"thermometers +missing")
            answer = json.loads(hub.bedside("status", "--json", "--config", daemon.config).stdout)
            kinds = answer["history"]["beds"][0]["calibration"]
            self.assertEqual([kinds["empty"]["health"], kinds["person"]["health"]],
                             ["good", "optional"])
            shown = hub.bedside("doctor", "--config", daemon.config, check=False).stdout
            self.assertRegex(shown, r"ok +bed +calibration empty: good, done 2026-04-1\d")
            self.assertRegex(shown, r"note +bed +calibration thermometers: missing")

    def test_refused_data_change_nothing(self):
        with hub.Daemon(CONFIG.format(mat="contact"), "--speed", SPEED) as daemon:
            daemon.start().wait_ready()
            done = calibrate(daemon, "empty", check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("refused: this bed has no sensor that needs it", done.stderr)
            self.assertEqual(daemon.query("SELECT count(*) FROM calibrations"), [(0,)])
            daemon.stop()
        with hub.Daemon(CONFIG.format(mat="load-cells"), "--speed", SPEED) as daemon:
            daemon.start().wait_ready()
            done = calibrate(daemon, "person", check=False)
            self.assertIn("the empty bed comes first", done.stderr)
            self.assertEqual(standing(daemon)["person"]["health"], "refused")
            self.assertEqual(daemon.query("SELECT count(*) FROM calibrations"), [(0,)])
            done = calibrate(daemon, "empty", "--bed", "sofa", check=False)
            self.assertIn("no such bed", done.stderr)
            daemon.stop()

    def test_interrupted_leaves_no_trace(self):
        with hub.Daemon(CONFIG.format(mat="load-cells"), "--speed", "1") as daemon:
            daemon.start().wait_ready()
            process = subprocess.Popen(
                [hub.BEDSIDE, "calibrate", "empty", "--config", daemon.config],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertIn("Keep off", process.stderr.readline())
            done = calibrate(daemon, "person", check=False)
            self.assertIn("under way", done.stderr)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=hub.PATIENCE_S)
            self.assertEqual(process.returncode, 1)
            self.assertIn("abandoned; nothing has changed", err)
            self.assertEqual(standing(daemon)["empty"]["health"], "missing")
            daemon.stop()
            self.assertEqual(daemon.query("SELECT count(*) FROM calibrations"), [(0,)])


class WithABroker(unittest.TestCase):
    def test_home_assistant_sees_the_problem_go(self):
        server = broker.Broker()
        listener = broker.Listener(server, "bedside/test/bed/calibration")
        self.addCleanup(server.close)
        self.addCleanup(listener.close)
        config = CONFIG.format(mat="load-cells") + f"mqtt: {{ host: 127.0.0.1, port: {server.port} }}\n"

        def says(health):
            def judge(message):
                return json.loads(message["payload"])["empty"]["health"] == health
            listener.wait("bedside/test/bed/calibration", judge, what=f"empty {health}",
                          patience_s=hub.PATIENCE_S)

        with hub.Daemon(config, "--speed", SPEED) as daemon:
            daemon.start().wait_ready()
            says("missing")
            calibrate(daemon, "empty")
            says("good")
            daemon.stop()


HEAD = """# bedside-capture: 1
# mat: load_cells
# zone: head_left head 0 0
# zone: head_right head 1000 0
# zone: foot_left legs 0 1000
# zone: foot_right legs 1000 1000
# origin: 2026-11-22T18:00:00Z
# provenance: measured by a test
# temperature: left_leg left
# temperature: right_leg right
t_s,head_left,head_right,foot_left,foot_right,left_leg_c,right_leg_c
"""
EMPTY = (150, -80, 20, 40)
LYING = (21150, 19920, 16020, 15040)


class Capture:
    """An evening of calibrating on load cells, written down by hand."""

    def __init__(self, path, clock=""):
        self.dice = random.Random(1)
        self.t = 0
        self.path = path
        with open(path, "w", encoding="utf-8") as file:
            file.write(HEAD.replace("# provenance", clock + "# provenance"))
            self.file = file
            self.stay(EMPTY, 310)
            self.stay(LYING, 80)
            for corner in (2, 3):
                for _ in range(10):
                    self.flex(corner)
                self.stay(LYING, 5)
            self.stay(EMPTY, 30)
            self.bathe(12)

    def row(self, loads, left="", right=""):
        cells = [str(round(load + self.dice.gauss(0, 8))) for load in loads] if loads else [""] * 4
        self.file.write(",".join([f"{self.t:.1f}", *cells, str(left), str(right)]) + "\n")
        self.t = round(self.t + .1, 1)

    def stay(self, loads, seconds):
        for _ in range(seconds * 10):
            self.row(loads)

    def flex(self, corner):
        for step in (0, 900, 1500, 900, 0, -900, -1500, -900):
            self.row([load + (step if i == corner else 0) for i, load in enumerate(LYING)])
        self.stay(LYING, 3)

    def bathe(self, minutes):
        for _ in range(minutes * 2):
            self.row(EMPTY, round(26.3 + self.dice.uniform(-.01, .01), 3), 25.9)
            for _ in range(3):
                self.t = round(self.t + 9.9, 1)
                self.row(EMPTY)


class FromACapture(unittest.TestCase):
    def test_each_kind_in_its_order(self):
        with tempfile.TemporaryDirectory() as folder:
            capture = Capture(os.path.join(folder, "evening.cap")).path
            db = os.path.join(folder, "history.db")

            def attempt(kind):
                return hub.bedside("calibrate", kind, "--from", capture, "--db", db, check=False)

            for kind in ("person", "legs"):
                done = attempt(kind)
                self.assertEqual(done.returncode, 1)
                self.assertIn("the empty bed comes first", done.stderr)
            self.assertEqual(hub.query(db, "SELECT count(*) FROM calibrations"), [(0,)])
            for kind in ("empty", "person", "legs", "thermometers"):
                done = attempt(kind)
                self.assertEqual(done.stdout, f"bed: {kind}: calibrated\n", done.stderr)
            values = dict(((kind, i), value) for kind, i, value in hub.query(
                db, "SELECT kind, i, value FROM calibrations JOIN calibration_values "
                    "USING (calibration)"))
            for zone in range(4):
                self.assertAlmostEqual(values["empty", zone], EMPTY[zone], delta=5)
            self.assertAlmostEqual(values["person", 0], sum(LYING) - sum(EMPTY), delta=50)
            self.assertGreater(values["legs", 0], 10000)
            self.assertAlmostEqual(values["legs", 0] / values["legs", 1], 1, delta=.2)
            # The bath: 0.4 C between the two, to a tenth of a degree and better.
            self.assertAlmostEqual(values["thermometers", 0], 200, delta=20)
            self.assertAlmostEqual(values["thermometers", 1], -200, delta=20)
            # Its own run, so that nights of a replay of the same capture stay.
            self.assertEqual(hub.query(db, "SELECT DISTINCT origin FROM calibrations"), [("replayed",)])

    def test_is_dated_by_the_clock_of_its_moment(self):
        """A Pi without a clock battery starts at a wrong time; the time server comes a minute later."""
        with tempfile.TemporaryDirectory() as folder:
            capture = Capture(os.path.join(folder, "evening.cap"),
                              clock="# clock: 60 2026-12-24T18:01:00Z\n").path
            db = os.path.join(folder, "history.db")
            hub.bedside("calibrate", "empty", "--from", capture, "--db", db)
            self.assertEqual(hub.query(db, "SELECT substr(at, 1, 10) FROM calibrations"),
                             [("2026-12-24",)])

    def test_a_calibration_is_of_its_mat(self):
        """Neither the page nor the status takes it for that of a mat that came after."""
        with tempfile.TemporaryDirectory() as folder:
            db = os.path.join(folder, "history.db")
            shown = []
            for mat in ("load-cells", "strips"):
                os.mkdir(os.path.join(folder, mat))
                capture = hub.simulate(os.path.join(folder, mat), mat=mat, seed=len(shown) + 1)
                if mat == "load-cells":
                    hub.bedside("calibrate", "empty", "--from", capture, "--db", db)
                hub.bedside("replay", "--db", db, capture)
                page = hub.bedside("report", "--db", db).stdout
                status = hub.bedside("status", "--db", db).stdout
                shown.append(("not in force" in page, "other_mat" in status))
            self.assertEqual(shown, [(False, False), (True, True)])

    def test_a_misspelt_capture_makes_no_history(self):
        with tempfile.TemporaryDirectory() as folder:
            db = os.path.join(folder, "history.db")
            done = hub.bedside("calibrate", "empty", "--from", folder + "/nothing.cap", "--db", db,
                               check=False)
            self.assertEqual(done.returncode, 5)
            self.assertFalse(os.path.exists(db))


if __name__ == "__main__":
    unittest.main()
