"""One turn of the timer after the other: what is wanted, what runs, what shows. The world is scripted, the clock stands still."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Optional

import pytest
from fakes import FakeSources, acknowledged, chat

from vmsc_core.app import EVENTS_PER_TURN, HISTORY_LINES, App
from vmsc_core.events import ChannelFound, ChatMessage, LinkChanged, Notice, Signal, Status
from vmsc_core.link.http import Answer
from vmsc_core.link.link import Ports
from vmsc_core.link.errors import CannotConnect, Stopped
from vmsc_core.link.errors import ConnectionLost
from vmsc_core.settings import REMEMBERED_CHANNELS, KnownChannel, Wish

HELLO = '{"event":"pusher:connection_established","data":"{\\"socket_id\\":\\"1.1\\",\\"activity_timeout\\":120}"}'
OFFLINE = CannotConnect("kick.com cannot be found. Check your internet connection; it tries again by itself.")
ANNA, BERT = Wish(username="anna", poll=False), Wish(username="bert", poll=False)


class Station:
    """Kick, as far as an App sees it: two channels, and WebSockets that greet, acknowledge and hand out what a test puts in."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.channels = {"anna": (11, 1), "bert": (22, 2)}
        self.live: Optional[int] = None
        self.asked: list[str] = []
        self.offline = 0  # so many connections fail
        self.slow = False  # the look-up takes for ever
        self.go = threading.Event()  # ends a waiting between two tries
        self.sockets: list[ScriptedSocket] = []

    def ports(self) -> Ports:
        return Ports(
            http=lambda stop: FakeHttp(self, stop),
            transport=lambda stop: ScriptedSocket(self, stop),
            monotonic=lambda: self.now,
            wall=lambda: self.now,
            wait=self.wait,
        )

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        while seconds > 0.01 and not self.go.is_set() and not stop.wait(0.002):
            pass
        return stop.is_set()


class FakeHttp:
    def __init__(self, station: Station, stop: threading.Event) -> None:
        self.station = station
        self.stop = stop

    def request(self, method: str, url: str, body: str = "", limit: float = 10.0) -> Answer:
        station = self.station
        if method == "POST":
            raise OFFLINE
        slug = url.rpartition("/")[2]
        station.asked.append(slug)
        if station.slow:
            self.stop.wait(30)
            raise Stopped
        if slug not in station.channels:
            return Answer(404, "")
        channel_id, chatroom_id = station.channels[slug]
        stream = None if station.live is None else {"id": station.live, "is_live": True}
        page = {"id": channel_id, "slug": slug, "user": {"username": slug.capitalize()}, "chatroom": {"id": chatroom_id}}
        return Answer(200, json.dumps({**page, "followers_count": 5, "livestream": stream}))

    def curl(self, url: str, limit: float = 10.0) -> Answer:
        raise OFFLINE


class ScriptedSocket:
    def __init__(self, station: Station, stop: threading.Event) -> None:
        self.station = station
        self.stop = stop
        self.coming: deque[Any] = deque()
        self.closed = False

    def open(self, url: str, due: float, origin: str) -> None:
        if self.station.offline:
            self.station.offline -= 1
            raise OFFLINE
        self.coming.append(HELLO)
        self.station.sockets.append(self)

    def send(self, text: str) -> None:
        frame = json.loads(text)
        if frame["event"] == "pusher:subscribe":
            self.coming.append(acknowledged(frame["data"]["channel"]))

    def receive(self, timeout: float) -> Optional[str]:
        if not self.coming:
            self.stop.wait(0.002)
        if self.stop.is_set():
            raise Stopped
        if self.closed:
            raise ConnectionLost(None, "closed")
        if not self.coming:
            return None
        what = self.coming.popleft()
        if isinstance(what, Exception):
            raise what
        return str(what)

    def close(self) -> None:
        self.closed = True


class Stage:
    """An App with its station and its sources."""

    def __init__(self) -> None:
        self.station = Station()
        self.sources = FakeSources()
        self.app = self.another_app()

    def another_app(self) -> App:
        return App(self.sources, lambda: self.station.now, self.station.ports())

    def until(self, true: Callable[[], Any]) -> None:
        """Turns of the timer until something is true."""
        pause, give_up = threading.Event(), time.monotonic() + 10
        while not true():
            assert time.monotonic() < give_up, (self.app.state, list(self.app.history))
            self.app.turn()
            pause.wait(0.001)

    def until_status(self, status: Status) -> None:
        self.until(lambda: self.app.state.status is status)

    def until_open(self, sockets: int = 1) -> ScriptedSocket:
        self.until(lambda: len(self.station.sockets) >= sockets and self.app.state.status in (Status.CONNECTED, Status.LIVE))
        return self.station.sockets[-1]

    def turns(self, count: int = 10) -> None:
        for _ in range(count):
            self.app.turn()


