# SPDX-License-Identifier: MIT
"""Home Assistant's own MQTT integration, fed with what the hub really said (capture.py)."""

import json

import pytest
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import (async_fire_mqtt_message,
                                                          async_fire_time_changed)

BED = "bedside/test/bed"

# What a person with a full bed sees. Written down here, not taken from the hub.
ENTITIES = {
    "binary_sensor.bedside": None,
    "binary_sensor.bedside_legs_over_edge": None,
    "binary_sensor.bedside_one_leg_out": None,
    "binary_sensor.bedside_restless": None,
    "binary_sensor.bedside_needs_attention": None,
    "binary_sensor.bedside_sensor_fault": "diagnostic",
    "binary_sensor.bedside_calibration": "diagnostic",
    "binary_sensor.bedside_connection": "diagnostic",
    "sensor.bedside_leg_side": None,
    "sensor.bedside_position": None,
    "sensor.bedside_movement": None,
    "sensor.bedside_left_leg_temperature": None,
    "sensor.bedside_right_leg_temperature": None,
    "sensor.bedside_room_temperature": None,
    "sensor.bedside_leg_temperature_difference": None,
    "sensor.bedside_time_in_bed": None,
    "sensor.bedside_bed_exits": None,
    "sensor.bedside_restless_time": None,
    "sensor.bedside_position_changes": None,
    "sensor.bedside_legs_over_edge_time": None,
    "sensor.bedside_legs_over_edge_count": None,
    "sensor.bedside_leg_movements": None,
    "sensor.bedside_pattern": None,
    "sensor.bedside_started": "diagnostic",
    "event.bedside_activity": None,
    "number.bedside_not_returned_after": "config",
    "button.bedside_mark_moment": None,
    "text.bedside_note": None,
    "sensor.bedside_diary": None,
    "button.bedside_diary_undo": None,
    "number.bedside_diary_pain_left": None,
    "number.bedside_diary_pain_right": None,
    "number.bedside_diary_standing": None,
    "select.bedside_diary_relief": None,
    "select.bedside_diary_fluids": None,
    "select.bedside_diary_exercise": None,
    "number.bedside_profile_age": "config",
    "select.bedside_profile_hemisphere": "config",
    "text.bedside_profile_cramp_drug_since": "config",
    "text.bedside_profile_restless_drug_since": "config",
    **{f"button.bedside_diary_{key}": None for key in (
        "urge", "cramp_left", "cramp_right", "numb", "burning", "alcohol", "toilet", "sudden_left",
        "sudden_right", "swelling_left", "swelling_right", "sore", "weakness", "saddle", "dark_urine")},
    **{f"select.bedside_profile_{key}": "config" for key in (
        "lives_alone", "vascular", "veins", "stockings", "arteries_checked", "diabetes", "chemotherapy",
        "spine", "sleep_apnea", "nocturia", "heart_failure", "kidney_disease", "dialysis",
        "iron_deficiency", "pregnancy", "rls_family", "alcohol", "malabsorption", "parathyroid",
        "heavy_sweating", "diuretic_thiazide", "diuretic_loop", "diuretic_sparing", "ace_inhibitor",
        "statin", "long_beta_agonist", "restless_drug")},
}
SAID = {e for e in ENTITIES if "bedside_diary" in e or "bedside_profile" in e}
DISABLED = {"sensor.bedside_started"}
CONNECTION = "binary_sensor.bedside_connection"


def value(hass, entity_id):
    state = hass.states.get(entity_id)
    assert state is not None, f"{entity_id} does not exist"
    return state.state


