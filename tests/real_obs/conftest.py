"""Gives the tests in this folder a real OBS; without one they are skipped, in CI they fail."""

from __future__ import annotations

import os

import pytest
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
