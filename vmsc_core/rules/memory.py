"""What the rulebook remembers of viewers, bounded in number: who has written this stream, and who has to wait. Knows no event."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MOST_VIEWERS = 10_000
"""Viewers that are remembered at least; those who were silent the longest are forgotten first."""


class Greeted:
    """Who has written since the stream started. A viewer is forgotten at the earliest when `most` others have written.

    Two halves, so that a name that is known need not be moved: when the young half is full, it becomes the old one. The timer
    alone writes; `knows` is safe on any thread, since Python's lock is held for each look into a set.
    """

    def __init__(self, most: int = MOST_VIEWERS) -> None:
        self._most = most
        self._young: set[str] = set()
        self._old: set[str] = set()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def knows(self, viewer: str) -> bool:
        """Whether `is_first` says no and changes nothing. Any thread."""
        return not viewer or viewer in self._young

    def is_first(self, viewer: str) -> bool:
        """Whether this viewer writes for the first time. They don't from now on; nobody ("") never does."""
        if self.knows(viewer):
            return False
        is_first = viewer not in self._old
        if len(self._young) >= self._most:
            self._young, self._old = set(), self._young
        self._young.add(viewer)
        return is_first

    def clear(self) -> None:
        """A stream starts: everybody is new."""
        self._young, self._old = set(), set()


class Waits:
    """Who must wait until when: key → monotonic seconds, at most `most` of them. Forgotten ones needn't wait."""

    def __init__(self, most: int = MOST_VIEWERS) -> None:
        self._most = most
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._until)

    def left(self, key: Hashable, now: float) -> float:
        """Seconds that are left to wait, 0 for none."""
        return max(0.0, self._until.get(key, now) - now)

    def start(self, key: Hashable, until: float) -> None:
        """`key` must wait until then."""
        self._until[key] = until
        self._until.move_to_end(key)
        if len(self._until) > self._most:
            self._until.popitem(last=False)

    def keep(self, wanted: frozenset[str]) -> None:
        """Forgets the keys (rule, viewer) of rules that aren't `wanted`."""
        for key in [key for key in self._until if isinstance(key, tuple) and key[0] not in wanted]:
            del self._until[key]