@pytest.fixture
def stage() -> Iterator[Stage]:
    one = Stage()
    yield one
    assert one.app.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("vmsc")] == []


def links(app: App) -> int:
    return len(app._ending) + (app._link is not None)


# -- the wish ---------------------------------------------


def test_without_a_wish_nothing_is_asked_and_the_card_says_how_to_begin(stage):
    stage.turns()
    assert (stage.app.state.status, stage.station.asked, links(stage.app)) == (Status.DISCONNECTED, [], 0)
    assert stage.sources.texts["title"] == "Disconnected" and "Connect" in stage.sources.texts["detail"]


def test_a_wish_becomes_a_connection_and_shows_on_the_card(stage):
    stage.app.connect(ANNA)
    assert stage.app.state.status is Status.DISCONNECTED  # the UI thread only sets the wish
    stage.until_open()
    assert (stage.sources.texts["name"], stage.sources.texts["title"]) == ("Anna", "Connected")
    assert stage.sources.colors["dot"] == (0x53FC18, 255)


def test_the_typed_name_shows_until_the_channels_own_is_known(stage):
    stage.station.slow = True
    stage.app.connect(replace(ANNA, username=" anna \n"))
    stage.until_status(Status.CONNECTING)
    assert stage.sources.texts["name"] == "anna"


def test_the_last_wish_wins_and_those_between_two_turns_never_begin(stage):
    for wish in (ANNA, BERT, ANNA, BERT):
        stage.app.connect(wish)
    stage.until_open()
    assert stage.app.state.name == "Bert"
    assert set(stage.station.asked) == {"bert"} and len(stage.station.sockets) == 1


def test_connect_and_disconnect_between_two_turns_is_nothing(stage):
    stage.app.connect(ANNA)
    stage.app.disconnect()
    stage.turns()
    assert (links(stage.app), stage.station.asked, list(stage.app.history)) == (0, [], [])


