"""Sources, scenes, settings and the frontend in the fake OBS."""

from __future__ import annotations

import textwrap
from typing import Callable

import pytest
from fake_obs.scripts import Write
from fake_obspython import CONSTANTS, FakeObs


@pytest.mark.parametrize(
    ("version", "named", "renamed"),
    [
        ((29, 0, 2), "BCA", "BCX"),  # the newest first
        ((29, 1, 0), "CBA", "CBX"),  # by a hash of the name, and a renamed one is last
        ((31, 0, 4), "CBA", "CBX"),
        ((31, 1, 0), "ACB", "XCB"),  # as they were made
    ],
)
def test_obs_lists_sources_in_three_orders(version: tuple[int, int, int], named: str, renamed: str) -> None:
    with FakeObs(version=version, fresh=()) as fake:
        fake.load_collection()

        def listed() -> str:
            sources = fake.module.obs_enum_sources()
            names = "".join(fake.module.obs_source_get_name(one) for one in sources)
            fake.module.source_list_release(sources)
            return names

        for name in "ACB":
            fake.create_source("color_source_v3", name)
        assert fake.call(listed) == named
        fake.rename_source("A", "X")
        assert fake.call(listed) == renamed
        assert fake.violations == []


def test_a_uuid_tells_a_source_from_its_copy_from_obs_29_1_on() -> None:
    with FakeObs(version=(29, 0, 2), fresh=()) as old:
        assert not hasattr(old.module, "obs_source_get_uuid") and not hasattr(old.module, "obs_get_source_by_uuid")
    with FakeObs(version=(29, 1, 0), fresh=()) as fake:
        fake.load_collection()
        fake.create_source("color_source_v3", "A", {"color": 7})
        fake.duplicate_source("A", "B")
        fake.rename_source("A", "C")

        def look() -> tuple[str, bool, bool]:
            one, other = fake.module.obs_get_source_by_name("C"), fake.module.obs_get_source_by_name("B")
            uuid = fake.module.obs_source_get_uuid(one)
            found = fake.module.obs_get_source_by_uuid(uuid)
            seen = fake.module.obs_source_get_name(found), int(found) == int(one), int(found) == int(other)
            for source in (one, other, found):
                fake.module.obs_source_release(source)
            return seen

        assert fake.call(look) == ("C", True, False) and fake.source("B").settings["color"] == 7
        assert fake.violations == []


def test_names_of_inputs_and_groups_are_one_namespace(fake: FakeObs) -> None:
    fake.load_collection()
    fake.create_source("color_source_v3", "Card")

    def make() -> str:
        scene = fake.module.obs_frontend_get_current_scene()
        group = fake.module.obs_scene_add_group(fake.module.obs_scene_from_source(scene), "Card")
        name = fake.module.obs_source_get_name(fake.module.obs_sceneitem_get_source(group))
        fake.module.obs_source_release(scene)
        return name

    assert fake.call(make) == "Card 2"
    assert fake.violations == []


def test_a_group_begins_where_its_items_begin(fake: FakeObs) -> None:
    """As seen in OBS 29: items at 60 and 40 of a group at 24 become 20 and 0 of a group at 64."""
    fake.load_collection()
    obs = fake.module

    def point(x: float) -> object:
        made = obs.vec2()
        obs.vec2_set(made, x, x)
        return made

    def make() -> None:
        current = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(current)
        group = obs.obs_scene_add_group(scene, "Card")
        obs.obs_sceneitem_set_pos(group, point(24.0))
        for name, place in (("A", 60.0), ("B", 40.0)):
            source = obs.obs_source_create("color_source_v3", name, None, None)
            item = obs.obs_scene_add(scene, source)
            obs.obs_sceneitem_group_add_item(group, item)
            obs.obs_sceneitem_set_pos(item, point(place))
            obs.obs_source_release(source)
        obs.obs_source_release(current)

    fake.call(make)
    fake.tick()
    card = fake.scene_items()[0]
    assert card.pos == (64, 64)
    assert [(one.name, one.pos) for one in card.items] == [("B", (0, 0)), ("A", (20, 20))]


def test_two_sources_of_one_name_are_possible_before_obs_30() -> None:
    for version, names in (((29, 0, 2), ["Scene", "A", "A"]), ((30, 0, 0), ["Scene", "A", "A 2"])):
        with FakeObs(version=version, fresh=()) as fake:
            fake.load_collection()
            fake.create_source("color_source_v3", "A")
            fake.create_source("color_source_v3", "A")
            assert fake.sources() == names


