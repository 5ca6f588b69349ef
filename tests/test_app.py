"""One turn of the timer after the other: what is wanted, what runs, what shows. The world is scripted, the clock stands still."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Optional, Union

import pytest
from fakes import FakeSources, ScriptedSocket, World, chat, found
from others import held_back

from vmsc_core.app import EVENTS_PER_TURN, HISTORY_LINES, App
from vmsc_core.card.renderer import COUNT_EVERY
from vmsc_core.events import ChannelFound, ChatMessage, LinkChanged, Notice, Signal, Status, Unheard
from vmsc_core.known import REMEMBERED_CHANNELS, KnownChannel
from vmsc_core.link.errors import ConnectionLost, passing
from vmsc_core.link.http import Answer
from vmsc_core.link.inbox import hears_all
from vmsc_core.link.scripted import Hang
from vmsc_core.reasons import Failure, Reason, Remedy, because
from vmsc_core.rules.actions import SetText
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.settings import Choices, Refusal, Wish, read_wish
from vmsc_core.words import say

OFFLINE = passing("host_not_found", "kick.com")
ANNA, BERT = Wish(username="anna", poll=False), Wish(username="bert", poll=False)


class Station:
    """Kick, as far as an App sees it: two channels, and WebSockets that greet, acknowledge and hand out what a test says."""

    def __init__(self) -> None:
        self.world = World(holds=True)
        self.channels = {"anna": (11, 1), "bert": (22, 2)}
        self.live: Optional[int] = None
        self.slow = False  # the lookup takes forever
        self.world.lookup(self.lookup)

    def lookup(self, url: str) -> Union[Answer, type[Hang]]:
        slug = url.rpartition("/")[2]
        if self.slow:
            return Hang
        if slug not in self.channels:
            return Answer(404, "")
        channel, chatroom = self.channels[slug]
        return found(slug, channel, chatroom, followers=5, live=self.live)

    def refuse(self, connections: int) -> None:
        """So many connections fail."""
        self.world.sockets(*[[OFFLINE]] * connections)

    @property
    def asked(self) -> list[str]:
        """The slugs that were looked up."""
        return [url.rpartition("/")[2] for method, url, _, _ in self.world.requests if method == "GET"]

    @property
    def sockets(self) -> list[ScriptedSocket]:
        """The connections that were made."""
        return [socket for socket in self.world.connections if socket.sent]


class Stage:
    """An App with its station and its sources."""

    def __init__(self) -> None:
        self.station = Station()
        self.sources = FakeSources()
        self.app = self.another_app()

    def another_app(self) -> App:
        return App(self.sources, lambda: self.station.world.now, self.station.world.ports())

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
    assert stage.sources.texts["title"] == "DISCONNECTED" and "Set up" in stage.sources.texts["detail"]


def test_a_wish_becomes_a_connection_and_shows_on_the_card(stage):
    stage.app.connect(ANNA)
    assert stage.app.state.status is Status.DISCONNECTED  # the UI thread only sets the wish
    stage.until_open()
    assert (stage.sources.texts["name"], stage.sources.texts["title"]) == ("Anna", "CONNECTED")
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
        LinkChanged(Signal.REFUSED, because("old_trouble")),
        ChannelFound("anna", "Old", 5, 6),
        Notice(because("old"), on_card=True),
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
    assert (stage.app.state.status, stage.app.state.name, stage.app.state.count) == (Status.DISCONNECTED, "Anna", 0)
    stage.until(lambda: links(stage.app) == 0)
    assert socket.closed


def test_a_turn_does_not_wait_for_a_link_that_hangs(stage):
    stage.station.slow = True
    for wish in (ANNA, BERT, None, ANNA):
        stage.app.connect(wish) if wish else stage.app.disconnect()
        started = time.monotonic()
        stage.app.turn()
        assert time.monotonic() - started < 5.0, "it hangs for ever"


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
    assert stage.sources.texts["title"] == "ERROR"
    assert stage.app.state.reason == because("channel_unknown", slug="nobody")
    assert stage.sources.texts["detail"].split() == say(stage.app.state.reason).split()


@pytest.mark.parametrize("username", ["a b", "", "https://example.com/x", "kick.com/video/1"])
def test_a_name_that_no_channel_can_have_is_an_error_and_starts_no_thread(stage, username):
    stage.app.connect(Wish(username=username, poll=False))
    stage.until_status(Status.ERROR)
    assert stage.station.asked == [] and links(stage.app) == 0
    assert say(stage.app.state.reason).startswith(("Kick usernames", "Enter your Kick username", "That address"))
    stage.app.connect(ANNA)
    stage.until_open()


def test_pasted_ids_are_remembered_by_the_timer_and_used_without_a_lookup(stage):
    stage.app.connect(replace(ANNA, pasted=("anna", KnownChannel(1, 11, "Anna"))), restart=True)
    assert stage.app.known == {}, "the timer's thread is the only writer"
    stage.until_open()
    assert stage.app.known == {"anna": KnownChannel(1, 11, "Anna")} and stage.app.unsaved
    assert stage.station.asked in ([], ["anna"]), "at most the refresh beside the connection"


def test_choices_are_followed_at_the_next_turn(stage):
    stage.app.choices = Choices(language="tlh")
    stage.turns()
    assert stage.sources.texts["title"] == "DISCONNECTED"


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
    assert "WebSocket address" in say(stage.app.state.reason) and stage.station.asked == []
    assert links(stage.app) == 0 and stage.app.state.name == "anna"


# -- what happened ---------------------------------------------


def test_events_are_counted_from_the_connection_on(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.say(*(chat(str(number), chatroom=1) for number in range(7)))
    stage.until(lambda: stage.app.state.count == 7)
    stage.station.world.now += COUNT_EVERY
    stage.app.turn()
    assert stage.sources.texts["detail"].startswith("7 events")


def test_a_run_of_messages_is_counted_and_each_of_them_is_passed_to_the_rules_in_order(stage):
    done = []
    stage.app.rulebook.replace([Rule("a", trigger=Trigger("chat"), actions=(SetText("Mine", "{message}"),))])
    stage.app.perform = lambda planned, now: done.append(planned.action.template)
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.say(*(chat(f"word {number}", chatroom=1) for number in range(7)))
    stage.until(lambda: stage.app.state.count == 7)
    assert done == [f"word {number}" for number in range(7)]


def test_count_and_uptime_begin_anew_with_the_next_connection(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.say(chat("one", chatroom=1))
    stage.until(lambda: stage.app.state.count == 1)
    stage.station.world.now += 10
    stage.app.turn()
    assert "0:10" in stage.sources.texts["detail"]
    socket.say(ConnectionLost(None, ""))
    stage.until_status(Status.RECONNECTING)
    stage.app.turn()
    assert stage.sources.texts["detail"].startswith("Retrying in 1 s (attempt 1)\n")
    stage.station.world.go.set()
    stage.until_open(2)
    stage.app.turn()
    assert stage.sources.texts["detail"].startswith("0 events  ·  connected 0:00")


def test_connecting_in_mid_stream_shows_live_and_pulses(stage):
    stage.station.live = 7
    stage.app.connect(ANNA)
    stage.until_status(Status.LIVE)
    alphas = set()
    for _ in range(20):
        stage.station.world.now += 0.1
        stage.app.turn()
        alphas.add(stage.sources.colors["dot"][1])
    assert len(alphas) > 5


def test_one_turn_takes_a_bounded_number_of_events_and_the_rest_comes_later(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    inbox = stage.app._inbox
    inbox.hears = hears_all
    for number in range(2 * EVENTS_PER_TURN + 1):
        inbox.put(ChatMessage(str(number), "a", "x"))
    counts = []
    for _ in range(4):
        stage.app.turn()
        counts.append(stage.app.state.count)
    assert counts == [EVENTS_PER_TURN, 2 * EVENTS_PER_TURN, 2 * EVENTS_PER_TURN + 1, 2 * EVENTS_PER_TURN + 1]


def test_chat_is_passed_on_one_by_one_only_while_a_rule_waits_for_it(stage):
    stage.app.connect(ANNA)
    stage.until_open()
    done, taken, inbox = [], [], stage.app._inbox
    stage.app.perform = lambda planned, now: done.append(planned.action)
    drain, inbox.drain = inbox.drain, lambda limit: taken.extend(found := drain(limit)) or found
    for rules in ([], [Rule("r", trigger=Trigger("command", "!x"), actions=(SetText("Text", "{user}"),))], []):
        stage.app.rulebook.replace(rules)
        stage.app.turn()
        inbox.put_all([ChatMessage(str(number), "Ann", "!x" if number == 4 else "hi") for number in range(9)])
        for _ in range(2):
            inbox.settle()
            stage.app.turn()
    assert stage.app.state.count == 27 and done == [SetText("Text", "Ann")]
    assert taken == [Unheard(9), Unheard(4), ChatMessage("4", "Ann", "!x"), Unheard(4), Unheard(9)]


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
    stage.station.refuse(1)
    stage.app.connect(ANNA)
    stage.until_status(Status.RECONNECTING)
    stage.app.unsaved = False
    stage.station.world.go.set()
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


def test_the_state_shown_is_that_of_the_newest_wish_before_the_timer_comes_round(stage):
    stage.app.connect(ANNA)
    stage.until_status(Status.CONNECTED)
    assert stage.app.shown_state is stage.app.state
    stage.app.connect(BERT)
    assert (stage.app.shown_state.status, stage.app.shown_state.name) == (Status.CONNECTING, "bert")
    stage.until(lambda: (stage.app.state.name, stage.app.state.status) == ("Bert", Status.CONNECTED))
    assert stage.app.shown_state is stage.app.state
    stage.app.disconnect()
    assert stage.app.shown_state.status is Status.DISCONNECTED and stage.app.state.status is not Status.DISCONNECTED


def test_a_refusal_is_shown_before_the_timer_comes_round(stage):
    refusal = Refusal("anna", Failure(Remedy.USER, because("websocket_missing")))
    stage.app.connect(refusal)
    shown = stage.app.shown_state
    assert (shown.status, shown.name, shown.reason) == (Status.ERROR, "anna", because("websocket_missing"))


def test_the_history_has_each_change_and_each_notice_with_its_time(stage):
    stage.app.connect(ANNA)
    socket = stage.until_open()
    socket.say(ConnectionLost(None, ""))
    stage.until_status(Status.RECONNECTING)
    stage.station.world.go.set()
    stage.until_open(2)
    stage.until(lambda: any(key_of(entry.reason) == "away" for entry in stage.app.history))
    stage.app.disconnect()
    stage.app.turn()
    assert all(time.strptime(entry.at, "%H:%M:%S") for entry in stage.app.history)
    lines = [(entry.status, key_of(entry.reason)) for entry in stage.app.history]
    assert [line for line in lines if line[1] != "negotiation_failed"] == [
        (Status.CONNECTING, ""),
        (Status.CONNECTED, ""),
        (Status.RECONNECTING, "lost"),
        (Status.CONNECTED, ""),
        (None, "away"),
        (Status.DISCONNECTED, ""),
    ]


def key_of(reason: Optional[Reason]) -> str:
    return reason.key if reason else ""


def test_the_history_is_bounded(stage):
    for number in range(1000):
        stage.app._happened(Notice(because(f"number {number}")))
    assert len(stage.app.history) == HISTORY_LINES and stage.app.history[-1].reason == because("number 999")


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
        stage.station.refuse(99)
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
    stage.app.wish = BERT
    stage.turns()
    assert stage.app._link is None
    assert stage.app.close()


# -- a thread that is not there ---------------------------------------------


def no_threads(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """This computer has no thread left for those of ours with these names."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name in names:
            raise RuntimeError("can't start new thread")
        start(thread)

    launch = _thread.start_new_thread

    def refuse_launch(work: Callable[..., None], arguments: tuple[threading.Thread]) -> int:
        if arguments[0].name in names:
            raise RuntimeError("can't start new thread")
        return launch(work, arguments)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(_thread, "start_new_thread", refuse_launch)


