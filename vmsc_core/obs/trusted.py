"""Whether this computer has pressed Connect with these servers: a small file outside OBS's scene collections.

A scene collection of somebody else's brings the script's settings along, servers included, and OBS loads it at start. Knows no
setting by name and nothing of OBS.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence

FOLDER, FILE = "vmsc-for-obs", "trusted-servers.txt"
MOST_ROWS = 100
MOST_BYTES = 64 * 1024

Servers = Sequence[tuple[str, str]]
"""Wish.custom_servers."""


def is_trusted(servers: Servers, script_folder: str) -> bool:
    """Whether `trust` was called for these on this computer, by this user; True for none at all. Never raises."""
    return not servers or any(_mark(servers, salt) in _rows(path) for path, salt in _places(script_folder))


def trust(servers: Servers, script_folder: str) -> None:
    """From now on these are trusted; where nothing can be written they have to be again at the next start. Never raises."""
    if is_trusted(servers, script_folder):
        return
    for path, salt in _places(script_folder):
        with contextlib.suppress(OSError, ValueError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(path, [*_rows(path), _mark(servers, salt)][-MOST_ROWS:])
            return


def _places(script_folder: str) -> Iterator[tuple[str, str]]:
    """Each file, and what makes a row in it mean this computer: the script's folder may be a stranger's, copied as it is."""
    config = config_folder()
    if config:
        yield os.path.join(config, FOLDER, FILE), ""
    yield os.path.join(script_folder, FILE), platform.node()


def config_folder() -> str:
    """Where this user's programs keep their settings; empty when there is no such place."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        folder = os.environ.get("APPDATA", "")
    elif sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Application Support")
    else:
        folder = os.environ.get("XDG_CONFIG_HOME", "") or os.path.join(home, ".config")
    return folder if os.path.isabs(folder) else ""


def _mark(servers: Servers, salt: str) -> str:
    """A row of the file. Not the servers themselves: an address may hold what is nobody's business."""
    text = "\n".join([salt, *(f"{key}={value}" for key, value in servers)])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _rows(path: str) -> list[str]:
    if not os.path.isfile(path):  # a pipe would be waited for
        return []
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES).decode("ascii", "replace")
    except (OSError, ValueError):
        return []
    return re.findall(r"^[0-9a-f]{64}$", text, re.MULTILINE)


def _write(path: str, rows: list[str]) -> None:
    """All at once: OBS may be ended in the middle of it."""
    new = f"{path}.{os.getpid()}"
    try:
        with open(new, "w", encoding="ascii") as file:
            file.write("".join(f"{row}\n" for row in rows))
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(new)
        raise
