"""Card → only the writes that changed, through the Sources port. Knows no OBS call.

The painter remembers what it wrote last, and looks at one source a turn whether that is still there: a source that was
deleted, made anew or edited by hand gets its text again within about a second.
"""

from __future__ import annotations

from typing import Protocol

from vmsc_core.card.card import Card

VERIFY_EVERY = 3
"""Turns between two looks at a source: about three a second."""


class Sources(Protocol):
    """What the painter needs of OBS. `role` is name, title, detail, dot or summary."""

    @property
    def one_text(self) -> bool:
        """Whether one text source takes everything (role summary), or the card's three take a part each."""

    def write_text(self, role: str, text: str, ink: int | None = None) -> bool:
        """Puts a text, and with `ink` its colour (0xRRGGBB), on the source of that role; False when there is none."""

    def write_color(self, role: str, color: int, alpha: int) -> bool:
        """Puts a colour (0xRRGGBB, alpha 0–255) on the source of that role; False when there is none."""

    def read(self, role: str) -> object | None:
        """What the source shows: a text, (text, ink) for the title, (colour, alpha) for the dot; None when there is none."""


class Painter:
    """Writes differences. `paint` once a turn."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._written: dict[str, object] = {}
        self._turn = 0

    def paint(self, card: Card) -> int:
        """Brings what OBS shows up to `card`; gives how many sources were written."""
        wanted = self._wanted(card)
        self._verify(list(wanted))
        writes = 0
        for role, value in wanted.items():
            if self._written.get(role) == value:
                continue
            if self._write(role, value):
                writes += 1
                self._written[role] = value
            else:
                # Not there (yet): every turn looks again, since a lookup by name is all it costs.
                self._written.pop(role, None)
        return writes

    def _wanted(self, card: Card) -> dict[str, object]:
        wanted: dict[str, object] = {"dot": (card.color, card.alpha)}
        if self._sources.one_text:
            wanted["summary"] = card.summary
        else:
            wanted.update(name=card.name, title=(card.title, card.color), detail=card.detail)
        return wanted

    def _write(self, role: str, value: object) -> bool:
        if isinstance(value, tuple):
            return self._sources.write_color(role, *value) if role == "dot" else self._sources.write_text(role, *value)
        return self._sources.write_text(role, str(value))

    def _verify(self, roles: list[str]) -> None:
        self._turn += 1
        if self._turn % VERIFY_EVERY:
            return
        role = roles[(self._turn // VERIFY_EVERY) % len(roles)]
        if role in self._written and self._sources.read(role) != self._written[role]:
            del self._written[role]
