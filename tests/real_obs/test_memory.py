"""What the script remembers in a real OBS: over a restart, and over switches of the scene collection."""

from __future__ import annotations

import time

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox
from real_obs.session import (
    SCRIPT,
    card_is_whole,
    ended_well,
    is_in,
    leaks_of_switches,
    saved,
    saved_now,
    settings,
    sockets_open,
    text,
    wait_for,
)

from vmsc_core.events import Status

TIMES = 10


def test_a_restart_connects_by_itself_unless_disconnect_was_wanted(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick, connect_wanted=False)) as obs:
        obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, Status.CONNECTED)
        saved(obs, connect_wanted=True)
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)

        wait_for(obs, Status.CONNECTED)
        card_is_whole(obs)
        kick.wait(lambda: sockets_open(kick) == 1, 5)
        # The IDs of last time are used: the connection does not wait for the lookup.
        obs.wait(lambda: "speedy" in str(saved_now(obs).get("known_channels")), 10, "the ids are saved")
        obs.hotkey("vmsc_hotkey_disconnect")
        wait_for(obs, Status.DISCONNECTED)
        saved(obs, connect_wanted=False)
        tries = kick.tries
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)

        obs.wait(lambda: text(obs, "title"), 10, "the card is painted")
        time.sleep(2.0)
        assert is_in(obs, Status.DISCONNECTED)
        assert kick.tries == tries
        obs.hotkey("vmsc_hotkey_connect")
        wait_for(obs, Status.CONNECTED)
        ended_well(obs)


def test_a_blocked_look_up_does_not_stop_a_restart_that_knows_the_ids(kick: KickSimulator) -> None:
    with ObsSandbox(SCRIPT, settings(kick)) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: "speedy" in str(saved_now(obs).get("known_channels")), 10, "the ids are saved")
        kick.fault.lookup = 403
        ended = obs.restart()
        assert (ended.code, ended.leaks) == (0, 0)
        wait_for(obs, Status.CONNECTED)
        time.sleep(1.0)
        assert is_in(obs, Status.CONNECTED)
        ended_well(obs)


@pytest.mark.parametrize("scripted", [("Untitled",), ("Untitled", "Other")], ids=["in one", "in both"])
def test_ten_collection_switches_and_back(kick: KickSimulator, scripted: tuple[str, ...]) -> None:
    with ObsSandbox(SCRIPT, settings(kick), scripted=scripted) as obs:
        wait_for(obs, Status.CONNECTED)
        for _ in range(TIMES):
            obs.switch_collection("Other")
            if len(scripted) == 1:
                kick.wait(lambda: sockets_open(kick) == 0, 5, "the script is gone with its collection")
                assert "vmsc_hotkey_connect" not in obs.hotkeys()
            else:
                wait_for(obs, Status.CONNECTED)
            obs.switch_collection("Untitled")
            wait_for(obs, Status.CONNECTED)
        kick.wait(lambda: sockets_open(kick) == 1, 5, "one socket")
        card_is_whole(obs)
        ended_well(obs, leaks_of_switches(TIMES))
