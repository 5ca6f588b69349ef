"""State → Card: texts and colors. Knows no OBS; a color is 0xRRGGBB with an alpha of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vmsc_core.events import Status
from vmsc_core.settings import Choices
from vmsc_core.state import State
from vmsc_core.words import count, say

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
    """How one status looks: color 0xRRGGBB, and whether the dot pulses. Its name is in words/ under status_…."""

    color: int
    pulses: bool


LOOKS: dict[Status, Look] = {
    Status.DISCONNECTED: Look(0x8A8F98, False),
    Status.CONNECTING: Look(0xFFD21F, True),
    Status.CONNECTED: Look(0x53FC18, False),
    Status.LIVE: Look(0x53FC18, True),
    Status.RECONNECTING: Look(0xFF8A1F, True),
    Status.ERROR: Look(0xFF3B3B, False),
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
        """Everything in one text, for a text source of the user's."""
        return "\n".join(part for part in (self.name, self.title, self.detail) if part)


def render(state: State, choices: Choices, now: float) -> Card:
    """The card for `state` at `now` (monotonic seconds), in the language chosen."""
    look = LOOKS[state.status]
    name = state.name or say("card_no_name", choices.language)
    if len(name) > NAME_CHARACTERS:
        name = name[: NAME_CHARACTERS - 1] + "\u2026"
    title = say(f"status_{state.status.name.lower()}", choices.language)
    return Card(name, title, _detail(state, choices.language, now), look.color, pulse(now) if look.pulses else 255)


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


def _detail(state: State, language: str, now: float) -> str:
    if state.status in (Status.CONNECTED, Status.LIVE):
        return _connected(state, language, now)
    if state.status is Status.RECONNECTING:
        if state.retry_at is not None and state.retry_at > now:
            seconds = math.ceil(state.retry_at - now)
            first = say("card_retrying", language, seconds=seconds, attempt=state.attempt + 1)
        else:
            first = say("card_trying", language, attempt=max(1, state.attempt))
        return f"{first}\n{wrap(say(state.reason, language), lines=2)}" if state.reason else first
    if state.status is Status.ERROR:
        return wrap(say(state.reason, language)) if state.reason else ""
    return say("card_opening" if state.status is Status.CONNECTING else "card_press_connect", language)


def _connected(state: State, language: str, now: float) -> str:
    up = now - state.since if state.since is not None else 0.0
    first = say("card_connected_for", language, events=count("card_events", state.count, language), uptime=duration(up))
    if state.notice and up < NOTICE_SECONDS:
        return f"{first}\n{wrap(say(state.notice, language), lines=2)}"
    return first if state.followers is None else f"{first}\n{count('card_followers', state.followers, language)}"
