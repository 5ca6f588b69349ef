"""``python3 tools/bench``: all benches, or those that are named; prints their tables and writes docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if not __package__:  # run as a folder: Python looks for modules in it, not beside it
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    sys.path.insert(1, str(Path(__file__).resolve().parents[2]))

import whole_python  # noqa: F401 - before all else

# isort: split
import fresh_machine

fresh_machine.continue_in_venv("obsws_python", "PIL", "websocket", "websockets", "trustme")

from bench import frame, growth, memory, page, pixel, rules, start, wire  # noqa: E402 - found only from here on

BENCHES = {
    "wire": wire.bench,
    "obs": frame.measure,
    "pixel": pixel.measure,
    "start": start.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "rules": rules.bench,
}


def main() -> int:
    """Runs them one after the other; 0 when each came to its end, whether its goals are met or not."""
    parser = argparse.ArgumentParser(prog="python3 tools/bench", description="What the script costs, measured.")
    parser.add_argument("benches", nargs="*", choices=[*BENCHES, []], help="all of them when none is named")
    parser.add_argument("--print", action="store_true", help="print only; docs/performance.md stays as it is")
    options = parser.parse_args()
    for name in options.benches or BENCHES:
        result = BENCHES[name]()
        for table in result.tables:
            print(table.text(), end="\n\n", flush=True)
        for goal in result.goals:
            print(
                f"{'met   ' if goal.is_met else 'MISSED'}  {goal.what}: {goal.measured:.2f} {goal.unit}, at most {goal.limit:g}"
            )
        if not options.print:
            page.keep(name, result)
            page.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
