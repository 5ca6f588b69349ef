"""Another thread that runs whenever it is let: a test sees whether the code it calls lets go of the GIL."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable

FOREVER = 1000.0
"""Seconds after which Python would take the GIL away from a thread that does not let go of it."""


@contextmanager
def held_back() -> Iterator[Callable[[], bool]]:
    """Inside `with` no other thread runs unless this one lets go of the GIL; gives whether one has."""
    runs, ended = [0], threading.Event()

    def run() -> None:
        while not ended.is_set():
            runs[0] += 1
            time.sleep(0)  # gives the GIL back, and waits for it again

    before = sys.getswitchinterval()
    sys.setswitchinterval(FOREVER)
    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
        ended.wait(0.01)
        start = runs[0]
        yield lambda: runs[0] != start
    finally:
        ended.set()
        sys.setswitchinterval(before)
        thread.join(5)
