# SPDX-License-Identifier: MIT
"""What the wire tests share: cases, what they check with, and their command line. A script of cases
is called SCRIPT --probe PROGRAM [--outage SECONDS] [CASE...], or SCRIPT --list."""

import argparse
import contextlib
import sys
import time

from broker import Broker, Failure, Listener, Probe, mosquitto_program

STATUS = "bedside/test/status"
BED = "bedside/test/bed"
DISCOVERY = "homeassistant/device/bedside_test_bed/config"

CASES = {}
options = argparse.Namespace()


class Skip(Exception):
    """This machine cannot run the case."""


def case(function):
    CASES[function.__name__] = function
    return function


def check(condition, what):
    if not condition:
        raise Failure(what)


def same(got, wanted, what):
    check(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


@contextlib.contextmanager
def running(*probe_options):
    """A broker, a reader and the session, connected."""
    with contextlib.ExitStack() as stack:
        broker = Broker()
        stack.callback(broker.close)
        listener = Listener(broker)
        stack.callback(listener.close)
        probe = Probe(options.probe, broker.port, *probe_options)
        stack.callback(probe.close)
        probe.online()
        yield broker, listener, probe
        if probe.process.poll() is None:
            probe.stop()


def wall_ms():
    return int(time.time() * 1000)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--probe", help="the program tests/system/mqtt_probe")
    parser.add_argument("--outage", type=float, default=2.0, help="seconds without a broker")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("cases", nargs="*")
    parser.parse_args(namespace=options)
    if options.list:
        print("\n".join(sorted(CASES)))
        return 0
    if not mosquitto_program():
        print("mosquitto is not installed")
        return 77
    for name in options.cases or sorted(CASES):
        started = time.monotonic()
        try:
            CASES[name]()
        except Failure as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            return 1
        except Skip as why:
            print(f"{name}: {why}")
            return 77
        print(f"{name}: passed in {time.monotonic() - started:.1f} s")
    return 0
