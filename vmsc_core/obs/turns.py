"""The one lock between OBS's timer and the end of the script: OBS waits for no timer before script_unload. Knows no work.

OBS keeps the running script in one variable for all threads (cur_python_script in obs-scripting-python.c). A callback puts
back what was there when it began. One that ends after Reload has begun to load the script again takes the script away from
under script_load, and timer_add then reads through a null pointer. So the end also lets the last turn get all the way out.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("vmsc.obs")

TURN_TIMEOUT = 0.5
"""Seconds that `end` waits for a turn that is running; one takes about 1 ms. OBS's window stands still meanwhile."""

LEAVE_PAUSE = 0.03
"""Seconds in which a turn that is over in Python returns to OBS; it needs the GIL for that, and microseconds."""


class Turns:
    """`begin` for each turn, on the graphics thread; `end` once, on the UI thread. The turn waits for nobody."""

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._lock = threading.Lock()
        self._pause = pause
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
        is_over = self._lock.acquire(timeout=timeout)  # for good
        self._pause(LEAVE_PAUSE)
        return is_over


def each(*steps: Callable[[], object]) -> None:
    """Does each step whatever becomes of those before it; what they raise is logged."""
    for step in steps:
        try:
            step()
        except BaseException:  # never runs unless there is a bug, and SystemExit would end OBS
            log.exception("a step of the end failed; the others are done")
