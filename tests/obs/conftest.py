"""Fixtures for the OBS side: the fake obspython with an empty scene or with nothing yet, and a Kick on this computer."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import FakeObs
from kick_simulator import KickSimulator
from obs.user_sources import HELD


@pytest.fixture(autouse=True)
def config_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this computer's user keeps programs' settings: nothing yet, and nothing of the developer's own."""
    folder = tmp_path_factory.mktemp("config")
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_waiting_for_outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A press of Connect does not wait for what comes of it: the fake's timer stands still during a press."""
    load = FakeObs.load_script

    def load_script(fake: FakeObs, *arguments: Any, **options: Any) -> Any:
        loaded = load(fake, *arguments, **options)
        running = getattr(fake.script, "script", None)
        if running is not None:
            running.page.outcome_timeout = 0.0
        return loaded

    monkeypatch.setattr(FakeObs, "load_script", load_script)


@pytest.fixture
def obs_version() -> tuple[int, int, int]:
    """Which OBS `fake` is; user_sources.EACH_ORDER gives a test one of each order of sources."""
    return (32, 1, 0)


@pytest.fixture
def fake(obs_version: tuple[int, int, int]) -> Iterator[FakeObs]:
    """An OBS without sources; at the end nothing may be broken, held, left running or logged at WARNING."""
    with FakeObs(version=obs_version) as obs:
        yield obs
        if obs.script is not None and obs._settings is not None:
            obs.unload_script()
        assert obs.violations == []
        assert obs.unreleased() == []
        assert obs.threads == []
        assert obs.warnings == []


@pytest.fixture
def refused() -> Iterator[int]:
    """A port of this computer where nobody listens."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@pytest.fixture
def silent() -> Iterator[int]:
    """A port of this computer that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    """A Kick of our own, with the channel "speedy"."""
    with KickSimulator() as simulator:
        simulator.add_channel("speedy")
        yield simulator


@pytest.fixture
def scene_collection(fake: FakeObs) -> None:
    """One empty scene, as a room of vmsc_core/obs finds it that is tested without the script."""
    fake.load_collection()


@pytest.fixture(params=HELD)
def role(request: pytest.FixtureRequest, fake: FakeObs, scene_collection: None) -> str:
    """A role for which there is a source "Mine" that shows something of the user's."""
    kind, key, value = HELD[request.param]
    fake.create_source(kind, "Mine", {key: value, "width": 9})
    return str(request.param)


@pytest.fixture
def no_websocket_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's path, without websocket-client."""
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if not (Path(entry) / "websocket").is_dir()])
