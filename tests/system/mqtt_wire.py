#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the broker session says: a real Mosquitto, the real session in tests/system/mqtt_probe, and
mosquitto_sub as the independent reader. Every case is one ctest."""

import json
import os
import re
import subprocess
import sys
import time

from broker import PATIENCE_S, Probe, until
from wire import BED, DISCOVERY, STATUS, case, check, main, options, running, same, wall_ms


@case
def discovery():
    """Discovery comes first, then the hub is online; all of it retained."""
    with running() as (broker, listener, probe):
        listener.payload(STATUS, "online")
        order = [m["topic"] for m in listener.messages()]
        check(order.index(DISCOVERY) < order.index(STATUS), f"discovery before online: {order}")
        retained = broker.retained()
        same(retained[STATUS], "online", "status")
        config = json.loads(retained[DISCOVERY])
        same(set(config), {"dev", "o", "avty", "avty_mode", "cmps"}, "keys of the root")
        same(config["avty"], [{"t": STATUS}], "availability")
        for key, component in config["cmps"].items():
            domain, _, name = component["default_entity_id"].partition(".")
            same(domain, component["p"], f"domain of {key}")
            check(re.fullmatch(r"[a-z0-9_]+", name), f"entity id of {key}")
            same(component["uniq_id"], f"bedside_test_bed_{key}", "unique id")
        info = json.loads(retained["bedside/test/info"])
        same(info["run"], 7, "run")
        same(json.loads(retained[f"{BED}/config"]), {"not_returned_min": 15}, "settings")


@case
def discovery_of_what_the_bed_can_tell():
    """A bed with a plain occupancy pad has no legs, no sides and no temperatures."""
    with running("--can", "1") as (broker, _, _):
        components = json.loads(broker.retained(DISCOVERY)[DISCOVERY])["cmps"]
        said = {key for key in components if key.startswith(("diary_", "profile_"))}
        same(set(components) - said, {"occ", "position", "event", "inbedmin", "exits", "pattern",
                                      "attention", "fault", "conn", "boot", "away", "mark", "note",
                                      "diary", "undo"},
             "entities of an occupancy pad")
        check(len(said) > 40, f"a person can answer whatever the bed can tell: {said}")
        types = components["event"]["event_types"]
        check("bed_exit_started" in types and "not_returned" in types, f"types: {types}")
        check("legs_over_edge_started" not in types and "restless_started" not in types,
              f"types: {types}")


@case
def removed_entity():
    """What a bed can no longer tell is sent once with its platform alone, then left out."""
    with running() as (broker, listener, probe):
        probe.stop()
        before = len(listener.messages(DISCOVERY))
        weaker = Probe(options.probe, broker.port, "--can", "1")
        try:
            weaker.online()
        finally:
            weaker.stop()
        listener.wait(DISCOVERY, lambda m: "legs" not in json.loads(m["payload"])["cmps"])
        new = [json.loads(m["payload"])["cmps"] for m in listener.messages(DISCOVERY)[before:]]
        same(len(new), 2, "discovery messages after the loss")
        same(new[0]["legs"], {"p": "binary_sensor"}, "removed component")
        same(new[0]["tl"], {"p": "sensor"}, "removed component")
        check("uniq_id" in new[0]["occ"], "the others stay whole")
        check("legs" not in new[1] and "occ" in new[1], "the last message is without it")

        # Nothing changed since: the broker has it, nobody is told again.
        before = len(listener.messages(DISCOVERY))
        again = Probe(options.probe, broker.port, "--can", "1")
        again.online()
        again.stop()
        listener.wait(STATUS, lambda m: len(listener.messages(STATUS)) >= 6)
        same(len(listener.messages(DISCOVERY)), before, "discovery messages without a change")


@case
def several_beds():
    """Each bed is a device of its own, with its own topics and entity ids."""
    with running("--beds", "2") as (broker, listener, probe):
        retained = broker.retained()
        second = json.loads(retained["homeassistant/device/bedside_test_bed1/config"])
        same(second["dev"]["ids"], ["bedside_test_bed1"], "identifier")
        same(second["cmps"]["occ"]["stat_t"], "bedside/test/bed1/occupied", "topic")
        same(second["cmps"]["move"]["default_entity_id"], "sensor.bedside_bed1_movement", "entity id")
        probe.say("event legs_over_edge open 5 bed=1")
        event = listener.wait("bedside/test/bed1/event")
        same(json.loads(event["payload"])["id"], "7.1.5", "event id")


@case
def states():
    """States are retained and sent on change only; unknown is None, not off."""
    with running() as (broker, listener, probe):
        probe.say("state occupied=yes restless=unknown legs=no position=lying side=unknown")
        listener.payload(f"{BED}/occupied", "ON")
        listener.payload(f"{BED}/restless", "None")
        listener.payload(f"{BED}/legs_over_edge", "OFF")
        listener.payload(f"{BED}/position", "lying")
        listener.payload(f"{BED}/leg_side", "None")
        probe.say("state legs=yes side=left", "state movement=130", "state legs=yes")
        listener.payload(f"{BED}/legs_over_edge", "ON")
        listener.payload(f"{BED}/leg_side", "left")
        probe.say("state occupied=no")
        listener.payload(f"{BED}/occupied", "OFF")
        words = {t: [m["payload"] for m in listener.messages(f"{BED}/{t}")]
                 for t in ("occupied", "legs_over_edge", "position")}
        same(words, {"occupied": ["ON", "OFF"], "legs_over_edge": ["OFF", "ON"],
                     "position": ["lying"]}, "messages: changes only")
        retained = broker.retained(f"{BED}/#")
        same(retained[f"{BED}/occupied"], "OFF", "retained state")
        same(retained[f"{BED}/leg_side"], "left", "retained state")


@case
def sensors():
    """A faulty sensor is offline and named; the others stay."""
    with running() as (_, listener, probe):
        probe.say("state occupied=yes left=31400")
        listener.payload(f"{BED}/sensor/left-leg/status", "online")
        listener.payload(f"{BED}/sensor/right_leg__2/status", "online")
        probe.say("state fault=left-leg left=unknown")
        listener.payload(f"{BED}/sensor/left-leg/status", "offline")
        fault = listener.wait(f"{BED}/fault", lambda m: json.loads(m["payload"])["problem"] == "ON")
        sensors_ = json.loads(fault["payload"])["sensors"]
        check("unplugged" in sensors_["left-leg"], f"what is wrong: {sensors_}")
        same(sensors_["mat"], "The sensor works.", "the mat")
        check(not any(m["payload"] == "offline" for m in listener.messages(f"{BED}/sensor/mat/status")),
              "the mat stays online")
        probe.say("state fault=none left=31400")
        until(lambda: listener.messages(f"{BED}/sensor/left-leg/status")[-1]["payload"] == "online",
              "the sensor is back")


@case
def numbers():
    """Numbers go out at once, then at most once a minute, and expire after five."""
    with running() as (_, listener, probe):
        probe.say(f"clock {wall_ms()}", "state movement=120 left=31400 right=30900 room=unknown")
        first = listener.wait(f"{BED}/state")
        values = json.loads(first["payload"])
        at = values.pop("at")
        same(values, {"movement": 12.0, "leg_left_c": 31.4, "leg_right_c": 30.9, "room_c": None,
                      "leg_delta_c": 0.5}, "numbers")
        check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", at), f"time {at}")
        same(first["properties"]["message-expiry-interval"], 300, "expiry")
        for i in range(50):
            probe.say(f"state movement={200 + 10 * i} left={31400 + 300 * i} occupied=yes")
        probe.say("state occupied=no", "sync")
        listener.payload(f"{BED}/occupied", "OFF")
        same(len(listener.messages(f"{BED}/state")), 1, "messages within a minute")


@case
def events():
    """Events have QoS 1, are not retained, and say when, where and how long."""
    with running() as (broker, listener, probe):
        probe.say("event legs_over_edge open 1 side=left")
        unknown = json.loads(listener.wait(f"{BED}/event")["payload"])
        same(unknown["at"], None, "time before the clock is known")
        probe.say(f"clock {wall_ms()}", "event legs_over_edge close 1 side=left",
                  "event bed_enter instant 2", "event restless close 3 value=253",
                  "event position_change instant 4 value=3", "event sensor_fault open 5 value=2 sensor=1",
                  "event leg_movement instant 6 value=10", "event mark instant 7")
        last = listener.wait(f"{BED}/event", lambda m: "mark" in m["payload"])
        same(last["properties"]["message-expiry-interval"], 60, "expiry of news")
        sent = [json.loads(m["payload"]) for m in listener.messages(f"{BED}/event")]
        same([e["event_type"] for e in sent],
             ["legs_over_edge_started", "legs_over_edge_ended", "bed_enter", "restless_ended",
              "position_change", "sensor_fault_started", "mark"], "types, without details")
        same(sent[0]["id"], "7.0.1", "id")
        same(sent[1]["id"], "7.0.1", "an interval keeps its id")
        same(sent[1]["side"], "left", "side")
        same(sent[1]["duration_s"], 2, "duration")
        same(sent[1]["end"], "normal", "why it ended")
        check("side" not in sent[2], "no side where none is known")
        same((sent[3]["value"], sent[3]["unit"]), (25.3, "%"), "share of time moving")
        same(sent[4]["value"], "left", "position")
        same((sent[5]["value"], sent[5]["sensor"]), ("gone", "left-leg"), "fault")
        same(sent[2]["confidence"], 0.8, "confidence")
        check(0 <= sent[2]["age_s"] <= 3, "age")
        for message in listener.messages(f"{BED}/event"):
            same((message["qos"], message["retain"]), (1, 0), "QoS and retain flag")
        check(f"{BED}/event" not in broker.retained(), "no event is retained")
        probe.wait("acked 7 0 7")
        same(sum(line.startswith("acked") for line in probe.lines()), 7, "acknowledgements")


@case
def simulated():
    """Simulated input says so: in the device, in the numbers and in events."""
    with running("--simulated") as (broker, listener, probe):
        device = json.loads(broker.retained(DISCOVERY)[DISCOVERY])["dev"]
        check("simulated" in device["name"] and "simulated" in device["mdl"], f"device {device}")
        probe.say("state movement=1", "event mark instant 1", "night 3 4", "findings none")
        for topic in ("state", "event", "night", "findings"):
            same(json.loads(listener.wait(f"{BED}/{topic}")["payload"])["simulated"], True, topic)


@case
def night_and_findings():
    """The night's counts and the pattern, described without the name of a disease."""
    with running() as (broker, listener, probe):
        probe.say("night 34 2", "findings circulation_like")
        night = json.loads(listener.wait(f"{BED}/night")["payload"])
        same((night["night"], night["restless_min"], night["exits"], night["leg_movements"]),
             ("2026-11-22", 34, 2, None), "night")
        message = listener.wait(f"{BED}/findings")
        finding = json.loads(message["payload"])
        same((finding["pattern"], finding["attention"]), ("circulation_like", "OFF"), "pattern")
        same(finding["findings"][0]["evidence"], ["hung on 6 of 9 nights"], "evidence that counted")
        check("not a diagnosis" in finding["note"], "what it is not")
        check("artery" not in message["payload"], "no disease in a topic")
        check(f"{BED}/night" in broker.retained(), "retained")


