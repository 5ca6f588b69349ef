"""Made-up events, one for each trigger, that a rule's filters let through where that can be done: for "Try it"."""

from __future__ import annotations

from collections.abc import Callable

from vmsc_core import events
from vmsc_core.events import Badge, ChatMessage, Event
from vmsc_core.rules.filters import BADGES, IS, NOT_THESE, REGEX, STARTS, THESE, name_key
from vmsc_core.rules.rule import RENEWAL, Rule
from vmsc_core.words import say

USER = "NightOwl"
OTHERS = ("Anna_K", "Bob99", "Cleo", "Dana", "Eli")


def sample(rule: Rule, language: str = "en") -> Event | None:
    """An event that this rule's trigger waits for; None where no event does (the connection).

    It's from whom the rule is for, and says what the rule looks for, but for a regular expression.
    """
    make = _SAMPLES.get(rule.trigger.kind)
    return make(rule, _text(rule, say("rule_sample_message", language))) if make is not None else None


def _text(rule: Rule, text: str) -> str:
    filters = rule.filters
    wanted = filters.text.strip()
    if not wanted or filters.how == REGEX:
        return text
    if filters.how == IS:
        return wanted
    return f"{wanted} {text}" if filters.how == STARTS else f"{text} {wanted}"


def _user(rule: Rule) -> str:
    names = [name for name in rule.filters.names if name_key(name)]
    if rule.filters.who == THESE and names:
        return names[0].strip().lstrip("@")
    if rule.filters.who == NOT_THESE:
        others = {name_key(name) for name in names}
        return next((name for name in (USER, *OTHERS) if name_key(name) not in others), "Somebody")
    return USER


def _chat(rule: Rule, text: str) -> Event:
    word = rule.trigger.word.strip() if rule.trigger.kind == "command" else ""
    badges = [Badge("subscriber", "Subscriber", 6)]
    badges += [Badge(role, role) for role in BADGES if role == rule.filters.who != "subscriber"]
    if word and text.split()[:1] != [word]:  # what the filters want may begin with it
        text = f"{word} {text}".strip()
    return ChatMessage(id="", username=_user(rule), text=text, badges=tuple(badges))


def _subscription(rule: Rule, text: str) -> Event:
    least = max(rule.filters.at_least, 2 if rule.trigger.which == RENEWAL else 1)
    return events.Subscription(_user(rule), least, text)


def _gifts(rule: Rule, text: str) -> Event:
    count = max(5, rule.filters.at_least)
    return events.GiftedSubscriptions(_user(rule), OTHERS, count)


_SAMPLES: dict[str, Callable[[Rule, str], Event]] = {
    "chat": _chat,
    "command": _chat,
    "first_message": _chat,
    "follow": lambda rule, text: events.Follow(_user(rule), None),
    "subscription": _subscription,
    "gifted_subs": _gifts,
    "kicks": lambda rule, text: events.KicksGifted(_user(rule), max(100, rule.filters.at_least), "Hell Yeah", text),
    "reward": lambda rule, text: events.RewardRedeemed(_user(rule), rule.trigger.reward or "Hydrate", text),
    "host": lambda rule, text: events.Host(_user(rule), max(25, rule.filters.at_least), text),
    "stream_started": lambda rule, text: events.StreamStarted(None, "Test stream"),
    "stream_ended": lambda rule, text: events.StreamEnded(None),
    "message_deleted": lambda rule, text: events.MessageDeleted("test"),
}
