"""How long to wait before the next attempt."""

from __future__ import annotations

from vmsc_core.link.backoff import Backoff
from vmsc_core.reasons import Failure, Remedy, because

LOST = Failure(Remedy.BACKOFF, because("lost"))
AT_ONCE = Failure(Remedy.AT_ONCE, because("closed"))


def waits(backoff: Backoff, *failures: Failure) -> list[float]:
    return [backoff.after(failure) for failure in failures]


def test_waits_longer_after_each_failure_and_never_longer_than_sixteen_seconds():
    assert waits(Backoff(), *[LOST] * 8) == [1, 2, 4, 8, 16, 16, 16, 16]


def test_a_good_connection_starts_over():
    backoff = Backoff()
    waits(backoff, *[LOST] * 5)
    backoff.reset()
    assert waits(backoff, *[LOST] * 3) == [1, 2, 4]


def test_a_reset_before_any_failure_changes_nothing():
    backoff = Backoff()
    backoff.reset()
    assert waits(backoff, LOST) == [1]


def test_a_night_of_failures_stays_at_sixteen_seconds():
    backoff = Backoff()
    assert {backoff.after(LOST) for _ in range(100_000)} == {1, 2, 4, 8, 16}


def test_each_link_has_delays_of_its_own():
    first, second = Backoff(), Backoff()
    first.after(LOST)
    assert second.after(LOST) == 1


def test_a_longer_wait_that_was_asked_for_counts_and_a_shorter_one_does_not():
    assert waits(Backoff(), Failure(Remedy.ELSEWHERE, because("x"), 300.0), Failure(Remedy.BACKOFF, because("x"), 1.0)) == [
        300,
        2,
    ]


def test_at_once_is_followed_once_and_again_only_after_a_steady_connection():
    backoff = Backoff()
    assert waits(backoff, AT_ONCE, AT_ONCE, AT_ONCE) == [0, 1, 2]
    backoff.reset()
    assert waits(backoff, AT_ONCE) == [1]
    backoff.steady()
    assert waits(backoff, AT_ONCE) == [0]
