"""Adds a ready-made rule with what it needs in the current scene. UI thread. Never changes a source that is the user's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import obspython as obs

from vmsc_core.card.card import WHITE
from vmsc_core.card.layout import scale_of
from vmsc_core.obs.alert import NAME as ALERT_NAME
from vmsc_core.obs.alert import add_alert
from vmsc_core.obs.arrange import point
from vmsc_core.obs.kinds import TEXT_FAMILIES, is_text, text_kind
from vmsc_core.obs.looks import Canvas, canvas_size, put_letters
from vmsc_core.obs.references import current_scene, new_data, owned, source_named
from vmsc_core.obs.targets import each_item
from vmsc_core.reasons import Reason, because
from vmsc_core.rules.ready import ALERT, Need, added, ready

if TYPE_CHECKING:
    from vmsc_core.obs.script import Script

MOST_NAMES = 100
"""Names that are tried for a source: "Kick chat", "Kick chat 2"…"""


def make_ready(script: Script, key: str) -> Reason:
    """Adds the rules of that key, on, at the end; what was done, or why not. Sources come first: a rule without one is no use."""
    made = ready(key, script.choices.language)
    if made is None:
        return because("ready_unknown")
    names: dict[str, str] = {}
    new: list[str] = []
    for need in made.needs:
        if need.kind == ALERT:
            said = add_alert(script.choices)
            if said.key not in ("alert_added", "alert_repaired"):
                return said
            new += [ALERT_NAME] if said.key == "alert_added" else []
            continue
        name, is_new = _text_in_scene(need)
        if not name:
            return because("scene_none")
        names[need.name] = name
        new += [name] if is_new else []
    trouble = script.rules.replace((*script.rules.rules, *added(made, script.rules.rules, names)))
    if trouble is not None:
        return trouble
    if made.replay:
        return because("ready_added_replay")
    return because("ready_added_sources", names=", ".join(new)) if new else because("ready_added")


def _text_in_scene(need: Need) -> tuple[str, bool]:
    """The name of the text source for this need, which is in the current scene then, and whether it was made; "" without a scene.

    A text source of the first free name is used as it is: an earlier press has made it, or the user has one that fits.
    """
    with current_scene() as scene:
        if scene is None:
            return "", False
        for name in _candidates(need.name):
            with source_named(name) as there:
                if there is not None and not is_text(there):
                    continue
                if there is not None:
                    if not each_item(scene, name, lambda _: None):
                        _place(obs.obs_scene_add(scene, there), need, canvas_size())
                    return name, False
            with owned(_made(name, need, canvas_size())) as source:
                if source is not None:
                    _place(obs.obs_scene_add(scene, source), need, canvas_size())
                    return name, True
            return "", False
    return "", False


def _candidates(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name} {number}" for number in range(2, MOST_NAMES + 1))


def _place(item: Any, need: Need, canvas: Canvas) -> None:
    if item is not None:
        scale = scale_of(canvas)
        obs.obs_sceneitem_set_pos(item, point(need.x * scale, need.y * scale))
        obs.obs_sceneitem_set_visible(item, need.visible)


def _made(name: str, need: Need, canvas: Canvas) -> Any:
    """A new text source, white with an outline: it must be readable on whatever is behind it."""
    scale = scale_of(canvas)
    with new_data() as data:
        made = obs.obs_source_create(text_kind(), name, data, None)
        if made is None:
            return None
        put_letters(data, made, need.em * scale, WHITE, is_bold=False)
        obs.obs_data_set_string(data, "text", need.text)
        obs.obs_data_set_bool(data, "outline", True)
        if need.width:
            _wrap(data, made, round(need.width * scale), round((canvas[1] - need.y * scale) * 0.9))
        obs.obs_source_update(made, data)
        return made


def _wrap(data: Any, source: Any, width: int, height: int) -> None:
    """Long lines go on in the next one; GDI+ wants a box for that, and shows the end of what doesn't fit into it."""
    if obs.obs_source_get_unversioned_id(source) == TEXT_FAMILIES[0]:
        obs.obs_data_set_bool(data, "extents", True)
        obs.obs_data_set_bool(data, "extents_wrap", True)
        obs.obs_data_set_int(data, "extents_cx", width)
        obs.obs_data_set_int(data, "extents_cy", height)
        obs.obs_data_set_string(data, "valign", "bottom")
        obs.obs_data_set_int(data, "outline_size", 2)
    else:
        obs.obs_data_set_int(data, "custom_width", width)
        obs.obs_data_set_bool(data, "word_wrap", True)
