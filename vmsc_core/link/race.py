"""Happy Eyeballs (RFC 8305): the addresses of a host, and then those of its proxy, raced in one thread. Knows no HTTP.

Rules a maintainer must keep:
1. Nothing here waits longer than SLICE without looking whether `stop` was set: OBS gives a script 2 s to end.
2. Whatever comes of it, every socket but the winner's is closed.
3. The next address begins PACE after the one before it, or as soon as none is under way. All have begun when half of the time
   is over, however many there are.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Optional

from vmsc_core.link.addresses import Lookup, Memory, Row
from vmsc_core.link.candidate import Candidate, Phase, Target
from vmsc_core.link.errors import Stopped
from vmsc_core.link.proxy import Proxy
from vmsc_core.link.stream import SLICE, ready_ones

PACE = 0.25
"""Seconds between two addresses (RFC 8305, 8)."""

SHORTEST_PACE = 0.01
LONGEST_PACE = 1.0
"""Seconds that an address which worked before gets, when it usually takes longer than PACE."""

SECOND_WAY = 2.0
"""Seconds after which the second way (the proxy, or the direct one) begins although the first may still come to something."""

GLANCE = 0.02
"""Seconds between two looks whether a name has been resolved, while other addresses are under way."""

Found = tuple[Optional[Proxy], Sequence[Row]]
"""What a lookup gives: through which proxy, and the addresses to connect to."""


class Lane:
    """One way to the target: directly, or through the proxy. `candidates` are all that have begun.

    `host` is what the memory knows the addresses by; `find` begins to look them up.
    """

    def __init__(
        self,
        name: str,
        target: Target,
        host: Hashable,
        find: Callable[[], Lookup[Found]],
        memory: Memory,
        proxy: Proxy | None = None,
    ) -> None:
        self.name = name
        self.target = target
        self.host = host
        self.proxy = proxy
        self.candidates: list[Candidate] = []
        self._find = find
        self._memory = memory
        self._lookup: Lookup[Found] | None = None
        self._rows: deque[Row] | None = None
        self._next_at = 0.0

    @property
    def running(self) -> list[Candidate]:
        """The candidates under way."""
        return [candidate for candidate in self.candidates if candidate.running]

    @property
    def began(self) -> bool:
        """Whether it has had its turn."""
        return self._lookup is not None

    @property
    def resolving(self) -> bool:
        """Whether the addresses are still looked up."""
        return self._rows is None

    @property
    def over(self) -> bool:
        """Whether nothing can come of it any more."""
        return self._rows is not None and not self._rows and not self.running

    def wait_for_addresses(self, seconds: float) -> None:
        """At most so many seconds."""
        if self._lookup is not None:
            self._lookup.done.wait(seconds)

    def go_on(self, now: float, half_time: float) -> None:
        """Begins with the next address when its time has come; the last one at `half_time`."""
        self._lookup = self._lookup or self._find()
        if self._rows is None:
            if not self._lookup.done.is_set():
                return
            self.proxy, rows = self._lookup.result or (self.proxy, ())
            self._rows = deque(self._memory.order(self.host, rows))
        while self._rows and (now >= self._next_at or not self.running):
            row = self._rows.popleft()
            pace = min(LONGEST_PACE, max(PACE, 2 * self._memory.usual(self.host, row[4])))
            self._next_at = now + max(SHORTEST_PACE, min(pace, (half_time - now) / (len(self._rows) + 1)))
            self.candidates.append(Candidate(row, self.target, self.proxy))
            if self.candidates[-1].phase is Phase.WON:
                return

    def next_at(self) -> float:
        """Monotonic seconds: when `go_on` has something to do at the latest."""
        return self._next_at if self._rows else float("inf")

    def lost_to(self, winner: Candidate | None) -> None:
        """Keeps in mind who did not come to anything in time, in the order of their beginning."""
        late = [one for one in self.candidates if one is not winner and (winner is None or one.began < winner.began)]
        for candidate in late:
            self._memory.failed(self.host, candidate.address)


def race(lanes: Sequence[Lane], stop: threading.Event, deadline: float) -> tuple[Lane, Candidate] | None:
    """The first candidate that has done everything, and its lane; None when all failed or `deadline` (monotonic) has come.

    Raises Stopped. `lanes` are in the order of preference; then their candidates say how far they came.
    """
    began = time.monotonic()
    open_lanes = 1
    won: tuple[Lane, Candidate] | None = None
    try:
        while won is None:
            if stop.is_set():
                raise Stopped
            now = time.monotonic()
            if now >= deadline:
                return None
            second_at = began + min(SECOND_WAY, (deadline - began) * 0.4)
            if open_lanes < len(lanes) and (now >= second_at or all(lane.over for lane in lanes[:open_lanes])):
                open_lanes += 1
            for lane in lanes[:open_lanes]:
                lane.go_on(now, (began + deadline) / 2)
            won = _winner(lanes)
            if won is None and open_lanes == len(lanes) and all(lane.over for lane in lanes):
                return None
            if won is None:
                wake_at = deadline if open_lanes == len(lanes) else min(deadline, second_at)
                _wait(lanes[:open_lanes], min(SLICE, wake_at - now), now)
                won = _winner(lanes)
        return won
    finally:
        winner = won[1] if won else None
        for lane in lanes:
            if not stop.is_set():
                lane.lost_to(winner)
            for candidate in lane.candidates:
                if candidate is not winner:
                    candidate.close()


def _winner(lanes: Sequence[Lane]) -> tuple[Lane, Candidate] | None:
    for lane in lanes:
        for candidate in lane.candidates:
            if candidate.phase is Phase.WON:
                return lane, candidate
    return None


def _wait(lanes: Sequence[Lane], seconds: float, now: float) -> None:
    """Until one of the sockets is ready, an address is to begin, or so many seconds have passed."""
    running = [candidate for lane in lanes for candidate in lane.running]
    resolving = [lane for lane in lanes if lane.resolving]
    seconds = max(0.0, min([seconds, *(lane.next_at() - now for lane in lanes)]))
    if not running:
        if resolving:
            resolving[0].wait_for_addresses(seconds if len(resolving) == 1 else min(seconds, GLANCE))
        return
    for candidate in ready_ones({one: one.writing for one in running}, min(seconds, GLANCE) if resolving else seconds):
        candidate.step()
