"""Made-up events, one for each trigger: for "Try it". Knows no rule but its trigger and its filters' thresholds."""

from __future__ import annotations

from collections.abc import Callable

from vmsc_core import events
from vmsc_core.events import Badge, ChatMessage, Event
from vmsc_core.rules.rule import RENEWAL, Rule
from vmsc_core.words import say

USER = "NightOwl"
OTHERS = ("Anna_K", "Bob99", "Cleo", "Dana", "Eli")


def sample(rule: Rule, language: str = "en") -> Event | None:
    """An event that this rule's trigger waits for; None where no event does (the connection)."""
    make = _SAMPLES.get(rule.trigger.kind)
    return make(rule, say("rule_sample_message", language)) if make is not None else None


def _chat(rule: Rule, text: str) -> Event:
    word = rule.trigger.word.strip() if rule.trigger.kind == "command" else ""
    return ChatMessage(id="", username=USER, text=f"{word} {text}".strip(), badges=(Badge("subscriber", "Subscriber", 6),))


def _subscription(rule: Rule, text: str) -> Event:
    least = max(rule.filters.at_least, 2 if rule.trigger.which == RENEWAL else 1)
    return events.Subscription(USER, least, text)


def _gifts(rule: Rule, text: str) -> Event:
    count = max(5, rule.filters.at_least)
    return events.GiftedSubscriptions(USER, OTHERS, count)


_SAMPLES: dict[str, Callable[[Rule, str], Event]] = {
    "chat": _chat,
    "command": _chat,
    "first_message": _chat,
    "follow": lambda rule, text: events.Follow(USER, None),
    "subscription": _subscription,
    "gifted_subs": _gifts,
    "kicks": lambda rule, text: events.KicksGifted(USER, max(100, rule.filters.at_least), "Hell Yeah", text),
    "reward": lambda rule, text: events.RewardRedeemed(USER, rule.trigger.reward or "Hydrate", text),
    "host": lambda rule, text: events.Host(USER, max(25, rule.filters.at_least), text),
    "stream_started": lambda rule, text: events.StreamStarted(None, "Test stream"),
    "stream_ended": lambda rule, text: events.StreamEnded(None),
    "message_deleted": lambda rule, text: events.MessageDeleted("test"),
}
