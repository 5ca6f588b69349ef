"""One address on its way: which phase it is in when it waits, wins or fails."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator

import pytest
from end_to_end.raw_server import Peer, RawServer
from link.network import Network, row

from vmsc_core.link.candidate import Candidate, Phase, Target, TunnelRefused
from vmsc_core.link.proxy import Proxy

REQUEST = b"GET / HTTP/1.1\r\n\r\n"


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as one:
        yield one


def run(candidate: Candidate, seconds: float = 3.0) -> Candidate:
    """Steps whenever the socket is ready, for so many seconds."""
    deadline = time.monotonic() + seconds
    while candidate.running and time.monotonic() < deadline:
        reading, writing = ([], [candidate.sock]) if candidate.writing else ([candidate.sock], [])
        if any(select.select(reading, writing, [candidate.sock], 0.05)):
            candidate.step()
    return candidate


def test_it_has_won_when_the_answer_has_begun() -> None:
    with RawServer(lambda peer: peer.answer(200, "{}")) as server:
        candidate = run(Candidate(row(server.port), Target("kick.test", 80, request=REQUEST)))
        assert candidate.phase is Phase.WON and candidate.first.startswith(b"HTTP/1.1 200 ")
        candidate.close()


def test_without_a_request_it_has_won_when_it_is_connected() -> None:
    with RawServer(Peer.hold) as server:
        candidate = run(Candidate(row(server.port), Target("kick.test", 80)))
        assert candidate.phase is Phase.WON and candidate.first == b""
        candidate.close()


def test_a_large_request_goes_out_whole() -> None:
    body = b"x" * 3_000_000

    def serve(peer: Peer) -> None:
        got = 0
        while got < len(body):
            got += len(peer.sock.recv(65536))
        peer.send("yes")
        peer.hold()

    with RawServer(serve) as server:
        candidate = run(Candidate(row(server.port), Target("kick.test", 80, request=body)))
        assert candidate.first == b"yes"
        candidate.close()


@pytest.mark.parametrize(
    ("what", "proxy", "phase"),
    [("refusing", None, Phase.CONNECT), ("silent", None, Phase.ANSWER), ("silent", Proxy("p"), Phase.TUNNEL)],
)
def test_the_phase_says_how_far_it_came(network: Network, what: str, proxy: Proxy | None, phase: Phase) -> None:
    candidate = run(Candidate(getattr(network, what)(), Target("kick.test", 80, request=REQUEST), proxy), 0.3)
    assert candidate.phase is phase and (candidate.error is not None) is (what == "refusing")
    candidate.close()


def test_a_refusing_proxys_status_is_kept() -> None:
    with RawServer(lambda peer: peer.answer(407)) as server:
        candidate = run(Candidate(row(server.port), Target("kick.test", 443, request=REQUEST), Proxy("p")))
    assert isinstance(candidate.error, TunnelRefused) and candidate.error.status == 407


def test_an_address_family_that_is_not_there_is_an_error_and_no_exception() -> None:
    candidate = Candidate((9999, 1, 6, "", ("x", 1)), Target("kick.test", 80))
    assert candidate.error is not None and not candidate.running
    candidate.close()
