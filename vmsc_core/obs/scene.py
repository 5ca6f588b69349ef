"""Building and repairing the status card in a scene. Knows neither what is written on it nor where its pieces lie."""

from __future__ import annotations

from typing import Any

import obspython as obs

from vmsc_core.card.card import LOOKS, Card
from vmsc_core.card.layout import ROLES, plan, scale_of
from vmsc_core.events import Status
from vmsc_core.obs.arrange import TOP_LEFT, arrange, point
from vmsc_core.obs.kinds import COLOR_KIND, text_kind
from vmsc_core.obs.looks import Canvas, canvas_of, canvas_size, looks_of, restyle, style
from vmsc_core.obs.masks import add_mask
from vmsc_core.obs.pieces import CARD_NAME, LOOK, LOOK_KEY, TEXT_ROLES, fits, piece_name, pieces_by_role
from vmsc_core.obs.references import all_sources, current_scene, items_of, new_data, owned, settings_of, source_named
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Choices

MARGIN = 24
"""Pixels to the corner of a canvas 720 high."""

DEFAULT = Choices()
EMPTY = Card("", "Disconnected", "", LOOKS[Status.DISCONNECTED].color, 255)


def add_card(choices: Choices = DEFAULT, card: Card = EMPTY) -> Reason:
    """Builds the card in the current scene, or repairs it there; gives what was done, or why not. UI thread only.

    What is there keeps its looks. `card` is what is on it.
    """
    with current_scene() as scene:
        if scene is None:
            return because("scene_none")
        group = _group_in(scene)
        was_there = group is not None
        if not was_there:
            group = _group_into(scene)
        if group is None:
            return because("scene_name_taken", name=CARD_NAME)
        _take_out_loose_pieces(scene, group)
        _complete(group, choices, card)
        _select(scene, group)
        return because("scene_repaired" if was_there else "scene_added")


def convert(choices: Choices, card: Card) -> None:
    """Gives a card of an earlier version the pieces and the looks it lacks, where it lies. UI thread only."""
    scenes = obs.obs_frontend_get_scenes()
    try:
        for source in scenes or []:
            scene = obs.obs_scene_from_source(source)
            group = _group_in(scene) if scene is not None else None
            if group is not None:
                _complete(group, choices, card)
                return  # all scenes show the same group
    finally:
        if scenes is not None:
            obs.source_list_release(scenes)


def reset_looks(choices: Choices, card: Card) -> Reason:
    """All pieces look as if they were new. UI thread only."""
    names, canvas = pieces_by_role(), canvas_size()
    for role, name in names.items():
        with source_named(name) as source:
            if source is not None:
                style(source, role, choices, canvas)
    with all_sources() as sources:
        for source in sources:
            inner = obs.obs_group_from_source(source) if obs.obs_source_is_group(source) else None
            if inner is not None:
                arrange(inner, names, plan(card, choices, canvas))
    return because("scene_reset" if names else "scene_no_card")


def _complete(group: Any, choices: Choices, card: Card) -> None:
    """Every piece is there, in the group, in order and where it belongs."""
    canvas, inner, names = canvas_size(), obs.obs_sceneitem_group_get_scene(group), pieces_by_role()
    made_for, _ = canvas_of(names)
    if made_for is not None and made_for != canvas:
        restyle(names, looks_of(choices, made_for), looks_of(choices, canvas), canvas)
    for role in ROLES:
        _place(group, inner, role, choices, canvas)
    names = pieces_by_role()
    for role in ROLES:  # each goes to the bottom, so the last one ends lowest
        item = obs.obs_scene_find_source(inner, names.get(role, piece_name(role)))
        if item is not None:
            obs.obs_sceneitem_set_order(item, obs.OBS_ORDER_MOVE_BOTTOM)
            # OBS selects whatever is added, and a selected or unlocked piece is dragged out of the card.
            obs.obs_sceneitem_set_locked(item, True)
            obs.obs_sceneitem_select(item, False)
            obs.obs_sceneitem_set_alignment(item, TOP_LEFT)
            obs.obs_sceneitem_set_scale(item, point(1.0, 1.0))
    arrange(inner, names, plan(card, choices, canvas))


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


