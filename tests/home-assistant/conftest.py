# SPDX-License-Identifier: MIT
"""Scenes that capture.py recorded, and how they are played."""

import json
import logging
import os

import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message


@pytest.fixture(name="scenes", scope="session")
def scenes_fixture():
    with open(os.environ["BEDSIDE_CAPTURE"], encoding="utf-8") as f:
        return json.load(f)


@pytest.fixture(name="play")
async def play_fixture(hass, mqtt_mock, scenes):
    """Play scenes as the broker would: to a subscriber that is there, retain is not set."""
    async def play(*names, retain=False):
        for name in names:
            for message in scenes[name]:
                async_fire_mqtt_message(hass, message["topic"], message["payload"], message["qos"],
                                        retain)
                await hass.async_block_till_done()
    return play


@pytest.fixture(autouse=True)
def no_complaints(caplog):
    """Home Assistant has nothing to say against what the hub sends."""
    caplog.set_level(logging.WARNING)
    yield
    complaints = [r.getMessage() for r in caplog.records
                  if r.name.startswith("homeassistant.components.mqtt") and r.levelno >= logging.WARNING]
    assert complaints == []
