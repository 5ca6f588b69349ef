"""The WebSocket side of the simulator: Pusher protocol 7 and Centrifugo's JSON protocol v2, as their servers speak them.

Sources: pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol and
centrifugal.dev/docs/transports/client_protocol.
Runs on one asyncio loop; the KickSimulator carries the calls of other threads over to it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
import time
from collections import deque
from typing import Any, Callable, Optional, Union
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State

from . import frames as made
from .faults import Faults
from .http_side import reset
from .tokens import Tokens

QUIET = logging.getLogger("kick_simulator.websockets")
QUIET.propagate = False  # what websockets complains of is what the faults are for
QUIET.addHandler(logging.NullHandler())

LATE = 3.0
"""Seconds that "slow" and "late" take."""

CENTRIFUGO_PATH = "/connection/websocket"

SHUTDOWN = {"pusher": (1001, "simulator ends"), "centrifugo": (3001, "shutdown")}
"""How the server says goodbye when it ends."""

LONGEST_CHANNEL = 255
"""Letters of a channel's name in Centrifugo."""

ID_END = 1 << 32
"""Command IDs in Centrifugo are unsigned 32-bit numbers."""

COMMANDS = {"connect", "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history", "ping", "send", "rpc",
            "refresh", "sub_refresh"}  # fmt: skip
"""Centrifugo's (protocol v2); one message holds one of them, and all but "send" carry an ID."""


class _Trickle:
    """A transport that lets bytes out slowly or in small pieces; all else is the real one's."""

    def __init__(self, real: Any, bandwidth: Optional[float], slices: Optional[int]) -> None:
        self._real, self._bandwidth = real, bandwidth
        self._slice = slices or max(1, int((bandwidth or 1e6) / 20))
        self._waiting: deque[bytes] = deque()
        self._task: Optional[asyncio.Task[None]] = None
        self._then: Optional[Callable[[], None]] = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def write(self, data: Any) -> None:
        self._waiting.append(bytes(data))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._flow())

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self._waiting)) + int(self._real.get_write_buffer_size())

    def write_eof(self) -> None:
        self._after(self._real.write_eof)

    def close(self) -> None:
        self._after(self._real.close)

    def abort(self) -> None:
        self._waiting.clear()
        self._real.abort()

    def _after(self, what: Callable[[], None]) -> None:
        if self._task is None:
            what()
        else:
            self._then = what

    async def _flow(self) -> None:
        while self._waiting:
            data = self._waiting.popleft()
            for place in range(0, len(data), self._slice):
                if self._real.is_closing():
                    self._waiting.clear()
                    break
                self._real.write(data[place : place + self._slice])
                # Without a bandwidth the next turn of the loop is enough for a TCP segment of its own (TCP_NODELAY).
                await asyncio.sleep(self._slice / self._bandwidth if self._bandwidth else 0)
        self._task = None
        if self._then is not None:
            self._then()


class Wire(ServerConnection):
    """A WebSocket connection that can go silent: it then keeps what arrives and lets nothing out, not even a pong."""

    simulator: SocketServer
    silent = False

    def connection_made(self, transport: Any) -> None:
        """Asyncio gives the socket."""
        self._kept = b""
        self.simulator.wires.add(self)
        faults = self.simulator.faults
        if faults.bandwidth or faults.slices:
            transport = _Trickle(transport, faults.bandwidth, faults.slices)
        self.silent = self.simulator.silent_to_all
        super().connection_made(transport)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        """Asyncio takes it away."""
        self.simulator.wires.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self.silent:
            self._kept = (self._kept + data)[: 1 << 20]
        else:
            super().data_received(data)

    def send_data(self) -> None:
        """Websockets has bytes to send; in silence they stay where they are."""
        if not self.silent:
            super().send_data()

    def fall_silent(self, silent: bool) -> None:
        """Begin or end the silence; what was kept is then answered late, as after a stall of the network."""
        self.silent = silent
        if not silent and self._kept:
            kept, self._kept = self._kept, b""
            super().data_received(kept)


