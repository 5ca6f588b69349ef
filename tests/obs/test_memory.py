"""What a scene collection brings along: remembered where it is this computer's own, doubted where it may be a stranger's."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.session import CARD, SCRIPT, app, at, at_kick, lines, quit_and_come_back, shown, start, status, text

LINK = "<a href='http://example.com'>Sign in with Kick</a>"
CUSTOM = "Custom servers are set; press Connect"


def stranger(port: int, **more: Any) -> dict[str, Any]:
    """Settings of somebody else's scene collection: everything is as if it had been connected before."""
    return at(port, connected_once=True, connect_wanted=True, **more)


def rich_texts(fake: FakeObs) -> list[str]:
    return [row.shown for row in fake.page().drawn.values() if row.kind == "text"]


@pytest.mark.parametrize(
    "where", ["welcome", "status", "servers", "history", "trouble", "answer_blocked", "version", "connect", "refresh"]
)
def test_what_a_collection_holds_for_an_information_row_is_not_drawn(fake: FakeObs, where: str) -> None:
    start(fake, {where: LINK})
    assert LINK not in fake.page().text()
    assert where not in fake.settings
    fake._save_project()
    assert where not in fake.saved


def test_it_is_not_drawn_where_there_is_no_core_or_another_copy_either(fake: FakeObs) -> None:
    fake.load_script(SCRIPT, {"trouble": LINK})
    fake.script.core, fake.script.script, fake.script.trouble = None, None, "Something is wrong."
    assert "Something is wrong." in fake.page().text() and LINK not in fake.page().text()


def test_what_is_written_into_the_settings_later_is_not_drawn(fake: FakeObs) -> None:
    start(fake)
    assert fake._settings is not None
    fake._settings.values["status"] = fake._settings.values["history"] = LINK
    assert LINK not in fake.page().text()
    fake._settings.values["status"] = LINK
    fake.press("refresh")
    assert LINK not in fake._page.text() and "status" not in fake.settings


ONE_SERVER = [
    {"lookup_address": "https://example.com/"},
    {"websocket_address": "wss://example.com/"},
    {"negotiation_address": "https://kick.com.example.com/"},
    {"token_address": "https://notkick.com/"},
    {"allowed_hosts": "example.com"},
    {"lookup_address": "http://127.0.0.1:9/"},
]


@pytest.mark.parametrize("servers", ONE_SERVER, ids=str)
def test_a_strangers_servers_wait_for_a_press(fake: FakeObs, servers: dict[str, str]) -> None:
    start(fake, {"username": "somebody", "connected_once": True, "connect_wanted": True, **servers})
    fake.press("add_card")
    fake.tick(0.5)
    assert fake.threads == [] and status(fake) == "Error"
    assert CUSTOM in " ".join(text(fake, "detail").split()) and CUSTOM in lines(fake)[1]
    assert lines(fake, "servers") and shown(fake) == ["Connect", "Disconnect"]


@pytest.mark.parametrize(
    "servers",
    [
        {},
        {"lookup_address": "https://kick.com/api/v2/channels/", "websocket_address": "wss://ws-eu.pusher.com/app/x"},
        {"allowed_hosts": "kick.com, pusher.com,web.kick.com"},
    ],
    ids=str,
)
def test_kicks_own_servers_do_not(fake: FakeObs, monkeypatch: pytest.MonkeyPatch, servers: dict[str, str]) -> None:
    fake.load_script(SCRIPT)
    app_module = fake.import_module("vmsc_core.app")
    monkeypatch.setattr(app_module.App, "_start", lambda app, wish: None)
    fake.remove_and_add({"username": "somebody", "connected_once": True, "connect_wanted": True, **servers})
    assert app(fake).wish is not None and "Custom" not in fake.page().text()


@pytest.mark.parametrize("how", ["button", "hotkey"])
def test_after_a_press_the_same_servers_are_used_at_start(fake: FakeObs, refused: int, how: str) -> None:
    start(fake, stranger(refused))
    fake.tick(0.3)
    assert status(fake) == "Error" and fake.threads == []
    if how == "button":
        fake.press("connect")
    else:
        fake.hotkey("Kick: connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    quit_and_come_back(fake, stranger(refused))
    fake.load_collection()
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    quit_and_come_back(fake, stranger(refused, allowed_hosts="example.com"))
    fake.load_collection()
    fake.tick(0.3)
    assert status(fake) == "Error" and app(fake).state.reason.key == "custom_servers", "not with others"


def test_the_page_names_them_while_they_are_used(fake: FakeObs, kick: KickSimulator) -> None:
    start(fake, at_kick(kick, allowed_hosts="<b>example.com</b>"))
    assert not fake.page()["servers"].visible
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Connected", what="Connected")
    (named,) = lines(fake, "servers")
    assert fake.page()["servers"].visible and named.endswith(": 127.0.0.1, &lt;b&gt;example.com&lt;/b&gt;")
    fake.press("disconnect")
    fake.tick(0.3)
    assert not fake.page()["servers"].visible


def test_a_disk_that_takes_nothing_asks_again_at_the_next_start(
    fake: FakeObs, refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(fake, stranger(refused))
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(PermissionError))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    quit_and_come_back(fake, stranger(refused))
    fake.tick(0.3)
    assert app(fake).state.reason.key == "custom_servers" and CARD
