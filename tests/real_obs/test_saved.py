"""A real OBS that starts with a scene collection of version 0.1.0: its card and the user's sources go on as they were."""

from __future__ import annotations

import json
from pathlib import Path

from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox, config_folder
from real_obs.session import (
    CARD,
    COLOR_LIST,
    NO_SOURCE,
    SCRIPT,
    TEXT_LIST,
    choose,
    ended_well,
    groups_in,
    saved,
)

SAVED = Path(__file__).resolve().parents[1] / "saved" / "collection-0.1.0.json"
OLD_CARD = "Kick status card"
NEWER = {f"{CARD}: badge", f"{CARD}: hole"}
DETAIL, TEXT, COLOR = "My own detail", "My text", "My color"


def test_an_old_scene_collection_loads_unchanged(kick: KickSimulator) -> None:
    settings = json.loads(old_collection(kick))["modules"]["scripts-tool"][0]["settings"]
    with ObsSandbox(SCRIPT, {**settings, "connect_wanted": False}) as obs:  # its servers are trusted from here on
        obs.quit()
        collection = config_folder(obs.folder) / "basic" / "scenes" / "Untitled.json"
        collection.write_text(old_collection(kick), "utf-8")
        before = {source["name"] for source in json.loads(collection.read_text("utf-8"))["sources"]}

        obs.restart()
        obs.wait(lambda: words(obs, f"{OLD_CARD}: title") == "CONNECTED", 20, "the old card to say Connected")
        kick.chat("speedy", 5)
        obs.wait(lambda: "5 events" in words(obs, DETAIL) and "5 events" in words(obs, TEXT), 10, "both texts to be written")
        assert words(obs, f"{OLD_CARD}: name") == "Speedy"
        obs.wait(lambda: set(obs.inputs()) >= NEWER, 10, "the pieces that version 0.1.0 had not")
        assert set(obs.inputs()) == before - {"Scene"} | NEWER, "nothing is made again"
        assert groups_in(obs) == [OLD_CARD]
        pieces = {item["sourceName"] for item in obs.group_items(OLD_CARD)}
        assert pieces == {f"{OLD_CARD}: {role}" for role in ("name", "title", "dot", "panel", "edge")} | NEWER | {DETAIL}
        (card,) = (item["sceneItemTransform"] for item in obs.scene_items() if item["isGroup"])
        assert (card["positionX"], card["positionY"]) == (700.0, 420.0)
        shape = obs.ask("GetSourceFilter", {"sourceName": f"{OLD_CARD}: edge", "filterName": "Kick card shape"})
        assert Path(shape["filterSettings"]["image_path"]) == SCRIPT.parent / "vmsc_core" / "obs" / "pictures" / "bar.png"

        choose(obs, *TEXT_LIST, NO_SOURCE, "")
        choose(obs, *COLOR_LIST, NO_SOURCE, "")
        obs.wait(lambda: words(obs, TEXT) == "Welcome!", 5, "the text to be as it was before")
        obs.wait(lambda: obs.input_settings(COLOR)["color"] == 0x80112233, 5, "the color to be as it was before")
        assert not [key for name in (TEXT, COLOR) for key in obs.input_settings(name) if key.startswith("vmsc")]
        saved(obs, username="speedy", provider="pusher", poll=False, connected_once=True, connect_wanted=True)
        obs.close_scripts_dialog()
        ended_well(obs)


def old_collection(kick: KickSimulator) -> str:
    """What version 0.1.0 has saved, as if its Kick had been this simulator and its folder another."""
    text = SAVED.read_text("utf-8").replace("@folder@/vmsc_obs.py", str(SCRIPT)).replace("@folder@", "/old/place")
    text = text.replace('"username":', '"show_card": true, "username":')  # the section whose lists are used is open
    return text.replace("@lookup_address@", kick.lookup_url).replace("@websocket_address@", kick.websocket_url)


def words(obs: ObsSandbox, name: str) -> str:
    return str(obs.input_settings(name)["text"])
