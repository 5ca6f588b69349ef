"""The script in a fake OBS: what it remembers, how it ends, and what makes it connect."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import app, at, at_kick, connected, failed, lines, remembered, shown, start, status, text

# -- what is remembered


def test_it_connects_by_itself_after_a_connection_that_worked(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.tick_until(lambda: status(fake) == "Connecting", what="Connecting")
    assert shown(fake) == ["Reconnect", "Disconnect"]


@pytest.mark.parametrize(
    "changed",
    [{"connect_wanted": False}, {"connect_at_start": False}, {"connected_once": False}],
    ids=["the user disconnected", "switched off", "never worked"],
)
def test_it_does_not_connect_by_itself_otherwise(fake: FakeObs, silent: int, changed: dict[str, Any]) -> None:
    start(fake, {**remembered(silent), **changed})
    fake.tick(0.5)
    assert fake.threads == [] and status(fake) == "Disconnected"
    assert shown(fake) == ["Connect"], "the button says what a press would do"


def test_known_ids_survive_saving(fake: FakeObs) -> None:
    known = '{"somebody": {"chatroom_id": 2, "channel_id": 1, "name": "Somebody"}}'
    start(fake, {"username": "somebody", "known_channels": known})
    fake.switch_collection("Other")
    fake.switch_collection("Untitled")
    assert "somebody" in fake.settings["known_channels"] and '"chatroom_id": 2' in fake.settings["known_channels"]


def test_what_the_timer_learned_is_saved_from_the_ui_thread(fake: FakeObs) -> None:
    start(fake)
    app(fake).unsaved = True
    before = fake.saves
    fake.run_timers(3)
    assert fake.saves == before + 1
    assert fake.hooks[-1] != "script_load" and "script_save" in fake.hooks


def test_defaults_ends_the_connection_and_empties_the_page(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.tick(0.2)
    fake.defaults_button()
    fake.tick(0.5)
    assert fake.settings["username"] == ""
    assert status(fake) == "Disconnected"


def test_ids_and_the_wish_are_saved_without_a_press(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.run_timers(3)
    assert fake.saved["connected_once"] is True and fake.saved["connect_wanted"] is True
    assert '"speedy"' in fake.saved["known_channels"]


def test_the_next_start_connects_by_itself_with_what_was_saved(kick: KickSimulator) -> None:
    with FakeObs() as first:
        connected(first, kick)
        first.run_timers(3)
        first.quit()
        assert first.violations == [] and first.threads == []
        saved = first.saved
    with FakeObs() as second:
        start(second, saved)
        second.tick_until(lambda: status(second) == "Connected", what="Connected without a press")
        assert not second.page()["welcome"].visible
        second.quit()
        assert second.violations == [] and second.threads == []


def test_a_wanted_disconnect_is_remembered(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.press("disconnect")
    fake.switch_collection("Other")
    fake.switch_collection("Untitled")
    fake.tick(0.5)
    assert status(fake) == "Disconnected" and fake.threads == []


# -- the end


def test_it_ends_within_two_seconds_while_it_waits_for_an_answer(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.press("connect")
    fake.tick(0.3)
    assert fake.threads
    fake.unload_script()
    assert fake.unload_seconds < 2.2


def test_it_ends_while_it_waits_for_the_next_try(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    fake.quit()
    assert fake.unload_seconds < 0.5


@pytest.mark.parametrize("how", ["unload_script", "reload_script", "remove_and_add", "quit"])
def test_it_ends_within_two_seconds_while_live(fake: FakeObs, kick: KickSimulator, how: str) -> None:
    connected(fake, kick)
    kick.go_live("speedy")
    fake.tick_until(lambda: status(fake) == "Live", what="Live")
    getattr(fake, how)()
    assert fake.unload_seconds < 2.2
    kick.wait(lambda: kick.sockets_open == 0, what="the socket to close")


def test_a_collection_switch_while_live_connects_again(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    for _ in range(3):
        fake.switch_collection("Other", fake.saved)
        fake.tick_until(lambda: status(fake) == "Connected", what="Connected in the other collection")
        fake.switch_collection("Untitled")
        fake.tick_until(lambda: status(fake) == "Connected", what="Connected back home")
    kick.wait(lambda: kick.sockets_open == 1, what="only one socket to be left")


# -- another wish


def test_another_name_while_connecting_needs_a_press_and_does_not_block(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.press("connect")
    fake.tick(0.2)
    fake.type("username", "another")
    fake.tick(0.2)
    assert app(fake).wish.username == "somebody"
    fake.press("refresh")
    assert shown(fake) == ["Connect to another", "Disconnect"]
    fake.press("connect_other")
    fake.tick(0.2)
    assert app(fake).wish.username == "another"
    assert max(fake.turn_seconds) < 0.5
    fake.tick_until(lambda: len(fake.threads) <= 2, 2.5, "the old thread to end")


def test_another_name_stops_the_old_link_and_starts_a_new_one(fake: FakeObs, kick: KickSimulator) -> None:
    kick.add_channel("other")
    connected(fake, kick)
    fake.type("username", "other")
    fake.press("reconnect")
    fake.tick_until(lambda: status(fake) == "Connected" and app(fake).state.name.lower() == "other", what="the other")
    assert max(fake.turn_seconds) < 0.5, "no turn waits for a thread"
    kick.wait(lambda: kick.sockets_open == 1, what="the old socket to close")


def test_the_disconnect_hotkey_leads_from_error_to_disconnected(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.hotkey("Kick: disconnect")
    fake.tick(0.2)
    assert status(fake) == "Disconnected"


@pytest.mark.parametrize("name", ["", "  "])
def test_without_a_name_nothing_is_wanted(fake: FakeObs, refused: int, name: str) -> None:
    start(fake, at(refused, username=name))
    fake.press("add_card")
    fake.press("connect")
    assert lines(fake) == ["State: Disconnected", "Enter your Kick username first."]
    assert shown(fake) == ["Connect"]
    fake.hotkey("Kick: connect")
    fake.tick(0.3)
    assert status(fake) == "Disconnected" and fake.threads == [] and not fake.saved["connect_wanted"]
    fake.remove_and_add(remembered(refused, username=name))
    fake.tick(0.3)
    assert status(fake) == "Disconnected" and shown(fake) == ["Connect"]


def test_ids_without_a_name_are_a_wish(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent, username="", chatroom_id="5"))
    fake.press("connect")
    assert shown(fake) == ["Reconnect", "Disconnect"]


def test_no_network_is_reconnecting_not_error(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    fake.tick(0.3)
    assert text(fake, "title") == "RECONNECTING"
    assert "attempt" in text(fake, "detail")


def test_an_unknown_channel_is_an_error(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick, username="nobody_here"))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error", what="Error")
    fake.tick(0.2)
    assert text(fake, "title") == "ERROR" and len(text(fake, "detail")) > 20
    fake.press("refresh")
    assert "<b>" in fake._page["status"].text


def test_a_paste_while_connected_leads_to_the_pasted_channel(fake: FakeObs, kick: KickSimulator) -> None:
    # Wrong IDs are remembered and the lookup is blocked: Connected, and nothing arrives.
    wrong = json.dumps({"speedy": {"chatroom_id": 999999, "channel_id": 888888, "name": "Speedy"}})
    kick.fault.lookup = 403
    connected(fake, kick, known_channels=wrong)
    right = kick.channels["speedy"]
    fake.type("channel_id", "7")
    fake.type("paste", f"{right.channel_id}, {right.chatroom_id}")
    fake.press("use_paste")
    fake.tick_until(lambda: status(fake) != "Connected", what="the wrong connection to be given up")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected with the pasted ids")
    kick.chat("speedy", 2)
    fake.tick_until(lambda: app(fake).state.count == 2, what="two events")
    assert fake.settings["channel_id"] == ""
