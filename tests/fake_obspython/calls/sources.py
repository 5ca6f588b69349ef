"""obs.h: sources, their filters, sound and media."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from ..constants import CONSTANTS
from ..signatures import Signature, add, api, plain
from ..things import Array, Data, Source
from ..views import Update

if TYPE_CHECKING:
    from ..fake_obs import FakeObs

plain(
    "source",
    {
        "obs_source_get_name": ("name",),
        "obs_source_get_uuid": ("uuid",),
        "obs_source_get_unversioned_id": ("kind.unversioned",),
        "obs_source_is_group": ("is_group",),
        "obs_source_enabled": ("enabled",),
        "obs_source_set_enabled": ("enabled", "bool"),
        "obs_source_muted": ("muted",),
        "obs_source_set_muted": ("muted", "bool"),
        "obs_source_get_volume": ("volume",),
        "obs_source_set_volume": ("volume", "float"),
        "obs_source_media_get_state": ("media_state",),
    },
)


@api("str", gives="source", owned=True)
def obs_get_source_by_name(fake: FakeObs, name: str) -> Source | None:
    return fake._named(name)


@api("str", gives="source", owned=True)
def obs_get_source_by_uuid(fake: FakeObs, uuid: str) -> Source | None:
    return next((one for one in fake._sources if one.uuid == uuid and not one.private), None)


@api("str", "str", "data?", "data?", gives="source", owned=True)
def obs_source_create(fake: FakeObs, id: str, name: str, settings: Data | None, _: Data | None) -> Source:
    return fake._make("obs_source_create", id, name, settings)


@api("str", "str", "data?", gives="source", owned=True)
def obs_source_create_private(fake: FakeObs, id: str, name: str, settings: Data | None) -> Source:
    return fake._make("obs_source_create_private", id, name, settings, private=True)


@api("source!")
def obs_source_release(fake: FakeObs, source: Source) -> None:
    fake._collect()


@api("source", "data?")
def obs_source_update(fake: FakeObs, source: Source, settings: Data | None) -> None:
    values = settings.json() if settings else {}
    if settings:
        source.settings.merge(settings)
    fake.updates.append(Update(source.name, values, fake.turns, fake._stack[-1].role))


@api("source")
def obs_source_get_width(fake: FakeObs, source: Source) -> int:
    """Of a text: by its face, as OBS draws one that isn't there in another. 0 for all else."""
    font = source.settings.get("font")
    face = font.get("face") if font is not None else ""
    return len(source.settings.get("text") or "") * fake.faces.get(face, 9) if font is not None else 0


@api("source", gives="data", owned=True)
def obs_source_get_settings(_: Any, source: Source) -> Data:
    return source.settings  # the very object, no copy


@api("str?")
def obs_source_get_display_name(fake: FakeObs, id: str | None) -> str | None:
    return fake.kinds[id].display if id in fake.kinds else None


@api("str")
def obs_get_latest_input_type_id(fake: FakeObs, unversioned: str) -> str:
    known = [kind.id for kind in fake.kinds.values() if kind.unversioned == unversioned]
    if not known:
        fake._violate(f"obs_get_latest_input_type_id({unversioned!r}) aborts OBS: the kind is unknown")
    return known[-1]


@api("source", "source")
def obs_source_filter_add(fake: FakeObs, source: Source, filter: Source) -> None:
    if filter.kind.type != "filter":
        fake._violate(f"obs_source_filter_add: {filter.kind.id} is no filter")
    if filter not in source.filters:
        source.filters.insert(0, filter)


@api("source", gives="data_array", owned=True)
def obs_source_backup_filters(_: Any, source: Source) -> Array:
    return Array([Data({"name": one.name, "id": one.kind.id, "settings": one.settings.json()}) for one in source.filters])


@api("source")
def obs_source_get_output_flags(_: Any, source: Source) -> int:
    return source.kind.flags


@api("source", "str", gives="source", owned=True)
def obs_source_get_filter_by_name(_: Any, source: Source, name: str) -> Source | None:
    return next((one for one in source.filters if one.name == name), None)


@api(gives="[source]", owned=True)
def obs_enum_sources(fake: FakeObs) -> list[Source]:
    """In no order that a script may count on: three have been seen (OBS 29.0, 30.2, 32.2)."""
    found = [one for one in fake._sources if not one.private and (one.kind.type == "input" or one.is_group)]
    if fake.version < (29, 1, 0):
        return found[::-1]  # the newest first
    if fake.version < (31, 1, 0):
        return sorted(found, key=lambda one: (one.renames, zlib.crc32(one.name.encode())))  # by the name; a renamed one is last
    return found  # as they were made


@api("list")
def source_list_release(fake: FakeObs, handles: list[Any]) -> None:
    for handle in handles:
        fake._release(handle, "source", "source_list_release")
    fake._collect()


def _media(name: str, state: str = "") -> None:
    """A call that OBS queues for the source's next frame; a kind without media controls ignores it (obs-source.c)."""

    def call(fake: FakeObs, source: Source) -> None:
        fake.frontend_calls.append((name, source.name))
        if state and source.kind.is_media:
            source.next_media_state = CONSTANTS[f"OBS_MEDIA_STATE_{state}"]

    add(name, Signature(("source",)), call)


_media("obs_source_media_restart", "PLAYING")
_media("obs_source_media_stop", "STOPPED")
_media("obs_source_media_next")
_media("obs_source_media_previous")


@api("source", "bool")
def obs_source_media_play_pause(fake: FakeObs, source: Source, pause: bool) -> None:
    fake.frontend_calls.append(("obs_source_media_play_pause", (source.name, pause)))
    going = [CONSTANTS[f"OBS_MEDIA_STATE_{state}"] for state in ("PLAYING", "OPENING", "BUFFERING", "PAUSED")]
    if source.kind.is_media and source.next_media_state in going:  # what has ended doesn't begin again [seen]
        source.next_media_state = CONSTANTS["OBS_MEDIA_STATE_PAUSED" if pause else "OBS_MEDIA_STATE_PLAYING"]