@case
def commands():
    """Commands are checked, clamped, answered, and never taken from the broker's memory."""
    with running() as (broker, listener, probe):
        def send(key, payload, *more):
            broker.publish(f"{BED}/set/{key}", payload, *more)

        def answers():
            return [json.loads(m["payload"]) for m in listener.messages(f"{BED}/result")]

        send("mark", "PRESS")
        probe.wait("command 0 0 0 []")
        send("note", "left leg cold\tafter the walk")
        probe.wait("command 1 0 0 [left leg cold after the walk]")
        listener.payload(f"{BED}/note", "left leg cold after the walk")
        send("not_returned_min", "20.0")
        probe.wait("command 2 0 20 []")
        send("not_returned_min", "9999")
        probe.wait("command 2 0 1440 []")
        until(lambda: len(answers()) == 4, "four answers")
        check(all(a["ok"] for a in answers()), f"answers {answers()}")
        same(json.loads(broker.retained(f"{BED}/config")[f"{BED}/config"]),
             {"not_returned_min": 1440}, "settings after the command")

        for key, payload in (("not_returned_min", "soon"), ("not_returned_min", "nan"),
                             ("not_returned_min", ""), ("note", "  "), ("self_destruct", "1")):
            send(key, payload)
        until(lambda: len(answers()) == 9, "nine answers")
        check(not any(a["ok"] for a in answers()[4:]), f"answers {answers()[4:]}")
        same(answers()[8], {"command": "self_destruct", "ok": False, "error": "no such command"},
             "answer to nonsense")
        send("note", "ä" * 200)
        probe.wait("command 1 0 0 [" + "ä" * 127 + "]")

        send("mark", "PRESS", "-r")
        send("note", "the last one")
        probe.wait("command 1 0 0 [the last one]")
        probe.stop()
        before = sum(line.startswith("command") for line in probe.lines())
        same(before, 7, "commands taken (a live one with the retain flag counts as live)")
        again = Probe(options.probe, broker.port)
        again.online()
        again.say("event mark instant 1")
        again.wait("acked 7 0 1")
        again.stop()
        check(not any(line.startswith("command") for line in again.lines()),
              "a retained command is not taken at the next start")


