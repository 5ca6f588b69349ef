"""What must not be asked again yet, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vmsc_core.link.cooldowns import Cooldowns
from vmsc_core.reasons import Failure, Remedy, because

BLOCKED = Failure(Remedy.REFUSED, because("lookup_blocked"), 300.0)
BUSY = Failure(Remedy.BACKOFF, because("lookup_busy"), 60.0)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_never_had_a_cooldown_may_be_asked(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    assert cooldowns.left("x") == 0.0 and cooldowns.running("x") is None


def test_a_cooldown_counts_down_to_its_end(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 300.0, BLOCKED)
    left = []
    for now in (1000.0, 1100.0, 1299.0, 1300.0, 2000.0):
        clock.now = now
        left.append(cooldowns.left("x"))
    assert left == [300.0, 200.0, 1.0, 0.0, 0.0]


def test_while_it_runs_it_gives_the_failure_with_the_seconds_that_are_left(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 300.0, BLOCKED)
    clock.now += 100.0
    assert cooldowns.running("x") == replace(BLOCKED, wait=200.0)
    clock.now += 200.0
    assert cooldowns.running("x") is None


def test_each_thing_has_a_cooldown_of_its_own(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 300.0, BLOCKED)
    assert cooldowns.left("y") == 0.0


def test_a_longer_cooldown_that_is_running_goes_on(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 300.0, BLOCKED)
    cooldowns.start("x", 60.0, BUSY)
    assert cooldowns.running("x") == BLOCKED


def test_a_longer_one_replaces_a_shorter_one_that_is_running(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 60.0, BUSY)
    cooldowns.start("x", 300.0, BLOCKED)
    assert cooldowns.running("x") == BLOCKED


def test_after_the_end_of_a_long_one_a_short_one_may_begin(clock: Clock) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", 300.0, BLOCKED)
    clock.now += 300.0
    cooldowns.start("x", 60.0, BUSY)
    assert cooldowns.running("x") == BUSY


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_no_seconds_are_no_cooldown(clock: Clock, seconds: float) -> None:
    cooldowns = Cooldowns(clock)
    cooldowns.start("x", seconds, BUSY)
    assert cooldowns.running("x") is None
    cooldowns.start("x", 60.0, BUSY)
    cooldowns.start("x", seconds, BLOCKED)
    assert cooldowns.running("x") == BUSY
