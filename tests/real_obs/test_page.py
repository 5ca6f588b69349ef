"""The script's page in a real OBS, used by mouse and keyboard: loading, first run, Connect, the card, a missing library."""

from __future__ import annotations

import re
import time

from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from real_obs.session import (
    BEHIND,
    CARD,
    PIECES,
    SCRIPT,
    card_is_whole,
    ended_well,
    first_run,
    groups_in,
    nothing_logged_that_pops_up,
    saved,
    settings,
    sockets_open,
    text,
    wait_for,
)

from vmsc_core.card.card import LOOKS
from vmsc_core.events import Status

HOTKEYS = {"vmsc_hotkey_connect", "vmsc_hotkey_disconnect"}
ADD = "Add status card to current scene"
FIRST_HELP = "Type your Kick username and press"


def page(obs: ObsSandbox) -> str:
    """The page's words with single spaces, since they wrap."""
    return " ".join(obs.page_text().split())


def test_from_the_first_look_at_the_page_to_a_connection_and_back(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, first_run(kick), background=BEHIND) as obs:
        assert set(obs.hotkeys()) >= HOTKEYS
        assert obs.script_lines() == []
        words = page(obs)
        for said in ("VMSC for OBS", FIRST_HELP, "State: Disconnected", "Kick username", "Advanced"):
            assert said in words
        assert not PIECES & set(obs.inputs())

        obs.click_script_button(ADD)
        obs.wait(lambda: text(obs, "title") == LOOKS[Status.DISCONNECTED].title, 10, "the card is painted")
        card_is_whole(obs)
        obs.click_script_button(ADD)
        card_is_whole(obs)
        assert "repaired" in page(obs)

        obs.type_into("Kick username", "https://kick.com/Speedy?x=1")
        time.sleep(1.5)
        assert kick.tries == 0 and not kick.lookups
        assert text(obs, "title") == LOOKS[Status.DISCONNECTED].title

        obs.click_script_button("Connect")
        wait_for(obs, Status.CONNECTED)
        assert text(obs, "name") == "Speedy"
        saved(obs, username="https://kick.com/Speedy?x=1", connect_wanted=True, connected_once=True)
        obs.click_script_button("Refresh this page")
        words = page(obs)
        assert FIRST_HELP not in words
        assert re.search(r"State: Connected", words)

        obs.click_script_button("Disconnect")
        wait_for(obs, Status.DISCONNECTED)
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


def test_one_card_for_every_scene_that_asks_for_it(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        card_is_whole(obs)
        obs.ws.create_scene("Second")
        obs.ws.set_current_program_scene("Second")
        assert groups_in(obs, "Second") == []
        obs.click_script_button(ADD)
        obs.wait(lambda: groups_in(obs, "Second") == [CARD], 10, "the card in the second scene")
        obs.click_script_button(ADD)
        card_is_whole(obs, "Second")
        card_is_whole(obs)
        obs.close_scripts_dialog()
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)
        wait_for(obs, Status.CONNECTED)
        card_is_whole(obs)
        card_is_whole(obs, "Second")
        ended_well(obs)


def test_without_websocket_client_the_page_names_the_command_and_the_card_says_it(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick), background=BEHIND, websocket_client=False) as obs:
        wait_for(obs, Status.ERROR)
        assert "websocket-client is missing" in " ".join(text(obs, "detail").split())
        words = page(obs)
        assert "websocket-client is missing" in words
        assert re.search(r"pip install --target .*websocket-client", words, re.IGNORECASE)  # the field shows its end
        obs.click_script_button("Disconnect")
        obs.close_scripts_dialog()
        assert set(obs.hotkeys()) >= HOTKEYS
        assert kick.tries == 0
        nothing_logged_that_pops_up(obs)
        ended_well(obs)
