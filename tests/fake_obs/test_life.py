"""The life of a script in the fake OBS: hooks, timers, hotkeys, collections, reload, exit."""

from __future__ import annotations

import sys
import threading

import pytest
from fake_obs.scripts import GOOD, Write, broken
from fake_obspython import CONSTANTS, FakeObs, FakeObsError


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


def test_no_thread_of_the_fake_is_left(write: Write) -> None:
    before = threading.active_count()
    with FakeObs(fresh=()) as fake:
        fake.load_script(write(GOOD))
        fake.tick(0.2)
    assert threading.active_count() == before
