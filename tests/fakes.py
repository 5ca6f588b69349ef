"""A scripted world for the link: clock, HTTP and WebSockets that do what a test wrote down, in no time at all.

Knows no real socket and never sleeps: a waiting moves the clock. Order of use:

    world = World()
    world.lookup(found())
    world.sockets(pusher(), pusher(Lost(4001, "")))
    events = world.run(Settings(username="speedy"))

The world ends (sets the link's stop flag) when the link asks for more than what was scripted.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Callable, Optional, Union
from weakref import WeakKeyDictionary

from vmsc_core.card.painter import Content, Fill, Text
from vmsc_core.events import Event, LinkChanged, Notice, Signal
from vmsc_core.link.http import Answer
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.link import Link, Ports
from vmsc_core.link.lookup import Patience
from vmsc_core.link.stream import CannotConnect, Stopped
from vmsc_core.link.transport import Lost
from vmsc_core.settings import KnownChannel, Settings

CHANNEL, CHATROOM = 11624, 918
KEY = "0123456789abcdef0123"
OTHER_KEY = "fedcba98765432100123"
CENTRIFUGO_URL = "wss://realtime.eu.platform.kick.com/connection/websocket"

Step = Union[str, float, int, Exception, Callable[["FakeSocket"], Any]]
"""What a socket does next: a text comes, so many seconds of silence, an exception, or a call (which may give a text)."""


class End:
    """The step at which the world ends: what comes before it is the whole story."""


class World:
    """Everything outside the link. Texts of requests are kept in `requests` as (method, address, body, monotonic seconds)."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.wall_ahead = 1_795_000_000.0
        self.requests: list[tuple[str, str, str, float]] = []
        self.opened: list[str] = []
        self.opened_at: list[float] = []
        self.sent: list[list[str]] = []
        self.closed = 0
        self.waits: list[float] = []
        self.patience = Patience(lambda: self.now)
        self.inbox = Inbox(capacity=1_000_000)
        self._answers: dict[str, deque[Any]] = {"lookup": deque(), "curl": deque(), "negotiation": deque(), "token": deque()}
        self._sockets: deque[Sequence[Step]] = deque()
        self._stop: Optional[threading.Event] = None
        self._last: Optional[float] = None

    # -- the script -------------------------------------------------------------------------------------------------

    def lookup(self, *answers: Union[Answer, Exception]) -> None:
        """Answers of the look-up; the last one is given for ever."""
        self._answers["lookup"].extend(answers)

    def curl(self, *answers: Union[Answer, Exception]) -> None:
        """Answers of the system's curl; without any there is no curl on this computer."""
        self._answers["curl"].extend(answers)

    def negotiation(self, *answers: Union[Answer, Exception]) -> None:
        """Answers of the negotiation; without any it cannot be reached."""
        self._answers["negotiation"].extend(answers)

    def token(self, *answers: Union[Answer, Exception]) -> None:
        """Answers of the token address; without any there is a token for everybody."""
        self._answers["token"].extend(answers)

    def sockets(self, *scripts: Sequence[Step]) -> None:
        """One script for each connection that the link opens, in order."""
        self._sockets.extend(scripts)

    def until(self, seconds: float) -> None:
        """The world ends so many seconds after its beginning, whatever is still scripted."""
        self._last = 1000.0 + seconds

    def sleep(self, seconds: float, monotonic: float = 0.0) -> None:
        """The computer sleeps: the wall clock goes on, the monotonic one only so far (it does on Windows, not on Linux)."""
        self.now += monotonic
        self.wall_ahead += seconds - monotonic

    # -- running it -------------------------------------------------------------------------------------------------

    def ports(self) -> Ports:
        """This world, as the link sees it."""
        return Ports(
            http=lambda stop: FakeHttp(self, stop),
            transport=lambda stop: FakeSocket(self),
            monotonic=lambda: self.now,
            wall=lambda: self.now + self.wall_ahead,
            wait=self.wait,
        )

    def run(self, settings: Settings) -> list[Event]:
        """All events of a link with these settings until the world ends. Raises AssertionError when it does not."""
        link = Link(settings, self.inbox, self.patience, self.ports())
        link.start()
        if not link.join(20.0):
            link.stop()
            raise AssertionError("the link did not end")
        return self.inbox.drain(1_000_000)

    def end(self) -> None:
        """The world ends now."""
        assert self._stop is not None
        self._stop.set()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """What Ports.wait is here: the clock moves, nobody waits."""
        if seconds > 0.01:  # not the naps in a flood
            self.waits.append(seconds)
        self.now += seconds
        self.look_at_the_clock()
        return stop.is_set()

    def look_at_the_clock(self) -> None:
        """Ends the world when its time has come."""
        if self._last is not None and self.now >= self._last:
            self.end()

    def began(self, stop: threading.Event) -> None:
        """The link made its ports."""
        self._stop = stop

    def answer(self, kind: str, default: Union[Answer, Exception]) -> Answer:
        """The next scripted answer of this kind. Raises it when it is an exception."""
        answers = self._answers[kind]
        found = default if not answers else answers.popleft() if len(answers) > 1 else answers[0]
        if isinstance(found, Exception):
            raise found
        return found

    def script(self) -> Optional[deque[Step]]:
        """What the next socket does; None at the end of the story."""
        return deque(self._sockets.popleft()) if self._sockets else None


