"""Which keys were seen, bounded in number and, where they can come again, in time. Knows no event and no clock."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

ALWAYS = float("inf")
"""Seconds for keys that never come again for another thing, such as an ID: only their number is bounded."""


class Seen:
    """Remembers at most `capacity` keys, each for `seconds` from when it was first seen. `now` is in seconds of any clock."""

    def __init__(self, seconds: float, capacity: int) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def is_repeat(self, key: Hashable, now: float) -> bool:
        """Whether `key` is remembered. If not, it is from now on; a repeat doesn't extend its time."""
        while self._seconds != ALWAYS and self._at and next(iter(self._at.values())) + self._seconds <= now:
            self._at.popitem(last=False)
        if key in self._at:
            return True
        if len(self._at) >= self._capacity:
            self._at.popitem(last=False)
        self._at[key] = now
        return False

    def contains(self, key: Hashable, now: float) -> bool:
        """Whether `key` is remembered. Changes nothing."""
        return key in self._at and now < self._at[key] + self._seconds
