"""The script's page in a real OBS, used by mouse and keyboard: loading, first run, Connect, the card, a missing library."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import websocket
from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import (
    BEHIND,
    BRIGHT,
    CARD,
    PIECES,
    ROOT,
    SCRIPT,
    card_is_whole,
    drag,
    ended_well,
    first_run,
    groups_in,
    is_in,
    make_obs_save,
    page,
    press,
    reload,
    saved,
    saved_now,
    settings,
    sockets_open,
    text,
    type_name,
    type_text,
    wait_events,
    wait_for,
)

import vmsc_core
from vmsc_core.events import Status

HOTKEYS = {"vmsc_hotkey_connect", "vmsc_hotkey_disconnect"}
ADD, ADDED = "Add card to scene", "The card is in the scene"
COMMAND = "install_command"  # obs/properties.py, which only OBS can import
FIRST_HELP = "Type your Kick name, then"


def test_from_the_first_look_at_the_page_to_a_connection_and_back(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        assert set(obs.hotkeys()) >= HOTKEYS
        assert [line.split("] ")[1].split(",")[0] for line in obs.script_lines()] == [f"VMSC for OBS {vmsc_core.__version__}"]
        words = page(obs)
        for said in ("VMSC for OBS", FIRST_HELP, "State: Disconnected", "Kick name", "Advanced"):
            assert said in words
        assert not PIECES & set(obs.inputs())

        press(obs, ADD, lambda: ADDED in page(obs))
        obs.wait(lambda: is_in(obs, Status.DISCONNECTED), 5, "Disconnected on the card")
        card_is_whole(obs)
        press(obs, ADD, lambda: "repaired" in page(obs))
        card_is_whole(obs)

        type_name(obs, "https://kick.com/Speedy?x=1")
        time.sleep(1.5)
        assert kick.tries == 0 and not kick.lookups
        assert is_in(obs, Status.DISCONNECTED)

        press(obs, "Connect", lambda: is_in(obs, Status.CONNECTED))
        assert "State: Connected (Speedy)" in page(obs), "the page has waited for it"
        assert text(obs, "name") == "Speedy"
        saved(obs, username="Speedy", connect_wanted=True, connected_once=True)
        press(obs, "Refresh", lambda: "State: Connected" in page(obs))
        assert FIRST_HELP not in page(obs)

        press(obs, "Disconnect", lambda: is_in(obs, Status.DISCONNECTED))
        kick.wait(lambda: sockets_open(kick) == 0, 5, "the socket to close")
        saved(obs, connect_wanted=False)
        assert "State: Disconnected" in page(obs)
        obs.close_scripts_dialog()

        obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, Status.CONNECTED)
        obs.hotkey("vmsc_hotkey_disconnect")
        wait_for(obs, Status.DISCONNECTED)
        kick.wait(lambda: sockets_open(kick) == 0, 5, "the socket to close")
        ended_well(obs)


def test_another_name_waits_for_a_press(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        tries = kick.tries
        type_name(obs, "other")
        time.sleep(1.0)
        assert (kick.tries, sockets_open(kick), text(obs, "name")) == (tries, 1, "Speedy")
        press(obs, "Reconnect", lambda: text(obs, "name") == "Other" and is_in(obs, Status.CONNECTED))
        kick.wait(lambda: sockets_open(kick) == 1, 5, "the old socket to close")
        kick.chat("speedy", 3)
        kick.chat("other", 2)
        wait_events(obs, 2)
        obs.close_scripts_dialog()
        ended_well(obs)


def test_a_blocked_look_up_is_got_past_by_pasting_the_ids_once(kick: KickSimulator) -> None:
    kick.fault.lookup = 403
    own = kick.channels["speedy"]
    with ObsSandbox(SCRIPT, settings(kick, show_rules=False, show_advanced=False), background=BEHIND) as obs:
        wait_for(obs, Status.ERROR)
        assert "do steps 1\u20133 once" in " ".join(text(obs, "detail").split())
        type_text(obs, "2. Paste", "paste", f"{own.channel_id}, {own.chatroom_id}")
        press(obs, "3. Use this text", lambda: is_in(obs, Status.CONNECTED))
        assert "Saved. You won't have to do this again" in page(obs)
        kick.chat("speedy", 3)
        wait_events(obs, 3)
        obs.close_scripts_dialog()
        assert obs.restart().code == 0
        wait_for(obs, Status.CONNECTED)
        ended_well(obs)


def test_one_card_for_every_scene_that_asks_for_it(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        card_is_whole(obs)
        obs.ws.create_scene("Second")
        obs.ws.set_current_program_scene("Second")
        assert groups_in(obs, "Second") == []
        press(obs, ADD, lambda: ADDED in page(obs))
        press(obs, ADD, lambda: "repaired" in page(obs))
        card_is_whole(obs, "Second")
        card_is_whole(obs)
        obs.close_scripts_dialog()
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)
        wait_for(obs, Status.CONNECTED)
        card_is_whole(obs)
        card_is_whole(obs, "Second")

        obs.ws.create_scene("Third")  # and moved there from the first
        obs.ws.create_scene_item("Third", CARD, True)
        obs.ws.remove_scene_item(SCENE, obs.ws.get_scene_item_id(SCENE, CARD).scene_item_id)
        kick.go_live("speedy")
        wait_for(obs, Status.LIVE)
        assert (groups_in(obs), groups_in(obs, "Third")) == ([], [CARD])
        ended_well(obs)


@pytest.mark.parametrize("version", [1, 2], ids=["old collection", "collection of OBS 31 and newer"])
def test_the_mouse_drags_the_whole_card_right_after_it_was_added_and_repaired(kick: KickSimulator, version: int) -> None:
    # With the preview on OBS loses a click now and then, the seldomer the fewer pictures it shows.
    with ObsSandbox(SCRIPT, first_run(kick), background=BRIGHT, preview=True, fps=5, collection_version=version) as obs:
        press(obs, ADD, lambda: is_in(obs, Status.DISCONNECTED))
        drag_the_card(obs)
        drag_the_card(obs)
        press(obs, ADD, lambda: "repaired" in page(obs))
        drag_the_card(obs)
        ended_well(obs)


def drag_the_card(obs: ObsSandbox) -> None:
    obs.close_scripts_dialog()
    before, pieces = places(obs)
    drag(obs, (before[0] + 300, before[1] + 40), (150, 120))
    after, same = places(obs)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((150, 120), abs=25)  # the preview snaps and rounds
    assert same == pieces


def places(obs: ObsSandbox) -> tuple[tuple[float, float], dict[str, tuple[float, float]]]:
    """Where the card lies in the scene, and where each piece lies in the card."""

    def place(item: dict[str, Any]) -> tuple[float, float]:
        return item["sceneItemTransform"]["positionX"], item["sceneItemTransform"]["positionY"]

    (group,) = (item for item in obs.scene_items() if item["isGroup"])
    return place(group), {item["sourceName"]: place(item) for item in obs.group_items(CARD)}


def test_without_websocket_client_page_and_card_say_so_until_it_is_there(kick: KickSimulator, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "vmsc_core", tmp_path / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    script = Path(shutil.copy(SCRIPT, tmp_path))
    with ObsSandbox(script, settings(kick), background=BEHIND, websocket_client=False) as obs:
        wait_for(obs, Status.ERROR)
        assert "websocket-client is missing" in " ".join(text(obs, "detail").split())
        assert set(obs.hotkeys()) >= HOTKEYS
        words = page(obs)
        assert "websocket-client is missing" in words
        assert "Command" in words  # and what stands in that field:
        make_obs_save(obs)
        command = obs.wait(lambda: saved_now(obs).get(COMMAND), 10, "the command to be saved")
        assert "-m pip install --target" in command and str(tmp_path / "vmsc_lib") in command
        assert kick.tries == 0

        # What the command does, without the network.
        library = Path(websocket.__file__).parent
        shutil.copytree(library, tmp_path / "vmsc_lib" / "websocket", ignore=shutil.ignore_patterns("__pycache__"))
        reload(obs)
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: "is missing" not in page(obs), 20, "the page of the script that was loaded again")
        obs.close_scripts_dialog()
        ended_well(obs)
