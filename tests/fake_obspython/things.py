"""OBS's own things (data, sources, scenes, properties), as libobs has them. Knows no script, no handle and no thread."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from .constants import CONSTANTS, TOP_LEFT


@dataclass(frozen=True)
class Kind:
    """A kind of source: its versioned id, the id without version, its type and its default settings."""

    id: str
    unversioned: str
    display: str
    type: str = "input"  # input, filter, scene
    defaults: Mapping[str, Any] = field(default_factory=dict)
    is_media: bool = False
    is_audio: bool = False

    @property
    def flags(self) -> int:
        """OBS_SOURCE_VIDEO, _AUDIO, _CONTROLLABLE_MEDIA of obs-source.h."""
        return (0 if self.is_audio and not self.is_media else 1) | self.is_audio << 1 | self.is_media << 13


_COLOR = {"color": 0xFFD1D1D1, "width": 1920, "height": 1080}
_FT2 = {"color1": 0xFFFFFFFF, "color2": 0xFFFFFFFF, "text": ""}
_GDI = {"color": 0xFFFFFF, "opacity": 100, "align": "left", "valign": "top", "text": ""}
_EVERYWHERE = (
    Kind("color_source", "color_source", "Color Source", defaults={**_COLOR, "width": 400, "height": 400}),
    Kind("color_source_v2", "color_source", "Color Source", defaults=_COLOR),
    Kind("color_source_v3", "color_source", "Color Source", defaults=_COLOR),
    Kind("image_source", "image_source", "Image", defaults={"unload": False}),
    Kind("ffmpeg_source", "ffmpeg_source", "Media Source", is_media=True, is_audio=True),
    Kind("pulse_input_capture", "pulse_input_capture", "Audio Input Capture (PulseAudio)", is_audio=True),
    Kind("text_ft2_source", "text_ft2_source", "Text (FreeType 2)", defaults=_FT2),
    Kind("text_ft2_source_v2", "text_ft2_source", "Text (FreeType 2)", defaults=_FT2),
    Kind("mask_filter_v2", "mask_filter", "Image Mask/Blend", "filter", {"type": "mask_color_filter.effect"}),
    Kind("scene", "scene", "Scene", "scene"),
    Kind("group", "group", "Group", "scene"),
)
_GDI_KINDS = (
    Kind("text_gdiplus", "text_gdiplus", "Text (GDI+)", defaults=_GDI),
    Kind("text_gdiplus_v2", "text_gdiplus", "Text (GDI+)", defaults=_GDI),
)


def kinds_of(platform: str, version: tuple[int, int, int]) -> dict[str, Kind]:
    """The kinds of source this OBS has, by id, in the order they came."""
    kinds = [*_EVERYWHERE]
    if platform == "windows":
        kinds += _GDI_KINDS
        if version >= (30, 2, 0):
            kinds.append(Kind("text_gdiplus_v3", "text_gdiplus", "Text (GDI+)", defaults=_GDI))
    return {kind.id: kind for kind in kinds}


class Data:
    """obs_data_t: user values over defaults. Holds str, int, float, bool, Data and Array."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Any] = {}
        self.defaults: dict[str, Any] = {}
        self.dead = ""
        for name, value in (values or {}).items():
            kept = from_json(value)
            if kept is not None:  # obs-data drops JSON nulls
                self.values[name] = kept

    def get(self, name: str) -> Any:
        return self.values.get(name, self.defaults.get(name))

    def merge(self, other: Data) -> None:
        """obs_data_apply: user values only, copied."""
        for name, value in other.values.items():
            self.values[name] = from_json(to_json(value))

    def json(self, with_defaults: bool = False) -> dict[str, Any]:
        names = {**self.defaults, **self.values} if with_defaults else self.values
        return {name: to_json(value) for name, value in names.items()}


class Array:
    """obs_data_array_t: objects only."""

    def __init__(self, items: Sequence[Data] = ()) -> None:
        self.items = list(items)
        self.dead = ""


NO_DATA, NO_ARRAY = Data(), Array()  # NULL was set: {} and [] in JSON, but nothing is got back


def from_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Data(value)
    if isinstance(value, (list, tuple)):
        return Array([Data(item) for item in value if isinstance(item, Mapping)])
    return value


def to_json(value: Any) -> Any:
    if isinstance(value, Data):
        return value.json()
    if isinstance(value, Array):
        return [item.json() for item in value.items]
    return value


def as_string(value: Any) -> str:
    """What obs_data_get_string gives for it."""
    return value if isinstance(value, str) else ""


def as_number(value: Any) -> Any:
    """What obs_data_get_int and _double give for it, before the cast."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


class Scene:
    """obs_scene_t of a scene or a group: items from the bottom to the top."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.items: list[Item] = []

    @property
    def dead(self) -> str:
        return self.source.dead


