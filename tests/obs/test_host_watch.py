"""Whether OBS is on air: asked each turn; the rest of what OBS does seldom."""

from __future__ import annotations

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


def test_the_scene_is_asked_for_seldom_and_nothing_new_is_made_of_the_same(
    fake: FakeObs, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = fake.import_module("vmsc_core.obs.host_watch").HostWatch()
    asked: list[str] = []
    real = fake.module.obs_frontend_replay_buffer_active
    monkeypatch.setattr(fake.module, "obs_frontend_replay_buffer_active", lambda: asked.append("replay") or real())
    hosts = [fake.call(lambda turn=turn: watch.host(100 + turn / 10)) for turn in range(12)]
    assert 3 <= len(asked) <= 4
    assert all(host is hosts[0] for host in hosts)


@pytest.mark.parametrize("name", ["streaming", "recording"])
def test_that_obs_is_on_air_is_known_in_the_next_turn(fake: FakeObs, name: str) -> None:
    watch = fake.import_module("vmsc_core.obs.host_watch").HostWatch()
    assert not fake.call(lambda: watch.host(100.0)).on_air
    fake.answers[f"obs_frontend_{name}_active"] = True
    assert fake.call(lambda: watch.host(100.1)).on_air
