# SPDX-License-Identifier: MIT
"""What the system tests share: the built programs, a daemon to start, its history to look into."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["BEDSIDE_BUILD"]
BEDSIDED = os.path.join(BUILD, "hub/daemon/bedsided")
BEDSIDE = os.path.join(BUILD, "hub/cli/bedside")
# Sanitizers and a busy machine are slow; a wait ends as soon as its condition holds.
PATIENCE_S = float(os.environ.get("BEDSIDE_PATIENCE_S", "60"))


def wait_for(what, condition):
    """Poll until condition() is true; its value is returned."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE_S} s in vain for {what}")


def bedside(*args, check=True, env=None):
    """Run the command line; returns the finished process with text output."""
    done = subprocess.run([BEDSIDE, *args], capture_output=True, text=True, timeout=600, env=env)
    if check and done.returncode != 0:
        raise AssertionError(f"bedside {' '.join(args)}: {done.returncode}: {done.stderr}")
    return done


def simulate(directory, sleeper="leg-hanging", nights=1, mat="contact", seed=1):
    """A capture of simulated nights; returns its path."""
    bedside("simulate", "--sleeper", sleeper, "--nights", str(nights), "--mat", mat, "--seed",
            str(seed), "-o", directory)
    captures = [n for n in sorted(os.listdir(directory)) if ".cap" in n]
    return os.path.join(directory, captures[0])


class Daemon:
    """A bedsided in a folder of its own, told about READY as systemd would be."""

    def __init__(self, config, *options, wrapper=()):
        self.dir = tempfile.mkdtemp(prefix="bedside-test-")
        self.db = os.path.join(self.dir, "history.db")
        self.config = os.path.join(self.dir, "bedside.yaml")
        self.socket = os.path.join(self.dir, "bedside.sock")
        self.log_path = os.path.join(self.dir, "log")
        self.options = options
        self.wrapper = list(wrapper)
        self.process = None
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(os.path.join(self.dir, "notify"))
        self.notify.setblocking(False)
        self.write_config(config)

    def write_config(self, text):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("@DIR@", self.dir))

    def start(self):
        env = dict(os.environ, NOTIFY_SOCKET=os.path.join(self.dir, "notify"))
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, BEDSIDED, "--config", self.config, *self.options],
                stderr=log, stdout=log, stdin=subprocess.DEVNULL, env=env)
        return self

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def notified(self):
        text = ""
        while True:
            try:
                text += self.notify.recv(4096).decode() + "\n"
            except BlockingIOError:
                return text

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"bedsided ended: {self.process.returncode}\n{self.log()}")
            return "READY=1" in self.notified()
        wait_for("READY=1", ready)
        return self

    def stop(self, sig=signal.SIGTERM):
        """Returns (exit status, seconds it took)."""
        begun = time.monotonic()
        self.process.send_signal(sig)
        status = self.process.wait(timeout=PATIENCE_S)
        return status, time.monotonic() - begun

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.notify.close()
        subprocess.run(["rm", "-rf", self.dir], check=False)

    def query(self, sql, *args):
        """Rows of the history, as any reader sees them; none while there is no history yet."""
        return query(self.db, sql, *args)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if sys.exc_info()[0]:
            sys.stderr.write(self.log())
        self.close()


def query(db, sql, *args):
    if not os.path.exists(db):
        return []
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(sql, args).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise
    finally:
        connection.close()
