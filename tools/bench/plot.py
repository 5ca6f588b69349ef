"""Curves as an SVG: load across, milliseconds up, both logarithmic. Knows no bench, and needs no library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 50, 60
COLORS = ("#1f77b4", "#7fb8e0", "#d62728", "#f0908f", "#2ca02c", "#98d594")

Points = Sequence[tuple[float, float]]


def ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten between the two."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [value for power in powers for value in (1 * 10.0**power, 2 * 10.0**power, 5 * 10.0**power) if low <= value <= high]


def _scale(values: Sequence[float]) -> tuple[float, float]:
    return min(values) / 1.5, max(values) * 1.5


def svg(title: str, across: str, up: str, curves: Mapping[str, Points]) -> str:
    """The picture as text. Loads and values must be above 0."""
    everything = [point for points in curves.values() for point in points]
    (x_low, x_high), (y_low, y_high) = (_scale([point[which] for point in everything]) for which in (0, 1))

    def x(value: float) -> float:
        part = math.log(value / x_low) / math.log(x_high / x_low)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        part = math.log(value / y_low) / math.log(y_high / y_low)
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="16">{escape(title)}</text>',
    ]
    for value in ticks(y_low, y_high):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value)}" y2="{y(value)}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>')
    for load in sorted({point[0] for point in everything}):
        parts.append(f'<text x="{x(load)}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{load:,.0f}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(across)}</text>')
    parts.append(f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" '
                 f'transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{escape(up)}</text>')  # fmt: skip
    for place, ((name, points), color) in enumerate(zip(curves.items(), COLORS)):
        line = " ".join(f"{x(load)},{y(value)}" for load, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(load)}" cy="{y(value)}" r="3.5" fill="{color}"/>' for load, value in points]
        parts.append(f'<rect x="{LEFT + 14}" y="{TOP + 4 + 20 * place}" width="12" height="12" fill="{color}"/>')
        parts.append(f'<text x="{LEFT + 32}" y="{TOP + 15 + 20 * place}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