def test_the_same_wish_again_keeps_the_connection(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    stage.app.connect(replace(ANNA, known={"somebody": KnownChannel(5)}))
    stage.turns()
    assert len(stage.station.sockets) == 1 and not stage.station.sockets[0].closed


def test_another_name_while_connected_leads_to_the_other_channel(stage):
    stage.app.connect(ANNA)
    old = stage.until_open()
    stage.app.connect(BERT)
    stage.until_open(2)
    assert stage.app.state.name == "Bert" and old.stop.is_set()
    stage.until(lambda: links(stage.app) == 1)
    assert old.closed


def test_late_events_of_the_old_link_do_not_show(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    old_inbox = stage.app._inbox
    stage.app.connect(BERT)
    stage.until_open(2)
    before, known = stage.app.state, dict(stage.app.known)
    for event in (
        ChatMessage("1", "a", "x"),
        LinkChanged(Signal.REFUSED, "An old trouble."),
        ChannelFound("anna", "Old", 5, 6),
        Notice("old", on_card=True),
    ):
        old_inbox.put(event)
    stage.turns()
    assert (stage.app.state, dict(stage.app.known)) == (before, known)


def test_late_events_after_disconnect_do_not_show(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    old_inbox = stage.app._inbox
    stage.app.disconnect()
    stage.app.turn()
    old_inbox.put(LinkChanged(Signal.READY, at=1.0))
    stage.turns()
    assert stage.app.state.status is Status.DISCONNECTED


def test_disconnect_ends_the_connection_and_keeps_the_name(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    stage.app.disconnect()
    stage.app.turn()
    assert (stage.app.state.status, stage.app.state.name, stage.app.state.events) == (Status.DISCONNECTED, "Anna", 0)
    stage.until(lambda: links(stage.app) == 0)
    assert socket.closed


def test_a_turn_does_not_wait_for_a_link_that_hangs(stage):
    stage.station.slow = True
    for wish in (ANNA, BERT, None, ANNA):
        stage.app.connect(wish) if wish else stage.app.disconnect()
        started = time.monotonic()
        stage.app.turn()
        assert time.monotonic() - started < 0.5


def test_many_presses_leave_one_link(stage):
    for _ in range(50):
        stage.app.connect(ANNA)
        stage.app.turn()
        stage.app.disconnect()
        stage.app.turn()
    stage.app.connect(BERT)
    stage.until(lambda: stage.app.state.name == "Bert" and stage.app.state.status is Status.CONNECTED)
    stage.until(lambda: links(stage.app) == 1)


# -- Error and back ---------------------------------------------


def test_an_error_says_what_to_do_on_the_card(stage):
    stage.app.connect(Wish(username="nobody"))
    stage.until_status(Status.ERROR)
    stage.app.turn()
    assert stage.sources.texts["title"] == "Error"
    assert stage.sources.texts["detail"].split() == stage.app.state.reason.split()
    assert "nobody" in stage.app.state.reason and "Check the spelling" in stage.app.state.reason


def test_connect_pressed_in_error_begins_anew(stage):
    stage.app.connect(Wish(username="nobody"))
    stage.until_status(Status.ERROR)
    stage.station.channels["nobody"] = (33, 3)
    stage.app.connect(Wish(username="nobody"))
    stage.until_open()
    assert stage.app.state.name == "Nobody"


def test_connect_pressed_while_connected_after_an_error_changes_nothing(stage):
    stage.app.connect(Wish(username="nobody"))
    stage.until_status(Status.ERROR)
    stage.station.channels["nobody"] = (33, 3)
    stage.app.connect(Wish(username="nobody"))
    stage.until_open()
    stage.app.connect(Wish(username="nobody"))
    stage.turns()
    assert len(stage.station.sockets) == 1


def test_a_problem_of_the_settings_is_an_error(stage):
    stage.app.connect(read_wish({"username": "anna", "websocket_address": "ws://relay.example"}))
    stage.until_status(Status.ERROR)
    assert "WebSocket address" in stage.app.state.reason and stage.station.asked == []


# -- what happened ---------------------------------------------


def test_events_are_counted_from_the_connection_on(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.coming.extend(chat(str(number), chatroom=1) for number in range(7))
    stage.until(lambda: stage.app.state.events == 7)
    assert stage.sources.texts["detail"].startswith("7 events")


def test_count_and_uptime_begin_anew_with_the_next_connection(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.coming.append(chat("one", chatroom=1))
    stage.until(lambda: stage.app.state.events == 1)
    stage.station.now += 10
    stage.app.turn()
    assert "0:10" in stage.sources.texts["detail"]
    socket.coming.append(ConnectionLost(None, ""))
    stage.until_status(Status.RECONNECTING)
    stage.app.turn()
    assert stage.sources.texts["detail"].startswith("Next try in 1 s  ·  attempt 1\n")
    stage.station.go.set()
    stage.until_open(2)
    stage.app.turn()
    assert stage.sources.texts["detail"].startswith("0 events  ·  connected 0:00")


def test_connecting_in_mid_stream_shows_live_and_pulses(stage):
    stage.station.live = 7
    stage.app.connect(ANNA)
    stage.until_status(Status.LIVE)
    alphas = set()
    for _ in range(20):
        stage.station.now += 0.1
        stage.app.turn()
        alphas.add(stage.sources.colors["dot"][1])
    assert len(alphas) > 5


def test_one_turn_takes_a_bounded_number_of_events_and_the_rest_comes_later(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    inbox = stage.app._inbox
    for number in range(2 * EVENTS_PER_TURN + 1):
        inbox.put(ChatMessage(str(number), "a", "x"))
    counts = []
    for _ in range(4):
        stage.app.turn()
        counts.append(stage.app.state.events)
    assert counts == [EVENTS_PER_TURN, 2 * EVENTS_PER_TURN, 2 * EVENTS_PER_TURN + 1, 2 * EVENTS_PER_TURN + 1]


def test_an_idle_turn_writes_nothing(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    stage.turns()
    writes = stage.sources.writes
    stage.turns(100)
    assert stage.sources.writes == writes


def test_other_sources_get_everything_anew(stage):
    stage.turns()
    others = FakeSources()
    stage.app.repaint(others)
    stage.app.turn()
    assert others.texts == stage.sources.texts and others.colors == stage.sources.colors


# -- memory ---------------------------------------------


def test_ids_that_were_found_are_remembered_and_asked_to_be_saved(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    assert stage.app.known == {"anna": KnownChannel(1, 11, "Anna")}
    assert stage.app.unsaved


def test_remembered_ids_connect_before_any_look_up(stage):
    stage.station.slow = True
    stage.app.known = {"anna": KnownChannel(1, 11, "Anna")}
    stage.app.connect(ANNA)
    stage.until_open()
    assert stage.app.state.name == "Anna"


def test_what_is_remembered_already_is_not_saved_again(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    stage.app.unsaved = False
    stage.app._happened(ChannelFound("anna", "Anna", 11, 1))
    assert not stage.app.unsaved
    stage.app._happened(ChannelFound("anna", "Anna", 11, 99))
    assert stage.app.unsaved and stage.app.known["anna"].chatroom_id == 99


def test_a_connection_that_worked_is_saved_at_once(stage):
    stage.app.known = {"anna": KnownChannel(1, 11, "Anna")}
    stage.app.connect(ANNA)
    stage.until_open()
    assert stage.app.unsaved


def test_a_first_connection_that_worked_after_a_failed_try_is_saved_at_once_too(stage):
    # No network yet at login: Connecting, Reconnecting, Connected. "Connect when OBS starts" needs to know that it worked.
    stage.app.known = {"anna": KnownChannel(1, 11, "Anna")}
    stage.station.offline = 1
    stage.app.connect(ANNA)
    stage.until_status(Status.RECONNECTING)
    stage.app.unsaved = False
    stage.station.go.set()
    stage.until_open()
    assert stage.app.state.ever_connected and stage.app.unsaved


def test_only_the_newest_channels_are_remembered(stage):
    for number in range(REMEMBERED_CHANNELS + 5):
        stage.app._happened(ChannelFound(f"name{number}", "", None, number + 1))
    assert list(stage.app.known) == [f"name{number}" for number in range(5, REMEMBERED_CHANNELS + 5)]


def test_the_mapping_the_ui_thread_may_be_reading_is_never_changed(stage):
    before = stage.app.known
    stage.app._happened(ChannelFound("anna", "Anna", 11, 1))
    assert before == {} and stage.app.known is not before


def test_ids_without_a_name_are_not_remembered(stage):
    stage.app._happened(ChannelFound("", "chatroom 5", None, 5))
    assert stage.app.known == {}


# -- history ---------------------------------------------


def test_the_prospect_is_that_of_the_newest_wish_before_the_timer_comes_round(stage):
    stage.app.connect(ANNA)
    stage.until_status(Status.CONNECTED)
    assert stage.app.prospect is stage.app.state
    stage.app.connect(BERT)
    assert (stage.app.prospect.status, stage.app.prospect.name) == (Status.DISCONNECTED, "bert")
    stage.app.turn()
    assert stage.app.prospect is stage.app.state
    stage.app.disconnect()
    assert stage.app.prospect.status is Status.DISCONNECTED and stage.app.state.status is not Status.DISCONNECTED


def test_the_history_tells_each_change_and_each_notice_with_its_time(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.coming.append(ConnectionLost(None, ""))
    stage.until_status(Status.RECONNECTING)
    stage.station.go.set()
    stage.until_open(2)
    stage.until(lambda: any("Away" in line for line in stage.app.history))
    stage.app.disconnect()
    stage.app.turn()
    assert all(time.strptime(line[:8], "%H:%M:%S") for line in stage.app.history)
    said = [line[9:] for line in stage.app.history if "negotiation" not in line]
    assert said[0] == "Connecting."
    assert said[1] == "Connected."
    assert said[2].startswith("Reconnecting. The connection")
    assert said[3] == "Connected."
    assert "Away" in said[4]
    assert said[-1].startswith("Disconnected")


def test_the_history_is_bounded(stage):
    for number in range(1000):
        stage.app._happened(Notice(f"number {number}"))
    assert len(stage.app.history) == HISTORY_LINES and stage.app.history[-1].endswith("number 999.")


# -- the end ---------------------------------------------


@pytest.mark.parametrize("phase", ["nothing", "looking up", "connected", "waiting", "changing"])
def test_close_ends_every_thread_in_every_phase(stage, phase):
    app = stage.app
    if phase == "looking up":
        stage.station.slow = True
        app.connect(ANNA)
        stage.until(lambda: stage.station.asked)
    elif phase == "connected":
        app.connect(ANNA)
        stage.until_open()
    elif phase == "waiting":
        stage.station.offline = 99
        app.connect(ANNA)
        stage.until_status(Status.RECONNECTING)
    elif phase == "changing":
        app.connect(ANNA)
        stage.until_open()
        app.connect(BERT)
        app.turn()
    started = time.monotonic()
    assert app.close()
    assert time.monotonic() - started < 2.0
    assert app.close()


def test_a_turn_that_comes_after_close_starts_nothing_that_stays(stage):
    stage.app.connect(ANNA)
    stage.app.close()
    stage.app.wanted = BERT
    stage.turns()
    assert stage.app._link is None
    assert stage.app.close()
