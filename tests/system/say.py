# SPDX-License-Identifier: MIT
"""What a person says reaches the history through the running hub: at once, checked, all or nothing."""

import json
import os
import resource
import socket
import sqlite3
import subprocess
import unittest

import hub
from broker import Broker, Listener

HEAD = "hub: { id: test, database: @DIR@/history.db, socket: @DIR@/bedside.sock }\nbeds:\n"
BED = "  - id: {}\n    source: {{ driver: simulate, sleeper: healthy, nights: 3, seed: {} }}\n"
ONE = HEAD + BED.format("bed", 7)
TWO = HEAD + BED.format("left", 7) + BED.format("right", 8)


def tell(daemon, *argv, code=0):
    """bedside with this hub's configuration; returns what it says on both outputs."""
    done = hub.bedside(*argv, "--config", daemon.config, check=False)
    if done.returncode != code:
        raise AssertionError(f"{argv}: {done.returncode}: {done.stderr}")
    return done.stdout + done.stderr


def diary(daemon):
    return daemon.query("SELECT bed, key, value, side, site FROM diary ORDER BY id")


class Say(unittest.TestCase):
    def test_a_note_is_in_the_history_at_once(self):
        with hub.Daemon(ONE) as daemon:
            daemon.start().wait_ready()
            said = tell(daemon, "note", "pain", "6", "--side", "left", "--site", "calf")
            hub.wait_for("the note", lambda: diary(daemon) == [("bed", "pain", "6", "left", "calf")])
            # The night is the hub's, which here is another than this machine's.
            night = str(daemon.query("SELECT night FROM diary")[0][0])
            self.assertIn(f"night of {night[:4]}-{night[4:6]}-{night[6:]}: noted: pain 6, left, calf", said)
            tell(daemon, "profile", "set", "diabetes", "no")
            hub.wait_for("the answer", lambda: daemon.query("SELECT bed, key, value FROM profile")
                         == [("bed", "diabetes", "no")])
            tell(daemon, "note", "undo")
            hub.wait_for("the undo", lambda: diary(daemon) == [])
            tell(daemon, "profile", "unset", "diabetes")
            hub.wait_for("the unset", lambda: daemon.query("SELECT * FROM profile") == [])
            self.assertEqual(daemon.stop()[0], 0)
            # Without a hub the history itself is written.
            tell(daemon, "note", "cramp", "--side", "right")
            self.assertEqual(diary(daemon)[-1], ("bed", "cramp", "yes", "right", ""))

    def test_what_the_hub_acknowledged_is_on_the_disk(self):
        """Whoever reads "noted" finds the entry, and undo takes back that one."""
        with hub.Daemon(ONE) as daemon:
            daemon.start().wait_ready()
            tell(daemon, "note", "pain", "1")
            for score in range(2, 8):
                tell(daemon, "note", "pain", str(score))
                self.assertEqual([row[2] for row in diary(daemon)], ["1", str(score)])
                self.assertIn(f"pain {score}", tell(daemon, "note", "undo"))
                self.assertEqual([row[2] for row in diary(daemon)], ["1"])
            tell(daemon, "profile", "set", "age", "71")
            self.assertEqual(daemon.query("SELECT value FROM profile"), [("71",)])

    def test_only_who_speaks_waits_for_the_disk(self):
        with hub.Daemon(ONE) as daemon:
            daemon.start().wait_ready()
            tell(daemon, "note", "urge")
            other = sqlite3.connect(daemon.db, timeout=hub.PATIENCE_S, isolation_level=None)
            self.addCleanup(other.close)
            other.execute("BEGIN IMMEDIATE")
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(daemon.socket)
                client.sendall(b'{"command":"note","bed":"bed","text":"slept badly"}\n')
                client.settimeout(0.3)
                with self.assertRaises(TimeoutError, msg="acknowledged before it was written"):
                    client.recv(4096)
                tell(daemon, "status")
                other.execute("ROLLBACK")
                client.settimeout(hub.PATIENCE_S)
                answer = json.loads(client.recv(4096))
            self.assertEqual((answer["ok"], answer["changed"]), (True, 1))
            self.assertEqual([row[1:3] for row in diary(daemon)], [("urge", "yes"), ("note", "slept badly")])

    def test_what_the_disk_refuses_is_taken_once(self):
        """Who is told that it is not on the disk yet does not say it again, and it comes there."""
        ignoring = ["sh", "-c", 'trap "" XFSZ; exec "$@"', "sh"]
        with hub.Daemon(ONE, wrapper=ignoring) as daemon:
            path = os.path.join(daemon.dir, "diary.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("at,key,value\n2026-03-03 07:00:00,note,slept badly\n")
            daemon.start().wait_ready()
            tell(daemon, "note", "pain", "3")
            no_limit = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE)
            # Less than a page of the write-ahead log: the disk is full.
            resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (4096, no_limit[1]))
            said = [tell(daemon, "note", "urge"), tell(daemon, "note", "--import", path),
                    tell(daemon, "profile", "set", "age", "71"), tell(daemon, "note", "undo")]
            for text in said:
                self.assertIn("noted; not on the disk yet: do not repeat it", text)
            self.assertNotIn("there already", said[1])
            self.assertIn("taken back: pain 3", said[3])
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(hub.PATIENCE_S)
                client.connect(daemon.socket)
                client.sendall(b'{"command":"note","bed":"bed","text":"later"}\n')
                answer = json.loads(client.recv(4096))
            self.assertEqual((answer["ok"], answer["kept"], "changed" in answer), (True, "memory", False))
            self.assertEqual([row[1:3] for row in diary(daemon)], [("pain", "3")])
            resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, no_limit)
            hub.wait_for("the disk", lambda: [row[1:3] for row in diary(daemon)] ==
                         [("urge", "yes"), ("note", "slept badly"), ("note", "later")])
            self.assertEqual(daemon.query("SELECT value FROM profile"), [("71",)])

    def test_each_bed_is_a_person(self):
        with hub.Daemon(TWO) as daemon:
            daemon.start().wait_ready()
            self.assertIn("whose", tell(daemon, "note", "urge", code=2))
            tell(daemon, "note", "urge", "--bed", "right")
            tell(daemon, "profile", "set", "age", "71", "--bed", "left")
            hub.wait_for("both", lambda: daemon.query("SELECT bed FROM profile") == [("left",)]
                         and [row[:2] for row in diary(daemon)] == [("right", "urge")])
            self.assertIn("whose", tell(daemon, "profile", code=2))
            self.assertIn("1 of 31", tell(daemon, "profile", "--bed", "left"))
            self.assertIn("0 of 31", tell(daemon, "profile", "--bed", "right"))

    def test_an_import_is_whole_or_nothing(self):
        with hub.Daemon(ONE) as daemon:
            path = os.path.join(daemon.dir, "diary.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("at,key,value,side\n")
                for i in range(2000):
                    file.write(f"2026-{1 + i % 9:02}-{1 + i % 28:02} 07:{i // 60 % 60:02}:{i % 60:02},"
                               f"pain,{i % 11},left\n")
            daemon.start().wait_ready()
            self.assertIn("2000 entries", tell(daemon, "note", "--import", path))
            count = "SELECT count(*) FROM diary"
            hub.wait_for("the import", lambda: daemon.query(count) != [(0,)])
            before = daemon.query("SELECT * FROM diary")
            self.assertEqual(len(before), 2000, "it came in parts")
            self.assertIn("2000 of them were there already", tell(daemon, "note", "--import", path))
            tell(daemon, "note", "urge")
            hub.wait_for("what was said later", lambda: daemon.query(count) == [(2001,)])
            self.assertEqual(daemon.query("SELECT * FROM diary WHERE key = 'pain'"), before)

    def test_the_longest_import_that_the_hub_takes(self):
        """A byte more is refused with what to do, not by a closed door."""
        item = {"what": "diary", "bed": "bed", "key": "note", "value": "", "at_ms": 1772524800000,
                "night": 20260302}
        empty = len(json.dumps(item, separators=(",", ":"))) + 1
        # The hub's buffer of 2^20 holds the newline and a NUL; the last comma is none.
        left = 2 ** 20 - 2 - len('{"command":"say","items":[]}') + 1
        sizes = [250] * (left // (empty + 250) - 1)
        left -= len(sizes) * (empty + 250) + 2 * empty
        sizes += [left // 2, left - left // 2]
        with hub.Daemon(ONE) as daemon:
            path = os.path.join(daemon.dir, "diary.csv")
            daemon.start().wait_ready()
            for more, code in ((1, 2), (0, 0)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("at,key,value\n")
                    for i, size in enumerate(sizes):
                        at = f"2026-03-03 0{i // 3600}:{i // 60 % 60:02}:{i % 60:02}"
                        file.write(f"{at},note,{'x' * (size + (more if i == 0 else 0))}\n")
                said = tell(daemon, "note", "--import", path, code=code)
                self.assertIn("too much" if code else f"{len(sizes)} entries", said)

    def test_a_locked_history_gives_one_line(self):
        with hub.Daemon(ONE) as daemon:
            daemon.start().wait_ready()
            done = hub.bedside("note", "urge", "--db", daemon.db, check=False)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(f"process {daemon.process.pid} writes this history", done.stderr)
            self.assertEqual(diary(daemon), [])

    def test_the_hub_checks_for_itself(self):
        bad = [
            {}, {"what": "diary"}, {"what": "gossip", "bed": "bed", "key": "pain", "value": "6"},
            {"what": "diary", "bed": "sofa", "key": "pain", "value": "6"},
            {"what": "diary", "bed": "bed", "key": "pian", "value": "6"},
            # Quoted to 40 bytes, which end within a character.
            {"what": "diary", "bed": "bed", "key": "k" * 39 + "é", "value": "6"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6" * 39 + "é"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "side": "s" * 39 + "é"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "site": "s" * 39 + "é" * 200},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "60"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": 6},
            {"what": "diary", "bed": "bed", "key": "pain", "value": ""},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "side": "top"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "site": "nose"},
            {"what": "diary", "bed": "bed", "key": "urge", "value": "yes", "side": "left"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "at_ms": "now"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "at_ms": -1},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "night": 20261399},
            {"what": "diary", "bed": "bed", "key": "note", "value": "x" * 256},
            {"what": "diary", "bed": "bed", "key": "note", "value": "a\x07b"},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "at_ms": 4102444800000},
            {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "at_ms": 1772524800000,
             "night": 20250302},
            {"what": "unsay", "bed": "bed", "key": "pain", "at_ms": 2 ** 63 - 1},
            {"what": "unsay", "bed": "bed", "key": "pain", "at_ms": 2 ** 63 - 1, "night": 20260302},
            {"what": "profile", "bed": "bed", "key": "age", "value": "71", "at_ms": 4102444800000},
            {"what": "profile", "bed": "bed", "key": "pain", "value": "6"},
            {"what": "profile", "bed": "bed", "key": "age", "value": "old"},
            "pain", None, 7,
        ]
        good = {"what": "diary", "bed": "bed", "key": "pain", "value": "6", "side": "both"}
        with hub.Daemon(ONE) as daemon:
            daemon.start().wait_ready()
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.settimeout(hub.PATIENCE_S)
            client.connect(daemon.socket)
            stream = client.makefile("rw", encoding="utf-8")

            def say(items):
                stream.write(json.dumps({"command": "say", "items": items}) + "\n")
                stream.flush()
                return json.loads(stream.readline())

            for items in [], "pain", None, {}:
                self.assertFalse(say(items)["ok"], items)
            for item in bad:
                answer = say([good, item])
                self.assertFalse(answer["ok"], item)
                self.assertTrue(answer["error"].startswith("item 2: "), answer)
            self.assertTrue(say([good])["ok"])
            hub.wait_for("the good one", lambda: diary(daemon) != [])
            self.assertEqual(diary(daemon), [("bed", "pain", "6", "both", "")])
            client.close()

    def test_home_assistant_is_one_way_of_saying(self):
        """A tap: over the broker into the history, and back as a state; the night's end empties it."""
        broker = Broker()
        self.addCleanup(broker.close)
        with hub.Daemon(ONE + f"mqtt: {{ host: localhost, port: {broker.port} }}\n") as daemon:
            listener = Listener(broker)
            daemon.start().wait_ready()
            bed = "bedside/test/bed"

            def shown(topic):
                messages = listener.messages(f"{bed}/{topic}")
                return json.loads(messages[-1]["payload"]) if messages else {}

            hub.wait_for("an empty profile", lambda: "diabetes" in shown("profile"))
            self.assertEqual(set(shown("profile").values()), {None})
            hub.wait_for("an empty diary", lambda: shown("diary").get("entries") == 0)
            broker.publish(f"{bed}/set/diary_pain_left", "6")
            broker.publish(f"{bed}/set/diary_urge", "PRESS")
            broker.publish(f"{bed}/set/profile_diabetes", "no")
            broker.publish(f"{bed}/set/profile_diabetes", "perhaps")
            hub.wait_for("two entries", lambda: shown("diary").get("entries") == 2)
            self.assertEqual((shown("diary")["pain_left"], shown("diary")["urge"]), (6, "yes"))
            hub.wait_for("the answer", lambda: shown("profile")["diabetes"] == "no")
            hub.wait_for("rows", lambda: [row[1:4] for row in diary(daemon)] ==
                         [("pain", "6", "left"), ("urge", "yes", "unknown")])
            self.assertEqual(daemon.query("SELECT key, value FROM profile"), [("diabetes", "no")])
            broker.publish(f"{bed}/set/undo", "PRESS")
            hub.wait_for("one entry", lambda: shown("diary").get("entries") == 1)
            # What is said at a terminal is shown, too.
            tell(daemon, "note", "relief", "hang")
            hub.wait_for("relief", lambda: shown("diary").get("relief") == "hang")
            self.assertEqual(daemon.log().count("is refused"), 1, daemon.log())
            listener.close()

    def test_home_assistant_shows_the_newest_of_many_entries(self):
        """An evening's diary of any length: the last pain is the one that is shown."""
        broker = Broker()
        self.addCleanup(broker.close)
        with hub.Daemon(ONE + f"mqtt: {{ host: localhost, port: {broker.port} }}\n") as daemon:
            listener = Listener(broker)
            self.addCleanup(listener.close)
            daemon.start().wait_ready()
            tell(daemon, "note", "urge")
            [(night, at_ms)] = hub.wait_for("an entry", lambda: daemon.query(
                "SELECT night, at_ms FROM diary_row"))
            n = 300
            items = [{"what": "diary", "bed": "bed", "key": "pain", "value": str(9 if i < n - 1 else 2),
                      "side": "left", "night": night, "at_ms": at_ms + 1 + i}
                     for i in range(n)]
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.connect(daemon.socket)
                client.sendall(json.dumps({"command": "say", "items": items}).encode() + b"\n")
                self.assertTrue(json.loads(client.makefile().readline())["ok"])

            def shown():
                messages = listener.messages("bedside/test/bed/diary")
                last = json.loads(messages[-1]["payload"]) if messages else {}
                return last.get("entries", 0) > 100 and last

            diary_of_night = hub.wait_for("the diary", shown)
            self.assertEqual((diary_of_night["entries"], diary_of_night["pain_left"]), (n + 1, 2))

    @unittest.skipIf(os.geteuid() != 0, "needs root, to be somebody else")
    def test_root_leaves_the_history_to_its_owner(self):
        with hub.Daemon(ONE) as daemon:
            subprocess.run(["chown", "-R", "nobody", daemon.dir], check=True)
            os.chmod(daemon.dir, 0o700)
            # LeakSanitizer cannot look at a process that has become somebody else.
            hub.bedside("note", "urge", "--at", "1h", "--db", daemon.db,
                        env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
            self.assertEqual({os.stat(os.path.join(daemon.dir, name)).st_uid
                              for name in os.listdir(daemon.dir) if name.startswith("history")},
                             {os.stat(daemon.dir).st_uid})


if __name__ == "__main__":
    unittest.main()
