"""The scripted world in real time, on a clock of the test's own."""

from __future__ import annotations

import threading

from fakes import changes, known

from vmsc_core.events import ChatMessage, Signal
from vmsc_core.link.scripted import chat
from vmsc_core.link.stage import Stage
from vmsc_core.settings import Wish


def wish() -> Wish:
    return Wish("speedy", poll=False, websocket_address="wss://example.com", known=known().known)


class Outside:
    """A clock that goes on by what is waited for."""

    def __init__(self) -> None:
        self.now = 500.0
        self.waits: list[float] = []

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return stop.is_set()


def test_each_frame_comes_when_its_time_has_come() -> None:
    outside = Outside()
    stage = Stage([(2.0, chat("one")), (3.5, chat("two"))], lambda: outside.now, outside.wait)
    told = stage.run(wish())
    assert [event.text for event in told if isinstance(event, ChatMessage)] == ["one", "two"]
    assert stage.over and abs(outside.now - 505.5) < 1e-6
    assert max(outside.waits) <= 0.25, "a link that is to stop is never waited for"


def test_a_loss_ends_the_connection_and_the_story_goes_on_after_some_attempts() -> None:
    outside = Outside()
    stage = Stage([(1.0, chat("one")), (1.0, None), (1.0, chat("two"))], lambda: outside.now, outside.wait)
    told = stage.run(wish())
    assert [change.signal for change in changes(told)] == [Signal.READY, *[Signal.BROKE] * 4, Signal.READY]
    assert [event.text for event in told if isinstance(event, ChatMessage)] == ["one", "two"]
    assert abs(outside.now - (500 + 2 + 1 + 2 + 4 + 8 + 1)) < 1e-6


def test_what_is_late_is_made_up_for_without_waiting() -> None:
    outside = Outside()
    stage = Stage([(5.0, chat("one"))], lambda: outside.now, outside.wait)
    outside.now += 60.0
    stage.run(wish())
    assert outside.waits == [] and stage.over


def test_a_stop_ends_it_before_it_is_over() -> None:
    outside = Outside()

    def wait(stop: threading.Event, seconds: float) -> bool:
        outside.wait(stop, seconds)
        if outside.now > 502.0:
            stop.set()
        return stop.is_set()

    stage = Stage([(1.0, chat("one")), (9.0, chat("two"))], lambda: outside.now, wait)
    told = stage.run(wish())
    assert [event.text for event in told if isinstance(event, ChatMessage)] == ["one"]
    assert not stage.over and outside.now < 503.0
