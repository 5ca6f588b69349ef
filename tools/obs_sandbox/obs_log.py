"""What OBS prints: its log as entries, what scripts said in it, and how OBS ended. Text in, values out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

LEVELS_THAT_POP_UP = ("warning", "error")
"""A line of a script at one of these opens OBS's Script Log over the stream (frontend-tools/scripts.cpp)."""

SCRIPT_LINE = re.compile(r"\[(Python|Lua|Unknown Script|[^\]]*\.(py|lua))\b")
LOG_LINE = re.compile(r"^(?:\d\d:\d\d:\d\d\.\d{3}: )?(debug|info|warning|error): (.*)$")
TICK_LINE = re.compile(
    r"tick_sources: min=([\d.]+)\sms, median=([\d.]+)\sms, max=([\d.]+)\sms, 99th percentile=([\d.]+)\sms"
)  # \s: OBS writes a no-break space there


@dataclass(frozen=True)
class TickProfile:
    """How long OBS's tick_sources took, ms: scripts' timers are in there."""

    minimum: float
    median: float
    maximum: float
    p99: float


@dataclass(frozen=True)
class Exit:
    """How OBS ended: exit code (139 or -11 is a crash), seconds it took, its own leak count (None: not told), profiler text."""

    code: int
    seconds: float
    leaks: Optional[int]
    profile: str

    @property
    def tick(self) -> Optional[TickProfile]:
        """The line of the profiler that a script's timers are in; None when OBS printed no profile."""
        found = TICK_LINE.search(self.profile)
        return TickProfile(*(float(number) for number in found.groups())) if found else None


def exit_of(code: int, seconds: float, log: str) -> Exit:
    """How an OBS ended that has printed `log`."""
    leaks = re.findall(r"Number of memory leaks: (\d+)", log)
    begins = log.find("== Profiler Results")
    return Exit(code, seconds, int(leaks[-1]) if leaks else None, log[begins:] if begins >= 0 else "")


def entries(log: str) -> list[tuple[str, str]]:
    """The log as (level, text); level is debug, info, warning or error, a text can have several lines."""
    found: list[tuple[str, str]] = []
    for line in log.splitlines():
        begins = LOG_LINE.match(line)
        if begins:
            found.append((begins.group(1), begins.group(2)))
        elif found:
            level, text = found[-1]
            found[-1] = (level, f"{text}\n{line}")
    return found


def script_lines(log: str) -> list[str]:
    """What scripts have logged, at any level."""
    return [text for _, text in entries(log) if SCRIPT_LINE.match(text)]


def warnings(log: str) -> list[str]:
    """What scripts logged at WARNING or above, tracebacks included: each would pop the Script Log up over the stream."""
    return [
        text
        for level, text in entries(log)
        if (level in LEVELS_THAT_POP_UP and SCRIPT_LINE.match(text)) or "Traceback (most recent" in text
    ]