def _take_out_loose_pieces(scene: Any, group: Any) -> None:
    """Pieces that lie in the scene beside the group (it was ungrouped, or one was dragged out) are in the group again."""
    inner = obs.obs_sceneitem_group_get_scene(group)
    for name in pieces_by_role().values():
        item = obs.obs_scene_find_source(scene, name)
        if item is not None:
            if obs.obs_scene_find_source(inner, name) is None:  # else OBS might drop a source that is nowhere any more
                obs.obs_sceneitem_group_add_item(group, item)
            else:
                obs.obs_sceneitem_remove(item)


def _group_into(scene: Any) -> Any:
    """The card's group as an item of `scene`: a new one, or the one that another scene has already."""
    group = group_into(scene, _group_elsewhere())
    if group is not None:
        margin = MARGIN * scale_of(canvas_size())
        obs.obs_sceneitem_set_pos(group, point(margin, margin))
    return group


def group_into(scene: Any, name: str) -> Any:
    """The group of that name as a new item of `scene`, folded: a new group, or the one that another scene has already.

    None where something else has the name.
    """
    with source_named(name) as source:
        if source is None:
            group = obs.obs_scene_add_group(scene, name)
        else:
            group = obs.obs_scene_add(scene, source) if obs.obs_source_is_group(source) else None
    if group is not None:
        _fold(group)
    return group


def _fold(group: Any) -> None:
    """Has OBS's list show the group as one row: eight pieces would push the user's own sources out of view.

    OBS's window reads this when it makes the row, which it does later, in its own turn (SourceTree in its frontend).
    """
    private = obs.obs_sceneitem_get_private_settings(group)
    try:
        obs.obs_data_set_bool(private, "collapsed", True)
    finally:
        obs.obs_data_release(private)


def _group_elsewhere() -> str:
    """The name of the group that has pieces of the card, whatever it is called; of a new one when there is none."""
    names = pieces_by_role().values()
    with all_sources() as sources:
        for source in sources:
            inner = obs.obs_group_from_source(source) if obs.obs_source_is_group(source) else None
            if inner is not None and any(obs.obs_scene_find_source(inner, piece) is not None for piece in names):
                return str(obs.obs_source_get_name(source))
    return CARD_NAME


def _place(group: Any, inner: Any, role: str, choices: Choices, canvas: Canvas) -> None:
    """Makes sure that a piece exists, is in the group, and has the looks of this version."""
    name = pieces_by_role().get(role, piece_name(role))
    with source_named(name) as found:
        if found is not None and fits(found, role):
            if _is_old(found):
                style(found, role, choices, canvas)
            add_mask(found, role)
            if obs.obs_scene_find_source(inner, name) is None:
                _into_group(group, found)
            return
    with new_data() as data:
        # A foreign source may have the name: OBS then gives ours a number, and the role in its settings finds it.
        made = obs.obs_source_create(text_kind() if role in TEXT_ROLES else COLOR_KIND, name, data, None)
    with owned(made):
        if made is not None:
            style(made, role, choices, canvas)
            _into_group(group, made)


def _is_old(piece: Any) -> bool:
    with settings_of(piece) as data:
        return bool(obs.obs_data_get_int(data, LOOK_KEY) < LOOK)


def _into_group(group: Any, source: Any) -> None:
    scene = obs.obs_sceneitem_get_scene(group)
    item = obs.obs_scene_add(scene, source)
    obs.obs_sceneitem_group_add_item(group, item)


def _select(scene: Any, group: Any) -> None:
    with items_of(scene) as items:
        for item in items:
            obs.obs_sceneitem_select(item, False)
    obs.obs_sceneitem_select(group, True)
