"""What obs-scripting adds (log, timers), obs-hotkey.h, and the few calls about OBS as a whole."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Callable

from ..clock import Hotkey, Timer
from ..signatures import api
from ..things import Array, Data, obs_video_info

if TYPE_CHECKING:
    from ..fake_obs import FakeObs


@api()
def obs_get_version(fake: FakeObs) -> int:
    major, minor, patch = fake.version
    return major << 24 | minor << 16 | patch


@api("video_info")
def obs_get_video_info(fake: FakeObs, out: obs_video_info) -> bool:
    out.base_width, out.base_height = out.output_width, out.output_height = fake.canvas
    out.fps_num, out.fps_den = 60, 1
    return True


@api("int32", "pystr")
def script_log(fake: FakeObs, level: int, text: str) -> None:
    for line in text.split("\n"):
        fake._logged(level, line)


@api("callback", "int32", registers=True)
def timer_add(fake: FakeObs, callback: Callable[[], Any], ms: int) -> None:
    if any(one.callback is callback for one in fake.timers):
        fake._violate(f"timer_add: {callback.__qualname__} is a timer already and would run twice")
    fake.timers.insert(0, Timer(callback, ms, fake._time_ns))  # OBS puts new ones first


@api("any")
def timer_remove(fake: FakeObs, callback: Any) -> None:
    fake.timers = [one for one in fake.timers if one.callback is not callback]


@api("pystr", "pystr", "callback", registers=True)
def obs_hotkey_register_frontend(fake: FakeObs, name: str, text: str, callback: Callable[[bool], Any]) -> int:
    if any(one.name == name for one in fake.hotkeys):
        fake._violate(f"obs_hotkey_register_frontend: {name!r} is registered already")
    key = Hotkey(next(fake._numbers), name, text, callback, [])
    fake.hotkeys.append(key)
    return key.id


@api("any")
def obs_hotkey_unregister(fake: FakeObs, callback: Any) -> None:
    if not isinstance(callback, types.FunctionType):
        fake._violate("obs_hotkey_unregister takes the callback, not the ID")
    fake.hotkeys = [one for one in fake.hotkeys if one.callback is not callback]


@api("uint", gives="data_array", owned=True)
def obs_hotkey_save(fake: FakeObs, number: int) -> Array | None:
    key = fake._hotkey(number)
    if key is None:
        # OBS removes a script's hotkeys before script_unload: the bindings would be lost here
        fake._violate(f"obs_hotkey_save: there is no hotkey {number} (any more)")
    return Array([Data(one) for one in key.bindings])


@api("uint", "data_array?")
def obs_hotkey_load(fake: FakeObs, number: int, array: Array | None) -> None:
    key = fake._hotkey(number)
    if key is None:
        fake._violate(f"obs_hotkey_load: there is no hotkey {number}")
    key.bindings = [one.json() for one in array.items] if array else []
