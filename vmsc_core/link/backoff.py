"""How long to wait before the next attempt: 1, 2, 4, 8, 16, 16, … seconds. Knows no clock."""

from __future__ import annotations

from vmsc_core.reasons import Failure, Remedy

LONGEST = 16.0
"""Seconds."""

SHORT, STEADY = 10.0, 60.0
"""Seconds: a good connection that was shorter, and one that has lasted."""

MOST_SHORT = 3
"""So many short connections in a row, and being connected is no sign of health any more: the delays go on growing."""


class Backoff:
    """The delays of one link. `reset` when a connection is good, `lasted` when it ends, then `after` for the delay."""

    def __init__(self) -> None:
        self._failures = 0
        self._short = 0
        self._at_once_left = True

    def after(self, failure: Failure) -> float:
        """Seconds to wait after one more failure. A server's "at once" is followed once, then not before `steady`."""
        if failure.remedy is Remedy.AT_ONCE and self._at_once_left:
            self._at_once_left = False
            return 0.0
        delay = min(LONGEST, float(2 ** min(self._failures, 10)))
        self._failures += 1
        return max(delay, failure.wait)

    def reset(self) -> None:
        """A connection is good: the next failure is the first one again, unless all of them end at once."""
        if self._short < MOST_SHORT:
            self._failures = 0

    def lasted(self, seconds: float) -> None:
        """A good connection has ended after so long."""
        if seconds >= STEADY:
            self.steady()
        elif seconds < SHORT:
            self._short += 1
        elif self._short < MOST_SHORT:
            self._short = 0

    def steady(self) -> None:
        """A connection has lasted: the delays start over, and "at once" may be followed again."""
        self._failures = self._short = 0
        self._at_once_left = True
