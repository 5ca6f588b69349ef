"""Exports rules into a JSON file and imports them from one. Files only: knows no page and calls no OBS.

Reading and writing let go of the GIL: a press does it after the page has been brought up to date; see properties.retell.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable

from vmsc_core.reasons import Reason, because
from vmsc_core.rules.rule import Rule
from vmsc_core.rules.saved import LONGEST_SAVED, Loaded, dumps, loads

DEFAULT_NAME = "kick-rules.json"


def default_path() -> str:
    """Where a file goes that the user hasn't named: in the home folder, where anybody finds it."""
    home = os.path.expanduser("~")
    return os.path.join(home, DEFAULT_NAME) if os.path.isabs(home) else DEFAULT_NAME


def full_path(typed: str) -> str:
    """What was typed as a path: quotes that a copied path has are taken off, ~ is the home folder, as is what has no folder."""
    path = os.path.expanduser(typed.strip().strip("\"'").strip())
    return os.path.normpath(os.path.join(os.path.dirname(default_path()), path)) if path else ""


def export(rules: Iterable[Rule], typed: str, kept: Iterable[str] = ()) -> Reason:
    """Writes the rules, and `kept`, those of a newer version (saved.Loaded); what to say about it.

    A file that isn't one of rules is left alone. Never raises.
    """
    rules, path = tuple(rules), full_path(typed)
    if not path:
        return because("rules_no_file")
    if not rules:
        return because("rules_nothing_to_export")
    try:
        if os.path.lexists(path) and (os.path.getsize(path) > 0 or not os.path.isfile(path)):
            loaded = _loaded(path)
            if isinstance(loaded, Reason) or loaded.refused is not None:
                return because("rules_other_file", path=path)
        _write(path, dumps(rules, kept))
    except (OSError, ValueError) as error:
        return because("rules_not_written", path=path, problem=_problem(error))
    key = "rules_exported_one" if len(rules) == 1 else "rules_exported_many"
    return because(key, count=f"{len(rules):,}", path=path)


def read(typed: str) -> Loaded | Reason:
    """What the file holds, at least one rule; or why it can't be used. Never raises for what can't be read."""
    path = full_path(typed)
    if not path:
        return because("rules_no_file")
    try:
        loaded = _loaded(path)
    except (OSError, ValueError) as error:
        return because("rules_not_read", path=path, problem=_problem(error))
    if isinstance(loaded, Reason):
        return loaded
    if loaded.refused is not None:
        return loaded.refused
    return loaded if loaded.rules or loaded.kept else because("rules_import_empty", path=path)


def _loaded(path: str) -> Loaded | Reason:
    # Not blocking: a pipe would be waited for. And no more than can be rules.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return because("rules_broken")
        data = file.read(4 * LONGEST_SAVED + 1)
    try:
        return loads(data.decode("utf-8-sig")) if data.strip() else because("rules_broken")
    except UnicodeDecodeError:
        return because("rules_broken")


def _write(path: str, text: str) -> None:
    """All at once: a full disk must not cost the rules that are in the file already."""
    new = f"{path}.{os.getpid()}.new"
    try:
        with open(new, "x", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.remove(new)
        raise


def _problem(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
