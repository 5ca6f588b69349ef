"""Threads that can't end in a traceback, and calls whose result is taken later."""

from __future__ import annotations

import logging
import threading

import pytest

from vmsc_core.link.background import BackgroundCall, Died, background
from vmsc_core.link.errors import CannotConnect
from vmsc_core.reasons import Failure, Remedy, because


def test_what_a_thread_raises_is_logged_and_printed_nowhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.INFO, "vmsc.link"):
        thread = background(work, "vmsc-test")
        thread.start()
        thread.join(5)
    assert thread.daemon
    assert "vmsc-test failed" in caplog.text and capfd.readouterr().err == ""


def test_a_call_gives_what_its_work_gave() -> None:
    call = BackgroundCall(lambda: 5, "vmsc-test")
    assert call.take() == 5 and call.done


def test_a_call_raises_what_its_work_raised() -> None:
    call = BackgroundCall(lambda: 1 // 0, "vmsc-test")
    with pytest.raises(ZeroDivisionError):
        call.take()


def test_nobody_has_to_wait_for_a_call() -> None:
    go_on = threading.Event()
    call = BackgroundCall(lambda: go_on.wait(10), "vmsc-test")
    call.join(0.0)
    assert not call.done
    go_on.set()
    assert call.take() is True and call.done


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_what_would_end_a_thread_ends_neither_the_call_nor_who_takes_it(error: type[BaseException]) -> None:
    def work() -> None:
        raise error

    call = BackgroundCall(work, "vmsc-test")
    with pytest.raises(Died, match=error.__name__):
        call.take()
    thread = background(work, "vmsc-test")
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
def test_a_thread_that_can_not_start_is_a_failure_that_passes(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def start(thread: threading.Thread) -> None:
        raise error

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(CannotConnect) as problem:
        background(lambda: None, "vmsc-test").start()
    assert problem.value.failure == Failure(Remedy.BACKOFF, because("thread_missing"))
    call = BackgroundCall(lambda: 5, "vmsc-test")
    assert call.done
    call.join(1.0)
    with pytest.raises(CannotConnect):
        call.take()
