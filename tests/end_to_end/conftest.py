"""Tests over real sockets, against tools/kick_simulator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in (str(ROOT), str(ROOT / "tools")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

from kick_simulator import KickSimulator  # noqa: E402 - found only from here on


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    """A running simulator with no channel yet, on free ports."""
    with KickSimulator() as simulator:
        yield simulator
