"""Whether a rule applies to an event: its filters as a value, and the Gate that is made of them. Knows no cooldown's history.

What a filter does where it doesn't apply (KINDS says where it does): nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vmsc_core.events import Status
from vmsc_core.host import Host
from vmsc_core.reasons import Reason
from vmsc_core.rules.facts import Facts
from vmsc_core.rules.pattern import LONGEST_PATTERN, Pattern, compiled
from vmsc_core.rules.spec import Spec
from vmsc_core.state import State

CONTAINS, IS, STARTS, REGEX = "contains", "is", "starts", "regex"
ANYONE, THESE, NOT_THESE = "anyone", "names", "not_names"
ROLES = (ANYONE, "subscriber", "vip", "og", "moderator", "broadcaster", THESE, NOT_THESE)
"""Whom a chat message can be from. Whether somebody follows isn't known."""

NAMED = (ANYONE, THESE, NOT_THESE)
"""Whom anything else can be from: Kick sends badges with chat messages only."""

ALWAYS, LIVE, STREAMING, RECORDING = "always", "live", "streaming", "recording"

BADGES: dict[str, frozenset[str]] = {
    "subscriber": frozenset(("subscriber", "founder", "broadcaster")),
    "vip": frozenset(("vip", "broadcaster")),
    "og": frozenset(("og", "broadcaster")),
    "moderator": frozenset(("moderator", "broadcaster")),
    "broadcaster": frozenset(("broadcaster",)),
}
"""Role → the badges that have it. The broadcaster may do what any of them may."""


@dataclass(frozen=True)
class Filters:
    """What must be so for a rule to fire; the defaults let everything through.

    `text` is looked for `how` says, "" is any text. `names` are those of `who` names and not_names. `at_least` compares months,
    gifts, Kicks or viewers. `chance` is in percent, cooldowns in seconds: for all, and for each viewer. `only` and `scene` say
    what must be true at that moment. `hold` is for how many seconds a chat message's actions wait for it to be deleted.
    """

    text: str = ""
    how: str = CONTAINS
    who: str = ANYONE
    names: tuple[str, ...] = ()
    at_least: int = 0
    chance: int = 100
    cooldown: float = 0.0
    cooldown_each: float = 0.0
    only: str = ALWAYS
    scene: str = ""
    hold: float = 0.0


FILTERS: tuple[Spec, ...] = (
    Spec("text", "text", longest=LONGEST_PATTERN),
    Spec("how", "choice", (CONTAINS, IS, STARTS, REGEX)),
    Spec("who", "choice", ROLES),
    Spec("names", "names"),
    Spec("at_least", "number", low=0, high=10_000_000),
    Spec("chance", "number", low=1, high=100),
    Spec("cooldown", "seconds", low=0, high=86_400),
    Spec("cooldown_each", "seconds", low=0, high=86_400),
    Spec("only", "choice", (ALWAYS, LIVE, STREAMING, RECORDING)),
    Spec("scene", "scene"),
    Spec("hold", "seconds", low=0, high=5),
)
"""What can be typed, in the order of the page."""


def name_key(name: str) -> str:
    """A viewer's name as it is compared: in any case, with or without @."""
    return name.strip().lstrip("@").casefold()


Check = Callable[[Facts], bool]
MomentCheck = Callable[[State, Host], bool]
AnyCheck = Callable[[Facts, State, Host], bool]


class Gate:
    """The filters of one rule, made ready: what applies to a trigger of this kind. `trouble` says why they can't be used.

    `pattern` is the regular expression that `blocked` searches for, None if there is none; `closed` leaves it out. `may_open`
    says whether an event gets through at some moment, as far as anything but the regular expression says.
    """

    def __init__(self, filters: Filters, applicable: tuple[str, ...]) -> None:
        self.filters, self._applicable = filters, applicable
        self.trouble: Reason | None = None
        self.pattern: Pattern | None = None
        if "text" in applicable and filters.how == REGEX and filters.text:
            pattern = compiled(filters.text)
            if isinstance(pattern, Reason):
                self.trouble = pattern
            else:
                self.pattern = pattern
        checks = {"who": self._who(), "at_least": self._at_least(), "only": None, "scene": None, "text": self._text()}
        moments = {"only": self._only(), "scene": self._scene()}
        # Only what asks for something: in a flood every rule is asked hundreds of times a second.
        own = {key: check for key, check in checks.items() if check is not None and key in applicable}
        now = {key: check for key, check in moments.items() if check is not None and key in applicable}
        self.may_open = _all_of(list(own.values()))
        self.asks_for_moment = bool(now)
        """Whether it isn't the event alone that counts: only while live, only in one scene."""
        self._checks: list[tuple[str, AnyCheck]] = [
            (key, _of_event(own[key]) if key in own else _of_moment(now[key])) for key in checks if key in own or key in now
        ]

    def blocked(self, facts: Facts, state: State, host: Host) -> str:
        """Which filter doesn't let this event through, as its key in Filters; "" when all of them do."""
        closed = self.closed(facts, state, host)
        if not closed and self.pattern is not None and not self.pattern.found_in(facts.text):
            return "text"
        return closed

    def closed(self, facts: Facts, state: State, host: Host) -> str:
        """The same, but for the regular expression."""
        for key, lets_through in self._checks:
            if not lets_through(facts, state, host):
                return key
        return ""

    def against(self, facts: Facts, state: State, host: Host) -> list[str]:
        """Every filter that doesn't let this event through, as its key in Filters. Slow: `blocked` is for each event."""
        each = (Gate(self.filters, (key,)).blocked(facts, state, host) for key in self._applicable)
        return [key for key in each if key]

    # Each of these gives the check of one filter, None when it lets everything through.

    def _who(self) -> Check | None:
        who, names = self.filters.who, frozenset(filter(None, map(name_key, self.filters.names)))
        if who == ANYONE:
            return None
        if who in (THESE, NOT_THESE):
            return lambda facts: (facts.viewer in names) is (who == THESE)
        badges = BADGES.get(who, frozenset())
        return lambda facts: not facts.badges.isdisjoint(badges)

    def _at_least(self) -> Check | None:
        least = self.filters.at_least
        return (lambda facts: facts.amount >= least) if least > 0 else None

    def _only(self) -> MomentCheck | None:
        only = self.filters.only
        return None if only == ALWAYS else lambda state, host: _is_so(only, state, host)

    def _scene(self) -> MomentCheck | None:
        scene = self.filters.scene
        return (lambda state, host: host.scene == scene) if scene else None

    def _text(self) -> Check | None:
        how, wanted = self.filters.how, " ".join(self.filters.text.split()).casefold()
        if how == REGEX or not wanted:
            return None
        if how == IS:
            return lambda facts: facts.folded == wanted
        if how == STARTS:
            return lambda facts: facts.folded.startswith(wanted)
        return lambda facts: wanted in facts.folded


def _of_event(check: Check) -> AnyCheck:
    return lambda facts, state, host: check(facts)


def _of_moment(check: MomentCheck) -> AnyCheck:
    return lambda facts, state, host: check(state, host)


def _all_of(checks: list[Check]) -> Check:
    if len(checks) == 1:  # as most often: without a call around it
        return checks[0]
    return lambda facts: all(lets_through(facts) for lets_through in checks)


def _is_so(only: str, state: State, host: Host) -> bool:
    if only == LIVE:
        return state.live is True or state.status is Status.LIVE
    return host.streaming if only == STREAMING else host.recording
