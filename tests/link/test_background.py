"""Threads that can't end in a traceback, and calls whose result is taken later."""

from __future__ import annotations

import logging
import threading

import pytest

from vmsc_core.link.background import BackgroundCall, background


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