async def test_one_device_with_the_expected_entities(hass, play):
    await play("start")
    devices = list(dr.async_get(hass).devices.values())
    assert len(devices) == 1
    device = devices[0]
    assert device.identifiers == {("mqtt", "bedside_test_bed")}
    assert device.name == "Bedside Bedroom 1"
    assert device.model == "bedsided"
    entries = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    assert {e.entity_id: e.entity_category and e.entity_category.value for e in entries} == ENTITIES
    assert {e.entity_id for e in entries if e.disabled_by} == DISABLED
    assert all(e.unique_id.startswith("bedside_test_bed_") for e in entries)
    assert hass.states.get("binary_sensor.bedside").attributes["friendly_name"] == "Bedside Bedroom 1"


async def test_nothing_is_shown_before_it_is_known(hass, play):
    await play("start")
    assert value(hass, "binary_sensor.bedside") == STATE_UNAVAILABLE
    assert value(hass, "sensor.bedside_movement") == STATE_UNAVAILABLE
    assert value(hass, CONNECTION) == "on"
    assert value(hass, "number.bedside_not_returned_after") == "15"


async def test_states(hass, play):
    await play("start", "in_bed")
    assert value(hass, "binary_sensor.bedside") == "on"
    assert value(hass, "binary_sensor.bedside_restless") == STATE_UNKNOWN
    assert value(hass, "binary_sensor.bedside_legs_over_edge") == "off"
    assert value(hass, "sensor.bedside_position") == "lying"
    assert value(hass, "sensor.bedside_leg_side") == STATE_UNKNOWN
    assert float(value(hass, "sensor.bedside_movement")) == 12
    assert float(value(hass, "sensor.bedside_left_leg_temperature")) == 31.4
    assert float(value(hass, "sensor.bedside_room_temperature")) == 19.25
    assert float(value(hass, "sensor.bedside_leg_temperature_difference")) == pytest.approx(0.5)
    assert value(hass, "binary_sensor.bedside_sensor_fault") == "off"
    await play("legs_over_edge")
    assert value(hass, "binary_sensor.bedside_legs_over_edge") == "on"
    assert value(hass, "sensor.bedside_leg_side") == "left"
    assert value(hass, "sensor.bedside_position") == "legs_over_edge"


async def test_night_and_pattern(hass, play):
    await play("start", "in_bed", "numbers")
    assert value(hass, "sensor.bedside_restless_time") == "34"
    assert value(hass, "sensor.bedside_bed_exits") == "2"
    assert value(hass, "sensor.bedside_time_in_bed") == "412"
    assert value(hass, "sensor.bedside_leg_movements") == STATE_UNKNOWN
    pattern = hass.states.get("sensor.bedside_pattern")
    assert pattern.state == "circulation_like"
    assert "not a diagnosis" in pattern.attributes["note"]
    assert pattern.attributes["findings"][0]["evidence"] == ["hung on 6 of 9 nights"]
    assert value(hass, "binary_sensor.bedside_needs_attention") == "off"
    for entity in ("sensor.bedside_bed_exits", "sensor.bedside_movement",
                   "sensor.bedside_left_leg_temperature"):
        assert hass.states.get(entity).attributes["state_class"] in ("measurement", "total_increasing")


async def test_events(hass, play):
    await play("start", "in_bed")
    assert value(hass, "event.bedside_activity") == STATE_UNKNOWN
    await play("legs_over_edge")
    event = hass.states.get("event.bedside_activity")
    assert event.attributes["event_type"] == "legs_over_edge_started"
    assert event.attributes["id"] == "7.0.1"
    assert event.attributes["side"] == "left"


async def test_every_event_is_announced(hass, play, scenes):
    """An event type that discovery does not list would be dropped with a warning."""
    await play("start", "in_bed")
    seen = []
    hass.bus.async_listen(
        "state_changed",
        lambda e: seen.append(e.data["new_state"].attributes.get("event_type"))
        if e.data["entity_id"] == "event.bedside_activity" else None)
    await play("every_event")
    assert seen == [json.loads(m["payload"])["event_type"] for m in scenes["every_event"]]
    assert len(seen) == 16


