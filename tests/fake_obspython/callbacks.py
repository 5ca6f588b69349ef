"""On which thread what may be called, and what a script's callback and its threads must not do: rules 2, 3, 6 and 7."""

from __future__ import annotations

import _thread
import contextlib
import itertools
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any, Callable

from .constants import CONSTANTS
from .references import References
from .signatures import Signature
from .threads import Callback, ScriptStream, Worker
from .violations import FakeObsError

ENDS_WITHIN = 0.5
"""Seconds: from Python 3.13 on a thread is alive for a moment after its last line."""


class Callbacks(References):
    """Runs callbacks as OBS does, on its threads, with its stdout and stderr; keeps the log."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[int, str]] = []  # (level, line)
        self.hooks: list[str] = []  # hooks and callbacks in the order OBS ran them
        self._half_lines: dict[int, str] = {}
        self._serials = itertools.count(1)
        self._ui_queue: list[Callable[[], None]] = []
        self._script_threads: list[threading.Thread] = []
        self._launches: dict[int, threading.Event] = {}  # ids of threads without an object, until they have ended
        self._gil = threading.RLock()  # a call of obspython never lets go of the GIL: what it does is done at once
        self._running = 0  # callbacks, on all threads
        self._kept_streams: Any = None

    # -- the threads

    def _start_threads(self) -> None:
        self._graphics = Worker("OBS graphics")
        self._defer_thread = Worker("OBS defer")
        self._real_start, self._real_join = threading.Thread.start, threading.Thread.join
        self._real_launch = _thread.start_new_thread
        threading.Thread.start = self._watched_start()  # type: ignore[method-assign]
        _thread.start_new_thread = self._watched_launch()  # type: ignore[assignment]
        threading.Thread.join = self._watched_join()  # type: ignore[method-assign]

    def _end_threads(self) -> None:
        threading.Thread.start = self._real_start  # type: ignore[method-assign]
        threading.Thread.join = self._real_join  # type: ignore[method-assign]
        _thread.start_new_thread = self._real_launch
        self._graphics.close()
        self._defer_thread.close()

    def _watched_start(self) -> Callable[[threading.Thread], None]:
        fake, real = self, self._real_start

        def start(thread: threading.Thread) -> None:
            if fake._on_callback_thread() and fake._stack[-1].role == "graphics":
                fake._violate(f"Thread.start in {fake._stack[-1].what}: it lets go of the GIL, which can crash OBS")
            is_launched = threading.get_ident() in fake._launches
            if is_launched or fake._on_callback_thread() or threading.current_thread() in fake._script_threads:
                fake._script_threads.append(thread)
                if not thread.daemon:
                    fake._violate(f"thread {thread.name!r} is no daemon: while it lives OBS cannot exit")
            real(thread)

        return start

    def _watched_launch(self) -> Callable[..., int]:
        fake, real = self, self._real_launch

        def launch(work: Callable[..., Any], arguments: tuple[Any, ...], *more: Any) -> int:
            if not fake._on_callback_thread():
                return real(work, arguments, *more)
            known, ended = threading.Event(), threading.Event()

            def watched(*given: Any) -> None:
                known.wait(5)
                try:
                    work(*given)
                finally:
                    ended.set()
                    fake._launches.pop(threading.get_ident(), None)

            thread = real(watched, arguments, *more)
            fake._launches[thread] = ended
            known.set()
            return thread

        return launch

    def _watched_join(self) -> Callable[..., None]:
        fake, real = self, self._real_join

        def join(thread: threading.Thread, timeout: float | None = None) -> None:
            if fake._on_callback_thread():
                current = fake._stack[-1]
                if current.role != "ui":
                    fake._violate(f"Thread.join in {current.what}: it would stop OBS's {current.role}")
                if timeout is None:
                    fake._violate(f"Thread.join without a timeout in {current.what}: OBS could freeze")
            real(thread, timeout)

        return join

    def _on_callback_thread(self) -> bool:
        return bool(self._stack)

    @property
    def threads(self) -> list[threading.Thread]:
        """The living threads that the script, or a thread of the script, has started."""
        for ended in list(self._launches.values()):
            ended.wait(ENDS_WITHIN)
        return [one for one in self._script_threads if one.is_alive()]

    def _note_living_threads(self) -> None:
        for thread in self.threads:
            self._real_join(thread, ENDS_WITHIN)
        for thread in self.threads:
            self._note(f"thread {thread.name!r} is alive after script_unload")
        self._script_threads = self.threads

    # -- a call of obspython, from a callback

    def _enter(self, name: str, signature: Signature) -> None:
        if not self._stack:
            thread = f"thread {threading.current_thread().name!r}"
            if self._is_in_a_callback():
                self._violate(f"{name} on {thread}, which is none of OBS's")
            self._violate(f"{name} outside any callback of OBS ({thread})")
        current = self._stack[-1]
        if signature.waits_for_ui:
            if current.role != "ui":
                self._violate(f"{name} waits for the UI thread: from {current.what} it can freeze OBS for good")
            current.fired = current.fired or name
        if signature.registers:
            if current.what not in ("script_load", "call"):
                self._violate(f"{name} in {current.what}: register everything in script_load")
            if current.fired:
                self._violate(f"{name} after {current.fired} in the same callback crashes OBS")

    # -- a callback

    @contextlib.contextmanager
    def _callback(self, what: str, role: str) -> Iterator[Callback]:
        current = Callback(what, role, threading.get_ident(), next(self._serials))
        self.hooks.append(what)
        self._stack.append(current)
        self._divert(1)
        try:
            yield current
        finally:
            self._divert(-1)
            self._stack.pop()
            self._note_held(current.serial, what)
            for (_, call), depth in current.deferred.items():
                if depth:
                    self._note(f"{call}_begin without _end in {what}")

    def _divert(self, step: int) -> None:
        """While any callback runs, on whichever thread, stdout and stderr are OBS's."""
        with self._gil:
            if not self._running:
                self._kept_streams = sys.stdout, sys.stderr
                sys.stdout = self._stream("LOG_INFO", sys.stdout)  # type: ignore[assignment]
                sys.stderr = self._stream("LOG_ERROR", sys.stderr)  # type: ignore[assignment]
            self._running += step
            if not self._running:
                sys.stdout, sys.stderr = self._kept_streams

    def _stream(self, level: str, real: Any) -> ScriptStream:
        return ScriptStream(self._on_callback_thread, lambda text: self._printed(CONSTANTS[level], text), real)

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
