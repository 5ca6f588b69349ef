"""WebSocketTransport against byte-exact servers on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from end_to_end.raw_server import BINARY, CONTINUATION, PING, PONG, TEXT, Peer, RawServer, close_frame, frame

from vmsc_core.link import transport as transport_module
from vmsc_core.link.errors import CannotConnect, ConnectionLost, Stopped
from vmsc_core.link.library import library
from vmsc_core.link.transport import LARGEST_MESSAGE, WebSocketTransport
from vmsc_core.reasons import Remedy, because


class Client:
    def __init__(self, transport: WebSocketTransport, stop: threading.Event) -> None:
        self.transport = transport
        self.stop = stop

    def open(self, server: RawServer, limit: float = 5.0) -> WebSocketTransport:
        self.transport.open(f"ws://127.0.0.1:{server.port}/app/x?protocol=7", time.monotonic() + limit, "https://kick.com")
        return self.transport

    def next(self, limit: float = 5.0) -> str | None:
        """The next text within `limit` seconds, by short receives as the link does."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            text = self.transport.receive(0.25)
            if text is not None:
                return text
        return None


@pytest.fixture
def client() -> Iterator[Client]:
    stop = threading.Event()
    one = Client(WebSocketTransport(stop), stop)
    yield one
    one.transport.close()


def test_texts_arrive_in_order_and_what_is_sent_arrives(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("one") + frame("two") + frame("drei \u00e4\u2728"))
        peer.follow_along()

    with RawServer(serve) as server:
        transport = client.open(server)
        assert [client.next() for _ in range(3)] == ["one", "two", "drei \u00e4\u2728"]
        transport.send("hello \u2728")
        transport.close()
        assert server.quiet()  # what was sent is read before the server is stopped
        head = server.requests[0]
    assert server.peers[0].received[0] == (TEXT, "hello \u2728".encode())
    assert head.startswith("GET /app/x?protocol=7 HTTP/1.1\r\n")
    assert "origin: https://kick.com" in head.lower()
    assert "sec-websocket-extensions" not in head.lower()


def test_a_quiet_server_gives_none_after_the_time_asked_for(client: Client) -> None:
    with RawServer(lambda peer: peer.handshake().hold()) as server:
        transport = client.open(server)
        began = time.monotonic()
        assert transport.receive(0.2) is None
        assert 0.19 <= time.monotonic() - began < 0.5


