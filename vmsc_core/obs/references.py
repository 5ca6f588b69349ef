"""OBS's counted references, each released at the end of a `with`. Knows no card.

Rule: every reference got here is released in the function that got it, also when something raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import obspython as obs

PROGRAM = 0
"""The output channel that viewers see."""


@contextmanager
def owned(source: Any) -> Iterator[Any]:
    """A source that OBS has just given or made, or None; released at the end."""
    try:
        yield source
    finally:
        if source is not None:
            obs.obs_source_release(source)


@contextmanager
def source_named(name: str) -> Iterator[Any]:
    """The source of that name, or None; released at the end."""
    with owned(obs.obs_get_source_by_name(name) if name else None) as source:
        yield source


@contextmanager
def source_known_by(identity: str) -> Iterator[Any]:
    """The source that `identity_of` gave that for, or None; released at the end. Before OBS 29.1 there is no such way: None."""
    find = obs.obs_get_source_by_uuid if is_lasting(identity) and hasattr(obs, "obs_get_source_by_uuid") else None
    with owned(find(identity) if find is not None else None) as source:
        yield source


def identity_of(source: Any) -> str:
    """What tells a source from its copies, under whatever name: its UUID; before OBS 29.1 its place in memory."""
    if hasattr(obs, "obs_source_get_uuid"):
        return str(obs.obs_source_get_uuid(source) or "")
    return f"@{int(source)}"


def is_lasting(identity: str) -> bool:
    """Whether it still means the same source after a restart of OBS: a UUID."""
    return bool(identity) and not identity.startswith("@")


@contextmanager
def filter_named(source: Any, name: str) -> Iterator[Any]:
    """The filter of that name on a source, or None; released at the end."""
    with owned(obs.obs_source_get_filter_by_name(source, name)) as found:
        yield found


@contextmanager
def current_scene() -> Iterator[Any]:
    """The scene the user works on (a scene, not its source), or None; released at the end. UI thread only.

    In Studio Mode that is the preview: a card must not appear on air unasked.
    """
    with owned(obs.obs_frontend_get_current_preview_scene()) as preview, program_scene() as program:
        source = preview if preview is not None else program
        yield obs.obs_scene_from_source(source) if source is not None else None


@contextmanager
def program_scene() -> Iterator[Any]:
    """The source of the scene that viewers see, or None; released at the end.

    Asked of the output itself: obs_frontend_get_current_scene logs a warning while there is none, as OBS starts, and a warning
    pops OBS's log up over the stream. What the output shows is the transition, and its scene the newer of two.
    """
    with owned(obs.obs_get_output_source(PROGRAM)) as shown:
        scene = obs.obs_transition_get_active_source(shown) if shown is not None else None
        with owned(scene):
            yield scene


@contextmanager
def items_of(scene: Any) -> Iterator[Any]:
    """Every item of a scene, the lowest first; released at the end."""
    items = obs.obs_scene_enum_items(scene)
    try:
        yield items or []
    finally:
        if items is not None:
            obs.sceneitem_list_release(items)


@contextmanager
def settings_of(source: Any) -> Iterator[Any]:
    """The settings of a source; released at the end."""
    data = obs.obs_source_get_settings(source)
    try:
        yield data
    finally:
        obs.obs_data_release(data)


@contextmanager
def new_data() -> Iterator[Any]:
    """Empty settings; released at the end."""
    data = obs.obs_data_create()
    try:
        yield data
    finally:
        obs.obs_data_release(data)


@contextmanager
def all_sources() -> Iterator[Any]:
    """Every input OBS has; released at the end."""
    sources = obs.obs_enum_sources()
    try:
        yield sources or []
    finally:
        if sources is not None:
            obs.source_list_release(sources)
