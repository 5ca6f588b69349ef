"""What a rehearsal changes is put back; what is somebody else's by then is left."""

from __future__ import annotations

from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs

from vmsc_core.rules import actions as act

pytestmark = pytest.mark.usefixtures("scene_collection")


class Stage:
    """A Before over Actions in a fake OBS with a source, a text, a sound and a second scene."""

    def __init__(self, fake: FakeObs) -> None:
        self.fake = fake
        self.act = fake.import_module("vmsc_core.rules.actions")
        self.actions = fake.import_module("vmsc_core.obs.actions").Actions(self, None)
        self.before = fake.import_module("vmsc_core.obs.before").Before(fake.show_scene)
        self.first = fake.scene_name()
        fake.create_source("color_source_v3", "Confetti", {})
        fake.create_source("text_ft2_source_v2", "Chat", {"text": "one"})
        fake.create_source("ffmpeg_source", "Horn", {})
        fake.add_scene("Second")

    next_scene = ""

    def switch_scene(self, name: str) -> bool:
        """As the UI lane would, at once."""
        self.fake.show_scene(name)
        return True

    def do(self, action: Any) -> Any:
        made = getattr(self.act, type(action).__name__)(**vars(action))
        return self.fake.call_on_graphics(self.before.around, made, lambda: self.actions.perform(made, 100.0))

    def restore(self) -> None:
        self.fake.call_on_graphics(self.before.restore)

    def seen(self) -> dict[str, Any]:
        """All that actions change."""
        horn = self.fake.source("Horn")
        return {
            "scene": self.fake.scene_name(),
            "shown": {item.name: item.visible for item in self.fake.scene_items(self.first)},
            "text": self.fake.source("Chat").settings["text"],
            "horn": (horn.muted, horn.volume),
        }


@pytest.fixture
def stage(fake: FakeObs) -> Stage:
    return Stage(fake)


@pytest.mark.parametrize(
    "action",
    [
        act.HideSource("Confetti"),
        act.ToggleSource("Chat"),
        act.SetText("Chat", "two"),
        act.AddLine("Chat", "two"),
        act.SetMuted("Horn", "on"),
        act.SetVolume("Horn", 50),
        act.SwitchScene("Second"),
    ],
    ids=lambda action: type(action).__name__,
)
def test_a_change_is_put_back(stage: Stage, action: Any) -> None:
    before = stage.seen()
    assert stage.do(action) is None
    assert stage.seen() != before
    stage.restore()
    assert stage.seen() == before


def media(name: str) -> int:
    return int(CONSTANTS[f"OBS_MEDIA_STATE_{name}"])


@pytest.mark.parametrize(
    ("was", "done", "is_then"),
    [
        ("NONE", ["restart"], "STOPPED"),
        ("ENDED", ["play", "restart"], "STOPPED"),
        ("PLAYING", ["stop"], "PLAYING"),
        ("PLAYING", ["stop", "play"], "PLAYING"),
        ("PAUSED", ["play"], "PAUSED"),
        ("PAUSED", ["stop"], "PAUSED"),
        ("OPENING", ["restart"], "PLAYING"),
    ],
)
def test_media_goes_back_to_playing_or_not(stage: Stage, was: str, done: list[str], is_then: str) -> None:
    fake = stage.fake
    fake._the("Horn").next_media_state = media(was)
    fake.tick(0.1)
    for do in done:
        stage.do(act.Media("Horn", do))
        fake.tick(0.1)
    assert fake.call(stage.before.to_save) == "", "when OBS comes back, nothing plays on anyway"
    stage.restore()
    fake.tick(0.1)
    assert fake.source("Horn").media_state == media(is_then)


def test_media_that_has_ended_by_then_is_left(stage: Stage) -> None:
    stage.do(act.Media("Horn", "restart"))
    stage.fake._the("Horn").next_media_state = media("ENDED")
    stage.fake.tick(0.1)
    stage.restore()
    assert [name for name, _ in stage.fake.frontend_calls] == ["obs_source_media_restart"]


def test_in_studio_mode_viewers_get_back_what_they_saw_and_the_scene_what_it_had(stage: Stage) -> None:
    fake = stage.fake
    fake.use_studio_mode("Second")
    fake.set_visible("Confetti", False)

    def seen() -> list[list[bool]]:
        return [
            [item.visible for item in items if item.name == "Confetti"] for items in (fake.scene_items(), fake.items_on_air())
        ]

    assert seen() == [[False], [True]]
    for action in (act.HideSource("Confetti"), act.ShowSource("Confetti")):
        stage.do(action)
    saved = fake.call(stage.before.to_save)
    stage.restore()
    assert seen() == [[False], [True]]
    fake.leave_studio_mode()
    fake.set_visible("Confetti", True)
    again = fake.import_module("vmsc_core.obs.before").Before(fake.show_scene, saved)
    fake.call_on_graphics(again.restore)
    assert seen() == [[False], [False]]


