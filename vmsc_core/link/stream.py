"""A socket that can be stopped at any moment and never takes longer than it may. Knows no WebSocket, no HTTP, and nothing of
Kick but the word for its server.

Rules a maintainer must keep:
1. Nothing here waits longer than SLICE without looking whether `stop` was set: OBS gives a script 2 s to end.
2. TLS is always verified; there is no switch for it.
3. Foreign exceptions end here: what comes out is CannotConnect, Stopped, or socket.timeout.
"""

from __future__ import annotations

import contextlib
import errno
import io
import select
import socket
import sys
import threading
import time
from functools import lru_cache
from typing import Any, Callable, TypeVar

from vmsc_core.link.background import background

try:
    import ssl
except ImportError:  # a Python without ssl: Snap's OBS
    ssl = None  # type: ignore[assignment]

SLICE = 0.1
"""Seconds between two looks at the stop flag."""

ONE_ADDRESS = 4.0
"""Seconds for one of several addresses of a host, so that a broken IPv6 leaves time for IPv4."""

CHUNK = 65_536

LONGEST_HOST = 17
"""Characters of a host's name up to which the sentences below name it: ws-us2.pusher.com. They have two lines of the card."""

_T = TypeVar("_T")

NO_SSL = "This OBS's Python has no ssl module (usual for Snap). Install OBS from obsproject.com or as a .deb."
NO_CERTIFICATES = (
    "Python has no certificates on this Mac. Open Applications > Python and run Install Certificates.command, then restart OBS."
)

BAD_CERTIFICATES = "Python cannot read this computer's certificates. Install Python anew, then restart OBS."


class Stopped(Exception):
    """The user wanted it to end."""


