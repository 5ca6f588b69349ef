"""Takes the pictures of the script's page for docs/: in a real OBS, in its own Scripts window of 775×492, against the simulator.

Run: `.cache/venv/bin/python tools/page_pictures.py [FOLDER]` (docs/ by default).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from kick_simulator import KickSimulator  # noqa: E402
from obs_sandbox import ObsSandbox  # noqa: E402

OWN = (775, 492)
"""px; the size with which OBS 29 opens Tools > Scripts."""

PICTURES = {"page-first": "", "page": "nightowl", "page-blocked": "dayfox", "page-error": "night owl"}
"""File → the name that is connected to, none for the first look."""


def main(arguments: Sequence[str]) -> int:
    """Writes each of PICTURES."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    with KickSimulator() as kick:
        kick.add_channel("nightowl")
        for file, name in PICTURES.items():
            kick.fault.lookup = 403 if file == "page-blocked" else None
            take(kick, name, folder / f"{file}.png")
    return 0


def take(kick: KickSimulator, name: str, path: Path) -> None:
    """One picture, in an OBS of its own."""
    settings = {"websocket_address": kick.websocket_url, "lookup_address": kick.lookup_url, "username": name}
    with ObsSandbox(ROOT / "vmsc_obs.py", settings) as obs:
        if name:
            obs.hotkey("vmsc_hotkey_connect")
            time.sleep(2)
            kick.chat("nightowl", 128)
            time.sleep(1)
        obs.open_scripts_dialog()
        obs.size_scripts_dialog(*OWN).quantize(64).save(path, optimize=True)
        obs.quit()
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
