"""Heads of answers as servers send them: what is skipped, left out and kept; and over sockets, that they are answers."""

from __future__ import annotations

import threading
import time

import pytest
from end_to_end.raw_server import Peer, RawServer, frame
from hypothesis import given, settings
from hypothesis import strategies as st
from link.network import Network, reach, row

from vmsc_core.link import head
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.http import HttpClient
from vmsc_core.link.transport import WebSocketTransport


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nrest", 19),
        (b"HTTP/1.1 200 OK\n\nrest", 17),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", None),
        (b"", None),
        (b"\r\n\r\n", 4),
    ],
)
def test_a_head_ends_with_a_blank_line(data: bytes, at: int | None) -> None:
    assert head.end(data) == at


@pytest.mark.parametrize(
    ("data", "interim", "status"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n", True, 100),
        (b"HTTP/1.1 102\r\n\r\n", True, 102),
        (b"HTTP/1.0 103 Early Hints\r\nLink: x\r\n\r\n", True, 103),
        (b"HTTP/1.1 199 x\r\n\r\n", True, 199),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", False, 101),
        (b"HTTP/1.1 200 OK\r\n\r\n", False, 200),
        (b"HTTP/1.1 1000 x\r\n\r\n", False, 0),
        (b"noise", False, 0),
    ],
)
def test_an_interim_answer_is_told_from_the_final_one(data: bytes, interim: bool, status: int) -> None:
    assert head.is_interim(data) is interim and head.status(data) == status


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (b"A: b\r\nC: d", b"A: b\r\nC: d"),
        (b"no colon\r\nC: d", b"C: d"),
        (b"X-Name: caf\xe9 \xff\r\nC: d", b"X-Name: caf? ?\r\nC: d"),
        (b"\xff\xfe: x\r\nC: d", b"??: x\r\nC: d"),
        (b": no name\r\nC: d", b"C: d"),
        (b"two words: x\r\nC: d", b"C: d"),
        (b"A: b\r\n  goes on\r\nC: d", b"A: b goes on\r\nC: d"),
        (b"no colon\r\n  goes on\r\nC: d", b"C: d"),
        (b"Set-Cookie: a=b\r\n c\r\nset-cookie: x\r\nC: d", b"C: d"),
        (b"A: \x00\x07\r\nC: d", b"A: ??\r\nC: d"),
    ],
)
def test_what_is_no_header_is_left_out(lines: bytes, kept: bytes) -> None:
    assert head.clean(b"HTTP/1.1 200 \xff\r\n" + lines + b"\r\n\r\n") == b"HTTP/1.1 200 ?\r\n" + kept + b"\r\n\r\n"


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.binary(max_size=30), max_size=8))
def test_a_clean_head_has_fields_only(lines: list[bytes]) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"
    clean = head.clean(data[: head.end(data)])
    assert clean.endswith(b"\r\n\r\n") and clean.isascii() and head.clean(clean) == clean
    assert all(b":" in line for line in clean[:-4].split(b"\r\n")[1:])


# -- over sockets -------------------------------------------------------------------------------------------------------------

ODD = [
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3 + b"HTTP/1.1 100 Continue\r\n\r\n",
]
LINES = ["X-Name: caf\u00e9", "no colon at all", ": nameless", "Set-Cookie: a=b; Path=/", "X-Folded: a\r\n b", "\u00ff\u00fe: x"]


def answer(before: bytes, line: str) -> bytes:
    return before + f"HTTP/1.1 200 OK\r\n{line}\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\n".encode("latin-1") + b'{"a"}'


@pytest.mark.parametrize("before", [b"", *ODD])
@pytest.mark.parametrize("line", LINES)
def test_an_answer_is_read_whatever_stands_around_it(before: bytes, line: str) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.send(answer(before, line))
        peer.hold()  # and does not hang up

    with RawServer(serve) as server:
        found = HttpClient(threading.Event()).request("GET", f"http://127.0.0.1:{server.port}/", "", 3.0)
    assert (found.status, found.body, found.retry_after) == (200, '{"a"}', 7.0)


@pytest.mark.parametrize("before", [b"", *ODD])
@pytest.mark.parametrize("line", LINES)
def test_a_websocket_is_opened_whatever_stands_around_its_answer(before: bytes, line: str) -> None:
    def serve(peer: Peer) -> None:
        send, peer.send = peer.send, lambda data: None  # type: ignore[method-assign]
        said: list[bytes] = []
        peer.send = lambda data: said.append(data.encode("latin-1"))  # type: ignore[method-assign, union-attr]
        peer.handshake()
        peer.send = send  # type: ignore[method-assign]
        first, _, rest = said[0].partition(b"\r\n")
        peer.drip(before + first + b"\r\n" + line.encode("latin-1") + b"\r\n" + rest + frame("hello"), size=7)
        peer.follow_along()

    with RawServer(serve) as server:
        transport = WebSocketTransport(threading.Event())
        transport.open(f"ws://127.0.0.1:{server.port}/", time.monotonic() + 3, "https://kick.com")
        assert transport.receive(3.0) == "hello"
        transport.close()


@pytest.mark.parametrize("what", ["http", "websocket"])
@pytest.mark.parametrize("pieces", [[b"HTTP/1.1 100 Continue\r\n\r\n" * 21], [b"HTTP/1.1 103 x\r\nA: ", b"x" * 70_000]])
def test_interim_answers_without_end_are_refused(what: str, pieces: list[bytes]) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        for piece in pieces:
            peer.send(piece)
        peer.hold()

    with Network() as network, RawServer(serve) as server:
        network.names["kick.test"] = [row(server.port)]
        began = time.monotonic()
        with pytest.raises(CannotConnect) as told:
            reach(what, limit=3.0)
        assert time.monotonic() - began < 1.0
    assert told.value.failure.reason.key in ("answer_broken", "handshake_broken")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    with RawServer(lambda peer: peer.answer(200, b'\xef\xbb\xbf{"a":1}')) as server:
        assert HttpClient(threading.Event()).request("GET", f"http://127.0.0.1:{server.port}/").body == '{"a":1}'

    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame(b'\xef\xbb\xbf{"a":1}'))
        peer.follow_along()

    with RawServer(serve) as server:
        transport = WebSocketTransport(threading.Event())
        transport.open(f"ws://127.0.0.1:{server.port}/", time.monotonic() + 3, "https://kick.com")
        assert transport.receive(3.0) == '{"a":1}'
        transport.close()
