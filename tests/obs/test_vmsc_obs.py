"""vmsc_obs.py in a fake OBS: its hooks, its hotkeys, Reload, second copies, and what it does on a broken installation."""

from __future__ import annotations

import ast
import importlib
import shutil
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from fake_obspython import CONSTANTS, FakeObs
from kick_simulator import KickSimulator
from obs.session import CARD, ROOT, SCRIPT, app, at, connected, remembered, shown, start, status, text


def test_hooks_come_in_order_and_nothing_connects_by_itself(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    assert fake.hooks == ["module body", "script_defaults", "script_description", "script_load", "script_update"]
    fake.load_collection()
    fake.tick(1.0)
    assert fake.threads == []
    assert status(fake) == "Disconnected"
    fake.unload_script()
    assert fake.hooks[-2:] == ["script_save", "script_unload"]


def test_one_timer_at_ten_hertz_and_the_hotkeys(fake: FakeObs) -> None:
    start(fake)
    assert [timer.ms for timer in fake.timers] == [100]
    assert [key.text for key in fake.hotkeys] == [
        "Kick: connect",
        "Kick: disconnect",
        "Kick: pause rules",
        "Kick: skip alert",
        "Kick: test alert",
    ]


def test_nothing_is_created_at_import_time(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    fake.unload_script()
    assert fake.script.script is None
    assert fake.timers == [] and fake.hotkeys == []


def test_the_file_can_be_read_by_python_3_6() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_turns_before_any_source_exists_do_no_harm(fake: FakeObs) -> None:
    fake.load_script(SCRIPT)
    fake.tick(2.0)
    assert fake.updates == []


def test_a_source_that_appears_later_is_found(fake: FakeObs) -> None:
    start(fake, {"text_source": "Mine", "color_source": "Spot"})
    fake.tick(1.0)
    fake.create_source("text_ft2_source_v2", "Mine")
    fake.create_source("color_source_v3", "Spot")
    fake.tick(0.3)
    assert "Disconnected" in fake.source("Mine").settings["text"]
    assert fake.source("Spot").settings["color"] == 0xFF988F8A  # gray


@pytest.mark.parametrize("platform", ["linux", "mac", "windows"])
@pytest.mark.parametrize("version", [(29, 0, 2), (30, 2, 3), (32, 1, 0)])
def test_a_whole_session_on_every_platform_and_version(platform: str, version: tuple[int, int, int], refused: int) -> None:
    with FakeObs(platform, version) as fake:
        start(fake, at(refused))
        fake.press("add_card")
        fake.press("connect")
        fake.tick_until(lambda: status(fake) == "Reconnecting")
        fake.reload_script()
        fake.remove_and_add()
        fake.switch_collection("Other")
        fake.switch_collection("Untitled")
        fake.quit()
        assert fake.violations == [] and fake.threads == [] and fake.warnings == []


# -- hotkeys


def test_hotkeys_do_what_the_button_does(fake: FakeObs, silent: int) -> None:
    start(fake, at(silent))
    fake.hotkey("Kick: connect")
    fake.tick_until(lambda: status(fake) == "Connecting", what="Connecting")
    fake.press("refresh")
    assert shown(fake) == ["Reconnect", "Disconnect"]
    fake.hotkey("Kick: connect")
    fake.tick(0.2)
    assert status(fake) == "Connecting", "connect twice is connect"
    fake.hotkey("Kick: disconnect")
    fake.tick_until(lambda: status(fake) == "Disconnected" and not fake.threads, 2.5, "the thread to end")
    fake.press("refresh")
    assert shown(fake) == ["Connect"]


def test_hotkeys_keep_their_keys(fake: FakeObs) -> None:
    keys = [{"key": "OBS_KEY_F9", "control": True}]
    start(fake)
    fake.hotkeys[0].bindings = list(keys)
    fake.switch_collection("Other")
    assert fake.hotkeys[0].bindings == []
    fake.switch_collection("Untitled")
    assert fake.hotkeys[0].bindings == keys


def test_hotkeys_keep_their_keys_over_a_reload_after_a_save(fake: FakeObs) -> None:
    keys = [{"key": "OBS_KEY_F9"}]
    start(fake)
    fake.hotkeys[1].bindings = list(keys)
    fake.press("refresh")
    fake._save_project()
    fake.reload_script()
    assert fake.hotkeys[1].bindings == keys


def test_a_hundred_presses_as_fast_as_they_come(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    for _ in range(50):
        fake.hotkey("Kick: connect")
        fake.hotkey("Kick: disconnect")
        fake.tick(0.1)
    fake.tick_until(lambda: not fake.threads, 3.0, "all threads to end")
    assert status(fake) == "Disconnected"


# -- collections, reload, exit


def test_a_second_script_load_comes_from_the_cached_module(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.tick(0.2)
    first = app(fake)
    fake.switch_collection("Other", remembered(silent))
    assert fake.hooks.count("module body") == 1
    assert app(fake) is not first
    fake.tick_until(lambda: status(fake) == "Connecting", what="Connecting")
    assert len(fake.timers) == 1 and len(fake.hotkeys) == 5


def test_a_collection_without_the_script_and_back_ten_times(fake: FakeObs, silent: int) -> None:
    start(fake, remembered(silent))
    fake.press("add_card")
    for _ in range(10):
        fake.tick(0.2)
        fake.switch_collection("Without", with_script=False)
        assert fake.threads == []
        fake.switch_collection("Untitled")
    fake.tick_until(lambda: text(fake, "title") == "CONNECTING", what="Connecting")
    assert [item.name for item in fake.scene_items()] == [CARD]


def test_reload_imports_the_package_anew(fake: FakeObs) -> None:
    start(fake)
    before = sys.modules["vmsc_core.app"]
    fake.reload_script()
    assert sys.modules["vmsc_core.app"] is not before
    assert fake.hooks.count("module body") == 2
    fake.tick(0.3)


def test_ten_reloads(fake: FakeObs, refused: int) -> None:
    start(fake, remembered(refused))
    for _ in range(10):
        fake.tick(0.1)
        fake.reload_script()
    assert len(fake.timers) == 1


def test_sys_path_does_not_grow(fake: FakeObs) -> None:
    start(fake)
    before = list(sys.path)
    for _ in range(3):
        fake.reload_script()
    assert sys.path == before


# -- bugs and broken installations


def test_a_turn_that_raises_is_logged_once_and_goes_on(fake: FakeObs) -> None:
    start(fake)

    def fail() -> None:
        raise RuntimeError("a bug")

    good, app(fake).turn = app(fake).turn, fail
    fake.run_timers(30)
    assert [line for _, line in fake.log if "bug in" in line] == ["bug in on_timer: RuntimeError: a bug"]
    app(fake).turn = good
    fake.press("add_card")
    fake.tick(0.3)
    assert text(fake, "title") == "DISCONNECTED"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_nothing_of_ours_ends_obs(fake: FakeObs, error: type[BaseException]) -> None:
    start(fake)

    def fail() -> None:
        raise error

    app(fake).turn = fake.script.script.page.build = fake.script.script.save = fail
    fake.run_timers(2)
    fake.call(fake.script.script_properties)
    fake.call(fake.script.script_save, None)
    assert next(line for _, line in fake.log if "bug in" in line) == f"bug in on_timer: {error.__name__}: "


def test_a_neighbors_file_is_not_run_in_place_of_one_of_pythons_own(
    fake: FakeObs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SCRIPT, tmp_path / "vmsc_copied.py")
    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("uuid", "websocket", "textwrap"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit")
    monkeypatch.delitem(sys.modules, "uuid", raising=False)
    fake.load_script(tmp_path / "vmsc_copied.py")
    assert fake.script.trouble == "" and fake.script.script is not None
    assert Path(sys.modules["vmsc_core"].__file__).parent == tmp_path / "vmsc_core"


@pytest.mark.parametrize("wrong", ["raise SystemExit", "raise KeyboardInterrupt"])
def test_a_package_that_wants_out_is_an_incomplete_installation(fake: FakeObs, tmp_path: Path, wrong: str) -> None:
    shutil.copy(SCRIPT, tmp_path / "vmsc_odd.py")
    (tmp_path / "vmsc_core").mkdir()
    (tmp_path / "vmsc_core" / "__init__.py").write_text(wrong)
    fake.load_script(tmp_path / "vmsc_odd.py")
    assert "files are incomplete" in fake.page().text()


def test_without_its_package_the_script_loads_and_says_what_to_do(fake: FakeObs, tmp_path: Path) -> None:
    shutil.copy(SCRIPT, tmp_path / "vmsc_alone.py")
    kept = [entry for entry in sys.path if Path(entry or ".").resolve() == ROOT]
    for entry in kept:
        sys.path.remove(entry)  # FakeObs.close puts them back
    fake.load_script(tmp_path / "vmsc_alone.py")
    fake.load_collection()
    page = fake.page()
    assert "vmsc_core" in page.text()
    fake.create_source("text_ft2_source_v2", f"{CARD}: detail")
    fake.tick(1.0)
    assert "vmsc_core" in text(fake, "detail")
    assert len(fake.updates) == 1
    fake.hotkey("Kick: connect")
    fake.reload_script()
    fake.switch_collection("Other")


@pytest.mark.parametrize(
    "settings",
    [
        {"known_channels": "{broken"},
        {"known_channels": 7, "username": ["x"], "connect_wanted": "yes", "text_source": 3},
        {"hotkey_connect": "x", "hotkey_disconnect": {"a": 1}, "poll": "no"},
        {"username": "x" * 5000, "pusher_key": "\x00", "cluster": None},
    ],
)
def test_damaged_settings_do_not_stop_it(fake: FakeObs, settings: dict[str, Any]) -> None:
    start(fake, settings)
    fake.page()
    fake.press("add_card")
    fake.tick(0.5)
    assert text(fake, "title")


def test_it_writes_few_lines_and_none_that_pops_the_log_up(fake: FakeObs, refused: int) -> None:
    start(fake, at(refused))
    fake.press("connect")
    fake.tick_until(lambda: status(fake) == "Reconnecting")
    fake.tick(3.0)
    assert len(fake.log) <= 6, fake.log
    assert {level for level, _ in fake.log} <= {CONSTANTS["LOG_INFO"]}


def test_a_broken_installation_does_not_leave_connected_on_the_card(fake: FakeObs) -> None:
    red = 0xFF3B3BFF
    start(fake)
    for piece, kind in (("title", "text_ft2_source_v2"), ("detail", "text_ft2_source_v2"), ("dot", "color_source_v3")):
        fake.create_source(kind, f"{CARD}: {piece}", {"text": "Connected", "color": 0xFF18FC53})
    fake.script.core, fake.script.script = None, None
    fake.script.trouble = "Python 3.8 is too old: this script needs 3.9 or newer. Install Python from python.org, then choose it."
    fake.tick(0.3)
    assert text(fake, "title") == "ERROR" and fake.source(f"{CARD}: dot").settings["color"] == red
    assert max(map(len, text(fake, "detail").split("\n"))) <= 52


@pytest.mark.parametrize("odd", ["\udcff", "\0", "é日"])
def test_a_trouble_that_names_an_odd_path_is_written_and_leaks_nothing(fake: FakeObs, odd: str) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.call(fake.script.script_unload)
    fake.script.core, fake.script.trouble = None, f"The script's files are incomplete (OSError: /home/{odd})."
    before = len(fake.unreleased())
    for _ in range(5):
        fake.call_on_graphics(fake.script.on_timer)
    assert len(fake.unreleased()) == before
    assert "files are incomplete" in text(fake, "detail")
    assert "files are incomplete" in fake.page().text()


def test_a_write_that_raises_lets_go_of_what_it_holds(fake: FakeObs, monkeypatch: pytest.MonkeyPatch) -> None:
    start(fake)
    fake.press("add_card")
    fake.tick(0.3)
    fake.call(fake.script.script_unload)
    fake.script.core, fake.script.trouble = None, "Something is wrong."
    monkeypatch.setattr(fake.script, "read_from", lambda *_: 1 / 0)
    before = len(fake.unreleased())
    fake.call_on_graphics(fake.script.on_timer)
    assert len(fake.unreleased()) == before


# -- a second copy


def load_with_new_settings(fake: FakeObs, module: types.ModuleType) -> None:
    """What OBS does for a second copy of the same file name: it has the module already."""
    settings = fake.module.obs_data_create()
    module.script_load(settings)
    fake.module.obs_data_release(settings)


def test_a_second_copy_says_how_to_start_it_once_the_first_is_gone(fake: FakeObs, tmp_path: Path) -> None:
    start(fake)
    module, first = fake.script, fake.script.script_path
    module.script_path = lambda: f"{tmp_path}/"
    fake.call(lambda: load_with_new_settings(fake, module))
    assert "Another copy of this script is already loaded" in fake.page().text()
    module.script_path = first
    fake.call(module.script_unload)
    module.script_path = lambda: f"{tmp_path}/"
    assert "Press Reload (the round arrow under the list) to start this copy." in fake.page().text()
    module.script_path = first


def test_reload_of_a_second_copy_with_the_same_file_name_leaves_the_first_at_work(fake: FakeObs, kick: KickSimulator) -> None:
    connected(fake, kick)
    module, first, own_path = fake.script, fake.script.script, fake.script.script_path
    module.script_path = lambda: "elsewhere/"
    fake.call(lambda: load_with_new_settings(fake, module))
    fake.call(module.script_unload)
    fake.call(lambda: importlib.reload(module))
    module.script_path = own_path
    assert module.script is first and len(module.hotkeys) == 5
    kick.chat("speedy", 3)
    fake.tick_until(lambda: "3 events" in text(fake, "detail"), what="three events")
    fake._unload()
    assert module.script is None and fake.threads == []
