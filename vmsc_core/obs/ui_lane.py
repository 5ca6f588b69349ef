"""The way to calls that belong on OBS's UI thread: queued there by ctypes, never waited for.

From the timer such a call freezes OBS for good (it waits for the UI thread, which waits for the GIL). obs_queue_task hands the
UI thread a function of ours and returns at once.

Rules a maintainer must keep:
1. PyDLL, not CDLL: a turn of the timer must not let go of the GIL (see turns.py), and libobs' lock of the hotkeys must never be
   waited for by one who holds the GIL while its owner wants it.
   Only what the UI thread is switched by is a CDLL: OBS waits there for the frame being drawn, and the frame for any script's
   timer, which needs the GIL. Held meanwhile, 60 switches a second skipped one frame in six here; let go of, none.
2. The C function lives as long as OBS: what is queued may run after the script was unloaded. It finds nothing to do then.
3. What runs there registers no callbacks.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import obspython as obs

from vmsc_core.obs.references import PROGRAM, owned

log = logging.getLogger("vmsc.obs")

MOST = 50
"""Calls that wait; one more is refused."""

MOST_TRIES = 300
"""Turns of the timer for which a switch of the scene is tried again: half a minute."""

TASK_UI = 0
"""libobs' OBS_TASK_UI."""

FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
EACH_HOTKEY = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)

LIBRARIES = {"win32": ("obs.dll",), "darwin": (None, "libobs.framework/libobs")}
"""Where libobs' functions are; None is OBS itself, whose own libraries are found through it."""

FRONTENDS = {"win32": ("obs-frontend-api.dll",), "darwin": (None, "@rpath/obs-frontend-api.dylib")}
"""The same for the functions of OBS's window."""

LONGEST_LIST = 5000
"""Hotkeys that are looked at."""


class UiLane:
    """`do` from any callback of OBS; `close` when the script is unloaded."""

    def __init__(self) -> None:
        self.unknown_hotkeys: deque[str] = deque(maxlen=MOST)
        """The names of hotkeys that were to be pressed and aren't there."""
        self._waiting: deque[Callable[[], object]] = deque()
        self._switches: deque[str] = deque()
        self._put_off = ""  # the scene that a transition stood in the way of
        self._tries = 0
        self.dropped_switches: deque[str] = deque(maxlen=MOST)
        """The scenes that OBS was not switched to, however often that was tried."""
        self._library, self._frontend = _libobs(), _frontend()
        self._function = FUNCTION(self._run)
        # Kept by the one module that outlives every script.
        obs.__dict__.setdefault("vmsc_kept", []).append(self._function)

    @property
    def is_there(self) -> bool:
        """Whether this OBS has such a way."""
        return self._library is not None

    def do(self, work: Callable[[], object]) -> bool:
        """Has the UI thread do it soon; False when it can't, or too much waits already."""
        if self._library is None or len(self._waiting) >= MOST:
            return False
        self._waiting.append(work)
        self._library.obs_queue_task(TASK_UI, self._function, None, False)
        return True

    def close(self) -> None:
        """What waits is not done any more."""
        self._waiting.clear()
        self._switches.clear()
        self._put_off = ""

    def turn(self) -> None:
        """Tries the switch again that a running transition stood in the way of. From the timer."""
        name = self._put_off
        if not name:
            self._tries = 0
        elif self._switches:  # what is wanted since then is on its way
            self._put_off = ""
        elif self._tries >= MOST_TRIES:
            self._put_off, self._tries = "", 0
            self.dropped_switches.append(name)
        else:
            self._put_off, self._tries = "", self._tries + 1  # before it is queued: the UI thread may put it off again at once
            if not self._queue(name):
                self._put_off = name

    def switch_scene(self, name: str) -> bool:
        """OBS goes to that scene soon, if there is one by then; False when it can't now."""
        self._put_off, self._tries = "", 0
        return self._queue(name)

    def _queue(self, name: str) -> bool:
        self._switches.append(name)
        if self.do(self._switch):
            return True
        self._switches.pop()
        return False

    @property
    def next_scene(self) -> str:
        """The scene in which OBS will be when all that waits is done; "" when no switch waits."""
        return self._switches[-1] if self._switches else self._put_off

    def press_hotkey(self, name: str) -> bool:
        """OBS soon does what the hotkey of that name does."""
        return self.do(lambda: self._press(name))

    def hotkeys(self) -> dict[str, int]:
        """Name → OBS's number of every hotkey there is; of several with one name the first. UI thread."""
        found: dict[str, int] = {}
        library = self._library
        if library is None:
            return found

        def note(_: object, number: int, hotkey: int) -> bool:
            name = library.obs_hotkey_get_name(hotkey)
            found.setdefault((name or b"").decode("utf-8", "replace"), number)
            return len(found) < LONGEST_LIST

        library.obs_enum_hotkeys(EACH_HOTKEY(note), None)
        return found

    def _switch(self) -> None:
        name = self._switches[0]
        try:
            if _drops_switches():
                self._put_off = name if len(self._switches) == 1 else ""  # else OBS is to go on from there anyway
            else:
                self._put_off = ""
                _switch(name, self._frontend)
        finally:
            if self._switches:  # else the script was closed by it
                self._switches.popleft()  # only now: until then it isn't on air

    def _press(self, name: str) -> None:
        number = self.hotkeys().get(name)
        if number is None:
            self.unknown_hotkeys.append(name)
        else:
            for is_down in (True, False):
                obs.obs_hotkey_trigger_routed_callback(number, is_down)

    def _run(self, _: object) -> None:
        try:
            if self._waiting:
                self._waiting.popleft()()
        except BaseException:  # nothing may leave a C callback
            log.exception("a call on the UI thread failed")


