"""From a host's name to a connected Stream, over loopback; the names are answered by the test."""

from __future__ import annotations

import gc
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from end_to_end.raw_server import Certificates, Peer, RawServer

from vmsc_core.link import dial as dial_module
from vmsc_core.link.addresses import MEMORY
from vmsc_core.link.dial import dial
from vmsc_core.link.errors import CannotConnect, Stopped, for_the_user
from vmsc_core.link.stream import Stream
from vmsc_core.reasons import Failure, Remedy, because

HOST = "kick.example"
REAL = socket.getaddrinfo
loses_packets = pytest.mark.linux_only("a connection that nobody accepts is refused at once elsewhere")
UNUSABLE = (9999, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))
WITHOUT_TCP = (getattr(socket, "AF_UNIX", 9999), socket.SOCK_STREAM, 0, "", "/nowhere")


class Dialer:
    """Dials once or more; `addresses` are what the next name stands for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stop = threading.Event()
        self.asked: list[tuple[Any, ...]] = []
        self._patch = monkeypatch
        self._streams: list[Stream] = []

    def addresses(self, *found: Any) -> None:
        """What every name stands for: addresses, or one exception."""

        def answer() -> list[Any]:
            if found and isinstance(found[0], Exception):
                raise found[0]
            return list(found)

        self.names(answer)

    def names(self, answer: Callable[[], list[Any]]) -> None:
        """How every name is answered. The server of the test goes by its number."""

        def getaddrinfo(host: str, *more: Any, **options: Any) -> list[Any]:
            if host == "127.0.0.1":
                return REAL(host, *more, **options)
            self.asked.append((host, *more))
            return answer()

        self._patch.setattr(socket, "getaddrinfo", getaddrinfo)

    def dial(self, port: int, host: str = "127.0.0.1", tls: bool = False, limit: float = 5.0) -> Stream:
        stream = dial(host, port, tls, self.stop, time.monotonic() + limit)
        self._streams.append(stream)
        return stream

    def failure(self, port: int, **more: Any) -> Failure:
        try:
            self.dial(port, **more)
        except CannotConnect as error:
            return error.failure
        raise AssertionError("it connected")

    def close(self) -> None:
        for stream in self._streams:
            stream.close()


@pytest.fixture
def dialer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialer]:
    MEMORY.clear()
    monkeypatch.setattr(dial_module, "is_offline", lambda: False)
    made = Dialer(monkeypatch)
    yield made
    made.close()
    deadline = time.monotonic() + 5
    while any(thread.name == "vmsc-resolve" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.005)  # a name that is still asked for would be the next test's answer


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    """The test's own authority is trusted."""
    context = certificates.client()
    monkeypatch.setattr(dial_module, "tls_context", lambda: context)
    return certificates


def address(port: int) -> tuple[Any, ...]:
    """As getaddrinfo gives one."""
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))


def greets(peer: Peer) -> None:
    peer.send(b"hello")
    peer.hold()


def echoes(peer: Peer) -> None:
    while data := peer.sock.recv(100):
        peer.send(data)


def failed(key: str, host: str = HOST) -> Failure:
    return Failure(Remedy.BACKOFF, because(key, host=host))


# -- connected -------------------------------------------------------------------------------------------------------------


def test_bytes_go_both_ways(dialer: Dialer) -> None:
    with RawServer(echoes) as server:
        stream = dialer.dial(server.port)
        stream.sendall(b"hello")
        assert stream.recv(100) == b"hello"


def test_the_stream_keeps_the_deadline_and_the_stop_flag(dialer: Dialer) -> None:
    with RawServer(Peer.hold) as server:
        began = time.monotonic()
        stream = dialer.dial(server.port, limit=0.3)
        with pytest.raises(socket.timeout):
            stream.recv(1)
        assert 0.25 < time.monotonic() - began < 0.8
        dialer.stop.set()
        with pytest.raises(Stopped):
            stream.recv(1)


def test_small_messages_are_sent_at_once(dialer: Dialer) -> None:
    with RawServer(Peer.hold) as server:
        stream = dialer.dial(server.port)
        assert stream._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_name_is_asked_for_once_with_its_port(dialer: Dialer) -> None:
    with RawServer(greets) as server:
        dialer.addresses(address(server.port))
        assert dialer.dial(443, HOST).recv(5) == b"hello"
    assert dialer.asked == [(HOST, 443)]


