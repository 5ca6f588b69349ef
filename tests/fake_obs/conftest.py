"""Fixtures for the tests of the fake obspython."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_obs.scripts import Write
from fake_obspython import FakeObs


@pytest.fixture
def fake() -> Iterator[FakeObs]:
    with FakeObs(fresh=()) as obs:
        yield obs


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a script; the common head imports obspython and keeps what happened in ``seen``."""

    def write_script(body: str, name: str = "sample_script.py") -> Path:
        path = tmp_path / name
        path.write_text("import obspython as obs\nseen = []\n" + textwrap.dedent(body), encoding="utf-8")
        return path

    return write_script
