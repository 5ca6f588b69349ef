"""What the fake obspython enforces and how it mirrors OBS. Each rule has the script that breaks it."""

from __future__ import annotations

import glob
import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Callable, NoReturn

import pytest
from fake_obspython import API, CONSTANTS, UNUSABLE, FakeObs, FakeObsError

Write = Callable[..., Path]


@pytest.fixture
def fake() -> Iterator[FakeObs]:
    with FakeObs(fresh=()) as obs:
        yield obs


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a script; the common head imports obspython and keeps what happened in ``seen``."""

    def write_script(body: str, name: str = "sample_script.py") -> Path:
        path = tmp_path / name
        path.write_text("import obspython as obs\nseen = []\n" + textwrap.dedent(body), encoding="utf-8")
        return path

    return write_script


def broken(fake: FakeObs, *words: str) -> None:
    """There is exactly one violation and it says all ``words``."""
    assert len(fake.violations) == 1, fake.violations
    for word in words:
        assert word in fake.violations[0]


GOOD = """
    import threading

    import obspython

    kept = None

    def script_description():
        seen.append("description")
        return "good"

    def script_defaults(settings):
        seen.append("defaults")
        obs.obs_data_set_default_string(settings, "name", "nobody")

    def script_load(settings):
        global kept
        kept = settings
        seen.append("load")
        assert obs.obs_get_source_by_name("Scene") is None or len(seen) > 5
        obs.timer_add(turn, 100)
        obs.obs_frontend_add_event_callback(on_event)
        obs.obs_hotkey_register_frontend("sample.go", "Sample: go", on_hotkey)

    def script_update(settings):
        seen.append("update " + obs.obs_data_get_string(settings, "name"))

    def script_save(settings):
        seen.append("save")

    def script_unload():
        seen.append("unload")

    def turn():
        seen.append("turn " + threading.current_thread().name)

    def on_event(event):
        seen.append("event %d" % event)

    def on_hotkey(pressed):
        seen.append("hotkey %s %s" % (pressed, threading.current_thread().name))
"""


def test_hooks_come_in_the_order_of_obs(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD), {"name": "ann"})
    assert fake.script.seen == ["defaults", "description", "load", "update ann"]
    assert fake.description == "good"
    fake.unload_script()
    assert fake.script.seen[-2:] == ["save", "unload"]
    assert fake.violations == []


def test_timers_run_on_the_graphics_thread_and_hotkeys_on_the_defer_thread(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    fake.script.seen.clear()
    fake.tick(1.0)
    assert fake.script.seen == ["turn OBS graphics"] * 10
    fake.hotkey("sample.go")
    assert fake.script.seen[10:] == ["hotkey True OBS defer", "hotkey False OBS defer"]
    assert fake.violations == []


def test_late_timers_catch_up_one_turn_a_frame(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    fake.stall(1.0)
    assert fake.turns == 1
    fake.tick(5 / 60)
    assert fake.turns == 6


def test_sources_come_after_script_load_and_events_reach_the_script(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    assert fake.sources() == []
    fake.load_collection()
    assert fake.sources() == ["Scene"]
    assert fake.script.seen[-1] == f"event {CONSTANTS['OBS_FRONTEND_EVENT_FINISHED_LOADING']}"


def test_a_collection_switch_does_not_run_the_module_body_again(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    fake.load_collection()
    fake.script.seen.append("mark")
    fake.switch_collection("Other", {"name": "bob"})
    assert "mark" in fake.script.seen
    assert fake.script.seen[-5:-1] == ["defaults", "description", "load", "update bob"]
    fake.switch_collection("Untitled")
    assert fake.hooks.count("module body") == 1
    assert fake.sources() == ["Scene"]
    assert fake.violations == []


def test_reload_runs_the_file_again_in_the_same_namespace_without_script_save(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    module = fake.script
    module.left_over = True
    fake.reload_script()
    assert fake.script is module and module.left_over
    assert module.seen == ["defaults", "description", "load", "update nobody"]
    assert fake.hooks.count("module body") == 2 and "script_save" not in fake.hooks


def test_settings_kept_from_script_load_outlive_a_reload_but_not_the_script(fake: FakeObs, write: Write) -> None:
    path = write(GOOD)
    fake.load_script(path, {"name": "ann"})
    kept = fake.script.kept
    fake.reload_script()
    assert fake.call(fake.module.obs_data_get_string, kept, "name") == "ann"
    fake.remove_and_add()
    with pytest.raises(FakeObsError, match="went with the script"):
        fake.call(fake.module.obs_data_get_string, kept, "name")


def test_exit_saves_then_shuts_down_then_unloads(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD))
    fake.load_collection()
    fake.quit()
    assert fake.hooks[-4:] == [
        "script_save",
        "event SCRIPTING_SHUTDOWN",
        "event SCENE_COLLECTION_CLEANUP",
        "script_unload",
    ]
    assert fake.violations == []


def test_the_folder_of_the_script_comes_last_on_sys_path(fake: FakeObs, write: Write) -> None:
    path = write(GOOD)
    fake.load_script(path)
    assert sys.path[-1] == str(path.parent)


def test_the_module_name_ends_at_the_first_dot_py(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(GOOD, "sample.python.py"))
    broken(fake, "ModuleNotFoundError", "'sample'")


def test_close_gives_back_sys_modules_and_sys_path(write: Write) -> None:
    before_path, before = list(sys.path), sys.modules.get("obspython")
    with FakeObs(fresh=()) as fake:
        fake.load_script(write(GOOD))
        assert sys.modules["obspython"] is fake.module
    assert sys.path == before_path
    assert sys.modules.get("obspython") is before
    assert "sample_script" not in sys.modules


def test_script_path_is_not_there_in_the_module_body(fake: FakeObs, write: Write) -> None:
    fake.load_script(write("script_path()\n"))
    broken(fake, "NameError", "module body")


# -- references


def in_button(fake: FakeObs, write: Write, body: str) -> None:
    """Runs ``body`` in a button's callback, with a collection loaded."""
    head = """
def script_properties():
    props = obs.obs_properties_create()
    obs.obs_properties_add_button(props, "go", "Go", go)
    return props

kept = None

def go(props, prop):
    global kept
"""
    fake.load_script(write(head + textwrap.indent(textwrap.dedent(body), "    ")))
    fake.load_collection()
    fake.press("go")


