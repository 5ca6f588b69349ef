"""What must not be asked again yet, and why. Lives longer than a link: pressing Connect again does not ask again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vmsc_core.reasons import Failure

POLLS = "polls"


class Cooldowns:
    """Deadlines by what is to be left alone: an address, or POLLS. Only the link's thread.

    When a link is replaced, the old one's thread may still be ending while the new one's runs; each entry is set in one step.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[float, Failure]] = {}

    def start(self, what: str, seconds: float, failure: Failure) -> None:
        """Leave `what` alone for so many seconds, because of `failure`. A longer cooldown that is running goes on."""
        deadline = self._clock() + seconds
        if seconds > 0 and deadline >= self._entries.get(what, (0.0, failure))[0]:
            self._entries[what] = (deadline, failure)

    def left(self, what: str) -> float:
        """Seconds for which `what` is still to be left alone."""
        return max(0.0, self._entries[what][0] - self._clock()) if what in self._entries else 0.0

    def running(self, what: str) -> Failure | None:
        """Why `what` is left alone, with the seconds that are left as its wait; None when it may be asked."""
        left = self.left(what)
        return replace(self._entries[what][1], wait=left) if left > 0 else None
