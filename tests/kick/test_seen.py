"""Keys are remembered for a time and up to a number, and no longer."""

from __future__ import annotations

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from vmsc_core.kick.seen import Seen

# Reproducible on every machine, and without a folder of examples.
checked = settings(max_examples=200, deadline=None, database=None, derandomize=True)


def test_the_second_sight_within_the_window_is_a_repetition():
    seen = Seen(10.0, 100)
    assert not seen.is_repeat("a", 0.0)
    assert seen.is_repeat("a", 9.999)
    assert not seen.is_repeat("a", 10.0)


def test_the_window_starts_with_the_first_sight():
    seen = Seen(10.0, 100)
    seen.is_repeat("a", 0.0)
    assert seen.is_repeat("a", 6.0)
    assert not seen.is_repeat("a", 12.0)


def test_looking_notes_nothing():
    seen = Seen(10.0, 100)
    assert not seen.contains("a", 0.0)
    assert not seen.contains("a", 1.0)
    assert not seen.is_repeat("a", 2.0)
    assert seen.contains("a", 11.999)
    assert not seen.contains("a", 12.0)


def test_keys_are_told_apart_by_all_of_their_parts():
    seen = Seen(10.0, 100)
    keys = [("anna", 1), ("anna", 2), ("anna", None), (None, 1), "anna", None]
    assert [seen.is_repeat(key, 0.0) for key in keys] == [False] * len(keys)
    assert [seen.is_repeat(key, 0.0) for key in keys] == [True] * len(keys)


def test_what_is_too_old_is_dropped_with_the_next_key():
    seen = Seen(10.0, 100)
    for number in range(50):
        seen.is_repeat(number, 0.0)
    seen.is_repeat("new", 10.0)
    assert len(seen._at) == 1


def test_seen_forgets_by_time_and_by_number():
    seen = Seen(10.0, 3)
    assert [seen.is_repeat(key, 0.0) for key in "abca"] == [False, False, False, True]
    assert not seen.is_repeat("d", 1.0)  # pushes out the oldest
    assert [seen.contains(key, 1.0) for key in "abcd"] == [False, True, True, True]
    assert [seen.contains(key, 10.0) for key in "abcd"] == [False, False, False, True]
    assert not seen.is_repeat("b", 10.0)


def test_a_repetition_in_a_full_memory_pushes_nothing_out():
    seen = Seen(10.0, 3)
    for key in "abc":
        seen.is_repeat(key, 0.0)
    assert [seen.is_repeat("a", 1.0) for _ in range(5)] == [True] * 5
    assert [seen.contains(key, 1.0) for key in "abc"] == [True] * 3


@checked
@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 6), st.sampled_from([0.0, 1.0, 4.0, 10.0])), max_size=60))
def test_it_remembers_the_latest_keys_and_no_others(capacity, sights):
    seen, now = Seen(10.0, capacity), 0.0
    latest: deque[tuple[int, float]] = deque(maxlen=capacity)
    for key, later in sights:
        now += later
        is_known = any(known == key and now < at + 10.0 for known, at in latest)
        assert seen.contains(key, now) == is_known
        assert seen.is_repeat(key, now) == is_known
        if not is_known:
            latest = deque([entry for entry in latest if now < entry[1] + 10.0], maxlen=capacity)
            latest.append((key, now))
        assert len(seen._at) <= capacity
