# SPDX-License-Identifier: MIT
"""A real Mosquitto on a free loopback port, an independent client that reads the wire, and a program
under test that is driven by lines. Used by the system tests and by tests/home-assistant."""

import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

# Longest wait for something that takes milliseconds when it works; generous, since nothing sleeps
# it out.
PATIENCE_S = 15.0


class Failure(AssertionError):
    """Something a user would have seen is not as it should be."""


def mosquitto_program():
    # Debian puts the broker where only root's PATH looks.
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(condition, what, patience_s=PATIENCE_S):
    """Wait for condition() to be true; return its value."""
    deadline = time.monotonic() + patience_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"not within {patience_s:g} s: {what}")
        time.sleep(0.01)


class Lines:
    """The lines of a program's output, as they come."""

    def __init__(self, stream):
        self.all = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        for line in stream:
            with self._lock:
                self.all.append(line.rstrip("\n"))

    def snapshot(self):
        with self._lock:
            return list(self.all)


class Broker:
    """A Mosquitto that can be killed and come back on the same port."""

    def __init__(self, settings="allow_anonymous true\n", port=None):
        self.port = port or free_port()
        self._dir = tempfile.mkdtemp(prefix="bedside-broker-")
        self._config = os.path.join(self._dir, "mosquitto.conf")
        with open(self._config, "w", encoding="utf-8") as f:
            f.write(f"listener {self.port} 127.0.0.1\npersistence false\nset_tcp_nodelay true\n")
            f.write(settings)
        self._process = None
        self.start()

    def start(self):
        with open(os.path.join(self._dir, "log"), "ab") as log:
            self._process = subprocess.Popen(
                [mosquitto_program(), "-c", self._config], stdout=log, stderr=log)

        def listening():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0

        until(listening, "the broker listens")

    def kill(self):
        self._process.kill()
        self._process.wait()

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def close(self):
        if self._process.poll() is None:
            self.resume()
            self.kill()
        shutil.rmtree(self._dir, ignore_errors=True)

    def publish(self, topic, payload, *options):
        subprocess.run(
            ["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic, "-m", payload, *options],
            check=True, timeout=PATIENCE_S)

    def retained(self, pattern="#"):
        """Every retained message that matches, as {topic: payload}."""
        out = subprocess.run(
            ["mosquitto_sub", "-p", str(self.port), "-V", "mqttv5", "--retained-only", "-W", "1",
             "-t", pattern, "-F", "%j"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=PATIENCE_S).stdout
        messages = [json.loads(line) for line in out.decode().splitlines()]
        return {m["topic"]: m["payload"] for m in messages}


class Gate:
    """In front of a broker: a port where a function looks at each client's CONNECT packet and answers
    with bytes (sent, then closed), or None (passed on to the broker, both ways)."""

    def __init__(self, broker, look):
        self._broker, self._look = broker, look
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        connect = client.recv(4096)
        answer = self._look(connect)
        if answer is not None:
            client.sendall(answer)
            client.close()
            return
        server = socket.create_connection(("127.0.0.1", self._broker.port))
        server.sendall(connect)
        threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
        self._pump(client, server)

    @staticmethod
    def _pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def close(self):
        self._server.close()


def protocol_level(connect):
    """The MQTT version of a CONNECT packet: 4 is 3.1.1, 5 is 5."""
    at = connect.index(b"\x00\x04MQTT")
    return connect[at + 6]


class Listener:
    """An independent client: everything the broker sends, with QoS, retain flag and properties."""

    def __init__(self, broker, *patterns):
        args = ["mosquitto_sub", "-p", str(broker.port), "-V", "mqttv5", "-q", "1", "-F", "%j"]
        for pattern in patterns or ("#",):
            args += ["-t", pattern]
        # It has subscribed when this retained message, which it alone waits for, arrives.
        marker = f"marker/{id(self)}"
        broker.publish(marker, "here", "-r")
        self._process = subprocess.Popen(args + ["-t", marker], stdout=subprocess.PIPE, text=True)
        self._lines = Lines(self._process.stdout)
        self._marker = marker
        until(lambda: any(marker in line for line in self._lines.snapshot()), "the listener is ready")

    def messages(self, topic=None):
        found = [json.loads(line) for line in self._lines.snapshot()]
        return [m for m in found
                if m["topic"] != self._marker and (topic is None or m["topic"] == topic)]

    def wait(self, topic, condition=lambda m: True, what=None, patience_s=PATIENCE_S):
        """The first message on a topic for which the condition holds."""
        def find():
            return next((m for m in self.messages(topic) if condition(m)), None)
        return until(find, what or f"a message on {topic}", patience_s)

    def payload(self, topic, value):
        return self.wait(topic, lambda m: m["payload"] == value, f"{value!r} on {topic}")

    def close(self):
        self._process.kill()
        self._process.wait()


class Probe:
    """tests/system/mqtt_probe, driven by lines."""

    def __init__(self, program, port, *options):
        self.process = subprocess.Popen(
            [program, "--port", str(port), *options], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        self._lines = Lines(self.process.stdout)

    def lines(self):
        return self._lines.snapshot()

    def say(self, *lines):
        for line in lines:
            self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait(self, start, what=None, patience_s=PATIENCE_S, count=1):
        """The count-th line that begins so."""
        def find():
            found = [line for line in self.lines() if line.startswith(start)]
            return found[count - 1] if len(found) >= count else None
        return until(find, what or f"the program says {start!r}", patience_s)

    def stats(self):
        """What `status` shows, as a line."""
        before = sum(line.startswith("stats ") for line in self.lines())
        self.say("stats")
        return self.wait("stats ", count=before + 1)

    def online(self, patience_s=PATIENCE_S):
        until(lambda: " connected=1 " in self.stats(), "the session is connected", patience_s)

    def stop(self, patience_ms=2000):
        """Ends it cleanly; returns (result, milliseconds it took)."""
        self.say(f"stop {patience_ms}")
        words = self.wait("stopped ").split()
        # Sanitizers speak at the end.
        if self.process.wait(PATIENCE_S) != 0:
            raise Failure(f"the program ended with {self.process.returncode}")
        return int(words[1]), int(words[3])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            self.kill()
