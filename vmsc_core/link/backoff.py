"""How long to wait before the next attempt: 1, 2, 4, 8, 16, 16, … seconds. Knows no clock."""

from __future__ import annotations

from vmsc_core.reasons import Failure, Remedy

LONGEST = 16.0
"""Seconds."""


class Backoff:
    """The delays of one link. `reset` when a connection was good, `steady` when one has lasted."""

    def __init__(self) -> None:
        self._failures = 0
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
        """The next failure is the first one again."""
        self._failures = 0

    def steady(self) -> None:
        """A connection has lasted: "at once" may be followed again."""
        self._at_once_left = True
