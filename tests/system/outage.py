# SPDX-License-Identifier: MIT
"""The broker dies under a running daemon and comes back: nothing is lost on either side."""

import json
import os
import signal
import subprocess
import tempfile
import time
import unittest

import hub
from broker import free_port, mosquitto_program

# So many events must fall into the outage; it lasts until they have.
MISSED_MIN = 3
OUTAGE_S = float(os.environ.get("BEDSIDE_OUTAGE_S", "5"))

CONFIG = """
hub: {{ id: test, database: @DIR@/history.db, socket: @DIR@/bedside.sock, commit: 60s }}
beds:
  - id: bed
    source: {{ driver: simulate, sleeper: leg-hanging, nights: 30, seed: 11 }}
mqtt: {{ host: 127.0.0.1, port: {port} }}
"""


class DurableBroker:
    """A Mosquitto whose sessions outlive it, so that a reader that is away too misses nothing."""

    def __init__(self):
        self.dir = tempfile.TemporaryDirectory(prefix="bedside-broker-")
        os.chmod(self.dir.name, 0o777)
        self.port = free_port()
        self.config = os.path.join(self.dir.name, "mosquitto.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                       f"persistence_location {self.dir.name}/\nmax_queued_messages 0\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen([mosquitto_program(), "-c", self.config],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        hub.wait_for("the broker", lambda: subprocess.run(
            ["mosquitto_pub", "-p", str(self.port), "-t", "x", "-n"], check=False,
            stderr=subprocess.DEVNULL).returncode == 0)

    def kill(self):
        # The reader's session is on disk; what the hub sent afterwards is not the broker's yet.
        self.process.send_signal(signal.SIGUSR1)
        hub.wait_for("the session on disk", lambda: os.path.exists(
            os.path.join(self.dir.name, "mosquitto.db")))
        time.sleep(0.2)
        self.process.kill()
        self.process.wait()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.dir.cleanup()


def read_all(broker, seconds):
    """Everything that waits for the durable reader, and what comes until nothing more does."""
    done = subprocess.run(
        ["mosquitto_sub", "-p", str(broker.port), "-i", "reader", "-c", "-q", "1", "-W", str(seconds),
         "-t", "bedside/test/bed/event", "-t", "bedside/test/bed/backlog", "-F", "%t %p"],
        capture_output=True, text=True, check=False)
    messages = []
    for line in done.stdout.splitlines():
        topic, payload = line.split(" ", 1)
        messages.append((topic.rsplit("/", 1)[1], json.loads(payload)))
    return messages


class Outage(unittest.TestCase):
    def test_nothing_is_lost(self):
        broker = DurableBroker()
        read_all(broker, 1)  # the reader's session exists from here on
        with hub.Daemon(CONFIG.format(port=broker.port), "--speed", "3600") as daemon:
            daemon.start().wait_ready()
            hub.wait_for("events before", lambda: daemon.query("SELECT 1 FROM events"))
            before = read_all(broker, 3)
            told = self.published(daemon)
            broker.kill()
            time.sleep(OUTAGE_S)
            hub.wait_for("events that the broker missed",
                         lambda: self.published(daemon) >= told + MISSED_MIN)
            broker.start()
            hub.wait_for("late events", lambda: daemon.log().count("connected to") >= 2)
            after = read_all(broker, 4)
            status, _ = daemon.stop()
            self.assertEqual(status, 0)
            after += read_all(broker, 3)
            broker.close()
            self.check(daemon, before, after)

    def published(self, daemon):
        """Events in the history that a broker should hear of."""
        return daemon.query("SELECT count(*) FROM events WHERE class != 'detail'")[0][0]

    def check(self, daemon, before, after):
        rows = daemon.query("SELECT run || '.0.' || seq, type, minutes, end_cause FROM events "
                            "WHERE class != 'detail'")
        seen = {message["id"] for _, message in before + after
                if not message["event_type"].endswith("_started")}
        ended = {row[0] for row in rows}
        self.assertGreater(len(ended), 5)
        self.assertEqual(ended - seen, set(), "in the history, never on the broker")
        self.assertEqual(seen - ended, set(), "on the broker, not in the history")
        late = [message for topic, message in after if topic == "backlog"]
        self.assertTrue(late, "the outage was too short to miss anything")
        self.assertTrue(all(message["late"] is True for message in late))
        self.assertFalse(any("late" in message for topic, message in before + after if topic == "event"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