async def test_retained_event_is_ignored(hass, play, scenes):
    await play("start", "in_bed")
    event = next(m for m in scenes["legs_over_edge"] if m["topic"] == f"{BED}/event")
    async_fire_mqtt_message(hass, event["topic"], event["payload"], 1, True)
    await hass.async_block_till_done()
    assert value(hass, "event.bedside_activity") == STATE_UNKNOWN


async def test_a_dead_sensor_is_not_an_empty_bed(hass, play):
    await play("start", "in_bed", "fault")
    assert value(hass, "binary_sensor.bedside") == STATE_UNAVAILABLE
    assert value(hass, "sensor.bedside_position") == STATE_UNAVAILABLE
    assert value(hass, "binary_sensor.bedside_sensor_fault") == "on"
    faults = hass.states.get("binary_sensor.bedside_sensor_fault").attributes["sensors"]
    assert "unplugged" in faults["mat"]
    assert float(value(hass, "sensor.bedside_left_leg_temperature")) == 31.4
    await play("healed")
    assert value(hass, "binary_sensor.bedside") == "on"
    assert value(hass, "binary_sensor.bedside_sensor_fault") == "off"


async def test_last_will(hass, play):
    await play("start", "in_bed", "numbers", "last_will")
    for entity_id in ENTITIES.keys() - DISABLED - {CONNECTION}:
        assert value(hass, entity_id) == STATE_UNAVAILABLE, entity_id
    assert value(hass, CONNECTION) == "off"


async def test_numbers_expire(hass, play, freezer):
    await play("start", "in_bed")
    freezer.tick(299)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert float(value(hass, "sensor.bedside_left_leg_temperature")) == 31.4
    freezer.tick(3)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert value(hass, "sensor.bedside_left_leg_temperature") == STATE_UNAVAILABLE
    assert value(hass, "binary_sensor.bedside") == "on"


async def test_restart_of_home_assistant(hass, play):
    """All it finds on the broker after its own start is what is retained."""
    await play("retained", retain=True)
    # Subscriptions to states exist once discovery is done; the broker then sends what it retains.
    await play("retained", retain=True)
    assert value(hass, "binary_sensor.bedside") == "on"
    assert value(hass, "sensor.bedside_position") == "lying"
    assert value(hass, "sensor.bedside_pattern") == "circulation_like"
    assert value(hass, "event.bedside_activity") == STATE_UNKNOWN


async def test_removed_entities(hass, play):
    await play("start", "in_bed", "removal")
    registry = er.async_get(hass)
    left = {e for e in registry.entities}
    assert left == {e for e in ENTITIES if e in (
        "binary_sensor.bedside", "sensor.bedside_position", "event.bedside_activity",
        "sensor.bedside_time_in_bed", "sensor.bedside_bed_exits", "sensor.bedside_pattern",
        "binary_sensor.bedside_needs_attention", "binary_sensor.bedside_sensor_fault", CONNECTION,
        "sensor.bedside_started", "number.bedside_not_returned_after",
        "button.bedside_mark_moment", "text.bedside_note")} | SAID
    assert len(dr.async_get(hass).devices) == 1
    assert value(hass, "binary_sensor.bedside") == "on"


async def test_forgotten_hub(hass, play, scenes):
    """`bedside forget` leaves nothing behind."""
    await play("start", "in_bed")
    discovery = next(m for m in scenes["start"] if m["topic"].startswith("homeassistant/"))
    async_fire_mqtt_message(hass, discovery["topic"], "", 1, False)
    await hass.async_block_till_done()
    assert not er.async_get(hass).entities
    assert not dr.async_get(hass).devices


