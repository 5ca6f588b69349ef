"""Gives the tests in this folder a real OBS and a Kick; without an OBS they are skipped, in CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox, missing_parts

LACKING = missing_parts()


@pytest.fixture(autouse=True, scope="session")
def obs_is_there():
    if LACKING:
        reason = "No real OBS here: " + " ".join(LACKING)
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def sandbox(obs_is_there):
    return ObsSandbox


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    """A running simulator that knows "speedy" and "other"."""
    with KickSimulator() as simulator:
        simulator.add_channel("speedy")
        simulator.add_channel("other", channel_id=5, chatroom_id=6)
        yield simulator
