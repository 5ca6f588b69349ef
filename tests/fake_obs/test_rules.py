"""What the fake obspython enforces. Each rule has the script that breaks it."""

from __future__ import annotations

import textwrap

import pytest
from fake_obs.scripts import Write, broken
from fake_obspython import FakeObs, FakeObsError

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
        ("def script_load(s):\n    obs.signal_handler_connect(None, 'source_create', turn)", "can deadlock OBS"),
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


def test_a_thread_started_in_a_timer_lets_go_of_the_gil(fake: FakeObs, write: Write) -> None:
    body = """
        import threading

        done = []

        def on_timer():
            if not done:
                done.append(True)
                threading.Thread(target=int, daemon=True).start()

        def script_load(settings):
            obs.timer_add(on_timer, 100)
    """
    fake.load_script(write(body))
    fake.tick(0.3)
    assert any("lets go of the GIL" in one for one in fake.violations), fake.violations
