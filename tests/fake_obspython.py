"""A strict stand-in for OBS's ``obspython``, so that the OBS side can be tested without an OBS.

Knows how OBS treats a Python script (who calls what on which thread, who owns which reference, in which
order the hooks come) and nothing of this project. Rules it enforces, each kept as a line in ``violations``
and raised as :class:`FakeObsError` where the mistake is made (code under test may swallow the exception,
so a fixture must end with ``assert fake.violations == []``):

1. An owned result is released exactly once, before the callback ends in which it was got; a released or
   borrowed handle is not used afterwards; nothing is released that is not owned.
2. obspython is called only on the thread on which OBS runs a callback at this moment. Timers run on a second
   thread ("OBS graphics"), hotkeys on a third ("OBS defer"), everything else on the thread of the test.
3. Timers, hotkeys, frontend event callbacks and signals are registered in script_load only, before anything
   that fires a frontend event, with plain module-level functions.
4. While a collection loads its scripts no source exists; collection switches end every pointer.
5. Arguments have the types SWIG insists on: no int for a bool, no float for an int, no lone surrogates; no NUL
   where obs-scripting parses them itself (script_log, buttons, hotkeys).
6. Nothing raises out of a callback: OBS would print it to its Script Log and pop that up over the stream.
7. After script_unload no thread of the script is alive; the script starts daemon threads only.

Facts come from obs-studio 29 to 32: shared/obs-scripting/*.c, libobs/obs-{source,scene,data,properties}.c,
plugins/frontend-tools/scripts.cpp and shared/properties-view.

Use::

    with FakeObs() as fake:                      # puts itself into sys.modules["obspython"]
        fake.load_script(path, {"username": "x"})    # body, defaults, description, load, update
        fake.load_collection()                   # now there is a scene
        fake.press("connect"); fake.tick(0.5)
        fake.unload_script()
    assert fake.violations == []
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import os
import queue
import sys
import threading
import time
import traceback
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Callable

HERE = os.path.abspath(__file__)
FRAME_NS = 1_000_000_000 // 60 + 1  # one video frame at 60 fps; rounded up so that 60 of them are a second
STUCK_AFTER = 30.0  # s; a callback on the graphics thread that takes longer is taken for a deadlock


class FakeObsError(AssertionError):
    """A rule of OBS was broken. The same text is in ``FakeObs.violations``."""


# ------------------------------------------------------------------------------------ constants

EVENTS = [
    "STREAMING_STARTING",
    "STREAMING_STARTED",
    "STREAMING_STOPPING",
    "STREAMING_STOPPED",
    "RECORDING_STARTING",
    "RECORDING_STARTED",
    "RECORDING_STOPPING",
    "RECORDING_STOPPED",
    "SCENE_CHANGED",
    "SCENE_LIST_CHANGED",
    "TRANSITION_CHANGED",
    "TRANSITION_STOPPED",
    "TRANSITION_LIST_CHANGED",
    "SCENE_COLLECTION_CHANGED",
    "SCENE_COLLECTION_LIST_CHANGED",
    "PROFILE_CHANGED",
    "PROFILE_LIST_CHANGED",
    "EXIT",
    "REPLAY_BUFFER_STARTING",
    "REPLAY_BUFFER_STARTED",
    "REPLAY_BUFFER_STOPPING",
    "REPLAY_BUFFER_STOPPED",
    "STUDIO_MODE_ENABLED",
    "STUDIO_MODE_DISABLED",
    "PREVIEW_SCENE_CHANGED",
    "SCENE_COLLECTION_CLEANUP",
    "FINISHED_LOADING",
    "RECORDING_PAUSED",
    "RECORDING_UNPAUSED",
    "TRANSITION_DURATION_CHANGED",
    "REPLAY_BUFFER_SAVED",
    "VIRTUALCAM_STARTED",
    "VIRTUALCAM_STOPPED",
    "TBAR_VALUE_CHANGED",
    "SCENE_COLLECTION_CHANGING",
    "PROFILE_CHANGING",
    "SCRIPTING_SHUTDOWN",
    "PROFILE_RENAMED",
    "SCENE_COLLECTION_RENAMED",
    "THEME_CHANGED",
    "SCREENSHOT_TAKEN",
]

CONSTANTS: dict[str, int] = {
    "LOG_ERROR": 100,
    "LOG_WARNING": 200,
    "LOG_INFO": 300,
    "LOG_DEBUG": 400,
    "OBS_FONT_BOLD": 1,
    "OBS_FONT_ITALIC": 2,
    "OBS_FONT_UNDERLINE": 4,
    "OBS_FONT_STRIKEOUT": 8,
    "OBS_SOURCE_TYPE_INPUT": 0,
    "OBS_SOURCE_TYPE_FILTER": 1,
    "OBS_SOURCE_TYPE_TRANSITION": 2,
    "OBS_SOURCE_TYPE_SCENE": 3,
    "OBS_COMBO_INVALID": 0,  # obs_group_type's first name, as misnamed in obs-properties.h
    "OBS_GROUP_NORMAL": 1,
    "OBS_GROUP_CHECKABLE": 2,
}
for _prefix, _names in (
    ("OBS_FRONTEND_EVENT_", EVENTS),
    ("OBS_ORDER_MOVE_", ("UP", "DOWN", "TOP", "BOTTOM")),
    (
        "OBS_BOUNDS_",
        ("NONE", "STRETCH", "SCALE_INNER", "SCALE_OUTER", "SCALE_TO_WIDTH", "SCALE_TO_HEIGHT", "MAX_ONLY"),
    ),
    ("OBS_COMBO_FORMAT_", ("INVALID", "INT", "FLOAT", "STRING", "BOOL")),
    ("OBS_COMBO_TYPE_", ("INVALID", "EDITABLE", "LIST", "RADIO")),
    ("OBS_EDITABLE_LIST_TYPE_", ("STRINGS", "FILES", "FILES_AND_URLS")),
    ("OBS_PATH_", ("FILE", "FILE_SAVE", "DIRECTORY")),
    ("OBS_TEXT_", ("DEFAULT", "PASSWORD", "MULTILINE", "INFO")),
    ("OBS_TEXT_INFO_", ("NORMAL", "WARNING", "ERROR")),
    ("OBS_BUTTON_", ("DEFAULT", "URL")),
    (
        "OBS_PROPERTY_",
        [
            "INVALID",
            "BOOL",
            "INT",
            "FLOAT",
            "TEXT",
            "PATH",
            "LIST",
            "COLOR",
            "BUTTON",
            "FONT",
            "EDITABLE_LIST",
            "FRAME_RATE",
            "GROUP",
            "COLOR_ALPHA",
        ],
    ),
):
    CONSTANTS.update({_prefix + _name: _number for _number, _name in enumerate(_names)})

# OBS_ALIGN_LEFT | OBS_ALIGN_TOP. The names come from obs-defs.h, which obspython leaves out: a script has to know.
TOP_LEFT = 1 | 4

# In obspython, but not to be called from Python: they take C function pointers or out-parameters.
UNUSABLE = [
    "obs_enum_scenes",
    "obs_enum_hotkeys",
    "obs_enum_all_sources",
    "obs_queue_task",
    "obs_source_enum_filters",
    "obs_scene_atomic_update",
    "obs_enum_source_types",
    "obs_properties_add_button2",
    "obs_hotkey_pair_save",
]

# Recorded in FakeObs.frontend_calls; queued by OBS, so safe from a timer.
QUEUED = [
    "obs_frontend_streaming_start",
    "obs_frontend_streaming_stop",
    "obs_frontend_recording_start",
    "obs_frontend_recording_stop",
    "obs_frontend_replay_buffer_start",
    "obs_frontend_replay_buffer_save",
    "obs_frontend_replay_buffer_stop",
    "obs_frontend_start_virtualcam",
    "obs_frontend_stop_virtualcam",
]
ASKED = [
    "obs_frontend_streaming_active",
    "obs_frontend_recording_active",
    "obs_frontend_recording_paused",
    "obs_frontend_replay_buffer_active",
    "obs_frontend_virtualcam_active",
]


@dataclass(frozen=True)
class Kind:
    """A kind of source: its versioned id, the id without version, its type and its default settings."""

    id: str
    unversioned: str
    display: str
    type: str = "input"  # input, filter, scene
    defaults: Mapping[str, Any] = field(default_factory=dict)


_COLOR = {"color": 0xFFD1D1D1, "width": 1920, "height": 1080}
_FT2 = {"color1": 0xFFFFFFFF, "color2": 0xFFFFFFFF, "text": ""}
_GDI = {"color": 0xFFFFFF, "opacity": 100, "align": "left", "valign": "top", "text": ""}
COMMON_KINDS = (
    Kind("color_source", "color_source", "Color Source", defaults={**_COLOR, "width": 400, "height": 400}),
    Kind("color_source_v2", "color_source", "Color Source", defaults=_COLOR),
    Kind("color_source_v3", "color_source", "Color Source", defaults=_COLOR),
    Kind("image_source", "image_source", "Image", defaults={"unload": False}),
    Kind("text_ft2_source", "text_ft2_source", "Text (FreeType 2)", defaults=_FT2),
    Kind("text_ft2_source_v2", "text_ft2_source", "Text (FreeType 2)", defaults=_FT2),
    Kind("mask_filter", "mask_filter", "Image Mask/Blend", "filter", {"type": "mask_color_filter.effect"}),
    Kind("mask_filter_v2", "mask_filter", "Image Mask/Blend", "filter", {"type": "mask_color_filter.effect"}),
    Kind("color_filter_v2", "color_filter", "Color Correction", "filter"),
    Kind("scene", "scene", "Scene", "scene"),
    Kind("group", "group", "Group", "scene"),
)
GDI_KINDS = (
    Kind("text_gdiplus", "text_gdiplus", "Text (GDI+)", defaults=_GDI),
    Kind("text_gdiplus_v2", "text_gdiplus", "Text (GDI+)", defaults=_GDI),
)


# ------------------------------------------------------------------------------------ OBS's own things


class Data:
    """obs_data_t: user values over defaults. Holds str, int, float, bool, Data and Array."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self.values: dict[str, Any] = {}
        self.defaults: dict[str, Any] = {}
        self.dead = ""
        for name, value in (values or {}).items():
            kept = _from_json(value)
            if kept is not None:  # obs-data drops JSON nulls
                self.values[name] = kept

    def get(self, name: str) -> Any:
        return self.values.get(name, self.defaults.get(name))

    def merge(self, other: Data) -> None:
        """obs_data_apply: user values only, copied."""
        for name, value in other.values.items():
            self.values[name] = _from_json(_to_json(value))

    def json(self, with_defaults: bool = False) -> dict[str, Any]:
        names = {**self.defaults, **self.values} if with_defaults else self.values
        return {name: _to_json(value) for name, value in names.items()}


class Array:
    """obs_data_array_t: objects only."""

    def __init__(self, items: Sequence[Data] = ()) -> None:
        self.items = list(items)
        self.dead = ""


NO_DATA, NO_ARRAY = Data(), Array()  # NULL was set: {} and [] in JSON, but nothing is got back


def _from_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Data(value)
    if isinstance(value, (list, tuple)):
        return Array([Data(item) for item in value if isinstance(item, Mapping)])
    return value


def _to_json(value: Any) -> Any:
    if isinstance(value, Data):
        return value.json()
    if isinstance(value, Array):
        return [item.json() for item in value.items]
    return value


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
        self.size = (0, 0)  # px
        self.dead = ""

    @property
    def is_group(self) -> bool:
        return self.kind.id == "group"


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
        self.deferred = 0
        self.refs = 0
        self.dead = ""