def test_a_balanced_callback_is_fine(fake: FakeObs, write: Write) -> None:
    in_button(
        fake,
        write,
        """
        current = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(current)
        made = obs.obs_source_create("color_source_v3", "Dot", None, None)
        item = obs.obs_scene_add(scene, made)
        assert obs.obs_sceneitem_get_source(item) == made
        obs.obs_source_release(made)
        listed = obs.obs_enum_sources()
        obs.source_list_release(listed)
        items = obs.obs_scene_enum_items(scene)
        obs.sceneitem_list_release(items)
        obs.obs_source_release(current)
        """,
    )
    assert fake.violations == [] and fake.unreleased() == []
    assert fake.sources() == ["Scene", "Dot"]


def test_a_reference_held_after_the_callback_names_the_line_that_got_it(fake: FakeObs, write: Write) -> None:
    in_button(fake, write, 'kept = obs.obs_get_source_by_name("Scene")')
    broken(fake, "still held when button go ended", 'kept = obs.obs_get_source_by_name("Scene")')
    assert "obs_get_source_by_name" in fake.unreleased()[0]


@pytest.mark.parametrize(
    "get",
    [
        "obs.obs_get_source_by_name('Scene')",
        "obs.obs_frontend_get_current_scene()",
        "obs.obs_source_create('color_source_v3', 'Dot', None, None)",
        "obs.obs_source_create_private('color_source_v3', 'Dot', None)",
        "obs.obs_data_create()",
        "obs.obs_data_create_from_json('{}')",
        "obs.obs_data_array_create()",
        "obs.obs_frontend_get_scenes()",
        "obs.obs_scene_create('Second')",
    ],
)
def test_owned_results_must_be_released(fake: FakeObs, write: Write, get: str) -> None:
    in_button(fake, write, f"{get}")
    broken(fake, "still held")


def test_releasing_twice(fake: FakeObs, write: Write) -> None:
    in_button(fake, write, "data = obs.obs_data_create()\nobs.obs_data_release(data)\nobs.obs_data_release(data)")
    broken(fake, "released twice")


def test_using_what_was_released(fake: FakeObs, write: Write) -> None:
    in_button(
        fake,
        write,
        """
        data = obs.obs_data_create()
        obs.obs_data_release(data)
        obs.obs_data_set_string(data, "a", "b")
        """,
    )
    broken(fake, "obs_data_set_string", "released at")


