"""How long to wait before the next try."""

from __future__ import annotations

from vmsc_core.link.backoff import Backoff


def test_waits_longer_after_each_failure_and_never_longer_than_sixteen_seconds():
    backoff = Backoff()
    assert [backoff.next() for _ in range(8)] == [1, 2, 4, 8, 16, 16, 16, 16]


def test_a_good_connection_begins_anew():
    backoff = Backoff()
    for _ in range(5):
        backoff.next()
    backoff.reset()
    assert [backoff.next() for _ in range(3)] == [1, 2, 4]


def test_a_reset_before_any_failure_changes_nothing():
    backoff = Backoff()
    backoff.reset()
    assert backoff.next() == 1


def test_a_night_of_failures_stays_at_sixteen_seconds():
    backoff = Backoff()
    assert {backoff.next() for _ in range(100_000)} == {1, 2, 4, 8, 16}


def test_each_link_has_delays_of_its_own():
    first, second = Backoff(), Backoff()
    first.next()
    assert second.next() == 1
