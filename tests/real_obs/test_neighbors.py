"""What lies beside the script in a real OBS: other scripts' files, somebody else's scene collection, copies of sources."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from kick_simulator import KickSimulator
from obs_sandbox import SCENE, ObsSandbox
from real_obs.session import (
    BEHIND,
    CARD,
    SCRIPT,
    ended_well,
    page,
    press,
    settings,
    sockets_open,
    text,
    wait_for,
)

from vmsc_core.events import Status

TEXT = "My text"


@pytest.mark.parametrize("body", ["import sys; sys.exit()", "raise KeyboardInterrupt", "import time; time.sleep(30)"])
def test_a_neighbors_websocket_py_is_not_run(kick: KickSimulator, tmp_path: Path, body: str) -> None:
    (tmp_path / "websocket.py").write_text(body)
    neighbor = tmp_path / "neighbor.py"
    neighbor.write_text("def script_description():\n    return 'puts its folder on the path'\n")
    with ObsSandbox(SCRIPT, settings(kick), more_scripts=[(neighbor, {})], python_path=[tmp_path]) as obs:
        wait_for(obs, Status.CONNECTED)
        ended_well(obs)


@pytest.mark.strangers
def test_a_strangers_collection_shows_no_html_and_connects_nowhere_without_a_press(kick: KickSimulator) -> None:
    link = "<a href='http://example.com/'>Sign in with Kick</a>"
    theirs = settings(kick, welcome=link, status=link, history=link, trouble=link)
    with ObsSandbox(SCRIPT, theirs, background=BEHIND) as obs:
        wait_for(obs, Status.ERROR)
        assert "Custom servers are set; press Connect" in " ".join(text(obs, "detail").split())
        time.sleep(2)
        assert (list(kick.connections), list(kick.lookups)) == ([], [])
        said = page(obs)
        assert "Sign in with Kick" not in said and "Custom servers" in said
        press(obs, "Connect", lambda: text(obs, "title") == "CONNECTED")
        obs.close_scripts_dialog()
        obs.restart()
        wait_for(obs, Status.CONNECTED)
        ended_well(obs)


def test_a_copy_of_a_renamed_source_or_piece_is_not_taken_for_it(kick: KickSimulator) -> None:
    chosen = settings(kick, text_source=TEXT)
    with ObsSandbox(SCRIPT, chosen, background=BEHIND) as obs:
        obs.ws.create_input(SCENE, TEXT, "text_ft2_source_v2", {"text": "Welcome!"}, True)
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: "Connected" in words(obs, TEXT), 5, "the text of the user's own")
        obs.ws.set_input_name(TEXT, "Renamed")
        copy(obs, "Renamed", "A")
        obs.ws.set_input_name(f"{CARD}: detail", "Piece")
        copy(obs, "Piece", "B")
        copy(obs, "Piece", f"{CARD}: detail")
        copies = {name: words(obs, name) for name in ("A", "B", f"{CARD}: detail")}
        time.sleep(6)  # a search through all sources
        kick.chat("speedy", 3)
        obs.wait(lambda: "3 events" in words(obs, "Piece") and "3 events" in words(obs, "Renamed"), 10, "three events")
        assert {name for name in copies if "3 events" in words(obs, name)} == set()
        obs.wait(lambda: obs.saved_settings().get("text_source") == "Renamed", 10, "the new name to be saved")
        obs.restart()
        kick.wait(lambda: sockets_open(kick) == 1, 20, what="the connection to come back")
        time.sleep(6)
        kick.chat("speedy", 7)
        obs.wait(lambda: "7 events" in words(obs, "Piece") and "7 events" in words(obs, "Renamed"), 10, "seven events")
        assert {name for name in copies if "7 events" in words(obs, name)} == set()
        ended_well(obs)


def words(obs: ObsSandbox, name: str) -> str:
    return str(obs.input_settings(name)["text"])


def copy(obs: ObsSandbox, name: str, new_name: str) -> None:
    """A duplicate of a source: all its settings go along."""
    kind = obs.ws.get_input_settings(name).input_kind
    obs.ws.create_input(SCENE, new_name, kind, dict(obs.input_settings(name)), True)
