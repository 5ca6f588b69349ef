"""The alerts that wait for their turn: one after the other, the most important first. Knows no rule and no OBS."""

from __future__ import annotations

from dataclasses import dataclass

from vmsc_core.rules.actions import FIRST, LAST, HideAlert, Planned, ShowAlert
from vmsc_core.rules.shown import TakenBack

MOST_ALERTS = 50
"""Alerts that wait; past that, the least important goes, the newest among equals."""

GAP = 0.5
"""Seconds between two alerts: time for OBS to hide the one and show the other."""


@dataclass(frozen=True)
class _Waiting:
    rank: tuple[int, int]
    planned: Planned
    seconds: float
    viewer: str

    def is_covered(self, gone: TakenBack) -> bool:
        """Whether the message that triggered it is among those."""
        return gone.covers(self.planned.message_id, self.viewer)


class Alerts:
    """The queue. `add` while chains run; `due` hands out what is to be done now. `now` is monotonic seconds."""

    def __init__(self) -> None:
        self.dropped = 0
        """How many alerts found no room."""
        self._waiting: list[_Waiting] = []
        self._shown: _Waiting | None = None
        self._ends = self._next_at = float("-inf")
        self._added = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def deadline(self) -> float | None:
        """When `due` has something to return; None while nothing is shown and nothing waits."""
        if self._shown is not None:
            return self._ends
        return self._next_at if self._waiting else None

    def add(self, planned: Planned, alert: ShowAlert, rank: int, viewer: str = "") -> None:
        """One more alert. `rank` is its trigger's; `priority` goes before it."""
        first = -1 if alert.priority == FIRST else (99 if alert.priority == LAST else rank)
        self._added += 1
        self._waiting.append(_Waiting((first, self._added), planned, alert.seconds, viewer))
        self._waiting.sort(key=lambda waiting: waiting.rank)
        if len(self._waiting) > MOST_ALERTS:
            self._waiting.pop()
            self.dropped += 1

    def due(self, now: float) -> Planned | None:
        """The next alert, or HideAlert where one is over; None while there's nothing to do. Call it again until then."""
        if self._shown is not None and now >= self._ends:
            over, self._shown, self._next_at = self._shown, None, now + GAP
            return Planned(over.planned.rule_id, HideAlert(), over.planned.is_alert, over.planned.message_id, over.planned.kind)
        if self._shown is None and self._waiting and now >= self._next_at:
            self._shown = self._waiting.pop(0)
            self._ends = now + self._shown.seconds
            return self._shown.planned
        return None

    def skip(self) -> None:
        """The alert that is shown is over at the next `due`."""
        self._ends = float("-inf")

    def withdraw(self, gone: TakenBack) -> None:
        """Drops the alerts of messages that are gone, also the one that's shown."""
        self._waiting = [waiting for waiting in self._waiting if not waiting.is_covered(gone)]
        if self._shown is not None and self._shown.is_covered(gone):
            self.skip()