class Connection:
    """One client, as the server sees it. Read it from any thread; it stays readable after its end."""

    def __init__(self, wire: Wire, provider: str, path: str, headers: dict[str, str]) -> None:
        self.wire = wire
        self.provider = provider
        self.path = path
        self.headers = headers
        self.key = ""
        """The Pusher key, or the Centrifugo token it came with."""
        self.opened_at = time.monotonic()
        self.closed_at: Optional[float] = None
        self.close_code: Optional[int] = None
        self.greeted = False
        self.subscriptions: list[str] = []
        self.subscribed_again = 0
        self.received: deque[dict[str, Any]] = deque(maxlen=20_000)
        self.sent = 0
        self.pings = 0
        """Pings of the client."""
        self.ponged = 0
        self.refreshed = 0
        self.socket_id = f"{random.randint(1, 999999)}.{random.randint(1, 999999)}"
        self.last_heard = time.monotonic()
        self.pinged_at: Optional[float] = None
        self.owes_pong = False
        """Whether a ping of ours waits for its pong; one that nobody asked for is an error in Centrifugo."""
        self.token_end: Optional[float] = None

    @property
    def open(self) -> bool:
        """Whether the WebSocket is open: its end has not begun from either side."""
        return self.closed_at is None and self.wire.state is State.OPEN

    def __repr__(self) -> str:
        state = "open" if self.open else f"closed {self.close_code}"
        return f"<{self.provider} {self.path[:60]} {state}, subscriptions {self.subscriptions}, {len(self.received)} received>"

    def send(self, text: str) -> bool:
        """One text message, at once; False in silence or after the end. Only on the loop."""
        if not self.open or self.wire.silent:
            return False
        broadcast([self.wire], text)
        self.sent += 1
        return True

    def send_bytes(self, data: bytes) -> bool:
        """Bytes for the TCP stream. Only on the loop."""
        if not self.open or self.wire.silent or self.wire.transport.is_closing():
            return False
        self.wire.transport.write(data)
        return True

    @property
    def plain(self) -> bool:
        """Whether frames made by hand are what this client expects: no compression was agreed on."""
        return self.open and not self.wire.silent and not self.wire.protocol.extensions

    def publish(self, event: str, channel: str, data: Any) -> bool:
        """One event, in the words of this client's protocol, when it is subscribed to the channel. Only on the loop."""
        return channel in self.subscriptions and self.send(self.worded(event, channel, data))

    def worded(self, event: str, channel: str, data: Any) -> str:
        """The text message for an event."""
        if self.provider == "pusher":
            return json.dumps({"event": event, "data": data, "channel": channel})
        return json.dumps({"push": {"channel": channel, "pub": {"data": {"event": event, "data": data}}}})

    async def close(self, code: int, reason: str) -> None:
        """A close frame, the client's answer, the end. Only on the loop."""
        try:
            await asyncio.wait_for(self.wire.close(code, reason.encode()[:123].decode(errors="ignore")), 5)
        except (ConnectionClosed, asyncio.TimeoutError, OSError):
            self.wire.transport.abort()


