"""The time without a connection: since when, and what it hid."""

from __future__ import annotations

from datetime import datetime

import pytest

from vmsc_core.events import Event, Follow, FollowerTotal, LiveKnown, Notice
from vmsc_core.link.gap import Gap, clock
from vmsc_core.reasons import because

NOON = 1_795_000_000.0


def away(left: float, back: float) -> Notice:
    return Notice(because("away", left=clock(left), back=clock(back)))


def test_the_time_away_is_told_once() -> None:
    gap = Gap()
    gap.began(NOON)
    assert gap.ended(NOON + 7) == [away(NOON, NOON + 7)]
    assert gap.ended(NOON + 8) == []


def test_the_first_connection_of_all_ends_no_gap() -> None:
    assert Gap().ended(NOON) == []


def test_only_the_first_beginning_counts_until_the_gap_has_ended() -> None:
    gap = Gap()
    gap.began(NOON)
    gap.began(NOON + 3)
    assert gap.ended(NOON + 7) == [away(NOON, NOON + 7)]
    gap.began(NOON + 20)
    assert gap.ended(NOON + 30) == [away(NOON + 20, NOON + 30)]


def test_a_gap_may_begin_at_the_beginning_of_time() -> None:
    gap = Gap()
    gap.began(0.0)
    gap.began(5.0)
    assert gap.ended(9.0) == [away(0.0, 9.0)]


@pytest.mark.parametrize(
    ("found", "notice"),
    [
        ([Follow(None, 101)], because("followers_while_away_one", count=1)),
        ([Follow(None, 103, None, 3)], because("followers_while_away_many", count=3)),
        ([Follow("a", 101), Follow("b", 102)], because("followers_while_away_many", count=2)),
    ],
)
def test_the_first_lookup_after_a_gap_tells_how_many_followers_it_hid(found: list[Event], notice: object) -> None:
    gap = Gap()
    gap.began(NOON)
    gap.ended(NOON + 7)
    assert gap.news([LiveKnown(True), *found]) == [LiveKnown(True), *found, Notice(notice)]  # type: ignore[arg-type]


def test_the_second_lookup_after_a_gap_tells_only_what_it_found() -> None:
    gap = Gap()
    gap.began(NOON)
    gap.ended(NOON + 7)
    assert gap.news([FollowerTotal(100)]) == [FollowerTotal(100)], "nobody followed in the gap"
    assert gap.news([Follow(None, 101)]) == [Follow(None, 101)]


def test_without_a_gap_and_while_it_lasts_a_lookup_tells_only_what_it_found() -> None:
    gap = Gap()
    assert gap.news([Follow(None, 101)]) == [Follow(None, 101)]
    gap.began(NOON)
    assert gap.news([Follow(None, 102)]) == [Follow(None, 102)]


def test_times_are_those_of_this_computers_clock() -> None:
    assert clock(NOON) == datetime.fromtimestamp(NOON).strftime("%H:%M:%S")
