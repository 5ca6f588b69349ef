"""A world that plays a script: clock, HTTP and WebSockets that do what was written down. Knows no real socket.

    world = World()
    world.lookup(found())
    world.sockets(pusher(chat("hello"), LOST))
    events = world.run(Wish(username="speedy"))

Time is the script's own: a waiting moves the clock and nobody sleeps. The world ends (sets the link's stop flag) when the link
asks for more than what was scripted. With `holds` it goes on instead, on the link's own thread: a connection whose script is
over stays open for `ScriptedSocket.say`, and a pause between two attempts lasts until `go` is set.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Sequence
from typing import Any, Callable, Union

from vmsc_core.events import Event
from vmsc_core.link.background import BackgroundCall
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.errors import CannotConnect, ConnectionLost, Stopped, passing
from vmsc_core.link.http import REQUEST_TIMEOUT, Answer
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.link import Link
from vmsc_core.link.ports import Ports
from vmsc_core.link.transport import Way
from vmsc_core.reasons import Failure, Remedy, because
from vmsc_core.settings import Wish

CHANNEL, CHATROOM = 11624, 918
KEY = "0123456789abcdef0123"
CENTRIFUGO_URL = "wss://realtime.eu.platform.kick.com/connection/websocket"

BEGINNING = 1000.0
"""Monotonic seconds at which a world begins."""

SHORT_WAIT = 0.01
"""Seconds: a shorter wait is a nap in a flood and no pause between attempts."""

MOST_WAITS = 10_000
"""Pauses after which a script has no end."""

HOLD_SLICE = 0.002
"""Seconds that a world that holds really waits for news."""


class End:
    """The step at which the world ends: what comes before it is the whole story."""


Step = Union[str, float, int, Exception, type[End], Callable[["ScriptedSocket"], Any]]
"""What a socket does next: a text comes, so many seconds of silence, an exception, the end, or a call (which may give a text)."""


class Hang:
    """An answer of HTTP that never comes: only `stop` ends the waiting."""


Given = Union[Answer, Exception, type[Hang]]
"""What comes of a request."""

Giver = Union[Given, Callable[[str], Given]]
"""That, or what makes it out of the address."""


class World:
    """Everything outside the link. Texts of requests are kept in `requests` as (method, address, body, monotonic seconds)."""

    def __init__(self, holds: bool = False) -> None:
        self.holds = holds
        self.go = threading.Event()
        self.now = BEGINNING
        self.wall_ahead = 1_795_000_000.0
        self.requests: list[tuple[str, str, str, float]] = []
        self.opened: list[str] = []
        self.opened_at: list[float] = []
        self.connections: list[ScriptedSocket] = []
        self.closed = 0
        self.waits: list[float] = []
        self.cooldowns = Cooldowns(lambda: self.now)
        self.inbox = Inbox(capacity=1_000_000)
        self._answers: dict[str, deque[Giver]] = {"lookup": deque(), "curl": deque(), "negotiation": deque(), "token": deque()}
        self._sockets: deque[Sequence[Step]] = deque()
        self._stop = threading.Event()
        self._end_at: float | None = None

    # -- the script -------------------------------------------------------------------------------------------------

    def lookup(self, *answers: Giver) -> None:
        """Answers of the lookup; the last one is given forever."""
        self._answers["lookup"].extend(answers)

    def curl(self, *answers: Giver) -> None:
        """Answers of the system's curl; without any there is no curl on this computer."""
        self._answers["curl"].extend(answers)

    def negotiation(self, *answers: Giver) -> None:
        """Answers of the negotiation; without any it can't be reached."""
        self._answers["negotiation"].extend(answers)

    def token(self, *answers: Giver) -> None:
        """Answers of the token address; without any there is a token for everybody."""
        self._answers["token"].extend(answers)

    def sockets(self, *scripts: Sequence[Step]) -> None:
        """One script for each connection that the link opens, in order. A world that holds has `greets()` for any other."""
        self._sockets.extend(scripts)

    def until(self, seconds: float) -> None:
        """The world ends so many seconds after its beginning, whatever is still scripted."""
        self._end_at = BEGINNING + seconds

    def sleep(self, seconds: float, monotonic: float = 0.0) -> None:
        """The computer sleeps: the wall clock goes on, the monotonic one only so far (it does on Windows, not on Linux)."""
        self.now += monotonic
        self.wall_ahead += seconds - monotonic

    # -- running it -------------------------------------------------------------------------------------------------

    @property
    def sent(self) -> list[list[str]]:
        """What each connection was sent."""
        return [socket.sent for socket in self.connections]

    def ports(self) -> Ports:
        """The world as the link sees it."""

        def http(stop: threading.Event, proxy: str = "") -> ScriptedHttp:
            return ScriptedHttp(self, stop)

        def transport(stop: threading.Event, proxy: str = "") -> ScriptedSocket:
            return ScriptedSocket(self, stop)

        return Ports(
            http=http,
            transport=transport,
            monotonic=lambda: self.now,
            wall=lambda: self.now + self.wall_ahead,
            wait=self.wait,
            background=BackgroundCall if self.holds else Done,
        )

    def run(self, wish: Wish) -> list[Event]:
        """All events of a link with this wish until the world ends, on the caller's own thread.

        Raises RuntimeError when the script lets the link try on and on.
        """
        Link(wish, self.inbox, self.cooldowns, self.ports()).run()
        if len(self.waits) >= MOST_WAITS:
            raise RuntimeError("the script has no end")
        return self.inbox.drain(1_000_000)

    def end(self) -> None:
        """The world ends now."""
        self._stop.set()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """What Ports.wait is here: the clock moves, nobody waits (but a world that holds, for `go`)."""
        if seconds > SHORT_WAIT:
            self.waits.append(seconds)
            if len(self.waits) >= MOST_WAITS:
                self.end()
            while self.holds and not self.go.is_set() and not stop.wait(HOLD_SLICE):
                pass
        self.pass_time(seconds)
        self.look_at_the_clock()
        return stop.is_set()

    def pass_time(self, seconds: float) -> None:
        """The clock moves on, and nobody waits."""
        self.now += seconds

    def look_at_the_clock(self) -> None:
        """Ends the world when its time has come."""
        if self._end_at is not None and self.now >= self._end_at:
            self.end()

    def began(self, stop: threading.Event) -> None:
        """A link made its ports."""
        self._stop = stop

    def given(self, kind: str, url: str, default: Given) -> Given:
        """What comes of the next request of this kind."""
        answers = self._answers[kind]
        if not answers:
            return default
        giver = answers.popleft() if len(answers) > 1 else answers[0]
        return giver if isinstance(giver, (Answer, Exception, type)) else giver(url)

    def script(self) -> deque[Step] | None:
        """What the next socket does; None at the end of the story."""
        if self._sockets:
            return deque(self._sockets.popleft())
        return deque(greets()) if self.holds else None


