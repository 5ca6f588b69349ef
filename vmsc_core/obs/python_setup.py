"""What is wrong with the Python inside this OBS, and what fixes it. Knows no OBS call and no sentence.

A Python that is too old is found by vmsc_obs.py, which is the only file that such a Python can read.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.tls import tls_context
from vmsc_core.reasons import Failure, Reason, Remedy, because

LIBRARY_FOLDER = "vmsc_lib"
"""Beside vmsc_obs.py: where the command below puts websocket-client."""

NO_WEBSOCKET = Failure(Remedy.USER, because("websocket_missing"))


def check(script_folder: str) -> Failure | None:
    """What keeps the script from working, which only the user can fix; None when all is well.

    NO_WEBSOCKET is what `command` fixes.
    """
    if _websocket_client(script_folder) is None:
        return NO_WEBSOCKET
    try:
        tls_context()  # kept for the link: it takes longer than a frame, and here none waits for it
    except CannotConnect as error:
        return error.failure
    return None


APT = "/usr/bin/apt"


def how_to_run(platform: str = sys.platform, apt: str = APT) -> Reason:
    """Where `command` is typed, and what comes after it.

    A plain Debian or Ubuntu has no pip, which `command` needs: there apt's package is named first.
    """
    if platform == "linux" and os.path.exists(apt):
        return because("page_run_apt")
    return because("page_run_command_windows" if platform == "win32" else "page_run_command")


def command(script_folder: str) -> str:
    """The one command that installs websocket-client where this script finds it.

    It goes into a folder beside the script: no administrator, no "externally managed environment", and no doubt about which of
    several Pythons it was for, since websocket-client is pure Python.
    """
    target = os.path.join(script_folder, LIBRARY_FOLDER)
    return f"{_quoted(python_program())} -m pip install --target {_quoted(target)} websocket-client"


def _quoted(path: str) -> str:
    # Only where it must be: PowerShell mistakes a quoted program for a mere text, the Command Prompt does not.
    return f'"{path}"' if " " in path else path


def python_program() -> str:
    """The program of this very Python. sys.executable is OBS on Windows, and anything on Linux: it is not used."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.platform == "win32":
        candidates = [os.path.join(sys.base_prefix, "python.exe")]
    else:
        candidates = [os.path.join(sys.base_prefix, "bin", name) for name in ("python" + version, "python3")]
    for candidate in candidates:
        if os.path.isfile(candidate):
            return candidate
    return "py" if sys.platform == "win32" else "python3"


def _websocket_client(script_folder: str) -> Any | None:
    """The module, from wherever it can be had; None when it is missing or another package has its name."""
    return _import_websocket() or _import_websocket(os.path.join(script_folder, LIBRARY_FOLDER))


def _import_websocket(folder: str = "") -> Any | None:
    if folder:
        if not os.path.isdir(folder):
            return None
        # First on the path and only for this import: a package of the same name (pip install websocket) must not win here,
        # and nothing else in the folder may win elsewhere.
        for name in [n for n in sys.modules if n == "websocket" or n.startswith("websocket.")]:
            del sys.modules[name]
        sys.path.insert(0, folder)
        importlib.invalidate_caches()
    try:
        module = importlib.import_module("websocket")
    except Exception:  # a broken installation raises whatever it likes
        return None
    finally:
        if folder:
            sys.path.remove(folder)
    return module if hasattr(module, "WebSocket") and hasattr(module, "ABNF") else None
