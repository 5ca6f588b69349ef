"""What the script adds to OBS's memory: with and without it, before and after a million events.

The events come over the socket, as fast as the link takes them: the timer's turn runs three times each time OBS calls it.
Measured is the resident memory of the whole process, from /proc.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from obs_sandbox import ObsSandbox

from bench.frame import ROOT, counted
from bench.inside import Inside
from bench.kick_process import SLUG, KickProcess
from bench.table import Goal, Result, Table

EVENTS = 1_000_000
LOOKS = 5
TURNS_AT_ONCE = 3
SETTLE = 8.0
"""Seconds until a look: OBS itself gets and gives back memory for a while after its start."""

FPS = 20
"""Frames are not measured here, and their drawing would take the machine from the events."""


def resident(pid: int) -> float:
    """MiB of a process that are in memory, its own and shared ones."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024


def without() -> tuple[float, float]:
    """MiB of an OBS with an empty scene, and of one with the card in its scene and no script."""
    with tempfile.TemporaryDirectory() as folder, KickProcess() as kick:
        with ObsSandbox(fps=FPS) as obs:
            time.sleep(SETTLE)
            empty = resident(obs.pid)
        inside = Inside(Path(folder), ROOT / "vmsc_obs.py")
        with ObsSandbox(inside.script, kick.settings(), fps=FPS) as obs:
            obs.wait(lambda: "Kick card: detail" in obs.inputs(), 10, "the card")
            time.sleep(1)
            inside.turn_off()
            obs.restart()
            time.sleep(SETTLE)
            return empty, resident(obs.pid)


def with_script(events: int) -> list[tuple[int, float]]:
    """(events counted, MiB): disconnected at first, then Connected, then after each part of the flood."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kick = stack.enter_context(KickProcess())
        inside = Inside(folder, ROOT / "vmsc_obs.py", TURNS_AT_ONCE)
        obs = stack.enter_context(ObsSandbox(inside.script, kick.settings(), fps=FPS))
        obs.wait(lambda: "Kick card: detail" in obs.inputs(), 10, "the card")
        time.sleep(1)
        obs.restart()  # as without the script: an OBS in which the card was made just now has 11 MiB more
        time.sleep(SETTLE)
        found = [(-1, resident(obs.pid))]

        def words() -> str:
            return str(obs.input_settings("Kick card: detail").get("text", ""))

        obs.hotkey("vmsc_hotkey_connect")
        obs.wait(lambda: words().startswith("0 events"), 20, "Connected")
        time.sleep(2)
        found.append((0, resident(obs.pid)))
        for look in range(1, LOOKS + 1) if events else ():
            arrived = kick.do("flood", SLUG, events // LOOKS, 9000)
            assert arrived == events // LOOKS, f"{arrived} of {events // LOOKS} sent"
            done = look * (events // LOOKS)
            obs.wait(lambda done=done: counted(words()) == done, 60, f"{done} events on the card")
            time.sleep(1)
            found.append((done, resident(obs.pid)))
        assert obs.quit().code == 0
    return found


def measure(events: int = EVENTS, rounds: int = 3) -> Result:
    """Without and with in turns; the million once."""
    bare, started, connected = [], [], []
    for number in range(rounds):
        print(f"OBS's memory, round {number + 1} of {rounds} …", flush=True)
        bare.append(without())
        looks = with_script(events if number == rounds - 1 else 0)
        started.append(looks[0][1])
        connected.append(looks[1][1])
    empty, card = ([pair[which] for pair in bare] for which in (0, 1))
    base = statistics.median(card)
    rows = [("OBS with an empty scene", f"{statistics.median(empty):.1f}", f"{min(empty):.1f} – {max(empty):.1f}", "")]
    rows.append(("OBS with the card, without the script", f"{base:.1f}", f"{min(card):.1f} – {max(card):.1f}", ""))
    for what, values in (("with it, disconnected", started), ("with it, Connected", connected)):
        median = statistics.median(values)
        rows.append((what, f"{median:.1f}", f"{min(values):.1f} – {max(values):.1f}", f"{median - base:+.1f}"))
    # After the events it is one OBS, which is compared with itself when it was just Connected.
    more = statistics.median(connected) - base
    rows += [(f"after {done:,} events", f"{mib:.1f}", "", f"{more + mib - looks[1][1]:+.1f}") for done, mib in looks[2:]]
    last = more + looks[-1][1] - looks[1][1]
    growth = looks[-1][1] - looks[2][1]
    goals = [
        Goal(f"memory after {events:,} events, more than without", 15, last, "MiB"),
        Goal(f"memory after {events:,} events, more than after {looks[2][0]:,}", 1, growth, "MiB"),
    ]
    note = "Every event was counted. OBS has loaded Python in each of them; drawing by software makes the card's sources dear."
    return Result([Table("Memory of the OBS process", ("when", "MiB", "from – to", "more than without"), rows, note)], goals)
