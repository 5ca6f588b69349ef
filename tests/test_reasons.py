"""Reasons and failures are values: equal when they say the same, and of use as keys."""

from __future__ import annotations

from vmsc_core.reasons import Failure, Remedy, because


def test_reasons_that_say_the_same_are_equal_and_hashable() -> None:
    assert because("x", a=1, b="c") == because("x", a=1, b="c") != because("x", a=1, b="d")
    assert len({because("x", a=because("y")), because("x", a=because("y")), because("x")}) == 2


def test_failures_are_equal_by_value() -> None:
    assert Failure(Remedy.BACKOFF, because("x")) == Failure(Remedy.BACKOFF, because("x"), 0.0)
    assert Failure(Remedy.BACKOFF, because("x")) != Failure(Remedy.ELSEWHERE, because("x"))


def test_a_developer_can_read_a_reason() -> None:
    assert str(because("host_silent", host="kick.com")) == "host_silent(host=kick.com)"
    assert str(because("closed", answer=because("said_code", code=1))) == "closed(answer=said_code(code=1))"
