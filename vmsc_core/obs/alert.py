"""The alert in OBS: a group that is built once, hidden, and shown by rules with two lines of text. Knows no rule.

The user adds a picture and a sound by choosing files in two sources that are empty at first: OBS starts a sound when its source
is shown.
"""

from __future__ import annotations

from typing import Any

import obspython as obs

from vmsc_core.card.card import ACCENTS, DARK, PALE, WHITE
from vmsc_core.card.layout import CENTER, Box, scale_of
from vmsc_core.card.painter import Fill
from vmsc_core.obs.arrange import TOP_LEFT, arrange, point
from vmsc_core.obs.kinds import COLOR_KIND, put, text_kind
from vmsc_core.obs.looks import Canvas, canvas_size, put_letters
from vmsc_core.obs.masks import add_mask
from vmsc_core.obs.references import current_scene, new_data, owned, source_named
from vmsc_core.obs.scene import group_into
from vmsc_core.obs.targets import each_copy, scene_on_air, set_visible
from vmsc_core.reasons import Reason, because
from vmsc_core.settings import Choices

NAME = "Kick alert"
TEXTS = {"title": (34.0, WHITE, True), "detail": (22.0, PALE, False)}
"""Role → the font's em on a canvas 720 high, the color, whether it is bold."""

FILES = {"image": "image_source", "sound": "ffmpeg_source"}
"""Role → the kind of a source that shows nothing until the user has chosen a file."""

BOXES: dict[str, Box] = {
    # On a canvas 720 high, from the top of OBS's list to its bottom.
    "sound": Box(24, 24, 1, 1),
    "image": Box(28, 18, 84, 84),
    "title": Box(120, 20, 400, 46, align=CENTER),
    "detail": Box(120, 68, 400, 32, align=CENTER),
    "edge": Box(10, 14, 6, 92),
    "panel": Box(0, 0, 640, 120),
}
TOP = 170
"""px below the canvas's top edge, where the card does not reach; in the middle from left to right."""


def name_of(role: str) -> str:
    """The name of a piece of the alert."""
    return f"{NAME}: {role}"


def add_alert(choices: Choices) -> Reason:
    """Builds the alert in the current scene, hidden, or completes it there; what was done. UI thread only."""
    canvas = canvas_size()
    with current_scene() as scene:
        if scene is None:
            return because("scene_none")
        group = obs.obs_scene_find_source(scene, NAME)
        if group is not None and not obs.obs_sceneitem_is_group(group):
            return because("scene_name_taken", name=NAME)
        was_there = group is not None
        group = group if was_there else _group_into(scene, canvas)
        if group is None:
            return because("scene_name_taken", name=NAME)
        inner = obs.obs_sceneitem_group_get_scene(group)
        for role in BOXES:
            if obs.obs_scene_find_source(inner, name_of(role)) is None:
                _into(group, scene, role, choices, canvas)
        _settle(inner, canvas)
        return because("alert_repaired" if was_there else "alert_added")


class Alert:
    """The alert that is shown: one at a time. From the timer."""

    def __init__(self) -> None:
        self._scene = ""  # where it is shown

    def show(self, title: str, text: str) -> Reason | None:
        """Shows the group in the scene that is on air; why not, when there is none."""
        for role, words in (("title", title), ("detail", text)):
            with source_named(name_of(role)) as source:
                if source is not None:
                    with new_data() as data:
                        obs.obs_data_set_string(data, "text", words)
                        obs.obs_source_update(source, data)
        self.hide()
        on_air = scene_on_air()
        if each_copy(on_air, NAME, lambda item: set_visible(item, True)) <= 0:
            return because("alert_not_there", scene=on_air)
        self._scene = on_air
        return None

    @property
    def scene(self) -> str:
        """Where it is shown; empty while it isn't."""
        return self._scene

    def hide(self) -> None:
        """Hides it where it was shown."""
        shown, self._scene = self._scene, ""
        if shown:
            each_copy(shown, NAME, lambda item: set_visible(item, False))


def _group_into(scene: Any, canvas: Canvas) -> Any:
    """The alert's group as a new item of `scene`, hidden; another scene may have it already."""
    group = group_into(scene, NAME)
    if group is not None:
        scale = scale_of(canvas)
        obs.obs_sceneitem_set_visible(group, False)
        obs.obs_sceneitem_set_pos(group, point((canvas[0] - BOXES["panel"].width * scale) / 2, TOP * scale))
    return group


def _into(group: Any, scene: Any, role: str, choices: Choices, canvas: Canvas) -> None:
    """Makes a piece, unless a source has its name already, and puts it into the group."""
    with source_named(name_of(role)) as there, owned(None if there is not None else _made(role, choices, canvas)) as made:
        source = there if there is not None else made
        if source is not None:
            obs.obs_sceneitem_group_add_item(group, obs.obs_scene_add(scene, source))


def _made(role: str, choices: Choices, canvas: Canvas) -> Any:
    kind = FILES.get(role, text_kind() if role in TEXTS else COLOR_KIND)
    with new_data() as data:
        if role in TEXTS:
            em, color, is_bold = TEXTS[role]
            made = obs.obs_source_create(kind, name_of(role), data, None)
            if made is None:
                return None
            put_letters(data, made, em * scale_of(canvas), color, is_bold)
            obs.obs_source_update(made, data)
            return made
        if role not in FILES:
            put(data, Fill(ACCENTS[choices.card_accent] if role == "edge" else DARK, 255 if role == "edge" else 240))
        made = obs.obs_source_create(kind, name_of(role), data, None)
    if made is not None and role not in FILES:
        add_mask(made, role)
    return made


def _settle(inner: Any, canvas: Canvas) -> None:
    """Order, places and sizes of the pieces; none of them is dragged out of the group by mistake."""
    scale = scale_of(canvas)
    names = {role: name_of(role) for role in BOXES}
    for role in BOXES:  # each goes to the bottom, so the last one ends lowest
        item = obs.obs_scene_find_source(inner, names[role])
        if item is not None:
            obs.obs_sceneitem_set_order(item, obs.OBS_ORDER_MOVE_BOTTOM)
            obs.obs_sceneitem_set_locked(item, True)
            obs.obs_sceneitem_select(item, False)
            obs.obs_sceneitem_set_alignment(item, TOP_LEFT)
    boxes = {role: _scaled(box, scale) for role, box in BOXES.items()}
    arrange(inner, names, {role: box for role, box in boxes.items() if role not in FILES})
    for role in FILES:
        _fit(obs.obs_scene_find_source(inner, names[role]), boxes[role])


def _scaled(box: Box, scale: float) -> Box:
    left, top, width, height = (round(side * scale) for side in (box.left, box.top, box.width, box.height))
    return Box(left, top, width, height, align=box.align)


def _fit(item: Any, box: Box) -> None:
    """A picture of any size fills its box, and keeps its shape."""
    if item is not None:
        obs.obs_sceneitem_set_bounds_type(item, obs.OBS_BOUNDS_SCALE_INNER)
        obs.obs_sceneitem_set_bounds(item, point(box.width, box.height))
        obs.obs_sceneitem_set_pos(item, point(box.left, box.top))
