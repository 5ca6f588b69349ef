"""What is wrong with the Python inside this OBS, and what fixes it. Knows no OBS call and no sentence.

A Python that is too old is found by vmsc_obs.py, which is the only file that such a Python can read.
"""

from __future__ import annotations

import ntpath
import os
import shlex
import sys

from vmsc_core.link import library
from vmsc_core.link.errors import CannotConnect
from vmsc_core.link.tls import tls_context
from vmsc_core.reasons import Failure, Reason, Remedy, because

NO_WEBSOCKET = Failure(Remedy.USER, because("websocket_missing"))


def check(script_folder: str) -> Failure | None:
    """What keeps the script from working, which only the user can fix; None when all is well.

    NO_WEBSOCKET is what `command` fixes.
    """
    if library.load(script_folder) is None:
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


def command(script_folder: str, platform: str = sys.platform) -> str:
    """The one command that installs websocket-client where this script finds it.

    It goes into a folder beside the script: no administrator, no "externally managed environment", and no doubt about which of
    several Pythons it was for, since websocket-client is pure Python.
    """
    target = os.path.join(script_folder, library.FOLDER)
    program, target = quoted(python_program(), platform), quoted(target, platform)
    return f"{program} -m pip install --target {target} websocket-client"


def quoted(path: str, platform: str = sys.platform) -> str:
    """A path as a terminal takes it for one word: Windows' Command Prompt, elsewhere a shell like bash or zsh."""
    if platform != "win32":
        return shlex.quote(path)
    # OBS's folders have slashes, and the Command Prompt takes one in a program's path for the start of an option.
    path = ntpath.normpath(path)
    # Only where it must be: PowerShell mistakes a quoted program for a mere text, the Command Prompt does not.
    return path if all(letter.isalnum() or letter in "\\:._-" for letter in path) else f'"{path}"'


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
