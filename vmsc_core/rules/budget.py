"""How long regular expressions may be searched for in one turn: one budget for all rules, divided fairly. Knows no pattern.

It counts what searches have taken, and lets one begin only where even the worst it can take still fits. Rules a maintainer must
keep:
1. What is spent in a turn is never more than PER_TURN, however many rules there are.
2. Chat leaves room for one search of the other triggers, whose events come once.
3. Half of chat's part belongs to its rules in equal shares, for which no other rule can be in the way; the rest is first come,
   first served. So what takes long waits for its turn, and what is quick doesn't wait for it.
4. A rule that was refused comes first in the next turn, one of several after the other. So none waits forever, not even one
   whose single search takes more than the shares leave.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

PER_TURN = 0.003
"""Seconds: a sixth of a frame, ten times a second."""

LONGEST_SEARCH = PER_TURN / 2
"""Seconds that one search can take at the very most (see pattern.py): so one of chat and one of the others always fit."""

PATIENCE = 2
"""Turns for which a rule's place is kept that was refused and hasn't asked again."""

MOST_NAMED = 20
"""Rules that wait to be named."""


class Budget:
    """`may` before each search, `spend` after it, `end_turn` once a turn. For chat's rules with these IDs, and for others."""

    def __init__(self, chat: Iterable[str] = (), others: bool = False) -> None:
        self.named: deque[str] = deque(maxlen=MOST_NAMED)
        """The rules that were refused for the first time: whoever says so takes them out."""
        self._known: set[str] = set()
        self._chat = frozenset(chat)
        self._limit = PER_TURN - (LONGEST_SEARCH if others else 0.0)
        self._share = self._limit / 2 / max(1, len(self._chat))
        self._spent: dict[str, float] = {}  # this turn's, by chat's rules
        self._sum = self._all = 0.0
        self._kept = self._share * len(self._chat)  # what is left of all shares
        self._refused: dict[str, float] = {}
        self._first: tuple[str, float] | None = None
        self._patience = 0

    def may(self, rule_id: str, worst: float) -> bool:
        """Whether a search may begin that takes `worst` seconds at most."""
        if self._all + worst <= PER_TURN and (
            rule_id not in self._chat or self._sum + worst + self._held(rule_id) <= self._limit
        ):
            return True
        if rule_id not in self._known:
            self._known.add(rule_id)
            self.named.append(rule_id)
        self._refused.setdefault(rule_id, worst)
        return False

    def spend(self, rule_id: str, seconds: float) -> None:
        """A search has taken so long."""
        self._all += seconds
        self._refused.pop(rule_id, None)
        if self._first is not None and self._first[0] == rule_id:
            self._first = None
        if rule_id in self._chat:
            spent = self._spent.get(rule_id, 0.0)
            self._spent[rule_id] = spent + seconds
            self._sum += seconds
            self._kept -= min(seconds, max(0.0, self._share - spent))

    def end_turn(self) -> None:
        """The next turn begins."""
        if not (self._all or self._refused or self._first):
            return
        self._spent, self._sum, self._all, self._kept = {}, 0.0, 0.0, self._share * len(self._chat)
        self._patience -= 1
        if self._refused and (self._first is None or self._patience <= 0):
            rule_id = next(iter(self._refused))
            self._first, self._patience = (rule_id, self._refused.pop(rule_id)), PATIENCE
        elif self._patience <= 0:
            self._first = None

    def _held(self, rule_id: str) -> float:
        """What this rule must leave to others."""
        if self._first is not None and self._first[0] == rule_id:
            return 0.0
        others = max(0.0, self._kept - max(0.0, self._share - self._spent.get(rule_id, 0.0)))
        return max(others, 0.0 if self._first is None else self._first[1])