def test_of_many_changes_the_state_before_the_first_one_counts(stage: Stage) -> None:
    before = stage.seen()
    for number in range(4):
        stage.do(act.AddLine("Chat", f"line {number}"))
        stage.do(act.ToggleSource("Confetti"))
        stage.do(act.SwitchScene("Second" if number % 2 else stage.first))
    stage.do(act.HideSource("Confetti", scene=stage.first))
    stage.restore()
    assert stage.seen() == before


def test_a_filter_is_put_back(stage: Stage) -> None:
    fake = stage.fake

    def add_filter() -> None:
        obs = fake.import_module("obspython")
        source = obs.obs_get_source_by_name("Confetti")
        made = obs.obs_source_create_private("mask_filter_v2", "Blue", None)
        obs.obs_source_filter_add(source, made)
        obs.obs_source_release(made)
        obs.obs_source_release(source)

    fake.call(add_filter)
    assert stage.do(act.SetFilter("Confetti", "Blue", "off")) is None
    assert not fake.source("Confetti").filters[0].enabled
    stage.restore()
    assert fake.source("Confetti").filters[0].enabled


def test_a_text_and_a_scene_that_are_somebody_elses_by_now_stay(stage: Stage) -> None:
    stage.do(act.SetText("Chat", "rehearsed"))
    stage.do(act.SwitchScene("Second"))
    stage.fake.add_scene("Third")
    stage.fake.show_scene("Third")

    def type_into_it() -> None:
        obs = stage.fake.import_module("obspython")
        source, data = obs.obs_get_source_by_name("Chat"), obs.obs_data_create()
        obs.obs_data_set_string(data, "text", "by hand")
        obs.obs_source_update(source, data)
        obs.obs_data_release(data)
        obs.obs_source_release(source)

    stage.fake.call(type_into_it)
    stage.restore()
    assert (stage.fake.source("Chat").settings["text"], stage.fake.scene_name()) == ("by hand", "Third")


def test_what_is_gone_by_then_is_no_trouble(stage: Stage) -> None:
    for action in (
        act.HideSource("Confetti"),
        act.SetText("Chat", "x"),
        act.SetMuted("Horn", "on"),
        act.SetText("Gone", "x"),
        act.Media("Horn"),
    ):
        stage.do(action)
    for name in ("Confetti", "Chat", "Horn"):
        stage.fake.delete_source(name)
    stage.restore()
    assert stage.fake.violations == []


def test_nothing_is_put_back_twice(stage: Stage) -> None:
    stage.do(act.HideSource("Confetti"))
    stage.restore()
    stage.fake.call_on_graphics(stage.actions.perform, stage.act.HideSource("Confetti"), 101.0)
    stage.restore()
    assert stage.seen()["shown"]["Confetti"] is False


def test_another_one_puts_back_what_was_saved(stage: Stage) -> None:
    before = stage.seen()
    for action in (act.HideSource("Confetti"), act.SetText("Chat", "two"), act.SetMuted("Horn", "on"), act.SetVolume("Horn", 50)):
        stage.do(action)
    saved = stage.before.to_save()
    again = type(stage.before)(stage.fake.show_scene, saved)
    assert again and again.to_save() == saved
    stage.fake.call_on_graphics(again.restore)
    assert stage.seen() == before
    assert not again and again.to_save() == ""


def test_the_scene_on_air_is_not_saved(stage: Stage) -> None:
    stage.do(act.SwitchScene("Second"))
    assert stage.before.to_save() == ""


@pytest.mark.parametrize(
    "saved",
    [
        "",
        "no JSON",
        "{}",
        '[1, [], [[]], [[1], true, true], [["text"], "x", "x"]]',
        '[[["text", "Chat"], 5, 5], [["muted", "Horn"], "yes", true], [["volume", "Horn"], true, 1]]',
        '[[["volume", "Horn"], -1, 1]]',
        '[[["shown", "Scene", "Confetti"], [], true], [["shown", "Scene", "Chat"], [false], true]]',
        '[[["shown", "Scene", "Confetti"], [[0]], true], [["shown", "Scene", "Chat"], [[false], 1], true]]',
        '[[["shown", "Scene", "Confetti"], "no", true], [["what", "Chat"], "x", "one"], [["scene"], "Second", "Scene"]]',
    ],
)
def test_what_can_not_be_used_is_left_out(stage: Stage, saved: str) -> None:
    before = stage.seen()
    again = type(stage.before)(stage.fake.show_scene, saved)
    stage.fake.call_on_graphics(again.restore)
    assert stage.seen() == before


def test_a_switch_that_still_waits_is_called_off(fake: FakeObs) -> None:
    fake.add_scene("Second")
    first, switched = fake.scene_name(), []
    before = fake.import_module("vmsc_core.obs.before").Before(switched.append, next_scene=lambda: "Second")
    fake.call_on_graphics(before.around, fake.import_module("vmsc_core.rules.actions").SwitchScene("Second"), lambda: None)
    fake.call_on_graphics(before.restore)
    assert switched == [first]