class Source:
    """obs_source_t: an input, a filter, a scene or a group."""

    def __init__(self, kind: Kind, name: str, private: bool) -> None:
        self.kind = kind
        self.name = name
        self.uuid = str(uuid.uuid4())
        self.renames = 0  # the number of its last rename among all there were, 0: never renamed
        self.private = private
        self.settings = Data()
        self.settings.defaults = dict(kind.defaults)
        self.scene = Scene(self) if kind.type == "scene" else None
        self.filters: list[Source] = []
        self.removed = False
        self.pinned = False  # the frontend or the user holds it
        self.refs = 0
        self.enabled = True
        self.muted = False
        self.volume = 1.0
        self.media_state = CONSTANTS["OBS_MEDIA_STATE_NONE"]
        self.next_media_state = self.media_state  # taken over with the next frame
        self.size = (0, 0)  # px
        self.dead = ""

    @property
    def is_group(self) -> bool:
        return self.kind.id == "group"

    def likely_size(self) -> tuple[int, int]:
        """px; text by rule of thumb (0.6 em a letter, 1.2 em a line)."""
        settings = self.settings
        if self.kind.unversioned == "color_source":
            return int(as_number(settings.get("width"))), int(as_number(settings.get("height")))
        if self.kind.unversioned in ("text_ft2_source", "text_gdiplus"):
            font = settings.get("font")
            em = int(as_number(font.get("size"))) if isinstance(font, Data) else 0
            lines = as_string(settings.get("text")).split("\n")
            em = em or 256  # the default of both kinds
            return int(max(map(len, lines)) * em * 0.6), int(len(lines) * em * 1.2)
        return self.size


class Item:
    """obs_sceneitem_t."""

    def __init__(self, number: int, source: Source, parent: Scene) -> None:
        self.id = number
        self.source = source
        self.parent = parent
        self.pos = (0.0, 0.0)
        self.scale = (1.0, 1.0)
        self.rot = 0.0
        self.alignment = TOP_LEFT
        self.bounds = (0.0, 0.0)
        self.bounds_type = 0
        self.bounds_alignment = 0
        self.crop = (0, 0, 0, 0)
        self.visible = True
        self.locked = False
        self.selected = False
        self.private = Data()
        self.deferred = 0
        self.dead = ""

    @property
    def is_group(self) -> bool:
        return self.source.is_group

    @property
    def group_scene(self) -> Scene | None:
        return self.source.scene if self.is_group else None

    @property
    def children(self) -> list[Item]:
        """A group's items; none for anything else."""
        return self.group_scene.items if self.group_scene else []

    def select_only(self) -> None:
        """OBS's window selects what is new in a scene, and nothing else at its level (OBSBasic::AddSceneItem)."""
        for one in self.parent.items:
            one.selected = one is self

    def fit_group(self) -> None:
        """OBS moves a group to the top left of its items and its items back by as much (resize_group)."""
        if not self.children or self.bounds_type or self.deferred:
            return
        left, top = (min(child.pos[axis] for child in self.children) for axis in (0, 1))
        for child in self.children:
            child.pos = (child.pos[0] - left, child.pos[1] - top)
        self.pos = (self.pos[0] + left * self.scale[0], self.pos[1] + top * self.scale[1])


class Properties:
    """obs_properties_t: the fields of a page or of a group on it."""

    def __init__(self) -> None:
        self.fields: dict[str, Property] = {}
        self.parent: Property | None = None
        self.dead = ""

    def each(self) -> Iterator[Property]:
        """Every field, those inside groups too, in the order they are drawn."""
        for one in self.fields.values():
            yield one
            if one.content:
                yield from one.content.each()

    def find(self, name: str) -> Property | None:
        """The field of that name, in a group too; a page has one of each (calls/properties.py)."""
        found = self.fields.get(name)
        inside = (one.content.find(name) for one in self.fields.values() if one.content) if found is None else ()
        return found or next(filter(None, inside), None)

    def top(self) -> Properties:
        return self.parent.owner.top() if self.parent else self

    def destroy(self, why: str) -> None:
        self.dead = why
        for one in self.fields.values():
            one.destroy(why)


class Property:
    """obs_property_t."""

    def __init__(self, owner: Properties, name: str, kind: str, text: str, extra: dict[str, Any]) -> None:
        self.owner = owner
        self.name = name
        self.kind = kind
        self.text = text
        self.extra = extra
        self.long_text: str | None = None
        self.visible = True
        self.enabled = True
        self.callback: Callable[..., Any] | None = None
        self.modified: Callable[..., Any] | None = None
        self.options: list[tuple[str, Any]] = []
        self.content: Properties | None = None
        self.dead = ""

    def destroy(self, why: str) -> None:
        self.dead = why
        if self.content:
            self.content.destroy(why)


class vec2:
    """struct vec2: x and y, px or factors."""

    def __init__(self) -> None:
        self.x = 0.0
        self.y = 0.0


class obs_video_info:
    """struct obs_video_info, filled by obs_get_video_info."""

    def __init__(self) -> None:
        self.base_width = self.base_height = self.output_width = self.output_height = 0
        self.fps_num = self.fps_den = 0


class obs_sceneitem_crop:
    """struct obs_sceneitem_crop, px."""

    def __init__(self) -> None:
        self.left = self.top = self.right = self.bottom = 0


STRUCTS = {"vec2": vec2, "video_info": obs_video_info, "crop": obs_sceneitem_crop}
"""The words for them in Signature.takes."""