# -- names -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [socket.gaierror(-2, "no such name"), OSError(), UnicodeError("label too long")])
def test_a_name_nobody_knows_is_not_found(dialer: Dialer, answer: Exception) -> None:
    dialer.addresses(answer)
    assert dialer.failure(443, host=HOST) == failed("host_not_found")


def test_a_name_without_an_address_is_not_found(dialer: Dialer) -> None:
    dialer.addresses()
    assert dialer.failure(443, host=HOST) == failed("host_not_found")


def test_a_name_no_computer_can_have_is_not_found(dialer: Dialer) -> None:
    name = "x" * 64 + ".invalid"
    assert dialer.failure(443, host=name) == failed("host_not_found", name)


def test_a_name_that_is_not_answered_in_time_is_not_found(dialer: Dialer) -> None:
    answered = threading.Event()
    dialer.names(lambda: [answered.wait(10)])
    began = time.monotonic()
    assert dialer.failure(443, host=HOST, limit=0.2) == failed("host_not_found")
    assert time.monotonic() - began < 0.6
    answered.set()


# -- addresses -------------------------------------------------------------------------------------------------------------


def test_a_host_that_refuses_is_unreachable(dialer: Dialer) -> None:
    with RawServer(greets, refusing=True) as server:
        assert dialer.failure(server.port) == failed("host_unreachable", "127.0.0.1")


def test_the_second_address_is_used_when_the_first_refuses(dialer: Dialer) -> None:
    with RawServer(greets, refusing=True) as closed, RawServer(greets) as server:
        dialer.addresses(address(closed.port), address(server.port))
        assert dialer.dial(443, HOST).recv(5) == b"hello"


@pytest.mark.parametrize(
    "unusable",
    [UNUSABLE, WITHOUT_TCP],
    ids=["a family it does not have", "a family without TCP"],
)
def test_an_address_this_computer_cannot_use_is_passed_over(dialer: Dialer, unusable: Any) -> None:
    with RawServer(greets) as server:
        dialer.addresses(unusable, address(server.port))
        assert dialer.dial(443, HOST).recv(5) == b"hello"
    dialer.addresses(unusable)
    assert dialer.failure(443, host=HOST) == failed("host_unreachable")


def test_an_address_that_is_there_twice_is_tried_once(dialer: Dialer) -> None:
    with RawServer(Peer.end) as server, RawServer(greets) as good:
        dialer.addresses(*[address(server.port)] * 20, address(good.port))
        stream = dial(HOST, 443, False, dialer.stop, time.monotonic() + 5.0, b"hello")
        assert stream.recv(5) == b"hello" and len(server.accepted) == 1
        stream.close()


@loses_packets
def test_a_host_that_answers_nothing_is_silent_in_its_time(dialer: Dialer) -> None:
    with RawServer(greets, deaf=True) as server:
        began = time.monotonic()
        assert dialer.failure(server.port, limit=0.3) == failed("host_silent", "127.0.0.1")
        assert 0.28 < time.monotonic() - began < 0.7


@loses_packets
def test_a_silent_address_leaves_time_for_the_next_one(dialer: Dialer) -> None:
    with RawServer(greets, deaf=True) as deaf, RawServer(greets) as server:
        dialer.addresses(address(deaf.port), address(server.port))
        began = time.monotonic()
        assert dialer.dial(443, HOST).recv(5) == b"hello"
        assert 0.2 < time.monotonic() - began < 0.7


@loses_packets
def test_the_trouble_that_came_furthest_is_the_one_reported(dialer: Dialer) -> None:
    with RawServer(greets, deaf=True) as deaf, RawServer(greets, refusing=True) as closed:
        dialer.addresses(address(deaf.port), address(closed.port))
        assert dialer.failure(443, host=HOST, limit=0.5) == failed("host_unreachable")


# -- TLS -------------------------------------------------------------------------------------------------------------------


def test_bytes_go_both_ways_through_tls(dialer: Dialer, trusted: Certificates) -> None:
    with RawServer(echoes, tls=trusted.good()) as server:
        dialer.addresses(address(server.port))
        stream = dialer.dial(443, "localhost", tls=True)
        stream.sendall(b"hello")
        assert stream.recv(100) == b"hello"
        assert server.peers[0].sock.version()
        stream.close()


