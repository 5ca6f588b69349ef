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


def delays_after(backoff: Backoff, *lasted: float, failure: Failure = LOST) -> list[float]:
    """The delay after each of these connections."""
    found = []
    for seconds in lasted:
        backoff.reset()
        backoff.lasted(seconds)
        found.append(backoff.after(failure))
    return found


def test_the_delays_go_on_growing_after_three_short_connections_in_a_row():
    assert delays_after(Backoff(), *[0.3] * 8) == [1, 1, 1, 2, 4, 8, 16, 16]


def test_a_server_that_says_at_once_each_time_is_not_followed_either():
    assert delays_after(Backoff(), *[0.3] * 8, failure=AT_ONCE) == [0, 1, 1, 2, 4, 8, 16, 16]


def test_until_one_has_lasted_a_minute():
    backoff = Backoff()
    delays_after(backoff, *[0.3] * 5)
    assert delays_after(backoff, 59.9, 30.0, 10.0) == [8, 16, 16], "a longer one alone proves nothing"
    assert delays_after(backoff, 60.0, 0.3, 0.3, 0.3, 0.3) == [1, 1, 1, 1, 2]


def test_connections_of_ten_seconds_and_more_are_not_short():
    assert delays_after(Backoff(), *[10.0] * 6) == [1] * 6
    assert delays_after(Backoff(), 9.9, 9.9, 10.0, 9.9, 9.9, 9.9, 9.9) == [1, 1, 1, 1, 1, 1, 2]


def test_tries_between_short_connections_wait_as_ever():
    backoff = Backoff()
    assert delays_after(backoff, 0.3) + waits(backoff, LOST, LOST) + delays_after(backoff, 0.3) == [1, 2, 4, 1]
