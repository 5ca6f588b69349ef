"""The link over real sockets: its default ports against the simulator, and against a raw server where bytes matter."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable

import pytest
from end_to_end.raw_server import Peer, RawServer, frame
from end_to_end.watched import Pace, Watched, sockets, threads
from fakes import CHANNEL, CHATROOM, acknowledged, chat, rooms
from kick_simulator import KickSimulator

from vmsc_core.events import (
    ChannelFound,
    ChatMessage,
    Follow,
    GiftedSubscriptions,
    Signal,
    Status,
    StreamStarted,
    Subscription,
    counts,
)
from vmsc_core.known import KnownChannel
from vmsc_core.settings import AUTOMATIC, BUILT_IN_KEY, CENTRIFUGO, PUSHER, Wish

BOTH = pytest.mark.parametrize("provider", [PUSHER, CENTRIFUGO])


def wish(kick: KickSimulator, provider: str = AUTOMATIC, **more: object) -> Wish:
    """To see the channel "speedy" by this simulator."""
    values: dict[str, object] = {
        "username": "speedy",
        "provider": provider,
        "poll": False,
        "lookup_address": kick.lookup_url,
        "websocket_address": kick.websocket_url,
        "negotiation_address": kick.negotiation_url,
        "token_address": kick.token_url,
        "allowed_hosts": (kick.host,),
        **more,
    }
    return Wish(**values)  # type: ignore[arg-type]


def at_raw_server(server: RawServer, provider: str = PUSHER, **more: object) -> Wish:
    """To see the same channel by a raw server, its ids known and nobody asked for the way."""
    known = {"speedy": KnownChannel(CHATROOM, CHANNEL, "Speedy")}
    return Wish(
        username="speedy",
        provider=provider,
        poll=False,
        websocket_address=f"ws://127.0.0.1:{server.port}/",
        lookup_address="http://127.0.0.1:9/",
        known=known,
        **more,  # type: ignore[arg-type]
    )


# -- Connected -----------------------------------------------------------------------------------------------------------


@BOTH
def test_from_a_username_to_connected_with_five_subscriptions(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick, provider, username="https://kick.com/Speedy")) as link:
        link.wait(Status.CONNECTED)
        connection = kick.wait_subscribed("speedy")
        assert connection.provider == provider
        assert connection.subscriptions == rooms()
        assert link.signals == [Signal.TRYING, Signal.READY]
        assert link.card.name == "Speedy"
        assert ChannelFound("speedy", "Speedy", CHANNEL, CHATROOM) in link.events
        assert [slug for _, slug, _ in kick.lookups] == ["speedy"]


def test_kick_s_choice_of_server_is_followed(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.centrifugo_only = True
    with Watched(wish(kick)) as link:
        link.wait(Status.CONNECTED)
        assert [one.provider for one in kick.connections] == [CENTRIFUGO]
        assert link.server == "Centrifugo, named by Kick"
        assert kick.connections[0].headers["origin"] == "https://kick.com"


@BOTH
@pytest.mark.parametrize("missing", rooms()[:4])
def test_connected_waits_for_every_required_acknowledgement(provider: str, missing: str) -> None:
    taken, go_on = threading.Event(), threading.Event()

    def serve(peer: Peer) -> None:
        peer.handshake()
        greet = peer.serve_pusher if provider == PUSHER else peer.serve_centrifugo
        greet(rooms=0)
        asked = [peer.read_json() for _ in range(5)]
        peer.send(b"".join(frame(acknowledgement(one)) for one in asked if missing not in str(one)))
        peer.settle()
        taken.set()
        go_on.wait(10)
        peer.send(b"".join(frame(acknowledgement(one)) for one in asked if missing in str(one)))
        peer.follow_along()

    def acknowledgement(asked: dict[str, Any]) -> str:
        return acknowledged(asked["data"]["channel"]) if provider == PUSHER else json.dumps({"id": asked["id"], "subscribe": {}})

    with token_server() as token, RawServer(serve) as server:
        with Watched(at_raw_server(server, provider, token_address=token)) as link:
            link.wait(taken.is_set)
            assert link.status is Status.CONNECTING
            go_on.set()
            link.wait(Status.CONNECTED)


@contextlib.contextmanager
def token_server() -> Iterator[str]:
    """The address of one that has a token for everybody."""
    with RawServer(lambda peer: peer.answer(body={"data": {"token": "a.b.c"}})) as server:
        yield f"http://127.0.0.1:{server.port}/"


@BOTH
def test_connected_does_not_wait_for_the_room_that_is_not_required(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    kick.fault.subscribe = {rooms()[4]: "none"}
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.CONNECTED)
        assert kick.connections[0].subscriptions == rooms()[:4]


@BOTH
def test_events_of_all_four_kinds_arrive_and_are_counted_once(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy", followers=100)
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.CONNECTED)
        for number in range(10):
            kick.chat("speedy", text=f"message {number}")
        kick.subscribe("speedy", username="Newcomer", months=1)
        kick.subscribe("speedy", username="Regular", months=7)
        kick.gift("speedy", 50, chunks=5)
        kick.follow("speedy")
        kick.raid("speedy")
        link.wait(lambda: sum(map(counts, link.events)) >= 14)
        kick.chat("speedy", text="last")
        link.wait(lambda: link.texts[-1:] == ["last"])
        assert link.texts == [*(f"message {number}" for number in range(10)), "last"]
        assert [(one.username, one.months) for one in link.events if isinstance(one, Subscription)] == [
            ("Newcomer", 1),
            ("Regular", 7),
        ]
        assert [one.count for one in link.events if isinstance(one, GiftedSubscriptions)] == [50]
        assert [(one.count, one.total) for one in link.events if isinstance(one, Follow)] == [(1, 101)]
        assert link.state.count == 15
        assert link.card.detail.startswith("15 events")


@BOTH
def test_the_stream_s_start_and_end_are_live_and_connected(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.CONNECTED)
        kick.go_live("speedy")
        link.wait(Status.LIVE)
        kick.go_live("speedy", again=True)
        kick.go_offline("speedy")
        link.wait(Status.CONNECTED)
        assert sum(isinstance(event, StreamStarted) for event in link.events) == 1


@BOTH
def test_a_stream_that_runs_already_is_live_from_the_start(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy", live=True)
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.LIVE)


@BOTH
def test_the_server_s_ping_is_answered(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.CONNECTED)
        connection = kick.connections[0]
        kick.ping()
        kick.wait(lambda: connection.ponged == 1)


def test_a_quiet_pusher_is_asked_and_its_pong_keeps_the_connection(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.activity_timeout, kick.server_ping_after = 10, 3600
    pace = Pace()
    with Watched(wish(kick, PUSHER), pace) as link:
        link.wait(Status.CONNECTED)
        pace.hurry = 1.0
        kick.wait(lambda: kick.connections[0].pings >= 2, 15)
        pace.hurry = 0.0
        kick.chat("speedy", text="still here")
        link.wait(lambda: link.texts == ["still here"])
        assert link.signals == [Signal.TRYING, Signal.READY]


def test_a_token_is_renewed_before_it_runs_out_and_the_connection_stays(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.token_ttl = 4
    with Watched(wish(kick, CENTRIFUGO)) as link:
        link.wait(Status.CONNECTED)
        kick.wait(lambda: kick.connections[0].refreshed, 10)
        assert len({asked["client_id"] for _, asked in kick.token_requests}) == 1
        kick.chat("speedy", text="still here")
        link.wait(lambda: link.texts == ["still here"])
        assert link.signals == [Signal.TRYING, Signal.READY]


@pytest.mark.parametrize("fault", [500, "html", "hang", "reset"])
def test_without_a_new_token_the_connection_ends_before_the_server_ends_it_and_comes_back(
    kick: KickSimulator, fault: object
) -> None:
    kick.add_channel("speedy")
    kick.token_ttl = 60
    pace = Pace()
    pace.hold_after = 1
    with Watched(wish(kick, CENTRIFUGO), pace) as link:
        link.wait(Status.CONNECTED)
        kick.fault.token, kick.centrifugo_ping, pace.limit = fault, 0.3, 0.3
        kick.ping()
        pace.hurry = 4.0
        assert "The access token from Kick expired." in link.lost()
        link.wait(lambda: pace.holding)
        assert len(kick.token_requests) >= 2, "it was asked for again"
        kick.fault.clear()
        pace.limit, pace.hold_after = 60.0, float("inf")
        link.ready(2)


# -- losses --------------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("rst", [True, False], ids=["reset", "plain end"])
def test_a_drop_is_reconnecting_for_a_second_and_then_connected_anew(kick: KickSimulator, provider: str, rst: bool) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick, provider)) as link:
        link.wait(Status.CONNECTED)
        kick.chat("speedy", n=3)
        link.wait(lambda: link.state.count == 3)
        dropped = time.monotonic()
        kick.drop(rst=rst)
        assert link.lost() == "Retrying in 1 s (attempt 1) Lost the connection to Kick."
        link.ready(2)
        assert time.monotonic() - dropped >= 1.0
        assert link.state.count == 0, "the count starts anew"
        kick.chat("speedy", text="back")
        link.wait(lambda: link.texts[-1] == "back")
        assert link.state.count == 1
        assert link.delays == [1]
        assert any("Offline" in text for text in link.notices)


@BOTH
def test_a_half_open_connection_is_found_out_and_replaced(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    kick.activity_timeout = 20
    pace = Pace()
    with Watched(wish(kick, provider), pace) as link:
        link.wait(Status.CONNECTED)
        kick.silence(only=provider)
        pace.hurry = 3.0
        assert "Kick's server stopped responding." in link.lost()
        link.ready(2)
        kick.chat("speedy", text="alive")
        link.wait(lambda: link.texts == ["alive"])


def test_4200_comes_back_at_once_the_first_time_and_then_by_backoff(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    pace = Pace()
    with Watched(wish(kick, PUSHER), pace) as link:
        for time_ in range(1, 4):
            link.ready(time_)
            kick.close(4200, "Please reconnect")
            link.lost(time_)
        link.ready(4)
        assert pace.waits == [0, 1, 1]


def test_waits_1_2_4_8_16_16_and_tries_the_other_way_too_from_the_third_on_and_starts_anew_after_a_good_one(
    kick: KickSimulator,
) -> None:
    kick.add_channel("speedy")
    kick.fault.handshake = 503
    pace = Pace()
    pace.hold_after = 6
    with Watched(wish(kick), pace) as link:
        link.wait(lambda: pace.holding)
        assert pace.waits == [1, 2, 4, 8, 16, 16]
        assert kick.tries == 2 * 1 + 4 * 2, "the named server, then the other kind as well"
        link.look()
        assert link.card.detail == (
            "Retrying in 16 s (attempt 7) 127.0.0.1 answered 503 instead of connecting. Retrying automatically."
        )
        kick.fault.clear()
        pace.hold_after = float("inf")
        link.ready()
        kick.drop()
        link.ready(2)
        assert pace.waits[6:] == [1]


def test_a_key_change_heals_by_negotiating_anew_and_says_so(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick)) as link:
        link.wait(Status.CONNECTED)
        assert kick.connections[0].key == BUILT_IN_KEY
        negotiated = len(kick.negotiations)
        new = kick.change_key()
        link.ready(2)
        assert kick.wait_subscribed().key == new
        assert len(kick.negotiations) > negotiated
        assert Signal.REFUSED not in link.signals
        assert link.delays == [1]
        link.wait(lambda: any("Kick changed its server" in text for text in link.notices))
        assert "Kick changed its server at" in link.card.detail and "reconnected." in link.card.detail
        kick.chat("speedy", text="after")
        link.wait(lambda: link.texts == ["after"])


def test_the_day_pusher_goes_the_link_moves_to_centrifugo(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick)) as link:
        link.wait(Status.CONNECTED)
        kick.retire_pusher()
        link.ready(2)
        assert kick.wait_subscribed().provider == CENTRIFUGO
        assert Signal.REFUSED not in link.signals
        kick.chat("speedy", text="after")
        link.wait(lambda: link.texts == ["after"])


def test_4001_from_every_way_is_an_error_that_names_the_next_step_and_is_looked_at_again(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.keys = {"0" * 20}
    kick.offer = []
    pace = Pace()
    pace.hold_after = 1
    with Watched(wish(kick), pace) as link:
        link.wait(Status.ERROR)
        assert "(4001). Check for a VMSC update, or set a new key under Advanced." in link.card.detail
        link.wait(lambda: pace.holding)
        assert pace.waits == [300]
        kick.offer = None
        pace.hold_after = float("inf")
        link.ready()


def test_without_negotiation_the_built_in_key_does(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.fault.negotiation = 500
    with Watched(wish(kick)) as link:
        link.wait(Status.CONNECTED)
        assert link.server == "Pusher, built-in"
        assert link.notices == ["Kick's negotiation answered 500."]


@BOTH
def test_a_slow_handshake_is_connecting_until_it_is_done(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    kick.fault.handshake = "slow"
    with Watched(wish(kick, provider)) as link:
        kick.wait(lambda: kick.tries)
        assert link.status is Status.CONNECTING
        link.wait(Status.CONNECTED)
        assert link.signals == [Signal.TRYING, Signal.READY]


@BOTH
def test_garbage_in_the_place_of_a_handshake_is_reconnecting(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    kick.fault.handshake = "noise"
    with Watched(wish(kick, provider)) as link:
        assert "didn't complete the connection" in link.lost()
        kick.fault.clear()
        link.wait(Status.CONNECTED)


# -- the look-up ---------------------------------------------------------------------------------------------------------


def test_an_unknown_channel_is_an_error_and_the_end(kick: KickSimulator) -> None:
    with Watched(wish(kick, username="no_body")) as link:
        link.wait(Status.ERROR)
        assert link.card.detail.startswith('There\'s no Kick channel "no_body". Check the spelling')
        assert [slug for _, slug, _ in kick.lookups] == ["no_body", "no-body"]
        assert link.link.join(2.0)


def test_a_web_page_instead_of_an_answer_is_reconnecting(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.fault.lookup = "html"
    pace = Pace()
    pace.hold_after = 1
    with Watched(wish(kick), pace) as link:
        assert "Got a web page instead of Kick. If your Wi-Fi has a login page" in link.lost()
        kick.fault.clear()
        pace.hold_after = float("inf")
        link.wait(Status.CONNECTED)


def test_a_403_is_an_error_that_curl_was_asked_about_and_kick_is_left_alone_for_five_minutes(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.fault.lookup = 403
    pace = Pace()
    pace.hold_after = 1
    with Watched(wish(kick), pace) as link:
        link.wait(Status.ERROR)
        assert link.card.detail.startswith("Kick blocked the channel lookup. In Tools > Scripts, do steps 1\u20133 once.")
        link.wait(lambda: pace.holding)
        assert pace.waits == [300]
        assert len(kick.lookups) <= 2, "once by Python, once by curl where there is one"
    asked = len(kick.lookups)
    again = Pace()
    again.cooldowns = pace.cooldowns
    pace.ahead -= 200  # the cooldowns know 300 s of waiting that nobody waited
    with Watched(wish(kick), again) as link:
        link.wait(Status.ERROR)
        assert len(kick.lookups) == asked, "pressing Connect again asks nobody"


def test_with_remembered_ids_a_blocked_look_up_stops_nothing(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    kick.fault.lookup = 403
    with Watched(wish(kick, known={"speedy": KnownChannel(CHATROOM, CHANNEL, "Speedy")})) as link:
        link.wait(Status.CONNECTED)
        link.wait(lambda: any("Kick is blocking lookups" in text for text in link.notices))
        kick.chat("speedy", text="all the same")
        link.wait(lambda: link.texts == ["all the same"])
        assert link.status is Status.CONNECTED


# -- stop ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """Where a link is when it is stopped: how to bring it there, and how to see that it is there."""

    name: str
    begin: Callable[[KickSimulator], object]
    there: Callable[[KickSimulator, Watched], object]
    provider: str = PUSHER


def set_fault(name: str, value: object) -> Callable[[KickSimulator], None]:
    return lambda kick: setattr(kick.fault, name, value)


def heard(kick: KickSimulator, word: str) -> bool:
    return any(word in str(command) for one in kick.connections for command in list(one.received))


def sleepy(kick: KickSimulator) -> None:
    kick.fault.lookup, kick.fault.retry_after = 429, "600"


PHASES = [
    Phase("look-up", set_fault("lookup", "hang"), lambda kick, link: kick.lookups),
    Phase("look-up's body", set_fault("lookup", "endless"), lambda kick, link: kick.lookups),
    Phase("negotiation", set_fault("negotiation", "hang"), lambda kick, link: kick.negotiations),
    Phase("token", set_fault("token", "hang"), lambda kick, link: kick.token_requests, CENTRIFUGO),
    Phase("WebSocket handshake", set_fault("handshake", "hang"), lambda kick, link: kick.tries),
    Phase("WebSocket handshake by Centrifugo", set_fault("handshake", "hang"), lambda kick, link: kick.tries, CENTRIFUGO),
    Phase("hello", set_fault("hello", "none"), lambda kick, link: kick.connections),
    Phase("hello by Centrifugo", set_fault("hello", "none"), lambda kick, link: heard(kick, "token"), CENTRIFUGO),
    Phase("subscribe", set_fault("subscribe", "none"), lambda kick, link: heard(kick, "subscribe")),
    Phase("subscribe by Centrifugo", set_fault("subscribe", "none"), lambda kick, link: heard(kick, "subscribe"), CENTRIFUGO),
    Phase("connected", lambda kick: None, lambda kick, link: link.status is Status.CONNECTED),
    Phase("connected by Centrifugo", lambda kick: None, lambda kick, link: link.status is Status.CONNECTED, CENTRIFUGO),
    Phase("live", lambda kick: kick.channels["speedy"].turn_on(), lambda kick, link: link.status is Status.LIVE),
    Phase("backoff", sleepy, lambda kick, link: link.status is Status.RECONNECTING),
    Phase("error", set_fault("lookup", 423), lambda kick, link: link.status is Status.ERROR),
]


def assert_nothing_left(link: Watched, sockets_before: int) -> None:
    """After `stop` was called: thread and socket end within 2 s."""
    end = time.monotonic() + 2.0
    assert link.link.join(2.0)
    while threads() or sockets() != sockets_before:
        assert time.monotonic() < end, (threads(), sockets(), sockets_before)
        time.sleep(0.01)


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
def test_stop_ends_thread_and_socket_within_two_seconds(kick: KickSimulator, phase: Phase) -> None:
    kick.add_channel("speedy")
    phase.begin(kick)
    before = sockets()
    with Watched(wish(kick, phase.provider)) as link:
        kick.wait(lambda: phase.there(kick, link), what=phase.name)
        link.link.stop()
        assert_nothing_left(link, before)
        kick.wait(lambda: kick.sockets_open == 0, 2.0, "the server sees no connection any more")


def swallow(peer: Peer) -> None:
    while peer.sock.recv(65536):
        pass


@pytest.mark.linux_only("a connection that nobody accepts is refused at once elsewhere")
@pytest.mark.parametrize("what", ["look-up", "WebSocket"])
def test_stop_ends_a_tcp_connection_that_nobody_accepts(kick: KickSimulator, what: str) -> None:
    kick.add_channel("speedy")
    with RawServer(swallow, deaf=True) as server:
        address = {"lookup_address": f"http://127.0.0.1:{server.port}/"}
        if what == "WebSocket":
            address = {"websocket_address": f"ws://127.0.0.1:{server.port}", "negotiation_address": ""}
        before = sockets()
        with Watched(wish(kick, PUSHER, **address)) as link:
            link.wait(lambda: link.signals == [Signal.TRYING] and sockets() > before and kick.sockets_open == 0)
            time.sleep(0.2)
            assert link.status is Status.CONNECTING
            link.link.stop()
            assert_nothing_left(link, before)


@pytest.mark.parametrize("what", ["look-up", "WebSocket"])
def test_stop_ends_a_tls_handshake_that_nobody_answers(kick: KickSimulator, what: str) -> None:
    kick.add_channel("speedy")
    with RawServer(swallow) as server:
        address = {"lookup_address": f"https://127.0.0.1:{server.port}/"}
        if what == "WebSocket":
            address = {"websocket_address": f"wss://127.0.0.1:{server.port}", "negotiation_address": ""}
        before = sockets()
        with Watched(wish(kick, PUSHER, **address)) as link:
            link.wait(lambda: server.open == 1)
            link.link.stop()
            assert_nothing_left(link, before)


@BOTH
def test_stop_ends_a_flood(kick: KickSimulator, provider: str) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick, provider)) as link, ThreadPoolExecutor(1) as beside:
        link.wait(Status.CONNECTED)
        flood = beside.submit(kick.flood, "speedy", 1_000_000, None, 20.0)
        link.wait(lambda: link.state.count > 1000)
        link.link.stop()
        assert link.link.join(2.0)
        kick.stop()
        with contextlib.suppress(Exception):  # the simulator's own complaint of being stopped in the middle
            flood.result(10)


def test_fifty_presses_of_connect_and_disconnect_leave_nothing(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    before = sockets()
    for press in range(50):
        with Watched(wish(kick, (PUSHER, CENTRIFUGO)[press % 2])) as link:
            if press % 5 == 0:
                link.wait(Status.CONNECTED)
            time.sleep(press % 7 / 500)
    assert_nothing_left(link, before)
    kick.wait(lambda: kick.sockets_open == 0, 2.0)


# -- one frame beside another ----------------------------------------------------------------------------------------------


def test_a_hello_in_the_same_segment_as_the_handshake_is_not_lost() -> None:
    def serve(peer: Peer) -> None:
        whole: list[str] = []
        peer.send = whole.append  # type: ignore[method-assign,assignment]
        peer.handshake()
        del peer.send
        peer.send(whole[0].encode() + hello_of_pusher())
        peer.serve_pusher(hello=False).follow_along()

    with RawServer(serve) as server, Watched(at_raw_server(server)) as link:
        link.wait(Status.CONNECTED)


def test_a_message_in_the_same_segment_as_the_last_acknowledgement_is_counted() -> None:
    def serve(peer: Peer) -> None:
        peer.handshake().serve_pusher(rooms=3)
        peer.send(frame(acknowledged(rooms()[3])) + frame(chat("right behind")))
        peer.follow_along()

    with RawServer(serve) as server, Watched(at_raw_server(server)) as link:
        link.wait(Status.CONNECTED)
        link.wait(lambda: link.texts == ["right behind"])
        assert link.state.count == 1


def hello_of_pusher() -> bytes:
    return frame('{"event":"pusher:connection_established","data":"{\\"socket_id\\":\\"1.1\\",\\"activity_timeout\\":120}"}')


def test_events_reach_the_inbox_in_the_order_they_were_sent(kick: KickSimulator) -> None:
    kick.add_channel("speedy")
    with Watched(wish(kick)) as link:
        link.wait(Status.CONNECTED)
        assert kick.flood("speedy", 5000) == 5000
        link.wait(lambda: link.state.count == 5000)
        assert sum(isinstance(event, ChatMessage) for event in link.events) == 5000
        assert len({event.id for event in link.events if isinstance(event, ChatMessage)}) == 5000
