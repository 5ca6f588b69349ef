"""Which way a connection went, and why there is none: what the log, the page and the card are told."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from end_to_end.raw_server import Peer, RawServer
from end_to_end.watched import Pace, Watched
from link.network import Asked, Network, reach, row

from vmsc_core.events import LinkChanged, Notice, Signal, Status
from vmsc_core.known import KnownChannel
from vmsc_core.link import dial
from vmsc_core.link.errors import CannotConnect, passing
from vmsc_core.link.scripted import End, ScriptedSocket, World, found, pusher
from vmsc_core.link.transport import Way
from vmsc_core.reasons import because
from vmsc_core.settings import CENTRIFUGO, PUSHER, Wish
from vmsc_core.words import say


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as one:
        yield one


def goes(way: Way) -> Any:
    def set_way(socket: ScriptedSocket) -> None:
        socket.way = way

    return set_way


def ready_and_notices(way: Way) -> tuple[list[str], list[str]]:
    """What a link says that is connected this way."""
    world = World()
    world.lookup(found())
    world.sockets([goes(way), *pusher(), 1.0, End])
    events = world.run(Wish(username="speedy"))
    changes = [event for event in events if isinstance(event, LinkChanged)]
    ready = [say(change.reason) for change in changes if change.signal is Signal.READY and change.reason]
    return ready, [say(event.reason) for event in events if isinstance(event, Notice)]


def test_a_connection_through_a_proxy_says_so() -> None:
    ready, notices = ready_and_notices(Way("proxy.school.example"))
    assert ready == ["Pusher, built-in, through the proxy proxy.school.example"]
    assert "Connected through the proxy proxy.school.example." in notices


def test_a_direct_connection_says_nothing_of_it() -> None:
    ready, notices = ready_and_notices(Way())
    assert ready == ["Pusher, built-in"] and not any("proxy" in notice for notice in notices)


def test_what_is_odd_with_tls_is_told() -> None:
    _, notices = ready_and_notices(Way(remark=because("key_log_unwritable")))
    assert "The file in SSLKEYLOGFILE can't be written. Connecting without it." in notices


def test_a_real_link_through_a_real_proxy(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()

    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.serve_pusher()
        peer.follow_along()

    with RawServer(serve) as good, RawServer(asked.allow(good.port)) as proxy:
        closed = network.refusing()[4][1]
        monkeypatch.setenv("http_proxy", f"http://me:secret@localhost:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        wish = Wish(
            username="speedy",
            provider=PUSHER,
            poll=False,
            websocket_address=f"ws://127.0.0.1:{closed}",
            known={"speedy": KnownChannel(918, 11624, "Speedy")},
        )
        with Watched(wish, Pace()) as link:
            link.wait(Status.CONNECTED)
            assert link.server == "Pusher, from your settings, through the proxy localhost"
            assert "secret" not in str(link.events)
        assert asked.heads[0].startswith(f"CONNECT 127.0.0.1:{closed} HTTP/1.1\r\n")


# -- why there is none ---------------------------------------------------------------------------------------------------------


class NoWay(socket.socket):
    """A socket of a computer whose interface is down."""

    code = errno.ENETUNREACH

    def connect_ex(self, address: Any) -> int:
        return self.code

    def connect(self, address: Any) -> None:
        raise OSError(self.code, "no way")


@pytest.mark.parametrize("what", ["http", "websocket"])
@pytest.mark.parametrize(
    ("code", "offline", "says"),
    [
        (errno.ENETUNREACH, True, "This computer is offline. Check your internet. Retrying automatically."),
        (errno.ENETDOWN, True, "This computer is offline. Check your internet. Retrying automatically."),
        (errno.EHOSTUNREACH, False, "No network route to kick.test. Check your internet. Retrying automatically."),
        (errno.ENETUNREACH, False, "No network route to kick.test. Check your internet. Retrying automatically."),
        (errno.ETIMEDOUT, False, "No response from kick.test. Check your internet. Retrying automatically."),
        (errno.ECONNREFUSED, False, "Can't reach kick.test. Check your internet. Retrying automatically."),
    ],
)
def test_why_an_address_cannot_be_reached(
    network: Network, monkeypatch: pytest.MonkeyPatch, what: str, code: int, offline: bool, says: str
) -> None:
    network.names["kick.test"] = [row(1), row(2)]
    monkeypatch.setattr(NoWay, "code", code)
    monkeypatch.setattr(dial, "is_offline", lambda: offline)
    monkeypatch.setattr(socket, "socket", NoWay)
    with pytest.raises(CannotConnect) as told:
        reach(what)
    assert say(told.value.failure.reason) == says


@pytest.mark.parametrize(("offline", "key"), [(True, "network_down"), (False, "host_not_found")])
def test_why_a_name_cannot_be_found(network: Network, monkeypatch: pytest.MonkeyPatch, offline: bool, key: str) -> None:
    network.names["kick.test"] = socket.gaierror(socket.EAI_AGAIN, "no")
    monkeypatch.setattr(dial, "is_offline", lambda: offline)
    with pytest.raises(CannotConnect) as told:
        reach("http")
    assert told.value.failure.reason.key == key


def test_one_family_without_a_way_does_not_hide_what_is_wrong_with_the_other(network: Network) -> None:
    network.names["kick.test"] = [row(9, "2001:db8::1"), network.refusing()]
    with pytest.raises(CannotConnect) as told:
        reach("http")
    assert told.value.failure.reason.key == "host_unreachable"


def test_a_computer_is_offline_when_no_family_has_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class Way(NoWay):
        def connect(self, address: Any) -> None:
            if self.family == socket.AF_INET6:
                raise OSError(errno.ENETUNREACH, "no way")

    monkeypatch.setattr(socket, "socket", Way)
    assert not dial.is_offline()
    monkeypatch.setattr(socket, "socket", NoWay)
    assert dial.is_offline()


NETWORK = ["network_down", "host_not_found", "host_no_route", "host_unreachable", "host_silent", "tls_failed", "proxy_login"]


@pytest.mark.parametrize("key", NETWORK)
def test_when_kick_cannot_be_asked_the_card_says_why(key: str) -> None:
    world = World()
    world.lookup(found())
    world.negotiation(passing(key, "web.kick.com", proxy="proxy.test"))
    world.until(1.5)
    events = world.run(Wish(username="speedy", provider=CENTRIFUGO))
    broke = [event.reason for event in events if isinstance(event, LinkChanged) and event.signal is Signal.BROKE]
    assert broke and all(reason is not None and reason.key == key for reason in broke)


def test_when_kick_was_asked_and_gave_no_proper_answer_the_card_says_that() -> None:
    world = World()
    world.lookup(found())
    world.negotiation(passing("answer_broken", "web.kick.com"))
    world.until(1.5)
    events = world.run(Wish(username="speedy", provider=CENTRIFUGO))
    broke = [event.reason for event in events if isinstance(event, LinkChanged) and event.signal is Signal.BROKE]
    assert set(broke) == {because("no_server_named")}
