"""The chains of actions that have begun or wait: what is handed out now, how much of it, and what is dropped. Knows no filter.

Rules a maintainer must keep:
1. A turn is what lies between two calls of `due`: at most ACTIONS_PER_TURN actions, at most CHAT_ACTIONS_PER_TURN of them for
   chat; first what is withdrawn, then alerts, then the rest.
2. A chain is let in as a whole or not at all (`has_room`), so that no "show, wait, hide" stops in the middle.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable

from vmsc_core.rules.actions import (
    Action,
    AddLine,
    ChapterMarker,
    Planned,
    SetText,
    ShowAlert,
    Wait,
    WriteEvent,
    WriteLabel,
    changed_by,
    in_the_end,
)
from vmsc_core.rules.alerts import Alerts
from vmsc_core.rules.shown import Shown, TakenBack

ACTIONS_PER_TURN = 20
CHAT_ACTIONS_PER_TURN = 12

MOST_CHAINS = 300
"""Chains that have begun or wait."""

MOST_CHAT_CHAINS = 100
"""As many of them for chat messages."""

_TELLING = (SetText, AddLine, ShowAlert, WriteLabel, ChapterMarker, WriteEvent)
"""What repeats a viewer's words."""


class Chain:
    """One firing of a rule: its actions, filled in, and how many of them are done."""

    __slots__ = ("actions", "done", "is_alert", "kind", "message_id", "rank", "rule_id", "viewer")

    def __init__(
        self, rule_id: str, kind: str, rank: int, is_alert: bool, actions: Iterable[Action], message_id: str | None, viewer: str
    ) -> None:
        self.rule_id, self.kind, self.rank, self.is_alert = rule_id, kind, rank, is_alert
        self.actions, self.message_id, self.viewer = list(actions), message_id, viewer
        self.done = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= len(self.actions)

    def next(self) -> Action | None:
        """The next action, which is done from now on; None when nothing is left."""
        if self.is_over:
            return None
        self.done += 1
        return self.actions[self.done - 1]

    def planned(self, action: Action) -> Planned:
        """One of its actions, to be handed out."""
        return Planned(self.rule_id, action, self.is_alert, self.message_id, self.kind)

    @property
    def undone(self) -> list[Action]:
        """What is still to be done with what it has changed, as it ends: "unmute" of "mute, wait, unmute"."""
        changed = {changed_by(action) for action in self.actions[: self.done]} - {None}
        return [in_the_end(action) for action in self.actions[self.done :] if changed_by(action) in changed]

    def survives(self, gone: TakenBack) -> bool:
        """Whether there's still something to do after the messages in `gone` went: what has begun ends without their words."""
        if not gone.covers(self.message_id, self.viewer):
            return True
        if not self.done:
            return False
        self.actions[self.done :] = [action for action in self.actions[self.done :] if not isinstance(action, _TELLING)]
        return True


