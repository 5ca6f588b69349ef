"""What tests of several rooms share: the scripted world's words, a few more of them, and readers for what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Optional
from weakref import WeakKeyDictionary

from vmsc_core.card.painter import Content, Fill, Text
from vmsc_core.events import Event, LinkChanged, Notice, Signal
from vmsc_core.known import KnownChannel
from vmsc_core.link.errors import ConnectionLost
from vmsc_core.link.http import Answer
from vmsc_core.link.scripted import (
    CENTRIFUGO_URL,
    CHANNEL,
    CHATROOM,
    HELLO,
    KEY,
    End,
    ScriptedSocket,
    Step,
    World,
    acknowledged,
    centrifugo,
    chat,
    found,
    greets,
    names_centrifugo,
    names_pusher,
    pusher,
    rooms,
)
from vmsc_core.settings import Wish
from vmsc_core.words import say

__all__ = [
    "BLOCKED", "CENTRIFUGO_URL", "CHANNEL", "CHATROOM", "HELLO", "KEY", "OTHER_KEY", "End", "FakeSources", "ScriptedSocket",
    "Step", "World", "acknowledged", "centrifugo", "changes", "chat", "delays", "found", "given_server", "greets", "known",
    "names_centrifugo", "names_pusher", "notices", "pusher", "quiet", "reasons", "refusing", "rooms", "said", "signals",
]  # fmt: skip

OTHER_KEY = "fedcba98765432100123"
BLOCKED = Answer(403, "<html><title>Just a moment...</title></html>")


def quiet(seconds: float, step: float = 5.0) -> list[Step]:
    """A healthy server without news: it answers pings and re-subscriptions for so long."""
    # Not by id(socket): a socket that is gone leaves its number to the next one.
    answered: WeakKeyDictionary[ScriptedSocket, int] = WeakKeyDictionary()

    def answer(socket: ScriptedSocket) -> Optional[str]:
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
    return [json.dumps({"event": "pusher:error", "data": {"code": code, "message": message}}), ConnectionLost(code, message)]


def known(slug: str = "speedy", name: str = "Speedy") -> Wish:
    """The wish for a channel whose IDs are remembered."""
    return Wish(username=slug, poll=False, known={slug: KnownChannel(CHATROOM, CHANNEL, name)})


def given_server(wish: Optional[Wish] = None) -> Wish:
    """The same, with a server's address under Advanced, so that nobody negotiates."""
    return replace(wish or known(), websocket_address="wss://example.com")


# -- reading what happened ------------------------------------------------------------------------------------------------


def changes(events: Iterable[Event]) -> list[LinkChanged]:
    """The link's own changes, without TRYING."""
    return [event for event in events if isinstance(event, LinkChanged) and event.signal is not Signal.TRYING]


def signals(events: Iterable[Event]) -> list[Signal]:
    """All signals in order."""
    return [event.signal for event in events if isinstance(event, LinkChanged)]


def reasons(events: Iterable[Event]) -> list[str]:
    """The key of the reason of each of the link's own changes, without TRYING."""
    return [event.reason.key if event.reason else "" for event in changes(events)]


def said(change: LinkChanged) -> str:
    """What a change of the link tells the user."""
    return say(change.reason) if change.reason else ""


def delays(events: Iterable[Event]) -> list[float]:
    """Seconds to the next try that each BROKE announced."""
    return [
        round(event.retry_at - event.at, 6)
        for event in events
        if isinstance(event, LinkChanged) and event.signal is Signal.BROKE and event.retry_at is not None
    ]


def notices(events: Iterable[Event]) -> list[str]:
    """What was said to the streamer."""
    return [say(event.reason) for event in events if isinstance(event, Notice)]


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
