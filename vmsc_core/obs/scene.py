"""Building and repairing the status card in a scene. Knows the layout, not what is written on it.

All lengths are pixels on a canvas 720 high; they are scaled with the canvas when the card is built.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import obspython as obs

from vmsc_core.card.card import MOST_LINES
from vmsc_core.obs.kinds import COLOR_KIND, font_size, set_text_color, text_kind, to_obs_color
from vmsc_core.obs.masks import add_mask
from vmsc_core.obs.pieces import CARD_NAME, ROLE_KEY, fits, piece_name, pieces_by_role
from vmsc_core.obs.references import current_scene, items_of, new_data, owned, source_named
from vmsc_core.reasons import Reason, because

WIDTH, HEIGHT = 440, 138
MARGIN = 24
MIDDLE_LEFT, TOP_LEFT = 1, 1 | 4  # of libobs' OBS_ALIGN_LEFT and OBS_ALIGN_TOP, which the Python module leaves out
LIME, DARK, WHITE, PALE = 0x53FC18, 0x101318, 0xFFFFFF, 0xC9CED6


@dataclass(frozen=True)
class Piece:
    """One source of the card. `size` is the em of a text's font, `width` and `height` the most that its lines may take."""

    role: str
    left: int
    top: int
    width: int
    height: int
    size: int = 0
    bold: bool = False
    color: int = WHITE
    lines: int = 1

    @property
    def is_text(self) -> bool:
        """Whether the piece is a text source."""
        return self.size > 0


PIECES: tuple[Piece, ...] = (  # from the top of the stack to its bottom
    Piece("name", 58, 15, 366, 32, 24, True),
    Piece("title", 58, 45, 366, 25, 18, True),
    Piece("detail", 58, 72, 366, 54, 14, False, PALE, MOST_LINES),
    Piece("dot", 22, 21, 22, 22, color=0x8A8F98),
    Piece("edge", 0, 0, WIDTH, HEIGHT, color=LIME),
    Piece("panel", 0, 0, WIDTH, HEIGHT, color=DARK),
)


def add_card() -> Reason:
    """Builds the card in the current scene, or repairs it there; gives what was done, or why not. UI thread only."""
    with current_scene() as scene:
        if scene is None:
            return because("scene_none")
        group = _group_in(scene)
        was_there = group is not None
        if not was_there:
            group = _group_into(scene)
        if group is None:
            return because("scene_name_taken", name=CARD_NAME)
        scale = canvas_height() / 720.0
        inner = obs.obs_sceneitem_group_get_scene(group)
        for piece in PIECES:
            _place(group, inner, piece, scale)
        _take_out_loose_pieces(scene)
        _order(inner)
        _layout(inner, scale)
        _select(scene, group)
        return because("scene_repaired" if was_there else "scene_added")


def canvas_height() -> int:
    """Pixels of the canvas, from top to bottom."""
    info = obs.obs_video_info()
    return int(info.base_height) if obs.obs_get_video_info(info) and info.base_height > 0 else 720


def _group_in(scene: Any) -> Any:
    """The card's group as an item of `scene`, also when it was renamed: it is the group that has pieces of the card."""
    group = obs.obs_scene_find_source(scene, CARD_NAME)
    if group is not None and obs.obs_sceneitem_is_group(group):
        return group
    names = pieces_by_role().values()
    with items_of(scene) as items:
        groups = [obs.obs_source_get_name(obs.obs_sceneitem_get_source(i)) for i in items if obs.obs_sceneitem_is_group(i)]
    for name in groups:
        group = obs.obs_scene_find_source(scene, name)
        inner = obs.obs_sceneitem_group_get_scene(group)
        if any(obs.obs_scene_find_source(inner, piece) is not None for piece in names):
            return group
    return None


def _take_out_loose_pieces(scene: Any) -> None:
    """Pieces that lie in the scene beside the group (it was ungrouped, or one was dragged out) are in the group again."""
    for name in pieces_by_role().values():
        item = obs.obs_scene_find_source(scene, name)
        if item is not None:
            obs.obs_sceneitem_remove(item)


def _group_into(scene: Any) -> Any:
    """The card's group as an item of `scene`: a new one, or the one that another scene has already."""
    with source_named(CARD_NAME) as source:
        if source is None:
            group = obs.obs_scene_add_group(scene, CARD_NAME)
        elif obs.obs_source_is_group(source):
            group = obs.obs_scene_add(scene, source)
        else:
            return None
    if group is not None:
        margin = MARGIN * canvas_height() / 720.0
        obs.obs_sceneitem_set_pos(group, _point(margin, margin))
    return group


