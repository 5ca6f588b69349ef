"""What the tests in a real OBS share: settings that lead to the simulator, and what is to be seen of the card."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Callable

from kick_simulator import KickSimulator
from obs_sandbox import SCENE, SCREEN, Exit, ObsSandbox
from PIL import ImageChops

from vmsc_core.card.card import LOOKS
from vmsc_core.events import Status
from vmsc_core.settings import SECTIONS, section_key

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "vmsc_obs.py"
CARD = "Kick card"
PIECES = {f"{CARD}: {role}" for role in ("name", "title", "detail", "dot", "hole", "badge", "panel", "edge")}
BEHIND = 0xFF303438
"""The canvas behind the card, as OBS keeps colors (AABBGGRR)."""

PULSE_WATCHED = 2.4
"""Seconds a dot is watched: a pulse and a half."""

STEADY_WATCHED = 1.0
SAME = 3
"""Two parts of a color, 0–255, that differ by no more are the same."""

SEEN_TO_PULSE = 50
"""How far the brightest and the dimmest look at a pulsing dot are at least apart, 0–255."""

STATE_LINE = re.compile(rf"\] ({'|'.join(status.value for status in Status)})(?:: |$)")

UNLOADED = "Unloaded python script"

PULSING = {Status.CONNECTING, Status.LIVE, Status.RECONNECTING}
LIME = ((40, 130), (220, 255), (0, 90))
HUES = {
    Status.DISCONNECTED: ((100, 180), (100, 180), (100, 180)),  # gray
    Status.CONNECTING: ((220, 255), (180, 240), (0, 90)),  # yellow
    Status.CONNECTED: LIME,
    Status.LIVE: LIME,
    Status.RECONNECTING: ((220, 255), (100, 170), (0, 90)),  # orange
    Status.ERROR: ((200, 255), (0, 90), (0, 90)),  # red
}
"""What a viewer takes for the color of each state: from and to for red, green and blue."""

READY = {"connected_once": True, "connect_wanted": True, "add_card_at_start": True}
"""A user who has been connected before and wants to be: the script connects on its own when it is loaded."""


OPEN = {section_key(section): True for section in SECTIONS}
ONLY_RULES = {section_key(section): section == "rules" for section in SECTIONS}
"""Which sections of the page are open."""


def settings(kick: KickSimulator, **more: Any) -> dict[str, Any]:
    """A user of READY whose Kick is the simulator, and who has opened all sections of the page."""
    return {**first_run(kick), "username": "speedy", **READY, **OPEN, **more}


def first_run(kick: KickSimulator) -> dict[str, Any]:
    """A user who has just added the script, and whose Kick is the simulator."""
    return {"websocket_address": kick.websocket_url, "lookup_address": kick.lookup_url}


# -- what the sources hold ---------------------------------------------------------------------------------------------


def text(obs: ObsSandbox, role: str) -> str:
    """The text of a piece of the card, as its source holds it; empty when the piece is not there."""
    name = f"{CARD}: {role}"
    return str(obs.input_settings(name).get("text", "")) if name in obs.inputs() else ""


def is_in(obs: ObsSandbox, status: Status) -> bool:
    return text(obs, "title") == status.value.upper()


def wait_for(obs: ObsSandbox, status: Status, seconds: float = 20.0) -> None:
    """Until the card says `status`, and the script has said so: a card that OBS has just loaded says what was saved with it."""
    obs.wait(lambda: is_in(obs, status) and said_last(obs) is status, seconds, f"the card says {status.value}")


def said_last(obs: ObsSandbox) -> Status:
    """The newest state in the script's lines of this run; unloading it says Disconnected."""
    said = [found.group(1) for found in map(STATE_LINE.search, obs.script_lines()) if found]
    return Status(said[-1]) if said else Status.DISCONNECTED


def events_on(words: str) -> int:
    """The count of events in a text of the card; -1 when there is none."""
    found = re.search(r"([\d,]+) events?\b", words)
    return int(found[1].replace(",", "")) if found else -1


def wait_events(obs: ObsSandbox, count: int, seconds: float = 10.0) -> None:
    obs.wait(lambda: events_on(text(obs, "detail")) == count, seconds, f"{count} events on the card")


def groups_in(obs: ObsSandbox, scene: str = SCENE) -> list[str]:
    return [item["sourceName"] for item in obs.scene_items(scene) if item["isGroup"]]


def pieces_in(obs: ObsSandbox) -> list[str]:
    """The names of what is in the card, sorted."""
    return sorted(item["sourceName"] for item in obs.group_items(CARD))


