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
from obs_sandbox import SCENE, ObsSandbox  # noqa: E402
from own_rules import signed  # noqa: E402

from vmsc_core.rules.actions import ShowAlert, ShowSource  # noqa: E402
from vmsc_core.rules.filters import Filters  # noqa: E402
from vmsc_core.rules.ready import Ready, added, ready  # noqa: E402
from vmsc_core.rules.rule import Rule, Trigger  # noqa: E402
from vmsc_core.rules.saved import dumps  # noqa: E402

OWN = (775, 492)
"""px; the size with which OBS 29 opens Tools > Scripts."""

FOR_RULES = (1000, 1420)
PAGE_OF_RULES = (498, 105, 1000, 1345)
"""px; the rule editor is long, so the window is high, and only the page itself is kept."""

RULES = (
    *added(ready("follow") or Ready(()), ()),
    Rule(
        "r2",
        trigger=Trigger("gifted_subs"),
        filters=Filters(at_least=5, cooldown=30.0),
        actions=(ShowSource("Confetti", seconds=8.0), ShowAlert("{user}", "gifted {count} subs")),
    ),
)

PICTURES = {"page-first": "", "page": "nightowl", "page-blocked": "dayfox", "page-error": "night owl"}
"""File → the name that is connected to, none for the first look."""


def main(arguments: Sequence[str]) -> int:
    """Writes each of PICTURES."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    with KickSimulator() as kick:
        kick.add_channel("nightowl")
        for file, name in PICTURES.items():
            kick.fault.lookup = 403 if file == "page-blocked" else None
            take(kick, name, folder / f"{file}.png")
        kick.fault.lookup = None
        take_rules(kick, folder / "page-rules.png")
    return 0


def take_rules(kick: KickSimulator, path: Path) -> None:
    """The rule editor: as high as it needs, in the width of OBS's own window."""
    own = {"show_rules": True, "rules": dumps(RULES), "rule_chosen": "r2", "connected_once": True, "username": "nightowl"}
    with ObsSandbox(ROOT / "vmsc_obs.py", signed({"lookup_address": kick.lookup_url, **own})) as obs:
        obs.ws.create_input(SCENE, "Confetti", "color_source_v3", {"color": 0xFF18FC53, "width": 50, "height": 50}, True)
        obs.open_scripts_dialog()
        picture = obs.size_scripts_dialog(*FOR_RULES)
        picture.crop(PAGE_OF_RULES).quantize(64).save(path, optimize=True)
        obs.quit()
    print(path.name, path.stat().st_size)


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