def test_one_byte_at_a_time(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.drip(frame("a dripping frame") + frame("b" * 300), 0.001)
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "a dripping frame"
        assert client.next() == "b" * 300


def test_a_dripping_frame_does_not_hold_receive_beyond_its_time(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.drip(frame("x" * 40), 0.05)
        peer.hold()

    with RawServer(serve) as server:
        transport = client.open(server)
        longest, text = 0.0, None
        while text is None:
            began = time.monotonic()
            text = transport.receive(0.2)
            longest = max(longest, time.monotonic() - began)
        assert text == "x" * 40
        assert longest < 0.4


def test_pings_without_end_do_not_hold_receive_beyond_its_time(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        while True:
            peer.send(frame(b"", PONG) * 1000)

    with RawServer(serve) as server:
        transport = client.open(server)
        began = time.monotonic()
        assert transport.receive(0.2) is None
        assert 0.19 <= time.monotonic() - began < 0.4
        transport.close()


def test_an_old_library_that_takes_a_redirect_for_a_connection_is_not_believed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(ws: Any, url: str, **options: object) -> None:
        ws.handshake_response = SimpleNamespace(status=302)

    monkeypatch.setattr(library().WebSocket, "connect", connect)
    with RawServer(Peer.hold) as server:
        with pytest.raises(CannotConnect) as problem:
            client.open(server)
        assert problem.value.failure.reason == because("handshake_broken", host="127.0.0.1")


@pytest.mark.parametrize("error", [RuntimeError, MemoryError, AttributeError, RecursionError, ImportError, AssertionError])
def test_whatever_the_library_raises_in_a_handshake_is_a_failure(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def connect(ws: Any, url: str, **options: object) -> None:
        raise error

    monkeypatch.setattr(library().WebSocket, "connect", connect)
    with RawServer(Peer.hold) as server:
        with pytest.raises(CannotConnect) as problem:
            client.open(server)
        assert problem.value.failure.reason == because("handshake_broken", host="127.0.0.1")


COOKIES = [
    "a=1; Domain=127.0.0.1",
    "a=1; Domain=.0.0.1; Path=/",
    "bad name=x",
    "=",
    "é=ü",
    "a=1; Max-Age=nonsense",
    ";" * 500,
    "a b[]=1; c",
]


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_cookie_is_harmless_and_is_not_sent_back(cookie: str) -> None:
    with RawServer(lambda peer: peer.handshake(Set_Cookie=cookie).hold()) as server:
        for _ in range(2):
            one = WebSocketTransport(threading.Event())
            Client(one, threading.Event()).open(server)
            one.close()
        assert len(server.requests) == 2
        assert not [head for head in server.requests if "cookie" in head.lower()]


@pytest.mark.parametrize(
    "head", [b"\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 x\r\n\r\n", b"HTTP/1.1 403 x\r\nContent-Length: x\r\n\r\n"]
)
def test_a_head_that_is_none_is_a_failure_with_a_sentence(client: Client, head: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.read_request()
        peer.send(head)

    with RawServer(serve) as server:
        with pytest.raises(CannotConnect) as problem:
            client.open(server)
        assert problem.value.failure.reason == because("handshake_broken", host="127.0.0.1")


def test_the_handshake_one_byte_at_a_time(client: Client) -> None:
    def serve(peer: Peer) -> None:
        whole, peer.send = [], lambda data: whole.append(data)  # type: ignore[method-assign,assignment]
        peer.handshake()
        del peer.send
        peer.drip(whole[0].encode(), 0.001)
        peer.send(frame("hello"))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "hello"


def test_fragments_with_control_frames_between(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("one ", fin=False) + frame(b"p", PING) + frame("two ", CONTINUATION, fin=False))
        peer.send(frame(b"", PING) + frame("three", CONTINUATION) + frame("next"))
        peer.follow_along()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "one two three"
        assert client.next() == "next"


def test_a_character_split_between_fragments(client: Client) -> None:
    whole = "\u2728".encode()

    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame(whole[:1], fin=False) + frame(whole[1:], CONTINUATION))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "\u2728"


@pytest.mark.parametrize("data", [frame(b"\xff\xfe"), frame(b"\x00\xff", BINARY), frame(b'{"a":"\xed\xa0\x80"}')])
def test_what_is_no_text_is_the_empty_text_and_the_link_stays(client: Client, data: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(data + frame("after"))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == ""
        assert client.next() == "after"


def test_a_frame_of_the_largest_size_is_taken(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("x" * LARGEST_MESSAGE))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert len(client.next() or "") == LARGEST_MESSAGE


@pytest.mark.parametrize("length", [LARGEST_MESSAGE + 1, 1 << 40, (1 << 63) - 1])
def test_a_larger_frame_is_refused_by_its_announced_length(client: Client, length: int) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame(b"x", length=length))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        began = time.monotonic()
        with pytest.raises(ConnectionLost) as lost:
            client.next()
        assert lost.value.code == 1009
        assert time.monotonic() - began < 1.0


def test_a_message_of_endless_fragments_is_refused(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("x" * 60_000, fin=False))
        while True:
            peer.send(frame("x" * 60_000, CONTINUATION, fin=False))

    with RawServer(serve) as server:
        client.open(server)
        with pytest.raises(ConnectionLost) as lost:
            client.next()
        assert lost.value.code == 1009


def test_a_message_of_endless_empty_fragments_is_refused(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("", fin=False))
        while True:
            peer.send(frame("", CONTINUATION, fin=False) * 100)

    with RawServer(serve) as server:
        client.open(server)
        with pytest.raises(ConnectionLost):
            client.next()


@pytest.mark.parametrize(
    "data",
    [
        frame("x", rsv=4),
        frame("x", rsv=1),
        frame("x", opcode=3),
        frame("x", opcode=11),
        frame("lost", CONTINUATION),
        frame("a", fin=False) + frame("b"),
        frame(b"x" * 126, PING),
        frame(b"x", PING, fin=False),
        b"\x88\x01\x03",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
    ids=[
        "rsv1",
        "rsv3",
        "opcode 3",
        "opcode 11",
        "lost continuation",
        "unfinished",
        "long ping",
        "cut ping",
        "short close",
        "http",
    ],
)
def test_what_breaks_the_protocol_ends_the_connection_or_is_survived(client: Client, data: bytes) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(data)
        peer.pause(0.2)
        peer.end()

    with RawServer(serve) as server:
        client.open(server)
        with pytest.raises(ConnectionLost):
            while True:
                client.next()


@pytest.mark.parametrize(
    ("data", "code"), [(close_frame(4001, "gone"), 4001), (close_frame(1000), 1000), (close_frame(None), None)]
)
def test_the_close_code_comes_out(client: Client, data: bytes, code: int | None) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("last") + data)
        peer.end()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "last"
        with pytest.raises(ConnectionLost) as lost:
            client.next()
        assert lost.value.code == code


@pytest.mark.parametrize("code", [999, 1004, 1005, 1006, 2999, 3000, 5000, 65535])
def test_an_impossible_close_code_ends_it_all_the_same(client: Client, code: int) -> None:
    with RawServer(lambda peer: peer.handshake().send(close_frame(code))) as server:
        client.open(server)
        with pytest.raises(ConnectionLost):
            client.next()


def test_the_close_code_survives_a_reset_behind_it(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("last") + close_frame(4200, "again"))
        peer.pause(0.1)
        peer.reset()

    with RawServer(serve) as server:
        client.open(server)
        assert client.next() == "last"
        with pytest.raises(ConnectionLost) as lost:
            client.next()
        assert lost.value.code == 4200


@pytest.mark.parametrize("how", [Peer.reset, Peer.end])
def test_an_end_without_a_word(client: Client, how) -> None:  # type: ignore[no-untyped-def]
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.pause(0.05)
        how(peer)

    with RawServer(serve) as server:
        client.open(server)
        with pytest.raises(ConnectionLost) as lost:
            client.next()
        assert lost.value.code is None


@pytest.mark.parametrize(
    "serve",
    [
        lambda peer: peer.reset(),
        lambda peer: peer.end(),
        lambda peer: peer.answer(200, "<html>"),
        lambda peer: peer.answer(302, "", Location="http://127.0.0.1:9/"),
        lambda peer: peer.answer(302, "", Location="file:///etc/passwd"),
        lambda peer: peer.answer(403, "no"),
        lambda peer: peer.answer(503, "no"),
        lambda peer: (peer.read_request(), peer.send(bytes(range(256)) * 8)),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 101 x\r\n\r\n")),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 abc\r\n\r\n")),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1\r\n\r\n")),
        lambda peer: (peer.read_request(), peer.send(b"\r\n\r\n")),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx")),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 500 x\r\nContent-Length: x\r\n\r\nx")),
        lambda peer: (
            peer.read_request(),
            peer.send(b"HTTP/1.1 500 x\r\nContent-Length: 2147483648\r\n\r\n"),
            peer.pour(b"x" * 65536, 1 << 31),
        ),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 101 x\r\n"), peer.pour(b"X-Long: " + b"x" * 65536, 1 << 31)),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 101 x\r\n"), peer.pour(b"X: x\r\n" * 1000, 1 << 31)),
        lambda peer: (
            peer.read_request(),
            peer.send(
                b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                b"Sec-WebSocket-Accept: d3JvbmcgYW5zd2VyIG9mIHRoZSBzZXJ2ZXI=\r\n\r\n"
            ),
        ),
        lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 101 \xff\xfe\r\n\xff: \xff\r\n\r\n")),
    ],
)
def test_a_handshake_that_fails(client: Client, serve) -> None:  # type: ignore[no-untyped-def]
    with RawServer(serve) as server:
        began = time.monotonic()
        with pytest.raises(CannotConnect) as problem:
            client.open(server)
        assert time.monotonic() - began < 2.0
    assert problem.value.failure.remedy is Remedy.BACKOFF
    assert ("host", "127.0.0.1") in problem.value.failure.reason.values