class Done:
    """A call in the background that has come to its end at once, on the caller's own thread."""

    def __init__(self, work: Callable[[], Any], name: str) -> None:
        self.done = True
        self._error: Exception | None = None
        self._result: Any = None
        try:
            self._result = work()
        except Exception as error:  # handed to whoever takes the result
            self._error = error

    def take(self) -> Any:
        """The result; raises what the work raised."""
        if self._error is not None:
            raise self._error
        return self._result

    def join(self, seconds: float) -> None:
        """It has ended."""


class ScriptedHttp:
    """The Http port of a World."""

    def __init__(self, world: World, stop: threading.Event) -> None:
        self._world = world
        self._stop = stop
        world.began(stop)

    def request(self, method: str, url: str, body: str = "", timeout: float = REQUEST_TIMEOUT) -> Answer:
        """One scripted answer."""
        self._world.requests.append((method, url, body, self._world.now))
        if method == "GET":
            return self._answer("lookup", url, Answer(404, ""))
        if url.endswith("/auth/connection"):
            return self._answer("token", url, Answer(200, json.dumps({"data": {"token": "a.b.c"}})))
        return self._answer("negotiation", url, passing("host_unreachable", "web.kick.com"))

    def curl(self, url: str, timeout: float = REQUEST_TIMEOUT) -> Answer:
        """One scripted answer of curl."""
        self._world.requests.append(("CURL", url, "", self._world.now))
        return self._answer("curl", url, CannotConnect(Failure(Remedy.BACKOFF, because("curl_missing"))))

    def _answer(self, kind: str, url: str, default: Given) -> Answer:
        given = self._world.given(kind, url, default)
        if isinstance(given, Exception):
            raise given
        if isinstance(given, Answer):
            return given
        self._stop.wait()
        raise Stopped


