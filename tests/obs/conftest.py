"""Fixtures for the OBS side: the fake obspython, and the modules of vmsc_core/obs bound to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_obspython import FakeObs


@pytest.fixture
def fake() -> Iterator[FakeObs]:
    """An OBS with one empty scene; at the end nothing may be broken, held or logged at WARNING."""
    with FakeObs() as obs:
        obs.load_collection()
        yield obs
        assert obs.violations == []
        assert obs.unreleased() == []
        assert obs.warnings == []
