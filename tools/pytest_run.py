"""Runs pytest in a process of its own: passes its lines on, finds its closing line, ends it when it takes too long.

Knows nothing of what is tested. Standard library only.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CLOSING = re.compile(r"\b(passed|failed|errors?|no tests ran)\b.* in [\d.]+s")
"""The line with which pytest ends."""


@dataclass(frozen=True)
class Ended:
    """How a run ended. `closing` is pytest's last line, without its frame of equals signs; "" when there was none."""

    code: int
    closing: str
    seconds: float
    too_long: bool

    @property
    def good(self) -> bool:
        """Whether everything was run and passed."""
        return self.code == 0 and not self.too_long and re.search(r"\b[1-9]\d* passed\b", self.closing) is not None

    def trouble(self, what: str) -> str:
        """What is wrong with a run of `what`, in a sentence; "" when pytest has said it or nothing is."""
        if self.too_long:
            return f"{what} was ended after {self.seconds / 60:.0f} minutes."
        if not self.closing:
            return f"{what} ended with code {self.code} and without its closing line."
        return ""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float, show: Callable[[str], None]) -> Ended:
    """Runs a command that is a pytest; `show` gets each line as it comes, without its end. `limit` is in seconds.

    The process gets no input and a session of its own, which is ended as a whole when the time is up. It may keep compiled
    modules whatever `environment` says: most tests import the script anew, and would compile all of it each time.
    """
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.monotonic()
    process = subprocess.Popen(
        list(command), cwd=folder, env=environment, start_new_session=os.name == "posix",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    too_long = threading.Event()

    def end() -> None:
        too_long.set()
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()
    closing = ""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            show(line.rstrip("\r\n"))
            if CLOSING.search(line):
                closing = line.strip().strip("= ")
        code = process.wait()
    except KeyboardInterrupt:
        _stop(process)
        raise
    finally:
        timer.cancel()
        process.stdout.close()
    return Ended(code, closing, time.monotonic() - began, too_long.is_set())


def _stop(process: subprocess.Popen[str]) -> None:
    """Ctrl-C for pytest too, so that it cleans up; it has 15 seconds."""
    process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        process.communicate(timeout=15)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()
