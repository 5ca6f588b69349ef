"""KickSimulator: a running Kick, its channels, its traffic, and what goes wrong with it. Knows the protocols' sides by name only.

Every method may be called from any thread but the simulator's own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import threading
import time
from collections import deque
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, Callable, Optional, TypeVar, Union
from urllib.parse import unquote, urlsplit

from . import frames as made
from .faults import Faults
from .frames import Channel, Frame
from .http_side import Answer, Fault, HttpServer, Request, as_json, reset
from .sockets import CENTRIFUGO_PATH, Connection, SocketServer, spoil
from .tokens import Tokens

T = TypeVar("T")

Only = Union[str, Connection, None]
"""Which connections: those of a provider, one, or all."""

BUILT_IN_KEY = "32cbd69e4b950bf97679"
CALL_TIMEOUT = 30.0
"""Seconds a call from another thread waits for the simulator's loop."""
FLOOD_BATCH = 50
"""Frames in one TCP write of a flood."""


class KickSimulator:
    """A running simulator between `start()` and `stop()`, or inside `with`. See the module for how to use it."""

    def __init__(
        self,
        port: int = 0,
        http_port: int = 0,
        host: str = "127.0.0.1",
        ssl: Any = None,
        log: Callable[[str], None] = lambda line: None,
        seed: int = 1,
    ) -> None:
        self.host, self.port, self.http_port = host, port, http_port
        self.channels: dict[str, Channel] = {}
        self.fault = Faults()
        self.tokens = Tokens()
        self.lookups: deque[tuple[float, str, dict[str, str]]] = deque(maxlen=10_000)
        """(monotonic seconds, slug, headers with lower-case names) of each lookup."""
        self.negotiations: deque[tuple[float, int, Any]] = deque(maxlen=10_000)
        """(monotonic seconds, channel id, the request's JSON) of each negotiation."""
        self.token_requests: deque[tuple[float, Any]] = deque(maxlen=10_000)
        """(monotonic seconds, the request's JSON) of each request for a token."""
        self.cluster = "us2"
        self.centrifugo_only = False
        """Negotiation offers Centrifugo only; Pusher goes on for who knows a key."""
        self.pusher_only = False
        self.offer: Optional[list[Any]] = None
        """When set, the `connections` that negotiation answers, whatever was asked."""
        self._ssl = ssl
        self._rng = random.Random(seed)
        self._log = log
        self._sockets = SocketServer(self.fault, self.tokens, log)
        self._http = HttpServer(self._respond)
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._thread: Optional[threading.Thread] = None

    # -- life -----------------------------------------------------------------------------------------------------

    def start(self) -> KickSimulator:
        """Listen on both ports. Raises OSError when one is taken."""
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=loop.run_forever, name="kick-simulator", daemon=True)
        self._thread.start()
        try:
            self.listen_again()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End every connection and the thread. May be called twice."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        try:
            self._call(self._end)
        finally:
            self._loop = self._thread = None
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            if not thread.is_alive():
                loop.close()

    async def _end(self) -> None:
        await self._sockets.stop()
        await self._http.stop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=2)

    def __enter__(self) -> KickSimulator:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop_listening(self) -> None:
        """Refuse new connections on both ports; open ones go on."""

        async def both() -> None:
            self._sockets.stop_listening()
            self._http.stop_listening()

        self._call(both)

    def listen_again(self) -> None:
        """Listen on the same ports as before."""

        async def both() -> None:
            self.port = await self._sockets.start(self.host, self.port, self._ssl)
            self.http_port = await self._http.start(self.host, self.http_port, self._ssl)

        self._call(both)

    # -- addresses ------------------------------------------------------------------------------------------------

    @property
    def websocket_url(self) -> str:
        """For Pusher; a client appends `/app/{key}?protocol=7…`."""
        return f"{'wss' if self._ssl else 'ws'}://{self.host}:{self.port}"

    @property
    def centrifugo_url(self) -> str:
        """For Centrifugo, whole."""
        return self.websocket_url + CENTRIFUGO_PATH

    @property
    def http_url(self) -> str:
        """The root of the HTTP side, without a slash at its end."""
        return f"{'https' if self._ssl else 'http'}://{self.host}:{self.http_port}"

    @property
    def lookup_url(self) -> str:
        """A client appends the slug."""
        return self.http_url + "/api/v2/channels/"

    @property
    def negotiation_url(self) -> str:
        """A client puts the channel id in the place of `{channel_id}`."""
        return self.http_url + "/api/v1/realtime/channels/{channel_id}/chat/connection"

    @property
    def token_url(self) -> str:
        """Where a Centrifugo client gets its token."""
        return self.http_url + "/api/v1/realtime/auth/connection"

    # -- the Kick that is simulated -------------------------------------------------------------------------------

    def add_channel(
        self,
        slug: str = "speedy",
        channel_id: Optional[int] = None,
        chatroom_id: Optional[int] = None,
        username: Optional[str] = None,
        followers: int = 31642,
        live: bool = False,
        user_id: Optional[int] = None,
        title: str = "Any% until it works",
    ) -> Channel:
        """Let the lookup know a channel; without IDs, the first gets 11624 and chatroom 918, later ones their own."""
        place = len(self.channels)
        channel = Channel(
            slug=slug,
            channel_id=11624 + 100 * place if channel_id is None else channel_id,
            chatroom_id=918 + 10_000 * place if chatroom_id is None else chatroom_id,
            user_id=777_528 + place if user_id is None else user_id,
            username=slug.capitalize() if username is None else username,
            followers=followers,
            title=title,
        )
        if live:
            channel.turn_on()
        self.channels[slug] = channel
        return channel

    def rename(self, slug: str, new_slug: str) -> Channel:
        """The account takes another name; its IDs stay."""
        channel = self.channels.pop(slug)
        channel.slug = new_slug
        channel.username = new_slug.capitalize()
        self.channels[new_slug] = channel
        return channel

    @property
    def keys(self) -> set[str]:
        """The Pusher keys that work now; a client that is already connected is not looked at again."""
        return self._sockets.keys

    @keys.setter
    def keys(self, keys: Iterable[str]) -> None:
        self._sockets.keys = set(keys)

    def change_key(self, key: Optional[str] = None, close: bool = True) -> str:
        """Kick changes its Pusher key and gives the new one: old ones get 4001 from now on, negotiation gives the new one.

        With `close`, who is connected is closed with 4001.
        """
        key = key or f"{self._rng.getrandbits(80):020x}"
        self._sockets.keys = {key}
        if close:
            self.close(4001, "App key not in this cluster", only="pusher")
        return key

    @property
    def pusher_gone(self) -> bool:
        """Whether every key gets 4001 and negotiation offers Centrifugo only. Setting it leaves open connections as they are."""
        return self._sockets.pusher_gone

    @pusher_gone.setter
    def pusher_gone(self, gone: bool) -> None:
        self._sockets.pusher_gone = gone

    def retire_pusher(self) -> None:
        """The day Kick switches: pusher_gone, and who is connected by Pusher is closed with 4001."""
        self.pusher_gone = True
        self.close(4001, "App key not in this cluster", only="pusher")

    @property
    def activity_timeout(self) -> float:
        """Seconds, sent in Pusher's hello; a client that is silent for that long is pinged."""
        return self._sockets.activity_timeout

    @activity_timeout.setter
    def activity_timeout(self, seconds: float) -> None:
        self._sockets.activity_timeout = seconds

    @property
    def server_ping_after(self) -> Optional[float]:
        """Seconds of a client's silence before the server pings; None for activity_timeout."""
        return self._sockets.server_ping_after

    @server_ping_after.setter
    def server_ping_after(self, seconds: Optional[float]) -> None:
        self._sockets.server_ping_after = seconds

    @property
    def pong_timeout(self) -> float:
        """Seconds a client has for its pong (Pusher: 30, then 4201; Centrifugo: at most 10, then 3012)."""
        return self._sockets.pong_timeout

    @pong_timeout.setter
    def pong_timeout(self, seconds: float) -> None:
        self._sockets.pong_timeout = seconds

    @property
    def centrifugo_ping(self) -> float:
        """Seconds between the pings of Centrifugo, sent in its connect reply."""
        return self._sockets.centrifugo_ping

    @centrifugo_ping.setter
    def centrifugo_ping(self, seconds: float) -> None:
        self._sockets.centrifugo_ping = seconds

    @property
    def expired_close_delay(self) -> float:
        """Seconds after a Centrifugo token's end at which the server closes the connection (3005)."""
        return self._sockets.expired_close_delay

    @expired_close_delay.setter
    def expired_close_delay(self, seconds: float) -> None:
        self._sockets.expired_close_delay = seconds

    @property
    def channel_limit(self) -> int:
        """How many channels one Centrifugo connection may be subscribed to; one more is error 106."""
        return self._sockets.channel_limit

    @channel_limit.setter
    def channel_limit(self, count: int) -> None:
        self._sockets.channel_limit = count

    @property
    def token_ttl(self) -> float:
        """Seconds that a Centrifugo token issued from now on is good for."""
        return self.tokens.ttl

    @token_ttl.setter
    def token_ttl(self, seconds: float) -> None:
        self.tokens.ttl = seconds

    # -- what has been seen ---------------------------------------------------------------------------------------

    @property
    def connections(self) -> list[Connection]:
        """The open WebSocket connections, oldest first."""
        return [one for one in list(self._sockets.connections) if one.open]

    @property
    def past_connections(self) -> list[Connection]:
        """Those that have ended, the last 1,000."""
        return list(self._sockets.past)

    @property
    def tries(self) -> int:
        """WebSocket handshakes begun, refused ones included."""
        return self._sockets.tries

    @property
    def sockets_open(self) -> int:
        """TCP connections open on both ports, half-made ones included."""
        return len(self._sockets.wires) + self._http.open

    def wait(self, predicate: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
        """Ask every 10 ms until the answer is true, and give it. Raises AssertionError with a picture of what is there."""
        end = time.monotonic() + timeout
        while True:
            value = predicate()
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout} s: {what or 'what was waited for'}\n{self.picture()}")
            time.sleep(0.01)

    def wait_subscribed(self, slug: str = "speedy", timeout: float = 5.0, count: int = 1) -> Connection:
        """Wait until `count` clients are subscribed to all five Pusher channels of this channel; gives the last."""
        rooms = set(self.channels[slug].rooms)

        def those() -> list[Connection]:
            return [one for one in self.connections if rooms <= set(one.subscriptions)]

        return self.wait(lambda: len(those()) >= count and those(), timeout, f"{count} subscribed to {slug}")[-1]  # type: ignore[index]

    def picture(self) -> str:
        """What is there, for a person."""
        lines = [f"open: {one}" for one in self.connections] + [f"ended: {one}" for one in self.past_connections[-5:]]
        lines += [f"lookups: {[slug for _, slug, _ in self.lookups][-10:]}, negotiations: {len(self.negotiations)}"]
        lines += [f"handshakes begun: {self.tries}, sockets open: {self.sockets_open}, channels: {list(self.channels)}"]
        return "\n".join(lines)

    # -- frames ---------------------------------------------------------------------------------------------------

    def push(self, slug: str, event: str, data: Any, channel: Optional[str] = None, encode: bool = True) -> int:
        """Send one event to all who are subscribed to its Pusher channel; gives how many.

        `channel` is the Pusher channel's name; without it, the one on which Kick sends this event. `data` that is no string is
        encoded as JSON in a string, as Kick does; encode=False sends it as an object.
        """
        return self._publish([(event, channel or self.channels[slug].room_of(event), data)], encode)

    def play(self, frames: Iterable[dict[str, Any]], slug: str = "speedy", rate: Optional[float] = None) -> int:
        """Send recorded frames (dicts of frames.jsonl) to this channel's listeners; gives how many arrived at all clients.

        `rate` is frames per second; None sends them at once.
        """
        found = list(made.recorded(frames, self.channels[slug]))
        if rate is None:
            return self._publish(found)
        arrived = 0
        for frame in found:
            arrived += self._publish([frame])
            time.sleep(1 / rate)
        return arrived

    def push_together(self, slug: str, frames: Sequence[Frame]) -> int:
        """Send (event, Pusher channel or "", data) frames in one TCP write; to Centrifugo clients in one message."""
        own = self.channels[slug]
        ready = [(event, channel or own.room_of(event), _encoded(data)) for event, channel, data in frames]

        async def send() -> int:
            arrived = 0
            for client in self.connections:
                texts = [client.worded(*frame) for frame in ready if frame[1] in client.subscriptions]
                if client.provider == "centrifugo":
                    arrived += len(texts) * client.send("\n".join(texts))
                else:
                    arrived += len(texts) * client.send_bytes(b"".join(made.websocket_frame(text.encode()) for text in texts))
            return arrived

        return self._call(send)

    def chat(
        self, slug: str = "speedy", n: int = 1, text: Optional[str] = None, username: Optional[str] = None, **more: Any
    ) -> int:
        """`n` chat messages; `more` replaces fields of the data (type, metadata, badges, id)."""
        own = self.channels[slug]
        frames = []
        for _ in range(n):
            data = made.chat_data(
                own, username or made.viewer(self._rng), made.sentence(self._rng) if text is None else text, **more
            )
            frames.append((made.PREFIX + "ChatMessageEvent", own.chat_room, data))
        return self._publish(frames)

    def follow(
        self, slug: str = "speedy", username: Optional[str] = None, followed: bool = True, n: int = 1, goal: bool = False
    ) -> int:
        """`n` follows (or unfollows): the total changes; one FollowersUpdated each is sent, or one goal event for all."""
        own = self.channels[slug]
        frames = []
        for _ in range(n):
            own.followers += 1 if followed else -1
            frames.append(made.follow_frame(own, username, followed))
        return self._publish([made.goal_frame(own)] if goal else frames)

    def subscribe(
        self,
        slug: str = "speedy",
        username: Optional[str] = None,
        months: int = 1,
        order: Optional[Sequence[int]] = None,
        words: Optional[str] = None,
    ) -> int:
        """One subscription in its five frames; `order` picks and orders them by index; `words` adds the celebration message."""
        own = self.channels[slug]
        own.subscribers += 1
        username = username or made.viewer(self._rng)
        frames = made.subscription_frames(own, username, months)
        frames = frames if order is None else [frames[index] for index in order]
        if words is not None:
            frames.append(made.celebration_frame(own, username, months, words))
        return self._publish(frames)

    def gift(
        self,
        slug: str = "speedy",
        names: Union[int, Sequence[str]] = 1,
        gifter: Optional[str] = "Viewer_avbx697",
        chunks: int = 1,
        order: Optional[Sequence[int]] = None,
        companions: bool = True,
    ) -> int:
        """One gift to these names (or to so many made-up ones), in `chunks`; `order` picks and orders all its frames by index."""
        names = [f"{made.viewer(self._rng)}x{index}" for index in range(names)] if isinstance(names, int) else names
        frames = made.gift_frames(self.channels[slug], names, gifter, chunks, companions)
        return self._publish(frames if order is None else [frames[index] for index in order])

    def raid(self, slug: str = "speedy", username: str = "Viewerbuad787", viewers: int = 216) -> int:
        """A raid comes in: both frames."""
        return self._publish(made.host_frames(self.channels[slug], username, viewers))

    def ban(self, slug: str = "speedy", username: str = "Viewerbuad787") -> int:
        """A moderator bans a viewer: all of that viewer's messages are gone."""
        own = self.channels[slug]
        data = {"user": {"username": username}, "banned_by": {"username": "Viewertbvn635"}, "permanent": True}
        return self._publish([(made.PREFIX + "UserBannedEvent", own.chat_room, data)])

    def go_live(self, slug: str = "speedy", tell: bool = True, again: bool = False) -> int:
        """The stream begins; tell=False changes the lookup only; again=True repeats the frame of the stream that is on."""
        own = self.channels[slug]
        if not again:
            own.turn_on()
        return self._publish([made.live_frame(own)]) if tell else 0

    def go_offline(self, slug: str = "speedy", tell: bool = True) -> int:
        """The stream ends; tell=False loses the frame, as Kick sometimes does."""
        own = self.channels[slug]
        ended, own.livestream_id = own.livestream_id, None
        return self._publish([made.offline_frame(own, ended)]) if tell else 0

    def flood(
        self, slug: str = "speedy", count: int = 1000, rate: Optional[float] = None, timeout: float = 120.0, viewers: int = 1
    ) -> int:
        """Send chat frames as fast as clients take them, or `rate` a second; gives how many arrived, each client counted.

        A client whose buffer is full is waited for; `timeout` seconds bound the whole.
        """
        own = self.channels[slug]

        async def pour() -> int:
            begun, arrived, done = time.monotonic(), 0, 0
            frames = made.chat_frames(own, count, viewers=viewers)
            while done < count and time.monotonic() - begun < timeout:
                ready = count if rate is None else min(count, int((time.monotonic() - begun) * rate) + 1)
                if ready == done or any(_full(one) for one in self.connections):
                    await asyncio.sleep(0.002)
                    continue
                batch = list(itertools.islice(frames, min(FLOOD_BATCH, ready - done)))
                done += len(batch)
                arrived += sum([_pour(one, batch) for one in self.connections])
                await asyncio.sleep(0)
            return arrived

        return self._call(pour, timeout + 10)

    def _publish(self, frames: Iterable[Frame], encode: bool = True) -> int:
        ready = [(event, room, _encoded(data) if encode else data) for event, room, data in frames]

        async def send() -> int:
            return sum([client.publish(*frame) for frame in ready for client in self.connections])

        return self._call(send)

    # -- faults that happen now; `only` narrows them to a provider or to one connection ----------------------------

    def drop(self, only: Only = None, rst: bool = True) -> int:
        """Cut the TCP connections, by RST or (rst=False) by a plain end, without a close frame; gives how many."""
        return self._each(only, lambda client: reset(client.wire.transport) if rst else client.wire.transport.close())

    def close(self, code: Optional[int] = 1000, reason: str = "", linger: float = 0.0, only: Only = None) -> int:
        """Send a close frame (code None: without a code) and end the connection, after `linger` seconds of saying nothing more.

        Codes that may not be sent (1005, 1006, 5000, …) are sent all the same.
        """

        def one(client: Connection) -> None:
            ordinary = code is not None and (
                code in range(3000, 5000) or code in (1000, 1001, 1002, 1003, 1008, 1009, 1011, 1012, 1013)
            )
            if ordinary and not linger and code is not None:
                self._sockets._spawn(client.close(code, reason))
                return
            client.send_bytes(made.close_frame(code, reason))
            client.wire.fall_silent(bool(linger))
            asyncio.get_running_loop().call_later(linger or 0.2, client.wire.transport.abort)

        return self._each(only, one)

    def silence(self, silent: bool = True, only: Only = None, new_too: bool = False) -> int:
        """Keep the open sockets but send and answer nothing, pongs included; False: go on, and answer what has come meanwhile.

        `new_too`: connections made from now on are silent as well (they are accepted by TCP and get no handshake).
        """
        self._sockets.silent_to_all = silent and new_too

        async def now() -> int:
            if only is None:
                for wire in list(self._sockets.wires):
                    wire.fall_silent(silent)
                return len(self._sockets.wires)
            found = [one for one in self.connections if _is(one, only)]
            for one in found:
                one.wire.fall_silent(silent)
            return len(found)

        return self._call(now)

    def garbage(self, kind: str, only: Only = None) -> int:
        """Send one kind of frames.GARBAGE_TEXTS or GARBAGE_BYTES. Raises ValueError for an unknown one."""
        made.garbage(kind)
        return self._each(only, lambda client: spoil(client, kind))

    def send_raw(self, data: Union[str, bytes], only: Only = None) -> int:
        """A string: one text message as it is. Bytes: onto the TCP stream as they are (websocket_frame makes some)."""
        return self._each(only, lambda client: client.send(data) if isinstance(data, str) else client.send_bytes(data))

    def chat_in_pieces(self, slug: str = "speedy", text: str = "in pieces", pieces: int = 5, ping: bool = True) -> int:
        """One chat message as a fragmented WebSocket message, with pings between its fragments; gives how many got it."""
        own = self.channels[slug]
        data = _encoded(made.chat_data(own, "Viewerpieces1", text))

        def one(client: Connection) -> None:
            whole = client.worded(made.PREFIX + "ChatMessageEvent", own.chat_room, data).encode()
            size = max(1, -(-len(whole) // pieces))
            parts = [whole[place : place + size] for place in range(0, len(whole), size)]
            for index, part in enumerate(parts):
                client.send_bytes(made.websocket_frame(part, opcode=0 if index else 1, fin=index == len(parts) - 1))
                if ping and index < len(parts) - 1:
                    client.send_bytes(made.websocket_frame(b"now", opcode=9))

        return self._each(None, one)

    def error(self, code: Optional[int], message: str = "", close: bool = False, only: Only = None) -> int:
        """pusher:error (code None: of a channel), or Centrifugo's disconnect push; `close` ends with that code."""

        def one(client: Connection) -> None:
            if client.provider == "pusher":
                client.send(json.dumps({"event": "pusher:error", "data": {"code": code, "message": message}}))
            else:
                client.send(json.dumps({"push": {"disconnect": {"code": code, "reason": message}}}))

        count = self._each(only, one)
        if close:
            self.close(code, message, only=only)
        return count

    def ping(self, only: Only = None) -> int:
        """The server's own ping, now (pusher:ping, or Centrifugo's {})."""
        return self._each(only, self._sockets.ping)

    def _each(self, only: Only, do: Callable[[Connection], Any]) -> int:
        async def now() -> int:
            found = [client for client in self.connections if _is(client, only)]
            for client in found:
                do(client)
            return len(found)

        return self._call(now)

    def _call(self, what: Callable[[], Awaitable[T]], timeout: float = CALL_TIMEOUT) -> T:
        if self._loop is None:
            raise RuntimeError("the simulator is not running: use it in a with block, or call start()")

        async def run() -> T:
            return await what()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(timeout)

    # -- HTTP -----------------------------------------------------------------------------------------------------

    async def _respond(self, request: Request) -> tuple[Answer, Fault, Optional[str]]:
        path = unquote(urlsplit(request.path).path)
        if self.fault.latency:
            await asyncio.sleep(self.fault.latency)
        lookup = re.fullmatch(r"/api/v([12])/channels/([^/]*)", path)
        if lookup is not None:
            self.lookups.append((time.monotonic(), lookup[2], request.headers))
            self._log(f"lookup: {lookup[2]}")
            return (self._lookup(int(lookup[1]), lookup[2], request), self.fault.http("lookup"), self.fault.retry_after)
        negotiation = re.fullmatch(r"/api/v1/realtime/channels/(\d+)/chat/connection", path)
        if negotiation is not None:
            asked = _json(request.body)
            self.negotiations.append((time.monotonic(), int(negotiation[1]), asked))
            return self._negotiate(asked, request), self.fault.http("negotiation"), self.fault.retry_after
        if path == "/api/v1/realtime/auth/connection":
            asked = _json(request.body)
            self.token_requests.append((time.monotonic(), asked))
            return self._token(asked, request), self.fault.http("token"), self.fault.retry_after
        return as_json({"message": "Not Found"}, 404), None, None

    def _lookup(self, version: int, slug: str, request: Request) -> Answer:
        if request.method != "GET":
            return as_json({"message": "The method is not supported for this route."}, 405)
        channel = self.channels.get(slug)
        return as_json({"message": ""}, 404) if channel is None else as_json(channel.lookup_answer(version))

    def _negotiate(self, asked: Any, request: Request) -> Answer:
        if request.method != "POST":
            return as_json({"message": "The method is not supported for this route."}, 405)
        try:
            accepted = [one["provider"] for one in asked["capabilities"]["accepted_providers"]]
            client = asked["client"]["id"]
        except (TypeError, KeyError):
            return as_json({"message": "The given data was invalid."}, 422)
        if not isinstance(client, str) or not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", client):
            return as_json({"message": "The client.id must be a valid UUID."}, 422)
        servers = {
            "pusher": {
                "provider": "pusher",
                "credentials": {"app_key": next(iter(self.keys), BUILT_IN_KEY), "cluster": self.cluster},
            },
            "centrifugo": {"provider": "centrifugo", "credentials": {"url": self.centrifugo_url}},
        }
        if self.centrifugo_only or self.pusher_gone:
            servers.pop("pusher")
        if self.pusher_only:
            servers.pop("centrifugo")
        # Kick answers with one server, the first of the client's choice that it has.
        chosen: list[Any] = [servers[one] for one in accepted if one in servers][:1] if self.offer is None else self.offer
        answer: dict[str, Any] = {"connections": chosen}
        if chosen and isinstance(chosen[0], dict) and chosen[0].get("provider") == "centrifugo":
            answer["mode"] = "websocket"
        return as_json({"data": answer, "message": "OK"})

    def _token(self, asked: Any, request: Request) -> Answer:
        if request.method != "POST":
            return as_json({"message": "The method is not supported for this route."}, 405)
        client = asked.get("client_id") if isinstance(asked, dict) else None
        if not isinstance(client, str) or not client:
            return as_json({"message": "The client id field is required."}, 422)
        return as_json({"data": {"token": self.tokens.issue(client)}, "message": "OK"})


def _pour(client: Connection, batch: Sequence[Frame]) -> int:
    if not client.plain:
        return sum([client.publish(*frame) for frame in batch])
    texts = [client.worded(*frame) for frame in batch if frame[1] in client.subscriptions]
    client.sent += len(texts)
    return len(texts) * client.send_bytes(b"".join([made.websocket_frame(text.encode()) for text in texts]))


def _is(client: Connection, only: Only) -> bool:
    return only is None or only is client or only == client.provider


def _encoded(data: Any) -> str:
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _full(client: Connection) -> bool:
    return client.open and not client.wire.silent and client.wire.transport.get_write_buffer_size() > 1 << 18


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
