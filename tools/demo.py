"""Shows the script at work in a real OBS, from nothing: ``python3 tools/demo.py``.

It sets up what is missing, starts its own Kick and an OBS with its own config folder, and lets the status card go
through its states. With a screen the OBS window stays to play with until it is closed; without one, or with ``--headless``,
it takes half a minute and leaves demo.png, demo-states.png, and demo-alert.png in the current folder.

This file only sets up: standard library, Python 3.9 or newer. What is shown is in demo_show.py.
"""

from __future__ import annotations

import whole_python  # noqa: F401 - before all else

# isort: split
import argparse
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import fresh_machine
import obs_sandbox
from fresh_machine import DEMO_VENV, INTERRUPTED, ROOT, SetupFailed, say

REQUIREMENTS = ROOT / "tools" / "requirements-demo.txt"

OBS_PACKAGES = {"obs": "obs-studio", "xdotool": "xdotool"}
SCREEN_PACKAGES = {"Xvfb": "xvfb"}
"""Program → Debian's package with it: OBS and what ends it gently, and the screen in memory where there is none."""

OLDEST_OBS = 28
"""The first OBS that brings obs-websocket, by which the demo looks inside."""

NEWEST_PYTHON_IN_OBS = (3, 12)
"""OBS for Windows and macOS loads none that is newer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Sets up, shows, cleans up; the exit code is 0 when all of it worked."""
    options = _options(arguments)
    sys.stdout.reconfigure(errors="replace")  # a Windows console of an old code page lacks signs that the card has
    try:
        if Path(sys.prefix).resolve() not in (DEMO_VENV.resolve(), fresh_machine.VENV.resolve()):
            _check_this_python()
            return fresh_machine.run_with(fresh_machine.prepare_venv(DEMO_VENV, REQUIREMENTS, (3, 9)))
        _have_obs(options.headless)
        import demo_show  # its libraries are there only now

        return demo_show.run(options.headless, options.seconds)
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return INTERRUPTED


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Shows the status card at work in a real OBS with its own config folder.")
    parser.add_argument("--headless", action="store_true", help="no window: about 30 s, then two pictures in this folder")
    parser.add_argument("--seconds", type=float, default=None, help="how long it takes (with a window: until you close it)")
    options = parser.parse_args(arguments)
    options.headless = options.headless or not _has_screen()
    return options


def _has_screen() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _check_this_python() -> None:
    """On Windows and macOS OBS is told to load the Python that runs this; on macOS it can load a Python.framework only."""
    if sys.platform not in ("win32", "darwin"):
        return
    start = "py -3.12" if sys.platform == "win32" else "python3.12"
    fix = f"Install Python 3.12 from python.org, then: {start} tools/demo.py"
    if sys.version_info[:2] > NEWEST_PYTHON_IN_OBS:
        raise SetupFailed(f"OBS loads Python up to 3.12 here; this is {sys.version_info[0]}.{sys.version_info[1]}. {fix}")
    if sys.platform == "darwin" and sysconfig.get_config_var("PYTHONFRAMEWORK") != "Python":
        raise SetupFailed(f"OBS cannot load a Python of this kind (Apple's own, pyenv). {fix}")


def _have_obs(headless: bool) -> None:
    """Finds OBS, and what it takes to run it without a screen; installs them where apt is. SetupFailed when it cannot."""
    programs = {**OBS_PACKAGES, **(SCREEN_PACKAGES if headless else {})}
    other_root = obs_sandbox.Root.from_environment() is not None  # with its own OBS and renderer
    if other_root:
        programs.pop("obs")
    if fresh_machine.has_apt():
        packages = fresh_machine.missing_packages(programs)
        if headless and not other_root and fresh_machine.renderer_missing():
            packages.append(fresh_machine.RENDERER)
        if packages:
            say(f"Not on this machine yet: {', '.join(packages)}. The download can take some minutes.")
            fresh_machine.apt_install(packages)
    lacking = obs_sandbox.missing_parts(headless)
    if lacking:
        raise SetupFailed("\n".join(lacking))
    if sys.platform.startswith("linux") and not other_root:
        _check_version(obs_sandbox.find_obs() or "obs")


def _check_version(program: str) -> None:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    found = re.search(r"OBS Studio - (\d+)", answer)
    if found and int(found[1]) < OLDEST_OBS:
        raise SetupFailed(
            f"This OBS is version {found[1]}; the demo needs {OLDEST_OBS} or newer. Ubuntu: add-apt-repository "
            "ppa:obsproject/obs-studio, then apt-get install obs-studio. Elsewhere: https://obsproject.com/download"
        )


if __name__ == "__main__":
    sys.exit(main())
