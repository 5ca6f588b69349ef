"""How many followers are new, each told once, though three sources tell of the same people. Knows no other event.

A total (polled, or in a FollowersUpdated) counts by what exceeds the known one. A goal counts by its own last number, because
nobody knows how far it is from the total: whether it falls with an unfollow is Kick's secret. A FollowersUpdated that no total
can place (it has none, or unfollows hide its follower) counts one. Whom one of them told first, the others owe: told again, no
news. In doubt nobody is counted:

- Followers and unfollows between two polls cannot be told apart: only what is left over counts.
- A FollowersUpdated without a name whose total is no higher than the known one may be a repetition. One with a name is known
  by it and its time; without a time, a second follow of the same person within SAME_FOLLOW is none.
- A frame that comes more than GOAL_LAG after the poll that told its follower counts once more.
"""

from __future__ import annotations

from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import Seen

TOTAL_LAG = 120.0
"""Seconds in which a polled total may be older than one that was pushed: a lower one is not believed before."""

GOAL_LAG = 120.0
"""Seconds in which a goal or a frame may still tell the followers that a poll saw first; later it has told them before."""

SAME_FOLLOW = 600.0
"""Seconds in which the same name and time in a FollowersUpdated are the same follow."""

BURST = 10_000
"""Followers that any channel can win between two totals: a tenth of a host of 100,000."""

FIRST_BURST = 100
"""Followers that any channel can win after its very first total, beside ten times as many as it has."""

PROOF = 600.0
"""Seconds after which a first number, or one that was beyond belief, is proved by being told again."""

MOST_GOALS = 20


def _plausible(known: int, number: int) -> bool:
    """Whether `number` can follow `known`: neither less than half of it nor more than twice as much and BURST."""
    return known <= 2 * number and number <= 2 * known + BURST


class _Number:
    """What Kick tells again and again, a total or a goal. Sometimes it answers 0 for a minute or two, at the start as well.

    So a number beyond belief is held back until the next one agrees with it. Such a one and the very first may be wrong all the
    same until they are proved, by a usual rise or by being told again PROOF later: a great rise from the first one is beyond
    belief, and back at the number before a fall only who exceeds that one is new.
    """

    def __init__(self, number: int, now: float) -> None:
        self.known = number
        self._held: int | None = None
        self._unproved_since: float | None = now
        self._before: int | None = None  # what an unproved number followed; None for the very first

    def believes(self, number: int) -> bool:
        """Whether `number` can be the next one."""
        is_first = self._unproved_since is not None and self._before is None
        return _plausible(self._base(number), number) and not (is_first and number > 10 * self.known + FIRST_BURST)

    def _base(self, number: int) -> int:
        """What `number` is to be compared with."""
        if self._before is not None and 10 * number >= 9 * self._before:
            return max(self._before, self.known)
        return self.known

    def becomes(self, number: int, now: float) -> int | None:
        """It is told to be `number` now; gives by how many it rose (less than 0: it fell), None while that is not believed."""
        if self.believes(number):
            rose = number - self._base(number)
            if number > self.known or (self._unproved_since is not None and now >= self._unproved_since + PROOF):
                self._unproved_since = self._before = None
        elif self._held is not None and _plausible(self._held, number):
            rose = 0  # a start, nothing to count from
            self._unproved_since, self._before = now, self.known
        else:
            self._held = number
            return None
        self.known, self._held = number, None
        return rose


class _Debt:
    """Whom others told first: one of those that push followers owes them. What it tells counts but for them."""

    def __init__(self) -> None:
        self._owed = 0
        self._until = float("-inf")

    def owes(self, people: int, now: float) -> None:
        """Somebody else told `people` first."""
        self._owed = (self._owed if now < self._until else 0) + people
        self._until = max(self._until, now + GOAL_LAG)

    def went_away(self) -> None:
        """The connection ended: the next number tells also who was missed meanwhile, however late it comes."""
        self._until = float("inf")

    def news(self, rose: int, now: float) -> int:
        """`rose` people more are told now; gives how many of them are news."""
        owed = self._owed if now < self._until else 0
        if rose < 0 or self._until == float("inf"):
            self._until = now + GOAL_LAG
        self._owed = max(0, owed - rose)  # whom a fall took may come back
        return max(0, rose - owed)


