"""Card → only the writes that changed, through the Sources port. Knows no OBS call.

The painter remembers what it wrote last, and looks at one source a turn whether that is still there: a source that was
deleted, made anew or edited by hand gets its text again within about a second.
"""

from __future__ import annotations

from typing import Protocol

from vmsc_core.card.card import Card

VERIFY_EVERY = 2
"""Turns between two looks at a source: five a second, so that each is looked at about once a second."""


OWN_TEXT, OWN_COLOR = "own text", "own color"
"""The roles of sources of the user's own: one text that takes everything, and a colour."""

COLOR_ROLES = ("dot", OWN_COLOR)


class Sources(Protocol):
    """What the painter needs of OBS. `role` is name, title, detail, dot, OWN_TEXT or OWN_COLOR."""

    @property
    def own(self) -> tuple[str, ...]:
        """Those of OWN_TEXT and OWN_COLOR that the user chose."""

    def write_text(self, role: str, text: str, ink: int | None = None) -> bool:
        """Puts a text, and with `ink` its colour (0xRRGGBB), on the source of that role; False when there is none."""

    def write_color(self, role: str, color: int, alpha: int) -> bool:
        """Puts a colour (0xRRGGBB, alpha 0–255) on the source of that role; False when there is none."""

    def read(self, role: str) -> object | None:
        """What the source shows: a text, (text, ink) for the title, (colour, alpha) for a colour; None when there is none."""


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
        # Always the card's own pieces too: one that lies in some scene must not go on saying Connected.
        dot = (card.color, card.alpha)
        wanted: dict[str, object] = {"dot": dot, "name": card.name, "title": (card.title, card.color), "detail": card.detail}
        own = {OWN_TEXT: card.summary, OWN_COLOR: dot}
        return {**wanted, **{role: own[role] for role in self._sources.own}}

    def _write(self, role: str, value: object) -> bool:
        if not isinstance(value, tuple):
            return self._sources.write_text(role, str(value))
        return self._sources.write_color(role, *value) if role in COLOR_ROLES else self._sources.write_text(role, *value)

    def _verify(self, roles: list[str]) -> None:
        self._turn += 1
        if self._turn % VERIFY_EVERY:
            return
        role = roles[(self._turn // VERIFY_EVERY) % len(roles)]
        if role in self._written and self._sources.read(role) != self._written[role]:
            del self._written[role]
