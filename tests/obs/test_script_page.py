"""The script's page in a fake OBS: what it says and does, press by press."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs
from kick_simulator import KickSimulator
from obs.session import REFRESH, app, at, at_kick, failed, lines, shown, start, status, text

from vmsc_core.settings import SECTIONS, section_key


def test_typing_never_connects(fake: FakeObs, refused: int) -> None:
    start(fake, {**at(refused), "username": ""})
    fake.type("username", "kick.com/Some_Body?x=1")
    fake.tick(0.5)
    assert fake.threads == []
    assert status(fake) == "Disconnected"
    assert not fake.settings["connect_wanted"]


def test_connect_becomes_disconnect_on_the_page_it_stands_on(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.page()
    assert shown(fake) == ["Connect"]
    assert fake.press("connect") is True
    assert shown(fake) == ["Reconnect", "Disconnect"]
    fake.tick_until(lambda: status(fake) == "Connecting" and fake.threads, what="Connecting")
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


def test_reconnect_really_does(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    link = app(fake)._link
    fake.press("reconnect")
    assert lines(fake) == ["State: Connecting (speedy)", REFRESH]
    fake.tick_until(lambda: status(fake) == "Connected" and app(fake)._link is not link, what="another connection")
    kick.wait(lambda: kick.sockets_open == 1, 5, "the old socket to close")


def test_connect_on_an_old_page_names_the_channel_and_keeps_the_connection(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    assert shown(fake) == ["Connect"]
    fake.hotkey("Kick: connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    link = app(fake)._link
    fake.press("connect")
    assert "Already connected to Speedy." in lines(fake) and shown(fake) == ["Reconnect", "Disconnect"]
    fake.tick(0.2)
    assert app(fake)._link is link
    fake.press("refresh")
    assert "Already connected to Speedy." not in lines(fake)


def test_a_pasted_address_becomes_the_name(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent, username="https://kick.com/Some_Body?x=1"))
    fake.press("connect")
    assert fake.settings["username"] == fake.saved["username"] == "Some_Body"
    assert lines(fake)[0] == "State: Connecting (Some_Body)"


def test_another_name_gets_a_button_of_its_own_once_the_page_is_drawn_again(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.press("connect")
    fake.type("username", "kick.com/Dayfox")
    assert shown(fake) == ["Reconnect", "Disconnect"], "nothing is drawn while somebody types"
    fake.press("refresh")
    assert shown(fake) == ["Connect to Dayfox", "Disconnect"]
    fake.press("connect_other")
    assert shown(fake) == ["Reconnect", "Disconnect"] and lines(fake)[0] == "State: Connecting (Dayfox)"


# -- waiting for the outcome


def test_the_page_waits_for_what_comes_of_a_press(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    fake.page()
    fake.script.script.page.outcome_timeout = 10.0
    with fake.timers_on_their_own():
        fake.press("connect")
    assert lines(fake)[0] == "State: Connected (Speedy)"


def test_an_outcome_that_comes_while_the_page_is_drawn_is_on_it(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    fake.page()
    properties = fake.script.script.page.press.__globals__["properties"]
    draw = properties.refresh

    def draw_slowly(*arguments: Any) -> None:
        draw(*arguments)
        with fake.timers_on_their_own():
            kick.wait(lambda: status(fake) == "Connected", 10, "the outcome")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(properties, "refresh", draw_slowly)
        fake.press("connect")
    assert lines(fake)[0] == "State: Connected (Speedy)"


def test_it_does_not_wait_for_ever_and_not_after_other_presses(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    pauses: list[float] = []
    page, clock = fake.script.script.page, app(fake)._clock

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        app(fake)._clock = lambda: clock() + sum(pauses)

    page._pause, page.outcome_timeout = pause, 1.0
    for button in ("add_card", "refresh", "disconnect"):
        if button in shown(fake) or button != "disconnect":
            fake.press(button)
    assert pauses == []
    fake.press("connect")
    assert sum(pauses) == pytest.approx(1.0, abs=0.1) and lines(fake)[0] == "State: Connecting (somebody)"


# -- sections


def test_a_section_opens_and_closes_by_its_tick(fake: FakeObs) -> None:
    start(fake, {section_key(section): False for section in SECTIONS})
    assert not fake.page()["pusher_key"].visible
    fake.choose("show_advanced", True)
    assert fake._page["pusher_key"].visible and not fake._page["text_source"].visible
    fake.choose("show_advanced", False)
    assert not fake._page["pusher_key"].visible


def test_a_section_stays_open_over_a_restart(fake: FakeObs) -> None:
    start(fake, {section_key(section): False for section in SECTIONS})
    fake.page()
    fake.choose("show_history", True)
    fake.reload_script()
    assert fake.page()["history"].visible


def test_a_blocked_lookup_opens_its_section_once(fake: FakeObs, kick: KickSimulator) -> None:
    kick.fault.lookup = 403
    start(fake, at_kick(kick, show_blocked=False))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Error", what="Error")
    assert fake.page()["open_lookup"].visible and fake.settings["show_blocked"] is True
    fake.choose("show_blocked", False)
    fake.press("refresh")
    assert not fake._page["open_lookup"].visible, "the user closed it"


def test_empty_settings_close_no_section(fake: FakeObs) -> None:
    """Up to OBS 30.2 a row's callback comes with them after Add and Reload."""
    start(fake)
    page = fake.page()
    tick = page.properties.find("show_advanced")
    assert tick is not None
    assert fake._modified(tick, type(fake._settings)()) is None
    assert fake._page["pusher_key"].visible