def card_is_whole(obs: ObsSandbox, scene: str = SCENE) -> None:
    """One card in the scene, with each piece in it once and no piece anywhere else."""
    # A press on Add takes OBS a moment: the timer writes on the first pieces while the last ones are still being made.
    obs.wait(lambda: groups_in(obs, scene) == [CARD] and pieces_in(obs) == sorted(PIECES), 5, "a whole card")
    assert sorted(name for name in obs.inputs() if name.startswith(CARD)) == sorted(PIECES)
    assert not PIECES & {item["sourceName"] for item in obs.scene_items(scene)}


# -- what viewers see --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dot:
    """The dot over some time: the pixel in its middle (RGB) and the source's own color (RGB, alpha), look by look."""

    pixels: list[tuple[int, int, int]]
    settings: list[tuple[tuple[int, int, int], int]]

    @property
    def swing(self) -> int:
        """How far the most different looks at the pixel are apart, 0–255."""
        return max(max(part) - min(part) for part in zip(*self.pixels))


def watch_dot(obs: ObsSandbox, seconds: float) -> Dot:
    """Looks at the dot as often as the machine lets us."""
    x, y = _middle_of(obs, f"{CARD}: dot")
    pixels, kept = [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until or len(pixels) < 3:
        pixels.append(obs.scene_screenshot().getpixel((x, y))[:3])
        value = int(obs.input_settings(f"{CARD}: dot")["color"]) & 0xFFFFFFFF
        kept.append(((value & 255, value >> 8 & 255, value >> 16 & 255), value >> 24))
    return Dot(pixels, kept)


def see(obs: ObsSandbox, status: Status) -> None:
    """The card shows `status`: its title, its color in the source's settings and on the screen, and whether it pulses."""
    look = LOOKS[status]
    color = rgb(look.color)
    assert look.pulses == (status in PULSING)
    assert all(low <= part <= high for part, (low, high) in zip(color, HUES[status])), (status, color)
    wait_for(obs, status)
    time.sleep(0.3)  # the title is written first
    dot = watch_dot(obs, PULSE_WATCHED if look.pulses else STEADY_WATCHED)
    assert is_in(obs, status), f"{status} was over before it was seen"
    assert {kept for kept, _ in dot.settings} == {color}
    if look.pulses:
        assert dot.swing >= SEEN_TO_PULSE, (status, dot)
        assert len({alpha for _, alpha in dot.settings}) > 3
        brightest = min(dot.pixels, key=lambda pixel: apart(pixel, color))
        assert apart(brightest, color) < 60, (status, dot)
    else:
        assert {alpha for _, alpha in dot.settings} == {255}
        assert all(apart(pixel, color) <= SAME for pixel in dot.pixels), (status, dot)


def rgb(color: int) -> tuple[int, int, int]:
    """0xRRGGBB → (R, G, B)."""
    return color >> 16 & 255, color >> 8 & 255, color & 255


def apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How far two colors are apart in the part that differs most."""
    return max(abs(a - b) for a, b in zip(one, other))


def _middle_of(obs: ObsSandbox, piece: str) -> tuple[int, int]:
    """Where the middle of a piece of the card is on the canvas, px."""
    group = next(item["sceneItemTransform"] for item in obs.scene_items() if item["isGroup"])
    own = next(item["sceneItemTransform"] for item in obs.group_items(CARD) if item["sourceName"] == piece)
    x = group["positionX"] + (own["positionX"] + own["width"] / 2) * group["scaleX"]
    y = group["positionY"] + (own["positionY"] + own["height"] / 2) * group["scaleY"]
    return round(x), round(y)


TEXT_LIST = ("Copy text", "text_source")
COLOR_LIST = ("Copy color", "color_source")
NO_SOURCE = "None"
"""The two lists on the page, label and setting, and their entry for no source of the user's own."""

# -- the page -----------------------------------------------------------------------------------------------------------


def page(obs: ObsSandbox) -> str:
    """The page's words; "in" compares them as OCR lets it."""
    return obs.page_text()


def press(obs: ObsSandbox, label: str, done: Callable[[], object]) -> None:
    """Presses a button of the page by mouse, once, and waits until `done`, which a press that works makes true."""
    obs.click_script_button(label)
    obs.wait(done, 15, f"{label} to do something")


def type_name(obs: ObsSandbox, name: str) -> None:
    """Types the Kick username as a user does."""
    type_text(obs, "Kick name", "username", name)


def type_text(obs: ObsSandbox, label: str, key: str, words: str) -> None:
    """Types into the field beside `label`, whose setting is `key`, as a user does."""
    obs.type_into(label, words)
    make_obs_save(obs)
    saved(obs, **{key: words})


def choose(obs: ObsSandbox, label: str, key: str, title: str, value: str | None = None) -> None:
    """Picks `title` from the list beside `label`, whose setting is `key`, as a user does who types its name."""
    obs.open_scripts_dialog()
    box = obs.wait(lambda: obs.label_box(label), 10, f"a list {label!r} on the page")
    obs.screen.click(SCREEN[0] - 60, box.center[1])
    obs.still_picture()
    obs.screen.run("xdotool", "type", "--delay", "15", title)
    obs.screen.run("xdotool", "key", "Return")
    obs.still_picture()
    make_obs_save(obs)
    saved(obs, **{key: title if value is None else value})


def reload(obs: ObsSandbox) -> None:
    """Presses Reload and waits until OBS has done so, once."""
    before = obs.log.count(UNLOADED)
    obs.reload_script()
    obs.wait(lambda: obs.log.count(UNLOADED) > before, 10, "the script to be unloaded")
    assert obs.log.count(UNLOADED) == before + 1


# -- the connection and the end ----------------------------------------------------------------------------------------


def sockets_open(kick: KickSimulator) -> int:
    return sum(connection.open for connection in kick.connections)


def nothing_logged_that_pops_up(obs: ObsSandbox) -> None:
    lines = obs.script_lines()
    assert not (warned := obs.warnings()), warned
    assert "Traceback" not in obs.log
    assert not any("bug in" in line or "failed; it goes on" in line or "has a bug" in line for line in lines)


def ended_well(obs: ObsSandbox, leaks: int = 0) -> Exit:
    """Ends OBS: within 8 s, with code 0, with no more leaks than OBS has by itself, and nothing in its log."""
    ended = obs.quit()
    assert ended.code == 0
    nothing_logged_that_pops_up(obs)
    assert ended.leaks is not None and ended.leaks <= leaks
    return ended


@cache
def leaks_of_switches(times: int) -> int:
    """What OBS leaks by itself when the collection is switched there and back so many times."""
    with ObsSandbox() as obs:
        for _ in range(times):
            obs.switch_collection("Other")
            obs.switch_collection("Untitled")
        leaks = obs.quit().leaks
    assert leaks is not None
    return leaks


def make_obs_save(obs: ObsSandbox) -> None:
    """obs-websocket has no request for that, but OBS saves whenever a scene comes or goes."""
    obs.ws.create_scene("Comes and goes")
    obs.ws.remove_scene("Comes and goes")


def saved_now(obs: ObsSandbox) -> Mapping[str, Any]:
    """The script's settings in OBS's file; nothing in the moment in which OBS puts a new file in its place."""
    try:
        return obs.saved_settings()
    except (OSError, ValueError):
        return {}


def saved(obs: ObsSandbox, **wanted: Any) -> None:
    """Waits until OBS has saved these settings of the script."""
    obs.wait(lambda: {key: saved_now(obs).get(key) for key in wanted} == wanted, 10, f"{wanted} to be saved")


# -- the preview ---------------------------------------------------------------------------------------------------------

BRIGHT = 0xFFFF00FF
"""A canvas of a color that OBS's own window has nowhere: what of the screen shows it is the preview."""


def drag(obs: ObsSandbox, start: tuple[float, float], by: tuple[float, float]) -> None:
    """Drags with the mouse in OBS's preview, px of the canvas; the canvas must be BRIGHT and no dialog open."""
    left, top, scale = obs.wait(lambda: _preview(obs), 10, "the preview")
    x, y = left + start[0] * scale, top + start[1] * scale
    steps = [(round(x + by[0] * scale * part / 10), round(y + by[1] * scale * part / 10)) for part in range(11)]
    moves = [f"mousemove {across} {down} sleep 0.05" for across, down in steps]
    obs.screen.run("xdotool", *f"{moves[0]} sleep 0.2 mousedown 1 sleep 0.1 {' '.join(moves[1:])} mouseup 1".split())


def _preview(obs: ObsSandbox) -> tuple[int, int, float] | None:
    """Where the canvas begins on the screen and how many px of it one of the canvas is; None when it is not to be seen."""
    picture = obs.window_screenshot()
    red, green, blue = (part.point([255 if abs(value - wanted) <= SAME else 0 for value in range(256)])
                        for part, wanted in zip(picture.split(), (255, 0, 255)))  # fmt: skip
    box = ImageChops.darker(ImageChops.darker(red, green), blue).getbbox()
    return (box[0], box[1], (box[2] - box[0]) / 1280) if box and box[2] - box[0] > 300 else None
