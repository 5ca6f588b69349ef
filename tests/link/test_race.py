"""The race of a host's addresses: what silent, refusing and broken ones cost, and that nothing is left behind."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from end_to_end.raw_server import Certificates, Peer, RawServer
from end_to_end.watched import sockets, threads
from link.network import Network, reach, row, serves

from vmsc_core.link.errors import CannotConnect, Stopped
from vmsc_core.link.http import HttpClient
from vmsc_core.link.tls import tls_context
from vmsc_core.words import say

BOTH = ("http", "websocket")
EACH = 0.3
"""Seconds that a silent address may cost."""

SLACK = 0.4
"""Seconds for a machine with other things to do."""

FULL_QUEUE = pytest.mark.linux_only("a connection that nobody accepts is refused at once elsewhere")
HOLES = ["silent", pytest.param("deaf", marks=FULL_QUEUE)]


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as one:
        yield one


@pytest.fixture
def certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Certificates]:
    one = Certificates()
    monkeypatch.setenv("SSL_CERT_FILE", one.authority(tmp_path))
    tls_context.cache_clear()
    yield one
    tls_context.cache_clear()


def timed(what: str, **more: object) -> float:
    began = time.monotonic()
    reach(what, **more)  # type: ignore[arg-type]
    return time.monotonic() - began


@pytest.mark.parametrize("hole", HOLES)
@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 6])
def test_silent_addresses_cost_a_quarter_of_a_second_each_and_only_once(
    network: Network, hole: str, what: str, count: int
) -> None:
    with RawServer(serves(what)) as good:
        network.names["kick.test"] = [getattr(network, hole)() for _ in range(count)] + [row(good.port)]
        assert timed(what) < count * EACH + SLACK
        assert timed(what) < SLACK, "the address that worked is tried first"


@pytest.mark.parametrize("what", BOTH)
def test_an_address_that_swallows_the_tls_handshake_is_passed_and_goes_last(
    network: Network, certificates: Certificates, what: str
) -> None:
    with RawServer(serves(what), tls=certificates.good()) as good:
        network.names["localhost"] = [network.silent(), network.silent(), row(good.port)]
        assert timed(what, host="localhost", tls=True) < 2 * EACH + SLACK
        assert timed(what, host="localhost", tls=True) < SLACK


@pytest.mark.parametrize("what", BOTH)
def test_an_address_that_swallows_the_request_behind_tls_is_passed(
    network: Network, certificates: Certificates, what: str
) -> None:
    def swallow(peer: Peer) -> None:
        peer.read_request()
        peer.pause(20)

    with RawServer(swallow, tls=certificates.good()) as hole, RawServer(serves(what), tls=certificates.good()) as good:
        network.names["localhost"] = [row(hole.port), row(good.port)]
        assert timed(what, host="localhost", tls=True) < EACH + SLACK


@pytest.mark.parametrize("what", BOTH)
def test_forty_silent_addresses_before_the_good_one_fit_in_one_negotiation(network: Network, what: str) -> None:
    with RawServer(serves(what)) as good:
        network.names["kick.test"] = [network.silent() for _ in range(40)] + [row(good.port)]
        assert timed(what, limit=5.0) < 5.0


def test_a_broken_family_of_any_size_does_not_hide_the_other(network: Network) -> None:
    with RawServer(serves("http")) as good:
        network.names["kick.test"] = [row(1, f"::ffff:127.0.0.{place}") for place in range(1, 100)] + [row(good.port)]
        assert timed("http") < EACH + SLACK


@pytest.mark.parametrize("what", BOTH)
def test_refusing_addresses_cost_nothing(network: Network, what: str) -> None:
    with RawServer(serves(what)) as good:
        network.names["kick.test"] = [network.refusing() for _ in range(20)] + [row(good.port)]
        assert timed(what) < SLACK


@pytest.mark.parametrize("spoil", [Peer.reset, Peer.end])
@pytest.mark.parametrize("what", BOTH)
def test_an_address_that_hangs_up_on_the_request_is_passed_at_once(network: Network, what: str, spoil) -> None:  # type: ignore[no-untyped-def]
    def serve(peer: Peer) -> None:
        peer.read_request()
        spoil(peer)

    with RawServer(serve) as bad, RawServer(serves(what)) as good:
        network.names["kick.test"] = [row(bad.port), row(good.port)]
        assert timed(what) < SLACK


@pytest.mark.parametrize("what", BOTH)
def test_a_bad_certificate_on_one_address_does_not_hide_a_good_one(
    network: Network, certificates: Certificates, what: str
) -> None:
    with RawServer(serves(what), tls=certificates.expired()) as bad, RawServer(serves(what), tls=certificates.good()) as good:
        network.names["localhost"] = [row(bad.port), row(good.port)]
        assert timed(what, host="localhost", tls=True) < SLACK


def test_an_address_that_is_no_websocket_goes_last_the_next_time(network: Network) -> None:
    with RawServer(lambda peer: peer.answer(502, "no")) as bad, RawServer(serves("websocket")) as good:
        network.names["kick.test"] = [row(bad.port), row(good.port)]
        with pytest.raises(CannotConnect) as told:
            reach("websocket")
        assert told.value.failure.reason.key == "handshake_refused"
        assert timed("websocket") < SLACK


def test_a_slow_but_living_address_wins_when_nobody_else_answers(network: Network) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.pause(0.8)
        peer.answer(200, "{}")

    with RawServer(serve) as slow:
        network.names["kick.test"] = [row(slow.port), network.silent(), network.refusing()]
        assert 0.7 < timed("http") < 0.8 + SLACK


def test_a_network_that_changes_costs_one_address(network: Network) -> None:
    with ExitStack() as life:
        first = RawServer(serves("http"))
        life.enter_context(first)
        with RawServer(serves("http")) as second:
            network.names["kick.test"] = [row(first.port), row(second.port)]
            timed("http")
            life.close()  # the address that worked is gone
            assert timed("http") < SLACK
            assert timed("http") < SLACK


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize("phase", ["resolving", pytest.param("connecting", marks=FULL_QUEUE), "tls", "answer", "proxy"])
def test_stop_ends_every_waiting(
    network: Network, monkeypatch: pytest.MonkeyPatch, certificates: Certificates, what: str, phase: str
) -> None:
    if phase == "proxy":
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{network.silent()[4][1]}")
    holes = {"resolving": network.hangs, "connecting": [network.deaf()], "proxy": [network.refusing()]}
    network.names["kick.test"] = holes.get(phase, [network.silent()])
    stop = threading.Event()
    moment: list[float] = []
    timer = threading.Timer(0.3, lambda: (moment.append(time.monotonic()), stop.set()))
    timer.start()
    with pytest.raises(Stopped):
        reach(what, tls=phase in ("tls", "proxy"), limit=10.0, stop=stop)
    assert time.monotonic() - moment[0] < 0.2
    timer.join()
    network.hangs.set()


def test_a_hanging_name_is_resolved_by_one_thread_however_often_it_is_asked_for(network: Network) -> None:
    network.names["kick.test"] = network.hangs
    for _ in range(5):
        with pytest.raises(CannotConnect) as told:
            reach("http", limit=0.15)
        assert told.value.failure.reason.key in ("host_not_found", "network_down")
    assert network.asked == ["kick.test"] and threads() == ["vmsc-resolve"]
    with RawServer(serves("http")) as good:  # and once it has come back, the next one is asked again
        network.hangs.set()
        network.names["kick.test"] = [row(good.port)]
        for thread in [thread for thread in threading.enumerate() if thread.name.startswith("vmsc")]:
            thread.join(5)
        reach("http")


def test_a_name_that_hangs_does_not_hold_up_another(network: Network) -> None:
    with RawServer(serves("http")) as good:
        network.names.update({"other.test": network.hangs, "kick.test": [row(good.port)]})
        with pytest.raises(CannotConnect):
            reach("http", host="other.test", limit=0.1)
        assert timed("http") < SLACK


@pytest.mark.parametrize("what", BOTH)
def test_a_thousand_connects_leave_no_thread_and_no_socket(network: Network, what: str) -> None:
    def serve(peer: Peer) -> None:
        if what == "http":
            peer.answer(200, "{}")
        else:
            peer.handshake()

    with RawServer(serve) as good:
        network.names["kick.test"] = [network.silent(), row(good.port)]
        reach(what)
        before = sockets() - good.open
        for _ in range(1000):
            reach(what)
        for thread in [thread for thread in threading.enumerate() if thread.name.startswith("vmsc")]:
            thread.join(5)
        good.quiet()
        assert threads() == []
        assert sockets() <= before + 2


def test_losers_are_closed_when_someone_has_won(network: Network) -> None:
    with RawServer(serves("websocket")) as good:
        network.names["kick.test"] = [network.silent() for _ in range(6)] + [row(good.port)]
        before = sockets()
        reach("websocket")
        good.quiet()
        assert sockets() <= before


@pytest.mark.parametrize("what", BOTH)
def test_when_all_are_in_vain_the_one_that_came_furthest_is_told(network: Network, what: str) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.hold()

    with RawServer(serve) as mute:
        network.names["kick.test"] = [network.refusing(), row(mute.port), network.refusing()]
        with pytest.raises(CannotConnect) as told:
            reach(what, limit=0.5)
    assert told.value.failure.reason.key == ("answer_broken" if what == "http" else "handshake_broken")
    network.names["dead.test"] = [network.refusing()]
    with pytest.raises(CannotConnect) as told:
        reach(what, host="dead.test")
    assert say(told.value.failure.reason) == "Can't reach dead.test. Check your internet. Retrying automatically."


def test_the_time_is_kept_when_nobody_answers(network: Network) -> None:
    network.names["kick.test"] = [network.silent() for _ in range(3)]
    began = time.monotonic()
    with pytest.raises(CannotConnect):
        HttpClient(threading.Event()).request("GET", "http://kick.test/", "", 0.8)
    assert 0.7 < time.monotonic() - began < 0.8 + SLACK


def test_no_name_at_all_is_told(network: Network) -> None:
    network.names["kick.test"] = socket.gaierror(socket.EAI_NONAME, "no")
    with pytest.raises(CannotConnect) as told:
        reach("http")
    assert told.value.failure.reason.key in ("host_not_found", "network_down")
