"""Which rules fire now, and what they do: the Rulebook. Knows no OBS; what it hands out is done elsewhere.

Rules a maintainer must keep:
1. Each event is passed to `plan` once, with the state after it, but for chat that the `ear` left out; `due` ends each turn of
   the timer.
2. A rule fires at most once for an event. A cooldown begins when a rule has fired, not when it was kept from it.
3. Whatever comes, a turn costs a bounded time and nothing is remembered without bound: checks and regular expressions
   are counted here and in budget.py, chains and actions in chains.py. What finds no room is counted in `thinned`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from vmsc_core import events
from vmsc_core.events import ChatMessage, Event, Status
from vmsc_core.host import Host
from vmsc_core.reasons import Reason
from vmsc_core.rules import explain, facts
from vmsc_core.rules.actions import Action, Planned
from vmsc_core.rules.armed import Armed, Index
from vmsc_core.rules.chains import Chains
from vmsc_core.rules.connection import Connection
from vmsc_core.rules.ear import Ear
from vmsc_core.rules.explain import Outcome
from vmsc_core.rules.facts import Facts
from vmsc_core.rules.firing import chain_of
from vmsc_core.rules.memory import Greeted, Waits
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.shown import taken_back
from vmsc_core.state import State

CHECKS_PER_TURN = 3000
"""Filters of chat rules looked at in one turn, each about a microsecond."""


class Rulebook:
    """The rules and all they remember. Timer's thread only, but for what `ear` gives.

    `now` is monotonic seconds; `rng` returns 0 ≤ x < 1.
    `paused`: nothing fires; what has begun goes on to its end. `thinned` counts what a flood kept from firing, and `clock_offset`
    is Unix seconds minus monotonic ones, for the times in the events file. `stopwatch` gives seconds that only differences of
    count; without one a search is taken to last as long as it can.
    `explains`: where there are rules for chat, all of it is to be planned, because `outcomes` reports why each rule didn't fire.
    """

    def __init__(self, rules: Iterable[Rule], rng: Callable[[], float], language: str = "en") -> None:
        self.paused = self.explains = False
        self.thinned = 0
        self.language = language
        self.clock_offset: float | None = None
        self.stopwatch: Callable[[], float] | None = None
        self._rng = rng
        self._index = Index(rules)
        self._chains = Chains()
        self._connection = Connection()
        self._greeted, self._waits = Greeted(), Waits()
        self._live: bool | None = None
        self._state, self._host = State(), Host()
        self._checks = 0
        self._budget = self._index.budget()
        self._ear: Ear | None = None

    @property
    def deadline(self) -> float | None:
        """When `due` has something to hand out (in the past: at once); None while nothing waits."""
        moments = [self._chains.deadline, *(self._held_until(armed) for armed in self._index.of_kind("connection"))]
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def hears_chat(self) -> bool:
        """Whether any rule waits for chat messages; else a run of them needs no `plan`."""
        return self._index.hears_chat

    def slow(self) -> str:
        """The ID of a rule whose regular expression took so long that it wasn't searched for each time; "" when all are told.

        Each is told once, until there are other rules.
        """
        return self._budget.named.popleft() if self._budget.named else ""

    @property
    def undone(self) -> list[Action]:
        """What chains that have begun would still do with what they have changed. Any thread."""
        return self._chains.undone

    def ear(self, clock: Callable[[], float]) -> Callable[[ChatMessage], bool]:
        """Whether a chat message may fire a rule: for the link's thread, until the rules are others. `clock` is that of `plan`.

        What no rule may fire for need not come here. Other rules are heard for from the turn after `replace` on. Who writes
        is remembered only while there is a rule for first messages.
        """
        if not self.hears_chat:
            return _hears_nothing
        if self.explains:
            return _hears_all
        if self._ear is None:
            greeted = self._greeted if self._index.of_kind("first_message") else None
            self._ear = Ear(self._index.of_kind("chat"), self._index.by_word, greeted, clock)
        return self._ear

    @property
    def dropped_alerts(self) -> int:
        """How many alerts found no room in the queue."""
        return self._chains.alerts.dropped

    def replace(self, rules: Iterable[Rule]) -> None:
        """Other rules from now on. Those with an ID that was there before keep their cooldowns.

        A rule that is new does not fire for a state of the connection that was entered before it came.
        """
        before, self._index = self._index, Index(rules, self._index)
        self._budget, self._ear = self._index.budget(), None
        for armed in self._index.of_kind("connection"):
            known, since = before.by_id.get(armed.rule.id), self._connection.since(armed.rule.trigger.status)
            if since is not None and (known is None or not known.rule.on or known.rule.trigger != armed.rule.trigger):
                armed.entry = since[1]
        self._waits.keep(frozenset(self._index.by_id))
        self._chains.keep_rules(self._index.on)

    def skip_alert(self) -> None:
        """The alert that is shown is over; the next `due` hands out HideAlert."""
        self._chains.alerts.skip()

    def plan(self, event: Event, state: State, host: Host, now: float) -> list[Planned]:
        """What is to be done now because of `event`; `state` is the one after it. Never raises."""
        self._follow(state, host, now)
        if isinstance(event, ChatMessage):
            greets = bool(self._index.of_kind("first_message"))
            is_first = greets and self._greeted.is_first(event.username.casefold())
            candidates = self._index.for_chat(event, is_first)
        else:
            self._heard(event, now)
            candidates = self._index.for_event(event)
        if candidates and self._checks >= CHECKS_PER_TURN and isinstance(event, ChatMessage):
            self.thinned += len(candidates)  # this turn's room is used up: not even read
        elif candidates:
            self._consider(candidates, facts.read(event), now)
        return [] if self._chains.is_idle else self._chains.hand_out(now)

    def due(self, now: float, state: State | None = None, host: Host | None = None) -> list[Planned]:
        """What is to be done now because its time has come. Ends the turn: call it once in each, after the turn's events."""
        self._follow(self._state if state is None else state, self._host if host is None else host, now)
        for armed in self._index.of_kind("connection"):
            moment = self._held_until(armed)
            if moment is not None and moment <= now:
                self._entered(armed, now)
        planned = self._chains.due(now)
        self._checks = 0
        self._budget.end_turn()
        if self._ear is not None:
            self._ear.turn += 1
        return planned

    def try_now(self, rule: Rule, event: Event | None, state: State, now: float) -> list[Planned]:
        """Runs `rule` for `event` whatever its filters say: for "Try it". It need not be one of the rules."""
        told = Facts(None) if event is None else facts.read(event)
        chain = chain_of(rule, told, self._values(told, rule, state, now), now, self.clock_offset, is_tried=True)
        if self._chains.has_room(True):
            self._chains.start(chain, now)
        return self._chains.hand_out(now)

    def why_not(self, rule: Rule, event: Event | None, state: State, host: Host, now: float) -> tuple[Reason, ...]:
        """All that would keep `rule` from firing for `event` now, each once; a state of the connection has no event.

        It need not be one of the rules. Changes nothing.
        """
        armed = Armed(rule, 0, self._index.by_id.get(rule.id))
        told = Facts(None) if event is None else facts.read(event)
        codes = list(self._unfit(armed))
        if event is not None and state.status not in (Status.CONNECTED, Status.LIVE):
            codes.append(explain.CONNECTED)
        codes += [*armed.gate.against(told, state, host), self._waiting(armed, told, now)]
        codes += [explain.ALWAYS] if armed.chance < 100 else []
        if event is not None and not any(codes) and not self._is_for(armed, event):
            codes.append(explain.OTHER)
        reasons = (self._reason(code, armed, told.viewer, now) for code in codes)
        return tuple(dict.fromkeys(reason for reason in reasons if reason is not None))

    def outcomes(self, now: float) -> tuple[Outcome, ...]:
        """How often each rule fired, and what kept it from firing last."""
        rows = self._index.by_id.values()
        return tuple(
            Outcome(
                armed.rule.id,
                armed.fired,
                self._reason(next(self._unfit(armed, but_paused=True), armed.blocked), armed, "", now),
            )
            for armed in rows
        )

    def forget_outcomes(self) -> None:
        """The counts of `outcomes` and `thinned` begin again."""
        self.thinned = 0
        for armed in self._index.by_id.values():
            armed.fired, armed.blocked = 0, explain.NEVER_ASKED

    # -- what happened ----------------------------------------------------------------------------------------------

    def _follow(self, state: State, host: Host, now: float) -> None:
        self._state, self._host = state, host
        self._connection.follow(state.status, now)

    def _heard(self, event: Event, now: float) -> None:
        """What an event changes of what is remembered, whatever the rules are."""
        gone = taken_back(event)
        if gone is not None:
            self._chains.take_back(gone)
        is_live = self._state.live
        if isinstance(event, events.StreamStarted) or (is_live is True and self._live is False):
            self._greeted.clear()
        self._live = is_live

    def _held_until(self, armed: Armed) -> float | None:
        """When the state of the connection has lasted as long as the rule asks; None while it isn't so, or if it has fired."""
        trigger = armed.rule.trigger
        since = self._connection.since(trigger.status)
        return None if since is None or since[1] == armed.entry or self.paused else since[0] + trigger.seconds

    def _entered(self, armed: Armed, now: float) -> None:
        since = self._connection.since(armed.rule.trigger.status)
        armed.entry = since[1] if since is not None else 0
        self._consider([armed], Facts(None), now)

    # -- which rules fire -------------------------------------------------------------------------------------------

    def _consider(self, candidates: list[Armed], told: Facts, now: float) -> None:
        if self.paused:
            for armed in candidates:
                armed.blocked = explain.PAUSED
            return
        for armed in candidates:  # hundreds of times a turn in a flood: no more calls than needed
            self._checks += armed.is_chat
            if armed.is_chat and self._checks > CHECKS_PER_TURN:
                self._thin(armed)
                continue
            armed.blocked = self._stopped(armed, told) or self._waiting(armed, told, now)
            self.thinned += armed.blocked == explain.THINNED
            if not armed.blocked and armed.chance < 100 and self._rng() * 100 >= armed.chance:
                armed.blocked = explain.CHANCE
            if not armed.blocked:
                self._fire(armed, told, now)

    def _stopped(self, armed: Armed, told: Facts) -> str:
        """Which filter stops it, or that this turn has no room for its regular expression."""
        closed, pattern = armed.gate.closed(told, self._state, self._host), armed.gate.pattern
        if closed or pattern is None:
            return closed
        worst, rule_id = pattern.worst(told.text), armed.rule.id
        if not self._budget.may(rule_id, worst):
            return explain.THINNED
        began = self.stopwatch() if self.stopwatch is not None else 0.0
        is_found = pattern.found_in(told.text)
        # What else the computer did meanwhile isn't the rule's.
        self._budget.spend(rule_id, worst if self.stopwatch is None else min(worst, self.stopwatch() - began))
        return "" if is_found else "text"

    def _thin(self, armed: Armed) -> None:
        armed.blocked = explain.THINNED
        self.thinned += 1

    def _waiting(self, armed: Armed, told: Facts, now: float) -> str:
        """Which cooldown still runs."""
        if now < armed.ready_at:
            return explain.COOLDOWN
        if armed.cooldown_each and told.viewer and self._waits.left((armed.rule.id, told.viewer), now):
            return explain.COOLDOWN_EACH
        return ""

    def _fire(self, armed: Armed, told: Facts, now: float) -> None:
        rule = armed.rule
        if not self._chains.has_room(not armed.is_chat):
            self._thin(armed)
            return
        armed.fired += 1
        if armed.cooldown:
            armed.ready_at = now + armed.cooldown
        if armed.cooldown_each and told.viewer:
            self._waits.start((rule.id, told.viewer), now + armed.cooldown_each)
        chain = chain_of(rule, told, self._values(told, rule, self._state, now), now, self.clock_offset)
        self._chains.start(chain, now, armed.hold)

    def _values(self, told: Facts, rule: Rule, state: State, now: float) -> dict[str, str]:
        values = facts.values(told, state, now, self.language)
        return facts.with_status(values, rule.trigger.status, self.language) if rule.trigger.kind == "connection" else values

    # -- why one did not --------------------------------------------------------------------------------------------

    def _unfit(self, armed: Armed, but_paused: bool = False) -> Iterator[str]:
        """What keeps a rule from firing whatever happens."""
        if not armed.rule.on:
            yield explain.OFF
        if not armed.rule.actions:
            yield explain.NO_ACTIONS
        if armed.gate.trouble is not None:
            yield explain.TROUBLE
        if self.paused and not but_paused:
            yield explain.PAUSED

    def _is_for(self, armed: Armed, event: Event) -> bool:
        only = Index([armed.rule])
        return bool(only.for_chat(event, is_first=True) if isinstance(event, ChatMessage) else only.for_event(event))

    def _reason(self, code: str, armed: Armed, viewer: str, now: float) -> Reason | None:
        each = self._waits.left((armed.rule.id, viewer), now)
        left = armed.ready_at - now if code == explain.COOLDOWN else each
        return explain.reason(code, armed.rule, left, armed.gate.trouble) if code else None


def _hears_all(message: ChatMessage) -> bool:
    return True


def _hears_nothing(message: ChatMessage) -> bool:
    return False
