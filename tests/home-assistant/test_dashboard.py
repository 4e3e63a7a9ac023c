# SPDX-License-Identifier: MIT
"""The dashboard, read by Home Assistant's own YAML loader."""

import os

from homeassistant.util.yaml import load_yaml

DASHBOARD = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "../../dashboards/home-assistant/bedside.yaml")

# https://www.home-assistant.io/dashboards: cards that every installation has.
BUILT_IN = {"entities", "grid", "heading", "history-graph", "logbook", "markdown", "sections",
            "statistics-graph", "tile"}
GRAPH_ENTITIES_MAX = 8


def cards_of(view):
    for section in view["sections"]:
        assert section["type"] == "grid"
        yield from section["cards"]


def test_dashboard_has_built_in_cards_only():
    dashboard = load_yaml(DASHBOARD)
    assert [view["path"] for view in dashboard["views"]] == ["tonight", "nights"]
    for view in dashboard["views"]:
        assert view["type"] == "sections"
        for card in cards_of(view):
            assert card["type"] in BUILT_IN
            assert len(card.get("entities", [])) <= GRAPH_ENTITIES_MAX


async def test_statistics_cards_name_entities_with_statistics(hass, mqtt_mock, scenes, play):
    await play("start", "in_bed", "numbers")
    for view in load_yaml(DASHBOARD)["views"]:
        for card in cards_of(view):
            if card["type"] != "statistics-graph":
                continue
            for entity in card["entities"]:
                state_class = hass.states.get(entity["entity"]).attributes["state_class"]
                wanted = "total_increasing" if card["stat_types"] == ["change"] else "measurement"
                assert state_class == wanted, entity


async def test_markdown_card_tells_the_finding(hass, mqtt_mock, scenes, play):
    from homeassistant.helpers.template import Template
    await play("start", "in_bed", "numbers")
    card, = [c for v in load_yaml(DASHBOARD)["views"] for c in cards_of(v) if c["type"] == "markdown"]
    text = Template(card["content"], hass).async_render()
    assert "Legs hung over the edge on 6 of 9 nights." in text
    assert "- hung on 6 of 9 nights" in text
    assert "not a diagnosis" in text