@pytest.mark.parametrize("kind", ["wrong_host", "expired", "self_signed"])
def test_a_certificate_that_is_not_the_hosts_own_is_bad(dialer: Dialer, trusted: Certificates, kind: str) -> None:
    with RawServer(greets, tls=getattr(trusted, kind)()) as server:
        dialer.addresses(address(server.port))
        assert dialer.failure(443, host="localhost", tls=True) == failed("certificate_bad", "localhost")


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda peer: (peer.sock.recv(1000), peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        lambda peer: (peer.sock.recv(1000), peer.reset()),
        lambda peer: (peer.sock.recv(1000), peer.end()),
    ],
    ids=["no TLS", "reset", "end"],
)
def test_a_handshake_that_breaks_is_no_secure_connection(dialer: Dialer, trusted: Certificates, behaviour: Any) -> None:
    with RawServer(behaviour) as server:
        dialer.addresses(address(server.port))
        assert dialer.failure(443, host="localhost", tls=True) == failed("tls_failed", "localhost")


def test_a_handshake_without_an_answer_ends_in_its_time(dialer: Dialer, trusted: Certificates) -> None:
    with RawServer(Peer.hold) as server:
        dialer.addresses(address(server.port))
        began = time.monotonic()
        assert dialer.failure(443, host="localhost", tls=True, limit=0.3) == failed("tls_failed", "localhost")
        assert 0.28 < time.monotonic() - began < 0.7


def test_a_host_without_a_name_has_no_certificate(dialer: Dialer, trusted: Certificates) -> None:
    with RawServer(greets, tls=trusted.good()) as server:
        dialer.addresses(address(server.port))
        assert dialer.failure(443, host="", tls=True) == failed("tls_failed", "")


def test_a_python_without_tls_is_found_out_before_anybody_is_asked(dialer: Dialer, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise for_the_user("ssl_missing")

    monkeypatch.setattr(dial_module, "tls_context", missing)
    dialer.addresses(OSError())
    assert dialer.failure(443, host=HOST, tls=True) == Failure(Remedy.USER, because("ssl_missing"))
    assert dialer.asked == []


# -- stop ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["name", pytest.param("connection", marks=loses_packets), "handshake"])
def test_stop_ends_every_waiting_within_three_tenths_of_a_second(dialer: Dialer, trusted: Certificates, phase: str) -> None:
    stopped_at: list[float] = []
    answered = threading.Event()

    def stop() -> None:
        stopped_at.append(time.monotonic())
        dialer.stop.set()

    with RawServer(Peer.hold, deaf=phase == "connection") as server:
        if phase == "name":
            dialer.names(lambda: [answered.wait(10)])
        else:
            dialer.addresses(address(server.port))
        timer = threading.Timer(0.1, stop)
        timer.start()
        with pytest.raises(Stopped):
            dialer.dial(443, "localhost", tls=phase == "handshake", limit=20.0)
        assert time.monotonic() - stopped_at[0] < 0.3
        answered.set()
        timer.join()


def test_after_stop_nobody_is_called(dialer: Dialer) -> None:
    dialer.stop.set()
    with RawServer(greets) as server:
        with pytest.raises(Stopped):
            dialer.dial(server.port)
        assert server.accepted == []


@pytest.mark.parametrize(
    "phase",
    [
        "refused",
        pytest.param("silent", marks=loses_packets),
        pytest.param("stopped", marks=loses_packets),
        "another kind",
        "certificate",
        "no TLS",
        "name",
        "TLS stopped",
    ],
)
def test_no_socket_is_left_open_after_a_failure(dialer: Dialer, trusted: Certificates, phase: str) -> None:
    is_tls = phase in ("certificate", "name")
    server = RawServer(
        (lambda peer: peer.end()) if phase == "no TLS" else Peer.hold,
        tls=trusted.self_signed() if is_tls else None,
        refusing=phase == "refused",
        deaf=phase in ("silent", "stopped"),
    )
    with server, warnings.catch_warnings(record=True) as left_open:
        warnings.simplefilter("always")
        dialer.addresses(WITHOUT_TCP if phase == "another kind" else address(server.port))
        timer = threading.Timer(0.1, dialer.stop.set)
        if phase.endswith("stopped"):
            timer.start()
        with pytest.raises((CannotConnect, Stopped)) as ended:
            name = "" if phase == "name" else "localhost"
            dialer.dial(443, name, tls=is_tls or "TLS" in phase, limit=0.5)
        del ended
        gc.collect()
        if phase.endswith("stopped"):
            timer.join()
    assert [str(one.message) for one in left_open if one.category is ResourceWarning] == []