def test_items_added_to_a_group_go_below_those_before(fake: FakeObs) -> None:
    fake.load_collection()
    obs = fake.module

    def make() -> None:
        current = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(current)
        group = obs.obs_scene_add_group(scene, "Card")
        for name in ("A", "B"):
            source = obs.obs_source_create("color_source_v3", name, None, None)
            obs.obs_sceneitem_group_add_item(group, obs.obs_scene_add(scene, source))
            obs.obs_source_release(source)
        obs.obs_sceneitem_set_order(obs.obs_scene_find_source_recursive(scene, "B"), obs.OBS_ORDER_MOVE_TOP)
        obs.obs_source_release(current)

    fake.call(make)
    card = fake.scene_items()[0]
    assert [one.name for one in card.items] == ["A", "B"]
    fake.delete_source("Card")
    assert fake.sources() == ["Scene"]
    assert fake.violations == []


def test_updates_merge_and_are_counted_by_turn(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        obs.timer_add(turn, 100)
    def turn():
        source = obs.obs_get_source_by_name("Dot")
        if source is None:
            return
        data = obs.obs_data_create()
        obs.obs_data_set_int(data, "color", 7)
        obs.obs_source_update(source, data)
        obs.obs_data_release(data)
        obs.obs_source_release(source)
    """
    fake.load_script(write(script))
    fake.load_collection()
    fake.run_timers()
    assert fake.updates == []
    fake.create_source("text_ft2_source_v2", "Text")
    assert fake.source("Text").size == (0, 0)
    fake.create_source("color_source_v3", "Dot", {"width": 20})
    fake.run_timers()
    assert [(one.source, one.values, one.turn) for one in fake.updates_in_turn()] == [("Dot", {"color": 7}, 2)]
    assert fake.updates[0].thread == "graphics"
    dot = fake.source("Dot")
    assert (dot.settings["color"], dot.settings["width"], dot.size) == (7, 20, (20, 1080))
    fake.rename_source("Dot", "Spot")
    fake.run_timers()
    assert fake.updates_in_turn() == []
    assert fake.violations == []


@pytest.mark.parametrize(
    ("platform", "version", "known"),
    [
        ("linux", (32, 1, 0), "text_ft2_source_v2"),
        ("mac", (32, 1, 0), "text_ft2_source_v2"),
        ("windows", (32, 1, 0), "text_gdiplus_v3"),
        ("windows", (29, 0, 2), "text_gdiplus_v2"),
    ],
)
def test_text_kinds_by_platform(platform: str, version: tuple[int, int, int], known: str) -> None:
    with FakeObs(platform, version, fresh=()) as fake:
        wanted = ("text_gdiplus_v3", "text_gdiplus_v2", "text_ft2_source_v2")
        found = [kind for kind in wanted if fake.call(fake.module.obs_source_get_display_name, kind)]
        assert found[0] == known


def test_a_collection_comes_back_as_it_was_before_script_unload(fake: FakeObs, write: Write) -> None:
    body = """
    def script_unload():
        source = obs.obs_get_source_by_name("Text")
        data = obs.obs_data_create()
        obs.obs_data_set_string(data, "text", "too late")
        obs.obs_source_update(source, data)
        obs.obs_data_release(data)
        obs.obs_source_release(source)
    """
    fake.load_script(write(textwrap.dedent(body)))
    fake.load_collection()
    fake.create_source("text_ft2_source_v2", "Text", {"text": "saved"})
    fake.switch_collection("Other", with_script=False)
    fake.switch_collection("Untitled")
    assert fake.source("Text").settings["text"] == "saved"
    assert fake.violations == []


def test_a_private_filter_is_found_by_its_source_only(fake: FakeObs) -> None:
    fake.load_collection()
    fake.create_source("color_source_v3", "Dot")
    obs = fake.module

    def add() -> bool:
        dot = obs.obs_get_source_by_name("Dot")
        mask = obs.obs_source_create_private("mask_filter_v2", "Round", None)
        obs.obs_source_filter_add(dot, mask)
        obs.obs_source_release(mask)
        again = obs.obs_source_get_filter_by_name(dot, "Round")
        obs.obs_source_release(again)
        obs.obs_source_release(dot)
        return obs.obs_get_source_by_name("Round") is None

    assert fake.call(add)
    assert [one.name for one in fake.source("Dot").filters] == ["Round"]
    assert fake.violations == []


def test_what_rules_will_do_to_sources_and_items(fake: FakeObs) -> None:
    fake.load_collection()
    fake.create_source("color_source_v3", "Dot")
    obs = fake.module

    def act() -> None:
        dot = obs.obs_get_source_by_name("Dot")
        obs.obs_source_set_enabled(dot, False)
        obs.obs_source_set_muted(dot, True)
        obs.obs_source_set_volume(dot, 0.5)
        assert (obs.obs_source_enabled(dot), obs.obs_source_muted(dot), obs.obs_source_get_volume(dot)) == (False, True, 0.5)
        obs.obs_source_release(dot)
        current = obs.obs_frontend_get_current_scene()
        item = obs.obs_scene_find_source(obs.obs_scene_from_source(current), "Dot")
        assert obs.obs_sceneitem_set_visible(item, False) is True
        assert obs.obs_sceneitem_visible(item) is False
        obs.obs_source_release(current)

    fake.call_on_graphics(act)
    dot = fake.source("Dot")
    assert (dot.enabled, dot.muted, dot.volume) == (False, True, 0.5)
    assert fake.scene_items()[0].visible is False
    assert fake.violations == []


def test_media_obeys_with_the_next_frame(fake: FakeObs) -> None:
    fake.load_collection()
    fake.create_source("ffmpeg_source", "Jingle")
    fake.create_source("color_source_v3", "Dot")
    obs = fake.module

    def each(*calls: Callable[..., None]) -> None:
        for name in ("Jingle", "Dot"):
            source = obs.obs_get_source_by_name(name)
            for call in calls:
                call(source)
            obs.obs_source_release(source)

    fake.call_on_graphics(each, obs.obs_source_media_restart)
    assert fake.source("Jingle").media_state == CONSTANTS["OBS_MEDIA_STATE_NONE"]
    fake.tick()
    assert fake.source("Jingle").media_state == CONSTANTS["OBS_MEDIA_STATE_PLAYING"]
    fake.call_on_graphics(each, obs.obs_source_media_stop)
    fake.tick()
    assert fake.source("Jingle").media_state == CONSTANTS["OBS_MEDIA_STATE_STOPPED"]
    assert fake.source("Dot").media_state == CONSTANTS["OBS_MEDIA_STATE_NONE"]
    assert fake.frontend_calls == [
        (f"obs_source_media_{what}", name) for what in ("restart", "stop") for name in ("Jingle", "Dot")
    ]
    assert fake.violations == []


def test_what_the_frontend_is_told_is_kept(fake: FakeObs) -> None:
    obs = fake.module

    def act() -> bool:
        obs.obs_frontend_streaming_start()
        obs.obs_frontend_recording_pause(True)
        obs.obs_frontend_recording_add_chapter("raid")
        obs.obs_frontend_replay_buffer_save()
        return obs.obs_frontend_recording_active()

    fake.answers["obs_frontend_recording_active"] = True
    assert fake.call_on_graphics(act) is True
    assert fake.frontend_calls == [
        ("obs_frontend_streaming_start", None),
        ("obs_frontend_recording_pause", (True,)),
        ("obs_frontend_recording_add_chapter", "raid"),
        ("obs_frontend_replay_buffer_save", None),
    ]
    assert fake.violations == []


def test_what_came_with_a_later_obs_is_missing_before() -> None:
    for version, there in (((30, 1, 2), False), ((30, 2, 0), True)):
        with FakeObs(version=version, fresh=()) as fake:
            assert hasattr(fake.module, "obs_frontend_recording_add_chapter") is there


def test_data_follows_obs_data(fake: FakeObs) -> None:
    obs = fake.module

    def check() -> None:
        data = obs.obs_data_create_from_json('{"a": 1.7, "b": "x", "c": null, "d": [1, {"e": true}]}')
        obs.obs_data_set_default_string(data, "f", "default")
        assert obs.obs_data_get_int(data, "a") == 1
        assert obs.obs_data_get_int(data, "b") == 0
        assert obs.obs_data_get_string(data, "f") == "default"
        assert not obs.obs_data_has_user_value(data, "f")
        assert not obs.obs_data_has_user_value(data, "c")
        array = obs.obs_data_get_array(data, "d")
        assert obs.obs_data_array_count(array) == 1
        item = obs.obs_data_array_item(array, 0)
        assert obs.obs_data_get_bool(item, "e") is True
        obs.obs_data_release(item)
        obs.obs_data_array_release(array)
        obs.obs_data_set_string(data, "f", "cut\0off")
        assert obs.obs_data_get_string(data, "f") == "cut"
        obs.obs_data_erase(data, "f")
        assert obs.obs_data_get_string(data, "f") == ""
        assert obs.obs_data_get_json(data) == '{"a":1.7,"b":"x","d":[{"e":true}]}'
        obs.obs_data_release(data)
        assert obs.obs_data_create_from_json("{nonsense") is None

    fake.call(check)
    assert fake.violations == []
