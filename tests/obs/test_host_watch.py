"""Whether OBS is on air: asked rarely, and true within a second."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


def test_obs_is_asked_once_a_second(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = fake.import_module("vmsc_core.obs.host_watch").HostWatch()
    asked: list[str] = []
    for name in ("streaming", "recording"):
        monkeypatch.setattr(fake.module, f"obs_frontend_{name}_active", lambda name=name: asked.append(name))
    hosts = [fake.call(lambda turn=turn: watch.host(100 + turn / 10)) for turn in range(20)]
    assert asked == ["streaming", "recording"] * 2
    assert all(host is hosts[0] for host in hosts)


@pytest.mark.parametrize("name", ["streaming", "recording"])
def test_what_obs_does_is_known_a_second_later(fake: FakeObs, name: str) -> None:
    watch = fake.import_module("vmsc_core.obs.host_watch").HostWatch()
    assert not fake.call(lambda: watch.host(100.0)).on_air
    fake.answers[f"obs_frontend_{name}_active"] = True
    assert not fake.call(lambda: watch.host(100.9)).on_air
    assert fake.call(lambda: watch.host(101.0)).on_air
