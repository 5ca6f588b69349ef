"""The rules made ready: each with its gate and its history, found by trigger, so that an event costs its own rules only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vmsc_core import events
from vmsc_core.events import ChatMessage, Event
from vmsc_core.rules.budget import Budget
from vmsc_core.rules.explain import NEVER_ASKED
from vmsc_core.rules.filters import Gate
from vmsc_core.rules.rule import KINDS, NEW, RENEWAL, Kind, Rule

TRIGGERED: dict[type[Event], str] = {
    events.Follow: "follow",
    events.Subscription: "subscription",
    events.GiftedSubscriptions: "gifted_subs",
    events.KicksGifted: "kicks",
    events.RewardRedeemed: "reward",
    events.Host: "host",
    events.StreamStarted: "stream_started",
    events.StreamEnded: "stream_ended",
    events.MessageDeleted: "message_deleted",
}
"""The event → the trigger's saved ID; chat messages and the connection have rows of their own."""


class Armed:
    """One rule that is on. What is remembered of it outlives an edit."""

    def __init__(self, rule: Rule, order: int, before: Armed | None = None) -> None:
        self.rule = rule
        self.order = order
        self.kind: Kind = KINDS[rule.trigger.kind]
        self.is_chat = self.kind.is_chat
        self.gate = Gate(rule.filters, self.kind.filters)
        self.cooldown = rule.filters.cooldown
        self.cooldown_each = rule.filters.cooldown_each if "cooldown_each" in self.kind.filters else 0.0
        self.chance = rule.filters.chance
        self.hold = rule.filters.hold if "hold" in self.kind.filters else 0.0
        self.fires_if_open = self.cooldown > 0 and not self.cooldown_each and self.chance >= 100 and not self.gate.asks_for_moment
        """Whether an event that `gate` lets through fires it once its cooldown is over, while rules run and there's room."""
        self.ready_at: float = before.ready_at if before else float("-inf")  # monotonic seconds
        self.fired: int = before.fired if before else 0
        self.blocked: str = before.blocked if before else NEVER_ASKED
        self.entry: int = before.entry if before and before.rule.trigger == rule.trigger else 0  # of the connection's state

    def asks_for(self, event: Event) -> bool:
        """Whether the trigger's own field is right: which subscription, which reward."""
        trigger = self.rule.trigger
        if isinstance(event, events.Subscription):
            return trigger.which not in (NEW, RENEWAL) or (trigger.which == RENEWAL) == (event.months > 1)
        if isinstance(event, events.RewardRedeemed) and trigger.reward:
            return _same(trigger.reward, event.title)
        return True


class Index:
    """All rules by trigger."""

    def __init__(self, rules: Iterable[Rule] = (), before: Index | None = None) -> None:
        self.by_id: dict[str, Armed] = {}
        self._by_kind: dict[str, list[Armed]] = {}
        self._by_word: dict[str, list[Armed]] = {}
        for rule in rules:
            if rule.id in self.by_id or rule.trigger.kind not in KINDS:
                continue
            armed = Armed(rule, len(self.by_id), before.by_id.get(rule.id) if before else None)
            self.by_id[rule.id] = armed
            if not rule.on or not rule.actions or armed.gate.trouble is not None:
                continue
            if rule.trigger.kind == "command":
                word = first_word(rule.trigger.word)
                if word:
                    self._by_word.setdefault(word, []).append(armed)
            else:
                self._by_kind.setdefault(rule.trigger.kind, []).append(armed)
        self.hears_chat = bool(self._by_word) or any(KINDS[kind].is_chat for kind in self._by_kind)
        """Whether a chat message may fire any of them."""

    @property
    def by_word(self) -> Mapping[str, Sequence[Armed]]:
        """The rules that can fire for a command: its word as `first_word` gives it → them."""
        return self._by_word

    def budget(self) -> Budget:
        """A budget for the regular expressions of the rules that can fire."""
        armed = [one for row in (*self._by_kind.values(), *self._by_word.values()) for one in row if one.gate.pattern is not None]
        return Budget([one.rule.id for one in armed if one.kind.is_chat], any(not one.kind.is_chat for one in armed))

    @property
    def on(self) -> frozenset[str]:
        """The IDs of the rules that are on."""
        return frozenset(armed.rule.id for armed in self.by_id.values() if armed.rule.on)

    def of_kind(self, kind: str) -> list[Armed]:
        """The rules with this trigger that can fire, in the user's order."""
        return self._by_kind.get(kind, [])

    def for_event(self, event: Event) -> list[Armed]:
        """The rules that this event, which is no chat message, may fire."""
        kind = TRIGGERED.get(type(event))
        return [armed for armed in self.of_kind(kind) if armed.asks_for(event)] if kind else []

    def for_chat(self, message: ChatMessage, is_first: bool) -> list[Armed]:
        """The rules that this chat message may fire, in the user's order."""
        found = self.of_kind("chat")
        commands = self._by_word.get(first_word(message.text), []) if self._by_word else []
        firsts = self.of_kind("first_message") if is_first else []
        if not commands and not firsts:
            return found
        return sorted((*found, *commands, *firsts), key=lambda armed: armed.order)


def first_word(text: str) -> str:
    """The first word, in any case; of what is longer than any command, its beginning."""
    text = text[:200]
    return text.split(None, 1)[0].casefold() if text and not text.isspace() else ""


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
