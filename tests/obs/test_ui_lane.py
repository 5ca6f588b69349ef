"""The way to the UI thread: what is queued is done there once, in order, and no more of it than fits. See also real_obs."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from fake_obspython import FakeObs

pytestmark = pytest.mark.usefixtures("scene_collection")


class Library:
    """libobs, as far as it is called: tasks wait until the test runs them."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []
        self.hotkeys = [(3, b"Pause"), (7, b"Save"), (9, b"Pause"), (11, None)]

    def obs_queue_task(self, kind: int, function: Any, data: Any, wait: bool) -> None:
        assert (kind, data, wait) == (0, None, False)
        self.tasks.append(function)

    def obs_enum_hotkeys(self, each: Any, data: Any) -> None:
        for number, _ in self.hotkeys:
            if not each(None, number, number):
                return

    def obs_hotkey_get_name(self, number: int) -> Any:
        return dict(self.hotkeys)[number]

    def run(self) -> None:
        while self.tasks:
            self.tasks.pop(0)(None)


@pytest.fixture
def module(fake: FakeObs) -> ModuleType:
    return fake.import_module("vmsc_core.obs.ui_lane")


@pytest.fixture
def lane(module: ModuleType) -> Any:
    made = module.UiLane()
    made._library, made._frontend = Library(), None
    return made


def test_what_is_queued_is_done_later_in_order(lane: Any) -> None:
    done: list[int] = []
    assert lane.do(lambda: done.append(1)) and lane.do(lambda: done.append(2))
    assert done == []
    lane._library.run()
    assert done == [1, 2]


def test_after_the_end_nothing_is_done(lane: Any) -> None:
    done: list[int] = []
    lane.do(lambda: done.append(1))
    lane.close()
    lane._library.run()
    assert done == []


def test_too_much_is_refused(module: ModuleType, lane: Any) -> None:
    assert [lane.do(lambda: None) for _ in range(module.MOST + 1)] == [True] * module.MOST + [False]


def test_a_call_that_fails_leaves_the_others_alone(lane: Any) -> None:
    done: list[int] = []
    lane.do(lambda: 1 / 0)
    lane.do(lambda: done.append(2))
    lane._library.run()
    assert done == [2]


def test_a_scene_is_switched_if_it_is_there(fake: FakeObs, lane: Any) -> None:
    fake.add_scene("Second")
    fake.create_source("color_source_v3", "Mine", {})
    for name in ("Nowhere", "Mine", "Second"):
        lane.switch_scene(name)
    fake.call(lane._library.run)
    assert fake.scene_name() == "Second"


def test_obs_switches_the_scene_while_other_threads_may_run_python(fake: FakeObs, lane: Any) -> None:
    """ctypes lets go of the GIL, obspython doesn't: the frame that OBS waits for may wait for a timer."""

    class Frontend:
        switched: list[int] = []

        def obs_frontend_set_current_scene(self, scene: int) -> None:
            self.switched.append(scene)

    lane._frontend = Frontend()
    fake.add_scene("Second")
    for name in ("Nowhere", "Second"):
        lane.switch_scene(name)
    fake.call(lane._library.run)
    assert [type(pointer) for pointer in Frontend.switched] == [int]


def test_a_switch_that_studio_mode_would_drop_is_tried_again(fake: FakeObs, lane: Any) -> None:
    fake.add_scene("Second")
    fake.add_scene("Third")
    fake.use_studio_mode()
    fake.transition_time = 0.5
    for name in ("Second", "Third"):
        lane.switch_scene(name)
    for _ in range(3):
        fake.call(lane._library.run)
        assert lane.next_scene == "Third" != fake.scene_name()
        lane.turn()
    fake.transition_time = 1.0
    fake.call(lane._library.run)
    assert (fake.scene_name(), lane.next_scene) == ("Third", "")
    fake.show_scene("Second")
    lane.turn()
    fake.call(lane._library.run)
    assert fake.scene_name() == "Second"


def test_the_scene_wanted_last_wins_over_one_that_was_put_off(fake: FakeObs, lane: Any) -> None:
    fake.add_scene("Second")
    fake.add_scene("Third")
    fake.use_studio_mode()
    fake.transition_time = 0.5
    lane.switch_scene("Second")
    fake.call(lane._library.run)
    lane.switch_scene("Third")  # a rule's turn, which comes before the lane's
    lane.turn()
    fake.transition_time = 1.0
    fake.call(lane._library.run)
    lane.turn()
    fake.call(lane._library.run)
    assert (fake.scene_name(), lane.next_scene) == ("Third", "")


def test_a_transition_that_never_ends_is_not_waited_for_forever(fake: FakeObs, lane: Any, module: ModuleType) -> None:
    fake.add_scene("Second")
    fake.use_studio_mode()
    fake.transition_time = 0.5
    lane.switch_scene("Second")
    for _ in range(module.MOST_TRIES + 2):
        fake.call(lane._library.run)
        lane.turn()
    assert lane.next_scene == "" and list(lane.dropped_switches) == ["Second"]
    fake.transition_time = 1.0
    lane.turn()
    fake.call(lane._library.run)
    assert fake.scene_name() != "Second"
    lane.switch_scene("Second")
    fake.call(lane._library.run)
    assert fake.scene_name() == "Second"


def test_hotkeys_have_names_and_the_first_of_several_is_pressed(fake: FakeObs, lane: Any) -> None:
    assert lane.hotkeys() == {"Pause": 3, "Save": 7, "": 11}
    lane.press_hotkey("Pause")
    lane.press_hotkey("Nothing")
    fake.call(lane._library.run)
    assert [call for call in fake.frontend_calls if "hotkey" in call[0]] == [
        ("obs_hotkey_trigger_routed_callback", (3, True)),
        ("obs_hotkey_trigger_routed_callback", (3, False)),
    ]
    assert list(lane.unknown_hotkeys) == ["Nothing"]


def test_where_libobs_is_not_found_there_is_no_way(module: ModuleType) -> None:
    lane = module.UiLane()
    lane._library = None
    assert not lane.is_there and not lane.do(lambda: None) and lane.hotkeys() == {}


def test_the_next_scene_is_the_last_that_waits(lane: Any, fake: FakeObs) -> None:
    assert lane.next_scene == ""
    lane.switch_scene("A")
    lane.switch_scene("B")
    assert lane.next_scene == "B"
    fake.call_on_graphics(lane._library.run)
    assert lane.next_scene == ""
    lane._library = None
    assert not lane.switch_scene("C")
    assert lane.next_scene == ""


def test_after_the_end_no_scene_is_the_next(lane: Any) -> None:
    lane.switch_scene("A")
    lane.close()
    lane._library.run()
    assert lane.next_scene == ""
