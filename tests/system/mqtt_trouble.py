#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the broker session does when something is wrong: brokers that die, refuse, freeze or never
answer, name servers that hang. Every case is one ctest."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from broker import (PATIENCE_S, Broker, Failure, Gate, Listener, Probe, free_port, protocol_level,
                    until)
from wire import BED, DISCOVERY, STATUS, Skip, case, check, main, options, running, same, wall_ms


@case
def last_will():
    """A hub that dies is offline at once; one that stops says so itself."""
    with running() as (broker, listener, probe):
        probe.kill()
        will = listener.payload(STATUS, "offline")
        same(broker.retained(STATUS)[STATUS], "offline", "retained last will")
        same(will["qos"], 1, "QoS of the will")
        again = Probe(options.probe, broker.port)
        again.online()
        until(lambda: broker.retained(STATUS)[STATUS] == "online", "online after the will")
        again.stop()
        same(broker.retained(STATUS)[STATUS], "offline", "offline after a clean stop")


@case
def stop_delivers():
    """What is in the ring when the hub stops is delivered before "offline"."""
    with running() as (_, listener, probe):
        probe.say(*[f"event bed_enter instant {i}" for i in range(1, 61)])
        result, took_ms = probe.stop()
        same(result, 0, "result of the stop")
        check(took_ms < 2000, f"stopped in {took_ms} ms")
        listener.payload(STATUS, "offline")
        order = listener.messages()
        last = max(i for i, m in enumerate(order) if m["topic"] == f"{BED}/event")
        off = max(i for i, m in enumerate(order) if m["topic"] == STATUS)
        check(last < off, "events before offline")
        same(len(listener.messages(f"{BED}/event")), 60, "events")


@case
def no_broker():
    """Without a broker it starts, keeps trying, and finds the broker when it comes."""
    port = free_port()
    probe = Probe(options.probe, port)
    try:
        probe.wait("started")
        probe.say("state occupied=yes", "event bed_enter instant 1", "event bed_enter instant 2")
        check(" connected=0 " in probe.stats(), "not connected")
        time.sleep(1)
        broker = Broker(port=port)
        try:
            came = time.monotonic()
            listener = Listener(broker)
            listener.payload(STATUS, "online")
            check(time.monotonic() - came < 5, "connected within 5 s of the broker's start")
            listener.payload(f"{BED}/occupied", "ON")
            listener.wait(f"{BED}/backlog", lambda m: json.loads(m["payload"])["id"] == "7.0.2")
            same(probe.stop()[0], 0, "stop")
            listener.close()
        finally:
            broker.close()
    finally:
        probe.close()


@case
def outage():
    """A broker that dies and returns: every event arrives, those of the outage late, in order."""
    with running() as (broker, listener, probe):
        probe.say(f"clock {wall_ms()}", *[f"event bed_enter instant {i}" for i in range(1, 11)])
        probe.wait("acked 7 0 10")
        listener.close()
        broker.kill()
        seq = 11
        ends = time.monotonic() + options.outage
        while time.monotonic() < ends:
            probe.say(f"event bed_enter instant {seq}")
            seq += 1
            time.sleep(options.outage / 100)
        broker.start()
        back = time.monotonic()
        probe.online()
        check(time.monotonic() - back < 5, "connected within 5 s")
        # The reader comes after the hub here: the broker has forgotten everything, so what the hub
        # delivered before is only proven by its acknowledgements.
        live = seq
        probe.say(f"event bed_exit open {live}")
        probe.wait(f"acked 7 0 {live}")
        for row in range(10, live - 1):
            probe.wait(f"late_acked {row}")
        acked = [line for line in probe.lines() if line.startswith("late_acked")]
        same(acked, [f"late_acked {row}" for row in range(10, live - 1)], "late ones, oldest first")
        check(" reconnects=1 " in probe.stats(), "one reconnect is counted")


@case
def outage_on_the_wire():
    """The same, read by a client that is there before the hub is back."""
    with running() as (broker, listener, probe):
        listener.close()
        broker.kill()
        probe.say(f"clock {wall_ms()}", *[f"event bed_enter instant {i}" for i in range(1, 101)])
        broker.start()
        late = Listener(broker)
        try:
            until(lambda: len(late.messages(f"{BED}/backlog")) >= 100, "a hundred late events")
            sent = [json.loads(m["payload"]) for m in late.messages(f"{BED}/backlog")]
            same([e["id"] for e in sent], [f"7.0.{i}" for i in range(1, 101)], "all, in order")
            check(all(e["late"] is True and e["age_s"] >= 0 for e in sent), "marked late, with age")
            same(late.messages(f"{BED}/event"), [], "none of them looks live")
            check(all(m["retain"] == 0 and m["qos"] == 1 for m in late.messages(f"{BED}/backlog")),
                  "QoS 1, not retained")
            same(broker.retained(DISCOVERY).keys(), {DISCOVERY}, "discovery is back")
            probe.say("event bed_exit open 200")
            live = late.wait(f"{BED}/event")
            same(json.loads(live["payload"])["event_type"], "bed_exit_started", "live again")
        finally:
            late.close()


