"""Viewers are remembered, and never more than a bounded number of them."""

from __future__ import annotations

from vmsc_core.rules.memory import MOST_VIEWERS, Greeted, Waits


def test_a_viewer_is_first_once_and_again_after_a_new_stream():
    greeted = Greeted()
    assert [greeted.is_first("ann"), greeted.is_first("bob"), greeted.is_first("ann")] == [True, True, False]
    greeted.clear()
    assert greeted.is_first("ann")


def test_nobody_is_never_first():
    assert not Greeted().is_first("")


def test_who_keeps_writing_is_not_forgotten():
    greeted = Greeted(most=3)
    firsts = [name for number in range(20) for name in ("ann", f"other{number}") if greeted.is_first(name)]
    assert firsts.count("ann") == 1 and len(greeted) <= 6
    assert not greeted.is_first("ann") and greeted.is_first("other0")


def test_a_new_stream_forgets_the_old_half_too():
    greeted = Greeted(most=2)
    for _ in range(2):
        assert all(greeted.is_first(name) for name in ("ann", "bob", "cleo"))
        greeted.clear()


def test_who_is_known_is_no_first_and_asking_changes_nothing():
    greeted = Greeted(most=2)
    assert greeted.knows("") and not greeted.knows("ann") and not greeted.knows("ann")
    for name in ("ann", "bob", "cleo"):
        assert greeted.is_first(name) and greeted.knows(name)
    assert not greeted.knows("ann"), "in the old half: is_first moves it"
    assert not greeted.is_first("ann") and greeted.knows("ann")


def test_a_wait_ends_at_its_moment():
    waits = Waits()
    waits.start("a", 10.0)
    assert [waits.left("a", now) for now in (4.0, 9.5, 10.0, 11.0)] == [6.0, 0.5, 0.0, 0.0] and waits.left("b", 0.0) == 0.0


def test_the_waits_of_rules_that_are_gone_are_forgotten():
    waits = Waits()
    waits.start(("r1", "ann"), 10.0)
    waits.start(("r2", "ann"), 10.0)
    waits.keep(frozenset({"r2"}))
    assert (waits.left(("r1", "ann"), 0.0), waits.left(("r2", "ann"), 0.0)) == (0.0, 10.0)


def test_a_hundred_thousand_viewers_are_not_remembered():
    greeted, waits = Greeted(), Waits()
    for number in range(100_000):
        greeted.is_first(str(number))
        waits.start(("r1", str(number)), 10.0)
    assert MOST_VIEWERS <= len(greeted) <= 2 * MOST_VIEWERS and len(waits) == MOST_VIEWERS
    assert waits.left(("r1", "99999"), 0.0) == 10.0 and waits.left(("r1", "0"), 0.0) == 0.0