def test_using_what_came_from_something_released(fake: FakeObs, write: Write) -> None:
    in_button(
        fake,
        write,
        """
        source = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(source)
        obs.obs_source_release(source)
        obs.obs_scene_find_source(scene, "x")
        """,
    )
    broken(fake, "obs_scene_find_source", "came from a source that was released")


def test_releasing_what_is_not_owned(fake: FakeObs, write: Write) -> None:
    in_button(
        fake,
        write,
        """
        source = obs.obs_frontend_get_current_scene()
        scene = obs.obs_scene_from_source(source)
        try:
            obs.obs_scene_release(scene)
        finally:
            obs.obs_source_release(source)
        """,
    )
    broken(fake, "only lent")


def test_a_violation_is_remembered_when_the_script_swallows_it(fake: FakeObs, write: Write) -> None:
    in_button(fake, write, "try:\n    obs.obs_source_release(obs)\nexcept BaseException:\n    pass")
    broken(fake, "expected obs_source_t")


def test_none_may_be_released(fake: FakeObs, write: Write) -> None:
    in_button(fake, write, 'obs.obs_source_release(obs.obs_get_source_by_name("nobody"))')
    assert fake.violations == []


def test_a_source_lives_as_long_as_something_holds_it(fake: FakeObs, write: Write) -> None:
    in_button(fake, write, 'obs.obs_source_release(obs.obs_source_create("color_source_v3", "Dot", None, None))')
    assert fake.source("Dot") is None
    assert fake.violations == []


# -- threads and registration


def test_obspython_on_a_thread_of_the_script(fake: FakeObs, write: Write) -> None:
    in_button(
        fake,
        write,
        """
        import threading
        def work():
            try:
                obs.script_log(obs.LOG_INFO, "hello")
            except AssertionError:
                pass
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(5)
        """,
    )
    broken(fake, "script_log", "none of OBS's")


def test_obspython_outside_callbacks(fake: FakeObs) -> None:
    with pytest.raises(FakeObsError, match="outside any callback"):
        fake.module.obs_get_version()


def test_a_thread_alive_after_script_unload(fake: FakeObs, write: Write) -> None:
    script = """
    import threading
    stop = threading.Event()
    def script_load(settings):
        threading.Thread(target=stop.wait, name="straggler", daemon=True).start()
    """
    fake.load_script(write(script))
    fake.unload_script()
    broken(fake, "straggler", "alive after script_unload")
    fake.script.stop.set()


def test_a_thread_that_is_no_daemon(fake: FakeObs, write: Write) -> None:
    script = """
    import threading
    def script_load(settings):
        threading.Thread(target=int, name="keeper").start()
    """
    fake.load_script(write(script))
    broken(fake, "keeper", "no daemon")


def test_join_without_timeout_and_join_on_the_graphics_thread(fake: FakeObs, write: Write) -> None:
    script = """
    import threading
    def script_load(settings):
        obs.timer_add(turn, 100)
        script_load.thread = threading.Thread(target=int, daemon=True)
        script_load.thread.start()
        script_load.thread.join()
    def turn():
        script_load.thread.join(1)
    """
    fake.load_script(write(script))
    fake.run_timers()
    assert "without a timeout" in fake.violations[0]
    assert "graphics" in fake.violations[1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("obs.timer_add(turn, 100)", "timer_add in module body"),
        ("def script_update(s):\n    obs.timer_add(turn, 100)", "timer_add in script_update"),
        ("def script_load(s):\n    obs.timer_add(lambda: None, 100)", "no module-level function"),
        ("def script_load(s):\n    obs.timer_add([].clear, 100)", "no plain function"),
        ("def script_load(s):\n    obs.timer_add(turn, 0.1)", "expected int32"),
        ("def script_load(s):\n    obs.timer_add(turn, 9)\n    obs.timer_add(turn, 9)", "is a timer already"),
        (
            "def script_load(s):\n    obs.obs_scene_release(obs.obs_scene_create('A'))\n    obs.timer_add(turn, 9)",
            "timer_add after obs_scene_create",
        ),
        ("def script_load(s):\n    1 / 0", "ZeroDivisionError came out of script_load"),
        ("def script_tick(seconds):\n    pass", "script_tick"),
        ("def script_load(s):\n    obs.obs_data_set_bool(s, 'a', 1)", "expected bool"),
        ("def script_load(s):\n    obs.obs_data_set_string(s, 'a', '\\ud800')", "lone surrogate"),
        ("def script_load(s):\n    obs.obs_data_release(s)", "only lent"),
        ("def script_load(s):\n    obs.obs_get_latest_input_type_id('unknown')", "aborts OBS"),
        ("def script_load(s):\n    obs.obs_queue_task(0, None, None, False)", "cannot be used from Python"),
        ("def script_load(s):\n    obs.obs_get_version(1)", "takes 0 arguments, got 1"),
        ("def script_load(s):\n    obs.obs_hotkey_unregister(3)", "takes the callback"),
    ],
)
def test_what_must_not_be_done_while_loading(fake: FakeObs, write: Write, body: str, words: str) -> None:
    fake.load_script(write("def turn():\n    pass\n\n" + body + "\n"))
    broken(fake, words)