class Weak:
    """obs_weak_source_t."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.dead = ""


class Signals:
    """signal_handler_t."""

    dead = ""


class Properties:
    """obs_properties_t: the fields of a page or of a group on it."""

    def __init__(self) -> None:
        self.fields: dict[str, Property] = {}
        self.parent: Property | None = None
        self.dead = ""

    def find(self, name: str) -> Property | None:
        if name in self.fields:
            return self.fields[name]
        for one in self.fields.values():
            found = one.content.find(name) if one.content else None
            if found:
                return found
        return None

    def top(self) -> Properties:
        return self.parent.owner.top() if self.parent else self

    def destroy(self, why: str) -> None:
        self.dead = why
        for one in self.fields.values():
            one.dead = why
            if one.content:
                one.content.destroy(why)


class Property:
    """obs_property_t."""

    def __init__(self, owner: Properties, name: str, kind: str, text: str) -> None:
        self.owner = owner
        self.name = name
        self.kind = kind
        self.text = text
        self.long_text: str | None = None
        self.visible = True
        self.enabled = True
        self.callback: Callable[..., Any] | None = None
        self.modified: Callable[..., Any] | None = None
        self.options: list[tuple[str, Any]] = []
        self.content: Properties | None = None
        self.extra: dict[str, Any] = {}
        self.dead = ""


@dataclass(frozen=True)
class Update:
    """One obs_source_update: ``turn`` of the timer (0: before the first), ``thread`` ui, graphics, defer."""

    source: str
    values: Mapping[str, Any]
    turn: int
    thread: str


@dataclass(frozen=True)
class SourceView:
    """A source as the user sees it: settings with defaults, size in px (0: not drawn yet)."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    updates: Sequence[Update]
    filters: Sequence[SourceView]
    size: tuple[int, int]
    muted: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class ItemView:
    """A scene item as the user sees it; ``items`` are a group's children, bottom first as everywhere."""

    name: str
    kind: str
    visible: bool
    locked: bool
    selected: bool
    pos: tuple[float, float]
    scale: tuple[float, float]
    bounds: tuple[float, float]
    bounds_type: int
    bounds_alignment: int
    alignment: int
    items: Sequence[ItemView]


@dataclass(frozen=True)
class Drawn:
    """A field of the page as it was drawn last. ``shown`` is the text a user reads in an info field."""

    name: str
    kind: str
    text: str
    long_text: str | None
    visible: bool
    enabled: bool
    options: Sequence[tuple[str, Any]]
    group: str | None
    value: Any
    info_type: int
    text_type: int
    url: str
    shown: str


class Page:
    """The properties page as the user sees it: what was drawn at opening or at the last redraw, no later."""

    def __init__(self, properties: Properties, settings: Data) -> None:
        self.properties = properties
        self.settings = settings
        self.redraws = -1
        self.drawn: dict[str, Drawn] = {}
        self.draw()

    def draw(self) -> None:
        self.redraws += 1
        self.drawn = {one.name: one for one in self._fields(self.properties, None, True, True)}

    def _fields(self, fields: Properties, group: str | None, visible: bool, enabled: bool) -> Iterator[Drawn]:
        for one in fields.fields.values():
            value = self.settings.get(one.name)
            seen, open_ = visible and one.visible, enabled and one.enabled
            written = value if isinstance(value, str) else ""
            shown = written or (one.text if one.long_text is None else one.long_text)
            yield Drawn(
                one.name,
                one.kind,
                one.text,
                one.long_text,
                seen,
                open_,
                tuple(one.options),
                group,
                _to_json(value),
                one.extra.get("info_type", 0),
                one.extra.get("text_type", 0),
                one.extra.get("url", ""),
                shown,
            )
            if one.content:
                unchecked = one.extra.get("group_type") == CONSTANTS["OBS_GROUP_CHECKABLE"] and value is not True
                yield from self._fields(one.content, one.name, seen, open_ and not unchecked)

    def __getitem__(self, name: str) -> Drawn:
        return self.drawn[name]

    def __contains__(self, name: str) -> bool:
        return name in self.drawn

    def names(self, visible_only: bool = False) -> list[str]:
        return [one.name for one in self.drawn.values() if one.visible or not visible_only]

    def text(self) -> str:
        """Everything a user can read on it, one field a line."""
        lines = []
        for one in self.drawn.values():
            if one.visible:
                lines.append(one.text if one.shown == one.text else f"{one.text} {one.shown}")
        return "\n".join(lines)


# ------------------------------------------------------------------------------------ handles


class Handle:
    """What Python holds of an OBS thing: equal to another handle of the same thing, as SWIG's are."""

    __slots__ = ("kind", "lender", "owned", "place", "released", "reported", "serial", "target")

    def __init__(self, kind: str, target: Any, owned: bool, place: str, lender: Handle | None, serial: int | None) -> None:
        self.kind = kind
        self.target = target
        self.owned = owned
        self.place = place
        self.lender = lender
        self.serial = serial  # of the callback it was got in; None: lives as long as its target
        self.released = ""
        self.reported = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and other.target is self.target and other.kind == self.kind

    __hash__ = None  # type: ignore[assignment]  # as SwigPyObject

    def __repr__(self) -> str:
        return f"<Swig Object of type 'obs_{self.kind}_t *'>"


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


@dataclass
class Callback:
    """A callback that OBS runs at this moment."""

    what: str
    role: str  # ui, graphics, defer
    thread: int
    serial: int
    fired: str = ""  # the call in it that fired a frontend event
    deferred: dict[Any, int] = field(default_factory=dict)


@dataclass
class Timer:
    """A timer as timer_add made it; ``ms`` between two turns."""

    callback: Callable[[], Any]
    ms: int
    last_ns: int


@dataclass
class Hotkey:
    """A hotkey of the script; ``bindings`` is what a user would have set."""

    id: int
    name: str
    text: str
    callback: Callable[[bool], Any]
    bindings: list[dict[str, Any]]


class Worker:
    """A thread of OBS on which one callback at a time is run while the caller waits."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self.thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            job()

    def run(self, function: Callable[[], Any]) -> Any:
        """What ``function`` returned or raised; FakeObsError when it did not come back in STUCK_AFTER s."""
        done = threading.Event()
        answer: list[Any] = []

        def job() -> None:
            try:
                answer.append(("value", function()))
            except BaseException as error:
                answer.append(("error", error))
            done.set()

        self._jobs.put(job)
        if not done.wait(STUCK_AFTER):
            frame = sys._current_frames().get(self.thread.ident or 0)
            where = "".join(traceback.format_stack(frame)) if frame else "?"
            raise FakeObsError(f"{self.thread.name} is stuck:\n{where}")
        what, value = answer[0]
        if what == "error":
            raise value
        return value

    def close(self) -> None:
        self._jobs.put(None)
        self.thread.join(2)


class ScriptStream:
    """OBS's stand-in for stdout and stderr: write and flush only. Other threads go to the real one."""

    def __init__(self, fake: FakeObs, level: int, real: Any) -> None:
        self._fake, self._level, self._real = fake, level, real

    def write(self, text: str) -> None:
        if self._fake._on_callback_thread():
            self._fake._printed(self._level, text)
        else:
            self._real.write(text)

    def flush(self) -> None:
        pass


# ------------------------------------------------------------------------------------ the API table


@dataclass(frozen=True)
class Signature:
    """How a function of obspython is called: see FakeObs._unpack for the words in ``takes``."""

    takes: tuple[str, ...]
    gives: str = ""
    owned: bool = False
    waits_for_ui: bool = False
    registers: bool = False


API: dict[str, tuple[Signature, Callable[..., Any]]] = {}


