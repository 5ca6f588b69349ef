"""A million frames with a drop every ten thousand: memory, threads, sockets, and whether every event was counted.

Run: `.cache/venv/bin/python tools/bench/soak.py` (about ten minutes; `--frames 100000` for a shorter one). The simulator
runs in its own process: the memory shown is the client's alone. That is link, inbox, state and card, without OBS.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from kick_simulator import KickSimulator  # noqa: E402

from bench.growth import NoSources  # noqa: E402
from vmsc_core.app import App  # noqa: E402
from vmsc_core.events import Status  # noqa: E402
from vmsc_core.settings import Wish  # noqa: E402

BETWEEN_DROPS = 10_000
TURN = 0.1
"""Seconds between two turns of the timer, as in OBS."""

TIMEOUT = 60.0
"""Seconds for one batch to arrive, and for one reconnection."""


def serve(pipe: Connection) -> None:
    """The simulator's process: sends its addresses, then does what it is asked until the pipe closes."""
    with KickSimulator() as kick:
        kick.add_channel("speedy")
        pipe.send((kick.lookup_url, kick.websocket_url))
        with contextlib.suppress(EOFError):
            while True:
                order, count = pipe.recv()
                pipe.send(kick.flood("speedy", count) if order == "flood" else kick.drop())


def resident() -> float:
    """Memory of this process in MB; 0 where the system does not say."""
    with contextlib.suppress(OSError), open("/proc/self/statm") as report:
        return int(report.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def sockets() -> int:
    """Open sockets of this process, less the pipe to the simulator; -1 where the system does not say."""
    found = -1
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):
                found += os.readlink(f"/proc/self/fd/{entry}").startswith("socket:")
    return found


def until(app: App, true: object, what: str) -> None:
    """Turns the timer until `true()`; SystemExit when that takes too long."""
    end = time.monotonic() + TIMEOUT
    while not true():  # type: ignore[operator]
        if time.monotonic() > end:
            raise SystemExit(f"not within {TIMEOUT:g} s: {what}; the card says {app.state}")
        time.sleep(TURN)
        app.turn()


def main() -> int:
    """Runs it and prints a row for each 100,000 frames; 0 when every count was exact."""
    parser = argparse.ArgumentParser(description="A long run of the link against the simulator.")
    parser.add_argument("--frames", type=int, default=1_000_000)
    frames = parser.parse_args().frames
    pipe, far_end = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(far_end,), daemon=True)
    server.start()
    far_end.close()
    lookup, websocket = pipe.recv()
    app = App(NoSources())
    app.connect(Wish(username="speedy", lookup_address=lookup, websocket_address=websocket, poll=False))
    wrong = sent = 0
    print(f"{'frames':>10}{'memory MB':>11}{'threads':>9}{'sockets':>9}{'wrong counts':>14}{'seconds':>9}")
    began = time.monotonic()
    while sent < frames:
        until(app, lambda: app.state.status is Status.CONNECTED and app.state.count == 0, "a new connection")
        pipe.send(("flood", BETWEEN_DROPS))
        until(app, pipe.poll, "the flood to be sent")
        poured = pipe.recv()
        sent += poured
        until(app, lambda poured=poured: app.state.count >= poured, "every event to be counted")
        app.turn()
        wrong += app.state.count != poured
        if sent % 100_000 < BETWEEN_DROPS or sent == poured:
            ours = [thread.name for thread in threading.enumerate() if thread.name.startswith("vmsc")]
            row = f"{sent:>10,}{resident():>11.1f}{len(ours):>9}{sockets():>9}{wrong:>14}"
            print(f"{row}{time.monotonic() - began:>9.0f}", flush=True)
        pipe.send(("drop", 0))
        pipe.recv()
        until(app, lambda: app.state.status is Status.RECONNECTING, "the drop to be noticed")
    app.disconnect()
    app.turn()
    ended = app.close()
    server.terminate()
    print(f"every thread ended: {ended}")
    return 0 if ended and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
