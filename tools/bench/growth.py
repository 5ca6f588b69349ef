"""Whether an event costs more the more rules, events, and viewers there are: the App's turn without OBS and without a socket.

Pure Python on one core: microseconds of CPU for each chat message that is handed over, drained, counted, and passed by the
rules.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from bench.table import Goal, Result, Table, percentile
from vmsc_core.app import App
from vmsc_core.card.painter import Content
from vmsc_core.events import ChatMessage, LinkChanged, Signal
from vmsc_core.known import KnownChannel
from vmsc_core.rules.actions import SetText
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger

A_TURN = 100
"""Messages: 1,000 a second."""

TURNS = 60
"""Of which a quarter are quicker than the figure."""

NUMBERS_OF_RULES = (0, 1, 10, 100)
HISTORY = (10, 1_000, 100_000)
KINDS = ("chat, text never said", "commands never given", "chat, a wait for each viewer")


class NoSources:
    """The painter's port when there is nothing to paint on."""

    user_roles: tuple[str, ...] = ()

    def write(self, role: str, content: Content) -> bool:
        """Takes it."""
        return True

    def read(self, role: str) -> Content | None:
        """Nothing is there."""
        return None


def app_without_obs(known: Mapping[str, KnownChannel] | None = None) -> App:
    """An App as OBS's timer has it, whose sources take everything."""
    return App(NoSources(), known=known)


def rules(kind: str, number: int) -> list[Rule]:
    """So many rules of one of KINDS."""
    say = (SetText("Text", "{user}: {message}"),)
    if kind == KINDS[1]:
        return [Rule(f"r{n}", trigger=Trigger("command", f"!word{n}"), actions=say) for n in range(number)]
    filters = Filters("never said") if kind == KINDS[0] else Filters(cooldown_each=3600.0)
    return [Rule(f"r{n}", trigger=Trigger("chat"), filters=filters, actions=say) for n in range(number)]


def message(number: int, viewers: int) -> ChatMessage:
    """One of `viewers` viewers says something."""
    return ChatMessage(f"m{number}", f"Viewer{number % viewers}", f"hello there, how are you all doing tonight {number}")


class Busy:
    """An App with these rules that has seen so many messages, of as many viewers."""

    def __init__(self, rules: list[Rule], history: int) -> None:
        self.app, self._viewers, self._done = app_without_obs(), history, 0
        self.app.rulebook.replace(rules)
        self.app._happened(LinkChanged(Signal.TRYING, None, 0.0, 1))
        self.app._happened(LinkChanged(Signal.READY, None, 0.0))
        while self._done < history:
            self.feed(min(500, history - self._done))

    def feed(self, count: int) -> float:
        """CPU seconds of a turn with so many messages, and of handing them over."""
        messages = [message(self._done + place, self._viewers) for place in range(count)]
        self._done += count
        began = time.process_time()
        self.app._inbox.put_all(messages)
        self.app._inbox.settle()
        self.app.turn()
        took = time.process_time() - began
        assert self.app.state.count == self._done, f"{self.app.state.count} of {self._done} counted"
        return took


def costs(rules: list[Rule]) -> list[float]:
    """CPU microseconds for each message, for each of HISTORY; the turns take turns, so that a slow minute meets all of them."""
    apps = [Busy(rules, history) for history in HISTORY]
    taken = [[app.feed(A_TURN) for app in apps] for _ in range(TURNS)]
    # A busy machine only ever makes a turn dearer.
    return [percentile(column, 0.25) / A_TURN * 1e6 for column in zip(*taken)]


def measure() -> Result:
    """The table: rules down, history across."""
    print("Growth …", flush=True)
    rows, worst = [], 0.0
    for kind in KINDS:
        for number in NUMBERS_OF_RULES:
            if number == 0 and kind != KINDS[0]:
                continue
            found = costs(rules(kind, number))
            worst = max(worst, found[-1] / found[1])
            name = f"{number} × {kind}" if number else "no rules"
            rows.append((name, *(f"{one:.2f}" for one in found), f"{found[-1] / found[1]:.2f}"))
    head = ("rules", *(f"after {history:,}" for history in HISTORY), "after 100,000 / after 1,000")
    note = (
        f"CPU µs for each chat message at {A_TURN} a turn; as many viewers as messages before. Past 3,000 checks a turn the rest "
        "is left out. A wait is remembered for 10,000 viewers: of 100,000, each is new again and has the rule fire."
    )
    limit = Goal("cost after 100,000 events, to that after 1,000", 1.3, worst, "×")
    return Result([Table("Growth", head, rows, note)], [limit])