def test_the_history_is_a_list_with_a_heading_and_whole_sentences(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    assert lines(fake, "history") == ["Nothing has happened yet."]
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.press("refresh")
    happened = lines(fake, "history")
    assert [line.split(" ", 1)[1] for line in happened] == ["Connecting.", "Connected."]


def test_the_page_is_in_the_order_of_use(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("connect")
    fake.tick_until(lambda: app(fake).history, what="a line of history")
    for name in ("somebody", "another"):
        fake.type("username", name)
        fake.press("refresh")
        page = fake._page or fake.page()
        rows = [row for row in page.drawn.values() if row.visible]
        order = [row.name for row in rows if not row.name.startswith("show_")]
        connect = "reconnect" if name == "somebody" else "connect_other"
        assert order[:8] == [
            "username",
            connect,
            "disconnect",
            "status",
            "refresh",
            "add_card",
            "servers",
            "text_source",
        ]
        labels = [row.text for row in rows if row.name in ("open_lookup", "paste", "use_paste")]
        assert labels == ["1. Lookup page", "2. Paste", "3. Use this text"]
        fake.type("paste", "kept")
        fake.press("open_lookup")


def test_first_run_help_goes_once_a_connection_has_worked(fake: FakeObs) -> None:
    start(fake)
    assert fake.page()["welcome"].visible
    fake.remove_and_add({"connected_once": True, "username": "x"})
    assert not fake.page()["welcome"].visible


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
    assert page["status"].text.startswith("<qt><b>State: Error")


def test_text_from_outside_is_escaped_on_the_page(fake: FakeObs) -> None:
    start(fake)
    state = app(fake).state
    reason = fake.import_module("vmsc_core.reasons").because("closed", answer="<a href='x'>click</a>")
    app(fake).state = type(state)(status=type(state.status)("Error"), reason=reason, name="<b>x</b>")
    assert "<a " not in fake.page()["status"].text and "<b>x" not in fake.page()["status"].text


@pytest.mark.usefixtures("no_websocket_client")
def test_without_websocket_client_page_and_card_say_so(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    page = fake.page()
    assert "websocket-client" in page.text() and "pip install" in page.text()
    command = page.properties.find("install_command")
    assert command.extra["text_type"] == CONSTANTS["OBS_TEXT_MULTILINE"], "one line would show only its end"
    fake.press("add_card")
    fake.press("connect")
    assert lines(fake)[:2] == ["State: Error (somebody)", "websocket-client is missing."]
    assert lines(fake)[2].startswith("Press Install library.")
    assert len(lines(fake)) == 4, "and where the command is typed"
    fake.tick_until(lambda: status(fake) == "Error")
    fake.tick(0.3)
    assert "websocket-client" in text(fake, "detail").replace("\n", " ")


def test_a_healthy_python_is_shown_no_command(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    assert "pip install" not in fake.page().text()


# -- between a press and the next turn of the timer, and in Error


def test_right_after_a_press_the_page_tells_of_the_new_wish_only(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.press("refresh")
    page = fake.page()
    assert "speedyy" in page["status"].text and "<b>" in page["status"].text
    for name, button in (("Speedy", "connect"), ("Other", "reconnect")):
        fake.type("username", name)
        fake.press(button)
        page = fake.page()
        assert lines(fake) == [f"State: Connecting ({name})", REFRESH]
        assert "<b>" not in page["status"].text
        fake.tick_until(lambda: status(fake) != "Connecting", what="an answer")
        fake.press("refresh")
    fake.press("disconnect")
    assert lines(fake) == ["State: Disconnected"]


def test_a_paste_tells_of_the_new_wish_and_is_forgotten_with_the_next_press(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.type("username", "speedy")
    fake.type("paste", "1, 2")
    fake.press("use_paste")
    saved = "Saved. You won't have to do this again."
    assert lines(fake) == ["State: Connecting (speedy)", REFRESH], "and nothing of the name that was unknown"
    assert lines(fake, "answer_blocked") == [saved], "beside the button that was pressed"
    fake.press("refresh")
    assert not fake._page["answer_blocked"].visible


def test_only_while_it_waits_the_page_says_that_it_stands_still(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick))
    assert REFRESH not in fake.page().text()
    fake.press("connect")
    assert REFRESH in fake.page().text()
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    assert REFRESH not in fake.page().text()
    kick.drop()
    fake.tick_until(lambda: status(fake) == "Reconnecting", what="Reconnecting")
    assert REFRESH in fake.page().text()


def test_in_error_connect_tries_anew_and_disconnect_gives_up(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    fake.press("refresh")
    assert shown(fake) == ["Connect", "Disconnect"]
    assert fake.saved["connect_wanted"] is True, "the next start tries again"
    asked = len(kick.lookups)
    fake.press("connect")
    fake.tick_until(lambda: len(kick.lookups) > asked and status(fake) == "Error", what="a second lookup")
    fake.press("refresh")
    fake.press("disconnect")
    fake.tick(0.2)
    assert status(fake) == "Disconnected" and fake.saved["connect_wanted"] is False
    assert shown(fake) == ["Connect"]


def test_what_was_drawn_before_the_error_does_what_its_label_says(fake: FakeObs, kick: KickSimulator) -> None:
    failed(fake, kick)
    assert shown(fake) == ["Reconnect", "Disconnect"]
    fake.type("username", "speedy")
    fake.press("reconnect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    fake.hotkey("Kick: disconnect")
    fake.tick(0.2)
    fake.press("disconnect")
    fake.tick(0.2)
    assert status(fake) == "Disconnected", "a second Disconnect is none"
    fake.hotkey("Kick: connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected by the hotkey")
    link = app(fake)._link
    fake.press("refresh")
    assert app(fake)._link is link


# -- the lookup page and the paste


def test_the_look_up_page_button_never_opens_another_channels_page(fake: FakeObs) -> None:
    start(fake)
    fake.page()
    fake.type("username", "Some_Body")
    fake.press("open_lookup")
    assert fake.opened_urls == []
    assert "https://kick.com/api/v2/channels/some_body" in fake._page["answer_blocked"].text
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


@pytest.mark.parametrize("typed", ["böb", ""])
def test_a_paste_brings_its_name_where_none_can_be_used(fake: FakeObs, kick: KickSimulator, typed: str) -> None:
    start(fake, at_kick(kick, username=typed))
    fake.page()
    fake.type("paste", "11624, 918")
    fake.press("use_paste")
    assert "Enter your Kick username first, then press the button again." in lines(fake, "answer_blocked") and shown(fake) == [
        "Connect"
    ]
    right = kick.channels["speedy"]
    page = {"id": right.channel_id, "slug": "speedy", "chatroom": {"id": right.chatroom_id}, "user": {"username": "Speedy"}}
    fake.type("paste", json.dumps(page))
    fake.press("use_paste")
    assert fake.settings["username"] == "speedy"
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected with the pasted ids")
