"""Takes the pictures of the first five minutes for docs/: from the unpacked zip to the card, by mouse and keys, in a real OBS.

Run: `.cache/venv/bin/python tools/first_steps.py [FOLDER]` (docs/ by default). It writes first-steps.png: OBS's own windows in
their own sizes after each of the user's actions. The unpacked copy is told that Kick is the simulator; all else is as released.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from kick_simulator import KickSimulator  # noqa: E402
from make_release import make  # noqa: E402
from obs_sandbox import ObsSandbox  # noqa: E402
from obs_sandbox.reading import label_box, row_of_boxes  # noqa: E402

OWN = (775, 492)
"""px; the size with which OBS 29 opens Tools > Scripts."""

LIST_WIDTH, ROW_HEIGHT = 482, 106
"""px; of that window: how wide the list of scripts is, and the lowest part, with the row of buttons under the list."""

FOLDER_ROW = 45
"""px; the uppermost part of the window that chooses a file."""

COLUMNS, GAP, CAPTION, PAPER, INK = 2, 16, 34, (24, 26, 32), (232, 236, 242)
CHANNEL = "nightowl"


def main(arguments: Sequence[str]) -> int:
    """Goes the way, and writes what was to be seen on it."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vmsc-first-") as place, KickSimulator() as kick:
        kick.add_channel(CHANNEL, username="NightOwl")
        script = unpacked(Path(place), kick)
        with ObsSandbox(background=0xFF5A3A22) as obs:
            steps = way(obs, script)
            obs.quit()
    path = folder / "first-steps.png"
    sheet(steps).quantize(96).save(path, optimize=True)
    print(path.name, path.stat().st_size)
    return 0


def unpacked(place: Path, kick: KickSimulator) -> Path:
    """The released script, unpacked; Kick's addresses are the simulator's."""
    with zipfile.ZipFile(make(place)) as made:
        made.extractall(place / "Documents")
    script = place / "Documents" / "vmsc-obs" / "vmsc_obs.py"
    settings = script.parent / "vmsc_core" / "settings.py"
    code = settings.read_text(encoding="utf-8")
    for key, address in (("lookup_address", kick.lookup_url), ("websocket_address", kick.websocket_url)):
        before = f'Field("{key}", group=ADVANCED)'
        assert before in code, key
        code = code.replace(before, f'Field("{key}", "text", {address!r}, ADVANCED)')
    settings.write_text(code, encoding="utf-8")
    return script


def way(obs: ObsSandbox, script: Path) -> list[tuple[str, Any]]:
    """What the user does, and the picture of what is there then."""
    obs.open_scripts_dialog()
    steps = [("2. Open Tools > Scripts.", window(obs))]
    before = set(obs.screen.windows(""))
    plus = row_of_boxes(window(obs).crop((0, OWN[1] - ROW_HEIGHT, LIST_WIDTH, OWN[1])), 6)[0]
    obs.screen.click(plus.center[0], OWN[1] - ROW_HEIGHT + plus.center[1])
    chooser = obs.wait(lambda: set(obs.screen.windows("")) - before, 10, "the window that chooses a file").pop()
    obs.screen.run("xdotool", "windowfocus", "--sync", chooser, "type", "--delay", "10", f"{script.parent}/")
    obs.screen.run("xdotool", "key", "Return")
    obs.still_picture()
    obs.screen.run("xdotool", "type", "--delay", "10", script.name)
    obs.still_picture()
    left, top, width, height = obs.screen.geometry(chooser)
    area = (left, top + FOLDER_ROW, left + width, top + height)  # the folder's own path is this machine's
    steps.append(("3. Press + and choose vmsc_obs.py.", obs.window_screenshot().crop(area)))
    obs.screen.run("xdotool", "key", "Return")
    obs.wait(lambda: box(obs, "Kick name"), 15, "the script's page")
    field = box(obs, "Kick name")
    obs.screen.click(OWN[0] - 60, field.center[1])
    obs.screen.run("xdotool", "type", "--delay", "15", CHANNEL)
    obs.still_picture()
    steps.append(("4. Type your Kick name.", window(obs)))
    press(obs, "Connect")
    obs.wait(lambda: box(obs, "State: Connected"), 15, "Connected on the page")
    steps.append(("5. Press Connect.", window(obs)))
    press(obs, "Add card to scene")
    obs.wait(lambda: "Kick card: panel" in obs.inputs(), 10, "the card")
    obs.still_picture()
    steps += [("6. Press Add card to scene.", window(obs)), ("The card in the scene.", obs.scene_screenshot().convert("RGB"))]
    return steps


def window(obs: ObsSandbox) -> Any:
    """The Scripts window in OBS's own size; it's hidden for a moment after the one that chooses a file."""
    obs.wait(lambda: obs.screen.windows("^Scripts$"), 10, "the Scripts window")
    return obs.size_scripts_dialog(*OWN)


def box(obs: ObsSandbox, label: str, on_button: bool = False) -> Any:
    """Where those words stand in the window; None when they don't."""
    picture = window(obs)
    return label_box(label, picture, obs.phrases(picture), on_button)


def press(obs: ObsSandbox, label: str) -> None:
    """Presses a button of the page by mouse."""
    found = obs.wait(lambda: box(obs, label, on_button=True), 10, f"a button {label!r}")
    obs.screen.click(*found.center)
    obs.still_picture()


def sheet(steps: Sequence[tuple[str, Any]]) -> Any:
    """All pictures with what was done above each, in rows of COLUMNS."""
    width, height = OWN
    rows = -(-len(steps) // COLUMNS)
    whole = Image.new("RGB", (GAP + COLUMNS * (width + GAP), rows * (CAPTION + height + GAP)), PAPER)
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(20)
    for place, (said, picture) in enumerate(steps):
        left = GAP + place % COLUMNS * (width + GAP)
        top = place // COLUMNS * (CAPTION + height + GAP)
        draw.text((left, top + 5), said, INK, font)
        picture.thumbnail(OWN, Image.Resampling.LANCZOS)
        whole.paste(picture, (left, top + CAPTION))
    return whole


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
