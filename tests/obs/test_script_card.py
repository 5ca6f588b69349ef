"""The card and the script in a fake OBS: painted, repaired, and written only where it differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_obspython import CONSTANTS, FakeObs
from kick_simulator import KickSimulator
from obs.session import (
    CARD,
    PIECES,
    SCRIPT,
    SHAPE,
    app,
    at,
    connected,
    quit_and_come_back,
    search_now,
    shapes,
    start,
    status,
    text,
)


def test_the_card_shows_the_remembered_name_before_anything_is_connected(fake: FakeObs, refused: int) -> None:
    start(fake, {**at(refused), "username": "Some_Body"})
    fake.press("add_card")
    fake.tick(0.3)
    assert (status(fake), text(fake, "name")) == ("Disconnected", "Some_Body")


def test_the_card_is_built_once_and_painted_with_the_next_turn(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.press("add_card")
    assert [item.name for item in fake.scene_items()] == [CARD]
    fake.tick(0.2)
    assert text(fake, "title") == "DISCONNECTED"
    assert text(fake, "name") and text(fake, "detail")


@pytest.mark.parametrize("piece", PIECES)
def test_a_deleted_piece_is_repaired_and_painted(fake: FakeObs, piece: str) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    before = dict(fake.source(f"{CARD}: {piece}").settings)
    fake.delete_source(f"{CARD}: {piece}")
    fake.tick(0.3)
    fake.press("add_card")
    fake.tick(0.3)
    assert dict(fake.source(f"{CARD}: {piece}").settings) == before


@pytest.mark.parametrize("piece", ["name", "title", "detail"])
def test_a_renamed_text_is_still_written(fake: FakeObs, piece: str) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.rename_source(f"{CARD}: {piece}", "Mine now")
    fake.change_source("Mine now", {"text": "scribble"})
    fake.tick(0.1)
    fake.press("add_card")
    fake.tick(0.3)
    assert fake.source("Mine now").settings["text"] not in ("", "scribble")
    assert len(fake.scene_items()[0].items) == len(PIECES)


def test_the_deleted_card_is_not_built_again_by_itself(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.delete_source(CARD)
    fake.tick(2.0)
    assert fake.sources() == ["Scene"]
    fake.press("add_card")
    fake.tick(0.3)
    assert text(fake, "title") == "DISCONNECTED"


def test_what_was_scribbled_over_comes_back_within_two_seconds(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(1.0)
    fake.change_source(f"{CARD}: title", {"text": "scribble"})
    fake.change_source(f"{CARD}: dot", {"color": 1})
    fake.tick(2.0)
    assert text(fake, "title") == "DISCONNECTED"
    assert fake.source(f"{CARD}: dot").settings["color"] == 0xFF988F8A


def test_the_card_asked_for_at_start_is_added_when_there_is_a_scene(fake: FakeObs) -> None:
    fake.load_script(SCRIPT, {"add_card_at_start": True})
    fake.tick(0.5)
    fake.load_collection()
    assert [item.name for item in fake.scene_items()] == [CARD]
    fake.delete_source(CARD)
    fake.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_CHANGED"])
    assert fake.scene_items() == []


def test_the_card_follows_the_connection(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.tick(0.2)
    assert (text(fake, "name").lower(), text(fake, "title")) == ("speedy", "CONNECTED")
    kick.go_live("speedy")
    fake.tick_until(lambda: text(fake, "title") == "LIVE", what="Live on the card")
    kick.chat("speedy", 7)
    fake.tick_until(lambda: "7 events" in text(fake, "detail"), what="7 events on the card")
    kick.drop()
    fake.tick_until(lambda: text(fake, "title") == "RECONNECTING", what="Reconnecting on the card")
    fake.tick_until(lambda: text(fake, "title") in ("CONNECTED", "LIVE"), what="the connection to come back")


def test_a_script_that_is_removed_leaves_a_card_that_says_disconnected(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.tick(0.3)
    assert text(fake, "title") == "CONNECTED"
    fake._unload()
    assert text(fake, "title") == "DISCONNECTED"
    assert fake.source(f"{CARD}: dot").settings["color"] & 0xFFFFFFFF == 0xFF988F8A


@pytest.mark.parametrize("name", ["half \ud83d emoji", "zero\0byte", "two\nlines", "<b>bold</b>", "x" * 300])
def test_whatever_kick_calls_the_channel_the_card_lives_on(fake: FakeObs, kick: KickSimulator, name: str) -> None:
    kick.add_channel("odd", username=name)
    connected(fake, kick, username="odd")
    kick.go_live("odd")
    fake.tick_until(lambda: text(fake, "title") == "LIVE", what="Live on the card")
    fake.page()


@pytest.mark.parametrize("reason", ["zero\0byte", "<b>bold</b>", "two\nlines", "long " * 200])
def test_whatever_kick_says_at_a_close_the_card_lives_on(fake: FakeObs, kick: KickSimulator, reason: str) -> None:
    connected(fake, kick)
    kick.error(4100, reason, close=True)
    fake.tick_until(lambda: text(fake, "title") == "RECONNECTING", what="Reconnecting on the card")
    fake.page()


# -- its shapes


def test_a_folder_that_moved_takes_the_cards_shapes_along(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    right = shapes(fake)
    for piece in right:
        fake.change_filter(f"{CARD}: {piece}", SHAPE, {"image_path": f"/old/vmsc_core/obs/pictures/{Path(right[piece]).name}"})
    fake.rename_source(f"{CARD}: edge", "My edge")
    saved = quit_and_come_back(fake)
    fake.tick(1.0)
    fake.load_collection()
    fake.tick(0.5)
    search_now(fake)
    fake.tick(0.5)
    fake.rename_source("My edge", f"{CARD}: edge")
    assert shapes(fake) == right
    writes = [one for one in fake.updates if one.source == SHAPE]
    assert [set(one.values) for one in writes] == [{"image_path"}] * len(right)
    assert {one.thread for one in writes} == {"graphics"}
    quit_and_come_back(fake, saved)
    fake.load_collection()
    fake.tick(1.0)
    assert [one for one in fake.updates if one.source == SHAPE] == [], "and only what differs is written"


def test_one_of_the_cards_shapes_that_was_taken_away_hinders_nothing(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    right = shapes(fake)
    fake.remove_filter(f"{CARD}: panel", SHAPE)
    fake.delete_source(f"{CARD}: dot")
    fake.change_filter(f"{CARD}: edge", SHAPE, {"image_path": ""})
    quit_and_come_back(fake)
    fake.load_collection()
    fake.tick(1.0)
    assert shapes(fake) == {piece: right[piece] for piece in ("edge", "badge", "hole")}


def test_without_a_card_a_turn_looks_for_one_shape_by_name_only(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake)
    fake.tick(0.3)
    asked: list[str] = []
    by_name = fake.module.obs_get_source_by_name
    monkeypatch.setattr(fake.module, "obs_get_source_by_name", lambda name: asked.append(name) or by_name(name))
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    fake.run_timers(6)
    painted = ("name", "title", "detail", "dot")
    assert all(asked.count(f"{CARD}: {piece}") >= 6 for piece in painted)
    assert len(asked) == len(painted) * 6 + 6, "one beside those the painter looks for"


# -- a turn writes differences only


STATES = {
    # status: (most dot writes in 30 turns, most text writes in 30 turns)
    "Disconnected": (0, 0),
    "Connecting": (30, 0),
    "Connected": (0, 1),
    "Live": (30, 1),
    "Reconnecting": (30, 1),
    "Error": (0, 0),
}


@pytest.mark.parametrize("name", STATES)
def test_a_turn_writes_differences_only(fake: FakeObs, name: str) -> None:
    start(fake)
    fake.press("add_card")
    running = app(fake)
    kind = type(running.state)
    running.state = kind(
        status=type(running.state.status)(name),
        name="Somebody",
        reason="Something happened. Try this.",
        since=running.now,
        retry_at=running.now + 8.9,
        attempt=2,
    )
    fake.run_timers(10)
    fake.updates.clear()
    fake.run_timers(30)
    dots = [one for one in fake.updates if one.source == f"{CARD}: dot"]
    texts = [one for one in fake.updates if one.source != f"{CARD}: dot"]
    most_dots, most_texts = STATES[name]
    # The clock of the card is the real one, and 30 turns take far less than a second of it.
    assert len(dots) <= most_dots and len(texts) <= most_texts, (dots, texts)
    assert all(set(one.values) == {"color"} for one in dots)
    assert all(set(one.values) == {"text"} for one in texts)
    assert {one.thread for one in fake.updates} <= {"graphics"}
    assert all(len(fake.updates_in_turn(turn)) <= 4 for turn in range(fake.turns))


def test_only_pulsing_states_write_the_dot_and_they_do(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    running = app(fake)
    running.state = type(running.state)(status=type(running.state.status)("Live"), since=running.now)
    fake.run_timers(3)
    fake.updates.clear()
    fake.tick_until(lambda: len(fake.updates) >= 3, what="the dot to pulse")
    colors = {one.values["color"] & 0xFFFFFF for one in fake.updates if "color" in one.values}
    alphas = {one.values["color"] >> 24 for one in fake.updates if "color" in one.values}
    assert colors == {0x18FC53} and len(alphas) >= 2


def test_chat_costs_at_most_one_text_a_turn(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.run_timers(10)
    fake.updates.clear()
    kick.chat("speedy", 500)
    fake.tick_until(lambda: text(fake, "detail").startswith("500 events"), 10, "500 events")
    written = [one for one in fake.updates if "text" in one.values]
    assert {one.source for one in written} == {f"{CARD}: detail"}
    assert len(written) == len({one.turn for one in written})
