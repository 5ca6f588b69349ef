"""How the card's pieces look: fonts and colors, written whole when a piece is made and by differences later. Knows no place.

What differs is told from what the choices and the canvas ask for, not from what is there: what the user changed by hand stays.
"""

from __future__ import annotations

from typing import Any, Union

import obspython as obs

from vmsc_core.card.card import ACCENTS, DARK, OPACITIES, PALE, WHITE
from vmsc_core.card.layout import ems
from vmsc_core.card.painter import Fill
from vmsc_core.obs.kinds import font_size, put, set_text_color
from vmsc_core.obs.masks import add_mask
from vmsc_core.obs.pieces import CANVAS_KEY, LOOK, LOOK_KEY, ROLE_KEY, TEXT_ROLES
from vmsc_core.obs.references import new_data, settings_of, source_named
from vmsc_core.obs.typefaces import font_face, font_regular
from vmsc_core.settings import Choices

Canvas = tuple[int, int]
Look = Union[float, Fill]
"""Of a text: its font's em, px of the canvas. Of a color source: its color."""

LETTERS = {"name": WHITE, "title": DARK, "detail": PALE}


def canvas_size() -> Canvas:
    """Pixels of the canvas, width and height."""
    info = obs.obs_video_info()
    has_one = obs.obs_get_video_info(info) and info.base_width > 0 and info.base_height > 0
    return (int(info.base_width), int(info.base_height)) if has_one else (1280, 720)


def looks_of(choices: Choices, canvas: Canvas) -> dict[str, Look]:
    """Role → how that piece is to look, of those whose look can be chosen."""
    edge, panel = Fill(ACCENTS[choices.card_accent], 255), Fill(DARK, OPACITIES[choices.card_opacity])
    return {**ems(choices, canvas), "edge": edge, "panel": panel}


def style(source: Any, role: str, choices: Choices, canvas: Canvas) -> None:
    """All looks of a piece: a new one, or one that is to be as new. Its text and the colors of its state are the painter's."""
    look = looks_of(choices, canvas).get(role)
    with new_data() as data:
        obs.obs_data_set_string(data, ROLE_KEY, role)
        _mark(data, canvas)
        if role in TEXT_ROLES and isinstance(look, float):
            put_letters(data, source, look, LETTERS[role], is_bold=role != "detail")
        elif isinstance(look, Fill):
            put(data, look)
        obs.obs_source_update(source, data)
    add_mask(source, role)


def put_letters(data: Any, source: Any, em: float, color: int, is_bold: bool) -> None:
    """Puts the typeface, its em (px of the canvas) and the color of a text source into settings about to be written on it."""
    with new_data() as font:
        obs.obs_data_set_string(font, "face", font_face())
        obs.obs_data_set_string(font, "style", "Bold" if is_bold else font_regular())
        obs.obs_data_set_int(font, "flags", 1 if is_bold else 0)
        obs.obs_data_set_int(font, "size", _size(source, em))
        obs.obs_data_set_obj(data, "font", font)
    set_text_color(data, color)
    obs.obs_data_set_bool(data, "antialiasing", True)


def restyle(names: dict[str, str], before: dict[str, Look], after: dict[str, Look], canvas: Canvas) -> None:
    """Changes the pieces with these names (role → name) where the looks differ. Any thread."""
    for role, look in after.items():
        if look != before.get(role):
            with source_named(names.get(role, "")) as source:
                if source is not None:
                    _change(source, look, canvas)


def _change(source: Any, look: Look, canvas: Canvas) -> None:
    with new_data() as data:
        _mark(data, canvas)
        if isinstance(look, Fill):
            put(data, look)
        else:
            _resize(source, data, look)
        obs.obs_source_update(source, data)


def _resize(source: Any, data: Any, em: float) -> None:
    """Another size of the font that is there."""
    with settings_of(source) as settings:
        font = obs.obs_data_get_obj(settings, "font")
        if font is None:
            return
        try:
            with new_data() as copy:
                for key in ("face", "style"):
                    obs.obs_data_set_string(copy, key, obs.obs_data_get_string(font, key))
                obs.obs_data_set_int(copy, "flags", obs.obs_data_get_int(font, "flags"))
                obs.obs_data_set_int(copy, "size", _size(source, em))
                obs.obs_data_set_obj(data, "font", copy)
        finally:
            obs.obs_data_release(font)


def _mark(data: Any, canvas: Canvas) -> None:
    obs.obs_data_set_int(data, LOOK_KEY, LOOK)
    obs.obs_data_set_string(data, CANVAS_KEY, canvas_mark(canvas))


def canvas_mark(canvas: Canvas) -> str:
    """How a canvas is kept in a piece's settings."""
    return f"{canvas[0]}x{canvas[1]}"


def canvas_of(names: dict[str, str]) -> tuple[Canvas | None, bool]:
    """For which canvas the card was made, None when that is not known; and whether a piece is of an earlier version."""
    canvas, is_old = None, False
    for name in names.values():
        with source_named(name) as source:
            if source is None:
                continue
            with settings_of(source) as data:
                is_old = is_old or obs.obs_data_get_int(data, LOOK_KEY) < LOOK
                width, _, height = str(obs.obs_data_get_string(data, CANVAS_KEY)).partition("x")
            if width.isdecimal() and height.isdecimal() and int(width) and int(height):
                canvas = (int(width), int(height))
    return canvas, is_old


def _size(source: Any, look: Look | None) -> int:
    return round(font_size(source, look)) if isinstance(look, float) else 0
