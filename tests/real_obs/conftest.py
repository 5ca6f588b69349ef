"""Gives the tests in this folder a real OBS and a Kick; without an OBS they are skipped, in CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox, missing_parts
from obs_sandbox.config import Config, system_folders
from own_rules import signed

from vmsc_core.obs.trusted import trust
from vmsc_core.settings import Wish, read_wish

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


@pytest.fixture(autouse=True)
def trusted_servers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user of each sandbox has made the rules in its settings, and has pressed Connect with the servers there.

    Unless the test is marked `strangers`.
    """
    write = Config.write

    def write_and_trust(config: Config, folder: Path) -> None:
        for scripts in config.collections.values():
            for _, values in scripts:
                assert isinstance(values, dict)
                values.update(signed(values))
        write(config, folder)
        with monkeypatch.context() as inside:
            for name, value in system_folders(folder, "obs")[2].items():
                inside.setenv(name, value)
            for path, values in (script for scripts in config.collections.values() for script in scripts):
                wish = read_wish(values)
                if isinstance(wish, Wish):
                    trust(wish.custom_servers, str(path.parent))

    if request.node.get_closest_marker("strangers") is None:
        monkeypatch.setattr(Config, "write", write_and_trust)


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    """A running simulator that knows "speedy" and "other"."""
    with KickSimulator() as simulator:
        simulator.add_channel("speedy")
        simulator.add_channel("other", channel_id=5, chatroom_id=6)
        yield simulator
