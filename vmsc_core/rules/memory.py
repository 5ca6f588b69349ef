"""What the rulebook remembers of viewers, bounded in number: who has written this stream, and who has to wait. Knows no event."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MOST_VIEWERS = 10_000
"""Viewers that are remembered; who was silent the longest is forgotten first."""


class Greeted:
    """Who has written since the stream started. Past `most` viewers, who was silent the longest counts as new again."""

    def __init__(self, most: int = MOST_VIEWERS) -> None:
        self._most = most
        self._viewers: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._viewers)

    def is_first(self, viewer: str) -> bool:
        """Whether this viewer writes for the first time. They don't from now on; nobody ("") never does."""
        if not viewer:
            return False
        if viewer in self._viewers:
            self._viewers.move_to_end(viewer)
            return False
        self._viewers[viewer] = None
        if len(self._viewers) > self._most:
            self._viewers.popitem(last=False)
        return True

    def clear(self) -> None:
        """A stream starts: everybody is new."""
        self._viewers.clear()


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
