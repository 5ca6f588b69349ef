"""How many followers are new, each counted once. Knows no other event.

Three sources report the same people, so one of them decides at a time:

1. Polled totals decide while they come. They count by how far they rise above the known total; the first counts nobody.
2. A FollowersUpdated is one follower, named if Kick names them, and raises the known total by one. Within LAG of a poll, which
   may have counted that person already, it counts only if its own total is above the known one.
3. A goal decides only while there is no total: polls are off or blocked, and no FollowersUpdated counted within LAG. Its first
   number counts nobody. Whom it counts raises the known total, so a poll that comes later doesn't count them again.

When in doubt, nobody is counted. This can miss:

- followers that unfollows cancel out, between two polls or below a goal's highest number;
- the name of a follower whom a poll counted first, or whose frame has no total while polls come;
- everybody in a change beyond belief: to less than half, or to more than FEW and BURST allow.

It relies on answers and frames being at most LAG / 2 late (repeated frames: SAME_FOLLOW), on polls coming in order, and on the
frames of a goal that falls coming in order. A wrong total that comes first, or lasts for PROOF, can make up to FEW old
followers new.
"""

from __future__ import annotations

from typing import Any

from vmsc_core import events
from vmsc_core.events import Event
from vmsc_core.kick import json_values as read
from vmsc_core.kick.seen import ALWAYS, Seen

LAG = 120.0
"""Seconds after which whatever arrives is newer than what was reported before. Answers and frames are at most half as late."""

PROOF = 600.0
"""Seconds a number far too low must last to be believed: Kick sometimes answers 0 for a minute or two."""

SAME_FOLLOW = 600.0
"""Seconds in which a FollowersUpdated without a time, with the same name (without one: the same total), is the same follow. One
with a time is the same follow however late it comes again.
"""

FEW = 100
"""Followers any channel can gain between two totals, on top of ten times as many as it has."""

BURST = 10_000
"""Followers a big channel can gain between two totals, on top of doubling: a tenth of a host of 100,000."""


class Followers:
    """The followers of one channel. `polled`, `updated` and `goal` return the events in order; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._total: int | None = None  # the last polled one that was believed
        self._ahead = 0  # how many frames and goals have counted since then
        self._pushed_at = float("-inf")  # when they last did
        self._odd_since: float | None = None  # when polls began to be beyond belief
        self._frames_from = float("-inf")  # from then on, nobody else can have counted the follower of a new frame
        self._goals_from = float("-inf")  # from then on, a goal decides
        self._goal: str | None = None  # the ID of the goal that decides
        self._highest = 0  # its highest number
        self._goal_at = float("-inf")  # when it was last at least that high
        self._follows = Seen(SAME_FOLLOW, 5000)
        self._dated_follows = Seen(ALWAYS, 5000)

    def polled(self, total: int, now: float) -> list[Event]:
        """The total in a lookup: a Follow for the new followers, or FollowerTotal, or nothing if it can't be believed yet."""
        self._frames_from = now + LAG
        self._rule_goals_out(now)
        known = self._known()
        if known is None:
            self._total, self._ahead = total, self._ahead if now < self._pushed_at + LAG else 0
            return [events.FollowerTotal(total)]
        if total < known and now < self._pushed_at + LAG:
            return []
        new = total - known
        if _is_believable(total, known):
            self._odd_since = None
        elif self._odd_since is None:
            self._odd_since = now
            return []
        elif total < known and now < self._odd_since + PROOF:
            return []
        else:
            new = 0
        self._total, self._ahead, self._odd_since = total, 0, None
        return [events.Follow(None, total, None, new)] if new > 0 else [events.FollowerTotal(total)]

    def updated(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """The data of a FollowersUpdated, for a follow or an unfollow; None when it can't be understood."""
        total = read.integer(data.get("followersCount"))
        if total is None:
            total = read.integer(data.get("followers_count"))
        username, time = read.username(data.get("username")) or None, read.time(data.get("created_at"))
        follow = (username.lower() if username else total, time)
        known = self._known()
        if total is not None and known is not None and not _is_believable(total, known):
            total = None
        followed = read.boolean(data.get("followed"))
        if followed is False:
            return [] if total is None else [events.FollowerTotal(total)]
        if followed is None:
            return None
        if (self._follows if time is None else self._dated_follows).is_repeat(follow, now):
            return []
        if now < self._frames_from and (total is None or known is None or total <= known):
            return []
        self._rule_goals_out(now)
        self._push(1, now)
        return [events.Follow(username, self._known() if total is None else total, time)]

    def goal(self, data: dict[str, Any], now: float) -> list[Event] | None:
        """The data of a GoalProgressUpdateEvent, for followers or anything else; None when it can't be understood."""
        kind, current = read.text(data.get("type"), 40), read.integer(data.get("current_value"))
        if not kind or current is None:
            return None
        found: list[Event] = [events.GoalUpdated(kind, current, read.integer(data.get("target_value")))]
        if kind != "followers" or now < self._goals_from:
            return found
        goal_id = read.text(data.get("id"), 64)
        if goal_id == self._goal and current >= self._highest and _is_believable(current, self._highest):
            new = current - self._highest
        elif now >= self._goal_at + PROOF:
            new = 0
        else:
            return found
        self._goal, self._highest, self._goal_at = goal_id, current, now
        self._frames_from = now + LAG
        if new:
            self._push(new, now)
            known = self._known()
            found.append(events.Follow(None, current if known is None else known, read.time(data.get("updated_at")), new))
        return found

    def _known(self) -> int | None:
        return None if self._total is None else self._total + self._ahead

    def _push(self, people: int, now: float) -> None:
        """Remembers that `people` were counted before any poll did."""
        self._ahead += people
        self._pushed_at = now

    def _rule_goals_out(self, now: float) -> None:
        """Another source decides for LAG. The goal that decides after that starts over."""
        self._goals_from = now + LAG
        self._goal, self._goal_at = None, float("-inf")


def _is_believable(number: int, known: int) -> bool:
    """Whether `number` can follow `known`."""
    return known <= 2 * number and number <= min(10 * known + FEW, 2 * known + BURST)
