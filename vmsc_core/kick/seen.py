"""What was seen lately, bounded in number and in time. Knows no event and no clock."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class Seen:
    """Keys seen lately: at most `capacity` of them, each for `seconds`."""

    def __init__(self, seconds: float, capacity: int) -> None:
        self._seconds = seconds
        self._capacity = capacity
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def again(self, key: Hashable, now: float) -> bool:
        """Whether `key` was seen within the window. Notes it in any case; the window starts with the first sight."""
        while self._at and next(iter(self._at.values())) + self._seconds <= now:
            self._at.popitem(last=False)
        if key in self._at:
            return True
        if len(self._at) >= self._capacity:
            self._at.popitem(last=False)
        self._at[key] = now
        return False

    def holds(self, key: Hashable, now: float) -> bool:
        """Whether `key` was seen within the window. Notes nothing."""
        return key in self._at and now < self._at[key] + self._seconds
