"""A background thread that other threads start, stop and wait for. Knows no work."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from vmsc_core.link.background import Launch, background
from vmsc_core.link.errors import Stopped


class Worker(ABC):
    """One thread: `start`, then `stop` from anywhere, then `join` to see it end. Used once."""

    def __init__(self, name: str, wait: Callable[[threading.Event, float], bool]) -> None:
        self._stop = threading.Event()
        self.is_done = False
        """Set by `run` when there is nothing more to do for it."""
        self._waits = wait
        self._thread = background(self.run, name)
        self._launch: Launch | None = None

    @abstractmethod
    def run(self) -> None:
        """All that the thread does. A scripted world calls it in a thread of its own choosing."""

    def start(self) -> None:
        """Begins, and waits for nothing: a turn of OBS's timer calls it. Raises CannotConnect without a thread to be had."""
        self._launch = Launch(self._thread)

    def stop(self) -> None:
        """Asks for the end. Any thread, any number of times; waits for nobody."""
        self._stop.set()

    def join(self, seconds: float) -> bool:
        """Waits at most `seconds` for the end; whether it came."""
        deadline = time.monotonic() + seconds
        if self._launch is not None and self._launch.wait(seconds) and self._thread.ident is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self.alive

    @property
    def alive(self) -> bool:
        """Whether the thread still runs, or is about to."""
        # In this order: a thread that comes to run between two looks would be taken for dead the other way round.
        return self._launch is not None and (not self._launch.wait(0.0) or self._thread.is_alive())

    @property
    def died(self) -> bool:
        """Whether it ended though nobody asked it to and it was not done."""
        if self._thread.is_alive():  # at once, since it is asked ten times a second
            return False
        return not (self.alive or self.is_done or self._stop.is_set())

    def _wait(self, seconds: float) -> None:
        """Lets time pass, in the thread itself. Raises Stopped as soon as somebody asks for the end."""
        if self._waits(self._stop, seconds):
            raise Stopped
