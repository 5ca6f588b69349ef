"""From a host's name to a connected Stream: addresses, connection, TLS handshake. Knows no HTTP, no WebSocket and no Kick.

Rules a maintainer must keep:
1. Nothing here waits longer than SLICE without looking whether `stop` was set: OBS gives a script 2 s to end.
2. Foreign exceptions end here: what comes out is CannotConnect or Stopped.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from typing import Any

from vmsc_core.link.background import background
from vmsc_core.link.errors import CannotConnect, Stopped, passing
from vmsc_core.link.stream import SLICE, Stream, ready, retry_when_ready
from vmsc_core.link.tls import is_certificate_trouble, tls_context

ONE_ADDRESS_TIMEOUT = 4.0
"""Seconds for one of several addresses of a host, so that a broken IPv6 leaves time for IPv4."""

MOST_ADDRESSES = 6

UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, getattr(errno, "WSAEWOULDBLOCK", -1))


def dial(host: str, port: int, tls: bool, stop: threading.Event, deadline: float) -> Stream:
    """A Stream to `host`, by `deadline` (monotonic seconds). Raises CannotConnect or Stopped."""
    context = tls_context() if tls else None
    addresses = _resolve(host, port, stop, deadline)
    trouble: CannotConnect | None = None
    for place, address in enumerate(addresses):
        is_last = place == len(addresses) - 1
        until = deadline if is_last else min(deadline, time.monotonic() + ONE_ADDRESS_TIMEOUT)
        try:
            sock = _connect(address, host, stop, until)
        except CannotConnect as error:
            trouble = trouble or error
            continue
        if context is None:
            return Stream(sock, stop, deadline)
        return Stream(_handshake(context, sock, host, stop, deadline), stop, deadline)
    raise trouble or passing("host_not_found", host)


def _resolve(host: str, port: int, stop: threading.Event, deadline: float) -> list[Any]:
    found: list[Any] = []
    failed: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        # getaddrinfo can't be interrupted and may take half a minute: it gets a thread that nobody waits for.
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            done.set()

    background(ask, "vmsc-resolve").start()
    while not done.wait(SLICE):
        if stop.is_set():
            raise Stopped
        if time.monotonic() >= deadline:
            raise passing("host_not_found", host)
    if stop.is_set():
        raise Stopped
    if failed or not found:
        raise passing("host_not_found", host)
    return found[:MOST_ADDRESSES]


def _connect(address: Any, host: str, stop: threading.Event, deadline: float) -> socket.socket:
    family, kind, protocol, _, place = address
    try:
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise passing("host_unreachable", host) from error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(place)
        while code in UNDER_WAY:
            if stop.is_set():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                raise passing("host_silent", host)
            if ready(sock, True, min(SLICE, left)):
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise passing("host_unreachable", host)
    except OSError as error:
        sock.close()
        raise passing("host_unreachable", host) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _handshake(context: Any, sock: socket.socket, host: str, stop: threading.Event, deadline: float) -> Any:
    try:
        secure = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        sock.close()
        raise passing("host_unreachable", host) from error
    try:
        retry_when_ready(secure.do_handshake, False, secure, stop, deadline)
    except OSError as error:
        secure.close()
        raise passing("certificate_bad" if is_certificate_trouble(error) else "tls_failed", host) from error
    except BaseException:
        secure.close()
        raise
    return secure
