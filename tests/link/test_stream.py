"""A socket that can be stopped at any moment and never takes longer than it may: over a pair of sockets."""

from __future__ import annotations

import errno
import io
import os
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from vmsc_core.link import stream as stream_module
from vmsc_core.link.errors import Stopped
from vmsc_core.link.stream import SLICE, Stream, ready, retry_when_ready


class Pair:
    """`ours` is the Stream's own socket, `theirs` the other end, which blocks."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.theirs.settimeout(10)
        self.stop = threading.Event()
        self.stream = Stream(self.ours, self.stop, None)

    def fill(self) -> None:
        """Nothing more can be sent."""
        with pytest.raises(BlockingIOError):
            while True:
                self.ours.send(b"x" * 65_536)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.ours.close()
    made.theirs.close()


def seconds_of(act) -> float:  # type: ignore[no-untyped-def]
    """How long it takes until it runs out of time."""
    began = time.monotonic()
    with pytest.raises(socket.timeout):
        act()
    return time.monotonic() - began


# -- reading ---------------------------------------------------------------------------------------------------------------


def test_no_more_is_given_than_asked_for_and_the_rest_later(pair: Pair) -> None:
    pair.theirs.sendall(b"hello world")
    assert [pair.stream.recv(5), pair.stream.recv(1), pair.stream.recv(100)] == [b"hello", b" ", b"world"]


def test_all_that_has_arrived_is_taken_from_the_socket_at_once(pair: Pair) -> None:
    pair.theirs.sendall(b"hello")
    pair.stream.recv(1)
    pair.ours.close()
    assert pair.stream.recv(100) == b"ello"


def test_what_has_arrived_can_be_looked_at_and_taken_without_reading(pair: Pair) -> None:
    assert pair.stream.peek() == (b"", 0)
    pair.theirs.send(b"hello there")
    assert pair.stream.recv(2) == b"he"
    data, at = pair.stream.peek()
    assert data[at:] == b"llo there" and pair.stream.peek() == (data, at)
    pair.stream.take_to(at + 4)
    assert pair.stream.recv(100) == b"there"


def test_nothing_comes_at_the_end_of_the_stream_however_often_one_asks(pair: Pair) -> None:
    pair.theirs.sendall(b"last")
    pair.theirs.close()
    assert [pair.stream.recv(100) for _ in range(3)] == [b"last", b"", b""]


def test_what_arrives_while_it_waits_is_given_at_once(pair: Pair) -> None:
    timer = threading.Timer(0.05, pair.theirs.sendall, [b"late"])
    timer.start()
    began = time.monotonic()
    pair.stream.settimeout(5.0)
    assert pair.stream.recv(100) == b"late"
    assert time.monotonic() - began < 1.0
    timer.join()


@pytest.mark.linux_only("Wine hands a reset over as a plain end")
def test_a_reset_is_an_os_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as ours:
        theirs, _ = listener.accept()
        ours.setblocking(False)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
        theirs.close()
        with pytest.raises(ConnectionResetError):
            Stream(ours, threading.Event(), None).recv(100)


def test_a_file_reads_lines_and_the_rest(pair: Pair) -> None:
    pair.theirs.sendall(b"one\r\ntwo\r\nthe rest")
    pair.theirs.shutdown(socket.SHUT_WR)
    file = pair.stream.makefile("rb")
    assert isinstance(file, io.BufferedReader) and file.readable()
    assert [file.readline(), file.readline(), file.read()] == [b"one\r\n", b"two\r\n", b"the rest"]


def test_closing_the_file_leaves_the_stream_open(pair: Pair) -> None:
    pair.stream.makefile("rb").close()
    pair.theirs.sendall(b"still here")
    assert pair.stream.recv(100) == b"still here"


# -- how many bytes --------------------------------------------------------------------------------------------------------


def test_as_many_bytes_as_allowed_may_be_read(pair: Pair) -> None:
    pair.stream.allowance = 5
    pair.theirs.sendall(b"hello")
    assert pair.stream.recv(100) == b"hello" and pair.stream.allowance == 0


def test_one_byte_more_than_allowed_is_an_error(pair: Pair) -> None:
    pair.stream.allowance = 5
    pair.theirs.sendall(b"hello!")
    with pytest.raises(OSError) as problem:
        pair.stream.recv(1)
    assert problem.value.errno == errno.EMSGSIZE


def test_the_allowance_is_for_all_reads_together(pair: Pair) -> None:
    pair.stream.allowance = 5
    pair.theirs.sendall(b"hel")
    assert pair.stream.recv(100) == b"hel"
    pair.theirs.sendall(b"lo!")
    with pytest.raises(OSError):
        pair.stream.recv(100)


def test_without_an_allowance_everything_may_be_read(pair: Pair) -> None:
    writer = threading.Thread(target=pair.theirs.sendall, args=[b"x" * 1_000_000])
    writer.start()
    left = 1_000_000
    while left > 0:
        left -= len(pair.stream.recv(100_000))
    writer.join()
    assert left == 0 and pair.stream.allowance is None


# -- how long --------------------------------------------------------------------------------------------------------------


def test_a_read_takes_no_longer_than_its_timeout(pair: Pair) -> None:
    pair.stream.settimeout(0.15)
    assert pair.stream.gettimeout() == 0.15
    assert 0.14 < seconds_of(lambda: pair.stream.recv(1)) < 0.4


def test_the_timeout_is_for_each_read_again(pair: Pair) -> None:
    pair.stream.settimeout(0.05)
    assert all(seconds_of(lambda: pair.stream.recv(1)) > 0.04 for _ in range(3))


def test_a_read_does_not_go_on_after_the_deadline(pair: Pair) -> None:
    pair.stream.deadline = time.monotonic() + 0.15
    assert 0.1 < seconds_of(lambda: pair.stream.recv(1)) < 0.4
    assert seconds_of(lambda: pair.stream.recv(1)) < 0.1, "the deadline is for all reads together"


@pytest.mark.parametrize(("timeout", "deadline"), [(0.05, 30.0), (30.0, 0.05)])
def test_the_earlier_of_timeout_and_deadline_counts(pair: Pair, timeout: float, deadline: float) -> None:
    pair.stream.settimeout(timeout)
    pair.stream.deadline = time.monotonic() + deadline
    assert seconds_of(lambda: pair.stream.recv(1)) < 1.0


def test_what_is_there_already_is_given_though_the_deadline_has_passed(pair: Pair) -> None:
    pair.theirs.sendall(b"in time")
    pair.stream.deadline = time.monotonic() - 1.0
    assert pair.stream.recv(100) == b"in time"


def test_a_write_nobody_reads_takes_no_longer_than_its_timeout(pair: Pair) -> None:
    pair.fill()
    pair.stream.settimeout(0.05)
    assert 0.04 < seconds_of(lambda: pair.stream.sendall(bytes(20_000_000))) < 0.4, "Windows' pair takes some more"


# -- stop ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["recv", "sendall", "read of a file"])
def test_stop_ends_every_waiting_within_two_tenths_of_a_second(pair: Pair, act: str) -> None:
    stopped_at: list[float] = []

    def stop() -> None:
        stopped_at.append(time.monotonic())
        pair.stop.set()

    if act == "sendall":
        pair.fill()
    timer = threading.Timer(0.05, stop)
    timer.start()
    with pytest.raises(Stopped):
        {"recv": lambda: pair.stream.recv(1), "sendall": lambda: pair.stream.sendall(b"x")}.get(
            act, lambda: pair.stream.makefile("rb").read(1)
        )()
    assert time.monotonic() - stopped_at[0] < 0.2
    timer.join()


def test_after_stop_nothing_more_is_read_or_sent(pair: Pair) -> None:
    pair.theirs.sendall(b"too late")
    pair.stop.set()
    for act in (lambda: pair.stream.recv(1), lambda: pair.stream.send(b"x")):
        with pytest.raises(Stopped):
            act()
    pair.theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        pair.theirs.recv(100)


# -- writing ---------------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(300)  # Wine takes a minute and a half beside another run
def test_a_slow_reader_gets_a_large_buffer_whole(pair: Pair) -> None:
    data = os.urandom(1 << 20) * 3
    read: list[bytes] = []

    def slowly() -> None:
        pair.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while part := pair.theirs.recv(1000):
            read.append(part)

    pair.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    reader = threading.Thread(target=slowly)
    reader.start()
    pair.stream.sendall(data)
    pair.stream.close()
    reader.join(20)
    assert b"".join(read) == data


def test_send_says_how_much_it_sent(pair: Pair) -> None:
    sent = pair.stream.send(b"x" * 10_000_000)
    assert 0 < sent < 10_000_000
    pair.stream.close()
    assert sum(len(part) for part in iter(lambda: pair.theirs.recv(65_536), b"")) == sent


def test_sending_nothing_is_no_mistake(pair: Pair) -> None:
    pair.stop.set()
    pair.stream.sendall(b"")


@pytest.mark.linux_only("Windows' socket pair is TCP: the first bytes after the end are still taken")
def test_sending_to_somebody_who_has_gone_is_an_os_error(pair: Pair) -> None:
    pair.theirs.close()
    with pytest.raises(OSError):
        pair.stream.sendall(b"x")


# -- the end ---------------------------------------------------------------------------------------------------------------


def test_close_may_be_called_twice_and_the_other_side_hears_of_it(pair: Pair) -> None:
    pair.stream.close()
    pair.stream.close()
    assert pair.theirs.recv(100) == b"" and pair.stream.fileno() == -1


def test_after_close_reading_and_writing_are_os_errors(pair: Pair) -> None:
    pair.stream.close()
    for act in (lambda: pair.stream.recv(1), lambda: pair.stream.sendall(b"x")):
        with pytest.raises(OSError):
            act()


def test_shutdown_tells_the_other_side_and_may_come_too_late(pair: Pair) -> None:
    pair.stream.shutdown(socket.SHUT_WR)
    assert pair.theirs.recv(100) == b""
    pair.theirs.sendall(b"an answer all the same")
    assert pair.stream.recv(9) == b"an answer"
    pair.theirs.close()
    pair.stream.shutdown()
    pair.stream.close()
    pair.stream.shutdown()


def test_its_descriptor_is_the_sockets(pair: Pair) -> None:
    assert pair.stream.fileno() == pair.ours.fileno()


# -- waiting for a socket --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("polls", [True, False], ids=["poll", "select"])
def test_ready_says_whether_the_socket_can_be_read_or_written(pair: Pair, monkeypatch: pytest.MonkeyPatch, polls: bool) -> None:
    if not polls:
        monkeypatch.delattr(select, "poll", raising=False)
    assert not ready(pair.ours, False, 0.0) and ready(pair.ours, True, 0.0)
    pair.theirs.sendall(b"x")
    assert ready(pair.ours, False, 5.0)
    pair.fill()
    assert not ready(pair.ours, True, 0.01)


def test_a_negative_wait_is_none(pair: Pair) -> None:
    began = time.monotonic()
    assert not ready(pair.ours, False, -5.0)
    assert time.monotonic() - began < 1.0


@pytest.mark.linux_only("select alone can't wait for a descriptor above 1024, poll can")
def test_a_descriptor_that_is_too_high_for_select_can_be_waited_for(pair: Pair) -> None:
    fcntl = pytest.importorskip("fcntl")
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1200:
        pytest.skip("this computer has no such descriptors")
    with socket.socket(fileno=fcntl.fcntl(pair.ours.fileno(), fcntl.F_DUPFD, 1100)) as high:
        assert high.fileno() >= 1100 and ready(high, True, 0.0)


@pytest.mark.parametrize(
    ("error", "writing", "waits_to_write"),
    [
        (BlockingIOError(), False, False),
        (BlockingIOError(), True, True),
        (InterruptedError(), True, True),
        (ssl.SSLWantReadError(), True, False),
        (ssl.SSLWantWriteError(), False, True),
    ],
)
def test_it_waits_for_the_direction_that_is_needed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, error: OSError, writing: bool, waits_to_write: bool
) -> None:
    waited: list[tuple[bool, float]] = []
    monkeypatch.setattr(stream_module, "ready", lambda sock, writing, seconds: waited.append((writing, seconds)))
    results: list[object] = [error, "done"]

    def act() -> object:
        result = results.pop(0)
        if isinstance(result, OSError):
            raise result
        return result

    assert retry_when_ready(act, writing, pair.ours, pair.stop, None) == "done"
    assert waited == [(waits_to_write, SLICE)]


def test_any_other_error_comes_out_as_it_is(pair: Pair) -> None:
    def act() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        retry_when_ready(act, False, pair.ours, pair.stop, None)
