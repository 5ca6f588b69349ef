"""The demo's pictures: something to look at behind the card, and a film strip. Knows no OBS and no files."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageStat

SKY_TOP, SKY_BOTTOM, SUN = (24, 20, 58), (240, 132, 108), (255, 214, 150)
RANGES = (((112, 66, 110), 0.64, 0.10), ((66, 44, 92), 0.74, 0.09), ((30, 26, 58), 0.85, 0.08))
"""Mountains from the farthest to the nearest: color, height of the foot line and of the peaks in parts of the picture."""

PAPER, INK, PALE, LIME = (13, 16, 20), (255, 255, 255), (150, 158, 168), (83, 252, 24)
GAP, CAPTION, COLUMNS = 36, 84, 2
"""px between the pictures of a film strip, px of a caption, pictures side by side."""


@dataclass(frozen=True)
class Shot:
    """One picture of the film strip, taken `seconds` after the beginning."""

    title: str
    note: str
    seconds: float
    picture: Any


def brightness(picture: Any) -> float:
    """How much light is in a picture."""
    return float(sum(ImageStat.Stat(picture.convert("RGB")).sum))


def scenery(size: tuple[int, int]) -> Any:
    """Mountains at dusk, the same at each call."""
    width, height = size
    rng = random.Random(7)
    picture = Image.composite(
        Image.new("RGB", size, SKY_BOTTOM), Image.new("RGB", size, SKY_TOP), Image.linear_gradient("L").resize(size)
    )
    draw = ImageDraw.Draw(picture)
    for _ in range(140):
        x, y = rng.uniform(0, width), height * (0.012 + 0.42 * rng.random() ** 1.4)
        shine = rng.uniform(0.5, 1.5)
        draw.ellipse((x - shine, y - shine, x + shine, y + shine), fill=(222, 216, 240))
    glow = Image.radial_gradient("L").resize((height, height)).point([max(0, 180 - value) for value in range(256)])
    picture.paste(Image.new("RGB", glow.size, SUN), (round(width * 0.68 - height / 2), round(height * 0.06)), glow)
    sun, x, y = height * 0.085, width * 0.68, height * 0.56
    draw.ellipse((x - sun, y - sun, x + sun, y + sun), fill=(255, 236, 200))
    for color, foot, peak in RANGES:
        draw.polygon(_ridge(size, foot, peak, rng), fill=color)
    return picture


def _ridge(size: tuple[int, int], foot: float, peak: float, rng: random.Random) -> list[tuple[float, float]]:
    """The outline of one range of mountains: a few waves on top of each other, each twice as fine as the one before."""
    width, height = size
    phases = [rng.uniform(0, math.tau) for _ in range(6)]
    line = [(0.0, float(height))]
    for x in range(0, width + 8, 8):
        wave = sum(math.sin(2**step * 4 * x / width + phase) / 1.8**step for step, phase in enumerate(phases))
        line.append((float(x), height * (foot - peak * wave / 2)))
    return [*line, (float(width), float(height))]


def film_strip(shots: Sequence[Shot]) -> Any:
    """All shots in the order they were taken, two side by side, each over its caption."""
    wide, high = (max(sides) for sides in zip(*(shot.picture.size for shot in shots)))  # the card is as wide as what it says
    rows = -(-len(shots) // COLUMNS)
    strip = Image.new("RGB", (GAP + COLUMNS * (wide + GAP), GAP + rows * (high + CAPTION + GAP)), PAPER)
    for index, shot in enumerate(shots):
        row, column = divmod(index, COLUMNS)
        _frame(strip, GAP + column * (wide + GAP), GAP + row * (high + CAPTION + GAP), index + 1, shot, (wide, high))
    return strip


def _frame(strip: Any, left: int, top: int, number: int, shot: Shot, size: tuple[int, int]) -> None:
    wide, high = shot.picture.size
    corners = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, wide - 1, high - 1), 16, fill=255)
    strip.paste(shot.picture.convert("RGB"), (left, top), corners)
    draw = ImageDraw.Draw(strip)
    large, small = ImageFont.load_default(30), ImageFont.load_default(23)
    wide, high = size
    line = top + high + 14
    draw.text((left, line), str(number), LIME, large)
    draw.text((left + 34, line), shot.title, INK, large)
    draw.text((left + wide, line + 30), f"{shot.seconds:.0f} s", PALE, small, anchor="rs")
    draw.text((left + 34, line + 40), shot.note, PALE, small)
