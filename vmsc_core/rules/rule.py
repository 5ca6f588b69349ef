"""A rule as a value: trigger → filters → chain of actions. Knows no OBS and no sentence.

KINDS is the table of triggers: saved ID → what can be typed for it, which filters apply, which placeholders its templates have.
A trigger's title on the page is in words/ under rule_kind_ID.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vmsc_core.rules.actions import Action
from vmsc_core.rules.filters import NAMED, ROLES, Filters
from vmsc_core.rules.spec import LONGEST_WORD, Spec

MOST_RULES = 1000
MOST_ACTIONS = 20
"""Of one rule. The page shows five."""

LONGEST_HOLD = 600
"""Seconds for which a connection state may be asked to last."""

NEW, RENEWAL, BOTH = "new", "renewal", "both"
STATUSES = ("reconnecting", "connected", "live", "error", "connecting", "disconnected")
"""What the trigger "connection" can wait for. "connected" is true while the stream is live, too."""


@dataclass(frozen=True)
class Trigger:
    """What a rule waits for. `kind` is one of KINDS; which of the rest counts is in that row.

    `word` is a command with its sign, as "!brb"; `which` is for subscriptions; `reward` is a title, "" for any; the connection
    must have been in `status` for `seconds`.
    """

    kind: str = "follow"
    word: str = ""
    which: str = BOTH
    reward: str = ""
    status: str = "reconnecting"
    seconds: float = 0.0


_NO_FILTERS = Filters()


@dataclass(frozen=True)
class Rule:
    """One rule. `id` is unique among the rules and stays when the rule is edited; `name` is the user's own, often empty."""

    id: str
    name: str = ""
    on: bool = True
    trigger: Trigger = Trigger()
    filters: Filters = _NO_FILTERS
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A row of KINDS. `filters` are the keys of Filters that apply; `who` the choices of its `who`; `amount` names the
    placeholder that `at_least` compares. `rank` orders waiting alerts, the lowest first; chat's is CHAT_RANK.
    """

    specs: tuple[Spec, ...] = ()
    filters: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    amount: str = ""
    placeholders: tuple[str, ...] = ()
    rank: int = 3
    is_chat: bool = False


CHAT_RANK = 9
ALWAYS_THERE = ("channel", "uptime", "total", "follows", "subs", "gifts")
"""Placeholders of every kind: the channel's name, how long it's been connected, its followers, and the counts of this stream."""

_WHEN = ("chance", "cooldown", "only", "scene")
_CHAT = ("text", "how", "who", "names", *_WHEN, "cooldown_each", "hold")
_PERSON = ("who", "names", *_WHEN, "cooldown_each")
_SAID = ("user", "message", "months", "command", "args", "arg1")


def _kind(
    placeholders: tuple[str, ...] = (),
    filters: tuple[str, ...] = _WHEN,
    specs: tuple[Spec, ...] = (),
    amount: str = "",
    rank: int = 3,
) -> Kind:
    everybody = NAMED if "who" in filters else ()
    more = ("at_least",) if amount else ()
    return Kind(specs, (*filters, *more), everybody, amount, (*placeholders, *ALWAYS_THERE), rank)


def _chat(specs: tuple[Spec, ...] = ()) -> Kind:
    return Kind(specs, _CHAT, ROLES, "", (*_SAID, *ALWAYS_THERE), CHAT_RANK, is_chat=True)


KINDS: dict[str, Kind] = {
    "chat": _chat(),
    "command": _chat((Spec("word", "text", longest=LONGEST_WORD),)),
    "first_message": _chat(),
    "follow": _kind(("user", "count"), _PERSON, rank=2),
    "subscription": _kind(
        ("user", "months", "message"),
        ("text", "how", *_PERSON),
        (Spec("which", "choice", (BOTH, NEW, RENEWAL)),),
        "months",
        rank=1,
    ),
    "gifted_subs": _kind(("user", "count", "recipients"), _PERSON, amount="count", rank=0),
    "kicks": _kind(("user", "amount", "gift", "message"), ("text", "how", *_PERSON), amount="amount", rank=0),
    "reward": _kind(("user", "reward", "message"), ("text", "how", *_PERSON), (Spec("reward", "text"),)),
    "host": _kind(("user", "viewers", "message"), ("text", "how", *_PERSON), amount="viewers", rank=1),
    "stream_started": _kind(("title",)),
    "stream_ended": _kind(),
    "message_deleted": _kind(),
    "connection": _kind(
        ("status",),
        specs=(Spec("status", "choice", STATUSES), Spec("seconds", "seconds", low=0, high=LONGEST_HOLD)),
    ),
}
"""Saved ID → trigger, in the order of the page's list."""


def new_id(rules: Iterable[Rule]) -> str:
    """An ID that none of `rules` has: one above the highest number among them."""
    numbers = [int(rule.id[1:]) for rule in rules if rule.id[:1] == "r" and rule.id[1:].isdecimal() and len(rule.id) < 16]
    return f"r{max(numbers, default=0) + 1}"


def renumbered(rules: Iterable[Rule], existing: Iterable[Rule]) -> tuple[Rule, ...]:
    """`rules` with IDs that neither each other nor `existing` have: for what is imported or duplicated."""
    taken = list(existing)
    added: list[Rule] = []
    for rule in rules:
        own = rule if all(rule.id != other.id for other in taken) else replace(rule, id=new_id(taken))
        taken.append(own)
        added.append(own)
    return tuple(added)