def api(*takes: str, **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a method a function of the module; ``takes`` and ``how`` as in Signature."""

    def keep(method: Callable[..., Any]) -> Callable[..., Any]:
        API[method.__name__] = (Signature(takes, **how), method)
        return method

    return keep


HANDLE_KINDS = {
    "source": Source,
    "scene": Scene,
    "sceneitem": Item,
    "data": Data,
    "data_array": Array,
    "properties": Properties,
    "property": Property,
    "weak_source": Weak,
    "signal_handler": Signals,
}


class Functions:
    """The functions of obspython, over OBS's own things (unwrapped by FakeObs before they come here)."""

    # -- obs-data.h

    @api(gives="data", owned=True)
    def obs_data_create(self) -> Data:
        return Data()

    @api("str", gives="data", owned=True)
    def obs_data_create_from_json(self, text: str) -> Data | None:
        def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            if len(dict(pairs)) != len(pairs):
                raise ValueError("duplicate key")  # JSON_REJECT_DUPLICATES in obs-data.c
            return dict(pairs)

        try:
            value = json.loads(text, object_pairs_hook=unique)
        except ValueError:
            return None
        if not isinstance(value, (dict, list)):
            return None
        return Data(value if isinstance(value, dict) else {})

    @api("data!")
    def obs_data_release(self, data: Data) -> None: ...

    @api("data")
    def obs_data_get_json(self, data: Data) -> str:
        return json.dumps(data.json(), ensure_ascii=False, separators=(",", ":"))

    @api("data", "data")
    def obs_data_apply(self, target: Data, source: Data) -> None:
        if target is not source:
            target.merge(source)

    @api("data", "str")
    def obs_data_erase(self, data: Data, name: str) -> None:
        data.values.pop(name, None)
        data.defaults.pop(name, None)  # the whole item goes, default and all

    @api("data", "str")
    def obs_data_unset_user_value(self, data: Data, name: str) -> None:
        data.values.pop(name, None)

    @api("data", "str")
    def obs_data_unset_default_value(self, data: Data, name: str) -> None:
        data.defaults.pop(name, None)

    @api("data")
    def obs_data_clear(self, data: Data) -> None:
        data.values.clear()

    @api("data", "str")
    def obs_data_has_user_value(self, data: Data, name: str) -> bool:
        return name in data.values

    @api("data", "str")
    def obs_data_has_default_value(self, data: Data, name: str) -> bool:
        return name in data.defaults

    @api("data", "str", "str?")
    def obs_data_set_string(self, data: Data, name: str, value: str | None) -> None:
        data.values[name] = value or ""

    @api("data", "str", "int")
    def obs_data_set_int(self, data: Data, name: str, value: int) -> None:
        data.values[name] = int(value)

    @api("data", "str", "float")
    def obs_data_set_double(self, data: Data, name: str, value: float) -> None:
        data.values[name] = float(value)

    @api("data", "str", "bool")
    def obs_data_set_bool(self, data: Data, name: str, value: bool) -> None:
        data.values[name] = value

    @api("data", "str", "data?")
    def obs_data_set_obj(self, data: Data, name: str, value: Data | None) -> None:
        data.values[name] = value if value is not None else NO_DATA

    @api("data", "str", "data_array?")
    def obs_data_set_array(self, data: Data, name: str, value: Array | None) -> None:
        data.values[name] = value if value is not None else NO_ARRAY

    @api("data", "str", "str?")
    def obs_data_set_default_string(self, data: Data, name: str, value: str | None) -> None:
        data.defaults[name] = value or ""

    @api("data", "str", "int")
    def obs_data_set_default_int(self, data: Data, name: str, value: int) -> None:
        data.defaults[name] = int(value)

    @api("data", "str", "float")
    def obs_data_set_default_double(self, data: Data, name: str, value: float) -> None:
        data.defaults[name] = float(value)

    @api("data", "str", "bool")
    def obs_data_set_default_bool(self, data: Data, name: str, value: bool) -> None:
        data.defaults[name] = value

    @api("data", "str", "data?")
    def obs_data_set_default_obj(self, data: Data, name: str, value: Data | None) -> None:
        data.defaults[name] = value if value is not None else Data()

    @api("data", "str", "data_array?")
    def obs_data_set_default_array(self, data: Data, name: str, value: Array | None) -> None:
        data.defaults[name] = value if value is not None else Array()

    @api("data", "str")
    def obs_data_get_string(self, data: Data, name: str) -> str:
        return _as_string(data.get(name))

    @api("data", "str")
    def obs_data_get_int(self, data: Data, name: str) -> int:
        return int(_as_number(data.get(name)))

    @api("data", "str")
    def obs_data_get_double(self, data: Data, name: str) -> float:
        return float(_as_number(data.get(name)))

    @api("data", "str")
    def obs_data_get_bool(self, data: Data, name: str) -> bool:
        return data.get(name) is True

    @api("data", "str", gives="data", owned=True)
    def obs_data_get_obj(self, data: Data, name: str) -> Data | None:
        value = data.get(name)
        return value if isinstance(value, Data) and value is not NO_DATA else None

    @api("data", "str", gives="data_array", owned=True)
    def obs_data_get_array(self, data: Data, name: str) -> Array | None:
        value = data.get(name)
        return value if isinstance(value, Array) and value is not NO_ARRAY else None

    @api("data", "str")
    def obs_data_get_default_string(self, data: Data, name: str) -> str:
        return _as_string(data.defaults.get(name))

    @api("data", "str")
    def obs_data_get_default_int(self, data: Data, name: str) -> int:
        return int(_as_number(data.defaults.get(name)))

    @api("data", "str")
    def obs_data_get_default_double(self, data: Data, name: str) -> float:
        return float(_as_number(data.defaults.get(name)))

    @api("data", "str")
    def obs_data_get_default_bool(self, data: Data, name: str) -> bool:
        return data.defaults.get(name) is True

    @api(gives="data_array", owned=True)
    def obs_data_array_create(self) -> Array:
        return Array()

    @api("data_array!")
    def obs_data_array_release(self, array: Array) -> None: ...

    @api("data_array?")
    def obs_data_array_count(self, array: Array | None) -> int:
        return len(array.items) if array else 0

    @api("data_array", "uint", gives="data", owned=True)
    def obs_data_array_item(self, array: Array, index: int) -> Data | None:
        return array.items[index] if index < len(array.items) else None

    @api("data_array", "data")
    def obs_data_array_push_back(self, array: Array, data: Data) -> int:
        array.items.append(data)
        return len(array.items) - 1

    @api("data_array", "uint", "data")
    def obs_data_array_insert(self, array: Array, index: int, data: Data) -> None:
        array.items.insert(index, data)

    @api("data_array", "uint")
    def obs_data_array_erase(self, array: Array, index: int) -> None:
        if index < len(array.items):
            del array.items[index]

    # -- obs.h: sources

    @api("str", gives="source", owned=True)
    def obs_get_source_by_name(self: FakeObs, name: str) -> Source | None:
        return self._named(name)

    @api("str", "str", "data?", "data?", gives="source", owned=True)
    def obs_source_create(self: FakeObs, id: str, name: str, settings: Data | None, _: Data | None) -> Source:
        return self._make("obs_source_create", id, name, settings, private=False)

    @api("str", "str", "data?", gives="source", owned=True)
    def obs_source_create_private(self: FakeObs, id: str, name: str, settings: Data | None) -> Source:
        return self._make("obs_source_create_private", id, name, settings, private=True)

    @api("source!")
    def obs_source_release(self: FakeObs, source: Source) -> None:
        self._collect()

    @api("source", gives="source", owned=True)
    def obs_source_get_ref(self, source: Source) -> Source:
        return source

    @api("source", gives="weak_source", owned=True)
    def obs_source_get_weak_source(self, source: Source) -> Weak:
        return Weak(source)

    @api("weak_source", gives="source", owned=True)
    def obs_weak_source_get_source(self, weak: Weak) -> Source | None:
        return None if weak.source.dead else weak.source

    @api("weak_source!")
    def obs_weak_source_release(self, weak: Weak) -> None: ...

    @api("source")
    def obs_source_remove(self: FakeObs, source: Source) -> None:
        source.removed = True  # scene items of it go with the next frame

    @api("source")
    def obs_source_removed(self, source: Source) -> bool:
        return source.removed

    @api("source", "data?")
    def obs_source_update(self: FakeObs, source: Source, settings: Data | None) -> None:
        values = settings.json() if settings else {}
        if settings:
            source.settings.merge(settings)
        self.updates.append(Update(source.name, values, self.turns, self._stack[-1].role))

    @api("source", gives="data", owned=True)
    def obs_source_get_settings(self, source: Source) -> Data:
        return source.settings  # the very object, no copy

    @api("source")
    def obs_source_get_name(self, source: Source) -> str:
        return source.name

    @api("source", "str")
    def obs_source_set_name(self: FakeObs, source: Source, name: str) -> None:
        if name != source.name:
            source.name = name if source.private else self._free_name(name)

    @api("source")
    def obs_source_get_id(self, source: Source) -> str:
        return source.kind.id

    @api("source")
    def obs_source_get_unversioned_id(self, source: Source) -> str:
        return source.kind.unversioned

    @api("source")
    def obs_source_get_type(self, source: Source) -> int:
        return {"input": 0, "filter": 1, "scene": 3}[source.kind.type]

    @api("source")
    def obs_source_get_uuid(self, source: Source) -> str:
        return f"00000000-0000-4000-8000-{id(source) & 0xFFFFFFFFFFFF:012x}"

    @api("str", gives="source", owned=True)
    def obs_get_source_by_uuid(self: FakeObs, uuid: str) -> Source | None:
        wanted = [one for one in self._sources if not one.private and uuid.endswith(f"{id(one) & 0xFFFFFFFFFFFF:012x}")]
        return wanted[0] if wanted else None

    @api("source")
    def obs_source_get_width(self, source: Source) -> int:
        return source.size[0]

    @api("source")
    def obs_source_get_height(self, source: Source) -> int:
        return source.size[1]

    @api("source")
    def obs_source_enabled(self, source: Source) -> bool:
        return source.enabled

    @api("source", "bool")
    def obs_source_set_enabled(self, source: Source, on: bool) -> None:
        source.enabled = on

    @api("source")
    def obs_source_muted(self, source: Source) -> bool:
        return source.muted

    @api("source", "bool")
    def obs_source_set_muted(self, source: Source, on: bool) -> None:
        source.muted = on

    @api("source")
    def obs_source_get_volume(self, source: Source) -> float:
        return source.volume

    @api("source", "float")
    def obs_source_set_volume(self, source: Source, volume: float) -> None:
        source.volume = float(volume)

    @api("source")
    def obs_source_media_restart(self: FakeObs, source: Source) -> None:
        self.frontend_calls.append(("obs_source_media_restart", source.name))

    @api("source")
    def obs_source_media_stop(self: FakeObs, source: Source) -> None:
        self.frontend_calls.append(("obs_source_media_stop", source.name))

    @api("source")
    def obs_source_active(self: FakeObs, source: Source) -> bool:
        return any(source is one.source for one in self._shown_items())

    @api("source")
    def obs_source_is_group(self, source: Source) -> bool:
        return source.is_group

    @api("source")
    def obs_source_is_scene(self, source: Source) -> bool:
        return source.kind.id == "scene"

    @api("str?")
    def obs_source_get_display_name(self: FakeObs, id: str | None) -> str | None:
        return self.kinds[id].display if id in self.kinds else None

    @api("str")
    def obs_get_latest_input_type_id(self: FakeObs, unversioned: str) -> str:
        known = [kind.id for kind in self.kinds.values() if kind.unversioned == unversioned]
        if not known:
            self._violate(f"obs_get_latest_input_type_id({unversioned!r}) aborts OBS: the kind is unknown")
        return known[-1]

    @api("source", "source")
    def obs_source_filter_add(self: FakeObs, source: Source, filter: Source) -> None:
        if filter.kind.type != "filter":
            self._violate(f"obs_source_filter_add: {filter.kind.id} is no filter")
        if filter not in source.filters:
            source.filters.insert(0, filter)

    @api("source", "source")
    def obs_source_filter_remove(self: FakeObs, source: Source, filter: Source) -> None:
        if filter in source.filters:
            source.filters.remove(filter)
            self._collect()

    @api("source", "str", gives="source", owned=True)
    def obs_source_get_filter_by_name(self, source: Source, name: str) -> Source | None:
        return next((one for one in source.filters if one.name == name), None)

    @api("source")
    def obs_source_filter_count(self, source: Source) -> int:
        return len(source.filters)

    @api(gives="[source]", owned=True)
    def obs_enum_sources(self: FakeObs) -> list[Source]:
        found = [one for one in self._sources if not one.private and (one.kind.type == "input" or one.is_group)]
        return found[::-1] if self.version < (30, 0, 0) else found  # a list then, newest first (seen)

    @api("list")
    def source_list_release(self: FakeObs, handles: list[Any]) -> None:
        for handle in handles:
            self._release(handle, "source", "source_list_release")
        self._collect()

    # -- obs.h: scenes and their items

    @api("str", gives="scene", owned=True, waits_for_ui=True)
    def obs_scene_create(self: FakeObs, name: str) -> Scene:
        scene = self._make("obs_scene_create", "scene", name, None, private=False)
        scene.pinned = True  # the frontend keeps every public scene
        self._scene_names.append(scene)
        assert scene.scene is not None
        return scene.scene

    @api("scene!")
    def obs_scene_release(self: FakeObs, scene: Scene) -> None:
        self._collect()

    @api("source?", gives="scene")
    def obs_scene_from_source(self, source: Source | None) -> Scene | None:
        return source.scene if source and source.kind.id == "scene" else None

    @api("source?", gives="scene")
    def obs_group_from_source(self, source: Source | None) -> Scene | None:
        return source.scene if source and source.is_group else None

    @api("scene?", gives="source")
    def obs_scene_get_source(self, scene: Scene | None) -> Source | None:
        return scene.source if scene else None

    @api("scene")
    def obs_scene_is_group(self, scene: Scene) -> bool:
        return scene.source.is_group

    @api("scene", "source", gives="sceneitem")
    def obs_scene_add(self: FakeObs, scene: Scene, source: Source) -> Item | None:
        if source.removed or source.kind.type == "filter" or source is scene.source:
            return None
        item = Item(next(self._numbers), source, scene)
        scene.items.append(item)
        _select_only(item)
        return item

    @api("scene", "str", gives="sceneitem")
    def obs_scene_add_group(self: FakeObs, scene: Scene, name: str) -> Item:
        group = self._make("obs_scene_add_group", "group", name, None, private=False)
        item = Item(next(self._numbers), group, scene)
        scene.items.append(item)
        _select_only(item)
        return item

    @api("scene", "str", gives="sceneitem")
    def obs_scene_get_group(self, scene: Scene, name: str) -> Item | None:
        return next((one for one in scene.items if one.source.is_group and one.source.name == name), None)

    @api("scene", "str", gives="sceneitem")
    def obs_scene_find_source(self, scene: Scene, name: str) -> Item | None:
        return next((one for one in scene.items if one.source.name == name), None)

    @api("scene", "str", gives="sceneitem")
    def obs_scene_find_source_recursive(self, scene: Scene, name: str) -> Item | None:
        for one in scene.items:
            if one.source.name == name:
                return one
            if one.source.is_group and one.source.scene:
                for child in one.source.scene.items:
                    if child.source.name == name:
                        return child
        return None

    @api("scene", gives="[sceneitem]", owned=True)
    def obs_scene_enum_items(self, scene: Scene) -> list[Item]:
        return list(scene.items)

    @api("sceneitem", gives="[sceneitem]", owned=True)
    def obs_sceneitem_group_enum_items(self, group: Item) -> list[Item]:
        return list(group.source.scene.items) if group.source.is_group and group.source.scene else []

    @api("list")
    def sceneitem_list_release(self: FakeObs, handles: list[Any]) -> None:
        for handle in handles:
            self._release(handle, "sceneitem", "sceneitem_list_release")
        self._collect()

    @api("sceneitem!")
    def obs_sceneitem_release(self: FakeObs, item: Item) -> None:
        self._collect()

    @api("sceneitem", gives="source")
    def obs_sceneitem_get_source(self, item: Item) -> Source:
        return item.source

    @api("sceneitem", gives="scene")
    def obs_sceneitem_get_scene(self, item: Item) -> Scene:
        return item.parent

    @api("scene", "sceneitem", gives="sceneitem")
    def obs_sceneitem_get_group(self, scene: Scene, item: Item) -> Item | None:
        return next((one for one in scene.items if one.source.is_group and one.source.scene is item.parent), None)

    @api("sceneitem")
    def obs_sceneitem_is_group(self, item: Item) -> bool:
        return item.source.is_group

    @api("sceneitem", gives="scene")
    def obs_sceneitem_group_get_scene(self, item: Item) -> Scene | None:
        return item.source.scene if item.source.is_group else None

    @api("sceneitem", "sceneitem")
    def obs_sceneitem_group_add_item(self: FakeObs, group: Item, item: Item) -> None:
        inner = group.source.scene
        if not group.source.is_group or inner is None or item.parent is not group.parent or item is group:
            self._violate("obs_sceneitem_group_add_item: the item must be beside the group in the same scene")
        if item.source.is_group:
            self._violate("obs_sceneitem_group_add_item: OBS has no groups in groups")
        item.parent.items.remove(item)
        item.parent = inner
        inner.items.insert(0, item)  # below those before it
        _fit_group(group)  # the item's position, unchanged, now counts from the group (seen in OBS 29)

    @api("sceneitem", "sceneitem")
    def obs_sceneitem_group_remove_item(self: FakeObs, group: Item, item: Item) -> None:
        if item.parent is group.source.scene:
            item.parent.items.remove(item)
            item.parent = group.parent
            group.parent.items.insert(group.parent.items.index(group) + 1, item)
            item.pos = (
                group.pos[0] + item.pos[0] * group.scale[0],
                group.pos[1] + item.pos[1] * group.scale[1],
            )

    @api("sceneitem")
    def obs_sceneitem_group_ungroup(self: FakeObs, group: Item) -> None:
        if group.source.is_group and group.source.scene:
            place = group.parent.items.index(group)
            for offset, old in enumerate(list(group.source.scene.items)):
                new = Item(next(self._numbers), old.source, group.parent)
                new.pos = (
                    group.pos[0] + old.pos[0] * group.scale[0],
                    group.pos[1] + old.pos[1] * group.scale[1],
                )
                group.parent.items.insert(place + 1 + offset, new)
                self._drop_item(old)
            self._drop_item(group)
            self._collect()

    @api("sceneitem")
    def obs_sceneitem_remove(self: FakeObs, item: Item) -> None:
        self._drop_item(item)
        self._collect()

    @api("sceneitem")
    def obs_sceneitem_get_id(self, item: Item) -> int:
        return item.id

    @api("sceneitem", "int32")
    def obs_sceneitem_set_order(self, item: Item, movement: int) -> None:
        row = item.parent.items
        at = row.index(item)
        row.remove(item)
        row.insert({0: at + 1, 1: max(0, at - 1), 2: len(row), 3: 0}[movement], item)

    @api("sceneitem", "int32")
    def obs_sceneitem_set_order_position(self, item: Item, position: int) -> None:
        row = item.parent.items
        row.remove(item)
        row.insert(min(position, len(row)), item)

    @api("sceneitem")
    def obs_sceneitem_get_order_position(self, item: Item) -> int:
        return item.parent.items.index(item)

    @api("sceneitem", "bool")
    def obs_sceneitem_set_visible(self, item: Item, on: bool) -> bool:
        item.visible = on
        return True

    @api("sceneitem")
    def obs_sceneitem_visible(self, item: Item) -> bool:
        return item.visible

    @api("sceneitem", "bool")
    def obs_sceneitem_set_locked(self, item: Item, on: bool) -> bool:
        item.locked = on
        return True

    @api("sceneitem")
    def obs_sceneitem_locked(self, item: Item) -> bool:
        return item.locked

    @api("sceneitem", "bool")
    def obs_sceneitem_select(self, item: Item, on: bool) -> None:
        item.selected = on

    @api("sceneitem")
    def obs_sceneitem_selected(self, item: Item) -> bool:
        return item.selected

    @api("sceneitem", "vec2")
    def obs_sceneitem_set_pos(self, item: Item, to: vec2) -> None:
        item.pos = (float(to.x), float(to.y))

    @api("sceneitem", "vec2")
    def obs_sceneitem_get_pos(self, item: Item, out: vec2) -> None:
        out.x, out.y = item.pos

    @api("sceneitem", "vec2")
    def obs_sceneitem_set_scale(self, item: Item, to: vec2) -> None:
        item.scale = (float(to.x), float(to.y))

    @api("sceneitem", "vec2")
    def obs_sceneitem_get_scale(self, item: Item, out: vec2) -> None:
        out.x, out.y = item.scale

    @api("sceneitem", "float")
    def obs_sceneitem_set_rot(self, item: Item, degrees: float) -> None:
        item.rot = float(degrees)

    @api("sceneitem")
    def obs_sceneitem_get_rot(self, item: Item) -> float:
        return item.rot

    @api("sceneitem", "vec2")
    def obs_sceneitem_set_bounds(self, item: Item, to: vec2) -> None:
        item.bounds = (float(to.x), float(to.y))

    @api("sceneitem", "vec2")
    def obs_sceneitem_get_bounds(self, item: Item, out: vec2) -> None:
        out.x, out.y = item.bounds

    @api("sceneitem", "int32")
    def obs_sceneitem_set_bounds_type(self, item: Item, type: int) -> None:
        item.bounds_type = type

    @api("sceneitem")
    def obs_sceneitem_get_bounds_type(self, item: Item) -> int:
        return item.bounds_type

    @api("sceneitem", "uint")
    def obs_sceneitem_set_bounds_alignment(self, item: Item, alignment: int) -> None:
        item.bounds_alignment = alignment

    @api("sceneitem")
    def obs_sceneitem_get_bounds_alignment(self, item: Item) -> int:
        return item.bounds_alignment

    @api("sceneitem", "uint")
    def obs_sceneitem_set_alignment(self, item: Item, alignment: int) -> None:
        item.alignment = alignment

    @api("sceneitem")
    def obs_sceneitem_get_alignment(self, item: Item) -> int:
        return item.alignment

    @api("sceneitem", "crop")
    def obs_sceneitem_set_crop(self, item: Item, crop: obs_sceneitem_crop) -> None:
        item.crop = (crop.left, crop.top, crop.right, crop.bottom)

    @api("sceneitem", "crop")
    def obs_sceneitem_get_crop(self, item: Item, out: obs_sceneitem_crop) -> None:
        out.left, out.top, out.right, out.bottom = item.crop

    @api("sceneitem")
    def obs_sceneitem_defer_update_begin(self: FakeObs, item: Item) -> None:
        self._defer(item, "obs_sceneitem_defer_update", 1)

    @api("sceneitem")
    def obs_sceneitem_defer_update_end(self: FakeObs, item: Item) -> None:
        self._defer(item, "obs_sceneitem_defer_update", -1)

    @api("sceneitem")
    def obs_sceneitem_defer_group_resize_begin(self: FakeObs, item: Item) -> None:
        self._defer(item, "obs_sceneitem_defer_group_resize", 1)

    @api("sceneitem")
    def obs_sceneitem_defer_group_resize_end(self: FakeObs, item: Item) -> None:
        self._defer(item, "obs_sceneitem_defer_group_resize", -1)

    @api("sceneitem")
    def obs_sceneitem_force_update_transform(self, item: Item) -> None: ...

    @api("vec2", "float", "float")
    def vec2_set(self, out: vec2, x: float, y: float) -> None:
        out.x, out.y = float(x), float(y)

    # -- obs.h: the rest

    @api()
    def obs_get_version(self: FakeObs) -> int:
        major, minor, patch = self.version
        return major << 24 | minor << 16 | patch

    @api()
    def obs_get_version_string(self: FakeObs) -> str:
        return ".".join(map(str, self.version))

    @api()
    def obs_get_locale(self) -> str:
        return "en-US"

    @api()
    def obs_get_active_fps(self) -> float:
        return 60.0

    @api("video_info")
    def obs_get_video_info(self: FakeObs, out: obs_video_info) -> bool:
        out.base_width, out.base_height = out.output_width, out.output_height = self.canvas
        out.fps_num, out.fps_den = 60, 1
        return True

    @api(gives="signal_handler")
    def obs_get_signal_handler(self: FakeObs) -> Signals:
        return self._signals

    @api("source", gives="signal_handler")
    def obs_source_get_signal_handler(self: FakeObs, source: Source) -> Signals:
        return self._signals

    @api("int32", "str")
    def blog(self: FakeObs, level: int, text: str) -> None:
        self._logged(level, text)

    # -- what obs-scripting adds

    @api("int32", "pystr")
    def script_log(self: FakeObs, level: int, text: str) -> None:
        for line in text.split("\n"):
            self._logged(level, line)

    @api("int32", "pystr")
    def script_log_no_endl(self: FakeObs, level: int, text: str) -> None:
        self._printed(level, text)

    @api("callback", "int32", registers=True)
    def timer_add(self: FakeObs, callback: Callable[[], Any], ms: int) -> None:
        if any(one.callback is callback for one in self.timers):
            self._violate(f"timer_add: {callback.__qualname__} is a timer already and would run twice")
        self.timers.insert(0, Timer(callback, ms, self._time_ns))  # OBS puts new ones first

    @api("any")
    def timer_remove(self: FakeObs, callback: Any) -> None:
        self.timers = [one for one in self.timers if one.callback is not callback]

    @api("callback", registers=True)
    def obs_frontend_add_event_callback(self: FakeObs, callback: Callable[[int], Any]) -> None:
        self.event_callbacks.append(callback)

    @api("any")
    def obs_frontend_remove_event_callback(self: FakeObs, callback: Any) -> None:
        self.event_callbacks = [one for one in self.event_callbacks if one is not callback]

    @api("callback", registers=True)
    def obs_frontend_add_save_callback(self: FakeObs, callback: Callable[..., Any]) -> None:
        self.save_callbacks.append(callback)

    @api("any")
    def obs_frontend_remove_save_callback(self: FakeObs, callback: Any) -> None:
        self.save_callbacks = [one for one in self.save_callbacks if one is not callback]

    @api("signal_handler", "str", "callback", registers=True)
    def signal_handler_connect(self: FakeObs, _: Signals, signal: str, callback: Callable[..., Any]) -> None:
        self.signal_callbacks.append((signal, callback))

    @api("signal_handler", "str", "any")
    def signal_handler_disconnect(self: FakeObs, _: Signals, signal: str, callback: Any) -> None:
        self.signal_callbacks = [one for one in self.signal_callbacks if one != (signal, callback)]

    @api()
    def remove_current_callback(self: FakeObs) -> None:
        current = self._stack[-1].what
        self.timers = [one for one in self.timers if f"timer {one.callback.__qualname__}" != current]

    # -- obs-hotkey.h

    @api("pystr", "pystr", "callback", registers=True)
    def obs_hotkey_register_frontend(self: FakeObs, name: str, text: str, callback: Callable[[bool], Any]) -> int:
        if any(one.name == name for one in self.hotkeys):
            self._violate(f"obs_hotkey_register_frontend: {name!r} is registered already")
        key = Hotkey(next(self._numbers), name, text, callback, [])
        self.hotkeys.append(key)
        return key.id

    @api("any")
    def obs_hotkey_unregister(self: FakeObs, callback: Any) -> None:
        if not isinstance(callback, types.FunctionType):
            self._violate("obs_hotkey_unregister takes the callback, not the id")
        self.hotkeys = [one for one in self.hotkeys if one.callback is not callback]

    @api("uint", gives="data_array", owned=True)
    def obs_hotkey_save(self: FakeObs, number: int) -> Array | None:
        key = self._hotkey(number)
        if key is None:
            # OBS removes a script's hotkeys before script_unload: the bindings would be lost here
            self._violate(f"obs_hotkey_save: there is no hotkey {number} (any more)")
        return Array([Data(one) for one in key.bindings])

    @api("uint", "data_array?")
    def obs_hotkey_load(self: FakeObs, number: int, array: Array | None) -> None:
        key = self._hotkey(number)
        if key is None:
            self._violate(f"obs_hotkey_load: there is no hotkey {number}")
        key.bindings = [one.json() for one in array.items] if array else []

    # -- obs-properties.h

    @api(gives="properties")
    def obs_properties_create(self: FakeObs) -> Properties:
        made = Properties()
        self._loose_properties.append(made)
        return made

    @api("properties")
    def obs_properties_destroy(self: FakeObs, properties: Properties) -> None:
        properties.destroy("destroyed by obs_properties_destroy")
        self._loose_properties = [one for one in self._loose_properties if one is not properties]

    @api("properties", "uint")
    def obs_properties_set_flags(self, properties: Properties, flags: int) -> None: ...

    @api("properties", "str", "str", gives="property")
    def obs_properties_add_bool(self: FakeObs, to: Properties, name: str, text: str) -> Property:
        return self._field(to, name, "bool", text)

    @api("properties", "str", "str", "int32", "int32", "int32", gives="property")
    def obs_properties_add_int(self: FakeObs, to: Properties, name: str, text: str, *limits: int) -> Property:
        return self._field(to, name, "int", text, limits=limits)

    @api("properties", "str", "str", "int32", "int32", "int32", gives="property")
    def obs_properties_add_int_slider(self: FakeObs, to: Properties, name: str, text: str, *limits: int) -> Property:
        return self._field(to, name, "int", text, limits=limits)

    @api("properties", "str", "str", "float", "float", "float", gives="property")
    def obs_properties_add_float(self: FakeObs, to: Properties, name: str, text: str, *limits: float) -> Property:
        return self._field(to, name, "float", text, limits=limits)

    @api("properties", "str", "str", "float", "float", "float", gives="property")
    def obs_properties_add_float_slider(self: FakeObs, to: Properties, name: str, text: str, *limits: float) -> Property:
        return self._field(to, name, "float", text, limits=limits)

    @api("properties", "str", "str", "int32", gives="property")
    def obs_properties_add_text(self: FakeObs, to: Properties, name: str, text: str, type: int) -> Property:
        return self._field(to, name, "text", text, text_type=type)

    @api("properties", "str", "str", "int32", "str?", "str?", gives="property")
    def obs_properties_add_path(
        self: FakeObs,
        to: Properties,
        name: str,
        text: str,
        type: int,
        filter: str | None,
        default: str | None,
    ) -> Property:
        return self._field(to, name, "path", text, path_type=type, filter=filter, default=default)

    @api("properties", "str", "str", "int32", "int32", gives="property")
    def obs_properties_add_list(self: FakeObs, to: Properties, name: str, text: str, type: int, format: int) -> Property:
        return self._field(to, name, "list", text, combo_type=type, format=format)

    @api("properties", "str", "str", "int32", "str?", "str?", gives="property")
    def obs_properties_add_editable_list(
        self: FakeObs,
        to: Properties,
        name: str,
        text: str,
        type: int,
        filter: str | None,
        default: str | None,
    ) -> Property:
        return self._field(to, name, "editable_list", text, list_type=type, filter=filter, default=default)

    @api("properties", "str", "str", gives="property")
    def obs_properties_add_color(self: FakeObs, to: Properties, name: str, text: str) -> Property:
        return self._field(to, name, "color", text)

    @api("properties", "str", "str", gives="property")
    def obs_properties_add_color_alpha(self: FakeObs, to: Properties, name: str, text: str) -> Property:
        return self._field(to, name, "color_alpha", text)

    @api("properties", "str", "str", gives="property")
    def obs_properties_add_font(self: FakeObs, to: Properties, name: str, text: str) -> Property:
        return self._field(to, name, "font", text)

    @api("properties", "pystr", "pystr", "callback", gives="property")
    def obs_properties_add_button(self: FakeObs, to: Properties, name: str, text: str, callback: Callable[..., Any]) -> Property:
        made = self._field(to, name, "button", text)
        made.callback = callback
        return made

    @api("properties", "str", "str", "int32", "properties", gives="property")
    def obs_properties_add_group(self: FakeObs, to: Properties, name: str, text: str, type: int, content: Properties) -> Property:
        if content.parent is not None or content is to:
            self._violate(f"obs_properties_add_group({name!r}): its content is on a page already")
        twice = [one for one in content.fields if to.top().find(one)]
        if twice:
            self._violate(f"obs_properties_add_group({name!r}): {twice} are on the page already")
        made = self._field(to, name, "group", text, group_type=type)
        made.content = content
        content.parent = made
        self._loose_properties = [one for one in self._loose_properties if one is not content]
        return made

    @api("properties", "str", gives="property")
    def obs_properties_get(self, properties: Properties, name: str) -> Property | None:
        return properties.find(name)

    @api("properties", "str")
    def obs_properties_remove_by_name(self, properties: Properties, name: str) -> None:
        found = properties.find(name)
        if found:
            del found.owner.fields[name]
            found.dead = "removed by obs_properties_remove_by_name"
            if found.content:
                found.content.destroy(found.dead)

    @api("property")
    def obs_property_name(self, one: Property) -> str:
        return one.name

    @api("property")
    def obs_property_description(self, one: Property) -> str:
        return one.text

    @api("property")
    def obs_property_visible(self, one: Property) -> bool:
        return one.visible

    @api("property")
    def obs_property_enabled(self, one: Property) -> bool:
        return one.enabled

    @api("property")
    def obs_property_get_type(self, one: Property) -> int:
        return CONSTANTS["OBS_PROPERTY_" + one.kind.upper()]

    @api("property", gives="properties")
    def obs_property_group_content(self, one: Property) -> Properties | None:
        return one.content

    @api("property", "str")
    def obs_property_set_description(self, one: Property, text: str) -> None:
        one.text = text

    @api("property", "str?")
    def obs_property_set_long_description(self, one: Property, text: str | None) -> None:
        one.long_text = text or None

    @api("property", "bool")
    def obs_property_set_visible(self, one: Property, on: bool) -> None:
        one.visible = on

    @api("property", "bool")
    def obs_property_set_enabled(self, one: Property, on: bool) -> None:
        one.enabled = on

    @api("property", "callback")
    def obs_property_set_modified_callback(self, one: Property, callback: Callable[..., Any]) -> None:
        one.modified = callback

    @api("property", "int32")
    def obs_property_text_set_info_type(self: FakeObs, one: Property, type: int) -> None:
        self._needs(one, "text")
        one.extra["info_type"] = type

    @api("property", "bool")
    def obs_property_text_set_info_word_wrap(self: FakeObs, one: Property, on: bool) -> None:
        self._needs(one, "text")

    @api("property", "bool")
    def obs_property_text_set_monospace(self: FakeObs, one: Property, on: bool) -> None:
        self._needs(one, "text")

    @api("property", "int32")
    def obs_property_button_set_type(self: FakeObs, one: Property, type: int) -> None:
        self._needs(one, "button")
        one.extra["button_type"] = type

    @api("property", "str")
    def obs_property_button_set_url(self: FakeObs, one: Property, url: str) -> None:
        self._needs(one, "button")
        if one.extra.get("url") is not None:
            self._violate(f"obs_property_button_set_url({one.name!r}): OBS never frees the address it had before")
        one.extra["url"] = url

    @api("property")
    def obs_property_button_url(self: FakeObs, one: Property) -> str | None:
        self._needs(one, "button")
        return one.extra.get("url")

    @api("property", "str")
    def obs_property_int_set_suffix(self: FakeObs, one: Property, text: str) -> None:
        self._needs(one, "int")

    @api("property", "int32", "int32", "int32")
    def obs_property_int_set_limits(self: FakeObs, one: Property, *limits: int) -> None:
        self._needs(one, "int")
        one.extra["limits"] = limits

    @api("property", "str")
    def obs_property_float_set_suffix(self: FakeObs, one: Property, text: str) -> None:
        self._needs(one, "float")

    @api("property")
    def obs_property_list_clear(self: FakeObs, one: Property) -> None:
        self._needs(one, "list")
        one.options.clear()

    @api("property", "str", "str")
    def obs_property_list_add_string(self: FakeObs, one: Property, text: str, value: str) -> int:
        self._needs(one, "list")
        if one.extra["format"] != CONSTANTS["OBS_COMBO_FORMAT_STRING"]:
            self._violate(f"obs_property_list_add_string: {one.name!r} is no list of strings")
        one.options.append((text, value))
        return len(one.options) - 1

    @api("property", "str", "int")
    def obs_property_list_add_int(self: FakeObs, one: Property, text: str, value: int) -> int:
        self._needs(one, "list")
        if one.extra["format"] != CONSTANTS["OBS_COMBO_FORMAT_INT"]:
            self._violate(f"obs_property_list_add_int: {one.name!r} is no list of numbers")
        one.options.append((text, value))
        return len(one.options) - 1

    @api("property", "uint", "str", "str")
    def obs_property_list_insert_string(self: FakeObs, one: Property, at: int, text: str, value: str) -> None:
        self._needs(one, "list")
        one.options.insert(at, (text, value))

    @api("property")
    def obs_property_list_item_count(self: FakeObs, one: Property) -> int:
        return len(one.options)

    @api("property", "uint", "bool")
    def obs_property_list_item_disable(self, one: Property, at: int, disabled: bool) -> None: ...

    # -- obs-frontend-api.h

    @api(gives="source", owned=True)
    def obs_frontend_get_current_scene(self: FakeObs) -> Source | None:
        return self._current_scene

    @api(gives="source", owned=True)
    def obs_frontend_get_current_preview_scene(self: FakeObs) -> Source | None:
        if not self.studio_mode:
            return None
        return self._named(self.preview_scene) if self.preview_scene else self._current_scene

    @api()
    def obs_frontend_preview_program_mode_active(self: FakeObs) -> bool:
        return self.studio_mode

    @api(gives="[source]", owned=True)
    def obs_frontend_get_scenes(self: FakeObs) -> list[Source]:
        return list(self._scene_names)

    @api()
    def obs_frontend_get_scene_names(self: FakeObs) -> list[str]:
        return [one.name for one in self._scene_names]

    @api()
    def obs_frontend_get_current_scene_collection(self: FakeObs) -> str:
        return self.collection

    @api()
    def obs_frontend_get_current_profile(self) -> str:
        return "Untitled"

    @api()
    def obs_frontend_save(self: FakeObs) -> None:
        self.saves += 1
        self._ui_queue.append(self._save_project)

    @api("source", waits_for_ui=True)
    def obs_frontend_set_current_scene(self: FakeObs, scene: Source) -> None:
        self._current_scene = scene
        self._fire(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_CHANGED"])

    @api("source", waits_for_ui=True)
    def obs_frontend_set_current_preview_scene(self: FakeObs, scene: Source) -> None:
        self._fire(CONSTANTS["OBS_FRONTEND_EVENT_PREVIEW_SCENE_CHANGED"])

    @api("source", waits_for_ui=True)
    def obs_frontend_set_current_transition(self: FakeObs, transition: Source) -> None:
        self._fire(CONSTANTS["OBS_FRONTEND_EVENT_TRANSITION_CHANGED"])

    @api("str", waits_for_ui=True)
    def obs_frontend_set_current_scene_collection(self: FakeObs, name: str) -> None:
        self._violate("obs_frontend_set_current_scene_collection from a script unloads it in its own callback")

    @api("str", waits_for_ui=True)
    def obs_frontend_set_current_profile(self: FakeObs, name: str) -> None:
        self._fire(CONSTANTS["OBS_FRONTEND_EVENT_PROFILE_CHANGED"])

    @api("str", "int32", "str", "str", waits_for_ui=True)
    def obs_frontend_open_projector(self: FakeObs, *how: Any) -> None:
        self.frontend_calls.append(("obs_frontend_open_projector", how))


def _queued(name: str) -> None:
    def call(self: FakeObs) -> None:
        self.frontend_calls.append((name, None))

    API[name] = (Signature(()), call)


def _asked(name: str) -> None:
    API[name] = (Signature(()), lambda self: self.answers.get(name, False))


for _name in QUEUED:
    _queued(_name)
for _name in ASKED:
    _asked(_name)


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _as_number(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


# ------------------------------------------------------------------------------------ the world


class FakeObs(Functions):
    """An OBS for one test: the module, the user's hands (press, type, delete_source …) and OBS's clock.

    ``platform`` ("linux", "mac", "windows") decides the text kinds, ``version`` those that came later;
    ``fresh`` are the packages that a newly started OBS has not imported yet: they are taken out of
    sys.modules while the fake is in place and put back by close().
    """

    def __init__(
        self,
        platform: str = "linux",
        version: tuple[int, int, int] = (32, 1, 0),
        canvas: tuple[int, int] = (1920, 1080),
        fresh: Sequence[str] = ("vmsc_core",),
    ) -> None:
        self.version = version
        self.canvas = canvas
        self.studio_mode = False
        self.preview_scene = ""
        kinds = list(COMMON_KINDS)
        if platform == "windows":
            kinds += GDI_KINDS
            if version >= (30, 2, 0):
                kinds.append(Kind("text_gdiplus_v3", "text_gdiplus", "Text (GDI+)", defaults=_GDI))
        self.kinds = {kind.id: kind for kind in kinds}

        self.violations: list[str] = []
        self.log: list[tuple[int, str]] = []  # (level, line), script log and OBS's own alike
        self.hooks: list[str] = []  # hooks and callbacks in the order OBS ran them
        self.updates: list[Update] = []
        self.turns = 0  # timer turns so far
        self.turn_seconds: list[float] = []  # s of wall time each turn took
        self.unload_seconds = 0.0
        self.saves = 0  # obs_frontend_save calls
        self.saved: dict[str, Any] = {}  # the script's settings as last written into the collection's file
        self.frontend_calls: list[tuple[str, Any]] = []
        self.answers: dict[str, bool] = {}
        self.opened_urls: list[str] = []
        self.timers: list[Timer] = []
        self.hotkeys: list[Hotkey] = []
        self.event_callbacks: list[Callable[[int], Any]] = []
        self.save_callbacks: list[Callable[..., Any]] = []
        self.signal_callbacks: list[tuple[str, Callable[..., Any]]] = []
        self.description = ""
        self.collection = "Untitled"
        self.script: types.ModuleType | None = None

        self._path = ""
        self._settings: Data | None = None
        self._page: Page | None = None
        self._loose_properties: list[Properties] = []
        self._sources: list[Source] = []
        self._scene_names: list[Source] = []
        self._current_scene: Source | None = None
        self._saved_sources: list[tuple[Source, dict[str, Any]]] = []
        self._parked: dict[str, tuple[list[Source], list[Source], Source | None]] = {}
        self._collection_settings: dict[str, dict[str, Any] | None] = {}
        self._handles: list[Handle] = []
        self._stack: list[Callback] = []
        self._serials = itertools.count(1)
        self._numbers = itertools.count(1)
        self._signals = Signals()
        self._ui_queue: list[Callable[[], None]] = []
        self._time_ns = 0
        self._half_lines: dict[int, str] = {}
        self._script_threads: list[threading.Thread] = []
        self._fresh = tuple(fresh)
        self._kept_modules: dict[str, types.ModuleType] = {}
        self._kept_path: list[str] = []
        self._script_names: set[str] = set()
        self._in_place = False
        self.module = self._build_module()

    # -- in and out of this process

    def __enter__(self) -> FakeObs:
        return self.install()

    def __exit__(self, *_: object) -> None:
        self.close()

    def install(self) -> FakeObs:
        """Takes obspython's place in sys.modules; until close() ``fresh`` packages are as never imported."""
        self._in_place = True
        self._kept_path = list(sys.path)
        self._take_out(("obspython", *self._fresh))
        sys.modules["obspython"] = self.module
        self._graphics = Worker("OBS graphics")
        self._defer_thread = Worker("OBS defer")
        self._real_start, self._real_join = threading.Thread.start, threading.Thread.join
        threading.Thread.start = self._watched_start()  # type: ignore[method-assign]
        threading.Thread.join = self._watched_join()  # type: ignore[method-assign]
        return self

    def close(self) -> None:
        """Puts sys.modules and sys.path back; a script that is still loaded is unloaded first."""
        if not self._in_place:
            return
        if self._settings is not None:
            self.unload_script()
        self._in_place = False
        threading.Thread.start = self._real_start  # type: ignore[method-assign]
        threading.Thread.join = self._real_join  # type: ignore[method-assign]
        self._graphics.close()
        self._defer_thread.close()
        for name in list(sys.modules):
            if self._matches(name, ("obspython", *self._fresh, *self._script_names)):
                del sys.modules[name]
        sys.modules.update(self._kept_modules)
        sys.path[:] = self._kept_path

    def import_module(self, name: str) -> types.ModuleType:
        """A module of the project as the script would import it, bound to this fake."""
        return importlib.import_module(name)

    def _take_out(self, names: Sequence[str]) -> None:
        for name in list(sys.modules):
            if self._matches(name, names):
                self._kept_modules.setdefault(name, sys.modules.pop(name))

    @staticmethod
    def _matches(name: str, packages: Sequence[str]) -> bool:
        return any(name == one or name.startswith(one + ".") for one in packages)

    def _build_module(self) -> types.ModuleType:
        module = types.ModuleType("obspython", "A stand-in: see tests/fake_obspython.py")
        for name, (signature, method) in API.items():
            setattr(module, name, self._function(name, signature, method))
        for name, value in CONSTANTS.items():
            setattr(module, name, value)
        for name in UNUSABLE:
            setattr(module, name, self._unusable(name))
        for struct in (vec2, obs_video_info, obs_sceneitem_crop):
            setattr(module, struct.__name__, struct)
        if self.version < (30, 0, 0):
            del module.obs_source_get_uuid, module.obs_get_source_by_uuid
            del module.OBS_COMBO_FORMAT_BOOL, module.OBS_COMBO_TYPE_RADIO
        return module

    def _unusable(self, name: str) -> Callable[..., Any]:
        def call(*_: Any) -> None:
            self._violate(f"{name} cannot be used from Python: it takes C function pointers or out-parameters")

        call.__name__ = name
        return call

    def _watched_start(self) -> Callable[[threading.Thread], None]:
        fake, real = self, self._real_start

        def start(thread: threading.Thread) -> None:
            if fake._of_the_script():
                fake._script_threads.append(thread)
                if not thread.daemon:
                    fake._violate(f"thread {thread.name!r} is no daemon: while it lives OBS cannot exit")
            real(thread)

        return start

    def _watched_join(self) -> Callable[..., None]:
        fake, real = self, self._real_join

        def join(thread: threading.Thread, timeout: float | None = None) -> None:
            if fake._on_callback_thread():
                if fake._stack[-1].role != "ui":
                    fake._violate(f"Thread.join in {fake._stack[-1].what}: it would stop OBS's {fake._stack[-1].role}")
                if timeout is None:
                    fake._violate(f"Thread.join without a timeout in {fake._stack[-1].what}: OBS could freeze")
            real(thread, timeout)

        return join

    def _of_the_script(self) -> bool:
        return self._on_callback_thread() or threading.current_thread() in self._script_threads

    # -- violations, threads, callbacks

    def _violate(self, text: str) -> Any:
        """Keeps the violation and raises it where it was made. Never returns."""
        self._note(f"{text}\n    at {_place()}")
        raise FakeObsError(self.violations[-1])

    def _note(self, text: str) -> None:
        self.violations.append(text)

    def _on_callback_thread(self) -> bool:
        return bool(self._stack) and self._stack[-1].thread == threading.get_ident()

    def _enter(self, name: str, signature: Signature) -> None:
        if not self._stack:
            self._violate(f"{name} outside any callback of OBS (thread {threading.current_thread().name!r})")
        current = self._stack[-1]
        if current.thread != threading.get_ident():
            self._violate(f"{name} on thread {threading.current_thread().name!r}, which is none of OBS's")
        if signature.waits_for_ui:
            if current.role != "ui":
                self._violate(f"{name} waits for the UI thread: from {current.what} it can freeze OBS for good")
            current.fired = current.fired or name
        if signature.registers:
            if current.what not in ("script_load", "call"):
                self._violate(f"{name} in {current.what}: register everything in script_load")
            if current.fired:
                self._violate(f"{name} after {current.fired} in the same callback crashes OBS")

    @contextlib.contextmanager
    def _callback(self, what: str, role: str) -> Iterator[Callback]:
        current = Callback(what, role, threading.get_ident(), next(self._serials))
        self.hooks.append(what)
        self._stack.append(current)
        kept = sys.stdout, sys.stderr
        sys.stdout = ScriptStream(self, CONSTANTS["LOG_INFO"], kept[0])  # type: ignore[assignment]
        sys.stderr = ScriptStream(self, CONSTANTS["LOG_ERROR"], kept[1])  # type: ignore[assignment]
        try:
            yield current
        finally:
            sys.stdout, sys.stderr = kept
            self._stack.pop()
            for handle in self._handles:
                if handle.serial == current.serial and not handle.reported:
                    handle.reported = True
                    self._note(f"still held when {what} ended: {handle.kind} got at {handle.place}")
            for (_, call), depth in current.deferred.items():
                if depth:
                    self._note(f"{call}_begin without _end in {what}")

    def _run(self, what: str, role: str, function: Callable[..., Any], *args: Any) -> Any:
        """Runs a callback as OBS does: what it raises is noted and gone, as OBS only prints it."""
        with self._callback(what, role):
            try:
                return function(*args)
            except FakeObsError:
                return None  # noted where it was made
            except Exception as error:
                self._note(f"{type(error).__name__} came out of {what}: {error}\n{traceback.format_exc()}")
                return None

    def _ui(self, what: str, function: Callable[..., Any], *args: Any) -> Any:
        result = self._run(what, "ui", function, *args)
        self._drain_ui_queue()
        return result

    def _drain_ui_queue(self) -> None:
        while self._ui_queue and not self._stack:
            self._ui_queue.pop(0)()

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Runs ``function`` as OBS would a UI callback, for tests of one function. Raises what it raises."""
        with self._callback("call", "ui"):
            result = function(*args)
        self._drain_ui_queue()
        return result

    def call_on_graphics(self, function: Callable[..., Any], *args: Any) -> Any:
        """As call(), but as a timer would be run: on the graphics thread."""

        def job() -> Any:
            with self._callback("call on graphics", "graphics"):
                return function(*args)

        result = self._graphics.run(job)
        self._drain_ui_queue()
        return result

    # -- handles

    def _handle(self, kind: str, target: Any, owned: bool, lender: Handle | None = None, lasting: bool = False) -> Handle:
        serial = None if lasting else self._stack[-1].serial
        handle = Handle(kind, target, owned, _place() if owned else "", lender, serial)
        if owned:
            self._handles.append(handle)
            if kind in ("source", "scene", "sceneitem"):
                target_source = target.source if isinstance(target, (Scene, Item)) else target
                target_source.refs += 1
        return handle

    def _release(self, handle: Any, kind: str, name: str) -> None:
        if not isinstance(handle, Handle) or handle.kind != kind:
            self._violate(f"{name}: expected obs_{kind}_t, got {handle!r}")
        if handle.released:
            self._violate(f"{name}: released twice; first at {handle.released}")
        if not handle.owned:
            self._violate(f"{name}: this {kind} was only lent by OBS and must not be released")
        handle.released = _place()
        self._handles = [one for one in self._handles if one is not handle]
        if kind in ("source", "scene", "sceneitem"):
            target = handle.target.source if isinstance(handle.target, (Scene, Item)) else handle.target
            target.refs -= 1

    def _target(self, handle: Any, kind: str, name: str) -> Any:
        if not isinstance(handle, Handle) or handle.kind != kind:
            self._violate(f"{name}: expected obs_{kind}_t, got {handle!r}")
        one: Handle | None = handle
        while one is not None:
            if one.released:
                self._violate(f"{name}: this {kind} came from a {one.kind} that was released at {one.released}")
            one = one.lender
        if handle.target.dead:
            self._violate(f"{name}: this {kind} is no more: {handle.target.dead}")
        running = {current.serial for current in self._stack}
        if not handle.owned and handle.serial is not None and handle.serial not in running:
            self._violate(f"{name}: this {kind} was lent to an earlier callback and kept")
        return handle.target

    def unreleased(self) -> list[str]:
        """What is held at this moment, each with the place it was got."""
        return [f"{handle.kind} got at {handle.place}" for handle in self._handles]

    def _function(self, name: str, signature: Signature, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self._enter(name, signature)
            if named:
                self._violate(f"{name}: positional arguments, please; not every function takes keywords")
            if len(args) != len(signature.takes):
                self._violate(f"{name} takes {len(signature.takes)} arguments, got {len(args)}")
            values = [self._unpack(name, word, value) for word, value in zip(signature.takes, args)]
            if signature.takes and signature.takes[0].endswith("!"):
                if args[0] is None:
                    return None
                self._release(args[0], signature.takes[0][:-1], name)
            result = method(self, *values)
            return self._pack(signature, result, args)

        call.__name__ = call.__qualname__ = name
        return call

    def _pack(self, signature: Signature, result: Any, args: Sequence[Any]) -> Any:
        kind = signature.gives
        if not kind or result is None:
            return result
        if kind.startswith("["):
            return [self._handle(kind[1:-1], one, signature.owned) for one in result]
        lender = next((one for one in args if isinstance(one, Handle)), None)
        if kind in ("properties", "property", "signal_handler"):
            return self._handle(kind, result, False, lasting=True)
        return self._handle(kind, result, signature.owned, None if signature.owned else lender)

    def _unpack(self, name: str, word: str, value: Any) -> Any:
        """What stands behind an argument; violations for what SWIG refuses or OBS crashes on."""
        kind = word.rstrip("?!")
        if kind in HANDLE_KINDS:
            if value is None and word != kind:
                return None
            if word.endswith("!") and isinstance(value, Handle) and value.kind == kind:
                return value.target  # _release has its own words for what can be wrong here
            return self._target(value, kind, name)
        if kind in ("str", "pystr"):
            return self._text(name, word, value)
        if kind in ("int", "int32", "uint"):
            low, high = {"int": (-(2**63), 2**63), "int32": (-(2**31), 2**31), "uint": (0, 2**64)}[kind]
            if not isinstance(value, int) or not low <= value < high:
                self._violate(f"{name}: expected {kind}, got {value!r}")
        elif kind == "bool" and not isinstance(value, bool):
            self._violate(f"{name}: expected bool, got {value!r}; SWIG takes nothing else")
        elif kind == "float" and not isinstance(value, (int, float)):
            self._violate(f"{name}: expected float, got {value!r}")
        elif kind == "list" and not isinstance(value, list):
            self._violate(f"{name}: expected the list OBS gave, got {value!r}")
        elif kind == "callback":
            self._check_callback(name, value)
        structs = {"vec2": vec2, "video_info": obs_video_info, "crop": obs_sceneitem_crop}
        if kind in structs and not isinstance(value, structs[kind]):
            self._violate(f"{name}: expected {kind}, got {value!r}")
        if kind == "vec2" and not all(isinstance(part, (int, float)) for part in (value.x, value.y)):
            self._violate(f"{name}: vec2 of {value.x!r}, {value.y!r}")
        return value

    def _text(self, name: str, word: str, value: Any) -> str | None:
        if value is None and word.endswith("?"):
            return None
        if not isinstance(value, str):
            self._violate(f"{name}: expected str, got {value!r}")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            self._violate(f"{name}: {value!r} has a lone surrogate, SWIG raises TypeError")
        if "\0" in value and word == "pystr":
            self._violate(f"{name}: {value!r} has a NUL, PyArg_Parse raises ValueError")
        return str(value).split("\0")[0]  # where SWIG's C strings end

    def _check_callback(self, name: str, function: Any) -> None:
        if not isinstance(function, types.FunctionType):
            self._violate(f"{name}: {function!r} is no plain function; OBS refuses it silently")
        if function.__name__ == "<lambda>" or "<locals>" in function.__qualname__:
            self._violate(f"{name}: {function.__qualname__} is no module-level function and can never be removed")

    # -- sources and scenes, inside

    def _named(self, name: str) -> Source | None:
        return next((one for one in self._sources if one.name == name and not one.private), None)

    def _free_name(self, name: str) -> str:
        name = name or f"__unnamed{next(self._numbers):04d}"
        taken = {one.name for one in self._sources if not one.private}
        if name not in taken or self.version < (30, 0, 0):  # OBS 29 lets two have one name (seen)
            return name
        return next(f"{name} {number}" for number in itertools.count(2) if f"{name} {number}" not in taken)

    def _make(self, call: str, id: str, name: str, settings: Data | None, private: bool) -> Source:
        if id not in self.kinds:
            self._violate(f"{call}: no kind {id!r} on this platform; OBS would leave an empty shell")
        kind = self.kinds[id]
        private = private or kind.type == "filter"
        source = Source(kind, name if private else self._free_name(name), private)
        if settings is not None:
            source.settings.merge(settings)
        if kind.unversioned == "color_source":
            source.size = _size(source)  # others know theirs from the first frame on
        self._sources.append(source)
        return source

    def _shown_items(self) -> Iterator[Item]:
        rows = [self._current_scene.scene.items] if self._current_scene and self._current_scene.scene else []
        while rows:
            for item in rows.pop():
                if item.visible:
                    yield item
                    if item.source.scene:
                        rows.append(item.source.scene.items)

    def _drop_item(self, item: Item) -> None:
        if item in item.parent.items:
            item.parent.items.remove(item)
        item.dead = "the scene item was removed"

    def _collect(self) -> None:
        """Destroys what nothing holds any more, as OBS does with the last release."""
        while True:
            used = {id(item.source) for one in self._sources if one.scene for item in one.scene.items}
            used |= {id(one) for source in self._sources for one in source.filters}
            gone = [one for one in self._sources if not one.refs and not one.pinned and id(one) not in used]
            if not gone:
                return
            for one in gone:
                one.dead = f"source {one.name!r} was destroyed"
                self._sources.remove(one)
                for item in list(one.scene.items) if one.scene else []:
                    self._drop_item(item)

    def _defer(self, item: Item, call: str, step: int) -> None:
        depths = self._stack[-1].deferred
        depths[item, call] = depths.get((item, call), 0) + step
        if depths[item, call] < 0:
            self._violate(f"{call}_end without _begin")
        if call == "obs_sceneitem_defer_group_resize":
            item.deferred += step

    def _hotkey(self, number: int) -> Hotkey | None:
        return next((one for one in self.hotkeys if one.id == number), None)

    # -- the properties page, inside

    def _field(self, to: Properties, name: str, kind: str, text: str, **extra: Any) -> Property:
        if to.top().find(name):
            self._violate(f"there is a property {name!r} on this page already; OBS would return None")
        made = Property(to, name, kind, text)
        made.extra = extra
        to.fields[name] = made
        return made

    def _needs(self, one: Property, kind: str) -> None:
        if one.kind != kind:
            self._violate(f"property {one.name!r} is a {one.kind}, not a {kind}")

    # -- logging

    def _logged(self, level: int, line: str) -> None:
        self.log.append((level, line))

    def _printed(self, level: int, text: str) -> None:
        *lines, rest = (self._half_lines.get(level, "") + text).split("\n")
        self._half_lines[level] = rest
        for line in lines:
            self._logged(level, line)

    @property
    def warnings(self) -> list[str]:
        """Lines at WARNING or above, stderr included: each would pop the Script Log up over the stream."""
        return [line for level, line in self.log if level <= CONSTANTS["LOG_WARNING"]]

    # -- the life of the script

    def load_script(self, path: str | os.PathLike[str], settings_json: Mapping[str, Any] | str | None = None) -> None:
        """As OBS loads a script of a collection: body (unless cached), defaults, description, load, update.

        Before load_collection() there are no sources, as when a collection loads; after it, it is a script
        that the user added by hand. ``settings_json`` are the settings as saved.
        """
        if self._settings is not None:
            raise RuntimeError("a script is loaded already")
        values = json.loads(settings_json) if isinstance(settings_json, str) else settings_json
        self._path = os.path.abspath(os.fspath(path)).replace("\\", "/")
        self._settings = Data(values)
        folder, file = os.path.split(self._path)
        name = file.split(".py")[0]  # strstr(".py") in obs_python_script_create
        if folder not in sys.path:
            sys.path.append(folder)
        if name not in self._script_names:
            self._take_out((name,))
            self._script_names.add(name)
        self._load(lambda: importlib.import_module(name), cached=name in sys.modules)

    def _load(self, get: Callable[[], types.ModuleType], cached: bool) -> None:
        module = get() if cached else self._ui("module body", get)
        if module is None:
            self.script = None
            return
        self.script = module
        folder = os.path.dirname(self._path) + "/"
        module.__dict__.update(obspython=self.module, __script_dir__=folder, script_path=lambda: folder)
        if hasattr(module, "script_tick"):
            self._note("script_tick: it takes the GIL on the graphics thread every frame")
        self._hook("script_defaults", True)
        text = self._hook("script_description")
        self.description = text if isinstance(text, str) else ""
        if text is not None and not isinstance(text, str):
            self._note(f"script_description gave {text!r}")
        self._hook("script_load", True)
        self._hook("script_update", True)

    def _hook(self, name: str, with_settings: bool = False) -> Any:
        function = getattr(self.script, name, None)
        if function is None:
            return None

        def run() -> Any:
            return function(self._handle("data", self._settings, False, lasting=True)) if with_settings else function()

        return self._ui(name, run)

    def load_collection(self, scenes: Sequence[str] = ("Scene",), event: bool = True) -> None:
        """The collection's sources come into being, its first scene is shown. ``event``: FINISHED_LOADING."""
        if self.collection in self._parked:
            self._sources, self._scene_names, self._current_scene = self._parked.pop(self.collection)
        for name in scenes if not self._scene_names else ():
            self.add_scene(name)
        if event:
            self.event(CONSTANTS["OBS_FRONTEND_EVENT_FINISHED_LOADING"])

    def unload_script(self) -> None:
        """The end of a collection: script_save, then every callback is gone, then script_unload."""
        self._save_project()
        self._unload()
        self._destroy_script()

    def _unload(self) -> None:
        self._close_page("the script was unloaded")
        self.timers.clear()  # OBS removes a script's callbacks before it calls script_unload
        self.event_callbacks.clear()
        self.save_callbacks.clear()
        self.signal_callbacks.clear()
        self.hotkeys.clear()
        began = time.perf_counter()
        self._hook("script_unload")
        self.unload_seconds = time.perf_counter() - began
        for thread in self._script_threads:
            if thread.is_alive():
                self._note(f"thread {thread.name!r} is alive after script_unload")
        self._script_threads = [one for one in self._script_threads if one.is_alive()]
        for held in self.unreleased():
            self._note(f"held after script_unload: {held}")

    def _destroy_script(self) -> None:
        if self._settings is not None:
            self._settings.dead = "the script's settings went with the script"
        self._settings = None

    def reload_script(self) -> None:
        """The round arrow: script_unload (no script_save), the file again in its namespace, page twice."""
        assert self._settings is not None
        self._unload()
        module = self.script

        def again() -> types.ModuleType:
            if module is None:
                return importlib.import_module(os.path.basename(self._path).split(".py")[0])
            return importlib.reload(module)

        self._load(again, cached=False)
        self._after_adding()

    def remove_and_add(self, settings_json: Mapping[str, Any] | None = None) -> None:
        """Minus, then plus: script_unload without script_save, a load with empty settings, no module body."""
        path = self._path
        self._unload()
        self._destroy_script()
        self.load_script(path, settings_json)
        self._after_adding()

    def _after_adding(self) -> None:
        """Add and Reload ask for the properties once for the modified callbacks and throw them away."""
        page = self._open_page()
        if page is None:
            return
        settings = Data() if self.version < (31, 0, 0) else self._settings

        def each(fields: Properties) -> Iterator[Property]:
            for one in fields.fields.values():
                yield one
                if one.content:
                    yield from each(one.content)

        for one in reversed([one for one in each(page.properties) if one.modified]):
            self._modified(one, settings)
        self._close_page("the page was made anew")
        self.page()

    def switch_collection(self, name: str, settings_json: Mapping[str, Any] | None = None, with_script: bool = True) -> None:
        """Saves, unloads, lets every source go, then loads the other collection: script first, sources after.

        A collection seen before comes back with its sources and the script's settings as saved;
        ``settings_json`` are for a new one, ``with_script=False`` for one that does not list the script.
        No FINISHED_LOADING comes.
        """
        path = self._path
        self.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGING"])
        self._save_sources()
        if self._settings is not None:
            self._save_project()
            self._collection_settings[self.collection] = dict(self.saved)
        else:
            self._collection_settings.setdefault(self.collection, None)
        self._clear_collection(unload=True)
        self.collection = name
        known = self._collection_settings.get(name, dict(settings_json or {}) if with_script else None)
        if known is not None:
            self.load_script(path, known)
        self.load_collection(event=False)
        self.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED"])

    def _save_sources(self) -> None:
        """A collection comes back as it was saved: without what the script does to its sources in script_unload."""
        self._saved_sources = [(one, one.settings.json()) for one in self._sources]

    def _clear_collection(self, unload: bool) -> None:
        self.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_COLLECTION_CLEANUP"])
        if self._settings is not None and unload:
            self._unload()
            self._destroy_script()
        for held in self.unreleased():
            self._note(f"held across a collection switch (a crash): {held}")
        for one, values in self._saved_sources:
            one.settings.values = Data(values).values
        self._parked[self.collection] = (self._sources, self._scene_names, self._current_scene)
        self._sources, self._scene_names, self._current_scene = [], [], None

    def quit(self) -> None:
        """OBS exits: script_save, SCRIPTING_SHUTDOWN, SCENE_COLLECTION_CLEANUP, script_unload; no EXIT."""
        self._save_sources()
        if self._settings is not None:
            self._save_project()
        self.event(CONSTANTS["OBS_FRONTEND_EVENT_SCRIPTING_SHUTDOWN"])
        self._clear_collection(unload=True)

    def _save_project(self) -> None:
        if self._settings is None:
            return
        self._hook("script_save", True)
        self.saved = self._settings.json()

    @property
    def threads(self) -> list[threading.Thread]:
        """The living threads that the script, or a thread of the script, has started."""
        return [one for one in self._script_threads if one.is_alive()]

    @property
    def settings(self) -> dict[str, Any]:
        """The script's settings now, defaults filled in (a copy)."""
        assert self._settings is not None, "no script is loaded"
        return self._settings.json(with_defaults=True)

    # -- time

    def tick(self, seconds: float = 0.1) -> None:
        """Lets video time pass frame by frame; a timer that is due runs once a frame, on its thread."""
        for _ in range(max(1, round(seconds * 60))):
            self._time_ns += FRAME_NS
            self._frame()

    def stall(self, seconds: float) -> None:
        """One frame comes late (a stall, a laptop's sleep): timers then fire each frame until caught up."""
        self._time_ns += round(seconds * 1e9)
        self._frame()

    def run_timers(self, turns: int = 1) -> None:
        """Lets time pass until ``turns`` timer turns have run."""
        if not self.timers:
            raise RuntimeError("no timer is registered")
        until = self.turns + turns
        while self.turns < until and self.timers:
            self._time_ns += FRAME_NS
            self._frame()

    def tick_until(self, done: Callable[[], Any], seconds: float = 5.0, what: str = "") -> None:
        """Runs timer turns in real time until ``done()``; AssertionError after ``seconds`` s of wall time."""
        pause = threading.Event()
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what or done}")
            self.run_timers()
            pause.wait(0.01)  # the script's own threads need the time, too

    def _frame(self) -> None:
        for timer in list(self.timers):
            if timer in self.timers and self._time_ns - timer.last_ns >= timer.ms * 1_000_000:
                self._turn(timer)
                timer.last_ns += timer.ms * 1_000_000
        for source in self._sources:
            source.size = _size(source)
            for item in list(source.scene.items) if source.scene else []:
                if item.source.removed:
                    self._drop_item(item)
        for source in self._sources:
            for item in source.scene.items if source.scene else []:
                _fit_group(item)
        for one in self._sources:
            one.pinned = one.pinned and not one.removed
        self._collect()

    def _turn(self, timer: Timer) -> None:
        self.turns += 1
        began = time.perf_counter()
        what = f"timer {timer.callback.__qualname__}"
        self._graphics.run(lambda: self._run(what, "graphics", timer.callback))
        self.turn_seconds.append(time.perf_counter() - began)
        self._drain_ui_queue()

    # -- events and hotkeys

    def event(self, number: int) -> None:
        """A frontend event reaches the script's callbacks."""
        for callback in list(self.event_callbacks):
            self._ui(f"event {EVENTS[number]}", callback, number)

    def _fire(self, number: int) -> None:
        """An event inside a call of the script."""
        for callback in list(self.event_callbacks):
            self._run(f"event {EVENTS[number]}", "ui", callback, number)

    def signal(self, name: str, *args: Any) -> None:
        """A signal reaches its callbacks, with whatever stands for its calldata."""
        for wanted, callback in list(self.signal_callbacks):
            if wanted == name:
                self._ui(f"signal {name}", callback, *args)

    def hotkey(self, name: str) -> None:
        """The user presses and lets go the hotkey with this name or text; it runs on OBS's defer thread."""
        key = next((one for one in self.hotkeys if name in (one.name, one.text)), None)
        if key is None:
            raise AssertionError(f"no hotkey {name!r}; there are {[(one.name, one.text) for one in self.hotkeys]}")
        for pressed in (True, False):
            self._defer_thread.run(lambda on=pressed: self._run(f"hotkey {key.name}", "defer", key.callback, on))
        self._drain_ui_queue()

    # -- the user at the properties page

    def page(self) -> Page:
        """Opens the page (again): OBS destroys the old one and calls script_properties."""
        page = self._open_page()
        assert page is not None, "script_properties gave nothing"
        self._settle_lists()
        return page

    def _settle_lists(self) -> None:
        """A drawn list whose value is not among its entries takes the first one (AddList in properties-view.cpp)."""
        page = self._page
        for drawn in list(page.drawn.values()) if page is not None else ():
            if drawn.kind != "list" or not drawn.visible or not drawn.options:
                continue
            assert page is not None and self._settings is not None
            one = page.properties.find(drawn.name)
            if one is None or one.extra["combo_type"] != CONSTANTS["OBS_COMBO_TYPE_LIST"]:
                continue
            of_strings = one.extra["format"] == CONSTANTS["OBS_COMBO_FORMAT_STRING"]
            value = _as_string(drawn.value) if of_strings else _as_number(drawn.value)
            first = drawn.options[0][1]
            if value not in [entry for _, entry in drawn.options]:
                page.drawn[drawn.name] = replace(drawn, value=first)
                self._settings.values[drawn.name] = first
                self._hook("script_update", True)
                self._modified(one, self._settings)

    def _open_page(self) -> Page | None:
        self._close_page("the page was made anew")
        if self.script is None or not hasattr(self.script, "script_properties"):
            return None
        handle = self._hook("script_properties")
        if handle is None:
            return None
        if not isinstance(handle, Handle) or handle.kind != "properties":
            self._note(f"script_properties gave {handle!r}")
            return None
        self._loose_properties = [one for one in self._loose_properties if one is not handle.target]
        for _ in self._loose_properties:
            self._note("script_properties made properties that are on no page: leaked")
        self._loose_properties = []
        assert self._settings is not None
        self._page = Page(handle.target, self._settings)
        return self._page

    def _close_page(self, why: str) -> None:
        if self._page is not None:
            self._page.properties.destroy(why)
        self._page = None

    def _on_page(self, name: str, kinds: Sequence[str]) -> Property:
        page = self._page or self.page()
        seen = page.drawn.get(name)
        if seen is None or not seen.visible or not seen.enabled or seen.kind not in kinds:
            raise AssertionError(f"the user cannot use {name!r} on this page: {seen}")
        found = page.properties.find(name)
        assert found is not None
        return found

    def press(self, name: str) -> Any:
        """The user presses a button; gives what its callback gave. Only a literal True redraws the page."""
        button = self._on_page(name, ("button",))
        if button.extra.get("button_type") == CONSTANTS["OBS_BUTTON_URL"] and button.extra.get("url"):
            self.opened_urls.append(button.extra["url"])
            return None
        if button.callback is None:
            return None
        return self._page_callback(f"button {name}", button.callback, button)

    def _page_callback(self, what: str, callback: Callable[..., Any], one: Property, *more: Data | None) -> Any:
        def run() -> Any:
            top = self._handle("properties", one.owner.top(), False, lasting=True)
            own = self._handle("property", one, False, lasting=True)
            return callback(top, own, *(self._handle("data", data, False, lasting=True) for data in more))

        result = self._ui(what, run)
        if result is not None and not isinstance(result, bool):
            self._note(f"{what} gave {result!r}: OBS takes only the literal True for yes")
        if result is True and self._page is not None:
            self._page.draw()
            self._settle_lists()
        return result

    def _modified(self, one: Property, settings: Data | None) -> None:
        if one.modified is not None:
            self._page_callback(f"modified {one.name}", one.modified, one, settings)

    def type(self, name: str, text: str) -> None:
        """The user selects what is in a text field and types ``text``: script_update for every letter."""
        letters = [text[: end + 1] for end in range(len(text))] or [""]
        for so_far in letters:
            self._edit(name, ("text", "path", "list"), so_far)

    def choose(self, name: str, value: Any) -> None:
        """The user ticks a box, picks from a list or sets a number."""
        self._edit(name, ("bool", "int", "float", "list", "color", "color_alpha", "path", "group"), value)

    def _edit(self, name: str, kinds: Sequence[str], value: Any) -> None:
        one = self._on_page(name, kinds)
        if one.extra.get("text_type") == CONSTANTS["OBS_TEXT_INFO"]:
            raise AssertionError(f"{name!r} is only to be read")
        assert self._settings is not None
        self._settings.values[name] = value
        self._hook("script_update", True)
        if not one.dead:
            self._modified(one, self._settings)

    def defaults_button(self) -> None:
        """ "Defaults": every user value goes, script_update, then the script is reloaded."""
        assert self._settings is not None
        self._settings.values.clear()
        self._hook("script_update", True)
        self.reload_script()

    # -- the user in the main window

    def add_scene(self, name: str) -> None:
        """A new scene; the first one becomes the current one."""
        scene = self._make("add_scene", "scene", name, None, private=False)
        scene.pinned = True
        self._scene_names.append(scene)
        self._current_scene = self._current_scene or scene

    def show_scene(self, name: str) -> None:
        """The user switches scenes; SCENE_CHANGED follows."""
        self._current_scene = self._scene(name).source
        self.event(CONSTANTS["OBS_FRONTEND_EVENT_SCENE_CHANGED"])

    def _scene(self, name: str | None) -> Scene:
        found = self._current_scene if name is None else self._named(name)
        if found is None or found.scene is None:
            raise AssertionError(f"no scene {name!r}")
        return found.scene

    def create_source(self, kind: str, name: str, settings: Mapping[str, Any] | None = None, scene: str | None = None) -> None:
        """A source of the user's, on top of ``scene`` (default: the current one)."""
        into = self._scene(scene)
        source = self._make("create_source", kind, name, Data(settings), private=False)
        into.items.append(Item(next(self._numbers), source, into))

    def delete_source(self, name: str) -> None:
        """The user deletes a source from all scenes; a group takes its children along."""
        source = self._named(name)
        if source is None:
            raise AssertionError(f"no source {name!r}")
        doomed = [source, *(item.source for item in source.scene.items)] if source.is_group and source.scene else [source]
        for one in doomed:
            one.removed = True
            one.pinned = False
            for other in self._sources:
                for item in list(other.scene.items) if other.scene else []:
                    if item.source is one:
                        self._drop_item(item)
        self._scene_names = [one for one in self._scene_names if one is not source]
        if self._current_scene is source:
            self._current_scene = self._scene_names[0] if self._scene_names else None
        self._collect()

    def rename_source(self, old: str, new: str) -> None:
        """The user renames a source; AssertionError when the name is taken, as OBS's window refuses it."""
        source = self._named(old)
        if source is None or self._named(new):
            raise AssertionError(f"cannot rename {old!r} to {new!r}")
        source.name = new

    def change_source(self, name: str, settings: Mapping[str, Any]) -> None:
        """The user changes settings in the source's own window (not counted in ``updates``)."""
        source = self._named(name)
        assert source is not None, name
        source.settings.merge(Data(settings))

    def move_to_scene(self, name: str, scene: str) -> None:
        """The user cuts a top-level item and pastes it into another scene."""
        source = self._named(name)
        assert source is not None, name
        for other in self._sources:
            for item in list(other.scene.items) if other.scene else []:
                if item.source is source:
                    self._drop_item(item)
        into = self._scene(scene)
        into.items.append(Item(next(self._numbers), source, into))

    def change_filter(self, source: str, name: str, settings: Mapping[str, Any]) -> None:
        """The user changes settings in a filter's window (not counted in ``updates``)."""
        found = self._named(source)
        assert found is not None, source
        next(one for one in found.filters if one.name == name).settings.merge(Data(settings))

    def remove_filter(self, source: str, name: str) -> None:
        """The user deletes a filter."""
        found = self._named(source)
        assert found is not None, source
        found.filters = [one for one in found.filters if one.name != name]
        self._collect()

    def source(self, name: str) -> SourceView | None:
        """The source as it is now, or None."""
        found = self._named(name)
        return self._source_view(found) if found else None

    def _source_view(self, one: Source) -> SourceView:
        return SourceView(
            one.name,
            one.kind.id,
            one.settings.json(with_defaults=True),
            [update for update in self.updates if update.source == one.name],
            [self._source_view(filter) for filter in one.filters],
            one.size,
            one.muted,
            one.enabled,
        )

    def sources(self) -> list[str]:
        """The names of all public sources, scenes and groups included."""
        return [one.name for one in self._sources if not one.private]

    def scene_items(self, scene: str | None = None) -> list[ItemView]:
        """The items of a scene (default: the current one), bottom first."""
        return [_item_view(item) for item in self._scene(scene).items]

    def updates_in_turn(self, turn: int | None = None) -> list[Update]:
        """The obs_source_update calls of one timer turn (default: the last one)."""
        return [one for one in self.updates if one.turn == (self.turns if turn is None else turn)]


def _select_only(item: Item) -> None:
    """OBS's window selects what is new in a scene, and nothing else at its level (OBSBasic::AddSceneItem)."""
    for one in item.parent.items:
        one.selected = one is item


def _item_view(item: Item) -> ItemView:
    inner = item.source.scene.items if item.source.is_group and item.source.scene else []
    return ItemView(
        item.source.name,
        item.source.kind.id,
        item.visible,
        item.locked,
        item.selected,
        item.pos,
        item.scale,
        item.bounds,
        item.bounds_type,
        item.bounds_alignment,
        item.alignment,
        [_item_view(one) for one in inner],
    )


def _size(source: Source) -> tuple[int, int]:
    """A likely size in px; text by rule of thumb (0.6 em a letter, 1.2 em a line)."""
    settings = source.settings
    if source.kind.unversioned == "color_source":
        return int(_as_number(settings.get("width"))), int(_as_number(settings.get("height")))
    if source.kind.unversioned in ("text_ft2_source", "text_gdiplus"):
        font = settings.get("font")
        em = int(_as_number(font.get("size"))) if isinstance(font, Data) else 0
        lines = _as_string(settings.get("text")).split("\n")
        em = em or 256  # the default of both kinds
        return int(max(map(len, lines)) * em * 0.6), int(len(lines) * em * 1.2)
    return source.size


def _fit_group(item: Item) -> None:
    """OBS moves a group to the top left of its items and its items back by as much (resize_group)."""
    inner = item.source.scene.items if item.source.is_group and item.source.scene else []
    if not inner or item.bounds_type or item.deferred:
        return
    left, top = (min(child.pos[axis] for child in inner) for axis in (0, 1))
    for child in inner:
        child.pos = (child.pos[0] - left, child.pos[1] - top)
    item.pos = (item.pos[0] + left * item.scale[0], item.pos[1] + top * item.scale[1])


def _place() -> str:
    """The line outside this file that is being executed."""
    frame = sys._getframe(1)
    while frame is not None and os.path.abspath(frame.f_code.co_filename) == HERE:
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return "?"
    # contextlib shows up when references are held by context managers: the caller says more
    at = traceback.extract_stack(frame, limit=3)
    return " < ".join(f"{os.path.basename(one.filename)}:{one.lineno} {one.name}: {one.line}" for one in reversed(at))