@case
def unacknowledged():
    """What the broker had not acknowledged when it died is sent again, late."""
    with running() as (broker, listener, probe):
        listener.close()
        broker.pause()
        probe.say(*[f"event bed_enter instant {i}" for i in range(1, 41)])
        check(" acked=0 " in probe.stats(), "nothing acknowledged")
        broker.kill()
        broker.start()
        until(lambda: sum(line.startswith("late_acked") for line in probe.lines()) == 40,
              "all forty are delivered late")


def refuse_version_5(answer):
    return lambda connect: answer if protocol_level(connect) == 5 else None


def speaks_3_1_1(answer):
    with contextlib.ExitStack() as stack:
        broker = Broker()
        stack.callback(broker.close)
        gate = Gate(broker, refuse_version_5(answer))
        stack.callback(gate.close)
        listener = Listener(broker)
        stack.callback(listener.close)
        probe = Probe(options.probe, gate.port)
        stack.callback(probe.close)
        probe.online()
        listener.payload(STATUS, "online")
        probe.say("state occupied=yes movement=3", "event bed_enter instant 1")
        listener.payload(f"{BED}/occupied", "ON")
        listener.wait(f"{BED}/event")
        check(DISCOVERY in broker.retained(), "discovery over MQTT 3.1.1")
        same(probe.stop()[0], 0, "stop")
        listener.payload(STATUS, "offline")


@case
def version_refused_in_3_1_1():
    """A broker before MQTT 5 refuses in its own format."""
    speaks_3_1_1(b"\x20\x02\x00\x01")


@case
def version_refused_in_5():
    """A broker with MQTT 5 switched off answers "unsupported protocol version"."""
    speaks_3_1_1(b"\x20\x03\x00\x84\x00")


@case
def version_dropped():
    """A broker that just closes the connection on a version it does not know."""
    speaks_3_1_1(b"")


@case
def wrong_password():
    """A refusal is shown, and does not end the session: it works once the broker lets it in."""
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        passwords = os.path.join(directory, "passwords")
        subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, "hub", "right"], check=True)
        os.chmod(passwords, 0o644)
        os.chmod(directory, 0o755)
        broker = Broker(f"allow_anonymous false\npassword_file {passwords}\n")
        stack.callback(broker.close)
        probe = Probe(options.probe, broker.port, "--user", "hub", "--password", "wrong")
        stack.callback(probe.close)
        until(lambda: "authori" in probe.stats(), "the refusal is shown")
        check(" connected=0 " in probe.stats(), "not connected")
        same(probe.stop()[0], 0, "stop while refused")
        probe = Probe(options.probe, broker.port, "--user", "hub", "--password", "right")
        stack.callback(probe.close)
        probe.online()


def make_certificates(directory):
    """A certificate authority, and a certificate of it for localhost. Returns the three files."""
    def openssl(*args):
        subprocess.run(["openssl", *args], check=True, cwd=directory, stderr=subprocess.DEVNULL)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test CA",
            "-keyout", "ca.key", "-out", "ca.crt")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
            "broker.key", "-out", "broker.csr")
    with open(os.path.join(directory, "names"), "w", encoding="ascii") as f:
        f.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "broker.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "broker.crt")
    for name in os.listdir(directory):
        os.chmod(os.path.join(directory, name), 0o644)
    os.chmod(directory, 0o755)
    return [os.path.join(directory, name) for name in ("ca.crt", "broker.crt", "broker.key")]


@case
def tls():
    """Encrypted, with the broker's name compared; a certificate of somebody else is refused."""
    with contextlib.ExitStack() as stack:
        if not shutil.which("openssl"):
            raise Skip("openssl is not installed")
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        other = stack.enter_context(tempfile.TemporaryDirectory())
        ca, certificate, key = make_certificates(directory)
        port = free_port()
        broker = Broker("allow_anonymous true\n"
                        f"listener {port} localhost\ncertfile {certificate}\nkeyfile {key}\n")
        stack.callback(broker.close)
        listener = Listener(broker)
        stack.callback(listener.close)
        probe = Probe(options.probe, port, "--host", "localhost", "--ca", ca)
        stack.callback(probe.close)
        probe.online()
        probe.say(*[f"event bed_enter instant {i}" for i in range(1, 101)])
        probe.wait("acked 7 0 100")
        until(lambda: len(listener.messages(f"{BED}/event")) == 100, "a hundred events")
        same(probe.stop()[0], 0, "stop")
        listener.payload(STATUS, "offline")

        for wrong in (("--host", "localhost", "--ca", make_certificates(other)[0]),
                      ("--host", "127.0.0.1", "--ca", ca)):
            probe = Probe(options.probe, port, *wrong)
            stack.callback(probe.close)
            until(lambda: not probe.stats().endswith("error=[]"), "the refusal is shown")
            check(" connected=0 " in probe.stats(), "not connected")
            same(probe.stop()[0], 0, "stop")
        probe = Probe(options.probe, port, "--ca", "/nonexistent/ca.crt")
        stack.callback(probe.close)
        line = probe.wait("error ")
        check("/nonexistent/ca.crt" in line and "mqtt.ca_file" in line, f"refused at once: {line}")


