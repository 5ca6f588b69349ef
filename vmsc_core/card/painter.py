"""Card → only the writes that changed, through the Sources port. Knows no OBS call.

The painter remembers what it wrote last, and looks at one source after the other whether that is still there: a source that was
deleted, made again or edited by hand gets its content back within about two seconds, five at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Union

from vmsc_core.card.card import DARK, Card

VERIFY_EVERY, LATEST_VERIFY = 3, 6
"""Turns between two looks at a source, so that each is looked at about every two seconds; and while a text is written in every
turn.
"""

BEHIND_THE_TITLE = ("badge", "hole")
"""Not looked for where there is no title: most likely there is no card."""

USER_TEXT, USER_COLOR = "user text", "user color"
"""The roles of the user's own sources: one text that takes everything, and a color."""


@dataclass(frozen=True)
class Text:
    """What a text source shows. `color` is 0xRRGGBB; None leaves the source its own."""

    text: str
    color: int | None = None


@dataclass(frozen=True)
class Fill:
    """What a color source shows: 0xRRGGBB, and an alpha of 0–255."""

    color: int
    alpha: int


Content = Union[Text, Fill]


class Sources(Protocol):
    """What the painter needs of OBS. `role` is name, title, detail, dot, badge, hole, USER_TEXT or USER_COLOR."""

    @property
    def user_roles(self) -> tuple[str, ...]:
        """Those of USER_TEXT and USER_COLOR that the user chose."""

    def write(self, role: str, content: Content) -> bool:
        """Puts the content on the source of that role; False when there is none that can take it."""

    def read(self, role: str) -> Content | None:
        """What the source of that role shows, a text with its color; None when there is none."""


class Painter:
    """Writes differences. `paint` once a turn."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._written: dict[str, Content] = {}
        self._wanted: dict[str, Content] = {}
        self._painted: tuple[Card | None, tuple[str, ...]] = (None, ())
        self._state: tuple[str, int, bool] | None = None
        self._of_state: dict[str, Content] = {}
        self._turns_since_look, self._looks = 0, 0
        self._is_done = False  # all of it is written, and nothing has changed since

    def paint(self, card: Card) -> int:
        """Brings what OBS shows up to `card`; gives how many sources were written."""
        roles, (painted, painted_roles) = self._sources.user_roles, self._painted
        if card is not painted or roles != painted_roles:  # most turns show what the one before showed
            self._painted, self._wanted, self._is_done = (card, roles), self._contents(card, roles), False
        writes, wrote_text = self._write() if not self._is_done else (0, False)
        self._turns_since_look += 1
        # Hardly ever beside the writing of a text: two expensive things in one turn would make one long frame.
        if self._turns_since_look >= (LATEST_VERIFY if wrote_text else VERIFY_EVERY):
            self._verify()
        return writes

    def _write(self) -> tuple[int, bool]:
        """How many sources were written, and whether a text was among them."""
        self._is_done, writes, wrote_text = True, 0, False
        for role, content in self._wanted.items():
            written = self._written.get(role)
            if written is content or written == content or (role in BEHIND_THE_TITLE and "title" not in self._written):
                continue
            if self._sources.write(role, content):
                writes, wrote_text = writes + 1, wrote_text or isinstance(content, Text)
                self._written[role] = content
            else:
                # Not there (yet): every turn looks again, since a lookup by name is all it costs.
                self._written.pop(role, None)
                self._is_done = False
        return writes, wrote_text

    def _contents(self, card: Card, user_roles: tuple[str, ...]) -> dict[str, Content]:
        # Always the card's own pieces too: one that lies in some scene must not go on saying Connected.
        pieces: dict[str, Content] = {"dot": Fill(card.color, card.alpha), **self._words_of(card), **self._state_of(card)}
        if user_roles:
            users: dict[str, Content] = {USER_TEXT: Text(card.summary), USER_COLOR: pieces["dot"]}
            pieces.update((role, users[role]) for role in user_roles)
        return pieces

    def _words_of(self, card: Card) -> dict[str, Content]:
        name, line = self._wanted.get("name"), self._wanted.get("detail")
        return {
            "name": name if isinstance(name, Text) and name.text == card.name else Text(card.name),
            "detail": line if isinstance(line, Text) and line.text == card.line else Text(card.line),
        }

    def _state_of(self, card: Card) -> dict[str, Content]:
        """What changes with the state only, which is seldom."""
        state = (card.title, card.color, card.is_outlined)
        if state != self._state:
            self._state = state
            self._of_state = {
                "title": Text(card.badge, card.letters),
                "badge": Fill(card.color, 255),
                "hole": Fill(DARK, 255 if card.is_outlined else 0),
            }
        return self._of_state

    def _verify(self) -> None:
        self._turns_since_look, self._looks = 0, self._looks + 1
        roles = list(self._wanted)
        role = roles[self._looks % len(roles)]
        if role in self._written and not _shows(self._sources.read(role), self._written[role]):
            del self._written[role]
            self._is_done = False


def _shows(shown: Content | None, written: Content) -> bool:
    if isinstance(shown, Text) and isinstance(written, Text) and written.color is None:
        return shown.text == written.text
    return shown == written
