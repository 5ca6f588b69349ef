"""What the tests of the fake obspython share: a script that keeps every rule, and a look at the rule that was broken."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from fake_obspython import FakeObs

Write = Callable[..., Path]
"""Makes a file of a script's text: see conftest.write."""


def broken(fake: FakeObs, *words: str) -> None:
    """There is exactly one violation and it says all ``words``."""
    assert len(fake.violations) == 1, fake.violations
    for word in words:
        assert word in fake.violations[0]


GOOD = """
    import threading

    import obspython

    kept = None

    def script_description():
        seen.append("description")
        return "good"

    def script_defaults(settings):
        seen.append("defaults")
        obs.obs_data_set_default_string(settings, "name", "nobody")

    def script_load(settings):
        global kept
        kept = settings
        seen.append("load")
        assert obs.obs_get_source_by_name("Scene") is None or len(seen) > 5
        obs.timer_add(turn, 100)
        obs.obs_frontend_add_event_callback(on_event)
        obs.obs_hotkey_register_frontend("sample.go", "Sample: go", on_hotkey)

    def script_update(settings):
        seen.append("update " + obs.obs_data_get_string(settings, "name"))

    def script_save(settings):
        seen.append("save")

    def script_unload():
        seen.append("unload")

    def turn():
        seen.append("turn " + threading.current_thread().name)

    def on_event(event):
        seen.append("event %d" % event)

    def on_hotkey(pressed):
        seen.append("hotkey %s %s" % (pressed, threading.current_thread().name))
"""
