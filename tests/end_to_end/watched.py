"""A real Link over real sockets, watched: what it said, what the card shows, and waitings that cost a test no time.

Knows no server. Order of use:

    pace = Pace()
    with Watched(settings, pace) as link:
        link.wait(Status.CONNECTED)
        …
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Optional, TypeVar, Union

from vmsc_core.card.card import Card, render
from vmsc_core.events import ChatMessage, Event, LinkChanged, Notice, Signal, Status
from vmsc_core.host import Host
from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.link.http import REQUEST_TIMEOUT, Answer, HttpClient
from vmsc_core.link.inbox import Inbox
from vmsc_core.link.link import Link
from vmsc_core.link.ports import Ports
from vmsc_core.link.transport import WebSocketTransport
from vmsc_core.settings import Choices, Wish
from vmsc_core.state import State, reduce
from vmsc_core.words import say

PATIENCE = 15.0
"""Seconds a test waits for what should come at once, on a machine with other things to do."""

T = TypeVar("T")


class Pace:
    """Ports with the real sockets and a clock of the test's own.

    The waitings between tries are not sat out: the clock moves on by them, and `waits` keeps the seconds asked for. From the
    `hold_after`th on they last until the test moves that number, so that a test can fix a fault before the next try.
    `hurry` is how many seconds each look at the clock takes: deadlines of a minute pass in a second. It ends with the connection,
    and it is too small to look like a computer that slept. `limit` are the most seconds for one request or one WebSocket.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.hold_after = float("inf")
        self.hurry = 0.0
        self.limit = 60.0
        self.ahead = 0.0  # seconds, of both clocks
        self.cooldowns = Cooldowns(lambda: time.monotonic() + self.ahead)

    def ports(self) -> Ports:
        """For a Link."""
        pace = self

        class Hasty(HttpClient):
            def request(self, method: str, url: str, body: str = "", timeout: float = REQUEST_TIMEOUT) -> Answer:
                return super().request(method, url, body, min(timeout, pace.limit))

        class OnTime(WebSocketTransport):
            def open(self, url: str, deadline: float, origin: str) -> None:
                super().open(url, min(deadline - pace.ahead, time.monotonic() + pace.limit), origin)

        return Ports(Hasty, OnTime, self._monotonic, lambda: time.time() + self.ahead, self._wait)

    @property
    def holding(self) -> bool:
        """Whether the link waits for the test."""
        return len(self.waits) >= self.hold_after

    def _monotonic(self) -> float:
        self.ahead += self.hurry
        return time.monotonic() + self.ahead

    def _wait(self, stop: threading.Event, seconds: float) -> bool:
        if 0 < seconds < 0.01:  # the naps in a flood
            return stop.wait(seconds)
        self.hurry = 0.0
        self.ahead += seconds
        self.waits.append(seconds)
        while self.holding:
            if stop.wait(0.01):
                return True
        return stop.is_set()


class Watched:
    """One Link inside `with`: its events reduced one by one, as the app does. Read it only from the test's own thread."""

    def __init__(self, settings: Wish, pace: Optional[Pace] = None) -> None:
        self.inbox = Inbox()
        self.events: list[Event] = []
        self.changes: list[tuple[LinkChanged, State]] = []
        """Each change of the link, and the state right after it."""
        self.state = State()
        self.link = Link(
            settings, self.inbox, pace.cooldowns if pace else Cooldowns(time.monotonic), pace.ports() if pace else None
        )

    def __enter__(self) -> Watched:
        self.link.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.link.stop()
        assert self.link.join(2.0), "the link did not end within 2 s"

    def look(self) -> Watched:
        """Takes what is in the inbox."""
        for event in self.inbox.drain(1_000_000):
            self.events.append(event)
            self.state = reduce(self.state, event)
            if isinstance(event, LinkChanged):
                self.changes.append((event, self.state))
        return self

    def wait(self, for_what: Union[Status, Callable[[], T]], seconds: float = PATIENCE, what: str = "") -> Any:
        """Until the state has this status, or the function gives something true; gives that."""
        end = time.monotonic() + seconds
        while True:
            self.look()
            found = self.state.status is for_what if isinstance(for_what, Status) else for_what()
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what or for_what}\n{self.picture()}")
            time.sleep(0.003)

    def ready(self, count: int = 1) -> None:
        """Until it has been Connected so many times."""
        self.wait(lambda: self.signals.count(Signal.READY) >= count, what=f"Connected for the {count}. time")

    def lost(self, count: int = 1) -> str:
        """Until it has been lost so many times; gives what the card said then, in one line."""
        self.wait(lambda: self.signals.count(Signal.BROKE) >= count, what=f"lost for the {count}. time")
        change, state = [(change, state) for change, state in self.changes if change.signal is Signal.BROKE][count - 1]
        assert state.status is Status.RECONNECTING
        return _in_one_line(render(state, Choices(), Host(), change.at))

    @property
    def status(self) -> Status:
        """Now."""
        return self.look().state.status

    @property
    def signals(self) -> list[Signal]:
        """All so far."""
        return [change.signal for change, _ in self.changes]

    @property
    def server(self) -> str:
        """Which server the last change names."""
        reason = self.changes[-1][0].reason
        return say(reason) if reason else ""

    @property
    def texts(self) -> list[str]:
        """What was said in the chat."""
        return [event.text for event in self.look().events if isinstance(event, ChatMessage)]

    @property
    def notices(self) -> list[str]:
        """What was said to the streamer."""
        return [say(event.reason) for event in self.look().events if isinstance(event, Notice)]

    @property
    def delays(self) -> list[float]:
        """Seconds to the next try that each loss announced."""
        return [round(change.retry_at - change.at, 3) for change, _ in self.look().changes if change.retry_at is not None]

    @property
    def card(self) -> Card:
        """As it was painted at the last change of the link, the detail in one line."""
        card = render(self.state, Choices(), Host(), self.changes[-1][0].at)
        return replace(card, detail=_in_one_line(card))

    def picture(self) -> str:
        """What happened, for a person."""
        lines = [f"{change.signal.name} {change.reason} attempt {change.attempt}" for change, _ in self.changes[-12:]]
        lines += [f"state: {self.state}", f"notices: {self.notices[-5:]}", f"last: {self.events[-3:]}"]
        return "\n".join(lines)


def _in_one_line(card: Card) -> str:
    return " ".join(card.detail.split())


def threads() -> list[str]:
    """The names of the project's threads that are alive."""
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("vmsc"))


def sockets() -> int:
    """The sockets this process has open; 0 where the system does not tell."""
    folder = "/proc/self/fd"
    if not os.path.isdir(folder):
        return 0
    found = 0
    for name in os.listdir(folder):
        try:
            found += os.readlink(os.path.join(folder, name)).startswith("socket:")
        except OSError:
            continue  # the folder's own descriptor
    return found