def _drops_switches() -> bool:
    """In Studio Mode OBS does nothing when it is to switch while a transition runs (TransitionToScene in its frontend)."""
    if not obs.obs_frontend_preview_program_mode_active():
        return False
    with owned(obs.obs_get_output_source(PROGRAM)) as transition:
        return transition is not None and 0.0 < obs.obs_transition_get_time(transition) < 1.0


def _switch(name: str, frontend: Any) -> None:
    source = obs.obs_get_source_by_name(name)
    if source is None:
        return
    try:
        if obs.obs_scene_from_source(source) is not None and not obs.obs_source_is_group(source):
            if frontend is None:
                obs.obs_frontend_set_current_scene(source)
            else:
                frontend.obs_frontend_set_current_scene(int(source))
    finally:
        obs.obs_source_release(source)


def _libobs() -> Any:
    """libobs, with the functions used here; None where it isn't found."""
    for name in LIBRARIES.get(sys.platform, (None, "libobs.so.0", "libobs.so.30")):
        try:
            library = ctypes.PyDLL(name)
            library.obs_queue_task.argtypes = [ctypes.c_int, FUNCTION, ctypes.c_void_p, ctypes.c_bool]
            library.obs_queue_task.restype = None
            library.obs_enum_hotkeys.argtypes = [EACH_HOTKEY, ctypes.c_void_p]
            library.obs_enum_hotkeys.restype = None
            library.obs_hotkey_get_name.argtypes = [ctypes.c_void_p]
            library.obs_hotkey_get_name.restype = ctypes.c_char_p
        except (OSError, AttributeError, TypeError):
            continue
        return library
    return None


def _frontend() -> Any:
    """OBS's window, called without the GIL; None where it isn't found."""
    for name in FRONTENDS.get(sys.platform, (None, "libobs-frontend-api.so.0", "libobs-frontend-api.so.30")):
        try:
            library = ctypes.CDLL(name)
            library.obs_frontend_set_current_scene.argtypes = [ctypes.c_void_p]
            library.obs_frontend_set_current_scene.restype = None
        except (OSError, AttributeError, TypeError):
            continue
        return library
    return None
