"""Each action does to OBS what it says, or says why not. In the fake, on the timer's thread."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs

from vmsc_core.reasons import Reason
from vmsc_core.rules import actions as act
from vmsc_core.words import say

pytestmark = pytest.mark.usefixtures("scene_collection")


class Lane:
    """Switches at once, as the UI thread does soon."""

    def __init__(self, fake: FakeObs) -> None:
        self.fake, self.pressed, self.is_there = fake, [], True
        self.next_scene, self.is_slow, self.is_full, self.waiting = "", False, False, []

    def switch_scene(self, name: str) -> bool:
        if self.is_full:
            return False
        if self.is_there and self.is_slow:
            self.next_scene = name
            self.waiting.append(name)
        elif self.is_there:
            self.fake.show_scene(name)
        return self.is_there

    def press_hotkey(self, name: str) -> bool:
        self.pressed.append(name)
        return self.is_there and not self.is_full


class Files:
    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []

    def add_line(self, file: str, line: str) -> None:
        self.written.append((file, f"+{line}"))

    def write(self, file: str, text: str) -> None:
        self.written.append((file, text))

    def take_back(self, file: str, text: str, before: str | None) -> None:
        self.written.append((file, f"-{text}, {before}"))


class Stage:
    """Actions in a fake OBS with a source, a text, a sound and a second scene."""

    def __init__(self, fake: FakeObs) -> None:
        self.fake, self.lane, self.files = fake, Lane(fake), Files()
        module: ModuleType = fake.import_module("vmsc_core.obs.actions")
        self.act = fake.import_module("vmsc_core.rules.actions")
        self.actions = module.Actions(self.lane, self.files)
        self.first = fake.scene_name()
        fake.create_source("color_source_v3", "Confetti", {})
        fake.create_source("text_ft2_source_v2", "Chat", {"text": "one"})
        fake.create_source("ffmpeg_source", "Horn", {})
        fake.add_scene("Second")

    def do(self, action: Any, now: float = 100.0) -> str:
        """Performs it on the graphics thread; what is said of it."""
        made = getattr(self.act, type(action).__name__)(**vars(action))
        trouble: Reason | None = self.fake.call_on_graphics(self.actions.perform, made, now)
        return "" if trouble is None else say(trouble.key, **dict(trouble.values))

    def turn(self, now: float) -> None:
        self.fake.call_on_graphics(self.actions.turn, now)

    def visible(self, name: str, scene: str | None = None) -> list[bool]:
        return [item.visible for item in self.fake.scene_items(scene) if item.name == name]

    def text(self) -> str:
        return str(self.fake.source("Chat").settings["text"])


@pytest.fixture
def stage(fake: FakeObs) -> Stage:
    return Stage(fake)


def test_a_source_is_shown_for_a_while_and_the_longer_of_two_shows_wins(stage: Stage) -> None:
    assert stage.do(act.HideSource("Confetti")) == ""
    assert stage.visible("Confetti") == [False]
    assert stage.do(act.ShowSource("Confetti", seconds=8.0), 100.0) == ""
    assert stage.do(act.ShowSource("Confetti", seconds=2.0), 101.0) == ""
    stage.turn(107.9)
    assert stage.visible("Confetti") == [True]
    stage.turn(108.0)
    assert stage.visible("Confetti") == [False]


@pytest.mark.parametrize("then", [act.ShowSource("Confetti"), act.ToggleSource("Confetti")])
def test_what_is_shown_for_good_or_toggled_meanwhile_is_left_alone(stage: Stage, then: Any) -> None:
    stage.do(act.ShowSource("Confetti", seconds=2.0), 100.0)
    assert stage.do(then, 101.0) == ""
    before = stage.visible("Confetti")
    stage.turn(200.0)
    assert stage.visible("Confetti") == before


def test_the_end_of_the_script_hides_what_was_shown_for_a_while_only(stage: Stage) -> None:
    stage.do(act.ShowSource("Confetti", seconds=60.0))
    stage.do(act.ShowSource("Chat"))
    stage.fake.call(stage.actions.restore)
    assert (stage.visible("Confetti"), stage.visible("Chat")) == ([False], [True])


def test_a_source_in_another_scene_is_meant_where_that_is_named(stage: Stage) -> None:
    assert stage.do(act.ShowSource("Confetti", scene="Second")) == "Confetti isn't in the scene Second."
    assert stage.do(act.HideSource("Confetti", scene=stage.first)) == ""
    stage.fake.show_scene("Second")
    assert stage.do(act.ShowSource("Confetti", scene=stage.first)) == ""
    assert stage.visible("Confetti", stage.first) == [True]


def test_every_copy_in_the_scene_and_in_its_groups_is_shown(stage: Stage) -> None:
    scene = stage.fake.import_module("vmsc_core.obs.scene")
    stage.fake.call(scene.add_card)
    assert stage.do(act.HideSource("Kick card: dot")) == ""
    (card,) = (item for item in stage.fake.scene_items() if item.kind == "group")
    assert [item.visible for item in card.items if item.name == "Kick card: dot"] == [False]


@pytest.fixture
def on_air(stage: Stage) -> Callable[[str], list[bool]]:
    """In Studio Mode, with the second scene in the preview: whether viewers see the source of a name."""
    stage.fake.use_studio_mode("Second")
    return lambda name: [item.visible for item in stage.fake.items_on_air() if item.name == name]


def test_in_studio_mode_viewers_see_what_a_rule_shows_and_the_scene_has_it_too(stage: Stage, on_air: Any) -> None:
    assert stage.do(act.HideSource("Confetti")) == ""
    assert (stage.visible("Confetti"), on_air("Confetti")) == ([False], [False])
    assert stage.do(act.ShowSource("Confetti", stage.first, seconds=8.0), 100.0) == ""
    assert (stage.visible("Confetti"), on_air("Confetti")) == ([True], [True])
    stage.turn(108.0)
    assert (stage.visible("Confetti"), on_air("Confetti")) == ([False], [False])


def test_in_studio_mode_a_toggle_goes_by_what_viewers_see(stage: Stage, on_air: Any) -> None:
    stage.fake.set_visible("Confetti", False)  # in the preview, not on air
    for is_shown in (False, True):
        assert stage.do(act.ToggleSource("Confetti")) == ""
        assert (stage.visible("Confetti"), on_air("Confetti")) == ([is_shown], [is_shown])
    scene = stage.fake.import_module("vmsc_core.obs.scene")
    stage.fake.leave_studio_mode()
    stage.fake.call(scene.add_card)
    stage.fake.use_studio_mode("Second")
    for is_shown in (False, True):  # the group's items are the same in both
        assert stage.do(act.ToggleSource("Kick card: dot")) == ""
        (card,) = (item for item in stage.fake.items_on_air() if item.kind == "group")
        assert [item.visible for item in card.items if item.name == "Kick card: dot"] == [is_shown]
    assert "isn't in the scene" in stage.do(act.ToggleSource("Gone"))


def test_what_was_shown_in_studio_mode_is_hidden_whatever_viewers_see_by_then(stage: Stage, on_air: Any) -> None:
    stage.do(act.HideSource("Confetti"))
    stage.do(act.ShowSource("Confetti", seconds=2.0), 100.0)
    stage.fake.show_scene(stage.first)  # once more: another copy
    assert on_air("Confetti") == [True]
    stage.fake.show_scene("Second")
    stage.turn(102.0)
    stage.fake.show_scene(stage.first)
    assert on_air("Confetti") == [False]
    stage.do(act.ShowSource("Confetti", seconds=2.0), 200.0)
    stage.fake.leave_studio_mode()
    stage.turn(202.0)
    assert stage.visible("Confetti") == [False]


def test_in_studio_mode_what_only_viewers_have_anymore_is_shown_to_them(stage: Stage, on_air: Any) -> None:
    stage.fake.rename_source(stage.first, "Renamed")  # the copy on air keeps its name
    assert stage.do(act.HideSource("Confetti")) == ""
    assert (stage.visible("Confetti", "Renamed"), on_air("Confetti")) == ([True], [False])


def test_a_text_is_set_and_gets_lines_of_which_the_last_ones_stay(stage: Stage) -> None:
    assert stage.do(act.SetText("Chat", "hello")) == ""
    assert stage.text() == "hello"
    for number in range(5):
        assert stage.do(act.AddLine("Chat", f"line {number}", keep=3)) == ""
    assert stage.text() == "line 2\nline 3\nline 4"


def test_what_is_taken_back_goes_and_nothing_else(stage: Stage) -> None:
    for line in ("a", "b", "a", "c"):
        stage.do(act.AddLine("Chat", line))
    assert stage.do(act.Withdraw("Chat", "a", added=True)) == ""
    assert stage.text() == "one\na\nb\nc", "the newest of two"
    assert stage.do(act.Withdraw("Chat", "not there", added=True)) == ""
    assert stage.do(act.Withdraw("Chat", "something else")) == ""
    assert stage.text() == "one\na\nb\nc"
    stage.do(act.SetText("Chat", "shout"))
    stage.do(act.Withdraw("Chat", "shout"))
    assert stage.text() == ""


def test_a_scene_is_switched_and_back_unless_somebody_switched_meanwhile(stage: Stage) -> None:
    assert stage.do(act.SwitchScene("Second", back_after=5.0), 100.0) == ""
    assert stage.fake.scene_name() == "Second"
    stage.turn(105.0)
    assert stage.fake.scene_name() == stage.first
    stage.do(act.SwitchScene("Second", back_after=5.0), 200.0)
    stage.fake.add_scene("Third")
    stage.fake.show_scene("Third")
    stage.turn(205.0)
    assert stage.fake.scene_name() == "Third"


def test_two_switches_lead_back_to_where_it_began_and_one_for_good_stays(stage: Stage) -> None:
    stage.fake.add_scene("Third")
    stage.do(act.SwitchScene("Second", back_after=5.0), 100.0)
    stage.do(act.SwitchScene("Third", back_after=5.0), 102.0)
    stage.turn(107.0)
    assert stage.fake.scene_name() == stage.first
    stage.do(act.SwitchScene("Second", back_after=5.0), 200.0)
    stage.do(act.SwitchScene("Third"), 201.0)
    stage.turn(210.0)
    assert stage.fake.scene_name() == "Third"


def test_sound_is_muted_and_its_volume_fades_in_even_steps(stage: Stage) -> None:
    horn = lambda: stage.fake.source("Horn")  # noqa: E731
    stage.do(act.SetMuted("Horn", "on"))
    assert horn().muted
    stage.do(act.SetMuted("Horn", "toggle"))
    assert not horn().muted
    stage.do(act.SetVolume("Horn", 50))
    stage.turn(100.0)
    assert horn().volume == pytest.approx(0.125)
    stage.do(act.SetVolume("Horn", 100, fade_ms=1000), 100.0)
    stage.turn(100.5)
    assert horn().volume == pytest.approx(0.75**3)
    stage.turn(101.0)
    assert horn().volume == pytest.approx(1.0)


@pytest.mark.parametrize(("do", "state"), [("restart", "PLAYING"), ("stop", "STOPPED"), ("play", "PLAYING")])
def test_media_plays_and_stops(stage: Stage, do: str, state: str) -> None:
    assert stage.do(act.Media("Horn", do)) == ""
    stage.fake.tick(0.1)
    assert stage.fake.source("Horn").media_state == CONSTANTS[f"OBS_MEDIA_STATE_{state}"]


def test_media_that_was_paused_goes_on_and_what_plays_is_not_begun_again(stage: Stage) -> None:
    stage.do(act.Media("Horn", "restart"))
    stage.fake.tick(0.1)
    stage.do(act.Media("Horn", "play"))
    stage.fake._the("Horn").next_media_state = CONSTANTS["OBS_MEDIA_STATE_PAUSED"]
    stage.fake.tick(0.1)
    stage.do(act.Media("Horn", "play"))
    stage.fake.tick(0.1)
    assert stage.fake.source("Horn").media_state == CONSTANTS["OBS_MEDIA_STATE_PLAYING"]
    assert [name for name, _ in stage.fake.frontend_calls].count("obs_source_media_restart") == 1


@pytest.mark.parametrize(
    ("action", "answers", "calls"),
    [
        (act.Record("start"), {}, ["obs_frontend_recording_start"]),
        (act.Record("start"), {"recording": True}, []),
        (act.Record("stop"), {"recording": True}, ["obs_frontend_recording_stop"]),
        (act.Record("pause"), {"recording": True}, ["obs_frontend_recording_pause"]),
        (act.SaveReplay(), {"replay_buffer": True}, ["obs_frontend_replay_buffer_save"]),
        (act.ChapterMarker("A raid"), {"recording": True}, ["obs_frontend_recording_add_chapter"]),
    ],
)
def test_recordings_and_replays(stage: Stage, action: Any, answers: dict[str, bool], calls: list[str]) -> None:
    stage.fake.answers.update({f"obs_frontend_{name}_active": value for name, value in answers.items()})
    assert stage.do(action) == ""
    assert [name for name, _ in stage.fake.frontend_calls] == calls


def test_files_and_hotkeys_go_where_they_are_done(stage: Stage) -> None:
    stage.do(act.WriteEvent('{"a": 1}'))
    stage.do(act.WriteLabel("latest_follower", "Kindotter"))
    stage.do(act.WithdrawLabel("latest_follower", "Kindotter", "Ann"))
    stage.do(act.PressHotkey("ReplayBuffer.Save"))
    assert stage.files.written == [
        ("events.jsonl", '+{"a": 1}'),
        ("latest_follower.txt", "Kindotter"),
        ("latest_follower.txt", "-Kindotter, Ann"),
    ]
    assert stage.lane.pressed == ["ReplayBuffer.Save"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (act.ShowSource(""), "A rule names no source"),
        (act.ShowSource("Gone"), "Gone isn't in the scene"),
        (act.ShowSource("Confetti", scene="Nowhere"), "no scene called Nowhere"),
        (act.SetText("Confetti", "x"), "no source called Confetti of the right kind"),
        (act.AddLine("Gone"), "no source called Gone"),
        (act.SwitchScene("Nowhere"), "no scene called Nowhere"),
        (act.SwitchScene(""), "no scene called"),
        (act.Media("Gone"), "no source called Gone"),
        (act.Media("Chat"), "no source called Chat of the right kind"),
        (act.SetMuted("Confetti"), "no source called Confetti of the right kind"),
        (act.SetVolume("Confetti"), "no source called Confetti of the right kind"),
        (act.SetFilter("Confetti", "Blur"), "Confetti has no filter called Blur"),
        (act.SetMuted("Gone"), "no source called Gone"),
        (act.SetVolume("Gone"), "no source called Gone"),
        (act.Record("stop"), "isn't recording"),
        (act.SaveReplay(), "replay buffer is off"),
        (act.ChapterMarker(), "isn't recording"),
        (act.ShowAlert("a", "b"), "The alert isn't in the scene"),
    ],
)
def test_what_is_missing_is_a_sentence(stage: Stage, action: Any, said: str) -> None:
    assert said in stage.do(action)


def test_two_switches_in_one_turn_are_both_done(stage: Stage) -> None:
    stage.lane.is_slow = True
    stage.do(act.SwitchScene("Second"))
    stage.do(act.SwitchScene(stage.first, back_after=2.0))
    assert stage.lane.waiting == ["Second", stage.first]
    stage.lane.is_slow, stage.lane.next_scene = False, ""
    stage.turn(102.0)
    assert stage.fake.scene_name() == "Second"  # from where the second one came


def test_without_a_way_to_the_ui_thread_it_says_so(stage: Stage) -> None:
    stage.lane.is_there = False
    assert "This OBS doesn't let scripts" in stage.do(act.SwitchScene("Second"))
    assert "This OBS doesn't let scripts" in stage.do(act.PressHotkey("x"))


def test_when_too_much_waits_for_the_ui_thread_it_says_that(stage: Stage) -> None:
    stage.lane.is_full = True
    assert "as fast as rules asked" in stage.do(act.SwitchScene("Second"))
    assert "as fast as rules asked" in stage.do(act.PressHotkey("x"))


def test_every_action_that_is_handed_out_is_done(stage: Stage) -> None:
    module = stage.fake.import_module("vmsc_core.rules.actions")
    never_chosen = {module.HideAlert, module.Withdraw, module.WithdrawLabel}
    handed_out = {row.type for row in module.ACTIONS.values()} - {module.Wait} | never_chosen
    assert set(stage.actions._table) == handed_out