@case
def profile_and_diary():
    """Answers and entries are checked by the tables, passed on, and shown once the hub has them."""
    with running() as (broker, listener, probe):
        def send(key, payload):
            broker.publish(f"{BED}/set/{key}", payload)

        def answers():
            return [json.loads(m["payload"]) for m in listener.messages(f"{BED}/result")]

        good = [("diary_pain_left", "6", "said diary pain [6] left []"),
                ("diary_pain_right", "2.0", "said diary pain [2.0] right []"),
                ("diary_urge", "PRESS", "said diary urge [yes] unknown []"),
                ("diary_cramp_right", "PRESS", "said diary cramp [yes] right []"),
                ("diary_dark_urine", "PRESS", "said diary dark_urine [yes] unknown []"),
                ("diary_relief", "hang", "said diary relief [hang] unknown []"),
                ("diary_relief", "unknown", "said diary relief [unknown] unknown []"),
                ("diary_pain", '{"value":"6","side":"both","site":"calf"}',
                 "said diary pain [6] both [calf]"),
                ("diary_numb", '{"value":"yes","side":"left"}', "said diary numb [yes] left []"),
                ("profile_diabetes", "no", "said profile diabetes [no]"),
                ("profile_statin", "unknown", "said profile statin [unknown]"),
                ("profile_age", "71", "said profile age [71]"),
                ("profile_cramp_drug_since", "2026-03-01", "said profile cramp_drug_since [2026-03-01]"),
                ("profile_cramp_drug_since", "", "said profile cramp_drug_since []"),
                ("undo", "PRESS", "unsaid []")]
        for key, payload, told in good:
            send(key, payload)
            probe.wait(told)
        until(lambda: len(answers()) == len(good), "an answer each")
        check(all(a["ok"] for a in answers()), f"answers {answers()}")

        bad = [("diary_pain_left", "60"), ("diary_pain_left", "much"), ("diary_pain_left", ""),
               ("diary_pain_up", "6"), ("diary_pian", "6"), ("diary_", "6"), ("diary_fluids_left", "low"),
               ("diary_relief", "hung"), ("diary_urge", "perhaps"), ("diary_pain", "{"),
               ("diary_pain", '{"value":6}'), ("diary_pain", '{"value":"6","side":"up"}'),
               ("diary_pain", '{"value":"6","site":"nose"}'), ("diary_pain", '{"value":"6","how":"x"}'),
               ("diary_urge", '{"value":"yes","side":"left"}'), ("profile_age", "1200"),
               ("profile_diabetes", "PRES"), ("profile_diabtes", "no"), ("profile_", "no"),
               ("profile_cramp_drug_since", "2026-02-30"), ("Diary_pain", "6")]
        for _ in range(2):
            for key, payload in bad:
                send(key, payload)
            time.sleep(0.2)  # the session answers sixteen commands a turn
        until(lambda: [a["ok"] for a in answers()].count(False) >= len(bad), "refusals")
        check(all(a["error"] for a in answers()[len(good):]), f"answers {answers()[len(good):]}")
        probe.stop()
        same(sum(line.startswith(("said", "unsaid")) for line in probe.lines()), len(good),
             "what was passed on")
        log = [line for line in probe.lines() if "is refused" in line]
        same(len(log), len(set(log)), f"a refusal is logged once: {log}")
        check(10 <= len(log) <= len(bad), f"each kind of refusal is logged: {log}")
        check(not any("much" in line or "1200" in line for line in log), "what was written is private")


