"""What an event has to say to a rule: who, what, how much, and the values of its placeholders. Knows no rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Union

from vmsc_core import events
from vmsc_core.card.card import duration
from vmsc_core.events import ChatMessage, Event
from vmsc_core.rules.template import plain
from vmsc_core.state import State
from vmsc_core.words import say

MOST_RECIPIENTS = 5
"""Names that {recipients} lists before it counts the rest."""

Values = dict[str, Union[str, int, None]]


class Facts:
    """One event, read once. `viewer` is who did it, in lower case, "" for nobody; `user` is how Kick spells it.

    `text` is what they wrote, on one line; `folded` the same for comparing; `amount` is what `at_least` compares.
    """

    __slots__ = ("_badges", "amount", "event", "folded", "message_id", "text", "user", "viewer")

    def __init__(self, event: Event | None, user: str | None = None, text: str | None = None, amount: int = 0) -> None:
        self.event = event
        self.user = user or ""
        self.viewer = self.user.casefold()
        self.text = plain(text) if text else ""
        self.folded = self.text.casefold()
        self.amount = amount
        self._badges: frozenset[str] | None = None
        self.message_id: str | None = event.id if isinstance(event, ChatMessage) else None

    @property
    def badges(self) -> frozenset[str]:
        """Which badges the viewer has, by their kinds: Kick sends them with chat messages only, and few rules ask for them."""
        if self._badges is None:
            badges = self.event.badges if isinstance(self.event, ChatMessage) else ()
            self._badges = frozenset(badge.kind for badge in badges)
        return self._badges

    @property
    def words(self) -> tuple[str, ...]:
        """What they wrote, word by word."""
        return tuple(self.text.split())


_READ: dict[type[Any], Callable[[Any], Facts]] = {
    ChatMessage: lambda e: Facts(e, e.username, e.text),
    events.Follow: lambda e: Facts(e, e.username, amount=e.count),
    events.Subscription: lambda e: Facts(e, e.username, e.message, e.months),
    events.GiftedSubscriptions: lambda e: Facts(e, e.gifter, amount=e.count),
    events.KicksGifted: lambda e: Facts(e, e.username, e.message, e.amount),
    events.RewardRedeemed: lambda e: Facts(e, e.username, e.text),
    events.Host: lambda e: Facts(e, e.username, e.message, e.viewers),
}


def read(event: Event) -> Facts:
    """What `event` has to say; of an event that nobody did, nothing. Never raises."""
    reader = _READ.get(type(event))
    return Facts(event) if reader is None else reader(event)


def values(facts: Facts, state: State, now: float, language: str = "en") -> dict[str, str]:
    """The placeholders of this event and their values, for template.fill. `now` is monotonic seconds."""
    tally = state.tally
    found: Values = {
        "channel": state.name,
        "uptime": duration(now - state.since if state.since is not None else 0.0),
        "total": state.followers,
        "follows": tally.follows,
        "subs": tally.subs,
        "gifts": tally.gifts,
    }
    event = facts.event
    if type(event) in _READ:
        found.update(user=facts.user or say("rule_someone", language), message=facts.text)
    found.update(_own(event, facts, language))
    return {name: _shown(value) for name, value in found.items()}


def _own(event: Event | None, facts: Facts, language: str) -> Values:
    """What only this kind of event has."""
    if isinstance(event, ChatMessage):
        command, _, args = facts.text.partition(" ")
        return {"command": command, "args": args, "months": _months(event)}
    if isinstance(event, events.Follow):
        return {"count": event.count, "total": event.total} if event.total is not None else {"count": event.count}
    if isinstance(event, events.Subscription):
        return {"months": event.months}
    if isinstance(event, events.GiftedSubscriptions):
        return {"count": event.count, "recipients": _recipients(event, language)}
    if isinstance(event, events.KicksGifted):
        return {"amount": event.amount, "gift": event.gift}
    if isinstance(event, events.RewardRedeemed):
        return {"reward": event.title}
    if isinstance(event, events.Host):
        return {"viewers": event.viewers}
    if isinstance(event, events.StreamStarted):
        return {"title": event.title}
    return {}


def _months(event: ChatMessage) -> int | None:
    """For how many months the writer has subscribed: said by the celebration, else by the badge."""
    if event.months is not None:
        return event.months
    return next((badge.count for badge in event.badges if badge.kind == "subscriber"), None)


def _recipients(event: events.GiftedSubscriptions, language: str) -> str:
    names = [name for name in event.recipients[:MOST_RECIPIENTS] if name]
    more = max(event.count, len(event.recipients)) - len(names)
    if not names:
        return ""
    listed = ", ".join(names)
    return listed if more <= 0 else say("rule_and_more", language, names=listed, count=f"{more:,}")


def _shown(value: str | int | None) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, str) else f"{value:,}"


def with_status(found: dict[str, str], status: str, language: str) -> dict[str, str]:
    """The values of a rule that waits for the connection to be in `status`."""
    return {**found, "status": say(f"status_{status}", language)}
