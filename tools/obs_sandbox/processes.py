"""Processes that end with us, and the surroundings of OBS's own: PATH, Python, screen. Knows nothing of its config."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

from .machine import ObsMissing


def start_obs(
    command: Sequence[str], folder: Optional[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Starts OBS in `folder`; all it prints goes to `log`."""
    with open(log, "wb") as out:
        return subprocess.Popen(
            dies_with_us(command), cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, start_new_session=os.name == "posix",
        )  # fmt: skip


def surroundings(
    python_path: Sequence[str], variables: Mapping[str, str], display: Optional[str], path: Optional[str] = None
) -> dict[str, str]:
    """The environment for OBS: ours, with `variables`, its Python's own and (when given) a screen in memory.

    `path` is the PATH for it; without one it is ours, less what would give OBS the wrong Python.
    """
    environment = {**os.environ, **variables}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["PYTHONPATH"] = os.pathsep.join(python_path)
    # A virtual environment around the tests must not become that of OBS's Python.
    environment["PATH"] = path or os.pathsep.join(_without_other_pythons(os.get_exec_path()))
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    if display is not None:
        environment.update(DISPLAY=display, LIBGL_ALWAYS_SOFTWARE="1", QT_QPA_PLATFORM="xcb")
        environment.pop("WAYLAND_DISPLAY", None)
    return environment


def copy_websocket_client(folder: Path) -> str:
    """A folder with websocket-client in it and nothing else: OBS's Python may be of another version than this one."""
    if not folder.exists():
        found = importlib.util.find_spec("websocket")
        if found is None or found.origin is None:
            raise ObsMissing("websocket-client is missing (pip install -r tools/requirements-dev.txt).")
        folder.mkdir()
        library = Path(found.origin).parent
        shutil.copytree(library, folder / "websocket", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    return str(folder)


def _without_other_pythons(folders: Sequence[str]) -> list[str]:
    """The PATH for OBS. On Linux its Python takes the standard library that belongs to the first python3 on PATH.

    One of pyenv, conda or a virtual environment was not built for the libpython OBS is linked to: its ssl cannot be imported.
    """
    if not sys.platform.startswith("linux"):
        return list(folders)
    return [folder for folder in folders if folder in ("/usr/bin", "/bin") or not (Path(folder) / "python3").exists()]


def end(process: subprocess.Popen[bytes]) -> None:
    """Gently first: an X server that is killed leaves its lock and its socket in /tmp."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def dies_with_us(command: Sequence[str]) -> list[str]:
    """The same command, killed by the kernel when this process dies without cleaning up (Linux only)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--", *command] if setpriv else list(command)
