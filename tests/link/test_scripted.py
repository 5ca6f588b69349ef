"""The world that plays a script: what tests, Rehearse and replays rely on."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from fakes import CHANNEL, CHATROOM, HELLO, ScriptedSocket, World, acknowledged, chat, found, given_server, pusher, rooms

from vmsc_core.events import ChannelFound, ChatMessage, LinkChanged, Signal
from vmsc_core.link.background import BackgroundCall
from vmsc_core.link.errors import CannotConnect, ConnectionLost, Stopped, passing
from vmsc_core.link.http import Answer
from vmsc_core.link.link import Link
from vmsc_core.link.scripted import BEGINNING, SHORT_WAIT, Done, End, Hang, greets
from vmsc_core.settings import Wish

OUT_OF_REACH = passing("host_unreachable", "example.com")
LOST = ConnectionLost(None, "")


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def opened(world: World, stop: threading.Event, *steps: Any) -> ScriptedSocket:
    """A connection whose script these steps are."""
    world.ports().http(stop)  # begins the world, as a link does
    world.sockets(steps)
    socket = world.ports().transport(stop)
    assert isinstance(socket, ScriptedSocket)
    socket.open("wss://example.com/", BEGINNING + 10.0, "https://kick.com")
    return socket


def comes(world: World, kind: type, seconds: float = 5.0) -> Any:
    """The next event of this kind out of a world that holds."""
    until = time.monotonic() + seconds
    tick = threading.Event()
    while time.monotonic() < until:
        for event in world.inbox.drain(1):
            if isinstance(event, kind):
                return event
        tick.wait(0.002)
    raise AssertionError(f"no {kind.__name__} came")


# -- time ------------------------------------------------------------------------------------------------------------------


def test_a_wait_moves_the_clocks_and_nobody_sleeps(stop: threading.Event) -> None:
    world = World()
    ports = world.ports()
    wall = ports.wall()
    began = time.monotonic()
    assert ports.wait(stop, 300.0) is False
    assert (ports.monotonic(), ports.wall()) == (BEGINNING + 300.0, wall + 300.0)
    assert time.monotonic() - began < 5.0


def test_pauses_between_attempts_are_written_down_and_naps_are_not(stop: threading.Event) -> None:
    world = World()
    for seconds in (1.0, SHORT_WAIT, 0.002, 16.0):
        world.ports().wait(stop, seconds)
    assert world.waits == [1.0, 16.0]
    assert world.now == pytest.approx(BEGINNING + 17.012)


def test_a_step_is_a_moment_of_its_own_and_nothing_else_has_arrived(stop: threading.Event) -> None:
    socket = opened(World(), stop, "one", "two")
    assert socket.more() is None and socket.receive(0.25) == "one"
    assert socket.more() is None and socket.receive(0.25) == "two"


def test_silence_passes_in_the_slices_that_are_waited_for(stop: threading.Event) -> None:
    world = World()
    socket = opened(world, stop, 0.6, "after it")
    passed = []
    while (text := socket.receive(0.25)) is None:
        passed.append(round(world.now - BEGINNING, 6))
    assert passed == [0.25, 0.5, 0.6] and text == "after it"


def test_sleep_moves_the_wall_clock_and_the_other_one_only_so_far() -> None:
    world = World()
    ports = world.ports()
    wall = ports.wall()
    world.sleep(7200.0)
    assert (ports.monotonic(), ports.wall() - wall) == (BEGINNING, 7200.0)
    world.sleep(7200.0, monotonic=7200.0)
    assert (ports.monotonic(), ports.wall() - wall) == (BEGINNING + 7200.0, 14_400.0)


# -- a connection ----------------------------------------------------------------------------------------------------------


def test_texts_come_in_their_order_and_what_is_sent_is_kept(stop: threading.Event) -> None:
    world = World()
    socket = opened(world, stop, "one", "two")
    socket.send("subscribe")
    assert [socket.receive(0.25), socket.receive(0.25)] == ["one", "two"]
    assert world.sent == [["subscribe"]] and world.opened == ["wss://example.com/"] and world.opened_at == [BEGINNING]


def test_a_call_may_give_a_text_or_do_something_else(stop: threading.Event) -> None:
    world = World()
    socket = opened(world, stop, lambda socket: f"you sent {len(socket.sent)}", lambda socket: 5, lambda socket: world.sleep(9.0))
    assert [socket.receive(0.25) for _ in range(3)] == ["you sent 0", None, None]


def test_a_script_can_be_added_to_behind_and_in_front(stop: threading.Event) -> None:
    socket = opened(World(), stop, "one")
    socket.say("three", "four")
    socket.then("nought", "and a half")
    assert [socket.receive(0.25) for _ in range(5)] == ["nought", "and a half", "one", "three", "four"]


def test_an_exception_is_raised_where_it_stands(stop: threading.Event) -> None:
    socket = opened(World(), stop, "one", LOST)
    socket.receive(0.25)
    with pytest.raises(ConnectionLost):
        socket.receive(0.25)


@pytest.mark.parametrize("trouble", [OUT_OF_REACH, ImportError("websocket")])
def test_a_script_that_begins_with_a_trouble_is_a_connection_that_fails(stop: threading.Event, trouble: Exception) -> None:
    world = World()
    with pytest.raises(type(trouble)):
        opened(world, stop, trouble)
    assert world.opened == ["wss://example.com/"] and world.sent == [[]] and not stop.is_set()


def test_before_open_and_after_close_it_is_lost_and_a_close_counts_once(stop: threading.Event) -> None:
    world = World()
    unopened = world.ports().transport(stop)
    socket = opened(world, stop, "never read")
    socket.close()
    socket.close()
    for one in (unopened, socket):
        with pytest.raises(ConnectionLost):
            one.send("x")
        with pytest.raises(ConnectionLost):
            one.receive(0.25)
    unopened.close()
    assert world.closed == 1


# -- HTTP ------------------------------------------------------------------------------------------------------------------


def test_answers_are_given_in_their_order_and_the_last_one_forever(stop: threading.Event) -> None:
    world = World()
    world.lookup(Answer(500, ""), OUT_OF_REACH, lambda url: Answer(200, url))
    http = world.ports().http(stop)
    assert http.request("GET", "https://kick.com/a").status == 500
    with pytest.raises(CannotConnect):
        http.request("GET", "https://kick.com/a")
    assert [http.request("GET", f"https://kick.com/{name}").body[-1] for name in "bcd"] == ["b", "c", "d"]


def test_each_kind_of_question_has_answers_of_its_own_and_all_are_written_down(stop: threading.Event) -> None:
    world = World()
    for give, status in ((world.lookup, 201), (world.curl, 202), (world.negotiation, 203), (world.token, 204)):
        give(Answer(status, ""))
    http = world.ports().http(stop)
    answers = [
        http.request("GET", "a"),
        http.curl("a"),
        http.request("POST", "b", "{}"),
        http.request("POST", "x/auth/connection"),
    ]
    assert [answer.status for answer in answers] == [201, 202, 203, 204]
    assert world.requests == [
        ("GET", "a", "", BEGINNING),
        ("CURL", "a", "", BEGINNING),
        ("POST", "b", "{}", BEGINNING),
        ("POST", "x/auth/connection", "", BEGINNING),
    ]


def test_without_answers_there_is_a_token_and_nothing_else(stop: threading.Event) -> None:
    http = World().ports().http(stop)
    assert http.request("GET", "https://kick.com/a").status == 404
    assert "a.b.c" in http.request("POST", "https://web.kick.com/auth/connection").body
    for ask in (lambda: http.curl("https://kick.com/a"), lambda: http.request("POST", "https://web.kick.com/x")):
        with pytest.raises(CannotConnect):
            ask()


def test_an_answer_that_never_comes_ends_with_stop_only(stop: threading.Event) -> None:
    world = World()
    world.lookup(Hang)
    http = world.ports().http(stop)
    call = BackgroundCall(lambda: http.request("GET", "https://kick.com/a"), "vmsc-test")
    call.join(0.05)
    assert not call.done
    stop.set()
    with pytest.raises(Stopped):
        call.take()


# -- the end ---------------------------------------------------------------------------------------------------------------


def test_the_world_ends_with_its_last_script() -> None:
    world = World()
    world.sockets(pusher(chat("one"), LOST), pusher(chat("two")))
    events = world.run(given_server())
    assert [event.text for event in events if isinstance(event, ChatMessage)] == ["one", "two"]
    assert len(world.connections) == 2 and world.closed == 2


def test_the_world_ends_where_its_script_says_so() -> None:
    world = World()
    world.sockets(pusher(chat("one"), End, chat("two")), pusher())
    events = world.run(given_server())
    assert [event.text for event in events if isinstance(event, ChatMessage)] == ["one"]
    assert len(world.connections) == 1


def test_the_world_ends_at_its_time_whatever_is_still_scripted() -> None:
    world = World()
    world.until(20.0)
    world.sockets(pusher(*[part for number in range(100) for part in (5.0, chat(str(number)))]))
    events = world.run(given_server())
    assert [event.text for event in events if isinstance(event, ChatMessage)] == ["0", "1", "2"]
    assert world.now == BEGINNING + 20.0


def test_the_world_ends_at_its_time_in_a_pause_as_well() -> None:
    world = World()
    world.until(10.0)
    world.lookup(Answer(503, ""))
    world.run(Wish(username="speedy"))
    assert BEGINNING + 10.0 <= world.now < BEGINNING + 60.0


def test_a_script_that_lets_the_link_try_on_and_on_is_a_mistake() -> None:
    world = World()
    world.lookup(Answer(503, ""))
    with pytest.raises(RuntimeError, match="no end"):
        world.run(Wish(username="speedy"))


def test_a_second_link_in_the_same_world_goes_on_at_its_clock() -> None:
    world = World()
    world.sockets(pusher(5.0))
    world.run(given_server())
    world.sockets(pusher(chat("again")))
    events = world.run(given_server())
    ready = [event.at for event in events if isinstance(event, LinkChanged) and event.signal is Signal.READY]
    assert ready == [BEGINNING + 5.0]


# -- a call in the background ------------------------------------------------------------------------------------------------


def test_a_call_in_the_background_is_done_at_once() -> None:
    call = World().ports().background(lambda: threading.current_thread(), "vmsc-test")
    call.join(5.0)
    assert call.done and call.take() is threading.current_thread()


def test_a_call_in_the_background_raises_when_it_is_taken_and_not_before() -> None:
    call = Done(lambda: 1 // 0, "vmsc-test")
    assert call.done
    with pytest.raises(ZeroDivisionError):
        call.take()


# -- a server that greets ----------------------------------------------------------------------------------------------------


def test_a_server_that_greets_acknowledges_what_it_was_asked_for(stop: threading.Event) -> None:
    socket = opened(World(), stop, *greets(chat("hello")))
    assert socket.receive(0.25) == HELLO
    for room in ("chatrooms.6.v2", "channel.5"):
        socket.send(json.dumps({"event": "pusher:subscribe", "data": {"auth": "", "channel": room}}))
    socket.send('{"event":"pusher:ping","data":{}}')
    came = [socket.receive(0.25) for _ in range(4)]
    assert came == [None, acknowledged("chatrooms.6.v2"), acknowledged("channel.5"), chat("hello")]


def test_it_will_do_for_any_channel() -> None:
    world = World()
    world.sockets(greets(chat("hello", chatroom=6)))
    events = world.run(given_server(Wish(chatroom_id=6, channel_id=5, poll=False)))
    assert [event.text for event in events if isinstance(event, ChatMessage)] == ["hello"]
    assert [event.signal for event in events if isinstance(event, LinkChanged)] == [Signal.TRYING, Signal.READY]


def test_the_lookup_and_the_rooms_are_of_one_channel() -> None:
    world = World()
    world.lookup(found())
    world.sockets(pusher())
    events = world.run(given_server(Wish(username="speedy", poll=False)))
    assert ChannelFound("speedy", "Speedy", CHANNEL, CHATROOM) in events
    assert [json.loads(text)["data"]["channel"] for text in world.sent[0]] == rooms()


# -- a world that holds ------------------------------------------------------------------------------------------------------


@pytest.fixture
def held() -> Any:
    """A world that holds, and its link; nothing of it is left afterwards."""
    world = World(holds=True)
    link = Link(given_server(), world.inbox, world.cooldowns, world.ports())
    yield world, link
    link.stop()
    assert link.join(5.0)


def test_a_connection_that_is_held_stays_open_for_what_is_said_later(held: Any) -> None:
    world, link = held
    link.start()
    while comes(world, LinkChanged).signal is not Signal.READY:
        pass
    world._stop.wait(0.05)
    world.connections[0].say(chat("said later"))
    assert comes(world, ChatMessage).text == "said later"
    assert link.alive and world.waits == []


def test_a_pause_that_is_held_lasts_until_go(held: Any) -> None:
    world, link = held
    world.sockets([OUT_OF_REACH])
    link.start()
    while comes(world, LinkChanged).signal is not Signal.BROKE:
        pass
    world._stop.wait(0.05)
    assert world.inbox.drain(10) == [] and world.now == BEGINNING
    world.go.set()
    while comes(world, LinkChanged).signal is not Signal.READY:
        pass
    assert world.waits == [1.0] and world.now == BEGINNING + 1.0


def test_stop_ends_a_pause_that_is_held(held: Any) -> None:
    world, link = held
    world.sockets([OUT_OF_REACH])
    link.start()
    while comes(world, LinkChanged).signal is not Signal.BROKE:
        pass
    link.stop()
    assert link.join(5.0)


def test_in_a_world_that_holds_calls_run_in_the_background() -> None:
    call = World(holds=True).ports().background(lambda: threading.current_thread().name, "vmsc-test")
    assert call.take() == "vmsc-test"
