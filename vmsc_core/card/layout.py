"""Where each piece of the card lies: layout, size and canvas in, boxes and font sizes out. Knows no OBS.

All lengths are pixels of a canvas 720 high and scaled at the end, so that a card looks the same on any canvas. Widths are
those of DejaVu Sans, which is wider than what other systems have: a text that is narrower leaves room, and one that is wider
is made smaller by OBS instead of leaving its box.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from vmsc_core.card.card import Card
from vmsc_core.settings import COMPACT, DOT, FULL, LARGE, MEDIUM, SMALL, Choices

LEFT, MIDDLE, CENTER = "left", "middle", "center"
"""How a text lies in its box: from the top left on, in the middle of its height, or in the very middle."""

LINE = 1.36
"""Height of a line in parts of its font's em; GDI+'s cell of Segoe UI is 1.33."""

WIDEST = 752.0
"""No card is wider: a canvas is at least 800 of these pixels wide, and the card keeps a margin."""

STEP = 8.0
"""The panel's width goes by steps, so that it does not twitch with each digit."""

NAME_ROOM = 360.0
"""A name that needs more is made smaller, down to SMALLEST."""

SMALLEST = 18.0
"""No letter's em is smaller, on a canvas of 1280 x 720."""

BAR, RIM = 4.0, 2.0
"""The accent's width, and that of an outlined badge's line."""

RING = 0.25
"""How wide the panel shows around a dot alone, in parts of the dot."""

# In 1/100 em, from the space to the tilde.
_REGULAR = (
    "32 40 46 84 64 95 78 28 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 "
    "100 69 69 70 77 64 58 78 76 30 30 66 56 87 75 79 61 79 70 64 61 74 69 99 69 61 69 39 34 39 84 50 "
    "50 62 64 55 64 62 36 64 64 28 28 58 28 98 64 62 64 64 42 53 40 64 60 82 60 60 53 64 34 64 84"
)
_BOLD = (
    "35 46 53 84 70 101 88 31 46 46 53 84 38 42 38 37 70 70 70 70 70 70 70 70 70 70 40 40 84 84 84 58 "
    "100 78 77 74 83 69 69 82 84 38 38 78 64 100 84 85 74 85 77 72 69 82 78 111 78 73 73 46 37 46 84 50 "
    "50 68 72 60 72 68 44 72 72 35 35 67 35 105 72 69 72 72 50 60 48 72 66 93 65 66 59 72 37 72 84"
)
ADVANCES = {bold: tuple(map(int, row.split())) for bold, row in ((False, _REGULAR), (True, _BOLD))}
WIDE = 100
"""Of any other letter; · and the ellipsis aside, they are rare."""

OTHERS = {"\u00b7": 38, "\u2026": 100}


ZEROS = dict.fromkeys(map(ord, "123456789"), "0")
"""All digits are equally wide: a count that goes on is as long as before."""


class _Advances(dict[str, int]):
    """Letter → its width in 1/100 em."""

    def __missing__(self, letter: str) -> int:
        return WIDE


ADVANCE_OF = {
    bold: _Advances({**{chr(32 + place): advance for place, advance in enumerate(row)}, **OTHERS})
    for bold, row in ADVANCES.items()
}
"""Whether the letters are bold → their widths."""


@dataclass(frozen=True)
class Box:
    """A piece's place on the canvas, px from the card's top left. `align` is for texts, `is_round` for the panel."""

    left: int
    top: int
    width: int
    height: int
    visible: bool = True
    align: str = LEFT
    is_round: bool = False


Plan = Mapping[str, Box]
"""Role → its box."""


@dataclass(frozen=True)
class Measures:
    """The lengths of one layout in one size: ems of the three texts, the dot, the padding and the gap between two pieces."""

    name: float
    title: float
    detail: float
    dot: float
    pad: float
    gap: float


MEASURES: Mapping[tuple[str, str], Measures] = {
    (FULL, SMALL): Measures(22, 18, 18, 14, 12, 8),
    (FULL, MEDIUM): Measures(26, 18, 20, 16, 15, 10),
    (FULL, LARGE): Measures(34, 24, 26, 22, 20, 13),
    (COMPACT, SMALL): Measures(18, 18, 18, 14, 6, 8),
    (COMPACT, MEDIUM): Measures(20, 18, 18, 16, 8, 10),
    (COMPACT, LARGE): Measures(26, 22, 22, 20, 12, 13),
    (DOT, SMALL): Measures(18, 18, 18, 18, 0, 0),
    (DOT, MEDIUM): Measures(18, 18, 18, 24, 0, 0),
    (DOT, LARGE): Measures(18, 18, 18, 34, 0, 0),
}

ROLES = ("name", "title", "detail", "dot", "hole", "badge", "edge", "panel")


def scale_of(canvas: tuple[int, int]) -> float:
    """How many pixels of a canvas (width, height) are one of ours."""
    width, height = canvas
    return min(height / 720.0, width / 800.0)


def ems(choices: Choices, canvas: tuple[int, int]) -> dict[str, float]:
    """Role of a text → its font's em, px of the canvas."""
    measures, scale = MEASURES[choices.card_layout, choices.card_size], scale_of(canvas)
    return {"name": measures.name * scale, "title": measures.title * scale, "detail": measures.detail * scale}


def plan(card: Card, choices: Choices, canvas: tuple[int, int]) -> Plan:
    """Where everything lies."""
    measures, scale = MEASURES[choices.card_layout, choices.card_size], scale_of(canvas)
    rows = {FULL: _full, COMPACT: _compact, DOT: _dot}[choices.card_layout](card, measures)
    boxes = {role: _on_canvas(row, scale) for role, row in rows.items()}
    if choices.card_layout == DOT and not card.is_marked:
        boxes["panel"] = replace(boxes["panel"], is_round=True)
    return boxes


