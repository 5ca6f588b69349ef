"""The card, rendered again only when it could be another one: most turns show what the one before showed. Knows no OBS.

A turn of the timer comes out of OBS's own frame, and rendering was a quarter of one in which nothing happens.
"""

from __future__ import annotations

import math
from dataclasses import replace

from vmsc_core.card.card import LOOKS, Card, pulse, render
from vmsc_core.settings import Choices
from vmsc_core.state import State


class Renderer:
    """`card` gives what `render` gives, and the very same object for as long as nothing of it changes."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._choices: Choices | None = None
        self._moment: tuple[int, int] = (0, 0)
        self._card: Card | None = None

    def card(self, state: State, choices: Choices, now: float) -> Card:
        """The card for `state` at `now` (monotonic seconds)."""
        moment, card = _moment(state, now), self._card
        if card is None or state is not self._state or choices is not self._choices or moment != self._moment:
            self._state, self._choices, self._moment = state, choices, moment
            card = render(state, choices, now)
        elif LOOKS[state.status].pulses:
            card = replace(card, alpha=pulse(now))
        self._card = card
        return card


def _moment(state: State, now: float) -> tuple[int, int]:
    """All that a card's texts say about the time: whole seconds since the connection, and whole seconds to the next try."""
    up = math.floor(now - state.since) if state.since is not None else 0
    return up, math.ceil(state.retry_at - now) if state.retry_at is not None else 0
