"""A background thread that other threads start, stop and wait for."""

from __future__ import annotations

import threading

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