@pytest.mark.parametrize(
    "serve",
    [
        lambda peer: peer.hold(),
        lambda peer: (peer.read_request(), peer.hold()),
        lambda peer: (peer.read_request(), peer.drip(b"HTTP/1.1 101 Switching Protocols\r\n" * 100, 0.05)),
        lambda peer: (
            peer.read_request(),
            peer.send(b"HTTP/1.1 500 x\r\nContent-Length: 90000\r\n\r\n"),
            peer.drip(b"x" * 1000, 0.05),
        ),
    ],
    ids=["says nothing", "reads and says nothing", "drips", "drips an error"],
)
def test_a_handshake_without_end_ends_in_time(client: Client, serve) -> None:  # type: ignore[no-untyped-def]
    with RawServer(serve) as server:
        began = time.monotonic()
        with pytest.raises(CannotConnect):
            client.open(server, limit=0.5)
        assert 0.4 < time.monotonic() - began < 1.0


@pytest.mark.parametrize("phase", ["handshake", "receive", "half a frame", "send"])
def test_stop_ends_every_waiting(client: Client, phase: str) -> None:
    def serve(peer: Peer) -> None:
        if phase == "handshake":
            peer.hold()
        peer.handshake()
        if phase == "half a frame":
            peer.send(frame("x" * 100)[:50])
        while phase == "send":
            peer.pause(0.05)
        peer.hold()

    with RawServer(serve) as server:
        timer = threading.Timer(0.2, client.stop.set)
        timer.start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            transport = client.open(server)
            while True:
                transport.send("x" * 1_000_000) if phase == "send" else transport.receive(5.0)
        assert time.monotonic() - began < 1.0
        timer.join()


