"""How long to wait before the next try: 1, 2, 4, 8, 16, 16, … seconds. Knows no clock."""

from __future__ import annotations

LONGEST = 16.0
"""Seconds."""


class Backoff:
    """The delays of one link. `reset` when a connection was good."""

    def __init__(self) -> None:
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        delay = min(LONGEST, float(2 ** min(self._failures, 10)))
        self._failures += 1
        return delay

    def reset(self) -> None:
        """The next failure is the first one again."""
        self._failures = 0