class CannotConnect(Exception):
    """No connection; the text is a sentence for the user. `passing` is False when only the user can mend it."""

    def __init__(self, sentence: str, passing: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.passing = passing


class Stream:
    """A connected socket, plain or TLS, with the methods websocket-client and http.client expect of one.

    `due` is the monotonic time by which everything has to be done, None for no limit; `allowance` the bytes that may be
    read until then, None for no limit. Raises socket.timeout for either the timeout or `due`, Stopped, or OSError.
    """

    def __init__(self, sock: Any, stop: threading.Event, due: float | None) -> None:
        self.due = due
        self.allowance: int | None = None
        self._sock = sock
        self._stop = stop
        self._timeout: float | None = None
        self._buffer = b""
        self._at = 0

    def settimeout(self, seconds: float | None) -> None:
        """Seconds one read or write may take; None for as long as `due` lets it."""
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
            self._buffer = self._patiently(lambda: self._sock.recv(CHUNK), False)
            self._at = 0
            if self.allowance is not None:
                self.allowance -= len(self._buffer)
                if self.allowance < 0:
                    raise OSError(errno.EMSGSIZE, "the answer is too long")
        data = self._buffer[self._at : self._at + size]
        self._at += len(data)
        return data

    def send(self, data: bytes) -> int:
        """Sends some of `data`; gives how many bytes."""
        return int(self._patiently(lambda: self._sock.send(data), True))

    def sendall(self, data: bytes) -> None:
        """Sends all of `data`."""
        view = memoryview(data)
        while view:
            view = view[self.send(bytes(view[:CHUNK])) :]

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

    def _patiently(self, act: Callable[[], _T], writing: bool) -> _T:
        give_up = None if self._timeout is None else time.monotonic() + self._timeout
        return patiently(act, writing, self._sock, self._stop, give_up, self.due)


class _Raw(io.RawIOBase):
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def patiently(
    act: Callable[[], _T],
    writing: bool,
    sock: Any,
    stop: threading.Event,
    give_up: float | None,
    due: float | None,
) -> _T:
    """The result of `act` on a non-blocking socket, tried again whenever the socket is ready for it.

    `writing` says what `act` does on a plain socket; TLS may need the other direction and says so.
    """
    while True:
        if stop.is_set():
            raise Stopped
        try:
            return act()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            if ssl is None or not isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
                raise
            writing = isinstance(error, ssl.SSLWantWriteError)
        now = time.monotonic()
        if (due is not None and now >= due) or (give_up is not None and now >= give_up):
            raise socket.timeout("timed out")
        ends = [end - now for end in (give_up, due) if end is not None]
        ready(sock, writing, min([SLICE, *ends]))


def ready(sock: Any, writing: bool, seconds: float) -> bool:
    """Waits until the socket can be read (or, with `writing`, written), at most `seconds`."""
    if hasattr(select, "poll"):  # has no limit on the descriptor's number, select has: 1,023
        poll = select.poll()
        poll.register(sock, select.POLLOUT if writing else select.POLLIN)
        return bool(poll.poll(max(0, int(seconds * 1000) + 1)))
    read, write = ([], [sock]) if writing else ([sock], [])
    return any(select.select(read, write, [sock], max(0.0, seconds)))


@lru_cache(maxsize=1)
def tls_context() -> Any:
    """A context that verifies. Raises CannotConnect when this Python cannot do it."""
    if ssl is None:
        raise CannotConnect(NO_SSL, passing=False)
    try:
        context = _windows_context() if sys.platform == "win32" else ssl.create_default_context()
    except (OSError, ValueError) as error:
        raise CannotConnect(BAD_CERTIFICATES, passing=False) from error
    # Linux loads certificates one by one when they are needed, so an empty store means something on a Mac only.
    if sys.platform == "darwin" and not context.cert_store_stats().get("x509_ca"):
        raise CannotConnect(NO_CERTIFICATES, passing=False)
    return context


def _windows_context() -> Any:
    """What create_default_context gives, with Windows' certificates taken one by one.

    One that is damaged then costs itself and not all (python/cpython issue 79846), and Python can do something else in
    between: all at once hold OBS's frame for 17 ms.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies, and checks the host's name
    for store in ("CA", "ROOT"):
        try:
            rows = ssl.enum_certificates(store)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            continue
        for data, encoding, trust in rows:
            if encoding == "x509_asn" and (trust is True or ssl.Purpose.SERVER_AUTH.oid in trust):
                with contextlib.suppress(OSError, ValueError):
                    context.load_verify_locations(cadata=data)
    context.set_default_verify_paths()  # SSL_CERT_FILE and SSL_CERT_DIR
    return context


def connect(host: str, port: int, tls: bool, stop: threading.Event, due: float) -> Stream:
    """A Stream to `host`, by `due` (monotonic seconds). Raises CannotConnect or Stopped."""
    context = tls_context() if tls else None
    addresses = _resolve(host, port, stop, due)
    trouble: CannotConnect | None = None
    for place, address in enumerate(addresses):
        is_last = place == len(addresses) - 1
        until = due if is_last else min(due, time.monotonic() + ONE_ADDRESS)
        try:
            sock = _connect_one(address, host, stop, until)
        except CannotConnect as error:
            trouble = trouble or error
            continue
        if context is None:
            return Stream(sock, stop, due)
        return Stream(_handshake(context, sock, host, stop, due), stop, due)
    raise trouble or CannotConnect(not_found(host))


def _resolve(host: str, port: int, stop: threading.Event, due: float) -> list[Any]:
    found: list[Any] = []
    failed: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        # getaddrinfo cannot be interrupted and may take half a minute: it gets a thread that nobody waits for.
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
        if time.monotonic() >= due:
            raise CannotConnect(not_found(host))
    if stop.is_set():
        raise Stopped
    if failed or not found:
        raise CannotConnect(not_found(host))
    return found[:6]


def _connect_one(address: Any, host: str, stop: threading.Event, until: float) -> socket.socket:
    family, kind, protocol, _, place = address
    try:
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotConnect(unreachable(host)) from error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(place)
        while code in (
            errno.EINPROGRESS,
            errno.EWOULDBLOCK,
            errno.EALREADY,
            getattr(errno, "WSAEWOULDBLOCK", -1),
        ):
            if stop.is_set():
                raise Stopped
            left = until - time.monotonic()
            if left <= 0:
                raise CannotConnect(silent(host))
            if ready(sock, True, min(SLICE, left)):
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise CannotConnect(unreachable(host))
    except OSError as error:
        sock.close()
        raise CannotConnect(unreachable(host)) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _handshake(context: Any, sock: socket.socket, host: str, stop: threading.Event, due: float) -> Any:
    assert ssl is not None
    try:
        secure = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        sock.close()
        raise CannotConnect(unreachable(host)) from error
    try:
        patiently(secure.do_handshake, False, secure, stop, None, due)
    except ssl.SSLCertVerificationError as error:
        secure.close()
        raise CannotConnect(unsafe(host)) from error
    except OSError as error:
        secure.close()
        raise CannotConnect(not_encrypted(host)) from error
    except BaseException:
        secure.close()
        raise
    return secure


def called(host: str) -> str:
    """What a sentence for the card calls a host: by its name, or for what it is where the name would not fit."""
    return host if len(host) <= LONGEST_HOST else "Kick's server"


def not_found(host: str) -> str:
    """The host's name has no address."""
    return f"{called(host)} cannot be found. Check your internet connection; it tries again by itself."


def unreachable(host: str) -> str:
    """The host's address takes no connection."""
    return f"{called(host)} cannot be reached. Check your internet connection; it tries again by itself."


def silent(host: str) -> str:
    """The host's address does not answer."""
    return f"{called(host)} did not answer. Check your internet connection; it tries again by itself."


def not_encrypted(host: str) -> str:
    """TLS failed, for another reason than the certificate."""
    return f"No secure connection to {called(host)}. Check your internet; it tries again by itself."


def unsafe(host: str) -> str:
    """The certificate is not one of the host's own: the clock, a sign-in page and an antivirus are the usual reasons."""
    return f"Not safe: bad certificate from {called(host)}. Check your clock, any sign-in page and antivirus."
