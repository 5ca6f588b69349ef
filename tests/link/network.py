"""A network of a test's own: what names resolve to, addresses that stay silent, proxies. Knows no assertion.

with Network() as network:
    network.names["kick.test"] = [network.silent(), row(server.port)]
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any, Optional

from end_to_end.raw_server import Behaviour, Peer

from vmsc_core.link.addresses import MEMORY
from vmsc_core.link.http import Answer, HttpClient
from vmsc_core.link.transport import WebSocketTransport
from vmsc_core.settings import AUTOMATIC

Row = tuple[Any, ...]


def row(port: int, host: str = "127.0.0.1") -> Row:
    """What getaddrinfo gives for one address."""
    if ":" in host:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))


class Network:
    """Inside `with`, names resolve to what stands in `names`: rows, or an exception; anything else as always."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self.asked: list[str] = []
        self.hangs = threading.Event()
        """Set it to let hanging lookups go: a name in `names` that is this event hangs until then."""
        self._open: list[socket.socket] = []
        self._ask: Any = None

    def __enter__(self) -> Network:
        MEMORY.clear()
        self._ask, socket.getaddrinfo = socket.getaddrinfo, self._resolve  # type: ignore[assignment]
        return self

    def __exit__(self, *_: object) -> None:
        self.hangs.set()
        socket.getaddrinfo = self._ask
        for one in self._open:
            one.close()
        MEMORY.clear()

    def silent(self) -> Row:
        """An address that takes every connection and never says a word."""
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        one.listen(64)
        self._open.append(one)
        return row(one.getsockname()[1])

    def deaf(self) -> Row:
        """An address that lets nobody in and refuses nobody either: its queue is full (on Linux)."""
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        one.listen(0)
        self._open.append(one)
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(one.getsockname())
            self._open.append(caller)
        return row(one.getsockname()[1])

    def refusing(self) -> Row:
        """An address that refuses everybody."""
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        self._open.append(one)
        return row(one.getsockname()[1])

    def _resolve(self, host: Any, *more: Any, **options: Any) -> Any:
        self.asked.append(host)
        given = self.names.get(host)
        if given is self.hangs:
            self.hangs.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "late")
        if isinstance(given, Exception):
            raise given
        return self._ask(host, *more, **options) if given is None else list(given)


def serves(what: str) -> Behaviour:
    """What a good server does: answers a request of HTTP, or takes a WebSocket."""
    if what == "http":
        return lambda peer: peer.answer(200, "{}")
    return lambda peer: peer.handshake().follow_along()


def reach(
    what: str,
    host: str = "kick.test",
    tls: bool = False,
    limit: float = 5.0,
    stop: Optional[threading.Event] = None,
    proxy: str = AUTOMATIC,
    port: str = "",
) -> str:
    """Connects, "http" or "websocket", and gives the proxy's host it went through. Raises CannotConnect or Stopped."""
    stop = stop or threading.Event()
    s = "s" if tls else ""
    if what == "http":
        answer = HttpClient(stop, proxy).request("GET", f"http{s}://{host}{port}/x", "", limit)
        assert answer == Answer(200, "{}")
        return ""
    transport = WebSocketTransport(stop, proxy)
    try:
        transport.open(f"ws{s}://{host}{port}/app/x", time.monotonic() + limit, "https://kick.com")
        return transport.way.proxy
    finally:
        transport.close()


class Asked:
    """What a proxy was asked for: its behaviour is `allow`, which passes everything on to a port, or `refuse`."""

    def __init__(self) -> None:
        self.heads: list[str] = []

    def allow(self, port: int, head: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n") -> Behaviour:
        """A proxy that lets everybody through, to that port whatever is asked for."""

        def serve(peer: Peer) -> None:
            self.heads.append(peer.read_request().decode("latin-1"))
            peer.send(head)
            with contextlib.suppress(OSError):
                peer.pass_on(port)

        return serve

    def refuse(self, status: int) -> Behaviour:
        """A proxy that lets nobody through."""

        def serve(peer: Peer) -> None:
            self.heads.append(peer.read_request().decode("latin-1"))
            peer.answer(status, "<html>no</html>")

        return serve