def extent(card: Card, choices: Choices) -> tuple[object, ...]:
    """All of `card` that `plan` depends on, for much less: most texts that change are as long as before."""
    lines: object = card.line
    if choices.card_layout == FULL and card.line:
        lines = _length_of(choices.card_size, card.line.translate(ZEROS))
    return card.name, card.badge, card.is_marked, lines


@lru_cache(maxsize=64)
def _length_of(size: str, line: str) -> tuple[int, float]:
    """How many lines the full card has, and where the longest ends."""
    left, text = _line_of(MEASURES[FULL, size], line)
    return line.count("\n"), _stepped(left + text)


def width_of(text: str, em: float, bold: bool = False) -> float:
    """About how wide the longest line of `text` is."""
    advance = ADVANCE_OF[bold].__getitem__
    return max([sum(map(advance, line)) for line in text.split("\n")]) * em / 100


Row = tuple[float, float, float, float, bool, str]


def _on_canvas(row: Row, scale: float) -> Box:
    left, top, width, height, visible, align = row
    x, y = round(left * scale), round(top * scale)
    # Edges are rounded, not lengths: what is level or touches before is so afterwards.
    return Box(x, y, max(1, round((left + width) * scale) - x), max(1, round((top + height) * scale) - y), visible, align)


def _full(card: Card, m: Measures) -> dict[str, Row]:
    top = m.pad * 0.8
    left, text = _line_of(m, card.line)
    high, name_left = max(m.name, m.title * 1.1) * LINE, left + m.dot + m.gap
    name, badge = _name_width(card.name, m.name), _badge_width(card.badge, m)
    lines = card.line.split("\n") if card.line else []
    right = _stepped(max(name_left + name + 2 * m.gap + badge, left + text))
    line_top, room = top + high + m.gap * 0.2, len(lines) * m.detail * LINE
    bottom = line_top + room if lines else top + high
    width, height = right + m.pad, bottom + m.pad * 0.8
    return {
        "name": (name_left, top, name, high, True, MIDDLE),
        "detail": (left, line_top, right - left, room, True, LEFT) if lines else (left, top, right - left, high, False, LEFT),
        "dot": (left, top + (high - m.dot) / 2, m.dot, m.dot, True, LEFT),
        **_badge(right - badge, top + (high - _badge_height(m)) / 2, badge, m),
        **_panel(width, height, m),
    }


def _line_of(m: Measures, line: str) -> tuple[float, float]:
    """Where the lines of the full card begin, and how much room they need."""
    left = m.pad + BAR + m.gap
    return left, min(width_of(line, m.detail) + 2, WIDEST - left - m.pad)


def _compact(card: Card, m: Measures) -> dict[str, Row]:
    left, top = m.pad + BAR + m.pad, m.pad
    high, badge, name = _badge_height(m), _badge_width(card.badge, m), _name_width(card.name, m.name)
    name_left = left + badge + m.gap
    text = width_of(card.line, m.detail) + 2 if card.line else 0.0
    line_left = name_left + name + m.gap if text else left
    right = line_left + text if text else name_left + name
    width, height = _stepped(right + m.gap, 2.0), top + high + top
    name_high = max(high, m.name * LINE)
    return {
        "name": (name_left, (height - name_high) / 2, name, name_high, True, MIDDLE),
        # A little higher than the middle, where a smaller letter stands on the line of the name.
        "detail": (line_left, (height - name_high) / 2 - m.detail * 0.05, max(text, 1.0), name_high, bool(text), MIDDLE),
        "dot": (left, top, high, high, False, LEFT),
        **_badge(left, top, badge, m),
        **_panel(width, height, m),
    }


def _dot(card: Card, m: Measures) -> dict[str, Row]:
    if card.is_marked:  # a dot alone can't say that it is none of the truth
        return _compact(card, replace(m, pad=8.0, gap=10.0))
    # The panel is a dark ring around the dot, which would be pale on a white scene at the bottom of its pulse. What is not
    # to be seen lies inside: a group is as large as all of its pieces, the hidden ones too.
    ring = m.dot * RING
    inside = {role: (ring, ring, m.dot, m.dot, role == "dot", LEFT) for role in ROLES}
    return {**inside, "panel": (0.0, 0.0, m.dot + 2 * ring, m.dot + 2 * ring, True, LEFT)}


def _panel(width: float, height: float, m: Measures) -> dict[str, Row]:
    inset = m.pad * 0.55
    return {
        "edge": (inset, inset + 2, BAR, height - 2 * inset - 4, True, LEFT),
        "panel": (0.0, 0.0, width, height, True, LEFT),
    }


def _badge(left: float, top: float, width: float, m: Measures) -> dict[str, Row]:
    height = _badge_height(m)
    return {
        # A little higher than the middle: the room that a text source keeps below the letters is smaller than that above.
        "title": (left, top - m.title * 0.1, width, height, True, CENTER),
        "badge": (left, top, width, height, True, LEFT),
        "hole": (left + RIM, top + RIM, width - 2 * RIM, height - 2 * RIM, True, LEFT),
    }


def _badge_height(m: Measures) -> float:
    return m.title * 1.55


def _badge_width(text: str, m: Measures) -> float:
    return width_of(text, m.title, bold=True) + m.title * 0.9


def _name_width(name: str, em: float) -> float:
    whole = width_of(name, em, bold=True) + 2
    return min(whole, max(NAME_ROOM, whole * SMALLEST / em))


def _stepped(length: float, step: float = STEP) -> float:
    return math.ceil(length / step) * step
