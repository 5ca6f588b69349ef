"""Where a broken rule is kept and raised, with the line of the script that broke it. Knows none of the rules."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import Any

from .threads import Callback

FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


class FakeObsError(AssertionError):
    """A rule of OBS was broken. The same text is in ``FakeObs.violations``."""


class Violations:
    """The bottom of FakeObs: what was broken so far, and the callbacks OBS is running on each of its threads."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self._stacks: dict[int, list[Callback]] = {}

    @property
    def _stack(self) -> list[Callback]:
        """The callbacks that run on this thread, the innermost last."""
        return self._stacks.setdefault(threading.get_ident(), [])

    def _is_in_a_callback(self) -> bool:
        """Whether a callback runs on any thread."""
        return any(list(self._stacks.values()))

    def _violate(self, text: str) -> Any:
        """Keeps the violation and raises it where it was made. Never returns."""
        self._note(f"{text}\n    at {place()}")
        raise FakeObsError(self.violations[-1])

    def _note(self, text: str) -> None:
        self.violations.append(text)


def place() -> str:
    """The line outside this folder that is being executed."""
    frame = sys._getframe(1)
    while frame is not None and os.path.abspath(frame.f_code.co_filename).startswith(FOLDER):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return "?"
    # contextlib shows up when references are held by context managers: the caller says more
    at = traceback.extract_stack(frame, limit=3)
    return " < ".join(f"{os.path.basename(one.filename)}:{one.lineno} {one.name}: {one.line}" for one in reversed(at))
