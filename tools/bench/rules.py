"""What rules cost: 1, 20, 100 of them, at 50 and 1,000 chat messages a second.

Run: `python tools/bench/rules.py`. Printed: microseconds of a turn of the timer (the messages of a tenth of a second that some
rule may fire for, and the turn's end), the median and the worst of ROUNDS turns, for rules that chat triggers, commands, rules
of other triggers, and regular expressions with texts that are as bad for them as can be; what was thinned; and what it costs
the link's thread to say which messages those are.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from bench.table import Result, Table  # noqa: E402
from vmsc_core.events import ChatMessage  # noqa: E402
from vmsc_core.host import Host  # noqa: E402
from vmsc_core.rules.actions import SetText  # noqa: E402
from vmsc_core.rules.book import Rulebook  # noqa: E402
from vmsc_core.rules.filters import REGEX, Filters  # noqa: E402
from vmsc_core.rules.rule import Rule, Trigger  # noqa: E402
from vmsc_core.state import State  # noqa: E402

ROUNDS = 200
SAY = (SetText("Text", "{user}: {message}"),)


def rules(kind: str, number: int) -> list[Rule]:
    """So many rules of one kind."""
    if kind == "command":
        return [Rule(f"r{n}", trigger=Trigger("command", f"!word{n}"), actions=SAY) for n in range(number)]
    if kind == "regex":
        filters = Filters("[ab]*c", REGEX)
        return [Rule(f"r{n}", trigger=Trigger("chat"), filters=filters, actions=SAY) for n in range(number)]
    filters = Filters("never said", cooldown_each=5.0)
    return [Rule(f"r{n}", trigger=Trigger(kind), filters=filters, actions=SAY) for n in range(number)]


def measure(kind: str, number: int, a_second: int) -> tuple[float, float, int, float]:
    """(median, worst) microseconds a turn, how many checks were thinned, and microseconds a message on the link's thread."""
    book, state, host = Rulebook(rules(kind, number), lambda: 0.0), State(), Host()
    book.stopwatch = time.perf_counter
    said = "ab" * 250 if kind == "regex" else "hello there, how are you all doing tonight"
    taken, asked, moments = [], 0.0, [0.0]
    ear = book.ear(lambda: moments[-1])
    for turn in range(ROUNDS):
        count = range(turn * a_second // 10, (turn + 1) * a_second // 10)
        messages = [ChatMessage(f"m{n}", f"Viewer{n % 3000}", f"{said} {n}") for n in count]
        moments.append(now := turn / 10)
        began = time.perf_counter()
        heard = list(filter(ear, messages))
        asked += time.perf_counter() - began
        began = time.perf_counter()
        for message in heard:
            book.plan(message, state, host, now)
        book.due(now, state, host)
        taken.append((time.perf_counter() - began) * 1e6)
    return statistics.median(taken), max(taken), book.thinned, asked / (ROUNDS * a_second / 10) * 1e6


def bench() -> Result:
    """All kinds, numbers and loads."""
    rows = []
    for kind in ("chat", "command", "follow", "regex"):
        for number in (1, 20, 100):
            for a_second in (50, 1000):
                median, worst, thinned, asked = measure(kind, number, a_second)
                name = f"{number} × {kind}, {a_second:,} messages/s"
                rows.append((name, f"{median:,.0f}", f"{worst:,.0f}", f"{thinned:,}", f"{asked:.1f}"))
    heads = ("rules", "a turn: median µs", "worst µs", "thinned", "a message on the link's thread, µs")
    return Result([Table("Rules alone", heads, rows)])


def main() -> None:
    """Prints the table."""
    for table in bench().tables:
        print(table.text())


if __name__ == "__main__":
    main()
