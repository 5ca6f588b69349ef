"""Gifted subscriptions: one event for each gift, however many frames it takes. Knows no other event.

The chunks of a big gift share a correlation ID and are gathered for at most CHUNK_TIMEOUT. The same gift can also arrive as a
copy without that ID. How a copy is recognized:

- by its recipients, because nobody gets a second subscription from the same gifter that soon;
- by its gifter, when a gift of theirs that is being gathered still lacks as many recipients;
- without recipients, by its gifter and its size.

Anonymous gifts are recognized by their recipients only. Two copies in pieces, both without an ID, count as two gifts: nothing
shows that they belong together.
"""

from __future__ import annotations

from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import Seen

CHUNK_TIMEOUT = 3.0
"""Seconds to wait for the chunks of one gift. Two gifts of one size without recipients within it are the same one."""

SAME_GIFT = 600.0
"""Seconds for which a gift is remembered by its correlation ID and its recipients."""

_Person = tuple[Optional[str], str]
"""(gifter or None, recipient), in lower case."""


class _Gift:
    """A gift whose chunks are still coming in."""

    def __init__(self, gifter: str | None, total: int | None, chunks: int | None, deadline: float) -> None:
        self.gifter = gifter
        self.total = total
        self.chunks = chunks
        self.seen: set[int] = set()
        self.names: dict[str, None] = {}
        self.deadline = deadline  # monotonic seconds
        self.reported = False  # by a copy without the ID: gathered only to recognize the other copies

    def complete(self) -> bool:
        """Whether every chunk or every recipient has arrived."""
        if self.chunks is not None and len(self.seen) >= self.chunks:
            return True
        return self.total is not None and len(self.names) >= self.total

    def lacks(self, people: int) -> bool:
        """Whether at least `people` recipients are still missing."""
        return self.total is None or len(self.names) + people <= self.total

    def events(self) -> list[Event]:
        """The gift as an event, unless a copy of it was reported before."""
        if self.reported:
            return []
        count = self.total or max(1, len(self.names))
        return [events.GiftedSubscriptions(self.gifter, tuple(self.names), count)]


class Gifts:
    """The gifts of one channel: call `given` for each frame, `due` at `deadline`, and `flush` when the connection ends.

    Each returns the events in order. `now` is monotonic seconds.
    """

    def __init__(self) -> None:
        self._reported = Seen(SAME_GIFT, 1000)  # correlation IDs
        self._by_id = Seen(SAME_GIFT, 5000)  # (gifter, recipient)
        self._without_id = Seen(SAME_GIFT, 5000)
        self._without_names = Seen(CHUNK_TIMEOUT, 1000)  # (gifter, size)
        self._gathering: dict[str, _Gift] = {}

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `due` has something to return; infinity when nothing is being gathered."""
        return min((gift.deadline for gift in self._gathering.values()), default=float("inf"))

    def due(self, now: float) -> list[Event]:
        """The gifts whose missing chunks didn't arrive in time, with the recipients known so far."""
        late = [key for key, gift in self._gathering.items() if gift.deadline <= now]
        return [event for key in late for event in self._gathering.pop(key).events()]

    def flush(self) -> list[Event]:
        """The gifts that are still being gathered, as if their time were up."""
        return self.due(float("inf"))

    def given(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """The data of a GiftedSubscriptionsEvent; None when it has neither recipients nor a size."""
        names = [read.text(name, 64) for name in read.array(data.get("gifted_usernames"))[:1000]]
        names = [name for name in names if name]
        chunk = read.mapping(data.get("chunk_details"))
        total = read.integer(data.get("gifted_total")) or None
        gifter: str | None = read.text(data.get("gifter_username"), 64)
        gifter = None if not gifter or gifter.lower() == "anonymous" else gifter
        key = read.text(data.get("correlation_id"), 100) or read.text(chunk.get("correlation_id"), 100)
        if not names and total is None:
            return None
        people = [(gifter.lower() if gifter else None, name.lower()) for name in names]
        if not key:
            return self._without_an_id(gifter, names, people, total, read.time(data.get("created_at")), now)
        for person in people:
            self._by_id.is_repeat(person, now)
        gift = self._gathering.get(key)
        if gift is None:
            if self._reported.is_repeat(key, now):
                return []
            gift = _Gift(gifter, total, read.integer(chunk.get("total_chunks")), now + CHUNK_TIMEOUT)
        gift.reported = gift.reported or any(self._without_id.contains(person, now) for person in people)
        gift.total = total or gift.total
        gift.gifter = gift.gifter or gifter
        index = read.integer(chunk.get("chunk_index"))
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
        """A gift without a correlation ID: its only frame, or a copy of a gift that has one."""
        key = self._gathered_as(gifter, names, total)
        if key is not None:
            gift = self._gathering[key]
            gift.names.update(dict.fromkeys(names))
            for person in people:
                self._by_id.is_repeat(person, now)
            return self._gathering.pop(key).events() if gift.complete() else []
        # A list: each of them must be remembered, not only those up to the first repeat.
        is_copy = any([self._without_id.is_repeat(person, now) for person in people])
        if not names:
            is_copy = gifter is not None and self._without_names.is_repeat((gifter.lower(), total), now)
        if is_copy or any(self._by_id.contains(person, now) for person in people):
            return []
        return [events.GiftedSubscriptions(gifter, tuple(names), total or len(names), time)]

    def _gathered_as(self, gifter: str | None, names: list[str], total: int | None) -> str | None:
        """The correlation ID of the gathered gift that this is a copy of, if any (see the top of this file for how)."""
        same = {key: gift for key, gift in self._gathering.items() if (gift.gifter or "").lower() == (gifter or "").lower()}
        likely = None
        for key, gift in same.items():
            if not gift.names.keys().isdisjoint(names):
                return key
            if gifter and (gift.lacks(len(names)) if names else gift.total == total):
                likely = likely or key
        return likely
