"""The names of what OBS has, for the lists of the rule editor: scenes, sources by kind, filters. UI thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import obspython as obs

from vmsc_core.obs.kinds import AUDIO, MEDIA, can, is_text
from vmsc_core.obs.pieces import CARD_NAME, OLD_CARD_NAME
from vmsc_core.obs.references import all_sources, source_named
from vmsc_core.rules.editor_rows import Lists


def lists(filters_of: Iterable[str] = (), hotkeys: Iterable[str] = ()) -> Lists:
    """What there is now. `filters_of`: the names of sources whose filters are asked for; `hotkeys`: all names."""
    scenes = tuple(str(name) for name in obs.obs_frontend_get_scene_names() or ())
    every: list[str] = []
    text: list[str] = []
    media: list[str] = []
    audio: list[str] = []
    with all_sources() as sources:
        for source in sources:
            name = str(obs.obs_source_get_name(source))
            if not name or name.startswith((f"{CARD_NAME}: ", f"{OLD_CARD_NAME}: ")):
                continue
            every.append(name)
            text += [name] if is_text(source) else []
            media += [name] if can(source, MEDIA) else []
            audio += [name] if can(source, AUDIO) else []
    return Lists(
        scenes=scenes,
        sources=(*_sorted(every), *scenes),
        text_sources=_sorted(text),
        media_sources=_sorted(media),
        audio_sources=_sorted(audio),
        hotkeys=_sorted(filter(None, hotkeys)),
        filters={name: filters(name) for name in set(filters_of) if name},
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    """As a reader expects; OBS 29 lets two sources have one name."""
    return tuple(sorted(set(names), key=lambda name: (name.lower(), name)))


def filters(source_name: str) -> Sequence[str]:
    """The names of a source's filters, as OBS lists them."""
    with source_named(source_name) as source:
        return tuple(_names_in(source)) if source is not None else ()


def _names_in(source: Any) -> Iterator[str]:
    # The call that goes through filters wants a C function, which Python can't give; a backup of them is a list of settings.
    rows = obs.obs_source_backup_filters(source)
    try:
        for place in range(obs.obs_data_array_count(rows)):
            row = obs.obs_data_array_item(rows, place)
            try:
                yield str(obs.obs_data_get_string(row, "name"))
            finally:
                obs.obs_data_release(row)
    finally:
        obs.obs_data_array_release(rows)
