"""What version 0.1.0 has saved, loaded into the fake: all of it is understood, and none of it lost on the next save."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import SCRIPT, app, status, trusted

SAVED = Path(__file__).resolve().parents[1] / "saved"


def old(name: str, kick: KickSimulator) -> dict[str, Any]:
    """A file of tests/saved, whose Kick is the simulator."""
    text = (SAVED / name).read_text("utf-8")
    for placeholder, value in (
        ("@lookup_address@", kick.lookup_url),
        ("@websocket_address@", kick.websocket_url),
        ("@folder@", "/old/place"),
    ):
        text = text.replace(placeholder, value)
    return dict(json.loads(text))


def load(fake: FakeObs, kick: KickSimulator) -> dict[str, Any]:
    """The script with the old settings, in a scene with the old sources (the card's group is left out: it holds nothing)."""
    settings = trusted(old("settings-0.1.0.json", kick))
    fake.load_script(SCRIPT, settings)
    fake.load_collection()
    for source in old("collection-0.1.0.json", kick)["sources"]:
        if source["id"] in ("color_source", "text_ft2_source"):
            fake.create_source(source["versioned_id"], source["name"], source["settings"])
    return settings


def test_old_settings_are_understood(fake: FakeObs, kick: KickSimulator) -> None:
    kick.fault.lookup = 403  # the remembered IDs have to do
    load(fake, kick)
    assert [key.bindings[0]["key"] for key in fake.hotkeys if key.bindings] == ["OBS_KEY_F9", "OBS_KEY_F10"]
    page = fake.page()
    values = {name: page[name].value for name in ("username", "text_source", "color_source", "provider", "poll")}
    assert values == {
        "username": "speedy",
        "text_source": "My text",
        "color_source": "My color",
        "provider": "pusher",
        "poll": False,
    }
    assert not page["welcome"].visible, "it has been connected before"
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected without a press")
    assert {slug: row.chatroom_id for slug, row in app(fake).known.items()} == {"other": 6, "speedy": 918}


def test_nothing_of_old_settings_is_lost_on_save(fake: FakeObs, kick: KickSimulator) -> None:
    before = load(fake, kick)
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected without a press")
    fake.page()
    fake.press("refresh")
    fake._save_project()
    known = {key: json.loads(values["known_channels"]) for key, values in (("before", before), ("after", fake.saved))}
    assert known["after"] == known["before"]
    assert {key: fake.saved.get(key) for key in before} == {**before, "known_channels": fake.saved["known_channels"]}


def test_old_pieces_are_painted_and_old_sources_given_back(fake: FakeObs, kick: KickSimulator) -> None:
    load(fake, kick)
    there = fake.sources()
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected without a press")
    kick.go_live("speedy")
    fake.tick_until(lambda: status(fake) == "Live", what="Live")
    kick.chat("speedy", 2)
    fake.tick_until(lambda: "2 events" in fake.source("My own detail").settings["text"], what="the renamed piece")
    assert fake.source("Kick status card: title").settings["text"] == "LIVE"
    assert "Live" in fake.source("My text").settings["text"]
    assert fake.sources() == there
    fake.page()
    fake.choose("show_card", True)
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert fake.source("My text").settings["text"] == "Welcome!"
    assert fake.source("My color").settings["color"] == 0x80112233
    for name in ("My text", "My color"):
        assert not [key for key in fake.source(name).settings if key.startswith("vmsc")]
