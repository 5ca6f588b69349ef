"""What a rule names in OBS: scenes, the copies of a source in them, sources. Keeps nothing. Safe in the timer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import obspython as obs

from vmsc_core.obs.references import identity_of, items_of, program_scene, source_named

NO_SCENE = -1


@contextmanager
def scenes_called(name: str) -> Iterator[list[Any]]:
    """The scene of that name, the one on air for "", and then the copy of it that viewers see, if any; released at the end.

    In Studio Mode OBS puts a private copy of a scene on air, under the same name ("Duplicate Scene" in the menu between preview
    and program, on unless the user has turned it off; OBSBasic::TransitionToScene). The copy's items are its own, but for those
    inside groups; what happens to the scene's is seen with the next transition only. So whatever is done is done to both.
    """
    with program_scene() as program:
        on_air = "" if program is None else str(obs.obs_source_get_name(program))
        wanted = name or on_air
        with source_named(wanted) as source:
            sources = [] if source is None or obs.obs_source_is_group(source) else [source]
            if wanted and wanted == on_air and (source is None or identity_of(source) != identity_of(program)):
                sources.append(program)
            yield [scene for scene in map(obs.obs_scene_from_source, sources) if scene is not None]


def scene_on_air() -> str:
    """The name of the scene that is on air; empty while there is none."""
    with program_scene() as scene:
        return "" if scene is None else str(obs.obs_source_get_name(scene))


def is_scene(name: str) -> bool:
    """Whether there is a scene of that name."""
    with source_named(name) as source:
        return source is not None and not obs.obs_source_is_group(source) and obs.obs_scene_from_source(source) is not None


def each_copy(scene: str, source: str, act: Callable[[Any], object]) -> int:
    """Has `act` take every item that shows that source in the scene, and in the copy of it on air; how many, or NO_SCENE."""
    with scenes_called(scene) as scenes:
        return sum(each_item(one, source, act) for one in scenes) if scenes else NO_SCENE


def visibility(scene: str, source: str) -> list[list[bool]]:
    """Whether each item that shows the source is shown: in the scene, and then in the copy of it on air, if there is one."""
    with scenes_called(scene) as scenes:
        found: list[list[bool]] = [[] for _ in scenes]
        for one, row in zip(scenes, found):
            each_item(one, source, lambda item, row=row: row.append(bool(obs.obs_sceneitem_visible(item))))  # type: ignore[misc]
        return found


def set_visibility(scene: str, source: str, shown: Sequence[Sequence[bool]]) -> None:
    """Makes it so that `visibility` would say so; what there's no word for is as in the scene itself, or hidden."""
    with scenes_called(scene) as scenes:
        for number, one in enumerate(scenes):
            wanted = iter(shown[number] if number < len(shown) else shown[0])
            each_item(one, source, lambda item, wanted=wanted: set_visible(item, next(wanted, False)))  # type: ignore[misc]


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