@case
def profile_and_diary_are_shown():
    """What the hub has is retained; what nobody said is null, and a new night begins empty."""
    with running() as (broker, listener, probe):
        probe.say("diary pain/left=6 pain/right=2.5 cramp/both=yes urge=yes relief=hang relief=walk",
                  "profile age=71 diabetes=no statin=unknown cramp_drug_since=2026-03-01")
        until(lambda: f"{BED}/profile" in broker.retained(), "the profile")
        shown = json.loads(broker.retained()[f"{BED}/diary"])
        same({key: value for key, value in shown.items() if value is not None},
             {"night": "2026-11-22", "entries": 6, "pain": 2.5, "pain_left": 6, "pain_right": 2.5,
              "cramp": "yes", "cramp_left": "yes", "cramp_right": "yes", "urge": "yes",
              "relief": "walk"}, "the diary")
        shown = json.loads(broker.retained()[f"{BED}/profile"])
        same({key: value for key, value in shown.items() if value is not None},
             {"age": 71, "diabetes": "no", "cramp_drug_since": "2026-03-01"}, "the profile")
        check("statin" in shown and "spine" in shown, "what is not known is said to be so")
        probe.say("diary -")
        until(lambda: json.loads(broker.retained()[f"{BED}/diary"])["entries"] == 0, "a new night")
        check(json.loads(broker.retained()[f"{BED}/diary"])["urge"] is None, "an empty diary")


