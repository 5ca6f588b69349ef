"""The card, rendered again only when it could be another one: most turns show what the one before showed. Knows no OBS.

A turn of the timer comes out of OBS's own frame, and rendering was a quarter of one in which nothing happens.
"""

from __future__ import annotations

import math
from dataclasses import replace

from vmsc_core.card.card import LOOKS, Card, as_seen, pulse, render
from vmsc_core.host import Host
from vmsc_core.settings import Choices
from vmsc_core.state import State

COUNT_EVERY = 0.5
"""Seconds between two cards that differ in the number of events only. In a busy chat it moves in each turn, and OBS draws the
text again each time, in its frame; a number that moves faster can't be read."""


class Renderer:
    """`card` gives what `render` gives, and the very same object for as long as nothing of it changes.

    The number of events alone may be COUNT_EVERY behind.
    """

    def __init__(self) -> None:
        self._state: State | None = None
        self._choices: Choices | None = None
        self._host: Host | None = None
        self._moment: tuple[int, int, bool] = (0, 0, False)
        self._card: Card | None = None
        self._next_count_at = -math.inf

    def card(self, state: State, choices: Choices, host: Host, now: float) -> Card:
        """The card for `state` at `now` (monotonic seconds)."""
        seen, card = as_seen(state, choices, host, now), self._card
        moment = _moment(seen, seen is not state, now)
        differs = choices is not self._choices or host != self._host or moment != self._moment
        is_new = state is not self._state and (now >= self._next_count_at or not _counts_only(state, self._state))
        if card is None or differs or is_new:
            self._next_count_at = now + COUNT_EVERY
            self._state, self._choices, self._host, self._moment = state, choices, host, moment
            card = render(state, choices, host, now)
        elif LOOKS[seen.status].pulses:
            card = replace(card, alpha=pulse(now))
        self._card = card
        return card


def _counts_only(state: State, before: State | None) -> bool:
    """Whether nothing but the number of events differs."""
    return before is not None and all(value is getattr(before, key) for key, value in vars(state).items() if key != "count")


def _moment(seen: State, is_held: bool, now: float) -> tuple[int, int, bool]:
    """All that a card says about the time: whole seconds since the connection and to the next try, and a drop that is hidden."""
    up = math.floor(now - seen.since) if seen.since is not None else 0
    return up, math.ceil(seen.retry_at - now) if seen.retry_at is not None else 0, is_held