class FakeHttp:
    """The Http port of a World."""

    def __init__(self, world: World, stop: threading.Event) -> None:
        self._world = world
        world.began(stop)

    def request(self, method: str, url: str, body: str = "", limit: float = 10.0) -> Answer:
        """One scripted answer."""
        world = self._world
        world.requests.append((method, url, body, world.now))
        if method == "GET":
            return world.answer("lookup", Answer(404, ""))
        if url.endswith("/auth/connection"):
            return world.answer("token", Answer(200, json.dumps({"data": {"token": "a.b.c"}})))
        return world.answer("negotiation", CannotConnect("web.kick.com cannot be reached."))

    def curl(self, url: str, limit: float = 10.0) -> Answer:
        """One scripted answer of curl."""
        self._world.requests.append(("CURL", url, "", self._world.now))
        return self._world.answer("curl", CannotConnect("This computer has no curl."))


class FakeSocket:
    """The Transport port of a World: plays one script."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: list[str] = []
        self._steps: deque[Step] = deque()
        self._open = False

    def open(self, url: str, due: float, origin: str) -> None:
        """The next script begins; one that starts with an exception is a connection that fails."""
        world = self.world
        steps = world.script()
        if steps is None:
            world.end()
            raise Stopped
        world.opened.append(url)
        world.opened_at.append(world.now)
        world.sent.append(self.sent)
        if steps and isinstance(steps[0], (CannotConnect, ImportError)):
            raise steps[0]
        self._steps, self._open = steps, True

    def send(self, text: str) -> None:
        """Keeps what was sent."""
        if not self._open:
            raise Lost(None, "not open")
        self.sent.append(text)

    def receive(self, timeout: float) -> Optional[str]:
        """The next step of the script."""
        world = self.world
        for thread in threading.enumerate():  # an errand takes no time in this world
            if thread.name in ("vmsc-poll", "vmsc-token"):
                thread.join(5.0)
        world.look_at_the_clock()
        if world._stop is not None and world._stop.is_set():
            raise Stopped
        if not self._open:
            raise Lost(None, "closed")
        if not self._steps:
            world.end()
            raise Stopped
        step = self._steps.popleft()
        if step is End:
            world.end()
            raise Stopped
        if isinstance(step, str):
            return step
        if isinstance(step, Exception):
            raise step
        if isinstance(step, (int, float)):
            passed = min(timeout, step)
            world.now += passed
            if step - passed > 1e-9:
                self._steps.appendleft(step - passed)
            return None
        given = step(self)
        return given if isinstance(given, str) else None

    def close(self) -> None:
        """Ends it."""
        self.world.closed += self._open
        self._open = False


# -- words of the script ---------------------------------------------------------------------------------------------------


def rooms(chatroom: int = CHATROOM, channel: Optional[int] = CHANNEL) -> list[str]:
    """The five names to subscribe to; those that must be acknowledged first."""
    own = [f"chatrooms.{chatroom}.v2", f"chatroom_{chatroom}"]
    own += [f"channel.{channel}", f"channel_{channel}"] if channel is not None else []
    return [*own, f"chatrooms.{chatroom}"]


HELLO = json.dumps({"event": "pusher:connection_established", "data": json.dumps({"socket_id": "1.1", "activity_timeout": 120})})


def acknowledged(room: str) -> str:
    """Pusher's acknowledgement of one subscription."""
    return json.dumps({"event": "pusher_internal:subscription_succeeded", "channel": room, "data": "{}"})


