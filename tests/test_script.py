"""vmsc_obs.py in a fake OBS: its hooks, its page, its hotkeys, what it remembers, and what it never does.

The network is this computer only: a port where nobody listens (a try fails at once) or one that never answers.
"""

from __future__ import annotations

import ast
import importlib
import json
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs
from kick_simulator import KickSimulator

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "vmsc_obs.py"
CARD = "Kick status card"
PIECES = ("name", "title", "detail", "dot", "panel", "edge")
ADDRESSES = ("lookup_address", "negotiation_address", "token_address")


@pytest.fixture
def fake() -> Iterator[FakeObs]:
    """An OBS; at the end no rule of OBS may be broken, nothing held, no thread left, nothing logged at WARNING."""
    with FakeObs() as obs:
        yield obs
        if obs.script is not None and obs._settings is not None:
            obs.unload_script()
        assert obs.violations == []
        assert obs.unreleased() == []
        assert obs.threads == []
        assert obs.warnings == []


@pytest.fixture
def refused() -> Iterator[int]:
    """A port of this computer where nobody listens."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port of this computer that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    """A Kick of our own, with the channel "speedy"."""
    with KickSimulator() as simulator:
        simulator.add_channel("speedy")
        yield simulator


def at_kick(kick: KickSimulator, **more: Any) -> dict[str, Any]:
    """Settings of a user whose Kick is the simulator."""
    return {
        "username": "speedy",
        "lookup_address": kick.lookup_url,
        "negotiation_address": kick.negotiation_url,
        "token_address": kick.token_url,
        "websocket_address": kick.websocket_url,
        **more,
    }


def at(port: int, **more: Any) -> dict[str, Any]:
    """Settings of a user whose Kick is at ``port`` of this computer."""
    addresses: dict[str, Any] = {key: f"http://127.0.0.1:{port}/" for key in ADDRESSES}
    return {"username": "somebody", "websocket_address": f"ws://127.0.0.1:{port}/app/key", **addresses, **more}


def remembered(port: int, **more: Any) -> dict[str, Any]:
    """The same after a connection that worked and was not ended by the user."""
    return at(port, connected_once=True, connect_wanted=True, **more)


def start(fake: FakeObs, settings: dict[str, Any] | None = None) -> None:
    fake.load_script(SCRIPT, settings)
    fake.load_collection()


def app(fake: FakeObs) -> Any:
    assert fake.script is not None
    return fake.script.script.app


def status(fake: FakeObs) -> str:
    return str(app(fake).state.status.value)


def shown(fake: FakeObs) -> list[str]:
    """Of the buttons that connect and disconnect, those on the page as it was drawn last."""
    page = fake._page or fake.page()
    buttons = (page.drawn[key] for key in ("connect", "disconnect", "connect_again"))
    return [button.text for button in buttons if button.visible]


def text(fake: FakeObs, piece: str) -> str:
    source = fake.source(f"{CARD}: {piece}")
    assert source is not None
    return str(source.settings["text"])


SHAPE = "Kick card shape"


def shapes(fake: FakeObs) -> dict[str, str]:
    """Piece → the picture that gives it its shape, of those that have one."""
    found = {piece: fake.source(f"{CARD}: {piece}") for piece in ("dot", "edge", "panel")}
    return {piece: source.filters[0].settings["image_path"] for piece, source in found.items() if source and source.filters}


def quit_and_come_back(fake: FakeObs, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """OBS ends and starts anew with what it saved, as far as the script's own start: there are no sources yet."""
    fake.quit()
    saved = dict(fake.saved)
    fake.updates.clear()
    fake.load_script(SCRIPT, saved if settings is None else settings)
    return saved


# -- loading


