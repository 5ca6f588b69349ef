"""What a rule names in OBS: scenes, the copies of a source in them, sources. Keeps nothing. Safe in the timer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs

from vmsc_core.obs.references import items_of, program_scene, source_named


@contextmanager
def scene_called(name: str) -> Iterator[Any]:
    """The scene of that name, the one on air for "", or None; released at the end."""
    with source_named(name or scene_on_air()) as source:
        yield None if source is None or obs.obs_source_is_group(source) else obs.obs_scene_from_source(source)


def scene_on_air() -> str:
    """The name of the scene that is on air; empty while there is none."""
    with program_scene() as scene:
        return "" if scene is None else str(obs.obs_source_get_name(scene))


def is_scene(name: str) -> bool:
    """Whether there is a scene of that name."""
    with scene_called(name) as scene:
        return bool(name) and scene is not None


def each_item(scene: Any, source: str, act: Callable[[Any], object]) -> int:
    """Has `act` take every item that shows the source of that name, inside groups too; how many there are."""
    found = 0
    with items_of(scene) as items:
        for item in items:
            shown = obs.obs_sceneitem_get_source(item)
            if obs.obs_source_get_name(shown) == source:
                act(item)
                found += 1
            if obs.obs_sceneitem_is_group(item):
                found += each_item(obs.obs_sceneitem_group_get_scene(item), source, act)
    return found


def set_visible(item: Any, is_visible: bool) -> None:
    """Shows or hides an item, where it isn't so already."""
    if bool(obs.obs_sceneitem_visible(item)) != is_visible:
        obs.obs_sceneitem_set_visible(item, is_visible)
