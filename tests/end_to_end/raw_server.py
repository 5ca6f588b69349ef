"""A TCP server that does exactly the bytes a test says: what no well-behaved library sends. Knows HTTP and WebSocket framing.

    with RawServer(lambda peer: peer.reset()) as server:
        …connect to server.port…

Each connection runs the next behaviour on a thread of its own; the last behaviour is for all that follow. A behaviour that
returns ends its connection; one that raises OSError (the client went away) ends it too.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import hashlib
import json
import os
import select
import socket
import ssl
import struct
import threading
import time
from pathlib import Path
from typing import Any, Callable, Optional, Union

import trustme

Behaviour = Callable[["Peer"], None]

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


def frame(payload: Union[bytes, str], opcode: int = TEXT, fin: bool = True, rsv: int = 0, length: Optional[int] = None) -> bytes:
    """A frame of a server (RFC 6455, 5.2). `length` is a length to announce instead of the true one."""
    data = payload.encode() if isinstance(payload, str) else payload
    size = len(data) if length is None else length
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if size < 126:
        head += bytes([size])
    elif size < 65536:
        head += bytes([126]) + struct.pack("!H", size)
    else:
        head += bytes([127]) + struct.pack("!Q", size)
    return head + data


def close_frame(code: Optional[int], reason: str = "") -> bytes:
    """A close frame; None gives one without a code."""
    return frame(b"" if code is None else struct.pack("!H", code) + reason.encode(), CLOSE)


class Peer:
    """The server's side of one connection. Every method raises OSError when the client has gone."""

    def __init__(self, sock: Any, server: RawServer) -> None:
        self.sock = sock
        self.server = server
        self.request = b""
        self.received: list[tuple[int, bytes]] = []
        self._unread: list[tuple[int, bytes]] = []
        self._pings = 0
        self._buffer = b""

    # -- bytes ------------------------------------------------------------------------------------------------------

    def send(self, data: Union[bytes, str]) -> None:
        """All of it."""
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def drip(self, data: bytes, pause: float = 0.0, size: int = 1) -> None:
        """`size` bytes at a time, each in a TCP segment of its own, with `pause` seconds between."""
        for place in range(0, len(data), size):
            self.sock.sendall(data[place : place + size])
            self.pause(pause)

    def pause(self, seconds: float) -> None:
        """Waits; ends the behaviour when the server stops."""
        if self.server.stopping.wait(seconds):
            raise ConnectionAbortedError

    def pour(self, piece: bytes, total: int) -> None:
        """`piece` again and again, until `total` bytes were sent."""
        for _ in range(max(1, total // len(piece))):
            self.sock.sendall(piece)
            if self.server.stopping.is_set():
                raise ConnectionAbortedError

    def hold(self) -> None:
        """Says nothing and reads nothing until the server stops or the client has gone (looked at without reading)."""
        while not self.server.stopping.wait(0.02):
            self.sock.setblocking(False)
            try:
                if self._plain().recv(1, socket.MSG_PEEK) == b"":
                    return
            except (BlockingIOError, ssl.SSLWantReadError, ValueError):
                pass
            finally:
                self.sock.settimeout(10)

    def _plain(self) -> Any:
        if not isinstance(self.sock, ssl.SSLSocket):
            return self.sock
        self._twin = socket.socket(fileno=os.dup(self.sock.fileno()))
        self._twin.setblocking(False)
        return self._twin

    def reset(self) -> None:
        """Ends with RST."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
        with contextlib.suppress(OSError):
            socket.socket.close(self.sock)
        raise ConnectionAbortedError

    def end(self) -> None:
        """Ends with FIN, without a close frame."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError

    # -- HTTP ---------------------------------------------------------------------------------------------------------

    def read_request(self) -> bytes:
        """The head of the request, and its body if it has a Content-Length."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionAbortedError
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += self.sock.recv(65536)
        self.request = head + b"\r\n\r\n" + body
        self.server.requests.append(self.request.decode("latin-1"))
        self._buffer = b"" if length else body
        return self.request

    def answer(self, status: int = 200, body: Union[bytes, str, dict[str, Any]] = b"", **headers: str) -> None:
        """A whole answer to the request, which is read first."""
        if not self.request:
            self.read_request()
        data = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
        fields = {"Content-Length": str(len(data)), **{name.replace("_", "-"): value for name, value in headers.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode() + data)

    # -- WebSocket ------------------------------------------------------------------------------------------------------

    def handshake(self, **headers: str) -> Peer:
        """Accepts the WebSocket."""
        head = self.read_request().decode("latin-1")
        key = next(line.split(":", 1)[1].strip() for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n{more}\r\n"
        )
        return self

    def read_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the client's next frame."""
        head = self._exactly(2)
        size = head[1] & 0x7F
        if size == 126:
            size = struct.unpack("!H", self._exactly(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._exactly(8))[0]
        mask = self._exactly(4) if head[1] & 0x80 else b"\0\0\0\0"
        payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(self._exactly(size)))
        found = (head[0] & 0xF, payload)
        self.received.append(found)
        return found

    def read_json(self) -> Any:
        """The client's next text message."""
        while True:
            opcode, payload = self._unread.pop(0) if self._unread else self.read_frame()
            if opcode == TEXT:
                return json.loads(payload)

    def settle(self) -> Peer:
        """Returns when the client has taken all that was sent, known by its pong; what it says until then waits for read_json."""
        self._pings += 1
        name = b"settle %d" % self._pings
        self.send(frame(name, PING))
        while True:
            found = self.read_frame()
            if found == (PONG, name):
                return self
            self._unread.append(found)

    def serve_pusher(self, activity_timeout: float = 120.0, rooms: int = 5, hello: bool = True) -> Peer:
        """Greets and acknowledges the first `rooms` subscriptions, as Pusher does."""
        if hello:
            said = json.dumps({"socket_id": "1.1", "activity_timeout": activity_timeout})
            self.send(frame(json.dumps({"event": "pusher:connection_established", "data": said})))
        for _ in range(rooms):
            channel = self._command("event", "pusher:subscribe")["data"]["channel"]
            self.send(frame(json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": channel, "data": "{}"})))
        return self

    def serve_centrifugo(self, ping: int = 25, ttl: int = 2699, rooms: int = 5, hello: bool = True) -> Peer:
        """Greets and acknowledges the first `rooms` subscriptions, as Centrifugo does."""
        if hello:
            number = self._command("connect")["id"]
            said = {"client": "c", "ttl": ttl, "expires": True, "ping": ping, "pong": True}
            self.send(frame(json.dumps({"id": number, "connect": said})))
        for _ in range(rooms):
            self.send(frame(json.dumps({"id": self._command("subscribe")["id"], "subscribe": {}})))
        return self

    def _command(self, key: str, value: Optional[str] = None) -> Any:
        while True:  # answers to pings may come before
            said = self.read_json()
            if key in said and value in (None, said[key]):
                return said

    def follow_along(self) -> None:
        """Reads until the client goes: a server that is there and says nothing."""
        while True:
            self.read_frame()

    def pass_on(self, port: int, size: int = 65536) -> None:
        """Hands every byte on to the server at `port` and back, at most `size` of them at once, until one of the two ends."""
        with socket.create_connection(("127.0.0.1", port), 10) as there:
            there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ways = {self.sock: there, there: self.sock}
            while not self.server.stopping.is_set():
                waiting = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
                ready = [self.sock] if waiting else select.select(list(ways), [], [], 0.1)[0]
                for sock in ready:
                    data = sock.recv(65536)
                    if not data:
                        return
                    for place in range(0, len(data), size):
                        ways[sock].sendall(data[place : place + size])

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionAbortedError
            self._buffer += more
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data


class RawServer:
    """Listens on 127.0.0.1 inside `with`. `requests` are the heads (and bodies) of what clients asked.

    With refusing=True its port is taken but refuses everybody until `listen`; with deaf=True it lets nobody in and refuses nobody
    either, as a network that loses every packet (on Linux). `tls` may be changed at any time.
    """

    def __init__(
        self,
        *behaviours: Behaviour,
        tls: Optional[ssl.SSLContext] = None,
        backlog: int = 64,
        refusing: bool = False,
        deaf: bool = False,
    ) -> None:
        self.stopping = threading.Event()
        self.requests: list[str] = []
        self.accepted: list[float] = []
        self.peers: list[Peer] = []
        self.problems: list[BaseException] = []
        self._behaviours = list(behaviours)
        self.tls = tls
        self._changed = threading.Condition()
        self._backlog, self._refusing, self._deaf = backlog, refusing, deaf
        self._queue: list[socket.socket] = []
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.open = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> RawServer:
        """Begins to accept, unless it is to refuse."""
        if self._deaf:
            self._listener.listen(0)
            for _ in range(4):  # who waits in the queue keeps everybody else out
                caller = socket.socket()
                caller.setblocking(False)
                caller.connect_ex(self._listener.getsockname())
                self._queue.append(caller)
        elif not self._refusing:
            self.listen()
        return self

    def listen(self) -> None:
        """Accepts from now on."""
        self._leave_queue()
        self._listener.listen(self._backlog)
        self._spawn(self._accept)

    def __exit__(self, *_: object) -> None:
        """Ends everything; raises what a behaviour raised that was no OSError."""
        self.stopping.set()
        self._leave_queue()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        for sock in self._sockets:  # wakes whoever waits in it
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(3)
        self._listener.close()
        if self.problems:
            raise self.problems[0]

    def quiet(self, seconds: float = 5.0) -> bool:
        """Waits until no connection is served any more; whether that came within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.open, seconds)

    def _leave_queue(self) -> None:
        for caller in self._queue:
            caller.close()
        self._queue.clear()

    def _spawn(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, name="raw-server", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self.stopping.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(10)
            self.accepted.append(time.monotonic())
            self._sockets = [*[one for one in self._sockets if one.fileno() >= 0], sock]
            behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
            self._spawn(self._serve, sock, behaviour)

    def _serve(self, sock: Any, behaviour: Behaviour) -> None:
        peer: Optional[Peer] = None
        with self._changed:
            self.open += 1
        try:
            if self.tls is not None:
                sock = self.tls.wrap_socket(sock, server_side=True)
            peer = Peer(sock, self)
            self.peers.append(peer)
            behaviour(peer)
        except (OSError, ValueError):
            pass  # the client went away, or the server stops
        except BaseException as problem:  # a mistake in the test itself
            self.problems.append(problem)
        finally:
            with contextlib.suppress(OSError):
                sock.close()
            with self._changed:
                self.open -= 1
                self._changed.notify_all()


class Certificates:
    """A certificate authority of the test's own, and servers' contexts good and bad."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._stranger = trustme.CA()

    def client(self) -> ssl.SSLContext:
        """What link.stream.tls_context gives, trusting this authority as well."""
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context

    def authority(self, folder: Path) -> str:
        """A file for SSL_CERT_FILE, with which a default context trusts this authority."""
        path = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(path)
        return str(path)

    def good(self) -> ssl.SSLContext:
        """For localhost, 127.0.0.1 and nowhere.invalid."""
        return self._server(self._authority.issue_cert("localhost", "127.0.0.1", "nowhere.invalid"))

    def wrong_host(self) -> ssl.SSLContext:
        """For another host."""
        return self._server(self._authority.issue_cert("kick.invalid"))

    def expired(self) -> ssl.SSLContext:
        """Ended yesterday."""
        yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        return self._server(self._authority.issue_cert("localhost", not_after=yesterday))

    def self_signed(self) -> ssl.SSLContext:
        """By an authority nobody knows."""
        return self._server(self._stranger.issue_cert("localhost"))

    @staticmethod
    def _server(certificate: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context