def test_registering_from_a_timer(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        obs.timer_add(turn, 100)
    def turn():
        obs.timer_add(other, 100)
    def other():
        pass
    """
    fake.load_script(write(script))
    fake.run_timers()
    broken(fake, "timer_add in timer turn")


def test_calls_that_wait_for_the_ui_thread_from_a_timer(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        obs.timer_add(turn, 100)
    def turn():
        scene = obs.obs_frontend_get_current_scene()
        try:
            obs.obs_frontend_set_current_scene(scene)
        finally:
            obs.obs_source_release(scene)
    """
    fake.load_script(write(script))
    fake.load_collection()
    fake.run_timers()
    broken(fake, "obs_frontend_set_current_scene", "waits for the UI thread")


def test_timer_remove_goes_by_identity(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        obs.timer_add(turn, 100)
    def turn():
        seen.append(1)
        obs.timer_remove(turn)
    """
    fake.load_script(write(script))
    fake.tick(1.0)
    assert fake.script.seen == [1]
    assert fake.violations == []


def test_pointers_end_with_the_callback_that_got_them(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        obs.timer_add(turn, 100)
    kept = None
    def turn():
        global kept
        source = obs.obs_frontend_get_current_scene()
        try:
            if kept:
                obs.obs_scene_find_source(kept, "x")
            kept = obs.obs_scene_from_source(source)
        finally:
            obs.obs_source_release(source)
    """
    fake.load_script(write(script))
    fake.load_collection()
    fake.run_timers(2)
    broken(fake, "obs_scene_find_source", "released")


def test_hotkeys_are_gone_in_script_unload(fake: FakeObs, write: Write) -> None:
    script = """
    key = None
    def script_load(settings):
        global key
        key = obs.obs_hotkey_register_frontend("sample.go", "Go", go)
    def go(pressed):
        pass
    def script_unload():
        obs.obs_data_array_release(obs.obs_hotkey_save(key))
    """
    fake.load_script(write(script))
    fake.unload_script()
    broken(fake, "obs_hotkey_save", "no hotkey")


def test_hotkey_bindings_go_through_save_and_load(fake: FakeObs, write: Write) -> None:
    script = """
    def script_load(settings):
        global key
        key = obs.obs_hotkey_register_frontend("sample.go", "Go", go)
        saved = obs.obs_data_get_array(settings, "go")
        obs.obs_hotkey_load(key, saved)
        obs.obs_data_array_release(saved)
    def go(pressed):
        pass
    def script_save(settings):
        bindings = obs.obs_hotkey_save(key)
        obs.obs_data_set_array(settings, "go", bindings)
        obs.obs_data_array_release(bindings)
    """
    fake.load_script(write(script), {"go": [{"key": "OBS_KEY_F9"}]})
    assert fake.hotkeys[0].bindings == [{"key": "OBS_KEY_F9"}]
    fake.hotkeys[0].bindings = [{"key": "OBS_KEY_F8"}]
    fake.unload_script()
    assert fake.saved == {"go": [{"key": "OBS_KEY_F8"}]}
    assert fake.violations == []


def test_stderr_and_warnings_pop_the_log_window_up(fake: FakeObs, write: Write) -> None:
    script = """
    import sys
    def script_load(settings):
        print("quiet")
        obs.script_log(obs.LOG_INFO, "quiet too")
        assert fine == []
        print("loud", file=sys.stderr)
        obs.script_log(obs.LOG_WARNING, "louder")
    fine = []
    """
    fake.load_script(write(script))
    assert fake.warnings == ["loud", "louder"]
    assert (CONSTANTS["LOG_INFO"], "quiet") in fake.log


# -- the properties page

PAGE = """
kept = {}

def script_defaults(settings):
    obs.obs_data_set_default_bool(settings, "advanced", False)
    obs.obs_data_set_default_string(settings, "pick", "1")

def script_properties():
    props = obs.obs_properties_create()
    kept["props"] = props
    obs.obs_properties_add_text(props, "name", "Name", obs.OBS_TEXT_DEFAULT)
    kept["go"] = obs.obs_properties_add_button(props, "go", "Connect", on_go)
    obs.obs_properties_add_text(props, "status", "Not connected", obs.OBS_TEXT_INFO)
    group = obs.obs_properties_create()
    pick = obs.obs_properties_add_list(
        group, "pick", "Pick", obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)
    obs.obs_property_list_add_string(pick, "One", "1")
    obs.obs_property_set_modified_callback(pick, on_pick)
    obs.obs_properties_add_group(props, "advanced", "Advanced", obs.OBS_GROUP_CHECKABLE, group)
    more = obs.obs_properties_add_button(props, "help", "Help", on_go)
    obs.obs_property_button_set_type(more, obs.OBS_BUTTON_URL)
    obs.obs_property_button_set_url(more, "https://example.invalid/")
    return props

def script_update(settings):
    seen.append(obs.obs_data_get_string(settings, "name"))

answer = True

def on_go(props, prop):
    obs.obs_property_set_description(obs.obs_properties_get(props, "go"), "Disconnect")
    return answer

def on_pick(props, prop, settings):
    obs.obs_property_set_visible(obs.obs_properties_get(props, "status"), False)
    return True
"""


def test_typing_calls_script_update_for_every_letter(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.type("name", "abc")
    assert fake.script.seen == ["", "a", "ab", "abc"]
    assert fake.settings["name"] == "abc"
    assert fake.violations == []


@pytest.mark.parametrize(("saved", "updates"), [("1", 0), ("2", 1), ("", 1)])
def test_a_list_whose_value_is_not_in_it_takes_the_first_entry(fake: FakeObs, write: Write, saved: str, updates: int) -> None:
    fake.load_script(write(PAGE), {"pick": saved})
    fake.script.seen.clear()
    page = fake.page()
    assert fake.settings["pick"] == page["pick"].value == "1"
    assert len(fake.script.seen) == updates
    assert fake.violations == []


def test_a_button_that_gives_true_redraws_the_page(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    page = fake.page()
    assert page["go"].text == "Connect"
    assert fake.press("go") is True
    assert page["go"].text == "Disconnect" and page.redraws == 1
    assert fake.violations == []


def test_a_button_that_gives_nothing_leaves_the_page_as_it_was_drawn(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.script.answer = None
    page = fake.page()
    fake.press("go")
    assert page["go"].text == "Connect"
    assert fake.violations == []


def test_a_truthy_answer_is_not_true(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.script.answer = 1
    fake.press("go")
    broken(fake, "literal True")


def test_old_property_pointers_die_with_the_page(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.page()
    old = fake.script.kept["go"]
    fake.page()
    with pytest.raises(FakeObsError, match="the page was made anew"):
        fake.call(fake.module.obs_property_set_description, old, "x")


def test_what_the_user_cannot_see_cannot_be_used(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    with pytest.raises(AssertionError, match="cannot use 'pick'"):
        fake.choose("pick", "1")
    fake.choose("advanced", True)
    page = fake.page()
    fake.choose("pick", "1")
    assert page["status"].visible is False
    assert fake.violations == []


def test_url_buttons_open_the_browser_and_call_nothing(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.press("help")
    assert fake.opened_urls == ["https://example.invalid/"]
    assert fake.page()["go"].text == "Connect"


def test_add_and_reload_call_the_modified_callbacks(fake: FakeObs, write: Write) -> None:
    fake.load_script(write(PAGE))
    fake.reload_script()
    assert "modified pick" in fake.hooks
    assert fake.hooks.count("script_properties") == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("obs.obs_properties_create()\n    return obs.obs_properties_create()", "leaked"),
        ("return 3", "script_properties gave 3"),
        (
            "p = obs.obs_properties_create()\n    obs.obs_properties_add_bool(p, 'a', 'A')\n"
            "    obs.obs_properties_add_bool(p, 'a', 'A')\n    return p",
            "on this page already",
        ),
        (
            "p = obs.obs_properties_create()\n    obs.obs_properties_add_button(p, 'a', 'A', lambda p, q: True)\n    return p",
            "no module-level function",
        ),
    ],
)
def test_bad_pages(fake: FakeObs, write: Write, body: str, words: str) -> None:
    fake.load_script(write("def script_properties():\n    " + body + "\n"))
    fake._open_page()
    assert any(words in one for one in fake.violations), fake.violations


def test_obs_frontend_save_is_queued_and_saves_the_settings(fake: FakeObs, write: Write) -> None:
    script = """
    settings = None
    def script_load(given):
        global settings
        settings = given
    def script_properties():
        props = obs.obs_properties_create()
        obs.obs_properties_add_button(props, "go", "Go", go)
        return props
    def go(props, prop):
        obs.obs_data_set_string(settings, "name", "ann")
        obs.obs_frontend_save()
        seen.append("pressed")
    def script_save(given):
        seen.append("save")
    """
    fake.load_script(write(script))
    fake.press("go")
    assert fake.script.seen == ["pressed", "save"]
    assert fake.saved == {"name": "ann"} and fake.saves == 1


# -- sources and scenes


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


def test_no_thread_of_the_fake_is_left(write: Write) -> None:
    before = threading.active_count()
    with FakeObs(fresh=()) as fake:
        fake.load_script(write(GOOD))
        fake.tick(0.2)
    assert threading.active_count() == before


# -- beside the real obspython, where an OBS is installed

# What obs-scripting puts into the module when OBS runs (obs-scripting-python.c and -frontend.c); not in the file.
ADDED_BY_OBS = [
    "script_log",
    "script_log_no_endl",
    "timer_add",
    "timer_remove",
    "source_list_release",
    "sceneitem_list_release",
    "obs_enum_sources",
    "obs_scene_enum_items",
    "obs_sceneitem_group_enum_items",
    "signal_handler_connect",
    "signal_handler_disconnect",
    "obs_hotkey_register_frontend",
    "obs_hotkey_unregister",
    "obs_properties_add_button",
    "obs_property_set_modified_callback",
    "remove_current_callback",
    "obs_frontend_get_scene_names",
    "obs_frontend_get_scenes",
    "obs_frontend_get_current_scene",
    "obs_frontend_set_current_scene",
    "obs_frontend_set_current_transition",
    "obs_frontend_get_current_scene_collection",
    "obs_frontend_set_current_scene_collection",
    "obs_frontend_get_current_profile",
    "obs_frontend_set_current_profile",
    "obs_frontend_add_event_callback",
    "obs_frontend_remove_event_callback",
    "obs_frontend_add_save_callback",
    "obs_frontend_remove_save_callback",
]

ASK = """
import inspect, json, sys
import obspython
found = {}
for name in json.load(sys.stdin):
    thing = getattr(obspython, name, None)
    found[name] = len(inspect.signature(thing).parameters) if inspect.isfunction(thing) else thing
json.dump({"version": obspython.obs_get_version(), "found": found}, sys.stdout)
"""


def not_here(lack: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(lack)
    pytest.skip(lack)


def test_names_arguments_and_numbers_are_those_of_the_real_obspython() -> None:
    folders = glob.glob("/usr/lib/*/obs-scripting") + glob.glob("/usr/lib/obs-scripting")
    if not folders:
        not_here("no OBS is installed here")
    names = [*API, *CONSTANTS, *UNUSABLE]
    asked = subprocess.run(
        ["/usr/bin/python3", "-c", ASK],
        input=json.dumps(names),
        env={"PYTHONPATH": folders[0]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if asked.returncode:
        not_here(f"the installed obspython cannot be imported by /usr/bin/python3: {asked.stderr[-300:]}")
    answer = json.loads(asked.stdout)
    packed = answer["version"]
    with FakeObs(version=(packed >> 24, packed >> 16 & 255, packed & 65535), fresh=()) as fake:
        for name in names:
            real = answer["found"][name]
            if name in ADDED_BY_OBS:
                continue
            assert (real is None) == (not hasattr(fake.module, name)), name
            if real is not None and name in API:
                assert real == len(API[name][0].takes), name
            elif real is not None and name in CONSTANTS:
                assert real == CONSTANTS[name], name
