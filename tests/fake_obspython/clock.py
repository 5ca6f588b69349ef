"""OBS's clock and what it fires: timers frame by frame, frontend events, hotkeys. Knows what a script registered."""

from __future__ import annotations

import contextlib
import threading
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable

from .constants import CONSTANTS, EVENTS
from .things import Data
from .world import World

FRAME_NS = 1_000_000_000 // 60 + 1  # one video frame at 60 fps; rounded up so that 60 of them are a second


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


class Clock(World):
    """Runs what a script has registered."""

    def __init__(self, platform: str, version: tuple[int, int, int]) -> None:
        super().__init__(platform, version)
        self.script: types.ModuleType | None = None
        self.timers: list[Timer] = []
        self.hotkeys: list[Hotkey] = []
        self.event_callbacks: list[Callable[[int], Any]] = []
        self.turn_seconds: list[float] = []  # s of wall time each turn took
        self._settings: Data | None = None
        self._time_ns = 0

    def _hook(self, name: str, with_settings: bool = False) -> Any:
        """Runs a script_* function of the script, if it has it."""
        function = getattr(self.script, name, None)
        if function is None:
            return None

        def run() -> Any:
            return function(self._handle("data", self._settings, False, lasting=True)) if with_settings else function()

        return self._ui(name, run)

    def _forget_callbacks(self) -> None:
        self.timers.clear()
        self.event_callbacks.clear()
        self.hotkeys.clear()

    # -- time

    def tick(self, seconds: float = 0.1) -> None:
        """Lets video time pass frame by frame; a timer that is due runs once a frame, on its thread."""
        for _ in range(max(1, round(seconds * 60))):
            self._time_ns += FRAME_NS
            self._frame()

    @contextlib.contextmanager
    def timers_on_their_own(self) -> Iterator[None]:
        """Meanwhile the timers run on their thread without pause: OBS waits for none of them before script_unload.

        A timer that is removed may be in its callback at that moment, and runs it to the end, but not once more.
        """
        goes_on, ended, failed = threading.Event(), threading.Event(), []
        goes_on.set()

        def turns() -> None:
            try:
                while goes_on.is_set():
                    for timer in list(self.timers):
                        self.turns += 1
                        self._run("timer", "graphics", timer.callback)
            except BaseException as error:
                failed.append(error)
            finally:
                ended.set()

        self._graphics.start(turns)
        try:
            yield
        finally:
            goes_on.clear()
            assert ended.wait(30), "a turn does not end"
        assert failed == []

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
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what or done}")
            self.run_timers()
            time.sleep(0.01)  # the script's own threads need the time, too

    def _frame(self) -> None:
        for timer in list(self.timers):
            if timer in self.timers and self._time_ns - timer.last_ns >= timer.ms * 1_000_000:
                self._turn(timer)
                timer.last_ns += timer.ms * 1_000_000
        self._draw_frame()

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

    def _event(self, name: str) -> None:
        self.event(CONSTANTS[f"OBS_FRONTEND_EVENT_{name}"])

    def _fire(self, name: str) -> None:
        """An event inside a call of the script."""
        for callback in list(self.event_callbacks):
            self._run(f"event {name}", "ui", callback, CONSTANTS[f"OBS_FRONTEND_EVENT_{name}"])

    def show_scene(self, name: str) -> None:
        """The user switches scenes; SCENE_CHANGED follows."""
        self._go_on_air(self._scene(name).source)
        self._event("SCENE_CHANGED")

    def hotkey(self, name: str) -> None:
        """The user presses and lets go the hotkey with this name or text; it runs on OBS's defer thread."""
        key = next((one for one in self.hotkeys if name in (one.name, one.text)), None)
        if key is None:
            raise AssertionError(f"no hotkey {name!r}; there are {[(one.name, one.text) for one in self.hotkeys]}")
        for pressed in (True, False):
            self._defer_thread.run(lambda on=pressed: self._run(f"hotkey {key.name}", "defer", key.callback, on))
        self._drain_ui_queue()

    def _hotkey(self, number: int) -> Hotkey | None:
        return next((one for one in self.hotkeys if one.id == number), None)
