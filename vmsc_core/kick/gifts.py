"""Gifted subscriptions, one event for each gift, however many frames it takes. Knows no other event.

The chunks of a big gift have one correlation id and are gathered for at most CHUNK_PATIENCE. A gift can come once more without
its id: then the people tell it, for nobody is given a second subscription so soon.
"""

from __future__ import annotations

from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import Seen

CHUNK_PATIENCE = 3.0
"""Seconds to gather the chunks of one gift."""

SAME_GIFT = 600.0
"""Seconds in which a gift is remembered by its correlation id and its people: told again in any spelling it is no second one."""


class _Gift:
    """A gift whose chunks are still coming in."""

    def __init__(self, gifter: str | None, total: int | None, chunks: int | None, until: float) -> None:
        self.gifter = gifter
        self.total = total
        self.chunks = chunks
        self.seen: set[int] = set()
        self.names: dict[str, None] = {}
        self.until = until

    def complete(self) -> bool:
        if self.chunks is not None and len(self.seen) >= self.chunks:
            return True
        return self.total is not None and len(self.names) >= self.total

    def event(self) -> events.GiftedSubscriptions:
        return events.GiftedSubscriptions(self.gifter, tuple(self.names), self.total or max(1, len(self.names)))


class Gifts:
    """The gifts of one channel. `given` for each frame, `due` at `deadline`, `flush` when the connection ends."""

    def __init__(self) -> None:
        self._told = Seen(SAME_GIFT, 1000)
        self._by_id = Seen(SAME_GIFT, 5000)  # (gifter, recipient)
        self._without_id = Seen(SAME_GIFT, 5000)
        self._gathering: dict[str, _Gift] = {}

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `due` has something to give."""
        return min((gift.until for gift in self._gathering.values()), default=float("inf"))

    def due(self, now: float) -> list[Event]:
        """Gifts whose missing chunks have not come in time."""
        late = [key for key, gift in self._gathering.items() if gift.until <= now]
        return [self._gathering.pop(key).event() for key in late]

    def flush(self) -> list[Event]:
        """Everything that is still being gathered."""
        return self.due(float("inf"))

    def given(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """A GiftedSubscriptionsEvent; None when it cannot be understood."""
        names = [read.text(name, 64) for name in read.sequence(data.get("gifted_usernames"))[:1000]]
        names = [name for name in names if name]
        chunk = read.mapping(data.get("chunk_details"))
        total = read.whole(data.get("gifted_total")) or None
        gifter: str | None = read.text(data.get("gifter_username"), 64)
        gifter = None if not gifter or gifter.lower() == "anonymous" else gifter
        key = read.text(data.get("correlation_id"), 100) or read.text(chunk.get("correlation_id"), 100)
        if not names and total is None:
            return None
        people = [(gifter.lower() if gifter else None, name.lower()) for name in names]
        if not key:
            # Every one of them is noted, not only the first that is found again.
            again = any([self._without_id.again(person, now) for person in people])
            if any(self._by_id.holds(person, now) for person in people):
                return self._gathered_at_once(gifter, names)
            if again:
                return []
            return [events.GiftedSubscriptions(gifter, tuple(names), total or len(names), read.time(data.get("created_at")))]
        for person in people:
            self._by_id.again(person, now)
        gift = self._gathering.get(key)
        if gift is None:
            if self._told.again(key, now) or any(self._without_id.holds(person, now) for person in people):
                return []
            gift = _Gift(gifter, total, read.whole(chunk.get("total_chunks")), now + CHUNK_PATIENCE)
        gift.total = total or gift.total
        gift.gifter = gift.gifter or gifter
        index = read.whole(chunk.get("chunk_index"))
        if index is not None:
            gift.seen.add(index)
        gift.names.update(dict.fromkeys(names))
        if not chunk or gift.complete() or len(self._gathering) >= 100:
            self._gathering.pop(key, None)
            return [gift.event()]
        self._gathering[key] = gift
        return []

    def _gathered_at_once(self, gifter: str | None, names: list[str]) -> list[Event]:
        """A gift came without its id, perhaps while its chunks are still coming in: then it brings names they lack."""
        for key, gift in self._gathering.items():
            if (gift.gifter or "").lower() == (gifter or "").lower() and not gift.names.keys().isdisjoint(names):
                gift.names.update(dict.fromkeys(names))
                return [self._gathering.pop(key).event()] if gift.complete() else []
        return []
