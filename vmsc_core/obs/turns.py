"""The one lock between OBS's timer and the end of the script: OBS waits for no timer before script_unload. Knows no work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("vmsc.obs")

TURN_TIMEOUT = 0.5
"""Seconds that `end` waits for a turn that is running; one takes about 1 ms. OBS's window stands still meanwhile."""


class Turns:
    """`begin` for each turn, on the graphics thread; `end` once, on the UI thread. The turn waits for nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ended = False
        """Whether `end` was called."""

    def begin(self) -> bool:
        """Whether this turn may go on; then `done` ends it. It may not when the end has come or another turn is running."""
        return not self.ended and self._lock.acquire(blocking=False)

    def done(self) -> None:
        """The turn is over."""
        self._lock.release()

    def end(self, timeout: float = TURN_TIMEOUT) -> bool:
        """No turn begins from now on. Waits for the one that is running, at most `timeout` seconds; whether none is."""
        self.ended = True
        return self._lock.acquire(timeout=timeout)  # for good


def each(*steps: Callable[[], object]) -> None:
    """Does each step whatever becomes of those before it; what they raise is logged."""
    for step in steps:
        try:
            step()
        except BaseException:  # never runs unless there is a bug, and SystemExit would end OBS
            log.exception("a step of the end failed; the others are done")
