"""Writes what rules say into files: one line more of the events, or a label's whole text. A thread of its own.

A turn of OBS's timer must open no file: that lets go of the GIL (see obs/turns.py), and a disk may take seconds. So a turn only
puts what is to be done into a queue, and the thread looks there a few times a second. What a label said before the first write
of this run is read there, too.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable

from vmsc_core.link.background import Launch, background
from vmsc_core.link.errors import CannotConnect
from vmsc_core.reasons import Reason, because

log = logging.getLogger("vmsc.link")

LOOK_EVERY = 0.2
"""Seconds between two looks into the queue."""

MOST_WAITING = 2000
"""Writes that wait; what comes then is not written, and said."""

ROTATED_AT = 5_000_000
"""Bytes: a longer file of events becomes NAME.1, and a new one begins."""

LONGEST_LABEL = 2000
"""Characters."""

MOST_BEFORE = 200
"""Labels of which is remembered what they said before."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}\.(?:txt|jsonl)", re.ASCII)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *\.", re.IGNORECASE)
"""Windows' names for devices."""


class Writer:
    """`add_line`, `write`, `take_back` from the timer; `start` and `close` from the UI thread. `folder` is made when needed."""

    def __init__(self, folder: str, start: Callable[[Callable[[], object], str], threading.Thread] = background) -> None:
        self.folder = folder
        self.problem: Reason | None = None
        """Why the last write failed; None when it went well."""
        self._waiting: deque[tuple[str, Callable[[str], object]]] = deque()
        self._before: dict[str, bytes] = {}  # the thread's own
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._launch: Launch | None = None
        self._make_thread = start

    def start(self) -> None:
        """Begins to write, and waits for nothing: a press on the page calls it. Harmless when it has begun already."""
        if self._thread is not None:
            return
        try:
            self._thread = self._make_thread(self._run, "vmsc-files")
            self._launch = Launch(self._thread)
        except CannotConnect as error:
            self._thread, self.problem = None, error.failure.reason

    def close(self, timeout: float = 1.0) -> bool:
        """Writes what waits and ends, within so many seconds; whether that worked."""
        self._stop.set()
        if self._thread is None or self._launch is None:
            return True
        deadline = time.monotonic() + timeout
        if not self._launch.wait(timeout):
            return False
        if self._thread.ident is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def add_line(self, file: str, line: str) -> Reason | None:
        """One line more in a file of the folder, which is begun anew at ROTATED_AT; why not."""
        return self._put(file, lambda path: _add_line(path, line))

    def write(self, file: str, text: str) -> Reason | None:
        """A file of the folder has this text and no other; why not."""
        return self._put(file, lambda path: self._write(path, _encoded(text)))

    def take_back(self, file: str, text: str, before: str | None) -> Reason | None:
        """A file that still has this text has the one from before again; None is what it had before the first `write`."""
        return self._put(file, lambda path: self._take_back(path, _encoded(text), before))

    def _put(self, file: str, work: Callable[[str], object]) -> Reason | None:
        if _NAME.fullmatch(file) is None or _RESERVED.match(file):
            return because("file_name_wrong", file=file)
        if len(self._waiting) >= MOST_WAITING:
            return because("files_too_many")
        self._waiting.append((file, work))
        return None

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        while self._waiting:
            file, work = self._waiting.popleft()
            path = os.path.join(self.folder, file)
            try:
                os.makedirs(self.folder, exist_ok=True)
                work(path)
                self.problem = None
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or type(error).__name__
                self.problem = because("file_failed", file=file, problem=str(why))

    def _write(self, path: str, data: bytes) -> None:
        if path not in self._before and len(self._before) < MOST_BEFORE:
            self._before[path] = _read(path)
        _replace(path, data)

    def _take_back(self, path: str, data: bytes, before: str | None) -> None:
        if os.path.exists(path) and _read(path) == data:
            _replace(path, self._before.get(path, b"") if before is None else _encoded(before))


def _encoded(text: str) -> bytes:
    return text[:LONGEST_LABEL].encode("utf-8", "replace")


def _read(path: str) -> bytes:
    """What a label says, as far as one can be long; nothing while there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(LONGEST_LABEL * 4)
    except OSError:
        return b""


def _add_line(path: str, line: str) -> None:
    data = (line.replace("\n", " ") + "\n").encode("utf-8", "replace")
    try:
        size = os.path.getsize(path)
    except OSError:
        size = 0
    if size and size + len(data) > ROTATED_AT:
        os.replace(path, path + ".1")
    with open(path, "ab") as file:
        file.write(data)


def _replace(path: str, data: bytes) -> None:
    """Whole or not at all: whoever reads a label meanwhile sees the old one."""
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.replace(path + ".new", path)
