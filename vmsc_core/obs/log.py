"""Log records of any thread → OBS's script log, from the timer. Knows no card and no network."""

from __future__ import annotations

import copy
import logging
import platform
import re
import warnings
from collections import deque
from typing import Any

import obspython as obs

import vmsc_core
from vmsc_core.reasons import Reason, because
from vmsc_core.words import say

LINES_PER_TURN = 5
"""OBS redraws its whole log window for each line."""

MOST_LINES = 500
"""Lines that wait for the timer; the oldest are dropped."""

_UNLOGGABLE = re.compile("[\x00\ud800-\udfff]")
"""OBS's script_log raises on these; exception texts can hold them."""


class ScriptLogHandler(logging.Handler):
    """Collects what `vmsc` logs; `flush_some` hands it to OBS.

    Everything becomes INFO: anything above pops the log window up over the stream. What the user must do is on the card.
    A Reason that is logged, or that is among the arguments, becomes its sentence, so a room that knows no words can log why.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=MOST_LINES)

    def install(self) -> None:
        """Takes over the project's logger; nothing of it reaches stderr, which OBS would show as an error."""
        logger = logging.getLogger("vmsc")
        logger.handlers[:] = [self]
        logger.setLevel(logging.INFO)
        logger.propagate = False
        self._show_before = warnings.showwarning
        warnings.showwarning = self._show  # type: ignore[assignment]

    def remove(self) -> None:
        """Gives the logger and Python's warnings back."""
        logging.getLogger("vmsc").removeHandler(self)
        if warnings.showwarning == self._show:  # else somebody has put theirs over it
            warnings.showwarning = self._show_before

    def _show(self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *more: Any) -> None:
        """Python's warnings go to stderr, which OBS shows as an error over the stream; a library's warnings come here."""
        logging.getLogger("vmsc").info("%s: %s (%s, line %s)", category.__name__, message, filename, lineno)

    def emit(self, record: logging.LogRecord) -> None:
        """One record, any thread."""
        try:
            self._lines.append(_UNLOGGABLE.sub("?", self.format(record)))
        except Exception:  # a record that cannot be formatted must not take its thread down
            self._lines.append("a log line could not be written")

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, in words."""
        return super().format(_in_words(record))

    def flush_some(self, most: int = LINES_PER_TURN) -> None:
        """At most `most` lines to OBS; only from a callback of OBS."""
        for _ in range(min(most, len(self._lines))):
            obs.script_log(obs.LOG_INFO, self._lines.popleft())


def log_versions() -> None:
    """The log's first line: what runs here. A user who asks for help sends it along. UI thread."""
    packed = obs.obs_get_version()
    in_obs = f"{packed >> 24}.{packed >> 16 & 255}.{packed & 65535}"
    about = because("log_started", version=vmsc_core.__version__, obs=in_obs, python=platform.python_version())
    logging.getLogger("vmsc.obs").info("%s", about)


def _in_words(record: logging.LogRecord) -> logging.LogRecord:
    args = record.args if isinstance(record.args, tuple) else ()
    if not any(isinstance(value, Reason) for value in (record.msg, *args)):
        return record
    said = copy.copy(record)  # other handlers, a test's, get the record as it was logged
    said.msg = say(record.msg) if isinstance(record.msg, Reason) else record.msg
    said.args = tuple(say(value) if isinstance(value, Reason) else value for value in args)
    return said
