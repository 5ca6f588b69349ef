"""What a rule names in OBS: found where it is, and nowhere else."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def targets(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.targets")


def count(fake: FakeObs, targets: ModuleType, scene: str, source: str) -> int:
    def look() -> int:
        with targets.scenes_called(scene) as found:
            return -1 if not found else targets.each_item(found[0], source, lambda item: None)

    return int(fake.call_on_graphics(look))


def test_every_copy_is_found_in_groups_too(fake: FakeObs, targets: ModuleType) -> None:
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    fake.create_source("color_source_v3", "Mine", {})
    assert count(fake, targets, "", "Mine") == 1
    assert count(fake, targets, "", "Kick card: dot") == 1
    assert count(fake, targets, "", "Kick card") == 1
    assert count(fake, targets, fake.scene_name(), "Gone") == 0


def test_a_group_or_a_source_is_no_scene(fake: FakeObs, targets: ModuleType) -> None:
    fake.call(fake.import_module("vmsc_core.obs.scene").add_card)
    fake.create_source("color_source_v3", "Mine", {})
    for name in ("Mine", "Kick card", "Nowhere"):
        assert count(fake, targets, name, "x") == -1
        assert not fake.call_on_graphics(targets.is_scene, name)
    assert fake.call_on_graphics(targets.is_scene, fake.scene_name())
    assert not fake.call_on_graphics(targets.is_scene, "")


def test_the_scene_on_air_has_a_name(fake: FakeObs, targets: ModuleType) -> None:
    assert fake.call_on_graphics(targets.scene_on_air) == fake.scene_name()
