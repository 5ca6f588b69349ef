"""What time ends: see test_actions for what begins it."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


@pytest.fixture
def timed(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.timed")


def test_a_fade_goes_from_one_volume_to_the_other_and_stays_there(timed: ModuleType) -> None:
    fade = timed.Fade(1.0, 0.0, 10.0, 12.0)
    assert [round(fade.at(now), 3) for now in (9.0, 10.0, 11.0, 12.0, 99.0)] == [1.0, 1.0, 0.125, 0.0, 0.0]
    assert timed.Fade(0.2, 0.9, 5.0, 5.0).at(5.0) == pytest.approx(0.9)


def test_of_too_many_things_the_oldest_ends_at_once(fake: FakeObs, timed: ModuleType) -> None:
    fake.create_source("color_source_v3", "Mine", {})
    one = timed.Timed(lambda name: True)

    def fill() -> None:
        one.hide_later(fake.scene_name(), "Mine", 1000.0)
        for number in range(timed.MOST):
            one.hide_later("Nowhere", f"{number}", 1000.0)

    fake.call_on_graphics(fill)
    assert not fake.scene_items()[0].visible
    assert len(one._hides) == timed.MOST


def test_a_source_that_went_away_ends_its_fade(fake: FakeObs, timed: ModuleType) -> None:
    one = timed.Timed(lambda name: True)
    one.fade("Gone", timed.Fade(0.0, 1.0, 0.0, 100.0))
    fake.call_on_graphics(one.turn, 1.0)
    assert not one._fades


def test_going_back_to_where_one_is_is_nothing(timed: ModuleType) -> None:
    one = timed.Timed(lambda name: True)
    one.go_back_later("Scene", "Scene", 5.0)
    assert one._return is None


def test_the_way_back_waits_for_a_switch_that_still_waits(fake: FakeObs, timed: ModuleType) -> None:
    waiting, switched = ["Second"], []
    one = timed.Timed(lambda name: switched.append(name) or True, lambda: waiting[0])
    first = fake.scene_name()
    fake.add_scene("Second")
    one.go_back_later("Second", first, 1.0)
    fake.call_on_graphics(one.turn, 2.0)
    assert one._return is not None and not switched
    waiting[0] = ""
    fake.show_scene("Second")
    fake.call_on_graphics(one.turn, 2.1)
    assert one._return is None and switched == [first]
