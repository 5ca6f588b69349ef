"""How long one turn of the timer takes inside a real OBS: idle, connected, live with a busy chat, and in a flood.

Run: `python tools/bench/obs_turn.py` with the environment that tools/test.py made. Prints median and 99th percentile in
milliseconds, and each as a multiple of the floor: a timer that does nothing but look one source up by its name.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools")]

from kick_simulator import KickSimulator  # noqa: E402
from obs_sandbox import ObsSandbox  # noqa: E402

SECONDS = 20.0

# Loaded by OBS in place of vmsc_obs.py, which it runs in its own namespace with a stop-watch around the timer.
WRAPPER = """
import json, time
source, out = {source!r}, {out!r}
__file__ = source
exec(compile(open(source, encoding="utf-8").read(), source, "exec"), globals())
times = []
floor = []
inner = on_timer
def on_timer():
    began = time.perf_counter()
    found = obs.obs_get_source_by_name("Kick card: detail")
    obs.obs_source_release(found)
    between = time.perf_counter()
    inner()
    times.append((time.time(), time.perf_counter() - between))
    floor.append(between - began)
unload = script_unload
def script_unload():
    unload()
    with open(out, "w") as file:
        json.dump([times, floor], file)
"""


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Median and 99th percentile in ms."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.99)] * 1000


def main() -> None:
    """Runs the phases in one OBS and prints the table."""
    with tempfile.TemporaryDirectory() as folder, KickSimulator() as kick:
        out, wrapper = Path(folder) / "turns.json", Path(folder) / "timed.py"
        wrapper.write_text(WRAPPER.format(source=str(ROOT / "vmsc_obs.py"), out=str(out)), encoding="utf-8")
        kick.add_channel("speedy")
        settings = {
            "username": "speedy",
            "connected_once": True,
            "connect_wanted": True,
            "add_card_at_start": True,
            "websocket_address": kick.websocket_url,
            "lookup_address": kick.lookup_url,
        }
        phases: list[tuple[str, float, float]] = []

        def phase(name: str, rate: float) -> None:
            began = time.time()
            while time.time() < began + SECONDS:
                if rate:
                    kick.chat("speedy", max(1, round(rate / 20)))
                time.sleep(0.05)
            phases.append((name, began, time.time()))

        with ObsSandbox(script=wrapper, settings=settings) as obs:
            obs.hotkey("vmsc_hotkey_connect")  # servers that aren't Kick's wait for a press
            kick.wait(lambda: any(len(c.subscriptions) >= 5 for c in kick.connections), 20)
            time.sleep(3)
            phase("connected", 0)
            kick.go_live("speedy")
            phase("live, 50 messages/s", 50)
            phase("live, 1,000 messages/s", 1000)
            phase("live, 5,000 messages/s", 5000)
            obs.hotkey("vmsc_hotkey_disconnect")
            time.sleep(2)
            phase("disconnected", 0)
            obs.quit()
        times, floor = json.loads(out.read_text())
    base = percentiles(floor)
    print(f"{'phase':26}{'median ms':>10}{'p99 ms':>10}{'x floor':>9}   (floor {base[0]:.3f} / {base[1]:.3f} ms)")
    for name, began, ended in phases:
        median, slow = percentiles([took for at, took in times if began <= at < ended])
        print(f"{name:26}{median:10.3f}{slow:10.3f}{median / base[0]:9.1f}")
    print(f"cores {os.cpu_count()}")


if __name__ == "__main__":
    main()