def test_hooks_come_in_order_and_nothing_connects_by_itself(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    assert fake.hooks == ["module body", "script_defaults", "script_description", "script_load", "script_update"]
    fake.load_collection()
    fake.tick(1.0)
    assert fake.threads == []
    assert status(fake) == "Disconnected"
    fake.unload_script()
    assert fake.hooks[-2:] == ["script_save", "script_unload"]


def test_one_timer_at_ten_hertz_and_two_hotkeys(fake: FakeObs) -> None:
    start(fake)
    assert [timer.ms for timer in fake.timers] == [100]
    assert [key.text for key in fake.hotkeys] == ["Kick: connect", "Kick: disconnect"]


def test_nothing_is_created_at_import_time(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    fake.unload_script()
    assert fake.script.script is None
    assert fake.timers == [] and fake.hotkeys == []


def test_the_file_can_be_read_by_python_3_6() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_turns_before_any_source_exists_do_no_harm(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    fake.tick(2.0)
    assert fake.updates == []


def test_a_source_that_appears_later_is_found(fake: FakeObs) -> None:
    start(fake, {"text_source": "Mine", "color_source": "Spot"})
    fake.tick(1.0)
    fake.create_source("text_ft2_source_v2", "Mine")
    fake.create_source("color_source_v3", "Spot")
    fake.tick(0.3)
    assert "Disconnected" in fake.source("Mine").settings["text"]
    assert fake.source("Spot").settings["color"] == 0xFF988F8A  # gray


@pytest.mark.parametrize("platform", ["linux", "mac", "windows"])
@pytest.mark.parametrize("version", [(29, 0, 2), (30, 2, 3), (32, 1, 0)])
def test_a_whole_session_on_every_platform_and_version(platform: str, version: tuple[int, int, int], refused: int) -> None:
    with FakeObs(platform, version) as fake:
        start(fake, at(refused))
        fake.press("add_card")
        fake.press("connect")
        fake.tick_until(lambda: status(fake) == "Reconnecting")
        fake.reload_script()
        fake.remove_and_add()
        fake.switch_collection("Other")
        fake.switch_collection("Untitled")
        fake.quit()
        assert fake.violations == [] and fake.threads == [] and fake.warnings == []


# -- typing and pressing


def test_typing_never_connects(fake: FakeObs, refused: int) -> None:
    start(fake, {**at(refused), "username": ""})
    fake.type("username", "kick.com/Some_Body?x=1")
    fake.tick(0.5)
    assert fake.threads == []
    assert status(fake) == "Disconnected"
    assert not fake.settings["connect_wanted"]


def test_the_card_shows_the_remembered_name_before_anything_is_connected(fake: FakeObs, refused: int) -> None:
    start(fake, {**at(refused), "username": "Some_Body"})
    fake.press("add_card")
    fake.tick(0.3)
    assert (status(fake), text(fake, "name")) == ("Disconnected", "Some_Body")


def test_connect_becomes_disconnect_on_the_page_it_stands_on(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.page()
    assert shown(fake) == ["Connect"]
    assert fake.press("connect") is True
    assert shown(fake) == ["Disconnect", "Connect again"]
    fake.tick(0.2)
    assert status(fake) == "Connecting" and len(fake.threads) >= 1
    assert fake.press("disconnect") is True
    assert shown(fake) == ["Connect"]
    fake.tick_until(lambda: not fake.threads, 2.5, "the thread to end")
    assert status(fake) == "Disconnected"


@pytest.mark.parametrize("button", ["connect", "add_card", "use_paste", "refresh"])
def test_every_button_gives_a_literal_true(fake: FakeObs, refused: int, button: str) -> None:
    start(fake, at(refused))
    assert fake.press(button) is True


def test_what_was_pressed_is_saved_at_once(fake: FakeObs, refused: int) -> None:
    start(fake, {**at(refused), "username": ""})
    fake.type("username", "somebody")
    fake.press("connect")
    assert fake.saved["connect_wanted"] is True and fake.saved["username"] == "somebody"
    fake.press("disconnect")
    assert fake.saved["connect_wanted"] is False


def test_another_name_while_connecting_needs_a_press_and_does_not_block(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.press("connect")
    fake.tick(0.2)
    fake.type("username", "another")
    fake.tick(0.2)
    assert app(fake).wanted.username == "somebody"
    fake.press("connect_again")
    fake.tick(0.2)
    assert app(fake).wanted.username == "another"
    assert max(fake.turn_seconds) < 0.5
    fake.tick_until(lambda: len(fake.threads) <= 2, 2.5, "the old thread to end")


def test_connect_again_without_a_change_says_so_and_keeps_the_connection(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.press("connect")
    fake.tick(0.2)
    link = app(fake)._link
    fake.press("connect_again")
    fake.tick(0.2)
    assert app(fake)._link is link
    assert "Nothing has changed" in fake.page()["status"].text
    fake.press("refresh")
    assert "Nothing has changed" not in fake.page()["status"].text
    fake.press("connect_again")
    assert "Nothing has changed" in fake.page()["status"].text
    fake.press("disconnect")
    assert "Nothing has changed" not in fake.page()["status"].text


def test_hotkeys_do_what_the_button_does(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.hotkey("Kick: connect")
    fake.tick(0.2)
    assert status(fake) == "Connecting"
    fake.press("refresh")
    assert shown(fake) == ["Disconnect", "Connect again"]
    fake.hotkey("Kick: connect")
    fake.tick(0.2)
    assert status(fake) == "Connecting", "connect twice is connect"
    fake.hotkey("Kick: disconnect")
    fake.tick_until(lambda: not fake.threads, 2.5, "the thread to end")
    assert status(fake) == "Disconnected"
    fake.press("refresh")
    assert shown(fake) == ["Connect"]


def test_hotkeys_keep_their_keys(fake: FakeObs) -> None:
    keys = [{"key": "OBS_KEY_F9", "control": True}]
    start(fake)
    fake.hotkeys[0].bindings = list(keys)
    fake.switch_collection("Other")
    assert fake.hotkeys[0].bindings == []
    fake.switch_collection("Untitled")
    assert fake.hotkeys[0].bindings == keys


def test_hotkeys_keep_their_keys_over_a_reload_after_a_save(fake: FakeObs) -> None:
    keys = [{"key": "OBS_KEY_F9"}]
    start(fake)
    fake.hotkeys[1].bindings = list(keys)
    fake.press("refresh")
    fake._save_project()
    fake.reload_script()
    assert fake.hotkeys[1].bindings == keys


def test_a_hundred_presses_as_fast_as_they_come(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    for _ in range(50):
        fake.hotkey("Kick: connect")
        fake.hotkey("Kick: disconnect")
        fake.tick(0.1)
    fake.tick_until(lambda: not fake.threads, 3.0, "all threads to end")
    assert status(fake) == "Disconnected"


# -- the page between a press and the next turn of the timer, and in Error


def failed(fake: FakeObs, kick: KickSimulator) -> None:
    """Connect was pressed with a name that Kick does not know; the page was drawn before the answer came."""
    start(fake, at_kick(kick, username="speedyy"))
    fake.page()
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error", what="Error")


def test_right_after_a_press_the_page_tells_of_the_new_wish_only(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.press("refresh")
    page = fake.page()
    assert "speedyy" in page["status"].text and page["status"].info_type == CONSTANTS["OBS_TEXT_INFO_WARNING"]
    for name, button in (("Speedy", "connect"), ("Other", "connect_again")):
        fake.type("username", name)
        fake.press(button)
        page = fake.page()
        assert page["status"].text.startswith(f"State: Connecting ({name})<br>This page does not update by itself")
        assert page["status"].info_type == CONSTANTS["OBS_TEXT_INFO_NORMAL"]
        fake.tick_until(lambda: status(fake) != "Connecting", what="an answer")
        fake.press("refresh")
    fake.press("disconnect")
    assert fake.page()["status"].text == "State: Disconnected"


def test_a_paste_tells_of_the_new_wish_and_is_forgotten_with_the_next_press(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.type("username", "speedy")
    fake.type("paste", "1, 2")
    fake.press("use_paste")
    words = fake.page()["status"].text
    assert "State: Connecting (speedy)" in words and "The ids are saved." in words and "Kick knows no" not in words
    fake.press("refresh")
    assert "The ids are saved." not in fake.page()["status"].text


def test_only_while_it_waits_the_page_says_that_it_stands_still(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    still = "does not update by itself"
    assert still not in fake.page().text()
    fake.press("connect")
    assert still in fake.page().text()
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    assert still not in fake.page().text()
    kick.drop()
    fake.tick_until(lambda: status(fake) == "Reconnecting", what="Reconnecting")
    assert still in fake.page().text()


def test_in_error_connect_tries_anew_and_disconnect_gives_up(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.press("refresh")
    assert shown(fake) == ["Connect", "Disconnect"]
    assert fake.saved["connect_wanted"] is True, "the next start tries again"
    asked = len(kick.lookups)
    fake.press("connect")
    fake.tick_until(lambda: len(kick.lookups) > asked and status(fake) == "Error", what="a second look-up")
    fake.press("refresh")
    fake.press("disconnect")
    fake.tick(0.2)
    assert status(fake) == "Disconnected" and fake.saved["connect_wanted"] is False
    assert shown(fake) == ["Connect"]


def test_what_was_drawn_before_the_error_does_what_its_label_says(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    assert shown(fake) == ["Disconnect", "Connect again"]
    fake.type("username", "speedy")
    fake.press("connect_again")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.hotkey("Kick: disconnect")
    fake.tick(0.2)
    fake.press("disconnect")
    fake.tick(0.2)
    assert status(fake) == "Disconnected", "a second Disconnect is none"
    fake.hotkey("Kick: connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected by the hotkey")
    link = app(fake)._link
    fake.press("connect")
    fake.tick(0.2)
    assert status(fake) == "Connected" and app(fake)._link is link, "Connect leaves a good connection alone"


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
    assert "Type your Kick username first." in fake.page()["status"].text
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
    assert shown(fake) == ["Disconnect", "Connect again"]


def test_the_history_is_a_list_with_a_heading_and_whole_sentences(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    assert not fake.page()["history"].visible
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.press("refresh")
    heading, *lines = fake.page()["history"].text.split("<br>")
    assert heading == "What happened, newest last:"
    assert [line.split(" ", 1)[1] for line in lines] == ["Connecting.", "Connected."]


def test_the_page_is_in_the_order_of_use(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("connect")
    fake.tick_until(lambda: app(fake).history, what="a line of history")
    for name in ("somebody", "another"):
        fake.type("username", name)
        fake.press("refresh")
        page = fake._page or fake.page()
        rows = [row for row in page.drawn.values() if row.visible]
        first = ["welcome", "username", "disconnect", "connect_again", "add_card", "status", "refresh", "connect_at_start"]
        assert [row.name for row in rows][: len(first) + 4] == [*first, "text_source", "color_source", "history", "blocked"]
        labels = [row.text for row in rows if row.name in ("open_lookup", "paste", "use_paste")]
        assert labels == ["1. Open look-up page", "2. Paste all of it here", "3. Use the pasted text"]
        fake.type("paste", "kept")
        fake.press("open_lookup")


# -- failing for a passing and for a lasting reason


def test_no_network_is_reconnecting_not_error(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    fake.tick(0.3)
    assert text(fake, "title") == "Reconnecting"
    assert "attempt" in text(fake, "detail")


@pytest.mark.parametrize("name", ["not a name!", "ünï", "a/b/c d"])
def test_an_impossible_name_is_an_error_that_says_what_to_do(fake: FakeObs, refused: int, name: str) -> None:
    start(fake, {**at(refused), "username": name})
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error")
    fake.tick(0.2)
    assert len(text(fake, "detail")) > 20
    fake.press("refresh")
    page = fake._page
    assert page["status"].info_type != CONSTANTS["OBS_TEXT_INFO_NORMAL"]


def test_text_from_outside_is_escaped_on_the_page(fake: FakeObs) -> None:
    start(fake)
    state = app(fake).state
    app(fake).state = type(state)(status=type(state.status)("Error"), reason="<a href='x'>click</a>", name="<b>x</b>")
    assert "<a " not in fake.page()["status"].text and "<b>x" not in fake.page()["status"].text


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


# -- what is remembered


def test_it_connects_by_itself_after_a_connection_that_worked(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.tick(0.2)
    assert status(fake) == "Connecting"
    assert shown(fake) == ["Disconnect", "Connect again"]


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


def test_first_run_help_goes_once_a_connection_has_worked(fake: FakeObs) -> None:
    start(fake)
    assert fake.page()["welcome"].visible
    fake.remove_and_add({"connected_once": True, "username": "x"})
    assert not fake.page()["welcome"].visible


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


# -- collections, reload, exit


def test_a_second_script_load_comes_from_the_cached_module(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.tick(0.2)
    first = app(fake)
    fake.switch_collection("Other", remembered(silent))
    assert fake.hooks.count("module body") == 1
    assert app(fake) is not first
    fake.tick(0.2)
    assert status(fake) == "Connecting"
    assert len(fake.timers) == 1 and len(fake.hotkeys) == 2


def test_a_collection_without_the_script_and_back_ten_times(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.press("add_card")
    for _ in range(10):
        fake.tick(0.2)
        fake.switch_collection("Without", with_script=False)
        assert fake.threads == []
        fake.switch_collection("Untitled")
    fake.tick(0.2)
    assert [item.name for item in fake.scene_items()] == [CARD]
    assert text(fake, "title") == "Connecting"


def test_reload_imports_the_package_anew(fake: FakeObs) -> None:
    start(fake)
    before = sys.modules["vmsc_core.app"]
    fake.reload_script()
    assert sys.modules["vmsc_core.app"] is not before
    assert fake.hooks.count("module body") == 2
    fake.tick(0.3)


def test_fifty_reloads(fake: FakeObs, refused: int) -> None:
    start(fake, remembered(refused))
    for _ in range(50):
        fake.tick(0.1)
        fake.reload_script()
    assert len(fake.timers) == 1


def test_sys_path_does_not_grow(fake: FakeObs) -> None:
    start(fake)
    before = list(sys.path)
    for _ in range(3):
        fake.reload_script()
    assert sys.path == before


# -- the card


def test_the_card_is_built_once_and_painted_with_the_next_turn(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.press("add_card")
    assert [item.name for item in fake.scene_items()] == [CARD]
    fake.tick(0.2)
    assert text(fake, "title") == "Disconnected"
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
    assert text(fake, "title") == "Disconnected"


def test_what_was_scribbled_over_comes_back_within_two_seconds(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(1.0)
    fake.change_source(f"{CARD}: title", {"text": "scribble"})
    fake.change_source(f"{CARD}: dot", {"color": 1})
    fake.tick(2.0)
    assert text(fake, "title") == "Disconnected"
    assert fake.source(f"{CARD}: dot").settings["color"] == 0xFF988F8A


def test_sources_of_the_users_own_are_driven_instead(fake: FakeObs) -> None:
    start(fake)
    fake.create_source("text_ft2_source_v2", "My text", {"text": "hello"})
    fake.create_source("color_source_v3", "My colour")
    page = fake.page()
    assert "My text" in [value for _, value in page["text_source"].options]
    assert "My colour" in [value for _, value in page["color_source"].options]
    assert "My colour" not in [value for _, value in page["text_source"].options]
    fake.create_source("text_ft2_source_v2", "Later")
    fake.press("refresh")
    assert [value for _, value in page["text_source"].options] == ["", "Later", "My text"]
    fake.choose("text_source", "My text")
    fake.choose("color_source", "My colour")
    fake.tick(0.3)
    assert "Disconnected" in fake.source("My text").settings["text"]
    assert fake.source("My colour").settings["color"] == 0xFF988F8A
    fake.delete_source("My text")
    fake.tick(0.5)
    fake.create_source("text_ft2_source_v2", "My text")
    fake.tick(1.5)
    assert "Disconnected" in fake.source("My text").settings["text"]
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert fake.source("My text").settings["text"] == "", "what is written no more does not go on saying a state"


WELCOME, TEAL = "Welcome to my stream", 0x7F998800


def choose_own(fake: FakeObs) -> None:
    """A text and a colour of the user's are chosen and written."""
    start(fake)
    fake.create_source("text_ft2_source_v2", "My text", {"text": WELCOME})
    fake.create_source("color_source_v3", "My colour", {"color": TEAL})
    fake.page()
    fake.choose("text_source", "My text")
    fake.choose("color_source", "My colour")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My colour")) == ("Disconnected", 0xFF988F8A)


def own(fake: FakeObs, name: str) -> Any:
    """What a source of the user's shows: a colour, or a text, of which the state alone when the script wrote it."""
    found = fake.source(name)
    assert found is not None, name
    if found.kind == "color_source_v3":
        return found.settings["color"]
    lines = found.settings["text"].split("\n")
    return lines[1] if len(lines) > 1 else lines[0]


@pytest.mark.parametrize("between", ["nothing", "a reload", "a restart", "a switch of collections"])
def test_a_wrong_choice_costs_the_user_nothing(fake: FakeObs, between: str) -> None:
    choose_own(fake)
    if between == "a reload":
        fake.reload_script()
    elif between == "a restart":
        quit_and_come_back(fake)
        fake.load_collection()
    elif between == "a switch of collections":
        fake.switch_collection("Other")
        fake.switch_collection("Untitled")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My colour")) == ("Disconnected", 0xFF988F8A)
    fake.page()
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My colour")) == (WELCOME, TEAL)
    fake.tick(2.0)
    assert (own(fake, "My text"), own(fake, "My colour")) == (WELCOME, TEAL)


def test_another_choice_gives_back_the_first_and_takes_the_second(fake: FakeObs) -> None:
    choose_own(fake)
    fake.create_source("text_ft2_source_v2", "Right", {"text": "?"})
    fake.press("refresh")
    fake.choose("text_source", "Right")
    fake.tick(0.3)
    assert [own(fake, name) for name in ("My text", "Right", "My colour")] == [WELCOME, "Disconnected", 0xFF988F8A]


def rename_own(fake: FakeObs, text: str = "New text", color: str = "New colour") -> None:
    for old, new in (("My text", text), ("My colour", color)):
        fake.rename_source(old, new)


def go_on(fake: FakeObs) -> None:
    """The state changes and shows on what is chosen."""
    running = app(fake)
    running.state = type(running.state)(status=type(running.state.status)("Error"), name="Somebody", reason="Try this.")
    fake.script.script._sources._search_at = 0.0  # the next search is 5 s away
    fake.tick(0.5)


RED = 0xFF3B3BFF


def test_sources_renamed_in_obs_stay_chosen_under_their_new_names(fake: FakeObs) -> None:
    choose_own(fake)
    rename_own(fake)
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New colour")) == ("Error", RED)
    assert (fake.saved["text_source"], fake.saved["color_source"]) == ("New text", "New colour"), "saved without a press"
    page = fake.page()
    assert (page["text_source"].value, page["color_source"].value) == ("New text", "New colour")
    assert ("New text", "New text") in page["text_source"].options
    assert [value for _, value in page["text_source"].options] == ["", "New text"]
    fake.updates.clear()
    fake.tick(2.0)
    assert [one for one in fake.updates if one.source.startswith("New")] == []
    fake.choose("text_source", "")
    fake.choose("color_source", "")
    fake.tick(0.3)
    assert (own(fake, "New text"), own(fake, "New colour")) == (WELCOME, TEAL)


@pytest.mark.parametrize("how", ["opened", "refreshed", "edited and refreshed"])
def test_the_page_right_after_a_new_name_drops_no_choice(fake: FakeObs, how: str) -> None:
    choose_own(fake)
    page = fake.page()
    rename_own(fake)
    if how == "edited and refreshed":
        fake.type("username", "abc")
    if how == "opened":
        page = fake.page()
    else:
        fake.press("refresh")
    assert (page["text_source"].value, page["color_source"].value) == ("New text", "New colour")
    fake.tick(0.2)
    assert (own(fake, "New text"), own(fake, "New colour")) == ("Disconnected", 0xFF988F8A)
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New colour")) == ("Error", RED)


def test_sources_renamed_just_before_the_end_are_found_after_it(fake: FakeObs) -> None:
    choose_own(fake)
    rename_own(fake)
    quit_and_come_back(fake, {**fake.settings, "text_source": "My text", "color_source": "My colour"})
    fake.tick(1.0)
    fake.load_collection()
    go_on(fake)
    assert (own(fake, "New text"), own(fake, "New colour")) == ("Error", RED)
    assert (fake.settings["text_source"], fake.settings["color_source"]) == ("New text", "New colour")


def test_another_choice_right_after_a_new_name_gives_back_the_renamed_one(fake: FakeObs) -> None:
    choose_own(fake)
    fake.create_source("text_ft2_source_v2", "Right", {"text": "?"})
    fake.page()
    rename_own(fake)
    fake.choose("text_source", "Right")
    fake.tick(0.3)
    assert [own(fake, name) for name in ("New text", "Right", "New colour")] == [WELCOME, "Disconnected", 0xFF988F8A]


def test_a_deleted_source_stays_chosen_and_the_page_says_that_it_is_not_there(fake: FakeObs) -> None:
    choose_own(fake)
    fake.delete_source("My text")
    fake.delete_source("My colour")
    page = fake.page()
    assert page["text_source"].options[-1] == ("My text (not there)", "My text")
    assert (page["text_source"].value, page["color_source"].value) == ("My text", "My colour")
    go_on(fake)
    fake.press("refresh")
    assert (fake.settings["text_source"], fake.settings["color_source"]) == ("My text", "My colour")
    fake.create_source("text_ft2_source_v2", "My text")
    fake.tick(0.3)
    assert own(fake, "My text") == "Error"
    fake.press("refresh")
    assert page["text_source"].options[-1] == ("My text", "My text")
    fake.choose("color_source", "")
    fake.tick(0.3)


def test_a_turn_looks_up_no_more_names_for_what_is_chosen(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_own(fake)
    fake.press("add_card")
    fake.tick(2.0)
    asked: list[str] = []
    by_name = fake.module.obs_get_source_by_name
    monkeypatch.setattr(fake.module, "obs_get_source_by_name", lambda name: asked.append(name) or by_name(name))
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    fake.run_timers(20)
    assert len(asked) <= 10, "the painter's looks, each second turn"


@pytest.mark.parametrize("how", ["removed", "Defaults"])
def test_a_script_that_goes_gives_back_what_is_the_users(fake: FakeObs, how: str) -> None:
    choose_own(fake)
    if how == "removed":
        fake._unload()
    else:
        fake.defaults_button()
        fake.tick(0.3)
    assert (own(fake, "My text"), own(fake, "My colour")) == (WELCOME, TEAL)


def test_a_folder_that_moved_takes_the_cards_shapes_along(fake: FakeObs) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    right = shapes(fake)
    for piece in right:
        fake.change_filter(f"{CARD}: {piece}", SHAPE, {"image_path": f"/old/vmsc_core/obs/pictures/{piece}.png"})
    fake.rename_source(f"{CARD}: edge", "My edge")
    saved = quit_and_come_back(fake)
    fake.tick(1.0)
    fake.load_collection()
    fake.tick(0.5)
    fake.script.script._sources._search_at = 0.0  # the next search is 5 s away
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
    assert shapes(fake) == {"edge": right["edge"]}


def test_without_a_card_a_turn_looks_for_one_shape_by_name_only(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake)
    fake.tick(0.3)
    asked: list[str] = []
    by_name = fake.module.obs_get_source_by_name
    monkeypatch.setattr(fake.module, "obs_get_source_by_name", lambda name: asked.append(name) or by_name(name))
    monkeypatch.setattr(fake.module, "obs_enum_sources", lambda: pytest.fail("a search"))
    fake.run_timers(6)
    painted = ("name", "title", "detail", "dot")
    assert sorted(asked) == sorted(f"{CARD}: {piece}" for piece in [*painted * 6, *("dot", "edge", "panel") * 2]), (
        "one beside those the painter looks for"
    )


def test_the_card_asked_for_at_start_is_added_when_there_is_a_scene(fake: FakeObs) -> None:
    fake.load_script(SCRIPT, {"add_card_at_start": True})
    fake.tick(0.5)
    fake.load_collection()
    assert [item.name for item in fake.scene_items()] == [CARD]
    fake.delete_source(CARD)
    fake.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_CHANGED"])
    assert fake.scene_items() == []


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


# -- bugs and broken installations


def test_a_turn_that_raises_is_logged_once_and_goes_on(fake: FakeObs) -> None:
    start(fake)

    def fail() -> None:
        raise RuntimeError("a bug")

    good, app(fake).turn = app(fake).turn, fail
    fake.run_timers(30)
    told = [line for _, line in fake.log if "a bug" in line]
    assert 1 <= len(told) <= 2
    app(fake).turn = good
    fake.press("add_card")
    fake.tick(0.3)
    assert text(fake, "title") == "Disconnected"


def test_without_its_package_the_script_loads_and_says_what_to_do(fake: FakeObs, tmp_path: Path) -> None:
    shutil.copy(SCRIPT, tmp_path / "vmsc_alone.py")
    kept = [entry for entry in sys.path if Path(entry or ".").resolve() == ROOT]
    for entry in kept:
        sys.path.remove(entry)  # FakeObs.close puts them back
    fake.load_script(tmp_path / "vmsc_alone.py")
    fake.load_collection()
    page = fake.page()
    assert "vmsc_core" in page.text()
    fake.create_source("text_ft2_source_v2", f"{CARD}: detail")
    fake.tick(1.0)
    assert "vmsc_core" in text(fake, "detail")
    assert len(fake.updates) == 1
    fake.hotkey("Kick: connect")
    fake.reload_script()
    fake.switch_collection("Other")


def test_without_websocket_client_page_and_card_say_so(fake: FakeObs, refused: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "websocket", None)
    start(fake, at(refused))
    page = fake.page()
    assert "websocket-client" in page.text() and "pip install" in page.text()
    command = page.properties.find("install_command")
    assert command.extra["text_type"] == CONSTANTS["OBS_TEXT_MULTILINE"], "one line would show only its end"
    fake.press("add_card")
    fake.press("connect")
    assert fake.page()["status"].text.startswith("State: Error (somebody)<br>websocket-client is missing.")
    fake.tick_until(lambda: status(fake) == "Error")
    fake.tick(0.3)
    assert "websocket-client" in text(fake, "detail").replace("\n", " ")


@pytest.mark.parametrize(
    "settings",
    [
        {"known_channels": "{broken"},
        {"known_channels": 7, "username": ["x"], "connect_wanted": "yes", "text_source": 3},
        {"hotkey_connect": "x", "hotkey_disconnect": {"a": 1}, "poll": "no"},
        {"username": "x" * 5000, "pusher_key": "\x00", "cluster": None},
    ],
)
def test_damaged_settings_do_not_stop_it(fake: FakeObs, settings: dict[str, Any]) -> None:
    start(fake, settings)
    fake.page()
    fake.press("add_card")
    fake.tick(0.5)
    assert text(fake, "title")


def test_the_look_up_page_button_never_opens_another_channels_page(fake: FakeObs) -> None:
    start(fake)
    fake.page()
    fake.type("username", "Some_Body")
    fake.press("open_lookup")
    assert fake.opened_urls == []
    assert "https://kick.com/api/v2/channels/some_body" in fake.page()["status"].text
    fake.press("open_lookup")
    (address,) = fake.opened_urls
    assert address.startswith("https://kick.com/api/") and address.lower().endswith("some_body")


def test_an_address_is_put_on_a_button_once(fake: FakeObs, refused: int) -> None:
    """OBS leaks the address a button had; the fake counts that as broken."""
    start(fake, at(refused, username=""))
    fake.page()
    for name in ("first", "second"):
        fake.type("username", name)
        for button in ("connect", "refresh", "use_paste", "add_card", "disconnect"):
            fake.press(button)
        fake.press("open_lookup")
    assert [address.rsplit("/", 1)[1] for address in fake.opened_urls] == ["first", "second"]
    fake.reload_script()
    fake.page()
    fake.press("open_lookup")
    assert len(fake.opened_urls) == 3


def test_it_writes_few_lines_and_none_that_pops_the_log_up(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    fake.tick(3.0)
    assert len(fake.log) <= 6, fake.log
    assert {level for level, _ in fake.log} <= {CONSTANTS["LOG_INFO"]}


# -- with a Kick that answers


def connected(fake: FakeObs, kick: KickSimulator, **more: Any) -> None:
    start(fake, at_kick(kick, **more))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")


def test_the_card_follows_the_connection(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.tick(0.2)
    assert (text(fake, "name").lower(), text(fake, "title")) == ("speedy", "Connected")
    kick.go_live("speedy")
    fake.tick_until(lambda: text(fake, "title") == "Live", what="Live on the card")
    kick.chat("speedy", 7)
    fake.tick_until(lambda: "7 events" in text(fake, "detail"), what="7 events on the card")
    kick.drop()
    fake.tick_until(lambda: text(fake, "title") == "Reconnecting", what="Reconnecting on the card")
    fake.tick_until(lambda: text(fake, "title") in ("Connected", "Live"), what="the connection to come back")


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
        second.tick_until(lambda: status(second) == "Connected", what="Connected by itself")
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


def test_another_name_stops_the_old_link_and_starts_a_new_one(fake: FakeObs, kick: KickSimulator) -> None:
    kick.add_channel("other")
    connected(fake, kick)
    fake.type("username", "other")
    fake.press("connect_again")
    fake.tick_until(lambda: status(fake) == "Connected" and app(fake).state.name.lower() == "other", what="the other")
    assert max(fake.turn_seconds) < 0.5, "no turn waits for a thread"
    kick.wait(lambda: kick.sockets_open == 1, what="the old socket to close")


def test_chat_costs_at_most_one_text_a_turn(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.run_timers(10)
    fake.updates.clear()
    kick.chat("speedy", 500)
    fake.tick_until(lambda: app(fake).state.events >= 500, 10, "500 events")
    fake.run_timers(1)
    written = [one for one in fake.updates if "text" in one.values]
    assert {one.source for one in written} == {f"{CARD}: detail"}
    assert len(written) == len({one.turn for one in written})


def test_an_unknown_channel_is_an_error(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick, username="nobody_here"))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error", what="Error")
    fake.tick(0.2)
    assert text(fake, "title") == "Error" and len(text(fake, "detail")) > 20
    fake.press("refresh")
    assert fake._page["status"].info_type != CONSTANTS["OBS_TEXT_INFO_NORMAL"]


@pytest.mark.parametrize("name", ["half \ud83d emoji", "zero\0byte", "two\nlines", "<b>bold</b>", "x" * 300])
def test_whatever_kick_calls_the_channel_the_card_lives_on(fake: FakeObs, kick: KickSimulator, name: str) -> None:
    kick.add_channel("odd", username=name)
    connected(fake, kick, username="odd")
    kick.go_live("odd")
    fake.tick_until(lambda: text(fake, "title") == "Live", what="Live on the card")
    fake.page()


@pytest.mark.parametrize("reason", ["zero\0byte", "<b>bold</b>", "two\nlines", "long " * 200])
def test_whatever_kick_says_at_a_close_the_card_lives_on(fake: FakeObs, kick: KickSimulator, reason: str) -> None:
    connected(fake, kick)
    kick.error(4100, reason, close=True)
    fake.tick_until(lambda: text(fake, "title") == "Reconnecting", what="Reconnecting on the card")
    fake.page()


@pytest.mark.parametrize(("folder", "quoted"), [("C:\\Kick", False), ("C:\\Users\\A B\\Kick", True)])
def test_the_command_is_quoted_only_where_it_must_be(fake: FakeObs, folder: str, quoted: bool) -> None:
    setup = fake.import_module("vmsc_core.obs.python_setup")
    assert ('"' in setup.command(folder).partition("--target")[2]) is quoted
    assert "Command Prompt" in setup.how_to_run("win32") and "terminal" in setup.how_to_run("darwin")


def test_a_healthy_python_is_shown_no_command(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    assert "pip install" not in fake.page().text()


def test_a_card_in_the_scene_is_painted_too_when_own_sources_are_chosen(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("add_card")
    fake.press("connect")
    fake.tick_until(lambda: text(fake, "title") == "Reconnecting")
    fake.create_source("text_ft2_source_v2", "My text")
    fake.page()
    fake.choose("text_source", "My text")
    fake.press("disconnect")
    fake.tick(0.5)
    assert text(fake, "title") == "Disconnected"
    assert "Disconnected" in fake.source("My text").settings["text"]


def test_a_script_that_is_removed_leaves_a_card_that_says_disconnected(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    fake.tick(0.3)
    assert text(fake, "title") == "Connected"
    fake._unload()
    assert text(fake, "title") == "Disconnected"
    assert fake.source(f"{CARD}: dot").settings["color"] & 0xFFFFFFFF == 0xFF988F8A


def test_a_broken_installation_does_not_leave_connected_on_the_card(fake: FakeObs) -> None:
    red = 0xFF3B3BFF
    start(fake)
    for piece, kind in (("title", "text_ft2_source_v2"), ("detail", "text_ft2_source_v2"), ("dot", "color_source_v3")):
        fake.create_source(kind, f"{CARD}: {piece}", {"text": "Connected", "color": 0xFF18FC53})
    fake.script.core, fake.script.script = None, None
    fake.script.trouble = "Python 3.8 is too old: this script needs 3.9 or newer. Install Python from python.org, then choose it."
    fake.tick(0.3)
    assert text(fake, "title") == "Error" and fake.source(f"{CARD}: dot").settings["color"] == red
    assert max(map(len, text(fake, "detail").split("\n"))) <= 52


def test_a_paste_while_connected_leads_to_the_pasted_channel(fake: FakeObs, kick: KickSimulator) -> None:
    # Wrong ids are remembered and the look-up is blocked: Connected, and nothing arrives.
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
    fake.tick_until(lambda: app(fake).state.events == 2, what="two events")
    assert fake.settings["channel_id"] == ""


@pytest.mark.parametrize("typed", ["böb", ""])
def test_a_paste_brings_its_name_where_none_can_be_used(fake: FakeObs, kick: KickSimulator, typed: str) -> None:
    start(fake, at_kick(kick, username=typed))
    fake.page()
    fake.type("paste", "11624, 918")
    fake.press("use_paste")
    assert "Type your Kick username first" in fake.page()["status"].text and shown(fake) == ["Connect"]
    right = kick.channels["speedy"]
    page = {"id": right.channel_id, "slug": "speedy", "chatroom": {"id": right.chatroom_id}, "user": {"username": "Speedy"}}
    fake.type("paste", json.dumps(page))
    fake.press("use_paste")
    assert fake.settings["username"] == "speedy"
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected with the pasted ids")


def test_a_second_copy_says_how_to_start_it_once_the_first_is_gone(fake: FakeObs, tmp_path: Path) -> None:
    start(fake)
    module, first = fake.script, fake.script.script_path
    module.script_path = lambda: f"{tmp_path}/"
    assert "Another copy of this script is loaded already" in fake.page().text()
    module.script_path = first
    fake.call(module.script_unload)
    module.script_path = lambda: f"{tmp_path}/"
    assert "Press Reload (the round arrow under the list) to start this copy." in fake.page().text()
    module.script_path = first


@pytest.mark.parametrize("odd", ["\udcff", "\0", "é日"])
def test_a_trouble_that_names_an_odd_path_is_written_and_leaks_nothing(fake: FakeObs, odd: str) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.call(fake.script.script_unload)
    fake.script.core, fake.script.trouble = None, f"The script's files are incomplete (OSError: /home/{odd})."
    before = len(fake.unreleased())
    for _ in range(5):
        fake.call_on_graphics(fake.script.on_timer)
    assert len(fake.unreleased()) == before
    assert "files are incomplete" in text(fake, "detail")
    assert "files are incomplete" in fake.page().text()


def test_a_write_that_raises_lets_go_of_what_it_holds(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.call(fake.script.script_unload)
    fake.script.core, fake.script.trouble = None, "Something is wrong."
    monkeypatch.setattr(fake.script, "read_from", lambda *_: 1 / 0)
    before = len(fake.unreleased())
    fake.call_on_graphics(fake.script.on_timer)
    assert len(fake.unreleased()) == before


def test_reload_of_a_second_copy_with_the_same_file_name_leaves_the_first_at_work(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    module, first, own_path = fake.script, fake.script.script, fake.script.script_path
    module.script_path = lambda: "elsewhere/"
    fake.call(module.script_unload)
    fake.call(lambda: importlib.reload(module))
    module.script_path = own_path
    assert module.script is first and len(module.hotkeys) == 2
    kick.chat("speedy", 3)
    fake.tick_until(lambda: "3 events" in text(fake, "detail"), what="three events")
    fake._unload()
    assert module.script is None and fake.threads == []
