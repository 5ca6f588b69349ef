"""The script under rough hands, in a real OBS: reloads, collection switches, presses, sleep, copies, and a card taken apart."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from real_obs.session import (
    CARD,
    PIECES,
    ROOT,
    SCRIPT,
    card_is_whole,
    ended_well,
    groups_in,
    leaks_of_switches,
    page,
    press,
    reload,
    settings,
    sockets_open,
    text,
    wait_events,
    wait_for,
)

from vmsc_core.events import Status


def test_two_hundred_presses_and_fifty_collection_switches(kick: KickSimulator) -> None:
    both = ("Untitled", "Other")
    with ObsSandbox(SCRIPT, settings(kick), collections=both, scripted=both) as obs:
        wait_for(obs, Status.CONNECTED)
        for _ in range(100):
            obs.hotkey("vmsc_hotkey_disconnect")
            obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, Status.CONNECTED)
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        obs.hotkey("vmsc_hotkey_disconnect")
        wait_for(obs, Status.DISCONNECTED)
        kick.wait(lambda: sockets_open(kick) == 0, 5)
        obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, Status.CONNECTED)
        for _ in range(25):
            obs.switch_collection("Other")
            obs.switch_collection("Untitled")
        wait_for(obs, Status.CONNECTED)
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        kick.chat("speedy", 3)
        wait_events(obs, 3)
        ended_well(obs, leaks_of_switches(25))


def test_fifty_reloads(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.open_scripts_dialog()
        for _ in range(50):
            reload(obs)
        wait_for(obs, Status.CONNECTED)
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        obs.close_scripts_dialog()
        card_is_whole(obs)
        ended_well(obs)


def test_a_computer_that_slept_reconnects_once(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        before = len(obs.script_lines())
        os.kill(obs.pid, signal.SIGSTOP)
        time.sleep(18)
        os.kill(obs.pid, signal.SIGCONT)
        obs.wait(lambda: any("asleep" in line for line in obs.script_lines()[before:]), 10, "the sleep was noticed")
        wait_for(obs, Status.CONNECTED)
        lines = "\n".join(obs.script_lines()[before:])
        assert lines.count("Reconnecting") == 1 and lines.count("Offline ") == 1
        assert re.search(r"\b0:0\d\b", text(obs, "detail"))  # the uptime started over
        ended_well(obs)


@pytest.mark.parametrize("name", ["vmsc_obs.py", "another_name.py"])
def test_a_second_copy_says_why_it_does_nothing(kick: KickSimulator, tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    copy = Path(shutil.copy(SCRIPT, tmp_path / name))
    second = settings(kick, username="other")
    with ObsSandbox(SCRIPT, settings(kick), more_scripts=[(copy, second)]) as obs:
        wait_for(obs, Status.CONNECTED)
        time.sleep(1.0)
        assert [connection.open for connection in kick.connections] == [True]
        assert text(obs, "name") == "Speedy"
        obs.open_scripts_dialog()
        obs.select_script(["another_name.py", "vmsc_obs.py"].index(name))  # OBS sorts its list
        assert "Another copy of this script is already loaded" in page(obs)
        ended_well(obs)


def test_a_card_taken_apart_is_painted_on_and_repaired(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.ws.set_input_name(f"{CARD}: title", "My own title")
        obs.ws.remove_input(f"{CARD}: detail")
        obs.ws.remove_input(f"{CARD}: dot")
        obs.ws.set_input_name(f"{CARD}: name", "x")
        obs.ws.create_input("Scene", f"{CARD}: name", "color_source_v3", {}, True)  # the kind under the name is another
        kick.go_live("speedy")
        obs.wait(lambda: obs.input_settings("My own title").get("text") == Status.LIVE.value.upper(), 10, "the renamed title")
        obs.ws.remove_scene_item("Scene", obs.ws.get_scene_item_id("Scene", CARD).scene_item_id)
        kick.go_offline("speedy")
        time.sleep(1.0)
        press(obs, "Add card to scene", lambda: f"{CARD}: detail" in obs.inputs())
        wait_events(obs, 0)
        obs.wait(lambda: len(groups_in(obs)) == 1 and len(obs.group_items(CARD)) == len(PIECES), 5, "a whole card")
        obs.close_scripts_dialog()
        ended_well(obs)