def test_sending_to_a_server_that_does_not_read_ends_by_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "SEND_TIMEOUT", 0.3, raising=False)

    def serve(peer: Peer) -> None:
        peer.handshake()
        while True:
            peer.pause(0.05)

    with RawServer(serve) as server:
        transport = client.open(server)
        began = time.monotonic()
        with pytest.raises(ConnectionLost):
            while time.monotonic() - began < 15:
                transport.send("x" * 1_000_000)
        assert time.monotonic() - began < 3.0


def test_before_open_and_after_close_nothing_but_lost_comes_out(client: Client) -> None:
    for act in (lambda: client.transport.send("x"), lambda: client.transport.receive(0.1)):
        with pytest.raises(ConnectionLost):
            act()
    client.transport.close()
    with RawServer(lambda peer: peer.handshake().hold()) as server:
        transport = client.open(server)
        transport.close()
        transport.close()
        for act in (lambda: transport.send("x"), lambda: transport.receive(0.1)):
            with pytest.raises(ConnectionLost):
                act()


def test_what_has_arrived_is_given_by_more_at_once_and_in_order(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(b"".join(map(frame, ["one", "two", "", "drei \u00e4\u2728", "x" * 60_000])) + frame("begun")[:4])
        peer.hold()

    with RawServer(serve) as server:
        transport = client.open(server)
        assert transport.more() is None, "nothing was read"
        given = [client.next()]
        while len(given) < 5:
            text = transport.more()
            given.append(client.next() if text is None else text)
        assert given == ["one", "two", "", "drei \u00e4\u2728", "x" * 60_000]
        assert transport.more() is None, "the last one is not whole"


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4, 5, 20, 300])
def test_every_kind_of_frame_comes_out_in_order_wherever_the_bytes_are_cut(client: Client, cut: int) -> None:
    frames = [frame("plain"), frame("ping", PING), frame("y" * 200), frame("fra", fin=False), frame("pong", PONG)]
    frames += [frame("gment", CONTINUATION), frame(b"\xff\xfe"), frame(b"\xef\xbb\xbfmark"), frame(b"bytes", BINARY)]
    frames += [frame("z" * 70_000), frame("last")]
    texts = ["plain", "y" * 200, "fragment", "", "mark", "", "z" * 70_000, "last"]

    def serve(peer: Peer) -> None:
        peer.handshake()
        data = b"".join(frames * 20)
        places = [0, *[place + cut for place in range(0, len(data), 997)], len(data)]
        for begin, end in zip(places, places[1:]):
            peer.send(data[begin:end])
        peer.hold()

    with RawServer(serve) as server:
        transport = client.open(server)
        given: list[str | None] = []
        while len(given) < len(texts) * 20:
            text = transport.more()
            given.append(client.next() if text is None else text)
        assert given == texts * 20


def test_a_text_between_fragments_is_not_given_by_more(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("before") + frame("a", fin=False) + frame("b"))
        peer.hold()

    with RawServer(serve) as server:
        transport = client.open(server)
        assert client.next() == "before" and transport.more() is None
        with pytest.raises(ConnectionLost):
            client.next()
        assert transport.more() is None


def test_after_close_more_gives_nothing(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(frame("one") + frame("two"))
        peer.hold()

    assert client.transport.more() is None
    with RawServer(serve) as server:
        transport = client.open(server)
        assert client.next() == "one"
        transport.close()
        assert transport.more() is None


def test_a_flood_is_taken_without_loss(client: Client) -> None:
    def serve(peer: Peer) -> None:
        peer.handshake()
        peer.send(b"".join(frame(f"message {number}") for number in range(20_000)))
        peer.hold()

    with RawServer(serve) as server:
        client.open(server)
        assert [client.next() for _ in range(20_000)] == [f"message {number}" for number in range(20_000)]
