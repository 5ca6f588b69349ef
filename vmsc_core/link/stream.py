"""A socket that can be stopped at any moment and never takes longer than it may. Knows no WebSocket, no HTTP and no Kick.

Rules a maintainer must keep:
1. Nothing here waits longer than SLICE without looking whether `stop` was set: OBS gives a script 2 s to end.
2. What comes out of a Stream is Stopped, socket.timeout or another OSError.
"""

from __future__ import annotations

import contextlib
import errno
import io
import select
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Protocol, TypeVar

from vmsc_core.link import head, tls
from vmsc_core.link.errors import Stopped

SLICE = 0.1
"""Seconds between two looks at the stop flag."""

CHUNK = 65_536

_T = TypeVar("_T")


class _HasSocket(Protocol):
    @property
    def sock(self) -> Any: ...


_C = TypeVar("_C", bound=_HasSocket)


class Stream:
    """A connected socket, plain or TLS, with the methods websocket-client and http.client expect of one.

    `deadline` is the monotonic time by which everything has to be done, None for no limit; `allowance` the bytes that may be
    read until then, None for no limit. Raises socket.timeout for either the timeout or `deadline`, Stopped, or OSError.
    """

    def __init__(self, sock: Any, stop: threading.Event, deadline: float | None, first: bytes = b"") -> None:
        self.deadline = deadline
        self.allowance: int | None = None
        self.proxy = ""
        """The proxy's host, when it goes through one."""
        self.blame: Callable[[], object] = lambda: None
        """To be called when this address did not do what was expected of it: another one is tried first the next time."""
        self._sock = sock
        self._stop = stop
        self._timeout: float | None = None
        self._buffer = first
        self._at = 0

    def settimeout(self, seconds: float | None) -> None:
        """Seconds one read or write may take; None for as long as `deadline` lets it."""
        self._timeout = seconds

    def gettimeout(self) -> float | None:
        """Seconds; see settimeout."""
        return self._timeout

    def fileno(self) -> int:
        """The socket's descriptor."""
        return int(self._sock.fileno())

    def recv(self, size: int) -> bytes:
        """At least one byte and at most `size`; nothing at the end of the stream."""
        if self._at >= len(self._buffer):
            self._buffer = self._retry(lambda: self._sock.recv(CHUNK), False)
            self._at = 0
            if self.allowance is not None:
                self.allowance -= len(self._buffer)
                if self.allowance < 0:
                    raise OSError(errno.EMSGSIZE, "the answer is too long")
        data = self._buffer[self._at : self._at + size]
        self._at += len(data)
        return data

    def peek(self) -> tuple[bytes, int]:
        """What has arrived: the bytes, and where what nobody has taken yet begins in them."""
        return self._buffer, self._at

    def take_to(self, end: int) -> None:
        """What stands before `end` in the bytes of `peek` is taken."""
        self._at = end

    def send(self, data: bytes) -> int:
        """Sends some of `data`; gives how many bytes."""
        return int(self._retry(lambda: self._sock.send(data), True))

    def sendall(self, data: bytes) -> None:
        """Sends all of `data`."""
        view = memoryview(data)
        while view:
            view = view[self.send(bytes(view[:CHUNK])) :]

    def take_head(self) -> None:
        """Reads the head of an HTTP answer: what `recv` gives then is the final answer's, with a head that any reader takes.

        What is no answer of HTTP is left as it is. Raises OSError for a head, or interim answers, without end.
        """
        data, skipped = b"", 0
        while True:
            at = head.end(data)
            if at is not None and head.is_interim(data):
                data, skipped = data[at:], skipped + 1
                if skipped > head.MOST_INTERIM:
                    raise OSError(errno.EMSGSIZE, "interim answers without end")
                continue
            if at is not None:
                data = head.clean(data[:at]) + data[at:] if data.startswith(b"HTTP/") else data
                break
            if len(data) > head.LARGEST:
                raise OSError(errno.EMSGSIZE, "a head without end")
            more = self.recv(CHUNK) if head.can_be_one(data) else b""
            if not more:
                break
            data += more
        self._buffer, self._at = data, 0

    def makefile(self, *mode: Any, **options: Any) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(_Raw(self), CHUNK)

    def shutdown(self, how: int = socket.SHUT_RDWR) -> None:
        """Tells the other side that nothing more comes."""
        with contextlib.suppress(OSError, ValueError):
            self._sock.shutdown(how)

    def close(self) -> None:
        """Ends the connection without waiting for anybody. Only the thread that uses it."""
        self.shutdown()
        with contextlib.suppress(OSError):
            self._sock.close()

    def _retry(self, act: Callable[[], _T], writing: bool) -> _T:
        deadlines = [] if self.deadline is None else [self.deadline]
        if self._timeout is not None:
            deadlines.append(time.monotonic() + self._timeout)
        return retry_when_ready(act, writing, self._sock, self._stop, min(deadlines, default=None))


class _Raw(io.RawIOBase):
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def retry_when_ready(
    act: Callable[[], _T],
    writing: bool,
    sock: Any,
    stop: threading.Event,
    deadline: float | None,
) -> _T:
    """The result of `act` on a non-blocking socket, tried again whenever the socket is ready for it.

    `writing` says what `act` does on a plain socket; TLS may need the other direction and says so. Raises socket.timeout at
    the deadline (monotonic seconds), Stopped, or what `act` raises.
    """
    while True:
        if stop.is_set():
            raise Stopped
        try:
            return act()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            wants = tls.waits_to_write(error)
            if wants is None:
                raise
            writing = wants
        now = time.monotonic()
        if deadline is not None and now >= deadline:
            raise socket.timeout("timed out")
        ready(sock, writing, SLICE if deadline is None else min(SLICE, deadline - now))


def ready(sock: Any, writing: bool, seconds: float) -> bool:
    """Waits until the socket can be read (or, with `writing`, written), at most `seconds`."""
    return bool(_ready([(sock, writing)], seconds))


def ready_ones(candidates: Mapping[_C, bool], seconds: float) -> list[_C]:
    """Waits until one of these can be read (or, where it says True, written), at most `seconds`; those that can."""
    names = {candidate.sock.fileno(): candidate for candidate in candidates}
    return [names[number] for number in _ready([(one.sock, writing) for one, writing in candidates.items()], seconds)]


def _ready(wishes: Sequence[tuple[Any, bool]], seconds: float) -> list[int]:
    if hasattr(select, "poll"):  # has no limit on the descriptor's number, select has: 1,023
        poll = select.poll()
        for sock, writing in wishes:
            poll.register(sock, select.POLLOUT if writing else select.POLLIN)
        return [number for number, _ in poll.poll(max(0, int(seconds * 1000) + 1))]
    reading = [sock for sock, writing in wishes if not writing]
    to_write = [sock for sock, writing in wishes if writing]
    found = select.select(reading, to_write, [sock for sock, _ in wishes], max(0.0, seconds))
    return list({sock.fileno(): None for group in found for sock in group})
