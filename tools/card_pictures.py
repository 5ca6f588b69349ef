"""Takes the pictures of the card for docs/: each layout in each state on a bright and a busy scene, in a real OBS.

Run: `.cache/venv/bin/python tools/card_pictures.py [FOLDER]` (docs/ by default). It takes about four minutes.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from demo_pictures import scenery  # noqa: E402
from kick_simulator import KickSimulator  # noqa: E402
from obs_sandbox import SCENE, ObsSandbox  # noqa: E402

CANVASES = {"720p": (1280, 720), "1080p": (1920, 1080), "vertical": (1080, 1920)}
LAYOUTS = {"full": "m", "compact": "m", "dot": "m"}
STATES = ("Disconnected", "Connecting", "Connected", "Live", "Reconnecting", "Error")
CHANNEL, NAME = "nightowl", "NightOwl"
MARGIN, GAP, PAPER = 16, 10, (32, 34, 40)
PHONE = 390
"""px; how wide a phone shows a stream that is held upright."""

ANIMATION_FPS, ANIMATION_SECONDS, ANIMATION_WIDTH = 10, 6.4, 480


def main(arguments: Sequence[str]) -> int:
    """Writes card-CANVAS.png for each canvas, card-phone.png, and card-live.png, which moves."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vmsc-pictures-") as place:
        for canvas, size in CANVASES.items():
            rows = [row for layout in LAYOUTS for row in shots(size, layout, Path(place))]
            save(sheet(rows), folder / f"card-{canvas}.png")
        still, moving = going_live(Path(place))
        save(still, folder / "card-phone.png")
    path = folder / "card-live.png"
    moving[0].save(path, save_all=True, append_images=moving[1:], duration=1000 // ANIMATION_FPS, loop=0, optimize=True)
    print(path.name, path.stat().st_size)
    return 0


@dataclass
class Stage:
    """One OBS with the card in front of two backgrounds, and one Kick."""

    kick: KickSimulator
    obs: ObsSandbox
    size: tuple[int, int]
    backgrounds: dict[str, int]

    def reach(self, state: str) -> None:
        """Waits for a state on the card."""
        title = "Kick card: title"
        self.obs.wait(lambda: self.obs.input_settings(title).get("text") == state.upper(), 30, f"{state} on the card")
        time.sleep(0.4)

    def go(self, state: str) -> None:
        """Brings the connection into a state; in the order of STATES."""
        kick = self.kick
        if state == "Connecting":
            kick.fault.hello = 6.0
            self.obs.hotkey("vmsc_hotkey_connect")
        elif state == "Connected":
            kick.fault.hello = None
        elif state == "Live":
            kick.go_live(CHANNEL)
            kick.chat(CHANNEL, 1234)
        elif state == "Reconnecting":
            kick.stop_listening()
            kick.drop()
        elif state == "Error":
            kick.change_key()
            kick.listen_again()
        self.reach(state)
        if state == "Live":
            time.sleep(1.5)  # the count goes up turn by turn

    def scene(self, background: str = "") -> Any:
        """A picture of the whole scene, in front of one of the backgrounds."""
        for name, item in self.backgrounds.items():
            self.obs.ws.set_scene_item_enabled(SCENE, item, name == background)
        time.sleep(0.15)
        return self.obs.scene_screenshot().convert("RGB")

    def shot(self, background: str) -> Any:
        """A picture of the card: of one moment, when it does not change its size meanwhile."""
        while True:
            before, scene = self.box(), self.scene(background)
            if self.box() == before:
                return scene.crop(before)

    def box(self) -> tuple[int, int, int, int]:
        """The card and some of the scene around it: left, top, right, bottom."""
        place = next(item for item in self.obs.scene_items(SCENE) if item["isGroup"])["sceneItemTransform"]
        left, top = place["positionX"] - MARGIN, place["positionY"] - MARGIN
        right, bottom = place["positionX"] + place["width"] + MARGIN, place["positionY"] + place["height"] + MARGIN
        return max(0, round(left)), max(0, round(top)), min(self.size[0], round(right)), min(self.size[1], round(bottom))


def staged(size: tuple[int, int], layout: str, place: Path, fps: int = 30) -> Iterator[Stage]:
    """A stage; the card is in the scene."""
    with KickSimulator() as kick:
        kick.add_channel(CHANNEL, username=NAME)
        settings = {
            "username": CHANNEL,
            "add_card_at_start": True,
            "card_layout": layout,
            "card_size": LAYOUTS[layout],
            "lookup_address": kick.lookup_url,
            "websocket_address": kick.websocket_url,
            "token_address": kick.token_url,
        }
        with ObsSandbox(ROOT / "vmsc_obs.py", settings, canvas=size, fps=fps) as obs:
            obs.wait(lambda: [item for item in obs.scene_items(SCENE) if item["isGroup"]], 15, "the card in the scene")
            found = {}
            for name, picture in (("bright", bright(size)), ("busy", busy(size)), ("scenery", scenery(size))):
                path = place / f"{name}.png"
                picture.save(path)
                found[name] = obs.ws.create_input(SCENE, name, "image_source", {"file": str(path)}, True).scene_item_id
                obs.ws.set_scene_item_index(SCENE, found[name], 0)
            yield Stage(kick, obs, size, found)
            obs.quit()


def shots(size: tuple[int, int], layout: str, place: Path) -> list[list[Any]]:
    """One row of pictures for each background: the card in all states."""
    rows: dict[str, list[Any]] = {"bright": [], "busy": []}
    for stage in staged(size, layout, place):
        for state in STATES:
            stage.go(state)
            for background, row in rows.items():
                row.append(stage.shot(background))
    print(size, layout)
    return list(rows.values())


def going_live(place: Path) -> tuple[Any, list[Any]]:
    """The whole scene as a phone shows it, and the card from Connecting to Live, frame by frame."""
    for stage in staged((1280, 720), "full", place):
        stage.kick.fault.hello = 1.0
        stage.scene("scenery")
        stage.obs.hotkey("vmsc_hotkey_connect")
        frames, begun, is_live = [], time.monotonic(), False
        while (moment := time.monotonic() - begun) < ANIMATION_SECONDS:
            if moment > 2.4 and not is_live:
                stage.kick.go_live(CHANNEL)
                is_live = True
            stage.kick.chat(CHANNEL, 7 if is_live else 1)
            frames.append((moment, stage.obs.scene_screenshot().convert("RGB")))
        whole = frames[-1][1]
        left, top, _, bottom = stage.box()
        crop = (left, top, left + ANIMATION_WIDTH, bottom)
        steps = [step / ANIMATION_FPS for step in range(round(ANIMATION_SECONDS * ANIMATION_FPS))]
        moving = [min(frames, key=lambda frame, step=step: abs(frame[0] - step))[1].crop(crop) for step in steps]
    colors = sheet([moving[:: len(moving) // 8]]).quantize(128)
    still = whole.resize((PHONE, PHONE * 720 // 1280), Image.Resampling.LANCZOS)
    return still, [frame.quantize(palette=colors, dither=Image.Dither.NONE) for frame in moving]


def bright(size: tuple[int, int]) -> Any:
    """Nearly white, as a game in the snow."""
    picture = Image.new("RGB", size, (246, 248, 252))
    draw = ImageDraw.Draw(picture)
    for step in range(0, size[0] + size[1], 40):
        draw.line((step, 0, step - size[1], size[1]), fill=(226, 232, 242), width=12)
    return picture


def busy(size: tuple[int, int]) -> Any:
    """Small patches of any color, the same at each call."""
    rng = random.Random(5)
    small = Image.new("RGB", (size[0] // 12, size[1] // 12))
    small.putdata([(rng.randrange(256), rng.randrange(256), rng.randrange(256)) for _ in range(small.width * small.height)])
    return small.resize(size, Image.Resampling.NEAREST)


def sheet(rows: Sequence[Sequence[Any]]) -> Any:
    """All pictures, a row of them below the other, two columns of three states each where they are wide."""
    lines = [row[start : start + 3] for row in rows for start in (0, 3)] if max(p.width for r in rows for p in r) > 150 else rows
    width = max(sum(picture.width + GAP for picture in line) for line in lines) + GAP
    made = Image.new("RGB", (width, sum(max(picture.height for picture in line) + GAP for line in lines) + GAP), PAPER)
    top = GAP
    for line in lines:
        left = GAP
        for picture in line:
            made.paste(picture, (left, top))
            left += picture.width + GAP
        top += max(picture.height for picture in line) + GAP
    return made


def save(picture: Any, path: Path) -> None:
    """Writes a picture, small."""
    picture.quantize(256).save(path, optimize=True)
    print(path.name, picture.size, path.stat().st_size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