def ends(error: type[BaseException]) -> Callable[[ScriptedSocket], None]:
    """A step of a socket that ends its thread."""

    def end(socket: ScriptedSocket) -> None:
        raise error

    return end


def test_a_link_that_can_not_start_is_reported_and_started_later(stage, monkeypatch):
    with monkeypatch.context() as without:
        no_threads(without, "vmsc-link")
        stage.app.connect(ANNA)
        stage.turns(3)
        assert (stage.app.state.status, stage.app.state.reason) == (Status.RECONNECTING, because("thread_missing"))
        assert "Retrying in 15 s" in stage.sources.texts["detail"] and "no thread left" in stage.sources.texts["detail"]
        stage.station.world.now += 15.0
        stage.turns(3)
        assert stage.app.state.status is Status.RECONNECTING, "and again"
    stage.station.world.now += 14.9
    stage.turns(3)
    assert links(stage.app) == 0
    stage.station.world.now += 0.1
    stage.until_open()
    statuses = [entry.status for entry in stage.app.history if entry.status]
    assert statuses == [Status.CONNECTING, Status.RECONNECTING, Status.CONNECTED]


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_thread_that_died_while_connected_is_seen_and_replaced(stage, error):
    stage.app.connect(ANNA)
    stage.until_open().say(ends(error))
    stage.until_status(Status.RECONNECTING)
    assert stage.app.state.reason == because("thread_ended") and links(stage.app) == 0
    stage.station.world.now += 15.0
    stage.until_open(2)


