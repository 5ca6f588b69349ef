"""The timer's turn and the end of the script, which come on two threads at once: OBS waits for no timer."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from fake_obspython import FakeObs
from obs.session import app, start, text

WELCOME, TEAL = "Welcome to my stream", 0x7F998800


@pytest.fixture
def switches_at_once() -> Iterator[None]:
    """The threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def shown(fake: FakeObs) -> tuple[object, object, str]:
    """The user's text, the user's color, and the title on the card."""
    return fake.source("My text").settings["text"], fake.source("My color").settings["color"], text(fake, "title")


@pytest.mark.parametrize("part", range(8))
@pytest.mark.usefixtures("switches_at_once")
def test_hundreds_of_unloads_against_running_turns(fake: FakeObs, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake, {"text_source": "My text", "color_source": "My color"})
    fake.create_source("text_ft2_source_v2", "My text", {"text": WELCOME})
    fake.create_source("color_source_v3", "My color", {"color": TEAL})
    fake.press("add_card")
    monkeypatch.setattr(fake.import_module("vmsc_core.obs.turns"), "LEAVE_PAUSE", 0.0)
    wrong = []
    with fake.timers_on_their_own():
        for number in range(60):
            until = fake.turns + (number + part) % 4
            while fake.turns < until:
                pass
            fake._unload()
            if shown(fake) != (WELCOME, TEAL, "DISCONNECTED"):
                wrong.append((number, shown(fake)))
            fake._load(lambda: fake.script, cached=True)
            fake.updates.clear()
    assert wrong == [] and fake.violations == []
    assert [line for _, line in fake.log if "bug in" in line] == []


def test_a_turn_that_does_not_end_holds_the_end_up_for_half_a_second_only(fake: FakeObs) -> None:
    start(fake, {"text_source": "My text", "color_source": "My color"})
    fake.create_source("text_ft2_source_v2", "My text", {"text": WELCOME})
    fake.create_source("color_source_v3", "My color", {"color": TEAL})
    fake.press("add_card")
    fake.tick(0.3)
    stuck, go_on, turn = threading.Event(), threading.Event(), app(fake).turn

    def stick() -> None:
        stuck.set()
        go_on.wait(10)
        turn()

    app(fake).turn = stick
    with fake.timers_on_their_own():
        assert stuck.wait(5)
        fake._unload()
        assert fake.unload_seconds < 1.0
        assert shown(fake) == (WELCOME, TEAL, "DISCONNECTED")
        go_on.set()
    assert shown(fake) == (WELCOME, TEAL, "DISCONNECTED"), "and what comes of the turn after all changes nothing"


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt])
def test_each_step_of_the_end_is_done_whatever_becomes_of_the_others(fake: FakeObs, error: type[BaseException]) -> None:
    start(fake, {"text_source": "My text", "color_source": "My color"})
    fake.create_source("text_ft2_source_v2", "My text", {"text": WELCOME})
    fake.create_source("color_source_v3", "My color", {"color": TEAL})
    fake.tick(0.3)

    def fail(*_: object) -> None:
        raise error

    app(fake).close = fail
    next(iter(fake.script.script.card.sources._users.values())).leave = fail
    fake._unload()
    assert fake.source("My color").settings["color"] == TEAL
    assert fake.script.script is None and len([line for _, line in fake.log if "a step of the end failed" in line]) == 2


def test_a_turn_waits_for_nobody_and_the_end_for_the_turn(fake: FakeObs) -> None:
    turns = fake.import_module("vmsc_core.obs.turns").Turns()
    ended: list[bool] = []
    assert turns.begin() and not turns.begin(), "one turn at a time"
    ending = threading.Thread(target=lambda: ended.append(turns.end(5.0)), daemon=True)
    ending.start()
    while not turns.ended:
        ending.join(0.001)
    assert ended == []
    turns.done()
    ending.join(5)
    assert ended == [True]
    assert not turns.begin()


def test_the_end_gives_the_last_turn_the_time_to_return_to_obs(fake: FakeObs) -> None:
    module = fake.import_module("vmsc_core.obs.turns")
    pauses: list[float] = []
    turns = module.Turns(pauses.append)
    assert turns.begin()
    turns.done()
    assert turns.end() and pauses == [module.LEAVE_PAUSE] and module.LEAVE_PAUSE > 0
