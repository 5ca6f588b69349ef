"""State → Card: texts and colours. Knows no OBS; a colour is 0xRRGGBB with an alpha of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vmsc_core.card.state import State
from vmsc_core.events import Status

PULSE_SECONDS = 1.6
"""One pulse of the dot, from bright to dim to bright."""

DIMMEST = 70
"""Alpha of a pulsing dot at its dimmest, of 255."""

NAME_CHARACTERS = 28
"""Longer names are cut; Kick's own limit is 25."""

LINE_CHARACTERS = 52
"""About how many characters of the small text fit on one line of the card."""

MOST_LINES = 3

NOTICE_SECONDS = 20.0
"""How long a notice stays on the card after a connection."""


@dataclass(frozen=True)
class Look:
    """How one status looks: colour 0xRRGGBB, whether the dot pulses, what the state is called."""

    color: int
    pulses: bool
    title: str


LOOKS: dict[Status, Look] = {
    Status.DISCONNECTED: Look(0x8A8F98, False, "Disconnected"),
    Status.CONNECTING: Look(0xFFD21F, True, "Connecting"),
    Status.CONNECTED: Look(0x53FC18, False, "Connected"),
    Status.LIVE: Look(0x53FC18, True, "Live"),
    Status.RECONNECTING: Look(0xFF8A1F, True, "Reconnecting"),
    Status.ERROR: Look(0xFF3B3B, False, "Error"),
}


@dataclass(frozen=True)
class Card:
    """What is to be seen. `detail` has up to three lines, `alpha` is 0–255."""

    name: str
    title: str
    detail: str
    color: int
    alpha: int

    @property
    def summary(self) -> str:
        """Everything in one text, for a text source of the user's own."""
        return "\n".join(part for part in (self.name, self.title, self.detail) if part)


def render(state: State, now: float) -> Card:
    """The card for `state` at `now` (monotonic seconds)."""
    look = LOOKS[state.status]
    name = state.name or "Kick"
    if len(name) > NAME_CHARACTERS:
        name = name[: NAME_CHARACTERS - 1] + "\u2026"
    return Card(name, look.title, _detail(state, now), look.color, pulse(now) if look.pulses else 255)


def pulse(now: float) -> int:
    """The alpha of a pulsing dot at `now`: 255 at whole pulses, DIMMEST half-way."""
    wave = (1 + math.cos(2 * math.pi * ((now / PULSE_SECONDS) % 1.0))) / 2
    return round(DIMMEST + (255 - DIMMEST) * wave)


def duration(seconds: float) -> str:
    """Like "0:42" or "1:02:03": minutes and seconds, hours when there are any; never negative."""
    whole = max(0, int(seconds))
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def wrap(text: str, width: int = LINE_CHARACTERS, lines: int = MOST_LINES) -> str:
    """`text` in at most `lines` lines of about `width` characters; what does not fit ends in an ellipsis.

    Done here because OBS's two kinds of text source wrap differently, and one of them not at all inside a group.
    """
    rows: list[str] = []
    row = ""
    for word in text.split():
        while len(word) > width:  # a word as long as a line, e.g. a command
            rows, row, word = ([*rows, row], word[:width], word[width:]) if row else (rows, word[:width], word[width:])
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    rows = [*rows, row] if row else rows
    if len(rows) > lines:
        rows = [*rows[: lines - 1], rows[lines - 1][: width - 1].rstrip() + "\u2026"]
    return "\n".join(rows)


def _detail(state: State, now: float) -> str:
    if state.status in (Status.CONNECTED, Status.LIVE):
        up = now - state.since if state.since is not None else 0.0
        count = f"{state.events:,} event{'' if state.events == 1 else 's'}  \u00b7  connected {duration(up)}"
        if state.notice and up < NOTICE_SECONDS:
            return f"{count}\n{wrap(state.notice, lines=2)}"
        return count if state.followers is None else f"{count}\n{state.followers:,} followers"
    if state.status is Status.RECONNECTING:
        if state.retry_at is not None and state.retry_at > now:
            first = f"Next try in {math.ceil(state.retry_at - now)} s  \u00b7  attempt {state.attempt + 1}"
        else:
            first = f"Trying now  \u00b7  attempt {max(1, state.attempt)}"
        return f"{first}\n{wrap(state.reason, lines=2)}" if state.reason else first
    if state.status is Status.ERROR:
        return wrap(state.reason)
    if state.status is Status.CONNECTING:
        return "Opening the connection\u2026"
    return "Press Connect in Tools > Scripts"