def test_a_thread_that_died_before_it_said_a_word_is_seen(stage, monkeypatch):
    monkeypatch.setattr("vmsc_core.link.link.Link.run", lambda link: ends(SystemExit)(link))
    stage.app.connect(ANNA)
    stage.until_status(Status.RECONNECTING)
    assert stage.app.state.reason == because("thread_ended")


def test_another_wish_does_not_wait_for_a_dead_thread(stage, monkeypatch):
    with monkeypatch.context() as without:
        no_threads(without, "vmsc-link")
        stage.app.connect(ANNA)
        stage.turns(2)
    stage.app.connect(BERT)
    stage.until_open()
    assert stage.app.state.name == "Bert"
    stage.station.world.now += 15.0
    stage.turns(3)
    assert len(stage.station.sockets) == 1, "and what was to be started over is not"


def test_a_disconnect_ends_the_starting_over(stage, monkeypatch):
    no_threads(monkeypatch, "vmsc-link")
    stage.app.connect(ANNA)
    stage.turns(2)
    stage.app.disconnect()
    stage.station.world.now += 20.0
    stage.turns(3)
    assert (stage.app.state.status, links(stage.app)) == (Status.DISCONNECTED, 0)


def test_a_link_that_only_the_user_can_help_is_not_dead(stage):
    stage.app.connect(Wish(username="nobody"))
    stage.until_status(Status.ERROR)
    stage.until(lambda: not stage.app._link.alive)
    stage.station.world.now += 20.0
    stage.turns(5)
    assert (stage.app.state.status, stage.app.state.reason.key) == (Status.ERROR, "channel_unknown")


@pytest.mark.parametrize("known", [{}, {"anna": KnownChannel(1, 11, "Anna")}])
def test_no_turn_lets_another_thread_of_obs_run(known):
    # With the real ports: what a link needs of the world it must get on its own thread. See vmsc_core/obs/turns.py.
    app = App(FakeSources(), known=known)
    servers = {"lookup_address": "http://127.0.0.1:9/", "websocket_address": "ws://127.0.0.1:9/"}
    wishes = [
        read_wish({"username": "anna", **servers}),
        read_wish({"username": "a b"}),
        read_wish({"username": "bert", **servers}),
    ]
    for wish in [*wishes, None, wishes[0]]:
        app.connect(wish) if wish is not None else app.disconnect()
        for _ in range(3):
            with held_back() as has_run:
                app.turn()
                assert not has_run(), wish
    assert app.close()
