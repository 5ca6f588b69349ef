"""The one hand-over between threads: the link puts, the timer drains. Knows nothing of either.

Bounded: when the timer cannot keep up (OBS stalled, a flood), new chat messages and events without a meaning of their own are
dropped and counted. A status, a subscription, a gift, a follow or a stream start is never dropped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from vmsc_core.events import ChatMessage, Dropped, Duplicate, Event, LinkChanged, Unknown, counts

CAPACITY = 10_000
"""Waiting events above which chat is dropped: two seconds of the worst burst (5,000 messages a second)."""

HARD_CAPACITY = 100_000
"""Last resort against a server that invents subscriptions: beyond it only states of the link are kept."""


class Inbox:
    """Events on their way from the link's thread to OBS's graphics thread: one puts, one drains.

    Without a lock: a deque's append and popleft are atomic, and each count has one writer. With a lock, the timer would
    wait for the link's thread to be scheduled, milliseconds of a frame (tools/bench/obs_turn.py).
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._events: deque[Event] = deque()
        self._dropped = 0  # the link's thread's own

    def put(self, event: Event) -> None:
        """Hand on one event. Only the link's thread; waits for nobody."""
        waiting = len(self._events)
        if waiting < self._capacity or isinstance(event, LinkChanged):
            self._report()
            self._events.append(event)
        elif isinstance(event, (ChatMessage, Unknown, Duplicate)) or waiting >= HARD_CAPACITY:
            self._dropped += counts(event)
        else:
            self._events.append(event)

    def put_all(self, events: Iterable[Event]) -> None:
        """Hand on some events, in order. Only the link's thread."""
        for event in events:
            self.put(event)

    def settle(self) -> None:
        """Reports what was dropped as soon as there is room. Only the link's thread, now and then, when it has nothing to put."""
        if len(self._events) < self._capacity:
            self._report()

    def _report(self) -> None:
        # In its place among the events: a connection that begins later must not count what the one before it dropped.
        if self._dropped:
            self._events.append(Dropped(self._dropped))
            self._dropped = 0

    def drain(self, limit: int) -> list[Event]:
        """At most `limit` events, oldest first."""
        return [self._events.popleft() for _ in range(min(limit, len(self._events)))]
