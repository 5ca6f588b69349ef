"""One address on its way to a connection: connect, perhaps a proxy's tunnel, TLS, the request, the answer's first bytes.

A non-blocking socket and a generator that yields whenever it has to wait. Knows no other address, no deadline and no thread.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from vmsc_core.link import head, tls
from vmsc_core.link.addresses import Row
from vmsc_core.link.proxy import Proxy

UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", -1))

CHUNK = 65_536
MOST_OF_A_TUNNEL = 16_384
"""Bytes of a proxy's answer."""

T = TypeVar("T")
Course = Iterator[bool]
"""Yields whether it waits for the socket to be writable; otherwise it is to be readable."""


class Phase(Enum):
    """How far a candidate has come."""

    CONNECT = "connect"
    TUNNEL = "tunnel"
    TLS = "tls"
    ANSWER = "answer"
    WON = "won"


@dataclass(frozen=True)
class Target:
    """What every candidate of a host is to reach. `context` is None without TLS; without a request, TLS is all there is to do."""

    host: str
    port: int
    context: Any = None
    request: bytes = b""


class TunnelRefused(OSError):
    """A proxy answered, but not with a connection; `status` 0 is no answer of HTTP."""

    def __init__(self, status: int) -> None:
        super().__init__(errno.ECONNREFUSED, "refused")
        self.status = status


class Candidate:
    """One address. `step` whenever its socket is ready, until it has won or `error` says why not; `close` unless it won."""

    def __init__(self, row: Row, target: Target, proxy: Proxy | None = None) -> None:
        self.address: Any = row[4]
        self.proxy = proxy
        self.phase = Phase.CONNECT
        self.error: OSError | None = None
        self.first = b""
        """What has been received already."""
        self.began = time.monotonic()
        self.writing = True
        self.sock: Any = None
        self._target = target
        self._course = self._run(row)
        self.step()

    @property
    def running(self) -> bool:
        """Whether there is something to wait for."""
        return self.error is None and self.phase is not Phase.WON

    def step(self) -> None:
        """Goes on until it has to wait."""
        try:
            self.writing = next(self._course)
        except StopIteration:
            self.phase = Phase.WON
        except (OSError, ValueError) as error:  # ValueError: a host's name that TLS can't take
            self.error = error if isinstance(error, OSError) else OSError(errno.EINVAL, str(error))
            self.close()

    def close(self) -> None:
        """Gives up."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.close()

    def _run(self, row: Row) -> Course:
        family, kind, protocol, _, place = row
        target = self._target
        self.sock = sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(place)
        while code in UNDER_WAY:
            yield True
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, "not connected")
        if self.proxy is not None:
            self.phase = Phase.TUNNEL
            yield from self._tunnel(self.proxy.request(target.host, target.port))
        if target.context is not None:
            self.phase = Phase.TLS
            self.sock = target.context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
            yield from self._retry(self.sock.do_handshake, False, [])
        if target.request:
            self.phase = Phase.ANSWER
            yield from self._send(target.request)
            self.first = yield from self._receive()

    def _tunnel(self, request: bytes) -> Course:
        yield from self._send(request)
        data = b""
        while True:
            at = head.end(data)
            if at is None:
                if not head.can_be_one(data) or len(data) > MOST_OF_A_TUNNEL:
                    raise TunnelRefused(0)
                data += yield from self._receive()
            elif head.is_interim(data[:at]):
                data = data[at:]
            else:
                break
        status = head.status(data)
        if not 200 <= status < 300 or data[at:]:  # we speak first: what follows the head can only be a refusal's text
            raise TunnelRefused(status)

    def _send(self, data: bytes) -> Course:
        while data:
            sent: list[int] = []
            yield from self._retry(lambda: self.sock.send(data), True, sent)  # noqa: B023 - called before data changes
            data = data[sent[0] :]

    def _receive(self) -> Any:
        got: list[bytes] = []
        yield from self._retry(lambda: self.sock.recv(CHUNK), False, got)
        if not got[0]:
            raise ConnectionResetError(errno.ECONNRESET, "closed")
        return got[0]

    def _retry(self, act: Callable[[], T], writing: bool, result: list[T]) -> Course:
        while True:
            try:
                result.append(act())
                return
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                wants = tls.waits_to_write(error)
                if wants is None:
                    raise
                writing = wants
            yield writing
