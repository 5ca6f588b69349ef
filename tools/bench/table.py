"""What a bench gives: tables, goals, and a curve for the plot, as values that can be kept as JSON. Measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; `note` says what a reader must know of them."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def text(self) -> str:
        """For a terminal: the first column to the left, the others to the right."""
        widths = [max(len(row[place]) for row in (self.head, *self.rows)) for place in range(len(self.head))]
        lines = []
        for row in (self.head, *self.rows):
            cells = [cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(row, widths))]
            lines.append("  ".join(cells))
        return "\n".join([self.title, *lines, *([self.note] if self.note else [])])

    def markdown(self) -> str:
        """For docs/performance.md."""
        align = ["---"] + ["--:"] * (len(self.head) - 1)
        rows = ["| " + " | ".join(row) + " |" for row in (self.head, *self.rows)]
        lines = [rows[0], "|" + "|".join(align) + "|", *rows[1:]]
        return "\n".join([f"**{self.title}**", "", *lines, *(["", self.note] if self.note else [])])


@dataclass(frozen=True)
class Goal:
    """At most `limit` of `unit` was aimed at, `measured` was found."""

    what: str
    limit: float
    measured: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether it is."""
        return self.measured <= self.limit


@dataclass(frozen=True)
class Result:
    """Of one bench. `curves` are lines of the plot: name → [(events a second, value), …]."""

    tables: Sequence[Table]
    goals: Sequence[Goal] = ()
    curves: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @staticmethod
    def from_json(kept: dict[str, Any]) -> Result:
        """What `as_json` gave, perhaps by way of a file."""
        curves = {name: [(load, value) for load, value in points] for name, points in kept["curves"].items()}
        return Result([Table(**table) for table in kept["tables"]], [Goal(**goal) for goal in kept["goals"]], curves)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest of `values` that so many of them, 0–1, are not above; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
