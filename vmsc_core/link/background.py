"""Threads of ours that can't end in a traceback: OBS shows what a thread prints over the stream. Knows no work.

Why not threading.excepthook: it belongs to every script in this OBS.
"""

from __future__ import annotations

import _thread
import logging
import threading
from typing import Callable, Generic, Protocol, TypeVar

from vmsc_core.link.errors import CannotConnect
from vmsc_core.reasons import Failure, Remedy, because

log = logging.getLogger("vmsc.link")

T = TypeVar("T")
Result = TypeVar("Result", covariant=True)


class Died(RuntimeError):
    """The work ended in what is no Exception: SystemExit, for example. Whoever takes the result must not end of it too."""


class _Thread(threading.Thread):
    def start(self) -> None:
        try:
            super().start()
        except (RuntimeError, MemoryError) as error:
            raise CannotConnect(Failure(Remedy.BACKOFF, because("thread_missing"))) from error


def background(work: Callable[[], object], name: str) -> threading.Thread:
    """A thread, not yet started, that does `work`; what it raises is logged. A daemon: OBS waits forever for any other.

    Its `start` raises CannotConnect when this computer gives no more threads.
    """

    def run() -> None:
        try:
            work()
        except BaseException:  # never runs unless there is a bug: each work handles what it expects
            log.exception("the thread %s failed", name)

    return _Thread(target=run, name=name, daemon=True)


class Launch:
    """Starts a thread without waiting for it, as a turn of OBS's timer must.

    Thread.start waits until the new thread runs, and so lets go of the GIL. A callback of OBS that does that can take the
    running script away from under a callback on another thread, and OBS crashes (see obs/turns.py).
    """

    def __init__(self, thread: threading.Thread) -> None:
        """Raises CannotConnect when this computer gives no more threads."""
        self._settled = threading.Event()
        try:
            _thread.start_new_thread(self._start, (thread,))
        except (RuntimeError, MemoryError) as error:
            raise CannotConnect(Failure(Remedy.BACKOFF, because("thread_missing"))) from error

    def wait(self, seconds: float) -> bool:
        """At most so many seconds until the thread runs or could not be started; whether that is so."""
        return self._settled.wait(seconds)

    def _start(self, thread: threading.Thread) -> None:
        try:
            thread.start()
        except BaseException:  # nobody is here to be told; who looks at the thread sees that it does not run
            log.info("the thread %s could not be started", thread.name)
        finally:
            self._settled.set()


class Call(Protocol[Result]):
    """Something that was started and is waited for by nobody: ask `done`, then `take` once."""

    @property
    def done(self) -> bool:
        """Whether `take` gives something at once."""

    def take(self) -> Result:
        """The result; raises what the work raised."""

    def join(self, seconds: float) -> None:
        """Waits at most `seconds` for the end."""


class BackgroundCall(Generic[T]):
    """A Call on a thread of its own. The work must end when the link's stop flag is set (everything in link/ does).

    A thread that can't be started is a result too: `take` raises CannotConnect.
    """

    def __init__(self, work: Callable[[], T], name: str) -> None:
        self._result: T | None = None
        self._error: Exception | None = None
        self._work = work
        self._finished = False
        self._thread = background(self._run, name)
        try:
            self._thread.start()
        except CannotConnect as error:
            self._error, self._finished = error, True

    @property
    def done(self) -> bool:
        """Whether `take` gives something at once."""
        return self._finished

    def take(self) -> T:
        """The result; raises what the work raised."""
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def join(self, seconds: float) -> None:
        """Waits at most `seconds` for the end."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # handed to whoever takes the result
            self._error = error if isinstance(error, Exception) else Died(type(error).__name__)
        finally:
            self._finished = True