class ScriptedSocket:
    """The Transport port of a World: plays one script."""

    def __init__(self, world: World, stop: threading.Event) -> None:
        self.world = world
        self.stop = stop
        self.sent: list[str] = []
        self.closed = False
        self.way = Way()
        self._steps: deque[Step] = deque()
        self._open = False

    def say(self, *steps: Step) -> None:
        """Adds to the end of the script. Any thread."""
        self._steps.extend(steps)

    def then(self, *steps: Step) -> None:
        """Puts in front of what is left of the script; for a step that is a call."""
        self._steps.extendleft(reversed(steps))

    def open(self, url: str, deadline: float, origin: str) -> None:
        """The next script begins; one that starts with an exception is a connection that fails."""
        world = self.world
        steps = world.script()
        if steps is None:
            world.end()
            raise Stopped
        world.opened.append(url)
        world.opened_at.append(world.now)
        if steps and isinstance(steps[0], (CannotConnect, ImportError)):
            world.connections.append(self)
            raise steps[0]
        self._steps, self._open = steps, True
        world.connections.append(self)

    def send(self, text: str) -> None:
        """Keeps what was sent."""
        if not self._open:
            raise ConnectionLost(None, "not open")
        self.sent.append(text)

    def receive(self, timeout: float) -> str | None:
        """The next step of the script."""
        world = self.world
        if world.holds and not self._steps:
            self.stop.wait(HOLD_SLICE)
        world.look_at_the_clock()
        if self.stop.is_set():
            raise Stopped
        if not self._open:
            raise ConnectionLost(None, "closed")
        if not self._steps:
            if world.holds:
                return None
            world.end()
            raise Stopped
        return self._play(self._steps.popleft(), timeout)

    def more(self) -> str | None:
        """Never anything: each step is a moment of its own."""
        return None

    def close(self) -> None:
        """Ends it."""
        self.world.closed += self._open
        self._open, self.closed = False, True

    def _play(self, step: Step, timeout: float) -> str | None:
        if isinstance(step, type):  # End
            self.world.end()
            raise Stopped
        if isinstance(step, str):
            return step
        if isinstance(step, Exception):
            raise step
        if isinstance(step, (int, float)):  # silence
            passed = min(timeout, step)
            self.world.pass_time(passed)
            if step - passed > 1e-9:
                self._steps.appendleft(step - passed)
            return None
        given = step(self)
        return given if isinstance(given, str) else None


# -- words of the script ---------------------------------------------------------------------------------------------------


HELLO = json.dumps({"event": "pusher:connection_established", "data": json.dumps({"socket_id": "1.1", "activity_timeout": 120})})


def rooms(chatroom: int = CHATROOM, channel: int | None = CHANNEL) -> list[str]:
    """The five topics to subscribe to; those that must be acknowledged first."""
    own = [f"chatrooms.{chatroom}.v2", f"chatroom_{chatroom}"]
    own += [f"channel.{channel}", f"channel_{channel}"] if channel is not None else []
    return [*own, f"chatrooms.{chatroom}"]


def acknowledged(room: str) -> str:
    """Pusher's acknowledgement of one subscription."""
    return json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": room, "data": "{}"})


def pusher(*more: Step, chatroom: int = CHATROOM, channel: int | None = CHANNEL) -> list[Step]:
    """A Pusher server that greets and acknowledges everything, then does `more`."""
    return [HELLO, *map(acknowledged, rooms(chatroom, channel)), *more]


def greets(*more: Step) -> list[Step]:
    """A Pusher server that greets and acknowledges whatever it is asked for, then does `more`."""

    def acknowledge(socket: ScriptedSocket) -> None:
        asked = [json.loads(text) for text in socket.sent if "pusher:subscribe" in text]
        socket.then(*(acknowledged(one["data"]["channel"]) for one in asked))

    return [HELLO, acknowledge, *more]


def centrifugo(*more: Step, ttl: int = 2699) -> list[Step]:
    """A Centrifugo server that greets and acknowledges everything, then does `more`."""
    hello = json.dumps({"id": 1, "connect": {"client": "c", "ttl": ttl, "expires": True, "ping": 25, "pong": True}})
    return [hello, "\n".join(json.dumps({"id": 2 + place, "subscribe": {}}) for place in range(5)), *more]


def chat(text: str = "hello", identity: str = "", username: str = "Viewerab1", chatroom: int = CHATROOM) -> str:
    """A chat message over Pusher."""
    data = {"id": identity or text, "chatroom_id": chatroom, "content": text, "type": "message", "sender": {"username": username}}
    room = f"chatrooms.{chatroom}.v2"
    return json.dumps({"event": "App\\Events\\ChatMessageEvent", "channel": room, "data": json.dumps(data)})


def found(
    slug: str = "speedy",
    channel: int = CHANNEL,
    chatroom: int = CHATROOM,
    followers: int = 100,
    live: int | None = None,
    name: str = "",
) -> Answer:
    """What the lookup answers for this channel; `live` is the stream's ID."""
    stream = None if live is None else {"id": live, "is_live": True, "session_title": "x"}
    body = {"id": channel, "slug": slug, "followers_count": followers, "livestream": stream, "chatroom": {"id": chatroom}}
    return Answer(200, json.dumps({**body, "user": {"username": name or slug.capitalize()}}))


def names_pusher(key: str = KEY, cluster: str = "us2") -> Answer:
    """A negotiation that names Pusher."""
    connection = {"provider": "pusher", "credentials": {"app_key": key, "cluster": cluster}}
    return Answer(200, json.dumps({"data": {"connections": [connection]}}))


def names_centrifugo(url: str = CENTRIFUGO_URL) -> Answer:
    """A negotiation that names Centrifugo."""
    return Answer(200, json.dumps({"data": {"connections": [{"provider": "centrifugo", "credentials": {"url": url}}]}}))
