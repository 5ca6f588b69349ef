"""What the tests of rules share: short ways to make rules and events, and a book that is asked turn by turn."""

from __future__ import annotations

from typing import Any

from vmsc_core.events import Badge, ChatMessage, Event, Follow, GiftedSubscriptions
from vmsc_core.host import Host
from vmsc_core.rules.actions import Action, Planned, SetText, ShowSource
from vmsc_core.rules.book import Rulebook
from vmsc_core.rules.filters import Filters
from vmsc_core.rules.rule import Rule, Trigger
from vmsc_core.state import State

SHOW = ShowSource("Confetti")
SAY = SetText("Text", "{user}: {message}")


def rule(kind: str = "follow", *actions: Action, rule_id: str = "r1", on: bool = True, **more: Any) -> Rule:
    """A rule; `more` are fields of its trigger or its filters."""
    trigger = {key: value for key, value in more.items() if key in Trigger.__dataclass_fields__}
    filters = {key: value for key, value in more.items() if key not in trigger}
    return Rule(rule_id, "", on, Trigger(kind, **trigger), Filters(**filters), actions or (SHOW,))


def chat(
    text: str = "hello", user: str = "Ann", badges: tuple[str, ...] = (), message_id: str = "m1", **more: Any
) -> ChatMessage:
    return ChatMessage(message_id, user, text, tuple(Badge(kind, kind) for kind in badges))


FOLLOW = Follow("Ann", 10)
GIFT = GiftedSubscriptions("Ann", ("Bob",), 5)


class Book:
    """A Rulebook with state, host and clock at hand."""

    def __init__(self, *rules: Rule, chance: float = 0.0) -> None:
        self.roll = chance
        self.book = Rulebook(rules, lambda: self.roll)
        self.state, self.host, self.now = State(name="NightOwl"), Host(), 100.0

    def plan(self, event: Event) -> list[Planned]:
        return self.book.plan(event, self.state, self.host, self.now)

    def due(self, seconds: float = 0.0) -> list[Planned]:
        self.now += seconds
        return self.book.due(self.now, self.state, self.host)

    def turn(self, *events: Event, seconds: float = 0.1) -> list[Planned]:
        """A turn of the timer: what these events do, and what is due."""
        planned = [row for event in events for row in self.plan(event)]
        return planned + self.due(seconds)

    def actions(self, *events: Event) -> list[Action]:
        return [row.action for row in self.turn(*events)]
