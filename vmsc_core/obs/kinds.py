"""The kinds of source that can show a text or a color, and where each keeps it. Knows no card and no name."""

from __future__ import annotations

from typing import Any

import obspython as obs

from vmsc_core.card.painter import Content, Fill, Text
from vmsc_core.obs.references import all_sources, settings_of

TEXT_KINDS = ("text_gdiplus_v3", "text_gdiplus_v2", "text_ft2_source_v2")
"""The first one OBS knows is the platform's: GDI+ on Windows, FreeType elsewhere."""

GDI_CELL = 2724 / 2048
"""Segoe UI's cell, ascent and descent, in its em square."""

COLOR_KIND = "color_source_v3"
TEXT_FAMILIES = ("text_gdiplus", "text_ft2_source")
COLOR_FAMILIES = ("color_source",)
"""OBS's unversioned IDs: a source made by an older OBS is of an older version of its kind."""

TEXT_COLORS = ("color", "color1", "color2")
"""Where a text source keeps its color: GDI+ reads the first, FreeType the two others."""

AUDIO, MEDIA = 1 << 1, 1 << 13
"""OBS_SOURCE_AUDIO and OBS_SOURCE_CONTROLLABLE_MEDIA of obs-source.h."""


def text_kind() -> str:
    """The ID of this platform's text source."""
    for kind in TEXT_KINDS:
        if obs.obs_source_get_display_name(kind) is not None:
            return kind
    return TEXT_KINDS[-1]


def font_size(source: Any, em: float) -> float:
    """What to write as the font's size so that its em square is `em` px, for this source's kind.

    GDI+ takes the size as the height of the whole cell (obs-text.cpp makes the font from a LOGFONT with lfHeight > 0).
    """
    return em * GDI_CELL if obs.obs_source_get_unversioned_id(source) == TEXT_FAMILIES[0] else em


def is_text(source: Any) -> bool:
    """Whether it is a text source."""
    return obs.obs_source_get_unversioned_id(source) in TEXT_FAMILIES


def can(source: Any, flag: int) -> bool:
    """Whether it is of a kind with this flag of OBS's: AUDIO or MEDIA."""
    return bool(obs.obs_source_get_output_flags(source) & flag)


def is_color(source: Any) -> bool:
    """Whether it is a color source."""
    return obs.obs_source_get_unversioned_id(source) in COLOR_FAMILIES


def names_of(families: tuple[str, ...]) -> list[str]:
    """The names of all inputs of these families, sorted as a reader expects."""
    with all_sources() as sources:
        names = [str(obs.obs_source_get_name(s)) for s in sources if obs.obs_source_get_unversioned_id(s) in families]
    return sorted(names, key=str.lower)


def to_obs_color(color: int, alpha: int) -> int:
    """0xRRGGBB and 0–255 → OBS's 0xAABBGGRR."""
    red, green, blue = color >> 16 & 255, color >> 8 & 255, color & 255
    return alpha << 24 | blue << 16 | green << 8 | red


def from_obs_color(value: int) -> tuple[int, int]:
    """OBS's 0xAABBGGRR → 0xRRGGBB and alpha."""
    return (value & 255) << 16 | (value >> 8 & 255) << 8 | value >> 16 & 255, value >> 24 & 255


def put(data: Any, content: Content) -> None:
    """Puts a content into settings that are about to be written on a source."""
    if isinstance(content, Fill):
        obs.obs_data_set_int(data, "color", to_obs_color(content.color, content.alpha))
        return
    obs.obs_data_set_string(data, "text", content.text)
    if content.color is not None:
        set_text_color(data, content.color)


def set_text_color(data: Any, color: int) -> None:
    """Puts the color of a text (0xRRGGBB) into its settings, for whichever kind of text source."""
    for key in TEXT_COLORS:
        obs.obs_data_set_int(data, key, to_obs_color(color, 255))


def shown_by(source: Any) -> Content:
    """What a text or color source shows."""
    with settings_of(source) as data:
        color, alpha = from_obs_color(obs.obs_data_get_int(data, "color") & 0xFFFFFFFF)
        return Fill(color, alpha) if is_color(source) else Text(str(obs.obs_data_get_string(data, "text")), color)