class Followers:
    """The followers of one channel. Each of `polled`, `updated` and `goal` gives the events in order."""

    def __init__(self) -> None:
        self._total: _Number | None = None
        self._pushed_at = float("-inf")
        self._goals: dict[str, tuple[_Number, _Debt]] = {}
        self._frames = _Debt()  # each FollowersUpdated tells one person
        self._named = Seen(SAME_FOLLOW, 5000)

    def went_away(self) -> None:
        """The connection ended: nothing is pushed until the next one."""
        for _, debt in self._goals.values():
            debt.went_away()

    def polled(self, total: int, now: float) -> list[Event]:
        """A look-up told this total."""
        if self._total is None:
            self._total = _Number(total, now)
            return [events.FollowerTotal(total)]
        if total < self._total.known and now < self._pushed_at + TOTAL_LAG:
            return []
        rose = self._total.becomes(total, now)
        if rose is None:
            return []
        if rose <= 0:
            return [events.FollowerTotal(total)]
        self._others_owe(rose, now)
        return [events.Follow(None, total, None, rose)]

    def _others_owe(self, people: int, now: float, debt: _Debt | None = None) -> None:
        """The one with `debt`, or the poll, told of `people` first."""
        for other in (self._frames, *(debt for _, debt in self._goals.values())):
            if other is not debt:
                other.owes(people, now)

    def _told(self, debt: _Debt, people: int, now: float) -> None:
        """The one with `debt`, which knows no total, told of `people` first."""
        self._others_owe(people, now, debt)
        self._pushed_at = now
        if self._total is not None:
            self._total.known += people

    def updated(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """A FollowersUpdated; None when it cannot be understood."""
        total = read.whole(data.get("followersCount"))
        if total is None:
            total = read.whole(data.get("followers_count"))
        if total is not None and self._total is not None and not self._total.believes(total):
            total = None
        if data.get("followed") is False:
            return [] if total is None else self._unfollowed(total, now)
        if data.get("followed") is not True:
            return None
        username = read.text(data.get("username"), 64) or None
        time = read.time(data.get("created_at"))
        if username and self._named.again((username.lower(), time), now):
            return []
        if total is None or self._total is None:
            return self._one_more(username, total, time, now)
        new = (self._total.becomes(total, now) or 0) if total > self._total.known else 0
        if new <= 0:
            # A repetition, or the poll was faster, or as many left as came.
            if username is None or not self._frames.news(1, now):
                return [events.FollowerTotal(self._total.known)]
            self._others_owe(1, now, self._frames)
            return [events.Follow(username, total, time)]
        self._pushed_at = now
        self._others_owe(new, now, self._frames)
        self._frames.owes(new - 1, now)  # they may have frames of their own
        found: list[Event] = [events.Follow(username, total, time, 1 if username else new)]
        if username and new > 1:
            found.insert(0, events.Follow(None, total - 1, time, new - 1))
        return found

    def _one_more(self, username: str | None, total: int | None, time: float | None, now: float) -> list[Event]:
        """Somebody follows, and there is no total to compare: none is known, or none was told."""
        is_news = self._frames.news(1, now) > 0
        if is_news:
            self._told(self._frames, 1, now)
        if total is not None:
            self._total = _Number(total, now)
        known = None if self._total is None else self._total.known
        if is_news:
            return [events.Follow(username, known, time)]
        return [] if known is None else [events.FollowerTotal(known)]

    def _unfollowed(self, total: int, now: float) -> list[Event]:
        if self._total is None:
            self._total, self._pushed_at = _Number(total, now), now
        elif total < self._total.known:  # a higher one has followers in it, whom the next total tells
            self._total.becomes(total, now)
            self._pushed_at = now
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
        if goal_id not in self._goals:
            if len(self._goals) >= MOST_GOALS:
                self._goals.pop(next(iter(self._goals)))
            self._goals[goal_id] = (_Number(current, now), _Debt())
            return found
        number, debt = self._goals[goal_id]
        rose = number.becomes(current, now)
        new = 0 if rose is None else debt.news(rose, now)
        if new:
            self._told(debt, new, now)
            total = current if self._total is None else self._total.known
            found.append(events.Follow(None, total, read.time(data.get("updated_at")), new))
        return found
