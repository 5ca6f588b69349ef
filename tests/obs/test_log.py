"""Log records go to OBS from a callback only, a few a turn, and never above INFO."""

from __future__ import annotations

import logging
import platform
import threading
import warnings
from types import ModuleType

import pytest
from fake_obspython import CONSTANTS, FakeObs
from obs.session import start

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def log(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.log")


def test_lines_of_any_thread_wait_for_the_timer(fake: FakeObs, log: ModuleType) -> None:
    handler = log.ScriptLogHandler()
    handler.install()
    try:
        thread = threading.Thread(target=logging.getLogger("vmsc.link").info, args=("from %s", "afar"))
        thread.start()
        thread.join(5)
        assert fake.log == []
        fake.call_on_graphics(handler.flush_some)
        assert fake.log == [(CONSTANTS["LOG_INFO"], "from afar")]
    finally:
        handler.remove()


def test_nothing_is_logged_above_info(fake: FakeObs, log: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    handler = log.ScriptLogHandler()
    handler.install()
    try:
        logging.getLogger("vmsc.app").error("broken", exc_info=ValueError("x"))
        fake.call(handler.flush_some)
    finally:
        handler.remove()
    assert {level for level, _ in fake.log} == {CONSTANTS["LOG_INFO"]}
    assert capsys.readouterr().err == ""


def test_a_flood_is_handed_over_in_small_parts_and_bounded(fake: FakeObs, log: ModuleType) -> None:
    handler = log.ScriptLogHandler()
    handler.install()
    try:
        for number in range(2000):
            logging.getLogger("vmsc.app").info("line %d", number)
        fake.call_on_graphics(handler.flush_some)
        assert len(fake.log) == log.LINES_PER_TURN
        for _ in range(200):
            fake.call_on_graphics(handler.flush_some)
        assert len(fake.log) <= 500 and fake.log[-1][1] == "line 1999"
    finally:
        handler.remove()


@pytest.mark.parametrize("line", ["bad %d", "\ud800", "a\0b", "two\nlines"])
def test_a_bad_line_harms_nobody(fake: FakeObs, log: ModuleType, line: str) -> None:
    handler = log.ScriptLogHandler()
    handler.install()
    try:
        logging.getLogger("vmsc.app").info(line, *(["x"] if "%" in line else []))
        fake.call_on_graphics(handler.flush_some)
    finally:
        handler.remove()
    assert fake.log


def test_pythons_warnings_become_lines_and_not_a_window_over_the_stream(
    fake: FakeObs, log: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    before = warnings.showwarning
    handler = log.ScriptLogHandler()
    handler.install()
    try:
        with warnings.catch_warnings(record=False):
            warnings.simplefilter("always")
            warnings.showwarning = handler._show  # catch_warnings puts Python's own back
            warnings.warn("unable to enumerate Windows certificate store", RuntimeWarning, stacklevel=1)
        fake.call(handler.flush_some)
    finally:
        handler.remove()
    assert warnings.showwarning is before
    assert [level for level, text in fake.log if "certificate store" in text] == [CONSTANTS["LOG_INFO"]]
    assert capsys.readouterr().err == ""


def test_a_reason_is_logged_as_its_sentence(fake: FakeObs, log: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    because = fake.import_module("vmsc_core.reasons").because
    handler = log.ScriptLogHandler()
    handler.install()
    logging.getLogger("vmsc.state").addHandler(caplog.handler)
    try:
        logging.getLogger("vmsc.state").info("%s: %s", "Error", because("channel_unknown", slug="speedyy"))
        logging.getLogger("vmsc.state").info(because("lost"))
        fake.call_on_graphics(handler.flush_some)
    finally:
        logging.getLogger("vmsc.state").removeHandler(caplog.handler)
        handler.remove()
    lines = [line for _, line in fake.log]
    assert lines == [
        'Error: There\'s no Kick channel "speedyy". Check the spelling, then press Connect.',
        "Lost the connection to Kick.",
    ]
    assert caplog.records[0].args[1] == because("channel_unknown", slug="speedyy"), "the record itself is left as it was"


def test_the_logs_first_line_says_what_runs_here(fake: FakeObs) -> None:
    start(fake)
    fake.tick(0.3)
    version = fake.import_module("vmsc_core").__version__
    assert fake.log[0][1] == f"VMSC for OBS {version}, in OBS 32.1.0, on Python {platform.python_version()}"
