"""How many followers are new, each told once, though three sources tell of the same people. Knows no other event.

A total (polled, or in a FollowersUpdated) counts by what exceeds the known one. A goal counts by its own last number, because
nobody knows how far it is from the total: whether it falls with an unfollow is Kick's secret. Whom one of them told first, the
others owe: told again, no news. A number beyond belief is held back until the next one confirms it.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read

TOTAL_LAG = 120.0
"""Seconds in which a polled total may be older than one that was pushed: a lower one is not believed before."""

GOAL_LAG = 120.0
"""Seconds in which a goal may still tell the followers that a poll saw first; later it has told them before."""

BURST = 10_000
"""Followers that any channel can win between two totals: a tenth of a host of 100,000."""

MOST_GOALS = 20


def _plausible(known: int, number: int) -> bool:
    """Whether `number` can follow `known`: neither less than half of it nor more than twice as much and BURST."""
    return known <= 2 * number and number <= 2 * known + BURST


class _Belief(Enum):
    USUAL = "usual"
    HELD = "held"  # beyond belief until the next number confirms it
    JUMP = "jump"  # confirmed: a start, nothing to count from


class _Doubt:
    """Kick sometimes answers 0 for a minute: a number beyond belief is held back until the next one agrees with it."""

    def __init__(self) -> None:
        self._held: int | None = None

    def weigh(self, known: int, number: int) -> _Belief:
        if _plausible(known, number):
            self._held = None
            return _Belief.USUAL
        if self._held is not None and _plausible(self._held, number):
            self._held = None
            return _Belief.JUMP
        self._held = number
        return _Belief.HELD


class _Teller:
    """One of those that push followers, by its own number; a rise of it counts but for whom others told first."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._doubt = _Doubt()
        self._owed = 0  # told by others, not by this one yet
        self._owed_until = float("-inf")
        self._away = False

    def owes(self, people: int, now: float) -> None:
        """Somebody else told `people` first."""
        self._owed = (self._owed if now < self._owed_until else 0) + people
        self._owed_until = float("inf") if self._away else now + GOAL_LAG

    def owes_less(self, people: int) -> None:
        """The total fell by so many: they will not come back."""
        self._owed = max(0, self._owed - people)

    def went_away(self) -> None:
        """The connection ended: the next number tells also who was missed meanwhile, however late it comes."""
        self._away = True
        self._owed_until = float("inf")

    def tells(self, number: int, now: float) -> int:
        """Its number is this now; gives how many people are news."""
        belief = self._doubt.weigh(self._number, number)
        if belief is _Belief.HELD:
            return 0
        rose, self._number = number - self._number, number
        owed = self._owed if now < self._owed_until else 0
        if belief is _Belief.JUMP:
            rose = owed = 0
        if self._away or rose < 0:
            self._owed_until = now + GOAL_LAG
        self._away = False
        self._owed = max(0, owed - rose)  # whom a fall took may come back
        return max(0, rose - owed)

    def tells_one(self, now: float) -> bool:
        """One more person; gives whether that is news."""
        return self.tells(self._number + 1, now) > 0


class Followers:
    """The followers of one channel. Each of `polled`, `updated` and `goal` gives the events in order."""

    def __init__(self) -> None:
        self._total: int | None = None
        self._pushed_at = float("-inf")
        self._doubt = _Doubt()
        self._fallen = 0  # how many the last fall beyond belief took
        self._goals: dict[str, _Teller] = {}
        self._frames = _Teller(0)  # FollowersUpdated without a total

    def went_away(self) -> None:
        """The connection ended: nothing is pushed until the next one."""
        for goal in self._goals.values():
            goal.went_away()

    def polled(self, total: int, now: float) -> list[Event]:
        """A look-up told this total."""
        known = self._total
        if known is None:
            self._total = total
            return [events.FollowerTotal(total)]
        if total < known and now < self._pushed_at + TOTAL_LAG:
            return []
        belief = self._doubt.weigh(known, total)
        if belief is _Belief.HELD:
            return []
        self._total, rose = total, total - known
        is_return = 0 < 9 * self._fallen <= 10 * rose  # at one stroke: that answer was wrong, however often it came
        if belief is _Belief.JUMP or is_return:
            self._fallen = max(0, -rose)
            return [events.FollowerTotal(total)]
        if rose <= 0:
            self._fell(-rose)
            return [events.FollowerTotal(total)]
        self._others_owe(rose, now)
        return [events.Follow(None, total, None, rose)]

    def _others_owe(self, people: int, now: float, teller: _Teller | None = None) -> None:
        """`teller` told of `people` first."""
        for other in (*self._goals.values(), self._frames):
            if other is not teller:
                other.owes(people, now)

    def _fell(self, people: int) -> None:
        for teller in (*self._goals.values(), self._frames):
            teller.owes_less(people)

    def _told(self, teller: _Teller, people: int, now: float) -> None:
        """`teller`, which knows no total, told of `people` first."""
        self._others_owe(people, now, teller)
        self._pushed_at = now
        if self._total is not None:
            self._total += people

    def updated(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """A FollowersUpdated; None when it cannot be understood."""
        total = read.whole(data.get("followersCount"))
        if total is None:
            total = read.whole(data.get("followers_count"))
        if total is not None and self._total is not None and not _plausible(self._total, total):
            total = None
        if data.get("followed") is False:
            return [] if total is None else self._unfollowed(total, now)
        if data.get("followed") is not True:
            return None
        username = read.text(data.get("username"), 64) or None
        time = read.time(data.get("created_at"))
        if total is None or self._total is None:
            is_news = self._frames.tells_one(now)
            if is_news:
                self._told(self._frames, 1, now)
            self._total = self._total if total is None else total
            if is_news:
                return [events.Follow(username, self._total, time)]
            return [] if self._total is None else [events.FollowerTotal(self._total)]
        new = total - self._total
        if new <= 0:
            return [events.FollowerTotal(self._total)]  # the poll was faster, or the frame came twice
        self._total, self._pushed_at = total, now
        self._others_owe(new, now, self._frames)
        found: list[Event] = [events.Follow(username, total, time, 1 if username else new)]
        if username and new > 1:
            found.insert(0, events.Follow(None, total - 1, time, new - 1))
        return found

    def _unfollowed(self, total: int, now: float) -> list[Event]:
        known = self._total
        if known is None or total < known:  # a higher one has followers in it, whom the next total tells
            self._total, self._pushed_at = total, now
            self._fell(0 if known is None else known - total)
        return [events.FollowerTotal(total)]

    def goal(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """A GoalProgressUpdateEvent, of followers or of anything else; None when it cannot be understood."""
        kind, current = read.text(data.get("type"), 40), read.whole(data.get("current_value"))
        if not kind or current is None:
            return None
        found: list[Event] = [events.GoalUpdated(kind, current, read.whole(data.get("target_value")))]
        if kind != "followers":
            return found
        goal_id = read.text(data.get("id"), 64)
        goal = self._goals.get(goal_id)
        if goal is None:
            if len(self._goals) >= MOST_GOALS:
                self._goals.pop(next(iter(self._goals)))
            self._goals[goal_id] = _Teller(current)
            return found
        new = goal.tells(current, now)
        if new:
            self._told(goal, new, now)
            total = current if self._total is None else self._total
            found.append(events.Follow(None, total, read.time(data.get("updated_at")), new))
        return found
