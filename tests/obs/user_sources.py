"""What the tests of the user's own sources share: the painter's port with one that is called "Mine"."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import FakeObs

USER_TEXT, USER_COLOR = "user text", "user color"
HELD = {USER_TEXT: ("text_ft2_source_v2", "text", "Welcome!"), USER_COLOR: ("color_source_v3", "color", 0x80112233)}
"""Role → kind of source, the setting that shows, and what the user had there."""

FOUR = 0x04000000
"""An alpha of 4 over black: what is written on a color here."""


EACH_ORDER = pytest.mark.parametrize("obs_version", [(29, 0, 2), (30, 2, 3), (32, 1, 0)], ids=str)
"""An OBS of each order in which obs_enum_sources gives sources; the first one has no UUIDs."""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def chosen(fake: FakeObs, role: str, name: str = "Mine") -> Any:
    """The painter's port with one source of the user's own."""
    sources = fake.import_module("vmsc_core.obs.sources")
    return sources.ObsSources(**{"text_source" if role == USER_TEXT else "color_source": name}, clock=Clock())


def search_now(port: Any) -> None:
    """The time of the next search has come."""
    port._clock.now += 5.0


def write(fake: FakeObs, port: Any, role: str) -> bool:
    return write_text(fake, port, role, "Live") if role == USER_TEXT else write_color(fake, port, role, 0, 4)


def write_text(fake: FakeObs, port: Any, role: str, text: str, color: int | None = None) -> bool:
    return bool(fake.call_on_graphics(port.write, role, painter(fake).Text(text, color)))


def write_color(fake: FakeObs, port: Any, role: str, color: int, alpha: int) -> bool:
    return bool(fake.call_on_graphics(port.write, role, painter(fake).Fill(color, alpha)))


def write_dot(fake: FakeObs, port: Any) -> None:
    """The dot is not there: all sources are searched."""
    assert not write_color(fake, port, "dot", 0, 0)


def painter(fake: FakeObs) -> Any:
    """vmsc_core.card.painter as the fake's script has it."""
    return fake.import_module("vmsc_core.card.painter")


def shown(fake: FakeObs, role: str, name: str = "Mine") -> Any:
    return fake.source(name).settings[HELD[role][1]]
