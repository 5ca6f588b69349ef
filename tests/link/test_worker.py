"""A background thread that other threads start, stop and wait for."""

from __future__ import annotations

import threading

import pytest
from others import held_back

from vmsc_core.link.errors import Stopped
from vmsc_core.link.worker import Worker


class Sleeper(Worker):
    """Waits until it is stopped."""

    def __init__(self) -> None:
        super().__init__("vmsc-test", threading.Event.wait)
        self.was_stopped = False

    def run(self) -> None:
        try:
            while True:
                self._wait(30.0)
        except Stopped:
            self.was_stopped = True


def test_stop_ends_a_wait_at_once() -> None:
    sleeper = Sleeper()
    sleeper.start()
    assert sleeper.alive and not sleeper.join(0.0)
    sleeper.stop()
    sleeper.stop()
    assert sleeper.join(2.0) and not sleeper.alive and sleeper.was_stopped


def test_one_that_was_never_started_can_be_stopped_and_joined() -> None:
    sleeper = Sleeper()
    sleeper.stop()
    assert sleeper.join(0.0) and not sleeper.alive


def test_the_work_can_be_done_in_the_callers_own_thread() -> None:
    sleeper = Sleeper()
    sleeper.stop()
    sleeper.run()
    assert sleeper.was_stopped


def test_obs_waits_for_no_worker() -> None:
    assert Sleeper()._thread.daemon


class Ender(Worker):
    """Ends as it is told."""

    def __init__(self, error: type[BaseException] | None) -> None:
        super().__init__("vmsc-test", threading.Event.wait)
        self._error = error

    def run(self) -> None:
        if self._error is not None:
            raise self._error
        self.is_done = True


ENDS = [(None, False), (SystemExit, True), (ZeroDivisionError, True), (KeyboardInterrupt, True)]


@pytest.mark.parametrize(("error", "died"), ENDS)
def test_one_that_ended_before_it_was_done_has_died(error: type[BaseException] | None, died: bool) -> None:
    ender = Ender(error)
    ender.start()
    assert ender.join(5.0) and ender.died is died
    ender.stop()
    assert not ender.died, "it was asked to"


def test_one_that_is_at_work_has_not_died() -> None:
    sleeper = Sleeper()
    sleeper.start()
    assert not sleeper.died
    sleeper.stop()
    assert sleeper.join(2.0) and not sleeper.died


def test_starting_lets_no_other_thread_run() -> None:
    # OBS's timer starts a link: a callback that lets go of the GIL can crash OBS (obs/turns.py).
    sleeper = Sleeper()
    with held_back() as has_run:
        sleeper.start()
        assert not has_run()
    assert sleeper.alive
    sleeper.stop()
    assert sleeper.join(5.0)


def test_the_test_above_can_fail() -> None:
    with held_back() as has_run:
        for _ in range(500):  # whoever lets go gives the others a chance, no promise
            threading.Thread(target=int, daemon=True).start()
            if has_run():
                return
    raise AssertionError("500 threads were started, and no other one ran")


def test_one_that_is_about_to_run_is_alive_and_can_be_joined() -> None:
    for _ in range(50):
        sleeper = Sleeper()
        sleeper.start()
        assert sleeper.alive and not sleeper.died
        sleeper.stop()
        assert sleeper.join(5.0) and not sleeper.alive


def test_one_whose_thread_could_not_be_started_has_died(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    sleeper = Sleeper()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        sleeper.start()
        assert sleeper.join(5.0) and sleeper.died


class Beginning:
    """A thread and its launch at once: it comes to run between the first look at either and the second."""

    ident = None

    def __init__(self) -> None:
        self.looks = 0

    def is_alive(self) -> bool:
        self.looks += 1
        return self.looks > 1

    def wait(self, seconds: float) -> bool:
        self.looks += 1
        return self.looks > 1


def test_one_that_comes_to_run_while_it_is_looked_at_has_not_died(monkeypatch: pytest.MonkeyPatch) -> None:
    # Taken for dead it was replaced by another, and ran on beside it: nobody stopped it any more.
    sleeper, beginning = Sleeper(), Beginning()
    monkeypatch.setattr(sleeper, "_thread", beginning)
    monkeypatch.setattr(sleeper, "_launch", beginning)
    assert not sleeper.died