@case
def home_assistant_birth():
    """Home Assistant's birth message is answered, after a moment, with everything there is."""
    with running() as (broker, listener, probe):
        probe.say("state occupied=yes", "event bed_enter instant 1")
        listener.payload(f"{BED}/occupied", "ON")
        listener.wait(f"{BED}/event")
        mark = len(listener.messages())
        started = time.monotonic()
        broker.publish("homeassistant/status", "online")
        until(lambda: any(m["topic"] == f"{BED}/occupied" for m in listener.messages()[mark:]),
              "the state again")
        took = time.monotonic() - started
        check(0.9 < took < 8, f"answered after {took:.1f} s")
        topics = [m["topic"] for m in listener.messages()[mark:]]
        check(topics.index(DISCOVERY) < topics.index(STATUS) < topics.index(f"{BED}/occupied"),
              f"order {topics}")
        check(f"{BED}/event" not in topics, "no event is repeated")


@case
def dashboard():
    """Every entity that the Home Assistant dashboard names is one that a full bed has."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    with open(os.path.join(top, "dashboards/home-assistant/bedside.yaml"), encoding="utf-8") as f:
        named = set(re.findall(r"\b(?:binary_sensor|sensor|event|button|number|text)\.\w+", f.read()))
    with running() as (broker, _, _):
        components = json.loads(broker.retained(DISCOVERY)[DISCOVERY])["cmps"]
        made = {c["default_entity_id"] for c in components.values()}
    check(len(named) > 20, f"entities in the dashboard: {named}")
    same(named - made, set(), "entities that no bed has")


@case
def forget():
    """Everything retained is cleared, also of a bed that is not configured any more."""
    with running("--beds", "2") as (broker, listener, probe):
        probe.say("state occupied=yes", "night 1 1", "findings none")
        listener.wait(f"{BED}/findings")
        listener.wait(f"{BED}/night")
        probe.stop()
        check(len(broker.retained("bedside/#")) > 10, "retained before")
        subprocess.run([options.probe, "--port", str(broker.port), "--forget"], check=True,
                       timeout=PATIENCE_S)
        same(broker.retained("bedside/#"), {}, "topics left")
        same(broker.retained("homeassistant/#"), {}, "discovery left")
        broker.kill()
        answer = subprocess.run([options.probe, "--port", str(broker.port), "--forget"],
                                stdout=subprocess.PIPE, text=True, check=False, timeout=20)
        same(answer.returncode, 1, "exit status without a broker")
        check("is it running" in answer.stdout, f"the remedy: {answer.stdout}")


if __name__ == "__main__":
    sys.exit(main())
