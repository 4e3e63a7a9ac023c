#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the hub really says: capture.py --probe PROGRAM --out FILE

Runs the session against a real Mosquitto and keeps every message as the wire had it, by scene, for
test_discovery.py to play to Home Assistant. Nothing in the file is written by hand."""

import argparse
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system"))
# pylint: disable=wrong-import-position
from broker import Broker, Listener, Probe, until  # noqa: E402

BED = "bedside/test/bed"
DISCOVERY = "homeassistant/device/bedside_test_bed/config"


def keep(messages):
    return [{"topic": m["topic"], "payload": m["payload"], "qos": m["qos"]} for m in messages]


def full_bed(probe_program, broker):
    """A bed that can tell everything, through an evening, until its hub dies."""
    scenes = {}
    listener = Listener(broker)
    probe = Probe(probe_program, broker.port)
    probe.online()

    def scene(name, lines, last):
        mark = len(listener.messages())
        probe.say(*lines)
        until(lambda: any(last(m) for m in listener.messages()[mark:]), name)
        scenes[name] = keep(listener.messages()[mark:])

    until(lambda: listener.messages(f"{BED}/config"), "the start")
    scenes["start"] = keep(listener.messages())
    scene("in_bed",
          [f"clock {int(time.time() * 1000)}",
           "state occupied=yes restless=unknown legs=no out=no position=lying movement=120 "
           "left=31400 right=30900 room=19250"],
          lambda m: m["topic"] == f"{BED}/sensor/room/status")
    scene("legs_over_edge",
          ["state legs=yes side=left position=legs_over_edge", "event legs_over_edge open 1 side=left"],
          lambda m: m["topic"] == f"{BED}/event")
    scene("every_event",
          [f"event {name} {phase} {i}" for i, (name, phase) in enumerate(
              [("bed_occupied", "open"), ("bed_enter", "instant"), ("bed_exit", "open"),
               ("bed_exit", "close"), ("restless", "close"), ("edge_sit", "open"),
               ("leg_out", "open"), ("position_change", "instant"), ("jolt", "instant"),
               ("walk_break", "instant"), ("toilet_like", "instant"), ("uncover", "close"),
               ("not_returned", "instant"), ("sensor_fault", "open"), ("sensor_fault", "close"),
               ("mark", "instant")], start=10)],
          lambda m: "\"mark\"" in m["payload"])
    scene("numbers", ["night 34 2", "findings circulation_like"],
          lambda m: m["topic"] == f"{BED}/findings")
    scene("said", ["profile age=71 diabetes=no cramp_drug_since=2026-03-01",
                   "diary pain/left=6 urge=yes relief=hang"],
          lambda m: m["topic"] == f"{BED}/diary")
    scene("unsaid", ["profile age=71", "diary -"], lambda m: m["topic"] == f"{BED}/diary")
    scene("fault", ["state fault=mat occupied=unknown legs=unknown restless=unknown out=unknown "
                    "position=unknown side=unknown"],
          lambda m: m["topic"] == f"{BED}/sensor/mat/status")
    scene("healed", ["state fault=none occupied=yes legs=no position=lying"],
          lambda m: m["topic"] == f"{BED}/sensor/mat/status")
    mark = len(listener.messages())
    broker.publish(f"{BED}/set/not_returned_min", "20")
    broker.publish(f"{BED}/set/note", "cold feet")
    until(lambda: listener.messages(f"{BED}/note"), "the note")
    scenes["settings"] = [m for m in keep(listener.messages()[mark:]) if "/set/" not in m["topic"]]
    scenes["retained"] = [{"topic": t, "payload": p, "qos": 1}
                          for t, p in broker.retained().items() if not t.startswith("marker/")]
    mark = len(listener.messages())
    probe.kill()
    until(lambda: len(listener.messages()) > mark, "the last will")
    scenes["last_will"] = keep(listener.messages()[mark:])
    listener.close()
    return scenes


def weaker_bed(probe_program, broker):
    """The same bed with its mat replaced by one occupancy pad, and no thermometers."""
    listener = Listener(broker, "homeassistant/#")
    mark = len(listener.messages())
    probe = Probe(probe_program, broker.port, "--can", "1")
    probe.online()
    until(lambda: len(listener.messages(DISCOVERY)) >= mark + 2, "the removal")
    messages = keep(listener.messages()[mark:])
    probe.stop()
    listener.close()
    return messages


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probe", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    broker = Broker()
    try:
        scenes = full_bed(options.probe, broker)
        scenes["removal"] = weaker_bed(options.probe, broker)
    finally:
        broker.close()
    with open(options.out, "w", encoding="utf-8") as f:
        json.dump(scenes, f, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
