"""Gifted subscriptions, one event for each gift, however many frames it takes. Knows no other event.

The chunks of a big gift have one correlation id and are gathered for at most CHUNK_PATIENCE. A gift can come once more without
its id: then the people tell it, for nobody is given a second subscription so soon; other people of the same gifter belong to a
gift that still lacks as many. Without names, the gifter and the size tell it. Two copies in pieces of which neither has an id
are two gifts: nothing tells that they belong together. Anonymous gifts are only known by their people.
"""

from __future__ import annotations

from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import Seen

CHUNK_PATIENCE = 3.0
"""Seconds to gather the chunks of one gift, and in which two of one size without names are the same one."""

SAME_GIFT = 600.0
"""Seconds in which a gift is remembered by its correlation id and its people: told again in any spelling it is no second one."""

_Person = tuple[Optional[str], str]
"""A gifter and whom they gave to."""


class _Gift:
    """A gift whose chunks are still coming in."""

    def __init__(self, gifter: str | None, total: int | None, chunks: int | None, until: float) -> None:
        self.gifter = gifter
        self.total = total
        self.chunks = chunks
        self.seen: set[int] = set()
        self.names: dict[str, None] = {}
        self.until = until
        self.told = False  # by a copy without the id: gathered only to know the other copies

    def complete(self) -> bool:
        if self.chunks is not None and len(self.seen) >= self.chunks:
            return True
        return self.total is not None and len(self.names) >= self.total

    def lacks(self, people: int) -> bool:
        """Whether as many are still missing."""
        return self.total is None or len(self.names) + people <= self.total

    def events(self) -> list[Event]:
        """What it comes to."""
        if self.told:
            return []
        count = self.total or max(1, len(self.names))
        return [events.GiftedSubscriptions(self.gifter, tuple(self.names), count)]


class Gifts:
    """The gifts of one channel. `given` for each frame, `due` at `deadline`, `flush` when the connection ends."""

    def __init__(self) -> None:
        self._told = Seen(SAME_GIFT, 1000)
        self._by_id = Seen(SAME_GIFT, 5000)  # (gifter, recipient)
        self._without_id = Seen(SAME_GIFT, 5000)
        self._without_names = Seen(CHUNK_PATIENCE, 1000)  # (gifter, size)
        self._gathering: dict[str, _Gift] = {}

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `due` has something to give."""
        return min((gift.until for gift in self._gathering.values()), default=float("inf"))

    def due(self, now: float) -> list[Event]:
        """Gifts whose missing chunks have not come in time."""
        late = [key for key, gift in self._gathering.items() if gift.until <= now]
        return [event for key in late for event in self._gathering.pop(key).events()]

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
            return self._without_an_id(gifter, names, people, total, read.time(data.get("created_at")), now)
        for person in people:
            self._by_id.again(person, now)
        gift = self._gathering.get(key)
        if gift is None:
            if self._told.again(key, now):
                return []
            gift = _Gift(gifter, total, read.whole(chunk.get("total_chunks")), now + CHUNK_PATIENCE)
        gift.told = gift.told or any(self._without_id.holds(person, now) for person in people)
        gift.total = total or gift.total
        gift.gifter = gift.gifter or gifter
        index = read.whole(chunk.get("chunk_index"))
        if index is not None:
            gift.seen.add(index)
        gift.names.update(dict.fromkeys(names))
        if not chunk or gift.complete() or len(self._gathering) >= 100:
            self._gathering.pop(key, None)
            return gift.events()
        self._gathering[key] = gift
        return []

    def _without_an_id(
        self, gifter: str | None, names: list[str], people: list[_Person], total: int | None, time: float | None, now: float
    ) -> list[Event]:
        """A gift came without its id: its only frame, or a copy of one that has or had one, perhaps while it is gathered."""
        key = self._gathered_as(gifter, names, total)
        if key is not None:
            gift = self._gathering[key]
            gift.names.update(dict.fromkeys(names))
            for person in people:
                self._by_id.again(person, now)
            return self._gathering.pop(key).events() if gift.complete() else []
        # Every one of them is noted, not only the first that is found again.
        again = any([self._without_id.again(person, now) for person in people])
        if not names:
            again = gifter is not None and self._without_names.again((gifter.lower(), total), now)
        if again or any(self._by_id.holds(person, now) for person in people):
            return []
        return [events.GiftedSubscriptions(gifter, tuple(names), total or len(names), time)]

    def _gathered_as(self, gifter: str | None, names: list[str], total: int | None) -> str | None:
        """The id of the gift being gathered that this is of: it has one of the names or lacks as many, or there are none."""
        same = {key: gift for key, gift in self._gathering.items() if (gift.gifter or "").lower() == (gifter or "").lower()}
        likely = None
        for key, gift in same.items():
            if not gift.names.keys().isdisjoint(names):
                return key
            if gifter and (gift.lacks(len(names)) if names else gift.total == total):
                likely = likely or key
        return likely