async def test_controls(hass, play, mqtt_mock):
    await play("start", "in_bed")

    async def call(domain, service, entity_id, **data):
        mqtt_mock.async_publish.reset_mock()
        await hass.services.async_call(domain, service, {"entity_id": entity_id, **data}, blocking=True)
        (topic, payload, qos, retain), = [c.args[:4] for c in mqtt_mock.async_publish.call_args_list]
        assert qos == 1 and retain is False
        return topic, payload

    assert await call("button", "press", "button.bedside_mark_moment") == (f"{BED}/set/mark", "PRESS")
    assert await call("number", "set_value", "number.bedside_not_returned_after", value=20) == (
        f"{BED}/set/not_returned_min", "20")
    assert await call("text", "set_value", "text.bedside_note", value="cold feet") == (
        f"{BED}/set/note", "cold feet")
    # Not believed before the hub has said so.
    assert value(hass, "number.bedside_not_returned_after") == "15"
    assert value(hass, "text.bedside_note") == STATE_UNKNOWN
    await play("settings")
    assert value(hass, "number.bedside_not_returned_after") == "20"
    assert value(hass, "text.bedside_note") == "cold feet"


async def test_what_a_person_says(hass, play, mqtt_mock):
    """Nothing is known before it is said; every control sends what the hub takes; states come back."""
    await play("start", "in_bed")
    for entity in SAID - {"sensor.bedside_diary"}:
        assert value(hass, entity) == STATE_UNKNOWN, entity

    async def call(domain, service, entity_id, **data):
        mqtt_mock.async_publish.reset_mock()
        await hass.services.async_call(domain, service, {"entity_id": entity_id, **data}, blocking=True)
        (topic, payload, qos, retain), = [c.args[:4] for c in mqtt_mock.async_publish.call_args_list]
        assert qos == 1 and retain is False
        return topic.removeprefix(f"{BED}/set/"), payload

    assert await call("number", "set_value", "number.bedside_diary_pain_left", value=6) == (
        "diary_pain_left", "6")
    assert await call("number", "set_value", "number.bedside_diary_standing", value=2.5) == (
        "diary_standing", "2.5")
    assert await call("button", "press", "button.bedside_diary_urge") == ("diary_urge", "PRESS")
    assert await call("button", "press", "button.bedside_diary_undo") == ("undo", "PRESS")
    assert await call("select", "select_option", "select.bedside_diary_relief", option="hang") == (
        "diary_relief", "hang")
    assert await call("select", "select_option", "select.bedside_profile_diabetes", option="no") == (
        "profile_diabetes", "no")
    assert await call("select", "select_option", "select.bedside_profile_statin", option="unknown") == (
        "profile_statin", "unknown")
    assert await call("text", "set_value", "text.bedside_profile_cramp_drug_since",
                      value="2026-03-01") == ("profile_cramp_drug_since", "2026-03-01")
    with pytest.raises(ValueError):
        await call("text", "set_value", "text.bedside_profile_cramp_drug_since", value="in March")
    # Not believed before the hub has said so.
    assert value(hass, "number.bedside_diary_pain_left") == STATE_UNKNOWN
    await play("said")
    assert value(hass, "number.bedside_diary_pain_left") == "6"
    assert value(hass, "number.bedside_diary_pain_right") == STATE_UNKNOWN
    assert value(hass, "select.bedside_diary_relief") == "hang"
    assert value(hass, "number.bedside_profile_age") == "71"
    assert value(hass, "select.bedside_profile_diabetes") == "no"
    assert value(hass, "select.bedside_profile_statin") == STATE_UNKNOWN
    assert value(hass, "text.bedside_profile_cramp_drug_since") == "2026-03-01"
    diary = hass.states.get("sensor.bedside_diary")
    assert diary.state == "3" and diary.attributes["urge"] == "yes" and diary.attributes["cramp"] is None
    await play("unsaid")
    assert value(hass, "number.bedside_diary_pain_left") == STATE_UNKNOWN
    assert value(hass, "select.bedside_diary_relief") == STATE_UNKNOWN
    assert value(hass, "select.bedside_profile_diabetes") == STATE_UNKNOWN
    assert value(hass, "text.bedside_profile_cramp_drug_since") == ""