class SocketServer:
    """Both protocols on one port; `/app/{key}` is Pusher, CENTRIFUGO_PATH is Centrifugo."""

    def __init__(self, faults: Faults, tokens: Tokens, log: Callable[[str], None]) -> None:
        self.faults, self.tokens, self.log = faults, tokens, log
        self.keys: set[str] = {"32cbd69e4b950bf97679"}
        self.pusher_gone = False
        self.activity_timeout: float = 120
        self.server_ping_after: Optional[float] = None
        self.pong_timeout: float = 30
        self.centrifugo_ping: float = 25
        self.centrifugo_pong = True
        # Centrifugo's own clients refresh when the ttl has passed, not before: the server waits for that.
        self.expired_close_delay: float = 25
        self.channel_limit = 128
        self.silent_to_all = False
        self.wires: set[Wire] = set()
        self.connections: list[Connection] = []
        self.past: deque[Connection] = deque(maxlen=1000)
        self.tries = 0
        self._server: Optional[Server] = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self, host: str, port: int, ssl: Any = None) -> int:
        """Listen; gives the port. Raises OSError."""
        wire = type("Wire", (Wire,), {"simulator": self})
        # No pings of the WebSocket layer: Pusher and Centrifugo have their own.
        self._server = await serve(
            self._client, host, port, ssl=ssl, create_connection=wire, process_request=self._handshake,
            process_response=self._answer_handshake, open_timeout=None, ping_interval=None, close_timeout=2, server_header=None,
            logger=QUIET,
        )  # fmt: skip
        return int(self._server.sockets[0].getsockname()[1])

    def stop_listening(self) -> None:
        """New connections are refused, open ones go on."""
        if self._server is not None:
            self._server.close(close_connections=False)
            self._server = None

    async def stop(self) -> None:
        """End everything, without a word of goodbye to silent ones."""
        server = self._server
        self.stop_listening()
        closing = [self._spawn(one.close(*SHUTDOWN[one.provider])) for one in self.connections if not one.wire.silent]
        if closing:
            await asyncio.wait(closing, timeout=0.5)
        for wire in list(self.wires):
            wire.transport.abort()
        if server is not None:
            try:
                await asyncio.wait_for(server.wait_closed(), 2)
            except asyncio.TimeoutError:
                self.log("some connections did not end")

    def _spawn(self, what: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- the opening handshake ------------------------------------------------------------------------------------

    async def _handshake(self, wire: ServerConnection, request: Request) -> Optional[Response]:
        self.tries += 1
        fault = self.faults.handshake
        if fault == "slow":
            await asyncio.sleep(LATE)
        elif fault == "hang":
            await wire.wait_closed()
        elif fault == "reset":
            reset(wire.transport)
            await asyncio.sleep(0)
        elif fault == "close":
            wire.transport.close()
        elif fault == "noise":
            wire.transport.write(bytes(range(256)) * 4)
            wire.transport.close()
        elif fault == "html":
            return _page(200, "<html><title>Welcome to Hotel Wi-Fi</title></html>")
        elif fault == "redirect":
            return _page(302, "", Location="http://kick.invalid/")
        elif fault == "refuse" or isinstance(fault, int):
            status = 503 if fault == "refuse" else int(fault or 503)
            return _page(status, f"status {status}")
        origin = request.headers.get("Origin")
        if urlsplit(request.path).path == CENTRIFUGO_PATH and origin not in (None, "https://kick.com"):
            return _page(403, "origin not allowed")
        return None

    def _answer_handshake(self, wire: ServerConnection, request: Request, response: Response) -> Optional[Response]:
        if self.faults.handshake == "wrong_accept" and "Sec-WebSocket-Accept" in response.headers:
            del response.headers["Sec-WebSocket-Accept"]
            response.headers["Sec-WebSocket-Accept"] = "d3JvbmcgYW5zd2VyIG9mIHRoZSBzZXJ2ZXI="
        return None

    async def _client(self, wire: ServerConnection) -> None:
        assert isinstance(wire, Wire) and wire.request is not None
        path = wire.request.path
        provider = "centrifugo" if urlsplit(path).path == CENTRIFUGO_PATH else "pusher"
        headers = {name.lower(): value for name, value in wire.request.headers.raw_items()}
        client = Connection(wire, provider, path, headers)
        self.connections.append(client)
        self.log(f"connected: {provider} {urlsplit(path).path}")
        try:
            if self.faults.handshake == "drop":
                reset(wire.transport)
            elif provider == "pusher":
                await self._pusher(client)
            else:
                await self._centrifugo(client)
            await wire.wait_closed()
        except ConnectionClosed:
            pass
        finally:
            client.closed_at = time.monotonic()
            client.close_code = wire.close_code
            self.connections.remove(client)
            self.past.append(client)
            self.log(f"gone: {provider} {wire.close_code} {wire.close_reason or ''}".rstrip())

    # -- Pusher ---------------------------------------------------------------------------------------------------

    async def _pusher(self, client: Connection) -> None:
        refusal = self._pusher_refusal(client)
        if refusal is not None:
            await self._pusher_end(client, *refusal)
            return
        hello = self.faults.hello
        if hello == "none":
            await self._pusher_hear(client)
            return
        if hello == "late" or isinstance(hello, (int, float)):
            await asyncio.sleep(LATE if hello == "late" else float(hello or 0))
        if hello == "error":
            await self._pusher_end(client, 4100, "Over capacity")
            return
        said: Any = {"socket_id": client.socket_id, "activity_timeout": self.activity_timeout}
        if hello == "wrong":
            said = {"socket_id": None, "activity_timeout": "soon"}
        client.greeted = client.send(json.dumps({"event": "pusher:connection_established", "data": json.dumps(said)}))
        watch = self._spawn(self._pusher_watch(client))
        try:
            await self._pusher_hear(client)
        finally:
            watch.cancel()

    def _pusher_refusal(self, client: Connection) -> Optional[tuple[int, str]]:
        parts = urlsplit(client.path)
        found = re.fullmatch(r"/app/([^/]+)/?", parts.path)
        if found is None:
            return 4005, "Path not found"
        client.key = found[1]
        if self.pusher_gone or client.key not in self.keys:
            return 4001, f"App key {client.key} not in this cluster. Did you forget to specify the cluster?"
        protocol = parse_qs(parts.query).get("protocol", [""])[0]
        if not protocol:
            return 4008, "No protocol version supplied"
        if not protocol.isdigit():
            return 4006, "Invalid version string format"
        return None if 5 <= int(protocol) <= 7 else (4007, "Unsupported protocol version")

    async def _pusher_end(self, client: Connection, code: int, message: str) -> None:
        client.send(json.dumps({"event": "pusher:error", "data": {"code": code, "message": message}}))
        await client.close(code, message)

    async def _pusher_watch(self, client: Connection) -> None:
        """Ping a client that has said nothing for a while; 4201 when it does not answer."""
        while client.open:
            now = time.monotonic()
            after = self.activity_timeout if self.server_ping_after is None else self.server_ping_after
            if client.wire.silent:
                client.last_heard, client.pinged_at = now, None
            elif client.pinged_at is not None and client.pinged_at > client.last_heard:
                if now - client.pinged_at >= self.pong_timeout:
                    await self._pusher_end(client, 4201, "Pong reply not received in time")
                    return
            elif now - client.last_heard >= after:
                self.ping(client)
            await asyncio.sleep(min(0.1, after, self.pong_timeout))

    def ping(self, client: Connection) -> bool:
        """The server's own ping. Only on the loop."""
        client.pinged_at = time.monotonic()
        client.owes_pong = True
        return client.send("{}" if client.provider == "centrifugo" else json.dumps({"event": "pusher:ping", "data": {}}))

    async def _pusher_hear(self, client: Connection) -> None:
        async for text in client.wire:
            client.last_heard = time.monotonic()
            frame = _parsed(text)
            if not isinstance(frame, dict):
                continue
            client.received.append(frame)
            if not client.greeted and self.faults.hello == "none":
                continue
            event, data = frame.get("event"), frame.get("data")
            data = data if isinstance(data, dict) else {}
            channel = data.get("channel")
            if event == "pusher:ping":
                client.pings += 1
                client.send(json.dumps({"event": "pusher:pong", "data": "{}"}))
            elif event == "pusher:pong":
                client.ponged += 1
            elif event == "pusher:subscribe" and isinstance(channel, str):
                await self._pusher_subscribe(client, channel)
            elif event == "pusher:unsubscribe" and channel in client.subscriptions:
                client.subscriptions.remove(channel)
            # Anything else is ignored, as Pusher does.

    async def _pusher_subscribe(self, client: Connection, channel: str) -> None:
        fault = self._subscribe_fault(channel)
        if fault == "none":
            return
        if fault == "late":
            await asyncio.sleep(LATE)
        if fault == "error":
            refused = {"type": "AuthError", "error": "refused by the simulator", "status": 403}
            client.send(json.dumps({"event": "pusher:subscription_error", "channel": channel, "data": json.dumps(refused)}))
        elif channel in client.subscriptions and self.faults.resubscribe == "succeed":  # as soketi does
            client.subscribed_again += 1
            client.send(json.dumps({"event": "pusher_internal:subscription_succeeded", "data": "{}", "channel": channel}))
        elif channel in client.subscriptions:
            client.subscribed_again += 1
            complaint = {"code": None, "message": f"Existing subscription to channel {channel}"}
            client.send(json.dumps({"event": "pusher:error", "data": complaint}))
        elif not re.fullmatch(r"[A-Za-z0-9_\-=@,.;]{1,200}", channel):
            client.send(
                json.dumps(
                    {"event": "pusher:error", "data": {"code": None, "message": f"Invalid channel name '{channel[:200]}'"}}
                )
            )
        elif channel.startswith(("private-", "presence-")):
            message = f"Auth value for subscription to {channel} is invalid: should be of format 'key:signature'"
            client.send(json.dumps({"event": "pusher:error", "data": {"code": None, "message": message}}))
        else:
            client.subscriptions.append(channel)
            client.send(json.dumps({"event": "pusher_internal:subscription_succeeded", "data": "{}", "channel": channel}))
            self.log(f"subscribed: {channel}")

    def _subscribe_fault(self, channel: str) -> Optional[str]:
        fault = self.faults.subscribe
        return fault.get(channel) if isinstance(fault, dict) else fault

    # -- Centrifugo -----------------------------------------------------------------------------------------------

    async def _centrifugo(self, client: Connection) -> None:
        watch = self._spawn(self._centrifugo_watch(client))
        try:
            async for text in client.wire:
                client.last_heard = time.monotonic()
                replies = await self._answers(client, text if isinstance(text, str) else text.decode(errors="replace"))
                if replies:
                    client.send("\n".join(json.dumps(reply) for reply in replies))
        finally:
            watch.cancel()

    async def _answers(self, client: Connection, text: str) -> list[dict[str, Any]]:
        """The replies to one message; one bad line ends the connection (3501) and what stands after it isn't read."""
        replies: list[dict[str, Any]] = []
        for line in text.rstrip("\n").split("\n"):
            command = _parsed(line)
            if isinstance(command, dict):
                client.received.append(command)
            if not isinstance(command, dict) or not _well_formed(command, client):
                await client.close(3501, "bad request")
                break
            if command:
                replies += await self._command(client, command)
            else:
                client.ponged += 1
                client.owes_pong = False
        return replies

    async def _command(self, client: Connection, command: dict[str, Any]) -> list[dict[str, Any]]:
        number = command.get("id", 0)
        if "connect" in command:
            return await self._connect(client, number, command["connect"])
        (name,) = (key for key in command if key != "id")
        asked = command[name]
        channel = str(asked.get("channel", ""))
        if name == "subscribe":
            return await self._centrifugo_subscribe(client, number, channel)
        if name == "unsubscribe":
            if channel in client.subscriptions:
                client.subscriptions.remove(channel)
            return [{"id": number, "unsubscribe": {}}]
        if name == "refresh":
            return await self._refresh(client, number, asked["token"])
        if name in ("ping", "send"):
            return [{"id": number, "ping": {}}] if name == "ping" else []
        return [_error(number, 108, "not available")]

    async def _refresh(self, client: Connection, number: int, token: Any) -> list[dict[str, Any]]:
        left = self.tokens.seconds_left(token)
        if left is None:
            await client.close(3500, "invalid token")
            return []
        if left <= 0:
            await client.close(3005, "connection expired")
            return []
        client.refreshed += 1
        client.token_end = time.monotonic() + left
        return [{"id": number, "refresh": {"expires": True, "ttl": max(1, int(left))}}]

    async def _connect(self, client: Connection, number: int, asked: dict[str, Any]) -> list[dict[str, Any]]:
        hello = self.faults.hello
        if hello == "none":
            return []
        if hello == "late" or isinstance(hello, (int, float)):
            await asyncio.sleep(LATE if hello == "late" else float(hello or 0))
        if hello == "error":
            return [{"id": number, "error": {"code": 100, "message": "internal server error", "temporary": True}}]
        left = self.tokens.seconds_left(asked.get("token"))
        if left is None:
            await client.close(3500, "invalid token")
            return []
        if left <= 0:
            return [{"id": number, "error": {"code": 109, "message": "token expired"}}]
        client.greeted = True
        client.key = str(asked.get("token"))
        client.token_end = time.monotonic() + left
        said: dict[str, Any] = {"client": client.socket_id, "version": "simulator", "expires": True, "ttl": max(1, int(left))}
        said.update({"ping": self.centrifugo_ping, "pong": self.centrifugo_pong})
        if hello == "wrong":
            said = {"client": None, "expires": "yes", "ttl": "soon", "ping": [], "pong": 1}
        return [{"id": number, "connect": said}]

    async def _centrifugo_subscribe(self, client: Connection, number: int, channel: str) -> list[dict[str, Any]]:
        fault = self._subscribe_fault(channel)
        if fault == "none":
            return []
        if fault == "late":
            await asyncio.sleep(LATE)
        if fault == "error":
            return [_error(number, 103, "permission denied")]
        if len(channel) > LONGEST_CHANNEL:
            return [_error(number, 107, "bad request")]
        if channel in client.subscriptions:
            client.subscribed_again += 1
            return [_error(number, 105, "already subscribed")]
        if len(client.subscriptions) >= self.channel_limit:
            return [_error(number, 106, "limit exceeded")]
        client.subscriptions.append(channel)
        self.log(f"subscribed: {channel}")
        return [{"id": number, "subscribe": {}}]

    async def _centrifugo_watch(self, client: Connection) -> None:
        """Pings, and the ends that Centrifugo makes: 3012 no pong, 3005 the token has run out, 3502 no connect."""
        pinged: Optional[float] = None
        while client.open:
            await asyncio.sleep(min(0.1, self.centrifugo_ping))
            now = time.monotonic()
            if client.wire.silent:
                pinged = now
                continue
            if not client.greeted:
                if now - client.opened_at > 15 and self.faults.hello is None:
                    await client.close(3502, "stale")
                continue
            if pinged is None:  # the first ping comes at a random moment of the interval
                pinged = now - random.random() * self.centrifugo_ping
            if client.token_end is not None and now > client.token_end + self.expired_close_delay:
                await client.close(3005, "connection expired")
            elif client.pinged_at is not None and client.pinged_at > client.last_heard:
                if self.centrifugo_pong and now - client.pinged_at >= min(self.pong_timeout, 10):
                    await client.close(3012, "no pong")
            elif now - pinged >= self.centrifugo_ping:
                pinged = now
                self.ping(client)


def _well_formed(command: dict[str, Any], client: Connection) -> bool:
    """What the real Centrifuge library accepts; it ends a connection that sends anything else with 3501."""
    if not command:
        return client.greeted and client.owes_pong
    names = command.keys() - {"id"}
    number = command.get("id", 0)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < ID_END:
        return False
    if len(names) != 1 or not names <= COMMANDS or (not number and names != {"send"}):
        return False
    (name,) = names
    asked = command[name]
    if not isinstance(asked, dict) or (name == "connect") == client.greeted:
        return False
    if name in ("subscribe", "unsubscribe"):
        return isinstance(asked.get("channel"), str) and asked["channel"] != ""
    return name != "refresh" or bool(asked.get("token"))


def _error(number: int, code: int, message: str) -> dict[str, Any]:
    return {"id": number, "error": {"code": code, "message": message}}


def _page(status: int, text: str, **headers: str) -> Response:
    body = text.encode()
    fields = Headers({"Content-Length": str(len(body)), "Content-Type": "text/html", "Connection": "close", **headers})
    return Response(status, "status", fields, body)


def _parsed(text: Union[str, bytes]) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def chat_room_of(client: Connection) -> str:
    """A chat channel of this client's own, for garbage that should get past the first check."""
    return next((name for name in client.subscriptions if name.endswith(".v2")), "chatrooms.1.v2")


def spoil(client: Connection, kind: str) -> bool:
    """Send one kind of garbage to this client. Raises ValueError for an unknown kind. Only on the loop."""
    found = made.garbage(kind)
    if isinstance(found, bytes):
        return client.send_bytes(found)
    return all([client.send(text.replace("@chat", chat_room_of(client))) for text in found])
