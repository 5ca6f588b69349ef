"""Keeps the card's pieces where the plan wants them. Knows no color; writes differences only, with calls safe in the timer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import obspython as obs

from vmsc_core.card.card import Card
from vmsc_core.card.layout import CENTER, MIDDLE, ROLES, Box, Plan, extent, plan
from vmsc_core.obs.looks import Canvas, canvas_of, canvas_size, looks_of, restyle
from vmsc_core.obs.masks import set_round
from vmsc_core.obs.pieces import CARD_NAME, TEXT_ROLES
from vmsc_core.obs.references import all_sources, new_data, settings_of, source_named
from vmsc_core.obs.sources import ObsSources
from vmsc_core.settings import Choices

ALIGNMENTS = {CENTER: 0, MIDDLE: 1}
"""libobs' OBS_ALIGN_CENTER and OBS_ALIGN_LEFT, which the Python module leaves out."""

TOP_LEFT = 1 | 4
SEARCH_EVERY, SEARCHES = 1.0, 30
"""Seconds between two looks for the card's group, which OBS may load after its pieces, and how many there are."""


class Arranger:
    """`follow` once a turn; `again` whenever pieces were made. What does not change costs no call of OBS."""

    def __init__(self) -> None:
        self.is_old = False
        """Whether the card that is there was made by an earlier version."""
        self._choices: Choices | None = None
        self._last: Card | None = None
        self._size: tuple[object, ...] | None = None
        self._done: dict[str, Box] = {}
        self._canvas: Canvas | None = None
        self._searches, self._search_at = SEARCHES, -math.inf
        self._group = CARD_NAME

    @property
    def canvas(self) -> Canvas | None:
        """The canvas that the card was laid out for last; None before that. Any thread."""
        return self._canvas if self._done else None

    def again(self) -> None:
        """Everything may be elsewhere: looks at all of it in the next turn."""
        self._canvas, self._last, self._size, self._done, self.is_old = None, None, None, {}, False
        self._searches, self._search_at = SEARCHES, -math.inf

    def follow(self, card: Card, choices: Choices, sources: ObsSources, now: float) -> None:
        """Brings the pieces to where `card` and `choices` want them. `now` is monotonic seconds."""
        is_followed = choices is self._choices or choices == self._choices
        if is_followed and card is self._last:
            return
        size = extent(card, choices)
        if is_followed and size == self._size:
            self._last = card
            return
        if not sources.has_pieces or now < self._search_at:
            return
        names = {role: sources.name_of(role) for role in ROLES}
        canvas = self._follow_looks(choices, names)
        wanted = plan(card, choices, canvas)
        boxes = {role: box for role, box in wanted.items() if self._done.get(role) != box}
        if boxes and not self._arrange(names, boxes) and self._searches > 0:
            self._searches, self._search_at = self._searches - 1, now + SEARCH_EVERY
            return
        self._last, self._size, self._done = card, size, dict(wanted)

    def _follow_looks(self, choices: Choices, names: dict[str, str]) -> Canvas:
        if self._canvas is None:
            self._canvas = canvas_size()
            made_for, self.is_old = canvas_of(names)
            if made_for is not None and made_for != self._canvas:
                restyle(names, looks_of(choices, made_for), looks_of(choices, self._canvas), self._canvas)
        before, self._choices = self._choices or choices, choices
        if before != choices:
            restyle(names, looks_of(before, self._canvas), looks_of(choices, self._canvas), self._canvas)
        return self._canvas

    def _arrange(self, names: Mapping[str, str], boxes: Plan) -> bool:
        """Whether there is a group with the pieces in it."""
        with source_named(self._group) as known:
            if known is not None and _arrange_in(known, names, boxes):
                return True
        with all_sources() as sources:
            groups = [source for source in sources if _arrange_in(source, names, boxes)]
            self._group = str(obs.obs_source_get_name(groups[0])) if groups else self._group
            return bool(groups)


def _arrange_in(group: Any, names: Mapping[str, str], boxes: Plan) -> bool:
    inner = obs.obs_group_from_source(group) if obs.obs_source_is_group(group) else None
    return inner is not None and arrange(inner, names, boxes)


def arrange(inner: Any, names: Mapping[str, str], boxes: Plan) -> bool:
    """Puts the pieces with these names (role → name) into their boxes; whether `inner`, a group's scene, has any of them."""
    found = False
    for role, box in boxes.items():
        item = obs.obs_scene_find_source(inner, names[role]) if names.get(role) else None
        if item is not None:
            found = True
            _put(item, role, box)
    return found


def _put(item: Any, role: str, box: Box) -> None:
    if role in TEXT_ROLES:
        _set_bounds(item, box)
    else:
        _set_size(obs.obs_sceneitem_get_source(item), box)
    if role == "panel":
        set_round(obs.obs_sceneitem_get_source(item), box.is_round)
    there = obs.vec2()
    obs.obs_sceneitem_get_pos(item, there)
    if (there.x, there.y) != (box.left, box.top):
        obs.obs_sceneitem_set_pos(item, point(box.left, box.top))
    if bool(obs.obs_sceneitem_visible(item)) != box.visible:
        obs.obs_sceneitem_set_visible(item, box.visible)


def _set_bounds(item: Any, box: Box) -> None:
    """A text that runs wider than its box shrinks instead of leaving it."""
    if obs.obs_sceneitem_get_bounds_type(item) != obs.OBS_BOUNDS_MAX_ONLY:
        obs.obs_sceneitem_set_bounds_type(item, obs.OBS_BOUNDS_MAX_ONLY)
    alignment = ALIGNMENTS.get(box.align, TOP_LEFT)
    if obs.obs_sceneitem_get_bounds_alignment(item) != alignment:
        obs.obs_sceneitem_set_bounds_alignment(item, alignment)
    there = obs.vec2()
    obs.obs_sceneitem_get_bounds(item, there)
    if (there.x, there.y) != (box.width, box.height):
        obs.obs_sceneitem_set_bounds(item, point(box.width, box.height))


def _set_size(source: Any, box: Box) -> None:
    with settings_of(source) as settings:
        there = (obs.obs_data_get_int(settings, "width"), obs.obs_data_get_int(settings, "height"))
    if there != (box.width, box.height):
        with new_data() as data:
            obs.obs_data_set_int(data, "width", box.width)
            obs.obs_data_set_int(data, "height", box.height)
            obs.obs_source_update(source, data)


def point(x: float, y: float) -> Any:
    """A struct vec2 of OBS."""
    made = obs.vec2()
    made.x, made.y = x, y
    return made
