"""The key by which this computer knows its own rules (rules/mark.py): a small file outside OBS's scene collections.

Called once, in script_load, where files may be read: reading lets go of the GIL. Knows no rule and nothing of OBS.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

from vmsc_core.obs.trusted import FOLDER, config_folder

FILE = "rules-key"
LENGTH = 32
"""Bytes."""


@dataclass(frozen=True)
class Key:
    """`is_kept` says whether the next start will find it: else it was made up, and its marks are good until the end only."""

    key: bytes
    is_kept: bool


def read_or_make() -> Key:
    """The key of this user on this computer, made where there is none yet. Never raises.

    Not in the script's folder where the other can't be used: that may be a stranger's, with a key that the stranger knows.
    """
    made = os.urandom(LENGTH)
    folder = config_folder()
    if not folder:
        return Key(made, is_kept=False)
    path = os.path.join(folder, FOLDER, FILE)
    key = _read(path)
    if key is None:
        with contextlib.suppress(OSError, ValueError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(path, made)
            key = _read(path)  # another OBS may have been faster
    return Key(made if key is None else key, is_kept=key is not None)


def _read(path: str) -> bytes | None:
    with contextlib.suppress(OSError, ValueError):
        if os.path.isfile(path):  # a pipe would be waited for
            with open(path, "rb") as file:
                key = file.read(LENGTH + 1)
            return key if len(key) == LENGTH else None
    return None


def _write(path: str, key: bytes) -> None:
    """All at once, and for nobody else to read."""
    new = f"{path}.{os.getpid()}"
    with contextlib.suppress(OSError):
        os.remove(new)
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as file:
            file.write(key)
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(new)
        raise