class Chains:
    """All chains. `start` one, then `hand_out`; once a turn, `due`. `now` is monotonic seconds."""

    def __init__(self) -> None:
        self.alerts = Alerts()
        self._shown = Shown()
        self._withdrawn: deque[Planned] = deque()
        self._ready: dict[bool, deque[Chain]] = {True: deque(), False: deque()}  # by is_alert
        self._later: list[tuple[float, int, Chain]] = []  # a heap by monotonic seconds
        self._number = 0
        self._chat = 0  # chains that aren't alerts
        self._left, self._chat_left = ACTIONS_PER_TURN, CHAT_ACTIONS_PER_TURN

    def __len__(self) -> int:
        return len(self._ready[True]) + len(self._ready[False]) + len(self._later)

    @property
    def deadline(self) -> float | None:
        """When `due` has something to hand out, -inf for at once; None when nothing waits."""
        if self._withdrawn or self._ready[True] or self._ready[False]:
            return float("-inf")
        moments = [self._later[0][0]] if self._later else []
        return min(moments if self.alerts.deadline is None else [*moments, self.alerts.deadline], default=None)

    def has_room(self, is_alert: bool) -> bool:
        """Whether another chain may start."""
        if is_alert:
            return len(self) < MOST_CHAINS
        return self._chat < MOST_CHAT_CHAINS and len(self) < MOST_CHAINS

    def start(self, chain: Chain, now: float, hold: float = 0.0) -> None:
        """A rule fired; its chain begins after `hold` seconds."""
        self._chat += not chain.is_alert
        if hold > 0:
            self._put_off(chain, now + hold)
        else:
            self._ready[chain.is_alert].append(chain)

    @property
    def is_idle(self) -> bool:
        """Whether nothing has begun and nothing waits."""
        return not (self._withdrawn or self._ready[True] or self._ready[False] or self._later) and self.alerts.deadline is None

    def due(self, now: float) -> list[Planned]:
        """What is to be done now; ends the turn."""
        planned = [] if self.is_idle else self.hand_out(now)
        self._left, self._chat_left = ACTIONS_PER_TURN, CHAT_ACTIONS_PER_TURN
        return planned

    def hand_out(self, now: float) -> list[Planned]:
        """What is to be done now, as far as this turn's budget goes."""
        while self._later and self._later[0][0] <= now:
            chain = heapq.heappop(self._later)[2]
            self._ready[chain.is_alert].append(chain)
        out: list[Planned] = []
        while self._left > 0:
            planned = self._next(now)
            if planned is None:
                break
            self._left -= 1
            out.append(planned)
        return out

    @property
    def undone(self) -> list[Action]:
        """What the chains that have begun would still do with what they have changed, each chain's in order."""
        later = [chain for _, _, chain in sorted(self._later)]
        return [action for chain in (*self._ready[True], *self._ready[False], *later) for action in chain.undone]

    def take_back(self, gone: TakenBack) -> None:
        """Chat messages are gone: what waits for them is dropped, what shows them is withdrawn."""
        self.alerts.withdraw(gone)
        self._keep(lambda chain: chain.survives(gone))
        self._withdrawn.extend(self._shown.withdraw(gone))

    def keep_rules(self, rule_ids: frozenset[str]) -> None:
        """Rules were deleted or turned off: what they began ends, what they have not begun is dropped."""
        self._keep(lambda chain: chain.done > 0 or chain.rule_id in rule_ids)

    def _keep(self, is_kept: Callable[[Chain], bool]) -> None:
        for is_alert, ready in self._ready.items():
            self._ready[is_alert] = deque(chain for chain in ready if is_kept(chain))
        self._later = [row for row in self._later if is_kept(row[2])]
        heapq.heapify(self._later)
        self._chat = len(self._ready[False]) + sum(1 for _, _, chain in self._later if not chain.is_alert)

    def _put_off(self, chain: Chain, until: float) -> None:
        self._number += 1  # equal moments stay in order
        heapq.heappush(self._later, (until, self._number, chain))

    def _next(self, now: float) -> Planned | None:
        if self._withdrawn:
            return self._withdrawn.popleft()
        planned = self._step(True, now) or self.alerts.due(now)
        if planned is None and self._chat_left > 0:
            planned = self._step(False, now)
            self._chat_left -= planned is not None
        return planned or self.alerts.due(now)

    def _step(self, is_alert: bool, now: float) -> Planned | None:
        """The next action of the first chain; waits and alerts go where they wait."""
        ready = self._ready[is_alert]
        while ready:
            chain = ready[0]
            action = chain.next()
            if action is None or chain.is_over or isinstance(action, Wait):
                ready.popleft()
                self._chat -= chain.is_over and not is_alert
            if isinstance(action, Wait):
                if not chain.is_over:
                    self._put_off(chain, now + action.seconds)
            elif isinstance(action, ShowAlert):
                self.alerts.add(chain.planned(action), action, chain.rank, chain.viewer)
            elif action is not None:
                planned = chain.planned(action)
                self._shown.note(planned, chain.viewer)
                return planned
        return None