@case
def two_hubs_with_one_id():
    """They throw each other out, but not many times a second, and say what to do."""
    with running() as (broker, _, probe):
        twin = Probe(options.probe, broker.port)
        try:
            until(lambda: "hub.id" in probe.stats() or "hub.id" in twin.stats(), "the remedy")
            time.sleep(2)
            reconnects = sum(int(re.search(r"reconnects=(\d+)", p.stats())[1]) for p in (probe, twin))
            check(reconnects <= 12, f"{reconnects} reconnects in some seconds")
            same(twin.stop()[0], 0, "stop")
            probe.online(70)
        finally:
            twin.close()


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@case
def no_busy_loop():
    """A closed port, and one that closes each connection, with and without TLS, cost no processor."""
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        ca = make_certificates(directory)[0]
        closes = Gate(None, lambda connect: b"")
        stack.callback(closes.close)
        for port in (free_port(), closes.port):
            for tls_options in ((), ("--ca", ca)):
                probe = Probe(options.probe, port, *tls_options)
                stack.callback(probe.close)
                probe.wait("started")
                before = processor_seconds(probe.process)
                time.sleep(1)
                used = processor_seconds(probe.process) - before
                check(used < 0.2, f"{used} s of a second, TLS {bool(tls_options)}")
                check(not probe.stats().endswith("error=[]"), "the trouble is shown")
                same(probe.stop()[0], 0, "stop")


@case
def stop_with_silent_broker():
    """A broker that accepts and never answers does not hold up the stop."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as server:
        probe = Probe(options.probe, server.getsockname()[1])
        try:
            server.accept()
            probe.say("event bed_enter instant 1")
            result, took_ms = probe.stop(2000)
            same(result, 0, "result")
            check(took_ms < 1000, f"stopped in {took_ms} ms")
        finally:
            probe.close()


@case
def stop_with_dropped_packets():
    """A host that drops packets (a full queue does the same) does not hold up the stop."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        time.sleep(0.1)
        probe = Probe(options.probe, server.getsockname()[1])
        stack.callback(probe.close)
        probe.wait("started")
        time.sleep(0.2)
        result, took_ms = probe.stop(2000)
        same(result, 0, "result")
        check(took_ms < 1000, f"stopped in {took_ms} ms")


@case
def stop_with_paused_broker():
    """A connected broker that freezes: the stop waits for its answer, but not longer than told."""
    with running() as (broker, _, probe):
        broker.pause()
        probe.say("event bed_enter instant 1")
        result, took_ms = probe.stop(1000)
        same(result, 0, "result")
        check(800 <= took_ms <= 1500, f"stopped in {took_ms} ms")


# In a network of its own: a name server on loopback that never answers.
RESOLVER = """
import fcntl, socket, struct, subprocess, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(server, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
server.bind(("127.0.0.1", 53))
with open(sys.argv[1], "w") as f:
    f.write("nameserver 127.0.0.1\\noptions timeout:30 attempts:2\\n")
subprocess.run(["mount", "--bind", sys.argv[1], "/etc/resolv.conf"], check=True)
probe = subprocess.Popen(sys.argv[2:] + ["--host", "broker.example.org"], stdin=subprocess.PIPE,
                         text=True)
server.settimeout(10)
server.recv(512)
probe.stdin.write("stop 1000\\n")
probe.stdin.flush()
sys.exit(probe.wait(10))
"""


@case
def stop_with_hanging_resolver():
    """A name server that never answers: the stop returns in time and leaves the thread behind."""
    # In a chroot root may make these, but no user namespace.
    alone = ["unshare", "--mount", "--net"] + (["--map-root-user"] if os.geteuid() else [])
    if subprocess.run([*alone, "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("no namespaces here")
    if not os.path.exists("/etc/resolv.conf"):
        raise Skip("no /etc/resolv.conf to put another over")
    with tempfile.NamedTemporaryFile() as resolv:
        started = time.monotonic()
        out = subprocess.run(
            [*alone, sys.executable, "-c", RESOLVER, resolv.name, options.probe, "--port", "1883"],
            stdout=subprocess.PIPE, text=True, check=False, timeout=PATIENCE_S)
        took = time.monotonic() - started
    same(out.returncode, 0, "exit status")
    stopped = next((l for l in out.stdout.splitlines() if l.startswith("stopped")), "").split()
    same(stopped[1:2], ["-110"], f"result, of {out.stdout!r}")
    check(900 <= int(stopped[3]) <= 1600, f"stopped in {stopped[3]} ms")
    check(took < 5, f"the process ended {took:.1f} s after its start")


@case
def idle():
    """A connected session without events sleeps."""
    with running() as (_, _, probe):
        def switches():
            tasks = f"/proc/{probe.process.pid}/task"
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/status", encoding="ascii") as f:
                    status = f.read()
                if "Name:\tbedside-mqtt\n" in status:
                    return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])
            raise Failure("no thread bedside-mqtt")

        before = switches()
        time.sleep(6)
        check(switches() - before <= 2, f"{switches() - before} wake-ups in 6 s")


if __name__ == "__main__":
    sys.exit(main())
