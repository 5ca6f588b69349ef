"""The script's folder in a real OBS: moved or replaced by the next version's, with a card in the scene."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from kick_simulator import KickSimulator
from obs_sandbox import ObsSandbox, config_folder
from real_obs.session import BEHIND, CARD, ROOT, SCRIPT, apart, ended_well, rgb, settings, wait_for

from vmsc_core.events import Status

PANEL = rgb(0x101318)
SHAPED = ("dot", "edge", "panel")


def test_the_card_keeps_its_shapes_when_the_scripts_folder_moves(kick: KickSimulator, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(ROOT / "vmsc_core", old / "vmsc_core", ignore=shutil.ignore_patterns("__pycache__"))
    with ObsSandbox(shutil.copy(SCRIPT, old), settings(kick), background=BEHIND) as obs:
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: is_a_card(obs), 5, "a card with its shapes")
        assert obs.quit().code == 0

        shutil.rmtree(old)
        collection = config_folder(obs.folder) / "basic" / "scenes" / "Untitled.json"
        saved = json.loads(collection.read_text("utf-8"))
        script = saved["modules"]["scripts-tool"][0]
        script["path"] = str(SCRIPT)
        script["settings"]["add_card_at_start"] = False  # nobody presses the button that repairs it
        assert all(Path(path).parents[3] == old for path in pictures(saved).values())
        collection.write_text(json.dumps(saved), "utf-8")

        obs.restart()
        wait_for(obs, Status.CONNECTED)
        obs.wait(lambda: is_a_card(obs), 5, "a card that is not covered by its edge")
        shapes = {piece: obs.ask("GetSourceFilter", shape(piece))["filterSettings"] for piece in SHAPED}
        assert {piece: Path(kept["image_path"]) for piece, kept in shapes.items()} == {
            piece: ROOT / "vmsc_core" / "obs" / "pictures" / name
            for piece, name in (("dot", "disc.png"), ("edge", "bar.png"), ("panel", "plate.png"))
        }
        assert all(kept["stretch"] and kept["type"] == "mask_alpha_filter.effect" for kept in shapes.values())
        ended_well(obs)


def shape(piece: str) -> dict[str, str]:
    return {"sourceName": f"{CARD}: {piece}", "filterName": "Kick card shape"}


def pictures(saved: dict) -> dict[str, str]:
    """Piece → its picture, in a collection that OBS has saved."""
    kept = {source["name"]: source for source in saved["sources"]}
    return {piece: kept[f"{CARD}: {piece}"]["filters"][0]["settings"]["image_path"] for piece in SHAPED}


def is_a_card(obs: ObsSandbox) -> bool:
    """The panel is to be seen in the card's middle, and what is behind the card at its rounded corner."""
    picture = obs.source_screenshot(CARD)
    middle = picture.getpixel((picture.width // 2, picture.height - 12))
    return picture.getpixel((0, 0))[3] == 0 and apart(middle[:3], PANEL) <= 12
