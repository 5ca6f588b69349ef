"""Totals, frames and goals in, follows out: each new follower counts once, whoever reports them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Optional, Union

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vmsc_core.events import Event, Follow, FollowerTotal, GoalUpdated
from vmsc_core.kick.followers import BURST, FEW, LAG, PROOF, SAME_FOLLOW, Followers

CLOCK = 1_790_000_000.0
"""Unix seconds of what happens at 0."""

LONG = 10 * LAG
"""Seconds after which no source decides any more."""

Input = Callable[[Followers, float], Optional[list[Event]]]


def poll(total: int) -> Input:
    return lambda followers, now: followers.polled(total, now)


def frame(total: Any, username: Any = None, followed: Any = True, at: Any = ...) -> Input:
    """A FollowersUpdated, shaped as line 31 of frames.jsonl; `at` is when it happened if that was not just now."""

    def give(followers: Followers, now: float) -> list[Event] | None:
        time = int(CLOCK + (now if at is ... else at)) if at is not None else None
        data = {"followersCount": total, "channel_id": 77528, "username": username, "created_at": time, "followed": followed}
        return followers.updated(data, now)

    return give


def goal(current: Any, name: str = "chgoal_1", kind: str = "followers") -> Input:
    """A GoalProgressUpdateEvent, shaped as lines 6 to 8 of frames.jsonl."""
    data = {"id": name, "type": kind, "target_value": 300000, "current_value": current}
    return lambda followers, now: followers.goal(data, now)


def follows(found: list[Event] | None) -> int:
    return sum(event.count for event in found or () if isinstance(event, Follow))


def one(username: str | None, total: int | None, at: float) -> list[Event]:
    """What a frame gives whose follower counts."""
    return [Follow(username, total, CLOCK + at)]


Row = tuple[float, Input, Union[int, list[Event]]]
"""Seconds, what arrives then, and what comes of it: the events, or how many followers they count."""


def played(rows: list[Row], followers: Followers | None = None) -> Followers:
    followers = followers or Followers()
    for now, give, expected in rows:
        found = give(followers, now)
        assert (follows(found) if isinstance(expected, int) else found) == expected, f"at {now}"
    return followers


def table(scenarios: dict[str, list[Row]]) -> Any:
    return pytest.mark.parametrize("rows", scenarios.values(), ids=scenarios.keys())


# -- polled totals ---------------------------------------------


@table(
    {
        "the first total is a start and no event": [(0, poll(31642), [FollowerTotal(31642)])],
        "new followers between two totals are one event with their number": [
            (0, poll(100), 0),
            (60, poll(103), [Follow(None, 103, None, 3)]),
            (120, poll(103), [FollowerTotal(103)]),
        ],
        "a total that falls and rises counts who came after the fall": [
            (0, poll(100), 0),
            (60, poll(98), [FollowerTotal(98)]),
            (120, poll(99), [Follow(None, 99, None, 1)]),
            (180, poll(101), 2),
        ],
        "followers and unfollows between two polls cancel out": [(0, poll(100), 0), (60, poll(100), [FollowerTotal(100)])],
        "a gap in the polls loses nobody": [(0, poll(100), 0), (86_400, poll(150), 50)],
    }
)
def test_polls_count_by_how_far_the_total_rises(rows):
    played(rows)


# -- frames that carry a total ---------------------------------------------


@table(
    {
        "a frame is one new follower without a name": [(0, frame(31642), one(None, 31642, 0))],
        "a frame names its follower and the next poll counts those no frame reported": [
            (0, poll(100), 0),
            (60, frame(103, "anna"), one("anna", 103, 60)),
            (61, poll(103), [Follow(None, 103, None, 2)]),
        ],
        "an unfollow is no follow": [(0, poll(100), 0), (60, frame(99, followed=False), [FollowerTotal(99)])],
        "a follow after an unfollow counts one while no polls come": [
            (0, poll(100), 0),
            (LONG, frame(99, followed=False), 0),
            (LONG + 1, frame(100), 1),
        ],
        "a follow after an unfollow that no poll has seen may be in the total already": [
            (0, poll(100), 0),
            (30, frame(99, followed=False), 0),
            (31, frame(100), []),
            (60, poll(100), 0),
        ],
        "the poll after a frame does not count the same person again": [
            (0, poll(100), 0),
            (30, frame(101), 1),
            (60, poll(101), [FollowerTotal(101)]),
        ],
        "a frame after the poll does not count the same person again": [
            (0, poll(100), 0),
            (60, poll(101), 1),
            (61, frame(101), []),
        ],
        "a poll that is behind does not make old followers new again": [
            (0, poll(100), 0),
            (50, frame(101), 1),
            (51, frame(102), 1),
            (60, poll(100), []),  # a minute old
            (120, poll(102), [FollowerTotal(102)]),
        ],
        "a poll that is ahead of the frames counts those they did not report": [
            (0, poll(100), 0),
            (30, frame(105), 1),
            (60, poll(102), 1),
            (120, poll(105), 3),
        ],
        "a lower total is believed when it cannot be older any more": [
            (0, poll(100), 0),
            (30, frame(101), 1),
            (30 + LAG - 1, poll(99), []),
            (30 + LAG, poll(99), [FollowerTotal(99)]),
            (90 + LAG, poll(100), 1),
        ],
        "an unfollow frame hides no follower that came before it": [
            (0, poll(100), 0),
            (30, frame(101, followed=False), 0),  # two came, one left
            (60, poll(101), 1),
        ],
        "a poll behind an unfollow frame counts only who came after the total that was known": [
            (0, poll(100), 0),
            (30, frame(99, followed=False), [FollowerTotal(99)]),
            (60, poll(100), [FollowerTotal(100)]),
            (120, poll(99), [FollowerTotal(99)]),
        ],
        "named followers in the wrong order count once each": [
            (0, poll(1000), 0),
            (LONG, frame(1003, "c"), one("c", 1003, LONG)),
            (LONG + 1, frame(1001, "a"), one("a", 1001, LONG + 1)),
            (LONG + 2, frame(1002, "b"), one("b", 1002, LONG + 2)),
            (LONG + 60, poll(1003), [FollowerTotal(1003)]),
        ],
        "named followers whom a poll counted before do not count again": [
            (0, poll(1000), 0),
            (60, poll(1002), 2),
            (61, frame(1001, "anna"), []),
            (62, frame(1002, "bob"), []),
            (120, poll(1002), 0),
        ],
        "the first total after frames does not count their people again, however old it is": [
            (0, frame(1000), 1),
            (1, frame(1001), 1),
            (30, poll(999), [FollowerTotal(999)]),
            (90, poll(1001), 0),
            (150, poll(1002), 1),
        ],
    }
)
def test_a_frame_is_one_follower_and_polls_count_the_rest(rows):
    played(rows)


@pytest.mark.parametrize("total", [998, 1000])
def test_a_named_follower_that_unfollows_hide_counts_one_while_no_polls_come(total):
    played(
        [
            (0, poll(1000), 0),
            (LONG, frame(total, "bob"), one("bob", total, LONG)),
            (LONG + 1, frame(total, "bob", at=LONG), []),
            (LONG + 2, goal(1001), 0),
            (LONG + 60, poll(total), 0),
        ]
    )


@pytest.mark.parametrize(("followed", "new"), [(1, 1), ("true", 1), (1.0, 1), ("1", 1), (0, 0), ("false", 0), ("0", 0)])
def test_true_and_false_have_other_spellings(followed, new):
    assert follows(frame(5, followed=followed)(Followers(), 0)) == new


@pytest.mark.parametrize("followed", [None, 2, "yes", "", []])
def test_a_frame_that_does_not_say_which_way_is_not_understood(followed):
    assert frame(5, followed=followed)(Followers(), 0) is None


def test_a_frame_that_is_repeated_is_the_same_follow():
    for username, total in ((None, 101), ("bob", 101), ("bob", None)):
        followers = played([(0, frame(total, username), 1), (1, frame(total, username, at=0), [])])
        played([(SAME_FOLLOW - 1, frame(total, username, at=0), [])], followers)
        played([(50 * SAME_FOLLOW, frame(total, username, at=0), [])], followers)


def test_a_frame_without_a_time_is_the_same_follow_for_a_while():
    rows = [(0, frame(None, "bob", at=None), 1), (SAME_FOLLOW - 1, frame(None, "bob", at=None), 0)]
    played([*rows, (SAME_FOLLOW, frame(None, "bob", at=None), 1)])


def test_a_frame_that_is_repeated_when_its_total_is_beyond_belief_is_the_same_follow():
    followers = played([(0, poll(0), 0), (30, frame(1), 1), (60, poll(1), 0), (120, poll(90), 89)])
    played([(120 + LAG, frame(1, at=30), [])], followers)


def test_a_frame_is_known_by_its_name_and_time_in_any_spelling():
    played(
        [
            (0, frame(None, "bob"), 1),
            (1, frame(101, "Bob", at=0), 0),
            (500, frame(None, "bob"), 1),
            (501, frame(None, "anna", at=500), 1),
            (502, frame(None, "carl", at=None), 1),
            (503, frame(None, "carl", at=None), 0),
        ]
    )


@pytest.mark.parametrize("key", ["followersCount", "followers_count"])
def test_both_spellings_of_the_total_are_read(key):
    assert Followers().updated({key: 5, "followed": True}, 0) == [Follow(None, 5)]


# -- frames without a total ---------------------------------------------


@table(
    {
        "one counts before any total": [
            (0, frame(None), one(None, None, 0)),
            (60, poll(100), [FollowerTotal(100)]),
            (120, poll(101), 0),  # whom the frame reported, if the first total was old
            (180, poll(102), 1),
        ],
        "one adds to the total while no polls come": [
            (0, poll(100), 0),
            (LONG, frame(None, "bob"), one("bob", 101, LONG)),
            (LONG + 60, poll(101), [FollowerTotal(101)]),
        ],
        "one waits for the poll while polls come": [
            (0, poll(100), 0),
            (30, frame(None, "bob"), []),
            (60, poll(101), 1),
            (61, frame(None), []),
        ],
        "after the poll, one does not count the same person again": [
            (0, poll(100), 0),
            (60, poll(101), 1),
            (61, frame(None), 0),
        ],
    }
)
def test_a_frame_without_a_total_counts_when_no_poll_can_have_counted_it(rows):
    played(rows)


# -- goals ---------------------------------------------


@table(
    {
        "its first number counts nobody, then it counts as it rises": [
            (0, goal(87), [GoalUpdated("followers", 87, 300000)]),
            (1, goal(89), [GoalUpdated("followers", 89, 300000), Follow(None, 89, None, 2)]),
            (5000, goal(90), 1),
        ],
        "another kind of goal counts nobody": [
            (0, goal(500, kind="subscribers"), [GoalUpdated("subscribers", 500, 300000)]),
            (1, goal(501, kind="subscribers"), 0),
        ],
        "it does not decide while totals come": [
            (0, poll(100), 0),
            (30, goal(100), 0),
            (31, goal(101), [GoalUpdated("followers", 101, 300000)]),
            (60, poll(101), 1),
            (61, goal(102), 0),
            (120, poll(102), 1),
        ],
        "it decides when the polls are blocked, and the next total counts nobody again": [
            (0, poll(31642), 0),
            (LAG - 1, goal(86), [GoalUpdated("followers", 86, 300000)]),
            (LAG, goal(87), 0),
            (LAG + 1, goal(89), [GoalUpdated("followers", 89, 300000), Follow(None, 31644, None, 2)]),
            (900, poll(31645), 1),
        ],
        "a poll that is behind it does not count its people again": [
            (0, poll(1000), 0),
            (LONG, goal(87), 0),
            (LONG + 1, goal(90), 3),
            (LONG + 2, poll(1001), []),
            (LONG + 62, poll(1003), [FollowerTotal(1003)]),
        ],
        "a first total after it does not count its people again, however old it is": [
            (0, goal(87), 0),
            (10, goal(89), 2),
            (11, poll(31640), [FollowerTotal(31640)]),
            (12, goal(90), 0),
            (71, poll(31643), 1),
            (131, poll(31644), 1),
        ],
        "a first total long after it has its people in it": [
            (0, goal(87), 0),
            (10, goal(89), 2),
            (900, poll(31642), [FollowerTotal(31642)]),
            (960, poll(31644), 2),
        ],
        "it starts over when a total has decided meanwhile": [
            (0, goal(87), 0),
            (10, poll(1000), 0),
            (70, poll(1003), 3),
            (70 + LAG, goal(90), 0),
            (71 + LAG, goal(91), 1),
        ],
        "polls after a gap count whom it would have reported": [
            (0, poll(1000), 0),
            (LAG, goal(1000), 0),
            (LONG, poll(1020), 20),
            (2 * LONG, goal(1021), 0),
            (2 * LONG + 60, poll(1021), 1),
        ],
        "going down is no follow and coming back is none either": [
            (0, goal(100), 0),
            (1, goal(101), 1),
            (2, goal(100), 0),
            (3, goal(101), 0),
            (4, goal(102), 1),
        ],
        "it is above the total for good when it does not fall with an unfollow, and that counts nobody": [
            (0, poll(1000), 0),
            (LONG, goal(1003), 0),
            (LONG + 60, poll(1001), 1),
        ],
        "the same person is not counted by a frame and by it": [
            (0, goal(87), 0),
            (1, goal(88), 1),
            (2, frame(31642), []),
            (3, frame(None, "bob"), []),
            (3 + LAG, frame(31643), 1),
            (4 + LAG, goal(89), 0),
        ],
        "it does not decide after a frame that counted": [
            (0, frame(None), 1),
            (1, goal(88), 0),
            (2, goal(89), 0),
            (3, frame(None), 1),
            (3 + LAG, goal(90), 0),
            (4 + LAG, goal(91), 1),
        ],
        "a second one waits until the first has been silent": [
            (0, goal(100), 0),
            (0, goal(5, "second"), 0),
            (1, goal(101), 1),
            (1, goal(6, "second"), 0),
            (2, goal(7, "second"), 0),
            (2, goal(102), 1),
            (2 + PROOF, goal(9, "second"), 0),
            (3 + PROOF, goal(10, "second"), 1),
        ],
    }
)
def test_a_goal_decides_only_while_there_is_no_total(rows):
    played(rows)


@table(
    {
        "a number far too low is left out": [(0, goal(31642), 0), (1, goal(0), 0), (2, goal(31643), 1)],
        "a number far too high is left out": [(0, goal(31642), 0), (1, goal(80_000), 0), (2, goal(31643), 1)],
        "a low number that lasts is a new start": [
            (0, goal(31642), 0),
            (1, goal(5), 0),
            (PROOF - 1, goal(5), 0),
            (PROOF, goal(6), 0),
            (PROOF + 1, goal(8), 2),
        ],
        "a first number far too low makes no followers of the whole channel": [
            (0, goal(0), 0),
            (1, goal(0), 0),
            (2, goal(5000), 0),
            (1 + PROOF, goal(5001), 0),
            (2 + PROOF, goal(5003), 2),
        ],
    }
)
def test_numbers_of_a_goal_beyond_belief_count_nobody(rows):
    played(rows)


def test_recorded_goals_count_the_followers_between_them(frames):
    followers = Followers()
    found = [followers.goal(frames.data(line), 0.0) for line in (6, 7, 8)]
    assert [follows(events) for events in found] == [0, 5, 20]


@pytest.mark.parametrize("data", [{}, {"type": "followers"}, {"type": "followers", "current_value": "x"}, {"current_value": 5}])
def test_a_goal_without_a_kind_or_a_number_is_not_understood(data):
    assert Followers().goal(data, 0) is None


# -- totals beyond belief ---------------------------------------------


@pytest.mark.parametrize("wrong", [0, 5, 15_820, 63_285 + BURST, 10**9])
def test_one_impossible_total_is_not_believed(wrong):
    played(
        [
            (0, poll(31642), 0),
            (60, poll(wrong), []),
            (120, poll(31642), [FollowerTotal(31642)]),
            (180, poll(31643), 1),
        ]
    )


def test_the_same_impossible_total_between_good_ones_is_never_confirmed():
    good = poll(31642)
    rows = [(60 * minute, good if minute % 2 else poll(0), [FollowerTotal(31642)] if minute % 2 else []) for minute in range(20)]
    played(rows, played([(0, good, 0)]))


def test_an_impossible_fall_is_believed_without_followers_when_it_has_lasted():
    for total in (0, 15_000):
        followers = played([(0, poll(31642), 0)])
        played([(now, poll(total), []) for now in range(60, 60 + int(PROOF), 60)], followers)
        played([(60 + PROOF, poll(total), [FollowerTotal(total)]), (120 + PROOF, poll(total + 2), 2)], followers)


def test_an_impossible_rise_is_believed_without_followers_when_the_next_total_is_as_high():
    total = 63_285 + BURST
    played(
        [
            (0, poll(31642), 0),
            (60, poll(total), []),
            (120, poll(total + 1), [FollowerTotal(total + 1)]),
            (180, poll(total + 3), 2),
        ]
    )


@pytest.mark.parametrize("total", [2, 20, 300, 5_000, 31_642])
def test_a_total_that_comes_back_after_some_minutes_at_zero_makes_no_followers(total):
    followers = played([(0, poll(total), 0)])
    played([(now, poll(0), []) for now in range(60, int(PROOF), 60)], followers)
    played([(PROOF, poll(total), [FollowerTotal(total)]), (PROOF + 60, poll(total + 2), 2)], followers)


@pytest.mark.parametrize(("total", "new"), [(4990, 0), (5000, 0), (5003, 3), (7000, 2000)])
def test_who_exceeds_the_total_before_an_impossible_fall_is_new(total, new):
    for last, expected in ((poll(total), new), (frame(total), min(new, 1))):
        played([(0, poll(5000), 0), (60, poll(0), 0), (120, poll(0), 0), (180, last, expected)])


@pytest.mark.parametrize("first", [[0], [0, 0], [0, 0, 0], [5], [5, 5]], ids=str)
@pytest.mark.parametrize("later", [60.0, 5000.0])
def test_a_first_total_far_too_low_makes_no_followers_of_the_whole_channel(first, later):
    followers = Followers()
    played([(60 * minute, poll(total), 0) for minute, total in enumerate(first)], followers)
    now = 60 * len(first) + later
    played([(now, poll(5000), 0), (now + 60, poll(5001), [FollowerTotal(5001)]), (now + 120, poll(5004), 3)], followers)


@pytest.mark.parametrize("name", [None, "bob"])
def test_a_frame_after_a_first_total_far_too_low_counts_nobody_twice(name):
    played([(0, poll(0), 0), (1, frame(5001, name), 0), (60, poll(5001), 0), (120, poll(5001), 0), (180, poll(5002), 1)])


@pytest.mark.parametrize("start", [0, 1, 5])
@pytest.mark.parametrize("came", [1, 3, FEW])
def test_the_first_followers_of_a_tiny_channel_count(start, came):
    for source in (poll, goal):
        played([(0, source(start), 0), (60, source(start + came), came)])


@pytest.mark.parametrize("before", [1500, 31_642, 1_000_000])
def test_a_burst_as_a_host_of_a_hundred_thousand_brings_it_is_counted_at_once(before):
    played([(0, poll(before), 0), (60, poll(before + BURST), BURST)])


@pytest.mark.parametrize("before", [0, 50])
def test_a_burst_beyond_belief_in_a_tiny_channel_counts_nobody_and_then_it_goes_on(before):
    played([(0, poll(before), 0), (60, poll(10_000), 0), (120, poll(10_100), 0), (180, poll(10_101), 1)])


def test_a_small_channel_that_lost_most_of_its_followers_counts_those_above_half():
    played([(0, poll(3), 0), (60, poll(1), 0), (120, poll(1), 0), (180, poll(2), 0), (240, poll(3), 1)])


@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("wrong", [0, 10**9])
def test_an_impossible_total_in_a_frame_is_left_out(followed, wrong):
    new = int(followed)
    expected = one(None, 31643, LONG) if followed else []
    played([(0, poll(31642), 0), (LONG, frame(wrong, followed=followed), expected), (LONG + 60, poll(31642 + new), 0)])
    played([(0, poll(31642), 0), (60, frame(wrong, followed=followed), []), (120, poll(31642 + new), new)])


# -- memory ---------------------------------------------


def test_memory_is_bounded():
    followers = Followers()
    for number in range(12_000):
        frame(number, f"u{number}")(followers, 0.0)
        goal(number, f"goal{number}")(followers, 0.0)
    assert len(followers._follows._at) <= 5000


# -- for any channel ---------------------------------------------

# Reproducible on every machine, and without a folder of examples.
checked = settings(max_examples=400, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


class SimulatedChannel:
    """A channel whose true followers are known, and what Kick says of them: late, repeated, in another order or never.

    Polls come a minute apart or more and show a total up to a minute old. Frames come up to 50 s late, repetitions of a
    FollowersUpdated minutes later. The goal has a start of its own; it falls with an unfollow or doesn't, nobody knows which,
    and comes in order when it does.
    """

    def __init__(self, chance: random.Random, total: int, nobody_leaves: bool) -> None:
        self.chance = chance
        self.history = [(0.0, total)]  # (since, true total)
        self.came: list[float] = []
        self.nobody_leaves = nobody_leaves
        self.goal = chance.choice([total, total + 500, 87])
        self.goal_falls = chance.random() < 0.5
        self.arrivals: list[tuple[float, Input]] = []

    @property
    def total(self) -> int:
        return self.history[-1][1]

    def live(self, seconds: float, *, frames: bool, goals: bool) -> None:
        now = 0.0
        while now < seconds:
            now += self.chance.choice([0.1, 1.0, 5.0, 30.0, 100.0, 400.0])
            for _ in range(self.chance.choice([1, 1, 1, 2, 4])):
                leaves = not self.nobody_leaves and self.total > 0 and self.chance.random() < 0.45
                self.history.append((now, self.total + (-1 if leaves else 1)))
                if not leaves:
                    self.came.append(now)
                if not leaves or self.goal_falls:
                    self.goal += -1 if leaves else 1
                if frames:
                    self._send(frame(self._reported_total(), self._name(), not leaves, at=now), now, 50.0, again=500.0)
                if goals:
                    latest = 0.0 if self.goal_falls and not self.nobody_leaves else 50.0
                    self._send(goal(self.goal), now, latest, again=latest)

    def _reported_total(self) -> int | None:
        return self.total if self.chance.random() < 0.9 else None

    def _name(self) -> str | None:
        return f"viewer{len(self.history)}" if self.chance.random() < 0.5 else None

    def _send(self, what: Input, now: float, latest: float, again: float) -> None:
        if self.chance.random() < 0.3:
            return
        arrives = now + self.chance.choice([0.0, 0.0, self.chance.uniform(0.0, latest)])
        self.arrivals.append((arrives, what))
        if again and self.chance.random() < 0.3:
            self.arrivals.append((max(arrives, now + self.chance.choice([0.0, self.chance.uniform(0.0, again)])), what))

    def poll(self, now: float, *, wrong: bool = False) -> None:
        asked = max(0.0, now - self.chance.choice([0.0, 60.0, self.chance.uniform(0.0, 60.0)]))
        self.arrivals.append((now, poll(0 if wrong else [total for since, total in self.history if since <= asked][-1])))

    def poll_often(self, begin: float, end: float, *, wrong_for: float = 0.0) -> None:
        """A poll each minute; for some minutes at a time, `wrong_for` seconds at most, Kick answers 0."""
        now, wrong_from = begin, begin + self.chance.uniform(0.0, 1000.0)
        while now < end:
            self.poll(now, wrong=wrong_from <= now < wrong_from + wrong_for)
            now += self.chance.choice([60.0, 60.0, 60.0, 61.0, 130.0])

    def counted(self) -> tuple[int, bool]:
        """How many followers are counted, and whether there ever were more than had come."""
        followers, counted, too_many = Followers(), 0, False
        for now, give in sorted(self.arrivals, key=lambda arrival: arrival[0]):
            counted += follows(give(followers, now))
            too_many = too_many or counted > sum(came <= now for came in self.came)
        return counted, too_many


@checked
@given(st.randoms(use_true_random=True), st.sampled_from([0, 3, 1000]), st.booleans(), st.booleans(), st.data())
def test_never_more_followers_are_counted_than_came(chance, total, frames, goals, data):
    channel = SimulatedChannel(chance, total, nobody_leaves=False)
    channel.live(3000.0, frames=frames, goals=goals)
    begin, end = data.draw(st.sampled_from([(0.0, 3000.0), (0.0, 100.0), (700.0, 3000.0), (700.0, 1500.0), (0.0, 0.0)]))
    channel.poll_often(begin, end, wrong_for=data.draw(st.sampled_from([0.0, PROOF - 120.0])) if total > FEW + 500 else 0.0)
    if data.draw(st.booleans()):  # they come back after a gap
        channel.poll_often(end + 1200.0, end + 2400.0)
    assert not channel.counted()[1]


@checked
@given(st.randoms(use_true_random=True), st.sampled_from([0, 3, 1000]), st.booleans(), st.booleans(), st.booleans())
def test_nobody_is_missed_when_polls_come_and_nobody_leaves(chance, total, frames, goals, blocked):
    channel = SimulatedChannel(chance, total, nobody_leaves=True)
    channel.live(2000.0, frames=frames, goals=goals)
    channel.arrivals.append((0.0, poll(total)))
    channel.poll_often(60.0, 600.0 if blocked else 4000.0)
    channel.poll_often(3900.0 if blocked else 4200.0, 4500.0)
    assert channel.counted() == (len(channel.came), False)


@checked
@given(st.integers(0, 30), st.lists(st.tuples(st.sampled_from(["poll", "frame", "again"]), st.integers(0, 2)), max_size=40))
def test_followers_reported_in_three_ways_are_counted_once(total, steps):
    """The true total only grows; each way reports it, in any order, some of them late."""
    followers = played([(0, poll(total), 0)])
    first, reported, counted, now = total, total, 0, 0.0
    for way, new in steps:
        total, now = total + new, now + 10.0
        shown = reported if way == "again" else total
        reported = max(reported, shown)
        counted += follows((poll if way == "poll" else frame)(shown)(followers, now))
        assert counted <= total - first
    counted += follows(poll(total)(followers, now + LAG))
    assert counted == total - first


@checked
@given(st.integers(1000, 300_000), st.sampled_from([0, 3]), st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=9))
def test_a_number_far_too_low_for_some_minutes_never_counts_more_followers_than_came(total, low, answers):
    for source in (poll, goal):
        followers, counted, came = Followers(), 0, 0
        for minute, (is_wrong, people) in enumerate(answers):
            came += people
            counted += follows(source(low if is_wrong else total + came)(followers, 60.0 * minute))
            assert counted <= came
