"""The scripted world in real time: plays the cues of a rehearsal to a link, frame by frame. Knows no rule and no real socket.

A World's clock moves when something waits; here that waiting is real, so frames arrive when their time has come.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from vmsc_core.link.errors import ConnectionLost, passing
from vmsc_core.link.scripted import ScriptedSocket, Step, World, greets

LOST_ATTEMPTS = 3
"""Attempts that fail after a loss: with the link's delays of 1, 2, 4 and 8 s, the connection is back after 15 s."""

Cues = Iterable[tuple[float, "str | None"]]
"""Seconds of silence, then a frame; None is the loss of the connection."""


class Stage(World):
    """Plays `cues` from the moment the link connects; `over` once all of them were played. Used once.

    `clock` is the card's monotonic seconds; `wait` waits so many seconds, or until the flag is set.
    """

    def __init__(
        self,
        cues: Cues,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        super().__init__()
        self.over = False
        self._clock, self._really_wait = clock, wait
        self.now = clock()
        self.wall_ahead = time.time() - self.now
        self.sockets(*_scripts([*cues], self._is_over))

    def pass_time(self, seconds: float) -> None:
        """Time passes, also outside. What was late, since OBS or the computer stood still, is made up for."""
        super().pass_time(seconds)
        left = self.now - self._clock()
        if left > 0:
            self._really_wait(self._stop, left)

    def _is_over(self, socket: ScriptedSocket) -> None:
        self.over = True


def _scripts(cues: list[tuple[float, str | None]], at_end: Step) -> Iterator[list[Step]]:
    """One script for each connection that the link opens."""
    steps: list[Step] = []
    for pause, text in cues:
        steps.append(pause)
        if text is not None:
            steps.append(text)
            continue
        yield greets(*steps, ConnectionLost(None, "rehearsed"))
        for _ in range(LOST_ATTEMPTS):
            yield [passing("host_unreachable", "kick.com")]
        steps = []
    yield greets(*steps, at_end)