def pusher(*more: Step, chatroom: int = CHATROOM, channel: Optional[int] = CHANNEL) -> list[Step]:
    """A Pusher server that greets and acknowledges everything, then does `more`."""
    return [HELLO, *map(acknowledged, rooms(chatroom, channel)), *more]


def quiet(seconds: float, step: float = 5.0) -> list[Step]:
    """A healthy server without news: it answers pings and re-subscriptions for so long."""
    # Not by id(socket): a socket that is gone leaves its number to the next one.
    answered: WeakKeyDictionary[FakeSocket, int] = WeakKeyDictionary()

    def answer(socket: FakeSocket) -> Optional[str]:
        done = answered.get(socket, 0)
        asked_again = [json.loads(text) for text in socket.sent if "pusher:ping" in text]
        asked_again += [json.loads(text) for text in socket.sent if "pusher:subscribe" in text][5:]
        if len(asked_again) <= done:
            return None
        answered[socket] = done + 1
        again = [one for one in asked_again if one["event"] == "pusher:subscribe"]
        return acknowledged(again[-1]["data"]["channel"]) if again else '{"event":"pusher:pong","data":{}}'

    return [part for _ in range(round(seconds / step)) for part in (step, answer)]


def refusing(code: int, message: str = "no") -> list[Step]:
    """A Pusher server that refuses with this code."""
    return [json.dumps({"event": "pusher:error", "data": {"code": code, "message": message}}), Lost(code, message)]


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
    live: Optional[int] = None,
    name: str = "",
) -> Answer:
    """What the look-up answers for this channel; `live` is the stream's id."""
    stream = None if live is None else {"id": live, "is_live": True, "session_title": "x"}
    body = {"id": channel, "slug": slug, "followers_count": followers, "livestream": stream, "chatroom": {"id": chatroom}}
    return Answer(200, json.dumps({**body, "user": {"username": name or slug.capitalize()}}))


BLOCKED = Answer(403, "<html><title>Just a moment...</title></html>")


def names_pusher(key: str = KEY, cluster: str = "us2") -> Answer:
    """A negotiation that names Pusher."""
    way = {"provider": "pusher", "credentials": {"app_key": key, "cluster": cluster}}
    return Answer(200, json.dumps({"data": {"connections": [way]}}))


def names_centrifugo(url: str = CENTRIFUGO_URL) -> Answer:
    """A negotiation that names Centrifugo."""
    return Answer(200, json.dumps({"data": {"connections": [{"provider": "centrifugo", "credentials": {"url": url}}]}}))


def known(slug: str = "speedy", name: str = "Speedy") -> Settings:
    """Settings of a channel whose ids are remembered."""
    return Settings(username=slug, poll=False, known={slug: KnownChannel(CHATROOM, CHANNEL, name)})


def given_server(settings: Optional[Settings] = None) -> Settings:
    """The same, with a server's address under Advanced, so that nobody negotiates."""
    return replace(settings or known(), websocket_address="wss://example.com")


# -- reading what happened ------------------------------------------------------------------------------------------------


def changes(events: Iterable[Event]) -> list[LinkChanged]:
    """The link's own changes, without TRYING."""
    return [event for event in events if isinstance(event, LinkChanged) and event.signal is not Signal.TRYING]


def signals(events: Iterable[Event]) -> list[Signal]:
    """All signals in order."""
    return [event.signal for event in events if isinstance(event, LinkChanged)]


def delays(events: Iterable[Event]) -> list[float]:
    """Seconds to the next try that each BROKE announced."""
    return [
        round(event.retry_at - event.at, 6)
        for event in events
        if isinstance(event, LinkChanged) and event.signal is Signal.BROKE and event.retry_at is not None
    ]


def notices(events: Iterable[Event]) -> list[str]:
    """What was said to the streamer."""
    return [event.text for event in events if isinstance(event, Notice)]


class FakeSources:
    """The painter's Sources port as dicts by role: texts, the colors of texts, and fills."""

    user_roles: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.text_colors: dict[str, Optional[int]] = {}
        self.colors: dict[str, tuple[int, int]] = {}
        self.writes = 0

    def write(self, role: str, content: Content) -> bool:
        """Keeps a content."""
        self.writes += 1
        if isinstance(content, Text):
            self.texts[role], self.text_colors[role] = content.text, content.color
        else:
            self.colors[role] = (content.color, content.alpha)
        return True

    def read(self, role: str) -> Optional[Content]:
        """What was written last."""
        if role in self.texts:
            return Text(self.texts[role], self.text_colors[role])
        return Fill(*self.colors[role]) if role in self.colors else None
