"""The script under rough hands, in a real OBS: reloads, collection switches, presses, sleep, copies, and a card taken apart."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import Exit, ObsSandbox

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "vmsc_obs.py"
CARD = "Kick status card"


@pytest.fixture
def kick() -> Iterator[KickSimulator]:
    with KickSimulator() as simulator:
        simulator.add_channel("speedy")
        simulator.add_channel("other", channel_id=5, chatroom_id=6)
        yield simulator


def settings(kick: KickSimulator, **more: Any) -> dict[str, Any]:
    return {
        "username": "speedy",
        "connected_once": True,
        "connect_wanted": True,
        "add_card_at_start": True,
        "websocket_address": kick.websocket_url,
        "lookup_address": kick.lookup_url,
        **more,
    }


def text(obs: ObsSandbox, role: str) -> str:
    return str(obs.input_settings(f"{CARD}: {role}").get("text", ""))


def wait_for(obs: ObsSandbox, title: str, seconds: float = 20.0) -> None:
    obs.wait(lambda: text(obs, "title") == title, seconds, f"the card says {title}")


def sockets_open(kick: KickSimulator) -> int:
    return sum(connection.open for connection in kick.connections)


def ended_well(obs: ObsSandbox, leaks: int = 0) -> Exit:
    ended = obs.quit()
    assert ended.code == 0
    assert ended.leaks <= leaks
    assert obs.warnings() == []
    assert "Traceback" not in "\n".join(obs.script_lines())
    assert not any("bug in" in line or "failed; it goes on" in line for line in obs.script_lines())
    return ended


def leaks_of_switches_alone(times: int) -> int:
    with ObsSandbox() as obs:
        for _ in range(times):
            obs.switch_collection("Other")
            obs.switch_collection("Untitled")
        return obs.quit().leaks


def test_two_hundred_presses_and_fifty_collection_switches(kick: KickSimulator) -> None:
    both = ("Untitled", "Other")
    with ObsSandbox(SCRIPT, settings(kick), collections=both, scripted=both) as obs:
        wait_for(obs, "Connected")
        for _ in range(100):
            obs.hotkey("vmsc_hotkey_disconnect")
            obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, "Connected")
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        obs.hotkey("vmsc_hotkey_disconnect")
        wait_for(obs, "Disconnected")
        kick.wait(lambda: sockets_open(kick) == 0, 5)
        obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, "Connected")
        for _ in range(25):
            obs.switch_collection("Other")
            obs.switch_collection("Untitled")
        wait_for(obs, "Connected")
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        kick.chat("speedy", 3)
        obs.wait(lambda: text(obs, "detail").startswith("3 events"), 5, "three events")
        ended_well(obs, leaks_of_switches_alone(25))


def test_fifty_reloads(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, "Connected")
        obs.open_scripts_dialog()
        loads = obs.log.count("Unloaded python script")
        for _ in range(50):
            obs.reload_script()
        assert obs.log.count("Unloaded python script") - loads == 50
        wait_for(obs, "Connected")
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        ended_well(obs)


def test_a_computer_that_slept_reconnects_once(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, "Connected")
        before = len(obs.script_lines())
        os.kill(obs.pid, signal.SIGSTOP)
        time.sleep(18)
        os.kill(obs.pid, signal.SIGCONT)
        obs.wait(lambda: any("slept" in line for line in obs.script_lines()[before:]), 10, "the sleep was noticed")
        wait_for(obs, "Connected")
        lines = "\n".join(obs.script_lines()[before:])
        assert lines.count("Reconnecting") == 1 and lines.count("Away ") == 1
        assert text(obs, "detail").split("\u00b7")[1].strip().startswith("0:0")
        ended_well(obs)


@pytest.mark.parametrize("name", ["vmsc_obs.py", "another_name.py"])
def test_a_second_copy_says_why_it_does_nothing(kick: KickSimulator, tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    copy = Path(shutil.copy(SCRIPT, tmp_path / name))
    second = settings(kick, username="other")
    with ObsSandbox(SCRIPT, settings(kick), more_scripts=[(copy, second)]) as obs:
        wait_for(obs, "Connected")
        time.sleep(1.0)
        assert [connection.open for connection in kick.connections] == [True]
        assert text(obs, "name") == "Speedy"
        obs.open_scripts_dialog()
        obs.select_script(1)
        assert "Another copy of this script is loaded" in " ".join(obs.page_text().split())
        ended_well(obs)


def test_a_card_taken_apart_is_painted_on_and_repaired(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, "Connected")
        obs.ws.set_input_name(f"{CARD}: title", "My own title")
        obs.ws.remove_input(f"{CARD}: detail")
        obs.ws.remove_input(f"{CARD}: dot")
        obs.ws.set_input_name(f"{CARD}: name", "x")
        obs.ws.create_input("Scene", f"{CARD}: name", "color_source_v3", {}, True)  # the kind under the name is another
        kick.go_live("speedy")
        obs.wait(lambda: obs.input_settings("My own title").get("text") == "Live", 10, "the renamed title says Live")
        obs.ws.remove_scene_item("Scene", obs.ws.get_scene_item_id("Scene", CARD).scene_item_id)
        kick.go_offline("speedy")
        time.sleep(1.0)
        obs.click_script_button("Add status card to current scene")
        obs.wait(lambda: f"{CARD}: detail" in obs.inputs(), 5, "the card is whole again")
        obs.wait(lambda: text(obs, "detail").endswith("followers"), 5, "the detail is painted")
        assert len([item for item in obs.scene_items() if item["isGroup"]]) == 1
        assert len(obs.group_items(CARD)) == 6
        obs.close_scripts_dialog()
        ended_well(obs)
