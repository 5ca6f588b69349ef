"""What an OBS needs of this machine: its program, a screen, a port; and the errors when something of it is not there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Optional

from .root import Root


class ObsMissing(RuntimeError):
    """Something the sandbox needs is not on this machine; the text says what, and how to get it."""


class ObsDidNotStart(RuntimeError):
    """OBS ended or stayed silent before it could be used; the text ends with its last log lines."""


class ObsHung(RuntimeError):
    """OBS did not end in time after it was told to; it has been killed."""


def missing_parts(headless: bool = True, root: Optional[Root] = None) -> list[str]:
    """What an ObsSandbox needs and this machine lacks, one sentence each; empty when all is there.

    `root` is the root folder OBS is to run in; without it, the one of the environment, else this machine's own.
    """
    root = root or Root.from_environment()
    found = [] if root is None else root.lacking()
    if found:
        return found
    if root is None and find_obs() is None:
        found.append("OBS is missing (Debian/Ubuntu: apt-get install obs-studio; elsewhere: https://obsproject.com/download).")
    if headless and sys.platform.startswith("linux"):
        if shutil.which("xdotool") is None:
            found.append("xdotool is missing (Debian/Ubuntu: apt-get install xdotool).")
        if shutil.which("Xvfb") is None:
            found.append("Xvfb, a screen in memory, is missing (Debian/Ubuntu: apt-get install xvfb).")
        if not _software_renderer_there(root.folder if root else Path("/")):
            found.append("A software OpenGL is missing (Debian/Ubuntu: apt-get install libgl1-mesa-dri).")
    if importlib.util.find_spec("obsws_python") is None or importlib.util.find_spec("PIL") is None:
        found.append("obsws-python or Pillow is missing (pip install -r tools/requirements-dev.txt).")
    return found


def find_obs() -> Optional[str]:
    """OBS's program: on PATH, else at the places where its installers put it; None when it is nowhere."""
    on_path = shutil.which("obs")
    if on_path is not None:
        return on_path
    places = []
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            if os.environ.get(variable):
                places.append(os.path.join(os.environ[variable], "obs-studio", "bin", "64bit", "obs64.exe"))
    elif sys.platform == "darwin":
        places = [
            "/Applications/OBS.app/Contents/MacOS/OBS",
            os.path.expanduser("~/Applications/OBS.app/Contents/MacOS/OBS"),
        ]
    return next((place for place in places if os.path.isfile(place)), None)


def _software_renderer_there(root: Path) -> bool:
    libraries = root / "usr" / "lib"
    folders = [*libraries.glob("*/dri"), libraries / "dri", root / "usr" / "lib64" / "dri"]
    return any((folder / "swrast_dri.so").exists() for folder in folders) or any(libraries.glob("*/libgallium-*.so"))


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
