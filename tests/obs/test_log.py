"""Log records go to OBS from a callback only, a few a turn, and never above INFO."""

from __future__ import annotations

import logging
import threading
import warnings
from types import ModuleType

import pytest
from fake_obspython import CONSTANTS, FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def log(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.log")


def test_lines_of_any_thread_wait_for_the_timer(fake: FakeObs, log: ModuleType) -> None:
    lane = log.LogLane()
    lane.install()
    try:
        thread = threading.Thread(target=logging.getLogger("vmsc.link").info, args=("from %s", "afar"))
        thread.start()
        thread.join(5)
        assert fake.log == []
        fake.call_on_graphics(lane.flush_some)
        assert fake.log == [(CONSTANTS["LOG_INFO"], "from afar")]
    finally:
        lane.remove()


def test_nothing_is_logged_above_info(fake: FakeObs, log: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    lane = log.LogLane()
    lane.install()
    try:
        logging.getLogger("vmsc.app").error("broken", exc_info=ValueError("x"))
        fake.call(lane.flush_some)
    finally:
        lane.remove()
    assert {level for level, _ in fake.log} == {CONSTANTS["LOG_INFO"]}
    assert capsys.readouterr().err == ""


def test_a_flood_is_handed_over_in_small_parts_and_bounded(fake: FakeObs, log: ModuleType) -> None:
    lane = log.LogLane()
    lane.install()
    try:
        for number in range(2000):
            logging.getLogger("vmsc.app").info("line %d", number)
        fake.call_on_graphics(lane.flush_some)
        assert len(fake.log) == log.LINES_PER_TURN
        for _ in range(200):
            fake.call_on_graphics(lane.flush_some)
        assert len(fake.log) <= 500 and fake.log[-1][1] == "line 1999"
    finally:
        lane.remove()


@pytest.mark.parametrize("line", ["bad %d", "\ud800", "a\0b", "two\nlines"])
def test_a_bad_line_harms_nobody(fake: FakeObs, log: ModuleType, line: str) -> None:
    lane = log.LogLane()
    lane.install()
    try:
        logging.getLogger("vmsc.app").info(line, *(["x"] if "%" in line else []))
        fake.call_on_graphics(lane.flush_some)
    finally:
        lane.remove()
    assert fake.log


def test_pythons_warnings_become_lines_and_not_a_window_over_the_stream(
    fake: FakeObs, log: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    before = warnings.showwarning
    lane = log.LogLane()
    lane.install()
    try:
        with warnings.catch_warnings(record=False):
            warnings.simplefilter("always")
            warnings.showwarning = lane._show  # catch_warnings puts Python's own back
            warnings.warn("unable to enumerate Windows certificate store", RuntimeWarning, stacklevel=1)
        fake.call(lane.flush_some)
    finally:
        lane.remove()
    assert warnings.showwarning is before
    assert [level for level, text in fake.log if "certificate store" in text] == [CONSTANTS["LOG_INFO"]]
    assert capsys.readouterr().err == ""
