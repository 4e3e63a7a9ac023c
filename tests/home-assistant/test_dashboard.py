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


def markdown_card(about):
    content, = [c["content"] for v in load_yaml(DASHBOARD)["views"] for c in cards_of(v)
                if c["type"] == "markdown" and about in c["content"]]
    return content


async def test_diary_card_tells_what_was_said(hass, mqtt_mock, scenes, play):
    from homeassistant.helpers.template import Template
    card = Template(markdown_card("bedside_diary"), hass)
    assert card.async_render() == ""
    await play("start", "in_bed", "said")
    text = card.async_render()
    assert "Night of 2026-11-22, 3 entries:" in text
    assert "- pain: 6" in text and "- urge: yes" in text and "- relief: hang" in text
    assert "cramp" not in text and "pain left" not in text
    await play("unsaid")
    assert "Night of 2026-11-22, 0 entries:" in card.async_render()


async def test_markdown_card_tells_the_finding(hass, mqtt_mock, scenes, play):
    from homeassistant.helpers.template import Template
    await play("start", "in_bed", "numbers")
    text = Template(markdown_card("bedside_pattern"), hass).async_render()
    assert "Legs hung over the edge on 6 of 9 nights." in text
    assert "- hung on 6 of 9 nights" in text
    assert "not a diagnosis" in text
