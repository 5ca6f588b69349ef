"""The alert: built once, hidden, shown with its words where viewers are, and hidden where it was shown."""

from __future__ import annotations

from types import ModuleType

import pytest
from fake_obspython import FakeObs, ItemView

from vmsc_core.settings import Choices

pytestmark = pytest.mark.usefixtures("scene_collection")

PIECES = ["panel", "edge", "detail", "title", "image", "sound"]


@pytest.fixture
def alert(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.alert")


def group(fake: FakeObs, scene: str | None = None) -> ItemView:
    (found,) = (item for item in fake.scene_items(scene) if item.kind == "group")
    return found


def test_it_is_built_hidden_and_folded_with_every_piece_in_order(fake: FakeObs, alert: ModuleType) -> None:
    assert fake.call(alert.add_alert, Choices()).key == "alert_added"
    made = group(fake)
    assert (made.name, made.visible, made.folded) == ("Kick alert", False, True)
    assert [item.name for item in made.items] == [f"Kick alert: {role}" for role in PIECES]
    assert all(item.locked and not item.selected for item in made.items)
    assert made.pos[0] == (1920 - 640 * 1.5) / 2
    assert fake.source("Kick alert: title").settings["font"]["size"] == 51


def test_pressing_again_brings_back_what_is_missing_and_makes_no_second_one(fake: FakeObs, alert: ModuleType) -> None:
    fake.call(alert.add_alert, Choices())
    fake.delete_source("Kick alert: title")
    fake.change_source("Kick alert: panel", {"color": 5})
    assert fake.call(alert.add_alert, Choices()).key == "alert_repaired"
    assert [item.name for item in group(fake).items] == [f"Kick alert: {role}" for role in PIECES]
    assert fake.source("Kick alert: panel").settings["color"] == 5, "what was styled by hand stays"


def test_a_source_of_the_users_with_its_name_is_not_touched(fake: FakeObs, alert: ModuleType) -> None:
    fake.create_source("color_source_v3", "Kick alert", {"color": 7})
    assert fake.call(alert.add_alert, Choices()).key == "scene_name_taken"
    assert fake.source("Kick alert").settings["color"] == 7


def test_in_studio_mode_viewers_see_it_too(fake: FakeObs, alert: ModuleType) -> None:
    fake.call(alert.add_alert, Choices())
    fake.use_studio_mode()
    one = alert.Alert()
    for do, is_shown in ((lambda: one.show("Ann", "followed"), True), (one.hide, False)):
        assert fake.call_on_graphics(do) is None
        assert [item.visible for item in (*fake.items_on_air(), *fake.scene_items())] == [is_shown, is_shown]


def test_another_scene_shows_the_same_alert(fake: FakeObs, alert: ModuleType) -> None:
    fake.call(alert.add_alert, Choices())
    fake.add_scene("Second")
    fake.show_scene("Second")
    fake.call(alert.add_alert, Choices())
    assert group(fake, "Second").name == "Kick alert"
    assert not [name for name in fake.sources() if name.startswith("Kick alert 2")]


def test_it_says_the_words_and_is_hidden_where_it_was_shown(fake: FakeObs, alert: ModuleType) -> None:
    first = fake.scene_name()
    fake.call(alert.add_alert, Choices())
    one = alert.Alert()
    assert fake.call_on_graphics(one.show, "Kindotter", "gifted 5 subs") is None
    said = [fake.source(f"Kick alert: {role}").settings["text"] for role in ("title", "detail")]
    assert said == ["Kindotter", "gifted 5 subs"] and group(fake).visible
    fake.add_scene("Second")
    fake.show_scene("Second")
    fake.call_on_graphics(one.hide)
    assert not group(fake, first).visible


def test_in_a_scene_without_one_it_says_so(fake: FakeObs, alert: ModuleType) -> None:
    trouble = fake.call_on_graphics(alert.Alert().show, "a", "b")
    assert (trouble.key, dict(trouble.values)) == ("alert_not_there", {"scene": fake.scene_name()})


def test_both_lines_are_in_the_middle_of_the_panel(fake: FakeObs, alert: ModuleType) -> None:
    fake.call(alert.add_alert, Choices())
    lines = [item for item in group(fake).items if item.name in ("Kick alert: title", "Kick alert: detail")]
    assert [(item.pos[0], item.bounds[0], item.bounds_alignment) for item in lines] == [(180, 600, 0)] * 2
