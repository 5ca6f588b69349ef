"""The one hand-over between threads: the link puts, the timer drains. Knows nothing of either.

Bounded: when the timer cannot keep up (OBS stalled, a flood), new chat messages and events without a meaning of their own are
dropped and counted. A status, a subscription, a gift, a follow or a stream start is never dropped.
"""

from __future__ import annotations

import threading
from collections import deque

from vmsc_core.events import ChatMessage, Companion, Counted, Event, LinkChanged, Shed, Unknown

CAPACITY = 10_000
"""Waiting events above which chat is shed: two seconds of the worst burst (5,000 messages a second)."""

HARD_CAPACITY = 100_000
"""Last resort against a server that invents subscriptions: beyond it only states of the link are kept."""


class Inbox:
    """Events on their way from the link's thread to OBS's graphics thread."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._events: deque[Event] = deque()
        self._shed = 0

    def put(self, event: Event) -> None:
        """Hand on one event. Any thread; waits for nobody."""
        with self._lock:
            waiting = len(self._events)
            if waiting < self._capacity or isinstance(event, LinkChanged):
                self._events.append(event)
            elif isinstance(event, (ChatMessage, Unknown, Companion)) or waiting >= HARD_CAPACITY:
                self._shed += isinstance(event, Counted)
            else:
                self._events.append(event)

    def drain(self, limit: int) -> list[Event]:
        """At most `limit` events, oldest first, and one Shed behind them for what was dropped since the last drain."""
        with self._lock:
            events = [self._events.popleft() for _ in range(min(limit, len(self._events)))]
            if self._shed:
                events.append(Shed(self._shed))
                self._shed = 0
        return events
