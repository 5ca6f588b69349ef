"""OBS's own profiler, as the CSV that it writes: how often each of its steps took how long. Text in, values out.

OBS counts from its start; what happened in between two looks is the difference of the two.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

TICK = "tick_sources"
"""The step of OBS's graphics thread that scripts' timers run in, among much else."""

FRAME = "obs_graphics_thread"
"""A whole frame. Its name in the CSV has the frame's time behind it."""


@dataclass(frozen=True)
class Durations:
    """How often a step took so many microseconds."""

    counts: Counter[int]

    @property
    def calls(self) -> int:
        """How often it ran."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """Milliseconds; 0 if it never ran."""
        return sum(took * count for took, count in self.counts.items()) / max(1, self.calls) / 1000

    def part(self, part: float) -> float:
        """Milliseconds that so many of the calls, 0–1, do not take longer than; 0 if it never ran."""
        rest = self.calls * part
        for took in sorted(self.counts):
            rest -= self.counts[took]
            if rest <= 0:
                return took / 1000
        return 0.0

    def since(self, before: Durations) -> Durations:
        """What has come since an earlier look."""
        return Durations(self.counts - before.counts)


def read(text: str, step: str) -> Durations:
    """All calls of one step of OBS, whoever called it. ValueError when this isn't OBS's profile or lacks that step."""
    rows = list(csv.DictReader(text.splitlines()))
    if not rows or "time_delta_µs" not in rows[0]:
        raise ValueError("This isn't a profile as OBS writes it.")
    counts: Counter[int] = Counter()
    for row in rows:
        # The other rows of a step are the times between two calls.
        if row["name"].split("(")[0] == step and row["time_between_calls"] == "0":
            counts[int(row["time_delta_µs"])] += int(row["count"])
    if not counts:
        raise ValueError(f"OBS's profile has no {step}.")
    return Durations(counts)


def together(looks: Iterable[Durations]) -> Durations:
    """Several of the same step as one."""
    counts: Counter[int] = Counter()
    for one in looks:
        counts.update(one.counts)
    return Durations(counts)
