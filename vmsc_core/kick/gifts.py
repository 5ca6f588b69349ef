"""Gifted subscriptions: one event for each gift, however many frames it takes. Knows no other event.

The chunks of a big gift share a correlation ID and are gathered for at most CHUNK_TIMEOUT. The same gift can also arrive as a
copy without that ID. How a copy is recognized:

- by its recipients, because nobody gets a second subscription from the same gifter that soon;
- by its gifter, when a gift of theirs that is being gathered still lacks as many recipients;
- without recipients, by its gifter, its size and its time; without a time within CHUNK_TIMEOUT only.

Anonymous gifts are recognized by their recipients only. Two copies in pieces, both without an ID, count as two gifts: nothing
shows that they belong together.
"""

from __future__ import annotations

from typing import Any, Optional

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import ALWAYS, Seen

CHUNK_TIMEOUT = 3.0
"""Seconds to wait for the chunks of one gift. Two gifts of one size without recipients within it are the same one."""

REMEMBERED = 5000
"""Gifts by their correlation ID, however late they come again; and as many (gifter, recipient)."""

SAME_GIFT = 7 * 86_400.0
"""Seconds for which a gift is remembered by its recipients: a gifted subscription lasts a month."""

MOST_NAMES = 1000
"""Names that are read in one frame."""

MOST_GATHERED = 5000
"""About how many names are gathered for one gift."""

MOST_RECIPIENTS = 100
"""Names that leave with an event: 100,000 gifts of 1,000 names waiting for OBS would take 32 GiB."""

_Person = tuple[Optional[str], str]
"""(gifter or None, recipient), in lower case."""


class _Gift:
    """A gift whose chunks are still coming in."""

    def __init__(self, gifter: str | None, total: int | None, chunks: int | None, deadline: float) -> None:
        self.gifter = gifter
        self.total = total
        self.chunks = chunks
        self.seen: set[int] = set()
        self.names: dict[str, str] = {}  # in lower case → as Kick spells it
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

    def add(self, names: list[str]) -> None:
        """More recipients; the same one in another spelling is no other."""
        for name in names if len(self.names) < MOST_GATHERED else ():
            self.names.setdefault(name.lower(), name)

    def events(self) -> list[Event]:
        """The gift as an event, unless a copy of it was reported before."""
        return [] if self.reported else [_event(self.gifter, list(self.names.values()), self.total, None)]


def _event(gifter: str | None, names: list[str], total: int | None, time: float | None) -> Event:
    return events.GiftedSubscriptions(gifter, tuple(names[:MOST_RECIPIENTS]), total or max(1, len(names)), time)


class Gifts:
    """The gifts of one channel: call `given` for each frame, `due` at `deadline`, and `flush` when the connection ends.

    Each returns the events in order. `now` is monotonic seconds.
    """

    def __init__(self) -> None:
        self._reported = Seen(ALWAYS, REMEMBERED)  # correlation IDs
        self._by_id = Seen(SAME_GIFT, REMEMBERED)  # (gifter, recipient)
        self._without_id = Seen(SAME_GIFT, REMEMBERED)
        self._without_names = Seen(CHUNK_TIMEOUT, 1000)  # (gifter, size)
        self._dated = Seen(ALWAYS, REMEMBERED)  # (gifter, size, time)
        self._gathering: dict[str, _Gift] = {}  # by correlation ID, the oldest first
        self._gathered_for: dict[_Person, str] = {}  # whose gift is being gathered → its correlation ID

    @property
    def deadline(self) -> float:
        """Monotonic seconds at which `due` has something to return; infinity when nothing is being gathered."""
        return next(iter(self._gathering.values())).deadline if self._gathering else float("inf")

    def due(self, now: float) -> list[Event]:
        """The gifts whose missing chunks didn't arrive in time, with the recipients known so far."""
        late = [key for key, gift in self._gathering.items() if gift.deadline <= now]
        return [event for key in late for event in self._done(key, self._gathering[key])]

    def flush(self) -> list[Event]:
        """The gifts that are still being gathered, as if their time were up."""
        return self.due(float("inf"))

    def given(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """The data of a GiftedSubscriptionsEvent; None when it says nothing of a gift."""
        recipients = read.array(data.get("gifted_usernames"))
        names = [name for name in map(read.username, recipients[:MOST_NAMES]) if name]
        chunk = read.mapping(data.get("chunk_details"))
        total = read.integer(data.get("gifted_total")) or None
        gifter: str | None = read.username(data.get("gifter_username"))
        gifter = None if not gifter or gifter.lower() == "anonymous" else gifter
        key = read.text(data.get("correlation_id"), 100) or read.text(chunk.get("correlation_id"), 100)
        if total is None and not chunk and len(recipients) > len(names):
            # More than are read, or people without a name that can be.
            total = sum(person is None or isinstance(person, (str, dict)) for person in recipients) or None
        if not (names or total or gifter or key):
            return None
        people = [(_lower(gifter), name.lower()) for name in names]
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
        if index is not None and len(gift.seen) < MOST_GATHERED:
            gift.seen.add(index)
        gift.add(names)
        if not chunk or gift.complete() or len(self._gathering) >= 100:
            return self._done(key, gift)
        self._gathering[key] = gift
        self._gather(key, gift, people)
        return []

    def _gather(self, key: str, gift: _Gift, people: list[_Person]) -> None:
        gifter = _lower(gift.gifter)
        self._gathered_for.update(((gifter, name), key) for _, name in people if name in gift.names)

    def _done(self, key: str, gift: _Gift) -> list[Event]:
        """Nothing more is gathered for this gift."""
        self._gathering.pop(key, None)
        for person in [(gifter, name) for gifter in {None, _lower(gift.gifter)} for name in gift.names]:
            if self._gathered_for.get(person) == key:
                del self._gathered_for[person]
        return gift.events()

    def _without_an_id(
        self, gifter: str | None, names: list[str], people: list[_Person], total: int | None, time: float | None, now: float
    ) -> list[Event]:
        """A gift without a correlation ID: its only frame, or a copy of a gift that has one."""
        key = self._gathered_as(gifter, people, total)
        if key is not None:
            gift = self._gathering[key]
            gift.add(names)
            for person in people:
                self._by_id.is_repeat(person, now)
            self._gather(key, gift, people)
            return self._done(key, gift) if gift.complete() else []
        # A list: each of them must be remembered, not only those up to the first repeat.
        is_copy = any([self._without_id.is_repeat(person, now) for person in people])
        if not names and gifter is not None:
            is_copy = self._without_names.is_repeat((gifter.lower(), total), now)
        if not names and time is not None:
            is_copy = self._dated.is_repeat((gifter and gifter.lower(), total, time), now) or is_copy
        if is_copy or any(self._by_id.contains(person, now) for person in people):
            return []
        return [_event(gifter, names, total, time)]

    def _gathered_as(self, gifter: str | None, people: list[_Person], total: int | None) -> str | None:
        """The correlation ID of the gathered gift that this is a copy of, if any (see the top of this file for how)."""
        for person in people:
            if person in self._gathered_for:
                return self._gathered_for[person]
        for key, gift in self._gathering.items() if gifter else ():
            is_likely = gift.lacks(len(people)) if people else gift.total == total
            if is_likely and _lower(gift.gifter) == _lower(gifter):
                return key
        return None


def _lower(gifter: str | None) -> str | None:
    return gifter.lower() if gifter else None
