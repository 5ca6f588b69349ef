"""The time without a connection: since when, and what it hid. Knows no socket and reads no clock."""

from __future__ import annotations

import time
from collections.abc import Sequence

from vmsc_core.events import Event, Follow, Notice
from vmsc_core.reasons import because


class Gap:
    """The gap between two good connections of one link. Times are unix seconds; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._began_at = 0.0
        self._hides_followers = False

    def began(self, at: float, now: float = 0.0) -> None:
        """Nothing can have arrived since then. Only the first call counts, until the gap has ended."""
        if self._since is None:
            self._since, self._began_at = at, now

    def ended(self, at: float, now: float = 0.0) -> list[Event]:
        """A connection is good again: what there is to say of the time without one."""
        if self._since is None:
            return []
        since, self._since = self._since, None
        if at < since:  # the clock was set back: count back from what it shows now
            since = at - max(0.0, now - self._began_at)
        self._hides_followers = True
        return [Notice(because("away", left=clock(since), back=clock(at)))]

    def news(self, found: Sequence[Event]) -> list[Event]:
        """What a lookup gave, with a word about the followers that came in the gap when it is the first one after it."""
        hidden = sum(event.count for event in found if isinstance(event, Follow)) if self._hides_followers else 0
        self._hides_followers = False
        if not hidden:
            return list(found)
        return [*found, Notice(because(f"followers_while_away_{'one' if hidden == 1 else 'many'}", count=hidden))]


def clock(wall: float) -> str:
    """Unix seconds as this computer's clock shows them: HH:MM:SS."""
    return time.strftime("%H:%M:%S", time.localtime(wall))
