"""The sandbox's command line: one OBS with a script, and what the script logs, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from .machine import ObsDidNotStart, ObsHung, ObsMissing
from .root import Root
from .sandbox import ObsSandbox


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs an OBS with a script until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A real OBS in its own config folder, until Ctrl-C.")
    parser.add_argument("--script", default=None, help="the script to load")
    parser.add_argument("--settings", default="{}", help="its settings, as JSON")
    parser.add_argument("--headless", action="store_true", help="use a screen in memory even when there is one")
    parser.add_argument("--canvas", default="1280x720", help="size in pixels")
    parser.add_argument("--root", default=None, type=Path, help="another root folder, as tools/make_root.py makes them")
    options = parser.parse_args(arguments)
    width, height = (int(side) for side in options.canvas.split("x"))
    headless = options.headless or (sys.platform.startswith("linux") and not os.environ.get("DISPLAY"))
    root = Root(options.root) if options.root else None
    settings = json.loads(options.settings)
    sandbox = ObsSandbox(options.script, settings, canvas=(width, height), headless=headless, root=root)
    try:
        with sandbox as obs:
            where = f"process {obs.pid}, obs-websocket on port {obs.port}, files in {obs.folder}"
            print(f"OBS {obs.version} runs ({where}). Ctrl-C ends it.", flush=True)
            shown = 0
            with contextlib.suppress(KeyboardInterrupt):
                while obs.running:
                    lines = obs.script_lines()
                    for line in lines[shown:]:
                        print(line, flush=True)
                    shown = len(lines)
                    time.sleep(0.3)
            if obs.running:
                ended = obs.quit()
                print(f"OBS ended with code {ended.code} after {ended.seconds:.1f} s, leaks: {ended.leaks}.")
    except (ObsMissing, ObsDidNotStart, ObsHung) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0