def _place(group: Any, inner: Any, piece: Piece, scale: float) -> None:
    """Makes sure that a piece exists, has its looks, and is in the group."""
    name = pieces_by_role().get(piece.role, piece_name(piece.role))
    with source_named(name) as found:
        if found is not None and fits(found, piece.role):
            _style(found, piece, scale)
            if obs.obs_scene_find_source(inner, name) is None:
                _into_group(group, found)
            return
    with new_data() as data:
        # A foreign source may have the name: OBS then gives ours a number, and the role in its settings finds it.
        made = obs.obs_source_create(text_kind() if piece.is_text else COLOR_KIND, name, data, None)
    with owned(made):
        if made is not None:
            _style(made, piece, scale)
            _into_group(group, made)


def _into_group(group: Any, source: Any) -> None:
    scene = obs.obs_sceneitem_get_scene(group)
    item = obs.obs_scene_add(scene, source)
    obs.obs_sceneitem_group_add_item(group, item)


def _style(source: Any, piece: Piece, scale: float) -> None:
    """Fonts, colors, sizes and the mask of a piece; texts and the dot's color are the painter's."""
    with new_data() as data:
        obs.obs_data_set_string(data, ROLE_KEY, piece.role)
        if piece.is_text:
            _style_text(source, data, piece, scale)
        else:
            obs.obs_data_set_int(data, "width", round(piece.width * scale))
            obs.obs_data_set_int(data, "height", round(piece.height * scale))
            if piece.role != "dot":
                obs.obs_data_set_int(data, "color", to_obs_color(piece.color, 255))
        obs.obs_source_update(source, data)
    add_mask(source, piece.role)


def _style_text(source: Any, data: Any, piece: Piece, scale: float) -> None:
    # No higher than its lines have room for: OBS would shrink the whole text.
    size = min(round(font_size(source, piece.size * scale)), int(piece.height * scale / piece.lines))
    with new_data() as font:
        obs.obs_data_set_string(font, "face", font_face())
        obs.obs_data_set_int(font, "size", size)
        obs.obs_data_set_string(font, "style", "Bold" if piece.bold else font_regular())
        obs.obs_data_set_int(font, "flags", 1 if piece.bold else 0)
        obs.obs_data_set_obj(data, "font", font)
    set_text_color(data, piece.color)
    obs.obs_data_set_bool(data, "antialiasing", True)


def font_face() -> str:
    """A typeface that every machine of the platform has."""
    if sys.platform == "win32":
        return "Segoe UI"
    return "Helvetica Neue" if sys.platform == "darwin" else "DejaVu Sans"


def font_regular() -> str:
    """What that typeface calls its upright, normal style."""
    return "Book" if sys.platform.startswith("linux") else "Regular"


def _items(inner: Any) -> Iterator[tuple[Piece, Any]]:
    names = pieces_by_role()
    for piece in PIECES:
        item = obs.obs_scene_find_source(inner, names.get(piece.role, piece_name(piece.role)))
        if item is not None:
            yield piece, item


def _order(inner: Any) -> None:
    for _, item in _items(inner):  # each goes to the bottom, so the last one ends lowest
        obs.obs_sceneitem_set_order(item, obs.OBS_ORDER_MOVE_BOTTOM)


def _layout(inner: Any, scale: float) -> None:
    for piece, item in _items(inner):
        obs.obs_sceneitem_set_visible(item, True)
        # OBS selects whatever is added, and a selected or unlocked piece is dragged out of the card.
        obs.obs_sceneitem_set_locked(item, True)
        obs.obs_sceneitem_select(item, False)
        obs.obs_sceneitem_set_alignment(item, TOP_LEFT)
        obs.obs_sceneitem_set_scale(item, _point(1.0, 1.0))
        obs.obs_sceneitem_set_pos(item, _point(piece.left * scale, piece.top * scale))
        if piece.is_text:  # a font that runs wider than ours shrinks instead of leaving the card
            obs.obs_sceneitem_set_bounds_type(item, obs.OBS_BOUNDS_MAX_ONLY)
            obs.obs_sceneitem_set_bounds_alignment(item, TOP_LEFT if piece.role == "detail" else MIDDLE_LEFT)
            obs.obs_sceneitem_set_bounds(item, _point(piece.width * scale, piece.height * scale))


def _select(scene: Any, group: Any) -> None:
    with items_of(scene) as items:
        for item in items:
            obs.obs_sceneitem_select(item, False)
    obs.obs_sceneitem_select(group, True)


def _point(x: float, y: float) -> Any:
    point = obs.vec2()
    point.x, point.y = x, y
    return point
