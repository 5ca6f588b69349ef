"""OBS's threads as the fake has them, and what a callback on one of them looks like. Knows no obspython."""

from __future__ import annotations

import queue
import sys
import threading
import traceback
from dataclasses import dataclass, field
from typing import Any, Callable

STUCK_AFTER = 30.0  # s; a callback on the graphics thread that takes longer is taken to be a deadlock


@dataclass
class Callback:
    """A callback that OBS runs at this moment."""

    what: str
    role: str  # ui, graphics, defer
    thread: int
    serial: int
    fired: str = ""  # the call in it that fired a frontend event
    deferred: dict[Any, int] = field(default_factory=dict)


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

    def start(self, function: Callable[[], None]) -> None:
        """Runs ``function`` while the caller goes on."""
        self._jobs.put(function)

    def run(self, function: Callable[[], Any]) -> Any:
        """What ``function`` returned or raised; AssertionError when it did not come back in STUCK_AFTER s."""
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
            raise AssertionError(f"{self.thread.name} is stuck:\n{where}")
        what, value = answer[0]
        if what == "error":
            raise value
        return value

    def close(self) -> None:
        self._jobs.put(None)
        self.thread.join(2)


class ScriptStream:
    """OBS's stand-in for stdout and stderr: write and flush only. Threads that are not OBS's write to the real one."""

    def __init__(self, is_obs_thread: Callable[[], bool], printed: Callable[[str], None], real: Any) -> None:
        self._is_obs_thread, self._printed, self._real = is_obs_thread, printed, real

    def write(self, text: str) -> None:
        if self._is_obs_thread():
            self._printed(text)
        else:
            self._real.write(text)

    def flush(self) -> None:
        pass
