"""docs/performance.md: what the benches gave last, as one page. Measures nothing, and knows no bench but by name."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import plot
from bench.table import Goal, Result

ROOT = Path(__file__).resolve().parents[2]
PAGE, KEPT, PLOT = (ROOT / "docs" / f"performance.{ending}" for ending in ("md", "json", "svg"))

TITLES = {
    "wire": "From the wire to an event",
    "obs": "Inside a real OBS at 60 frames a second",
    "pixel": "From an event to the screen",
    "start": "Start and stop",
    "memory": "Memory",
    "growth": "Growth",
    "rules": "Rules",
}
"""Bench → its heading, in the order of the page."""

HEAD = """# Performance

What the script costs, as `python3 tools/bench` measured it; it wrote this page. It needs what the tests in a real OBS need,
takes about half an hour, and isn't run in CI. `python3 tools/bench obs` measures one part again; the parts are
{names}.

OBS draws by software here, on a machine with few cores that simulates Kick at the same time: a streamer's
machine has a graphics card and more cores. Times are noisy, so what is compared was run in turns (without, with, without, with),
and only differences and ratios mean something. Each run asserts that the card counted exactly what was sent.
"""


def machine() -> str:
    """Cores, Python and OBS, and nothing that says whose machine it is."""
    obs = "no OBS"
    if shutil.which("obs"):
        said = subprocess.run(["obs", "--version"], capture_output=True, text=True, check=False, env={**os.environ, "HOME": "/"})
        obs = said.stdout.strip().splitlines()[-1] if said.stdout.strip() else "OBS"
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Python {platform.python_version()}, {obs}, {platform.system()}"


def keep(name: str, result: Result) -> None:
    """Remembers what a bench gave, beside what the others gave before."""
    kept = _kept()
    kept[name] = {"where": machine(), **result.as_json()}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def write() -> None:
    """The page and the plot from what is remembered."""
    kept = _kept()
    results = {name: Result.from_json({key: value for key, value in kept[name].items() if key != "where"}) for name in kept}
    curves = results["obs"].curves if "obs" in results else {}
    if curves:
        title = "CPU of the timer's turn (ten a second) against the load"
        PLOT.write_text(plot.svg(title, "chat messages a second", "ms a turn", curves), encoding="utf-8")
    PAGE.write_text(page(results, {name: kept[name]["where"] for name in kept}, limits()), encoding="utf-8")


def limits() -> str:
    """What a person wrote about missed goals: from the page itself, so that it is kept when the rest is written again."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return text[text.index(WHY_MARK) :] if WHY_MARK in text else f"{WHY_MARK}\n\n(Nobody has written this yet.)\n"


WHY_MARK = "## Missed goals, and why"
"""Below it the page is written by hand."""


def page(results: Mapping[str, Result], where: Mapping[str, str], why: str) -> str:
    """The whole page."""
    parts = [HEAD.format(names=", ".join(f"`{name}`" for name in TITLES)), "## Goals", "", goals(results), ""]
    for name, title in TITLES.items():
        if name not in results:
            continue
        parts += [f"## {title}", "", f"`{name}`: {where[name]}.", ""]
        for table in results[name].tables:
            parts += [table.markdown(), ""]
        if results[name].curves:
            parts += [f"![{title}: cost against load]({PLOT.name})", ""]
    return "\n".join([*parts, why])


def goals(results: Mapping[str, Result]) -> str:
    """All goals as a table."""
    lines = ["| goal | at most | measured | |", "|---|--:|--:|---|"]
    for name in TITLES:
        for goal in results[name].goals if name in results else ():
            cells = (goal.what, _number(goal.limit, goal), _number(goal.measured, goal), "" if goal.is_met else "missed")
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _number(value: float, goal: Goal) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {goal.unit}"


def _kept() -> dict[str, Any]:
    return dict(json.loads(KEPT.read_text(encoding="utf-8"))) if KEPT.exists() else {}
